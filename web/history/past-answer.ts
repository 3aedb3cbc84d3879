/** What it means that the room does not give a moment of the past: it never will, or later. */
import type { ReadFailure } from '../stream/late-answer.ts';

export type PastFailure =
  /** It is not kept any more, or never was; `oldest`: the first that is. Null: nothing is known of the cluster yet. */
  | { readonly kind: 'missing'; readonly oldest: number | null }
  | { readonly kind: 'future' }
  /** The log has begun anew. */
  | { readonly kind: 'other-log' }
  /** `busy`: the past is being read too often. */
  | { readonly kind: 'later'; readonly why: 'busy' | 'trouble'; readonly waitMs: number }
  | { readonly kind: 'refused' };

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Longer is believed of nobody: a timer that is set for weeks goes off at once. */
const LONGEST_TOLD_WAIT_MS = 600_000;

/** `failures`: how often it was tried in vain before. */
export function pastFailureOf(failure: ReadFailure, failures: number): PastFailure {
  switch (failure.kind) {
    case 'out-of-range':
      return { kind: 'missing', oldest: oldestMomentIn(failure) };
    case 'other-log':
      return failure;
    case 'invalid':
      return { kind: failure.at === 'at' ? 'future' : 'refused' };
    case 'too-many-reads':
      return { kind: 'later', why: 'busy', waitMs: Math.min(LONGEST_TOLD_WAIT_MS, failure.retryAfterMs) };
    case 'trouble': {
      const toldMs = Math.min(LONGEST_TOLD_WAIT_MS, failure.retryAfterMs ?? 0);
      return { kind: 'later', why: 'trouble', waitMs: Math.max(toldMs, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures)) };
    }
    default:
      return { kind: 'refused' };
  }
}

/** Where the log begins, as a refusal tells it: a moment, or a cursor. */
export const oldestMomentIn = (failure: ReadFailure): number | null =>
  failure.kind === 'out-of-range' && typeof failure.oldest === 'number' ? failure.oldest : null;

export const oldestCursorIn = (failure: ReadFailure): string | null =>
  failure.kind === 'out-of-range' && typeof failure.oldest === 'string' ? failure.oldest : null;
