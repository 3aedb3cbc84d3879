import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPages, nextPageTop, type PageWindow, type Span, shownCards } from '../../../web/wall/wall-pages.ts';
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
    expect(nextPageTop(rows, { top: 0, height: 800, head: 90 })).toBe(720);
    expect(nextPageTop(rows, { top: 720, height: 800, head: 90 })).toBeNull();
  });

  it('a row higher than the screen is gone through in parts', () => {
    const rows = rowsOf(2_000, 300);
    expect(nextPageTop(rows, { top: 100, height: 800, head: 0 })).toBe(900);
    expect(nextPageTop(rows, { top: 900, height: 800, head: 0 })).toBe(1_700);
    expect(nextPageTop(rows, { top: 1_700, height: 800, head: 0 })).toBeNull();
    // Below its heading, which stays in sight; one that takes nearly all of the window does not stop it.
    expect(nextPageTop(rows, { top: 100, height: 800, head: 90 })).toBe(810);
    expect(nextPageTop(rows, { top: 100, height: 800, head: 790 })).toBe(500);
  });

  it('nothing to show has one page', () => {
    expect(nextPageTop([], { top: 0, height: 800, head: 0 })).toBeNull();
    expect(shownCards([], { top: 0, height: 800 })).toBeNull();
  });

  it('are counted as they are turned', () => {
    const shown = { top: 0, height: 800, head: 90 };
    expect(countPages(rowsOf(300, 300), shown)).toBe(1);
    expect(countPages(rowsOf(300, 300, 300, 300), shown)).toBe(2);
    expect(countPages(rowsOf(500, 500, 500), shown)).toBe(3);
    // From above the cards, then three parts of 800 less its heading.
    expect(countPages(rowsOf(2_000), shown)).toBe(4);
    expect(countPages([], shown)).toBe(1);
    const tower = Array.from({ length: 11_000 }, (_, index) => ({ top: index * 40, bottom: index * 40 + 30 }));
    expect(countPages(tower, { top: 0, height: 40, head: 0 }), 'a window as low as a row').toBe(11_000);
    expect(countPages(rowsOf(300), { top: 0, height: 0, head: 0 }), 'a window that shows nothing').toBeLessThan(3);
  });

  it('says which cards are on it', () => {
    const rows = rowsOf(300, 300, 300);
    expect(shownCards(rows, { top: 0, height: 700 })).toEqual({ first: 1, last: 4, isPart: false });
    expect(shownCards(rows, { top: 410, height: 700 })).toEqual({ first: 3, last: 6, isPart: false });
    // The second row is cut off, and comes whole on the next page; a row that fills the screen is what there is.
    expect(shownCards(rows, { top: 0, height: 600 })).toEqual({ first: 1, last: 2, isPart: false });
    // The last page ends with the document: the row that it begins in was whole before.
    expect(shownCards(rows, { top: 220, height: 800 })).toEqual({ first: 1, last: 6, isPart: false });
    expect(shownCards(rowsOf(2_000), { top: 900, height: 800 })).toEqual({ first: 1, last: 2, isPart: true });
    for (const top of [0, 100, 1_700]) {
      expect(shownCards(rowsOf(2_000), { top, height: 800 }), `at ${top}`).toMatchObject({ first: 1, isPart: true });
    }
  });

  it('leave nothing out, and come to an end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 3_000 }), { maxLength: 30 }),
        fc.integer({ min: 200, max: 2_000 }),
        fc.integer({ min: 0, max: 90 }),
        (heights, height, head) => {
          const cards = rowsOf(...heights);
          const windows: PageWindow[] = [];
          for (let top: number | null = 0; top !== null; top = nextPageTop(cards, { top, height, head })) {
            windows.push({ top, height, head });
            expect(windows.length).toBeLessThan(1_000);
          }
          const isShown = (line: number, card: Span): boolean =>
            windows.some(({ top }) => line >= top + (card.top < top ? head : 0) && line < top + height);
          for (const card of cards) {
            let line = card.top;
            while (line < card.bottom - 1 && isShown(line, card)) line += 7;
            expect(line, `of ${JSON.stringify(card)}`).toBeGreaterThanOrEqual(card.bottom - 1);
          }
        },
      ),
      runs(100),
    );
  });
});
