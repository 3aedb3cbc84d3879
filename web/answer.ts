/** What an answer of the read API means for the page: go on, try again, or stop and say why (RFC 9457 problems). */
import type { Refusal, Trouble } from './connection-state.ts';

export type Failure =
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly detail?: string }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly retryAfterMs?: number };

const REFUSALS: Readonly<Record<number, Refusal>> = {
  401: 'signed-out',
  403: 'access-closed',
  404: 'unknown-cluster',
  410: 'gone',
  426: 'outdated',
};

/** `body` is the text of the answer, a problem document or anything else; `retryAfter` the header of that name. */
export function failureOf(status: number, body: string, retryAfter: string | null): Failure {
  const refusal = REFUSALS[status];
  if (refusal !== undefined) {
    const detail = detailOf(body);
    return { kind: 'refused', refusal, ...(detail !== undefined && { detail }) };
  }
  const seconds = Number(retryAfter);
  const hasRetryAfter = retryAfter !== null && Number.isFinite(seconds) && seconds > 0;
  return { kind: 'trouble', trouble: 'server', ...(hasRetryAfter && { retryAfterMs: seconds * 1_000 }) };
}

function detailOf(body: string): string | undefined {
  try {
    const problem: unknown = JSON.parse(body);
    if (typeof problem !== 'object' || problem === null || !('detail' in problem)) return undefined;
    return typeof problem.detail === 'string' && problem.detail !== '' ? problem.detail : undefined;
  } catch {
    return undefined;
  }
}
