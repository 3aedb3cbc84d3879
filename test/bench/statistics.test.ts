import { expect, test } from 'vitest';
import { formatTable, quantile, summarize } from '../../bench/statistics.ts';

test('quantiles by the nearest rank, whatever the order of the samples', () => {
  const samples = [5, 1, 4, 2, 3];
  expect([0, 0.2, 0.5, 0.95, 1].map((share) => quantile(samples, share))).toEqual([1, 1, 3, 5, 5]);
  expect(quantile([], 0.5)).toBeNaN();
});

test('the spread is half the distance between the quartiles', () => {
  expect(summarize([1, 2, 3, 4, 5, 6, 7, 1000])).toMatchObject({ count: 8, p50: 4, spread: 2, max: 1000 });
});

test('a table has a row per name', () => {
  expect(formatTable({ 'a → b': summarize([1, 2, 3]) }, 'ms').split('\n')).toHaveLength(2);
});
