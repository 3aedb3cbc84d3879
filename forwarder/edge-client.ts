/** POSTs to the edge, over kept connections. What they mean is decided in uplink-state.ts. */
import { gzipSync } from 'node:zlib';
import { request } from 'undici';
import { err, ok, type Result } from '../core/result.ts';
import { createTransport, formatTransportError, isUntrusted } from './edge-transport.ts';
import { selectProxy } from './proxy-env.ts';
import type { RawAnswer } from './uplink-answer.ts';

/** A body as it goes over the wire; a retry sends the very same (U2). */
export interface EncodedBody {
  readonly bytes: Buffer;
  readonly isGzip: boolean;
}

/** Below this, compressing costs more time than it saves. */
const GZIP_FROM_BYTES = 8_192;

export function encodeBody(text: string): EncodedBody {
  const bytes = Buffer.from(text);
  return bytes.length < GZIP_FROM_BYTES ? { bytes, isGzip: false } : { bytes: gzipSync(bytes, { level: 4 }), isGzip: true };
}

export type EdgeAnswer = { readonly ok: true; readonly raw: RawAnswer } | { readonly ok: false; readonly reason: string };

export interface EdgeClient {
  post(path: 'sessions' | 'batches' | 'progress', body: EncodedBody, token: string, signal: AbortSignal): Promise<EdgeAnswer>;
  close(): Promise<void>;
}

/** Asks what a session would be answered (core/uplink.ts, UplinkCheck). `clusterUid`: null where it is not known. */
export interface EdgeChecker {
  check(
    session: { readonly protocol: number; readonly clusterUid: string | null },
    token: string,
    signal: AbortSignal,
  ): Promise<EdgeAnswer>;
}

export interface EdgeClientOptions {
  /** Authorities to trust besides the usual ones (PEM). Asked for at the start, and again when the edge's certificate is not trusted. */
  readonly readCa?: () => Result<string>;
  /** For a request as a whole. */
  readonly timeoutMs?: number;
}

/** For a request as a whole: an answer that drips byte by byte passes every other limit. Long enough for a slow line. */
const POST_TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 65_536;

/**
 * `edge`: URL without a slash at its end. `env`: HTTPS_PROXY and its kin, for clusters that reach the outside only that way. Where they or
 * the authorities cannot be used, the answers say so (who starts the forwarder should have looked: selectProxy, readCaFile).
 */
export function createEdgeClient(
  edge: string,
  cluster: string,
  env: NodeJS.ProcessEnv,
  { readCa, timeoutMs = POST_TIMEOUT_MS }: EdgeClientOptions = {},
): EdgeClient & EdgeChecker {
  const proxy = selectProxy(edge, env);
  const way = proxy.ok ? proxy.value : null;
  let ca = readCa?.() ?? null;
  let dispatcher = createTransport(way, ca?.ok === true ? ca.value : null);

  /** The authority was replaced, perhaps: what is tried next, is tried with what the file then holds. Why not, where that cannot be. */
  function trustAnew(): Result<null> {
    if (readCa === undefined) return ok(null);
    const before = ca;
    ca = readCa();
    if (!ca.ok) return err(ca.error);
    if (before?.ok === true && before.value === ca.value) return ok(null);
    void dispatcher.destroy();
    dispatcher = createTransport(way, ca.value);
    return ok(null);
  }

  const base = `${edge}/api/v1/clusters/${cluster}/`;

  async function exchange(path: string, token: string, signal: AbortSignal, sent: EncodedBody | null): Promise<EdgeAnswer> {
    if (!proxy.ok) return { ok: false, reason: proxy.error };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const asking = request(base + path, {
        method: sent === null ? 'GET' : 'POST',
        dispatcher,
        signal: limit,
        body: sent === null ? null : sent.bytes,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(sent !== null && { 'content-type': 'application/json' }),
          ...(sent?.isGzip === true && { 'content-encoding': 'gzip' }),
        },
      });
      const answer = await untilAborted(asking, limit);
      const body = await readBounded(answer.body);
      const retryAfter = answer.headers['retry-after'];
      return { ok: true, raw: { status: answer.statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : null, body } };
    } catch (error) {
      const trusted = isUntrusted(error) ? trustAnew() : ok(null);
      const reason = formatTransportError(error, way);
      return { ok: false, reason: trusted.ok ? reason : `${reason} (${trusted.error})` };
    }
  }

  return {
    post: (path, body, token, signal) => exchange(path, token, signal, body),
    check({ protocol, clusterUid }, token, signal) {
      const query = new URLSearchParams({ protocol: String(protocol), ...(clusterUid !== null && { clusterUid }) });
      return exchange(`uplink?${query}`, token, signal, null);
    },
    close: () => dispatcher.destroy(),
  };
}

/** While undici waits for a connection (through a proxy that says nothing, say) it does not look at the signal (8.12). */
async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What follows is not even received: leaving the loop closes the connection. */
async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, Math.min(bytes, MAX_ANSWER_BYTES));
}
