import { describe, expect, it } from 'vitest';
import { lateRetryAfterMs } from '../../../web/late/late-file.ts';
import { filesIn, isWallReloadDue } from '../../../web/late/wall-reload.ts';

describe('a wall where a part of the page does not come', () => {
  it.each([
    ['?wall', true],
    ['?wall=20', true],
    ['?group=zone&wall=5', true],
    ['', false],
    ['?q=wall', false],
    ['?walls=1', false],
  ])('is loaded anew, and no other page: there somebody can press a button: %s', (search, isDue) => {
    expect(isWallReloadDue(5, search, false)).toBe(isDue);
    expect(isWallReloadDue(4, search, false)).toBe(false);
    expect(isWallReloadDue(9, search, true)).toBe(isDue);
    expect(isWallReloadDue(8, search, true)).toBe(false);
  });

  it.each([
    [false, 150_000],
    [true, 1_800_000],
  ])('not at once, and where it was loaded anew before (%s) hardly ever', (isReloaded, leastMs) => {
    let waitedMs = 0;
    for (let failures = 0; !isWallReloadDue(failures, '?wall', isReloaded); failures++) waitedMs += lateRetryAfterMs(failures);
    expect(waitedMs).toBeGreaterThan(leastMs);
  });

  it.each<readonly [what: string, html: string, files: readonly string[]]>([
    [
      'the page',
      '<link rel="icon" href="/favicon.svg" /><script type="module" crossorigin src="/assets/page-a_-9.js"></script><link rel="stylesheet" href="/assets/index-b.css"><div id="app">',
      ['/assets/page-a_-9.js', '/assets/index-b.css'],
    ],
    ['a login', '<form>Sign in</form>', []],
    ['another application', '<script src="/assets/main-1.js"></script><div id="app"></div>', []],
  ])('knows the files of the page by their names: %s', (_, html, files) => {
    expect(filesIn(html)).toEqual(files);
  });
});
