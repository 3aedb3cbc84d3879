/** Signing in with a token or a share link: what the edge's answer means, and where a link carries its token. */
import { problemText } from '../stream/answer.ts';

export type LoginOutcome =
  | { readonly kind: 'admitted' }
  /** Not known here, over, or revoked: the edge does not say which. */
  | { readonly kind: 'wrong-token' }
  /** Too many attempts; `seconds` until the next is heard, null where the edge does not say. */
  | { readonly kind: 'wait'; readonly seconds: number | null }
  | { readonly kind: 'unreachable' }
  /** Signing in is not possible here; `why` in the edge's words. */
  | { readonly kind: 'refused'; readonly why: string };

/** Of `POST /api/v1/login`; `body` is a problem document or anything else, `retryAfter` the header of that name. */
export function loginOutcome(status: number, body: string, retryAfter: string | null): LoginOutcome {
  if (status === 204) return { kind: 'admitted' };
  if (problemText(body, 'code') === 'wrong-token') return { kind: 'wrong-token' };
  if (status === 429) {
    const seconds = Math.ceil(Number(retryAfter));
    return { kind: 'wait', seconds: Number.isSafeInteger(seconds) && seconds > 0 ? seconds : null };
  }
  if (status === 408 || status >= 500) return { kind: 'unreachable' };
  return { kind: 'refused', why: problemText(body, 'detail') ?? `HTTP ${status}` };
}

/** In the fragment, so that it reaches no server's log. main.tsx knows the start of it too. */
const SHARE = '#share=';

/** The token of a share link; null where the fragment is none. What cannot be a token is handed on: the edge refuses it. */
export const parseShare = (fragment: string): string | null => (fragment.startsWith(SHARE) ? fragment.slice(SHARE.length) : null);

/** What was tried with a share link and did not succeed. */
export interface FailedShare {
  readonly outcome: Exclude<LoginOutcome, { kind: 'admitted' }>;
  /** Worth trying again; null where it is not. */
  readonly token: string | null;
}

export const failedShare = (token: string, outcome: FailedShare['outcome']): FailedShare => ({
  outcome,
  token: outcome.kind === 'unreachable' || outcome.kind === 'wait' ? token : null,
});
