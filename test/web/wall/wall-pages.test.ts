import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPageTop, type PageWindow, type Span, shownCards } from '../../../web/wall/wall-pages.ts';
import { runs } from '../../support/runs.ts';

/** Rows of two cards, one below the other. */
const rowsOf = (...heights: number[]): Span[] => {
  let top = 100;
  return heights.flatMap((height) => {
    const row = [
      { top, bottom: top + height },
      { top, bottom: top + height * 0.8 },
    ];
    top += height + 10;
    return row;
  });
};

describe('the pages of a wall', () => {
  it('are whole rows', () => {
    const rows = rowsOf(300, 300, 300, 300);
    expect(nextPageTop(rows, { top: 0, height: 800 })).toBe(720);
    expect(nextPageTop(rows, { top: 720, height: 800 })).toBeNull();
  });

  it('a row higher than the screen is gone through in parts', () => {
    const rows = rowsOf(2_000, 300);
    expect(nextPageTop(rows, { top: 100, height: 800 })).toBe(900);
    expect(nextPageTop(rows, { top: 900, height: 800 })).toBe(1_700);
    expect(nextPageTop(rows, { top: 1_700, height: 800 })).toBeNull();
  });

  it('nothing to show has one page', () => {
    expect(nextPageTop([], { top: 0, height: 800 })).toBeNull();
    expect(shownCards([], { top: 0, height: 800 })).toBeNull();
  });

  it('says which cards are on it', () => {
    const rows = rowsOf(300, 300, 300);
    expect(shownCards(rows, { top: 0, height: 700 })).toEqual({ first: 1, last: 4 });
    expect(shownCards(rows, { top: 410, height: 700 })).toEqual({ first: 3, last: 6 });
    // The second row is cut off, and comes whole on the next page; a row that fills the screen is what there is.
    expect(shownCards(rows, { top: 0, height: 600 })).toEqual({ first: 1, last: 2 });
    expect(shownCards(rowsOf(2_000), { top: 900, height: 800 })).toEqual({ first: 1, last: 2 });
  });

  it('leave nothing out, and come to an end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 3_000 }), { maxLength: 30 }),
        fc.integer({ min: 200, max: 2_000 }),
        (heights, height) => {
          const cards = rowsOf(...heights);
          const windows: PageWindow[] = [];
          for (let top: number | null = 0; top !== null; top = nextPageTop(cards, { top, height })) {
            windows.push({ top, height });
            expect(windows.length).toBeLessThan(1_000);
          }
          for (const card of cards) {
            for (let line = card.top; line < card.bottom - 1; line += 7) {
              expect(
                windows.some(({ top }) => line >= top && line < top + height),
                `${line} of ${JSON.stringify(card)}`,
              ).toBe(true);
            }
          }
        },
      ),
      runs(100),
    );
  });
});
