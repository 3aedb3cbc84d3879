import { expect, it } from 'vitest';
import { lateRetryAfterMs } from '../../../web/late/late-file.ts';
import { isWallReloadDue } from '../../../web/late/wall-reload.ts';

it.each([
  ['?wall', true],
  ['?wall=20', true],
  ['?group=zone&wall=5', true],
  ['', false],
  ['?q=wall', false],
  ['?walls=1', false],
])('a page is loaded anew by itself only on a wall, where nobody could press a button: %s', (search, isDue) => {
  expect(isWallReloadDue(4, search)).toBe(isDue);
  expect(isWallReloadDue(3, search)).toBe(false);
});

it('no more than once in two minutes, however often a new page lacks its files', () => {
  const waits = Array.from({ length: 5 }, (_, failures) => lateRetryAfterMs(failures));
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(120_000);
});
