/** A place in a room's log: the epoch (one life of the log) and a revision in it. On the wire `epoch-revision`, the SSE `id:`. */
import { err, ok, type Result } from './result.ts';

export interface Cursor {
  readonly epoch: string;
  readonly revision: number;
}

/** `epoch` is 1 to 32 lower-case letters and digits, `revision` a safe whole number without leading zeros. */
const PATTERN = /^([0-9a-z]{1,32})-(0|[1-9][0-9]{0,15})$/;

export function parseCursor(text: string): Result<Cursor> {
  const match = PATTERN.exec(text);
  if (match === null) return err('not a cursor');
  const revision = Number(match[2]);
  if (!Number.isSafeInteger(revision)) return err('the revision is out of range');
  return ok({ epoch: match[1] as string, revision });
}
