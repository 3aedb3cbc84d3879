import { expect, it } from 'vitest';
import { lateRetryAfterMs } from '../../../web/late/late-file.ts';

it('late parts that do not come are asked for again after growing waits', () => {
  expect([0, 1, 2, 6, 7, 8, 1_000, 10_000].map(lateRetryAfterMs)).toEqual([
    5_000, 10_000, 20_000, 320_000, 600_000, 600_000, 600_000, 600_000,
  ]);
});
