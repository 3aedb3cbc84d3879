/** How a wall goes through what does not fit on it: by whole rows, none left out. Pure; all lengths in pixels from the top of the document. */

export interface Span {
  readonly top: number;
  readonly bottom: number;
}

/** What of the window shows the cards: below the bar. */
export interface PageWindow {
  readonly top: number;
  readonly height: number;
  /** How much of its top the heading takes of a card that began on a page before; it stays in sight. */
  readonly head: number;
}

/** Where the next page begins; null where the last one is shown. `cards`: in any order. */
export function nextPageTop(cards: readonly Span[], { top, height, head }: PageWindow): number | null {
  const bottom = top + height;
  // Lengths on a screen are not whole numbers.
  const cut = cards.filter((card) => card.bottom > bottom + 1);
  if (cut.length === 0) return null;
  const next = Math.min(...cut.map((card) => card.top));
  // A card that is higher than the window is gone through in parts, each below its heading.
  return next > top + 1 ? next : bottom - Math.min(head, height / 2);
}

/** How many pages there are, from this one on. */
export function countPages(cards: readonly Span[], { top: first, height, head }: PageWindow): number {
  let count = 0;
  let top: number | null = first;
  for (let before = Number.NEGATIVE_INFINITY; top !== null && top > before; count++) {
    before = top;
    top = nextPageTop(cards, { top, height, head });
  }
  return count;
}

export interface ShownCards {
  readonly first: number;
  readonly last: number;
  /** One of them is higher than the window, and goes on above or below. */
  readonly isPart: boolean;
}

/** Which of the hosts, or of the clusters, are on the screen. */
export interface Shown extends ShownCards {
  readonly of: 'hosts' | 'clusters';
  readonly all: number;
}

/**
 * The first and the last card that can be read now, counted from 1; null where there is none. One that begins here and is cut off is shown
 * whole on the next page, and does not count, unless no other is there.
 */
export function shownCards(cards: readonly Span[], { top, height }: Pick<PageWindow, 'top' | 'height'>): ShownCards | null {
  const bottom = top + height;
  const inSight = [...cards.entries()].filter(([, card]) => card.bottom > top + 1 && card.top < bottom - 1);
  const readable = inSight.filter(([, card]) => card.bottom <= bottom + 1 || card.top <= top + 1);
  const shown = readable.length > 0 ? readable : inSight;
  const [first] = shown.at(0) ?? [];
  const [last] = shown.at(-1) ?? [];
  if (first === undefined || last === undefined) return null;
  // What is lower than the window and cut off here is whole on another page: the last one ends with the document, and begins anywhere.
  const isPart = shown.some(([, card]) => card.bottom - card.top > height && (card.top < top - 1 || card.bottom > bottom + 1));
  return { first: first + 1, last: last + 1, isPart };
}
