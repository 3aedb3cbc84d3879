import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reading } from '../../../forwarder/progress/reading.ts';
import { observeReading, type ProgressTrack, progressOf, UNTRACKED } from '../../../forwarder/progress/track.ts';

const GIB = 1_073_741_824;
const reading = (at: number | null, rest: Omit<Reading, 'at'> = {}): Reading => ({
  at,
  processed: GIB,
  remaining: 3 * GIB,
  rate: 100,
  dirtyRate: 1,
  ...rest,
});

/** One answer every five seconds, from 0 on; the handler's clock is an hour ahead. */
const HANDLER_AHEAD_MS = 3_600_000;
function track(
  readings: readonly (Omit<Reading, 'at'> | undefined)[],
  first: ProgressTrack = observeReading(UNTRACKED, undefined, 0),
): ProgressTrack {
  return readings.reduce<ProgressTrack>((before, each, index) => {
    const now = (index + 1) * 5_000;
    return observeReading(before, each === undefined ? undefined : { ...each, at: now + HANDLER_AHEAD_MS }, now);
  }, first);
}
const shrinking = (count: number, dirtyRate = 10): Omit<Reading, 'at'>[] =>
  Array.from({ length: count }, (_, index) => ({ processed: index * GIB, remaining: (count - index) * GIB, rate: 100, dirtyRate }));
const same = (count: number, rest: Omit<Reading, 'at'>): Omit<Reading, 'at'>[] => Array.from({ length: count }, () => rest);

describe('what is told', () => {
  test('U9: percent, what remains, both rates', () => {
    const seen = track([{ processed: GIB, remaining: 3 * GIB, rate: 117_000_000.4, dirtyRate: 20 }]);
    expect(progressOf(seen, false, 5_000)).toEqual({ percent: 25, remaining: 3 * GIB, rate: 117_000_000, dirtyRate: 20 });
  });

  test('a share is not rounded up to the whole', () => {
    expect(progressOf(track([{ processed: 999_999, remaining: 1 }]), false, 5_000)).toEqual({ percent: 99.9, remaining: 1 });
  });

  test.each<[string, Omit<Reading, 'at'>, object | null]>([
    ['only what is there', { processed: 5 }, null],
    ['a rate alone', { rate: 7 }, { rate: 7 }],
    ['nothing of a copy that has not begun: zero of zero is not done', { processed: 0, remaining: 0, rate: 0, dirtyRate: 0 }, null],
    ['all of it, once it is copied', { processed: 8, remaining: 0, rate: 1 }, { percent: 100, remaining: 0, rate: 1 }],
  ])('%s', (_what, said, expected) => {
    expect(progressOf(track([said]), false, 5_000)).toEqual(expected);
  });

  test('it may go back: the guest goes on changing its memory', () => {
    const percents = [10, 60, 40].map((processed, index, all) => {
      const seen = track(all.slice(0, index + 1).map((each) => ({ processed: each, remaining: 100 - each })));
      expect(processed).toBe(all[index]);
      return progressOf(seen, false, (index + 1) * 5_000)?.percent;
    });
    expect(percents).toEqual([10, 60, 40]);
  });
});

describe('T6: which measurement is fresh', () => {
  test('the first answer’s is not: it may be last week’s, and no other clock could tell', () => {
    const first = observeReading(UNTRACKED, reading(1_000), 50_000);
    expect(progressOf(first, false, 50_000)).toBeNull();
    expect(progressOf(observeReading(first, reading(1_000), 55_000), false, 55_000)).toBeNull();
    expect(progressOf(observeReading(first, reading(6_000), 55_000), false, 55_000)?.percent).toBe(25);
  });

  test('where the first answer had none, the next one’s is', () => {
    const first = observeReading(UNTRACKED, undefined, 0);
    expect(progressOf(observeReading(first, reading(7), 5_000), false, 5_000)?.percent).toBe(25);
  });

  test('one without a time was measured when it was asked for (KubeVirt ≤ 1.3)', () => {
    expect(progressOf(observeReading(UNTRACKED, reading(null), 0), false, 0)?.percent).toBe(25);
  });

  test('one that does not get newer is dropped after 15 s, by this clock; so is one that is no longer told', () => {
    for (const next of [reading(20_000), undefined]) {
      let seen = observeReading(observeReading(UNTRACKED, undefined, 0), reading(20_000), 5_000);
      for (const now of [10_000, 15_000, 20_000]) seen = observeReading(seen, next, now);
      expect(progressOf(seen, false, 20_000)?.percent).toBe(25);
      expect(progressOf(seen, false, 20_001)).toBeNull();
    }
  });

  test('an older one than before is none, as after a handler’s clock was set back', () => {
    const seen = observeReading(
      observeReading(observeReading(UNTRACKED, undefined, 0), reading(9_000), 5_000),
      reading(4_000, { processed: 0 }),
      10_000,
    );
    expect(progressOf(seen, false, 10_000)?.percent).toBe(25);
  });

  test('whatever the handler’s clock says, the outcome is the same', () => {
    const readings = [...shrinking(4), ...same(8, { processed: GIB, remaining: GIB, rate: 100, dirtyRate: 100 })];
    const shifted = (byMs: number): unknown[] => {
      let seen = observeReading(UNTRACKED, undefined, 0);
      return readings.map((each, index) => {
        const now = (index + 1) * 5_000;
        seen = observeReading(seen, { ...each, at: now + byMs }, now);
        return progressOf(seen, false, now);
      });
    };
    fc.assert(
      fc.property(fc.integer({ min: -2_000_000_000_000, max: 2_000_000_000_000 }), (byMs) => {
        expect(shifted(byMs)).toEqual(shifted(0));
      }),
    );
  });
});

describe('it will not converge', () => {
  const stuckAfter = (readings: readonly (Omit<Reading, 'at'> | undefined)[], endsAnyway = false): boolean[] =>
    readings.map((_, index) => progressOf(track(readings.slice(0, index + 1)), endsAnyway, (index + 1) * 5_000)?.stuck === true);

  const outrun = { processed: 5 * GIB, remaining: GIB, rate: 100, dirtyRate: 100 };
  test('where the guest changes memory as fast as it is copied, three times in a row', () => {
    expect(stuckAfter(same(4, outrun))).toEqual([false, false, true, true]);
  });

  test('not where it does so now and then', () => {
    expect(stuckAfter([outrun, outrun, { ...outrun, dirtyRate: 50, remaining: GIB / 2 }, outrun, outrun])).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test('it is taken back when the guest calms down', () => {
    expect(stuckAfter([...same(3, outrun), { ...outrun, dirtyRate: 10 }])).toEqual([false, false, true, false]);
  });

  test('where what remains has not shrunk for 30 s, and changes are nearly as fast as the copy', () => {
    const level = same(8, { processed: 5 * GIB, remaining: GIB, rate: 100, dirtyRate: 90 });
    expect(stuckAfter(level)).toEqual([false, false, false, false, false, false, true, true]);
  });

  test('the same where nothing is told of the changes', () => {
    expect(stuckAfter(same(7, { processed: 5 * GIB, remaining: GIB, rate: 100 })).at(-1)).toBe(true);
  });

  test.each<[string, readonly Omit<Reading, 'at'>[], boolean?]>([
    ['while it shrinks', shrinking(20)],
    [
      'while rounds of the copy become shorter, though each begins with more than the last left',
      same(20, { processed: 5 * GIB, remaining: GIB, rate: 100, dirtyRate: 40 }),
    ],
    ['where nothing is copied at the moment', same(20, { processed: 5 * GIB, remaining: GIB, rate: 0, dirtyRate: 0 })],
    ['where nothing remains', same(20, { processed: 5 * GIB, remaining: 0, rate: 100, dirtyRate: 200 })],
    ['where KubeVirt forces the end (post-copy, guest held)', same(20, outrun), true],
    ['where what remains is not known', same(20, { rate: 100, dirtyRate: 100 })],
  ])('not %s', (_what, readings, endsAnyway = false) => {
    expect(stuckAfter(readings, endsAnyway)).not.toContain(true);
  });

  test('silence is no sign of it', () => {
    expect(stuckAfter([outrun, outrun, undefined, undefined, undefined]).at(-1)).toBe(false);
  });
});
