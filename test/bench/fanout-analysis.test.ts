import { expect, test } from 'vitest';
import { agesShown, countDelivered, type Deliveries, latenciesOf, mergeDeliveries, type Post } from '../../bench/fanout-analysis.ts';

const deliveries = (...rows: readonly (readonly [viewer: number, revision: number, time: number])[]): Deliveries => ({
  viewers: rows.map(([viewer]) => viewer),
  revisions: rows.map(([, revision]) => revision),
  times: rows.map(([, , time]) => time),
  bytes: rows.map(() => 1),
});

/** Revisions 5, 6, 7, sent at 100, 200, 300; the newest change in each made 10 ms before. */
const POSTS: readonly Post[] = [
  { revision: 5, at: 100, madeAt: 90, changes: 1 },
  { revision: 6, at: 200, madeAt: 190, changes: 10 },
  { revision: 7, at: 300, madeAt: 290, changes: 100 },
];

test('latency: each viewer that got a change, by its frame or by a later one that covers it', () => {
  const arrived = deliveries([0, 5, 101], [1, 5, 104], [0, 6, 203], [1, 7, 309], [0, 7, 302]);
  expect(latenciesOf(POSTS, arrived)).toEqual([
    [1, 4],
    [3, 109],
    [9, 2],
  ]);
});

test('latency: what nobody got has none, what came twice counts once, what was before does not count', () => {
  const arrived = deliveries([0, 4, 99], [0, 5, 101], [0, 5, 150], [0, 3, 160], [0, 5, 170]);
  expect(latenciesOf(POSTS, arrived)).toEqual([[1], [], []]);
});

test('delivered: what had arrived in time, a merged frame for all that it covers', () => {
  const arrived = deliveries([0, 5, 101], [1, 7, 309], [0, 6, 203], [2, 4, 50]);
  expect(countDelivered(POSTS, arrived, 150)).toBe(1);
  expect(countDelivered(POSTS, arrived, 250)).toBe(1 + 10);
  expect(countDelivered(POSTS, arrived, 400)).toBe(1 + 10 + 111);
});

test('age: since the newest change that is shown was made, growing until the next arrives', () => {
  const arrived = deliveries([0, 5, 101], [0, 7, 309]);
  expect(agesShown(POSTS, arrived, 1, [100, 101, 300, 310])).toEqual([10, 11, 210, 20]);
});

test('age: of a viewer that has shown nothing it grows from the first change, and all viewers count', () => {
  expect(agesShown(POSTS, deliveries([1, 5, 101]), 2, [110, 190])).toEqual([20, 20, 100, 100]);
  expect(agesShown([], deliveries(), 2, [110])).toEqual([]);
});

test('age: an older revision that comes late makes nothing older', () => {
  expect(agesShown(POSTS, deliveries([0, 7, 305], [0, 5, 306]), 1, [310])).toEqual([20]);
});

test('the deliveries of several processes are one list in the order of arrival', () => {
  const merged = mergeDeliveries([deliveries([0, 5, 101], [0, 6, 203]), deliveries([9, 5, 102])]);
  expect([...Array(3).keys()].map((index) => [merged.viewers[index], merged.revisions[index], merged.times[index]])).toEqual([
    [0, 5, 101],
    [9, 5, 102],
    [0, 6, 203],
  ]);
});
