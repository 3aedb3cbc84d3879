/**
 * How much of the room's time may go into reading the past: a few seconds at once, a fifth of it in the long run. Whoever asks for the past in
 * a loop holds up others who ask for it, and never the forwarder or the viewers of the present (SPEC D4).
 */
import { READ_BURST_KB, READ_RATE_KB_PER_S } from '../core/limits.ts';
import type { Refusal } from './problem.ts';
import { type Bucket, fullBucket, type Rate, takeToken } from './rate.ts';

/** In kilobytes, as {@link readCostKb} counts them. */
const RATE: Rate = { burst: READ_BURST_KB, perSecond: READ_RATE_KB_PER_S };

/** A row that is only looked at, for tables without an index, takes about as long as so many bytes that are read and answered. */
const BYTES_PER_ROW = 128;

export const readCostKb = ({ rows, bytes }: { readonly rows: number; readonly bytes: number }): number =>
  (rows * BYTES_PER_ROW + bytes) / 1_000;

export class ReadBudget {
  #bucket: Bucket | null = null;

  /** Null where the past may be read; what that costs is known only afterwards, so that the last read may overdraw it. */
  admit(now: number): Refusal | null {
    const taken = takeToken(this.#bucket ?? fullBucket(RATE, now), RATE, now);
    this.#bucket = taken.bucket;
    if (taken.retryAfterS === null) return null;
    return {
      code: 'too-many-reads',
      detail: 'The past of this cluster is being read too often. Ask again later; the present is not affected.',
      headers: { 'retry-after': String(taken.retryAfterS) },
    };
  }

  /** What the read that was admitted has cost. */
  spend(costKb: number): void {
    if (this.#bucket !== null) this.#bucket = { ...this.#bucket, tokens: this.#bucket.tokens - costKb };
  }
}
