/** Errors on the wire: `application/problem+json` (RFC 9457) with a stable code. What went wrong inside never leaves. */
import type { Problem, ProblemCode } from '../core/uplink.ts';

const KINDS: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  superseded: { status: 409, title: 'A newer session of this cluster exists' },
  gap: { status: 409, title: 'The batch is not the next one' },
  'sync-required': { status: 409, title: 'The session needs a full sync first' },
  'other-cluster': { status: 409, title: 'Another cluster is registered under this name' },
  protocol: { status: 426, title: 'The protocol version is not supported' },
  'unknown-cluster': { status: 404, title: 'No cluster is registered under this name' },
  'unknown-vm': { status: 404, title: 'The cluster has no VM of this name' },
  'invalid-cursor': { status: 400, title: 'The cursor is not of this log' },
  'out-of-range': { status: 404, title: 'The past is not kept that far back' },
  unauthorized: { status: 401, title: 'The token is missing or wrong' },
  'forbidden-host': { status: 403, title: 'This Host header is not answered' },
  'viewer-access-closed': { status: 403, title: 'Viewing is closed' },
  'login-required': { status: 401, title: 'Viewing needs a login' },
  'wrong-token': { status: 401, title: 'The token is not, or no longer, good' },
  'access-required': { status: 401, title: 'Cloudflare Access does not vouch for this request' },
  'keys-unavailable': { status: 503, title: 'The keys of Cloudflare Access cannot be had' },
  'slow-down': { status: 429, title: 'Too many wrong tokens' },
  'shares-off': { status: 409, title: 'Shares open nothing here' },
  'too-many-shares': { status: 409, title: 'There are too many shares' },
  'unknown-share': { status: 404, title: 'There is no such share' },
  'admin-disabled': { status: 403, title: 'Administration is switched off' },
  'not-json': { status: 400, title: 'The body is not JSON' },
  invalid: { status: 400, title: 'The request does not fit its schema' },
  'too-large': { status: 413, title: 'The body is too large' },
  'too-many-parts': { status: 413, title: 'The sync has too many parts' },
  'too-many-vms': { status: 413, title: 'The cluster has too many VMs' },
  'too-many-hosts': { status: 413, title: 'The cluster has too many hosts' },
  'too-many-entities': { status: 413, title: 'The batch has too many entities' },
  'too-many-batches': { status: 429, title: 'Too many batches a second' },
  'too-many-reads': { status: 429, title: 'The past is read too often' },
  'name-too-long': { status: 400, title: 'A name is too long' },
  'text-too-long': { status: 400, title: 'A text is too long' },
  'list-too-long': { status: 400, title: 'A list is too long' },
  'too-deep': { status: 400, title: 'The body is nested too deeply' },
  'too-many-clusters': { status: 409, title: 'Too many clusters are registered' },
  'too-many-viewers': { status: 503, title: 'Too many viewers are watching this cluster' },
  'cluster-exists': { status: 409, title: 'A cluster is registered under this name already' },
  'wrong-code': { status: 401, title: 'The install code is not good' },
  'no-forwarder-image': { status: 409, title: 'It is not known which image the forwarder is to run' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  unavailable: { status: 503, title: 'The room does not answer' },
  internal: { status: 500, title: 'Something went wrong inside' },
};

/** Every code that there is. */
export const PROBLEM_CODES = Object.keys(KINDS) as readonly ProblemCode[];
export const statusOf = (code: ProblemCode): number => KINDS[code].status;

/** A refusal on its way to the wire: a code, a sentence that says what to do, and further members. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Instead of the code's usual status. */
  readonly status?: number;
  readonly extra?: Readonly<Record<string, string | number>>;
  /** Of the answer (`retry-after`); no part of the problem. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function formatProblem({ code, detail, status, extra }: Refusal): Problem {
  const kind = KINDS[code];
  return { ...extra, type: `urn:hostview:problem:${code}`, title: kind.title, status: status ?? kind.status, code, detail };
}

export function problemResponse(refusal: Refusal, headers: Readonly<Record<string, string>> = {}): Response {
  const problem = formatProblem(refusal);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...refusal.headers, ...headers },
  });
}

export const isProblem = (response: Response): boolean => response.headers.get('content-type') === 'application/problem+json';

const RETRY_AFTER_S = '2';

/** Overload, a reset or a deploy between Worker and room: nothing was decided, so the same request may be sent again. */
export const unavailableResponse = (): Response =>
  problemResponse(
    { code: 'unavailable', detail: 'The cluster’s room did not answer; send the same request again.' },
    { 'retry-after': RETRY_AFTER_S },
  );
