/** The page's requests. Shells: what an answer means is decided in answer.ts. */
import type { Snapshot } from '../../core/downlink.ts';
import type { ClusterName } from '../../core/model.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { type Failure, failureOf } from './answer.ts';
import { readJson } from './read-json.ts';

/** A snapshot that has not come after this long will not come on this connection. */
export const LOAD_TIMEOUT_MS = 20_000;
/** Nor one of which nothing has. HTTP/1.1 leaves several connections idle, and each may be as dead as the one before. */
const SILENCE_TIMEOUT_MS = 10_000;

/** Null where nothing has changed since `cursor`; never null where a drift is reported, for what is held must be replaced then (D6). */
export function fetchSnapshot(
  cluster: ClusterName,
  cursor: string | null,
  signal: AbortSignal,
  drift: string | null,
): Promise<Result<Snapshot | null, Failure>> {
  const headers = drift !== null ? { 'x-hostview-drift': drift } : cursor !== null ? { 'if-none-match': `"${cursor}"` } : {};
  return fetchJson<Snapshot>(`/api/v1/clusters/${encodeURIComponent(cluster)}`, signal, headers);
}

export const streamAddress = (cluster: ClusterName, cursor: string | null): string =>
  `/api/v1/clusters/${encodeURIComponent(cluster)}/stream${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`;

/** Null where nothing has changed. `failure` reads what is refused. */
export async function fetchJson<Body, Refused = Failure>(
  address: string,
  signal: AbortSignal,
  headers: HeadersInit = {},
  failure: (...answer: Parameters<typeof failureOf>) => Failure | Refused = failureOf,
): Promise<Result<Body | null, Failure | Refused>> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_TIMEOUT_MS);
  try {
    const response = await fetch(address, {
      signal: AbortSignal.any([signal, silence.signal, AbortSignal.timeout(LOAD_TIMEOUT_MS)]),
      // The page holds the picture itself: a copy in the HTTP cache could only be an older one.
      cache: 'no-store',
      // What guards a whole site (Cloudflare Access) leads to a login of another origin, which fetch could not follow.
      redirect: 'manual',
      headers: { accept: 'application/json', ...headers },
    }).finally(() => clearTimeout(timer));
    if (response.status === 304) return ok(null);
    if (!response.ok) return err(failure(response.status, await response.text(), response.headers.get('retry-after')));
    return ok(readJson<Body>(await response.text()));
  } catch (error) {
    return err({ kind: 'trouble', trouble: error instanceof SyntaxError ? 'server' : 'network' });
  }
}
