import { expect, test } from 'vitest';
import { chooseBuild } from '../../local/current-build.ts';

test.each([
  ['nothing was built', 5, null, null, null],
  ['dist is current', 5, 5, 9, 'dist'],
  ['dist is old, the own one current', 5, 4, 6, 'own'],
  ['both are old', 5, 4, 4, null],
  ['dist is half', 5, null, 6, 'own'],
  ['an image without sources', 0, 1, null, 'dist'],
])('%s', (_, sourcesAt, dist, own, chosen) => {
  expect(
    chooseBuild(sourcesAt, [
      { folder: 'dist', builtAt: dist },
      { folder: 'own', builtAt: own },
    ]),
  ).toBe(chosen);
});
