/** How migrations ended lately: what is kept of it, and what of it is the last hour (T6, as D5). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECENT_INTERVAL_MS, RECENT_INTERVALS_COUNT } from '../../core/limits.ts';
import { OUTCOMES, type RecentEnds } from '../../core/model.ts';
import { addEnds, type EndCount, lastHour } from '../../core/recent.ts';
import { runs } from '../support/runs.ts';

const MINUTE_MS = 60_000;
/** A multiple of five minutes. */
const NOON = 1_764_158_400_000;
const end = (minutes: number, outcome: EndCount['outcome'] = 'succeeded', count = 1): EndCount => ({
  at: NOON + minutes * MINUTE_MS,
  outcome,
  count,
});

describe('what is kept', () => {
  test.each<[string, readonly EndCount[], RecentEnds | null]>([
    ['nothing', [], null],
    ['what neither succeeded nor failed', [end(0, 'aborted'), end(0, 'unknown')], null],
    ['one interval', [end(0), end(4.9), end(2, 'failed')], { from: NOON, succeeded: [2], failed: [1] }],
    ['what lies between two', [end(12, 'failed', 3), end(0)], { from: NOON, succeeded: [1, 0, 0], failed: [0, 0, 3] }],
    [
      'what is an hour older than the newest',
      [end(-60), end(0)],
      { from: NOON - 60 * MINUTE_MS, succeeded: [1, ...Array(11).fill(0), 1], failed: Array(13).fill(0) },
    ],
    ['not what is older', [end(-61), end(0, 'failed')], { from: NOON, succeeded: [0], failed: [1] }],
  ])('%s', (_what, ends, kept) => {
    expect(addEnds(null, ends)).toEqual(kept);
  });

  test('an end that is told late is counted where it belongs', () => {
    const recent = addEnds(null, [end(10)]);
    expect(addEnds(recent, [end(1, 'failed')])).toEqual({ from: NOON, succeeded: [0, 0, 1], failed: [1, 0, 0] });
    expect(addEnds(recent, [])).toEqual(recent);
  });

  test('in whatever pieces it is told, it is the same, and never more than an hour', () => {
    const ends = fc.array(
      fc.record({
        minutes: fc.integer({ min: 0, max: 200 }),
        outcome: fc.constantFrom(...OUTCOMES),
        count: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(ends, fc.nat(12), (told, cut) => {
        const all = told.map(({ minutes, outcome, count }) => end(minutes, outcome, count)).toSorted((a, b) => a.at - b.at);
        const whole = addEnds(null, all);
        expect(addEnds(addEnds(null, all.slice(0, cut)), all.slice(cut))).toEqual(whole);
        expect(whole?.succeeded.length ?? 0).toBeLessThanOrEqual(RECENT_INTERVALS_COUNT);
        expect(whole?.failed.length).toBe(whole?.succeeded.length);
      }),
      runs(200),
    );
  });
});

describe('the last hour', () => {
  const recent = addEnds(null, [end(0), end(20, 'failed', 2), end(58)]);
  test.each([
    ['while it lasts', 59, 2, 2],
    ['a moment ago it was an hour old', 60, 2, 2],
    ['the interval has a part in the hour', 64.9, 2, 2],
    ['it has none any more', 65, 1, 2],
    ['only the newest', 90, 1, 0],
    ['nothing', 150, 0, 0],
    ['the fleet’s clock is behind the room’s', 54.99, 2, 2],
    ['what a clock that was wrong called the future', 40, 1, 2],
  ])('%s', (_what, minutes, succeeded, failed) => {
    expect(lastHour(recent, NOON + minutes * MINUTE_MS)).toMatchObject({ succeeded, failed });
  });

  test('has thirteen intervals, now’s the last, and they add up', () => {
    const { intervals, ...hour } = lastHour(recent, NOON + 58.5 * MINUTE_MS);
    expect(intervals.map(({ at }) => at)).toEqual(Array.from({ length: 13 }, (_, index) => NOON + (index - 1) * RECENT_INTERVAL_MS));
    expect(intervals.filter((one) => one.succeeded + one.failed > 0)).toEqual([
      { at: NOON, succeeded: 1, failed: 0 },
      { at: NOON + 20 * MINUTE_MS, succeeded: 0, failed: 2 },
      { at: NOON + 55 * MINUTE_MS, succeeded: 1, failed: 0 },
    ]);
    expect(hour).toEqual({ succeeded: 2, failed: 2 });
  });

  test('of nothing is nothing', () => {
    expect(lastHour(null, NOON)).toMatchObject({ succeeded: 0, failed: 0 });
  });
});
