import { expect, it } from 'vitest';
import { barsOf, sumOf } from '../../../web/history/moves-chart-bars.ts';

const bucket = (at: number, succeeded: number, failed = 0, aborted = 0) => ({ at, succeeded, failed, aborted, unknown: 0 });

it('bars stand where their interval is, those of failures below the line, by the root of the count', () => {
  const bars = barsOf({ from: 0, to: 1_000 }, 100, [bucket(0, 0), bucket(200, 16), bucket(500, 3, 1, 1)]);
  expect(bars).toEqual([
    { at: 200, left: 0.2, width: expect.closeTo(0.1), up: 1, down: 0 },
    { at: 500, left: 0.5, width: expect.closeTo(0.1), up: 0.5, down: 0.25 },
  ]);
});

it('an interval that begins before the stretch is cut at its edge, one outside has no bar', () => {
  const bars = barsOf({ from: 150, to: 350 }, 100, [bucket(0, 9), bucket(100, 1), bucket(300, 1), bucket(400, 9)]);
  expect(bars.map(({ at, left, width, up }) => [at, left, width, up])).toEqual([
    [100, 0, 0.25, 1],
    [300, 0.75, 0.25, 1],
  ]);
});

it('sums tell how many ended, and how many of them failed', () => {
  expect(sumOf([bucket(0, 5, 2, 1), bucket(1, 0, 1)])).toEqual({ ended: 9, failed: 3 });
  expect(sumOf([])).toEqual({ ended: 0, failed: 0 });
});
