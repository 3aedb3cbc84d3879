/** Where the focus goes on the board: by geometry, and by name. Pure; roving-focus.ts measures and focuses. */
import type { Direction } from './keys.ts';

/** As `DOMRect`. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Edges of neighbours can overlap by less than this: a border, a fraction of a pixel. */
const TOLERANCE_PX = 2;
/**
 * What lies aside is as far as what lies this much further ahead, and a little more the further aside it is: so a list's next row comes before
 * the row after it, also where that next row is shorter, and the next one of the same list before a neighbouring list.
 */
const ASIDE_PX = 12;
const ASIDE_WEIGHT = 0.05;
/** Of several that lie ahead, the straightest: lists begin at the start. */
const OFFSET_WEIGHT = 0.01;

/** The index of the box that lies nearest in that direction; null where there is none. To the left and right only in the same row. */
export function nextBox(from: Box, boxes: readonly Box[], direction: Direction): number | null {
  const isVertical = direction === 'up' || direction === 'down';
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, box] of boxes.entries()) {
    const ahead = wayAhead(from, box, direction);
    if (ahead < -TOLERANCE_PX) continue;
    const [ownStart, ownEnd, start, end] = isVertical
      ? [from.left, from.right, box.left, box.right]
      : [from.top, from.bottom, box.top, box.bottom];
    const gap = Math.max(start, ownStart) - Math.min(end, ownEnd);
    const isAside = gap > -TOLERANCE_PX;
    if (isAside && !isVertical) continue;
    const aside = isAside ? ASIDE_PX + ASIDE_WEIGHT * gap : OFFSET_WEIGHT * Math.abs(start - ownStart);
    const cost = Math.max(0, ahead) + aside;
    if (cost < least) {
      least = cost;
      best = index;
    }
  }
  return best;
}

/** The index of the box that lies nearest, in whatever direction; null where there is none. */
export function nearestBox(from: Box, boxes: readonly Box[]): number | null {
  const distanceTo = (box: Box): number => Math.abs(box.top - from.top) + Math.abs(box.left - from.left);
  const [nearest] = [...boxes.keys()].sort((a, b) => distanceTo(boxes[a] ?? from) - distanceTo(boxes[b] ?? from));
  return nearest ?? null;
}

/** From the edge of the one to the near edge of the other; negative where it does not lie ahead. */
function wayAhead(from: Box, to: Box, direction: Direction): number {
  switch (direction) {
    case 'up':
      return from.top - to.bottom;
    case 'down':
      return to.top - from.bottom;
    case 'left':
      return from.left - to.right;
    case 'right':
      return to.left - from.right;
  }
}

/** What was typed in a row, and until when it goes on. */
export interface Typed {
  readonly text: string;
  /** On the clock of whoever types. */
  readonly until: number;
}

export const NOTHING_TYPED: Typed = { text: '', until: Number.NEGATIVE_INFINITY };
const TYPING_PAUSE_MS = 1_000;

export const addLetter = ({ text, until }: Typed, letter: string, now: number): Typed => ({
  text: (now < until ? text : '') + letter.toLowerCase(),
  until: now + TYPING_PAUSE_MS,
});

/**
 * The index of the name that is meant, in a round that begins at `current` (-1: at the beginning); null where no name begins so. One letter
 * goes on to the next name, and the same one again to the one after that, as lists everywhere do.
 */
export function findTyped(names: readonly string[], current: number, { text }: Typed): number | null {
  const isRepeated = [...text].every((letter) => text.startsWith(letter));
  const prefix = isRepeated ? ([...text][0] ?? '') : text;
  const first = isRepeated ? current + 1 : Math.max(0, current);
  for (let step = 0; step < names.length; step++) {
    const index = (first + step) % names.length;
    if (names[index]?.toLowerCase().startsWith(prefix)) return index;
  }
  return null;
}
