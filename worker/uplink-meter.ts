/**
 * What a room counts, and how much of the uplink it takes. The counts go into the session's row, which every accepted batch writes
 * anyway, so that a room that sleeps between two heartbeats does not forget them; what else was
 * counted waits in memory for the next one, since nothing is written for what is refused.
 */
import { MAX_BODIES_AT_ONCE_COUNT, UPLINK_BURST_COUNT, UPLINK_RATE_PER_S } from '../core/limits.ts';
import { err, type Result } from '../core/result.ts';
import type { ProblemCode } from '../core/uplink.ts';
import type { Refusal } from './problem.ts';
import { type Bucket, fullBucket, type Rate, takeToken } from './rate.ts';
import { countUnknownFields } from './unknown-fields.ts';

export interface RoomCounts {
  /** That were accepted. */
  readonly batches: number;
  /** Of the uplink that this version does not know, and ignored (SPEC U8). */
  readonly unknownFields: number;
  /** Viewers whose own digest differed from the room's (SPEC D6), as they told it. */
  readonly viewerDrifts: number;
  /** Requests of the uplink that were refused. */
  readonly refused: Readonly<Partial<Record<ProblemCode, number>>>;
}

export const NO_COUNTS: RoomCounts = { batches: 0, unknownFields: 0, viewerDrifts: 0, refused: {} };

export function addCounts(a: RoomCounts, b: RoomCounts): RoomCounts {
  const refused: Partial<Record<ProblemCode, number>> = { ...a.refused };
  for (const [code, count] of Object.entries(b.refused) as [ProblemCode, number][]) refused[code] = (refused[code] ?? 0) + count;
  return {
    batches: a.batches + b.batches,
    unknownFields: a.unknownFields + b.unknownFields,
    viewerDrifts: a.viewerDrifts + b.viewerDrifts,
    refused,
  };
}

const RATE: Rate = { burst: UPLINK_BURST_COUNT, perSecond: UPLINK_RATE_PER_S };

const TOO_MANY_AT_ONCE: Refusal = {
  code: 'too-many-batches',
  detail: `A room reads ${MAX_BODIES_AT_ONCE_COUNT} bodies at once. Send the same request again later.`,
  headers: { 'retry-after': '1' },
};

export class UplinkMeter {
  #bucket: Bucket | null = null;
  #reading = 0;
  #pending: RoomCounts = NO_COUNTS;

  /** Null where the request may pass. */
  admit(now: number): Refusal | null {
    const taken = takeToken(this.#bucket ?? fullBucket(RATE, now), RATE, now);
    this.#bucket = taken.bucket;
    if (taken.retryAfterS === null) return null;
    return {
      code: 'too-many-batches',
      detail: `A room takes ${RATE.perSecond} requests a second in the long run, ${RATE.burst} at once. Send the same request again later.`,
      headers: { 'retry-after': String(taken.retryAfterS) },
    };
  }

  /** Reads a body, unless too many are being read: each may be a megabyte that takes its time, and all rooms share a machine's memory. */
  async read<Value>(body: () => Promise<Result<Value, Refusal>>): Promise<Result<Value, Refusal>> {
    if (this.#reading >= MAX_BODIES_AT_ONCE_COUNT) return err(TOO_MANY_AT_ONCE);
    this.#reading += 1;
    try {
      return await body();
    } finally {
      this.#reading -= 1;
    }
  }

  refuse(code: ProblemCode): void {
    this.#pending = addCounts(this.#pending, { ...NO_COUNTS, refused: { [code]: 1 } });
  }

  /** Of a message that was understood: what its schema dropped (SPEC U8). */
  tellUnknownFields(input: unknown, output: unknown): void {
    this.#pending = addCounts(this.#pending, { ...NO_COUNTS, unknownFields: countUnknownFields(input, output) });
  }

  tellViewerDrift(): void {
    this.#pending = addCounts(this.#pending, { ...NO_COUNTS, viewerDrifts: 1 });
  }

  /** What the session's row says once this batch is accepted; {@link settle} it then. */
  countsWith(stored: RoomCounts | undefined): RoomCounts {
    return addCounts(addCounts(stored ?? NO_COUNTS, this.#pending), { ...NO_COUNTS, batches: 1 });
  }

  /** What was pending is in the row. */
  settle(): void {
    this.#pending = NO_COUNTS;
  }

  /** All, with what no row has yet. */
  counts(stored: RoomCounts | undefined): RoomCounts {
    return addCounts(stored ?? NO_COUNTS, this.#pending);
  }
}
