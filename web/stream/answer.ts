/** What an answer of the read API means for the page: go on, try again, or stop and say why (RFC 9457 problems). */
import type { Refusal, Trouble } from './connection-state.ts';

export type Failure =
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly detail?: string | undefined }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly retryAfterMs?: number };

const REFUSALS: Readonly<Record<number, Refusal>> = {
  // How fetch tells a redirect that it did not follow: somebody's login.
  0: 'signed-out',
  401: 'signed-out',
  403: 'access-closed',
  404: 'unknown-cluster',
  410: 'gone',
  426: 'outdated',
};

/** `body` is the text of the answer, a problem document or anything else; `retryAfter` the header of that name. */
export function failureOf(status: number, body: string, retryAfter: string | null): Failure {
  // What its detail says is for programs: the page has a form for it.
  if (problemText(body, 'code') === 'login-required') return { kind: 'refused', refusal: 'login-required' };
  const refusal = REFUSALS[status];
  if (refusal !== undefined) return { kind: 'refused', refusal, detail: problemText(body, 'detail') };
  const seconds = Number(retryAfter);
  const hasRetryAfter = seconds > 0 && seconds < Number.POSITIVE_INFINITY;
  return { kind: 'trouble', trouble: 'server', ...(hasRetryAfter && { retryAfterMs: seconds * 1_000 }) };
}

/** A member of a problem document; undefined where the body is none, or the member no text. */
export function problemText(body: string, member: 'code' | 'detail'): string | undefined {
  try {
    const text: unknown = Object(JSON.parse(body))[member];
    return typeof text === 'string' && text !== '' ? text : undefined;
  } catch {
    return undefined;
  }
}
