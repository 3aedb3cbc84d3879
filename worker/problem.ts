/** Errors on the wire: `application/problem+json` (RFC 9457) with a stable code. What went wrong inside never leaves. */
import type { Problem, ProblemCode } from '../core/uplink.ts';

const KINDS: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  superseded: { status: 409, title: 'A newer session of this cluster exists' },
  gap: { status: 409, title: 'The batch is not the next one' },
  'sync-required': { status: 409, title: 'The session needs a full sync first' },
  'other-cluster': { status: 409, title: 'Another cluster is registered under this name' },
  protocol: { status: 426, title: 'The protocol version is not supported' },
  'unknown-cluster': { status: 404, title: 'No cluster is registered under this name' },
  unauthorized: { status: 401, title: 'The token is missing or wrong' },
  'forbidden-host': { status: 403, title: 'This Host header is not answered' },
  'viewer-access-closed': { status: 403, title: 'Viewing is closed' },
  'admin-disabled': { status: 403, title: 'Administration is switched off' },
  'not-json': { status: 400, title: 'The body is not JSON' },
  invalid: { status: 400, title: 'The body does not fit its schema' },
  'too-large': { status: 413, title: 'The body is too large' },
  'too-many-parts': { status: 413, title: 'The sync has too many parts' },
  'too-many-vms': { status: 413, title: 'The cluster has too many VMs' },
  'too-many-hosts': { status: 413, title: 'The cluster has too many hosts' },
  'too-many-clusters': { status: 409, title: 'Too many clusters are registered' },
  'too-many-viewers': { status: 503, title: 'Too many viewers are watching this cluster' },
  'cluster-exists': { status: 409, title: 'A cluster is registered under this name already' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  unavailable: { status: 503, title: 'The room does not answer' },
  internal: { status: 500, title: 'Something went wrong inside' },
};

/** A refusal on its way to the wire: a code, a sentence that says what to do, and further members. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Instead of the code's usual status. */
  readonly status?: number;
  readonly extra?: Readonly<Record<string, string | number>>;
}

export function formatProblem({ code, detail, status, extra }: Refusal): Problem {
  const kind = KINDS[code];
  return { ...extra, type: `urn:hostview:problem:${code}`, title: kind.title, status: status ?? kind.status, code, detail };
}

export function problemResponse(refusal: Refusal, headers: Readonly<Record<string, string>> = {}): Response {
  const problem = formatProblem(refusal);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}

const RETRY_AFTER_S = '2';

/** Overload, a reset or a deploy between Worker and room: nothing was decided, so the same request may be sent again. */
export const unavailableResponse = (): Response =>
  problemResponse(
    { code: 'unavailable', detail: 'The cluster’s room did not answer; send the same request again.' },
    { 'retry-after': RETRY_AFTER_S },
  );
