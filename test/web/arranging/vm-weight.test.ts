import { expect, it } from 'vitest';
import { sumWeights, UNKNOWN_WEIGHT } from '../../../web/arranging/vm-weight.ts';

it.each<[weights: readonly number[], sum: number, isPartial: boolean, isUnknown: boolean]>([
  [[], 0, false, false],
  [[1, 2], 3, false, false],
  [[0, UNKNOWN_WEIGHT, 2], 2, true, false],
  [[UNKNOWN_WEIGHT, UNKNOWN_WEIGHT], 0, true, true],
])('the weights %j are %i together; some not known: %s, none known: %s', (weights, sum, isPartial, isUnknown) => {
  expect(sumWeights(weights)).toEqual({ sum, isPartial, isUnknown });
});
