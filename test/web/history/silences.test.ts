import { describe, expect, it, test } from 'vitest';
import { endsText } from '../../../web/history/ends-text.ts';
import { gapsOf, isSilentAt, knownSilences, silencesSum } from '../../../web/history/silences.ts';
import { enLate as en } from '../../../web/words/en-late.ts';
import { createFormats } from '../../../web/words/format.ts';

const HOUR = { from: 0, to: 3_600_000 };
const over = { from: 600_000, to: 1_500_000 };
const lasting = { from: 3_240_000, to: null };
const known = knownSilences({ now: 3_420_000, silences: [lasting] });

describe('a silence', () => {
  it.each([
    ['within the scale', over, [{ from: 600_000, left: 1 / 6, width: 0.25 }]],
    ['that lasts, as far as it is known to last', known[0] ?? over, [{ from: 3_240_000, left: 0.9, width: 0.05 }]],
    ['that began before it', { from: -1_000, to: 360_000 }, [{ from: -1_000, left: 0, width: 0.1 }]],
    ['before it', { from: -1_000, to: 0 }, []],
    ['after it', { from: 3_600_000, to: 3_700_000 }, []],
  ])('%s is drawn where it was', (_, silence, gaps) => {
    const drawn = gapsOf(HOUR, [silence]);
    expect(drawn.map(({ from }) => from)).toEqual(gaps.map(({ from }) => from));
    for (const [index, { left, width }] of drawn.entries()) {
      expect(left).toBeCloseTo(gaps[index]?.left ?? -1);
      expect(width).toBeCloseTo(gaps[index]?.width ?? -1);
    }
  });

  it('is between the two times at which the cluster spoke', () => {
    expect([600_000, 600_001, 1_499_999, 1_500_000].map((at) => isSilentAt([over], at))).toEqual([false, true, true, false]);
    // The cluster may have spoken since.
    expect([3_419_999, 3_420_000, 9_000_000].map((at) => isSilentAt(known, at))).toEqual([true, false, false]);
  });

  it('counts with what of it lies in the scale, and those that were left out are said', () => {
    expect(silencesSum(HOUR, [], 0)).toBeNull();
    const silences = [{ from: -60_000, to: 60_000 }, over, ...known];
    expect(silencesSum(HOUR, silences, 0)).toEqual({ count: 3, lengthMs: 1_140_000, isAtLeast: false });
    expect(silencesSum(HOUR, silences, 7)).toEqual({ count: 10, lengthMs: 1_140_000, isAtLeast: true });
  });
});

test('in words: a chart without bars does not say that nothing moved where nobody knows', () => {
  const said = (silences: readonly (typeof over)[], shorterSilences = 0): string =>
    endsText({ bucketMs: 60_000, buckets: [], silences, shorterSilences }, HOUR, en.history, createFormats('en'));
  expect(said([])).toBe('0 migrations ended in this time, 0 failed');
  expect(said([over])).toBe('0 migrations ended in this time, 0 failed · not heard of once, for 15m 0s');
  expect(said([over, { from: 1_600_000, to: 1_660_000 }])).toContain('not heard of 2 times, for 16m 0s in all');
  expect(said([over], 2)).toContain('not heard of 3 times, for at least 15m 0s in all');
});
