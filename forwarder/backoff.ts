/** How long to wait before the next try. Full jitter: many forwarders that lost the same server do not come back together. */

export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** `failures`: how many in a row, from 1. `random`: 0 ≤ random < 1. Milliseconds. */
export function backoffMs({ baseMs, capMs }: Backoff, failures: number, random: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(random * ceiling);
}

/** A wait that the other side asked for is never shortened; some of it is added, so that not everybody returns at its end. */
export const askedWaitMs = (retryAfterMs: number, random: number): number => Math.round(retryAfterMs * (1 + random / 4));

/** `retryAfterMs`: what the other side asked for, null for nothing. It can ask for no time at all, even by a clock that is behind. */
export function retryWaitMs(backoff: Backoff, failures: number, retryAfterMs: number | null, random: number): number {
  return Math.max(backoffMs(backoff, failures, random), retryAfterMs === null ? 0 : askedWaitMs(retryAfterMs, random));
}

/** The longest wait that a server may ask for; a typo of a header must not silence a cluster for days. */
const MAX_RETRY_AFTER_MS = 10 * 60_000;

/** The header Retry-After: seconds or an HTTP date. Null where it is missing or neither. `now`: milliseconds since the Unix epoch. */
export function parseRetryAfter(header: string | null | undefined, now: number): number | null {
  if (header === null || header === undefined || header.trim() === '') return null;
  const waitMs = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
}
