/**
 * A long table is drawn in blocks of rows: those near the window are there, the others are a gap of their height. Ten thousand rows are
 * 200,000 elements, and `content-visibility` does nothing for the rows of a table: each change would lay out all of them. A short table is
 * there whole, a block after the other, so that the browser's own search finds everything in it. Pure.
 */
export const BLOCK_ROWS_COUNT = 20;
/** A table of so many rows is there whole. */
export const WHOLE_ROWS_COUNT = 300;

/** Of a block of rows. */
export interface BlockFacts {
  readonly index: number;
  /** Near the window. */
  readonly isNear: boolean;
  /** The row that the keyboard is at stands in it. */
  readonly hasFocusRow: boolean;
  /** On paper nobody can scroll. */
  readonly isPrinted: boolean;
  /** How many blocks of a short table are there by now. */
  readonly filled: number;
}

export const isBlockDrawn = ({ index, isNear, hasFocusRow, isPrinted, filled }: BlockFacts): boolean =>
  isNear || hasFocusRow || isPrinted || index < filled;

export const countBlocks = (rows: number): number => Math.ceil(rows / BLOCK_ROWS_COUNT);

export const rowsOfBlock = <Id>(ids: readonly Id[], index: number): readonly Id[] =>
  ids.slice(index * BLOCK_ROWS_COUNT, (index + 1) * BLOCK_ROWS_COUNT);

/** The next count of filled blocks of a table of so many rows; what is long stays in gaps. */
export const fillNext = (filled: number, rows: number): number => (rows > WHOLE_ROWS_COUNT ? 0 : Math.min(filled + 1, countBlocks(rows)));

const PAGE_ROWS_COUNT = 10;
const STEPS: ReadonlyMap<string, number> = new Map([
  ['ArrowUp', -1],
  ['ArrowDown', 1],
  ['PageUp', -PAGE_ROWS_COUNT],
  ['PageDown', PAGE_ROWS_COUNT],
  ['Home', Number.NEGATIVE_INFINITY],
  ['End', Number.POSITIVE_INFINITY],
]);

/** Which row a key goes to from the row at `at`; null where the key is not ours. */
export function rowForKey(key: string, at: number, rows: number): number | null {
  const step = STEPS.get(key);
  return step === undefined ? null : Math.max(0, Math.min(rows - 1, at + step));
}
