/** What an answer of the read API means that is none (RFC 9457; the codes are in docs/api.md): as answer.ts, and what only late parts ask for. */
import { type Failure, failureOf } from './answer.ts';

export type ReadFailure =
  | Failure
  /** The cluster has no such VM, or nothing is kept of it. */
  | { readonly kind: 'unknown-vm' }
  /** The past is read too often (S6). */
  | { readonly kind: 'too-many-reads'; readonly retryAfterMs: number }
  /** Not kept any more, or never: where the log begins, as a moment or a cursor, whichever was asked for; null where nothing is kept. */
  | { readonly kind: 'out-of-range'; readonly oldest: number | string | null }
  /** The log has begun anew: places in the old one lead nowhere. */
  | { readonly kind: 'other-log' }
  /** The question is none; `at`: which part of it, where that is said. */
  | { readonly kind: 'invalid'; readonly at: unknown };

/** Where the room does not say when to ask again. */
const DEFAULT_RETRY_AFTER_MS = 5_000;

export function readFailureOf(status: number, body: string, retryAfter: string | null): ReadFailure {
  const { code, oldest, at } = problemOf(body);
  const failure = failureOf(status, body, retryAfter);
  switch (code) {
    case 'unknown-vm':
      return { kind: 'unknown-vm' };
    case 'invalid-cursor':
      return { kind: 'other-log' };
    case 'out-of-range':
      return { kind: 'out-of-range', oldest: isPlace(oldest) ? oldest : null };
    case 'invalid':
      return { kind: 'invalid', at };
    case 'too-many-reads':
      return {
        kind: 'too-many-reads',
        retryAfterMs: (failure.kind === 'trouble' ? failure.retryAfterMs : undefined) ?? DEFAULT_RETRY_AFTER_MS,
      };
    default:
      return failure;
  }
}

const isPlace = (value: unknown): value is number | string => typeof value === 'string' || Number.isFinite(value);

function problemOf(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
