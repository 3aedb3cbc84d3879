import { describe, expect, it } from 'vitest';
import { canBeWhole, type Fitted, isRefitDue, leastScale, REFIT_AFTER_MS, selectFit, type Trial } from '../../../web/wall/wall-fit.ts';

/** A page whose height is that of its area in columns of that width: larger type takes more of both. */
const trialOf = (area: number, viewWidth: number, viewHeight: number, asked: string[] = []): Trial => ({
  fits(scale, columnRem) {
    asked.push(`${scale}/${columnRem}`);
    const columns = Math.max(1, Math.floor(viewWidth / (columnRem * 16 * scale)));
    return (area * scale * scale) / (columns * columnRem * 16 * scale) <= viewHeight;
  },
  pages(scale, columnRem) {
    asked.push(`${scale}/${columnRem}`);
    return 1;
  },
});

describe('how large a wall is written', () => {
  it('as large as it fits', () => {
    expect(selectFit(1, trialOf(20_000, 1_920, 1_080))).toEqual({ scale: 3, columnRem: 24, isWhole: true });
    expect(selectFit(1, trialOf(900_000, 1_920, 1_080))).toMatchObject({ scale: 1.375, isWhole: true });
  });

  it('with narrower columns where more fits so', () => {
    // Three columns of 24 rem leave a fourth of the screen empty.
    const { columnRem } = selectFit(1, trialOf(1_400_000, 1_500, 1_080));
    expect(columnRem).toBe(18);
  });

  it('never so small that nobody can read it, and no larger where a screen stands upright', () => {
    expect(selectFit(1, trialOf(50_000_000, 1_920, 1_080))).toEqual({ scale: 1, columnRem: 24, isWhole: false });
    expect([leastScale(1_280, 600), leastScale(1_920, 1_080), leastScale(3_840, 2_160)]).toEqual([0.875, 1, 2]);
    expect([leastScale(600, 1_280), leastScale(1_080, 1_920), leastScale(2_160, 3_840)]).toEqual([0.875, 1, 2]);
  });

  it.each([
    ['the widest of equals', [3, 3, 3], 24],
    ['narrower ones with fewer', [3, 2, 2], 18],
    ['the narrowest with fewest', [5, 4, 3], 14],
    ['not where these have more', [2, 3, 4], 24],
  ] as const)('where nothing fits, in columns that take the fewest pages: %s', (_, [wide, medium, narrow], expected) => {
    const pages = (scale: number, columnRem: number): number => {
      expect(scale).toBe(2);
      return columnRem === 24 ? wide : columnRem === 18 ? medium : narrow;
    };
    expect(selectFit(2, { fits: () => false, pages })).toEqual({ scale: 2, columnRem: expected, isWhole: false });
  });

  it('and it lays the page out few times', () => {
    for (const area of [20_000, 900_000, 1_400_000, 50_000_000]) {
      const asked: string[] = [];
      selectFit(1, trialOf(area, 1_920, 1_080, asked));
      expect(asked.length).toBeLessThanOrEqual(15);
    }
  });

  it('thousands of VMs are not laid out to find out that they do not fit', () => {
    expect(canBeWhole(10_000, 3_840, 2_160)).toBe(false);
    expect(canBeWhole(400, 1_920, 1_080)).toBe(true);
    expect(canBeWhole(400, 1_080, 1_920)).toBe(true);
  });
});

describe('when the size is chosen anew', () => {
  const last: Fitted = {
    fit: { scale: 1.5, columnRem: 24, isWhole: true },
    viewWidth: 1_920,
    viewHeight: 1_080,
    height: 1_000,
    at: 0,
  };
  const now = { viewWidth: 1_920, viewHeight: 1_080, height: 1_000, at: 1_000 };
  it.each([
    ['nothing changed', now, false],
    ['the window did', { ...now, viewWidth: 1_280 }, true],
    ['and its height', { ...now, viewHeight: 720 }, true],
    ['a VM came, and there is room', { ...now, height: 1_080 }, false],
    ['there is none', { ...now, height: 1_081 }, true],
    ['some left, just now', { ...now, height: 500 }, false],
    ['some left, and it is quiet', { ...now, height: 500, at: REFIT_AFTER_MS }, true],
    ['hardly any left', { ...now, height: 950, at: REFIT_AFTER_MS }, false],
  ])('%s', (_, next, isDue) => {
    expect(isRefitDue(last, next)).toBe(isDue);
  });

  it('what does not fit anyway does not fit the less for more of it', () => {
    const paged = { ...last, fit: { ...last.fit, isWhole: false }, height: 5_000 };
    expect(isRefitDue(paged, { ...now, height: 9_000, at: REFIT_AFTER_MS })).toBe(false);
    expect(isRefitDue(paged, { ...now, height: 4_000, at: REFIT_AFTER_MS })).toBe(true);
  });
});
