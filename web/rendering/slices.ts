/**
 * A long picture is drawn in slices, from its beginning: what a reader sees first stands there at once, and no slice is long enough to be
 * felt. Whatever draws so says how much is still to come: nothing may look empty, or complete, that is not.
 */

/** What of a list's items is drawn by now. */
export interface Slice {
  /** How many, the one that is cut included. */
  readonly count: number;
  /** Of the last of them only so many lines; undefined where it is whole. */
  readonly limit?: number | undefined;
  /** How many lines the others have; null where nothing is still to come. */
  readonly rest: number | null;
}

/** In lines, what an item costs besides them: a card's head and lists are about as many elements as three chips. */
const ITEM_LINES = 3;
/** A short list is drawn at once. A long one begins with its second frame: the first has enough to do, and says how much is to come. */
const AT_ONCE_LINES = 300;
/** Code that runs for the first time is slow. */
export const FIRST_PACE = 60;
/** Each slice is laid out and painted, which takes as long however short it is: a slow machine would never come to the end. */
const FEWEST_LINES = 100;
const MOST_LINES = 400;
/** Leaves time for layout and painting before a frame, or on a slow machine 50 ms, are over. */
const SLICE_MS = 12;

export const WHOLE: Slice = { count: Number.POSITIVE_INFINITY, rest: null };

/** How many lines there is room for at first. */
export const firstRoom = (lines: readonly number[]): number =>
  selectSlice(lines, AT_ONCE_LINES).rest === null ? Number.POSITIVE_INFINITY : 0;

/** `lines`: how many each item has; `room`: how many there is room for. */
export function selectSlice(lines: readonly number[], room: number): Slice {
  let left = room;
  for (const [index, own] of lines.entries()) {
    left -= own + ITEM_LINES;
    if (left >= 0) continue;
    const limit = left + own;
    // A head without a line would only be drawn twice.
    const count = limit > 0 ? index + 1 : index;
    return { count, limit: limit > 0 ? limit : undefined, rest: sum(lines.slice(count)) };
  }
  return WHOLE;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** How many lines the next slice has, where one of `lines` took so long. */
export const nextPace = (lines: number, tookMs: number): number =>
  Math.min(MOST_LINES, Math.max(FEWEST_LINES, Math.round(lines * Math.min(2, SLICE_MS / Math.max(1, tookMs)))));
