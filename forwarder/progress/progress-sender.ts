/** Hands progress to the room, beside the numbered batches and never in their way (U9). What is not taken is dropped. */
import type { Progress, ProgressReport } from '../../core/progress.ts';
import { parseRetryAfter } from '../backoff.ts';
import { type Clock, sleep } from '../clock.ts';
import { type EdgeClient, encodeBody } from '../edge-client.ts';

/** Where progress can be sent to: a session that is live, of a room that takes it. */
export interface ProgressSeat {
  readonly session: number;
  readonly token: string;
}

/** An answer that takes longer is not waited for: the next measurement is there by then. */
const SEND_TIMEOUT_MS = 5_000;

export async function sendProgress(
  { edge, seat, clock }: { readonly edge: EdgeClient; readonly seat: ProgressSeat; readonly clock: Clock },
  progress: readonly Progress[],
  signal: AbortSignal,
): Promise<void> {
  const report: ProgressReport = { session: seat.session, progress };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]);
  const posted = await edge.post('progress', encodeBody(JSON.stringify(report)), seat.token, limit);
  // Whatever else is wrong with the edge, the next batch finds out, and says so.
  const waitMs = posted.ok ? parseRetryAfter(posted.raw.retryAfter, Date.now()) : null;
  if (waitMs !== null) await sleep(clock, waitMs, signal);
}
