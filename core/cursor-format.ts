/** A cursor as it stands on the wire. In a file of its own: the page's first load reads cursors, and writes none. */
import type { Cursor } from './cursor.ts';

export const formatCursor = (cursor: Cursor): string => `${cursor.epoch}-${cursor.revision}`;
