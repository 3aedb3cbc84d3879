/** POSTs to the edge, over kept connections. What they mean is decided in uplink-state.ts. */
import { gzipSync } from 'node:zlib';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { formatNetworkError } from './kube-failure.ts';
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
  post(path: 'sessions' | 'batches', body: EncodedBody, token: string, signal: AbortSignal): Promise<EdgeAnswer>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 20_000;
/** Longer than a heartbeat's interval, so that the next batch finds the connection open. */
const KEEP_ALIVE_MS = 60_000;
/** For a request as a whole: an answer that drips byte by byte passes every other limit. Long enough for a slow line. */
const POST_TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 65_536;

/** `edge`: URL without a slash at its end. `env`: HTTPS_PROXY and its kin, for clusters that reach the outside only that way. */
export function createEdgeClient(edge: string, cluster: string, env: NodeJS.ProcessEnv, timeoutMs = POST_TIMEOUT_MS): EdgeClient {
  const options: Agent.Options = {
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const dispatcher: Dispatcher = hasProxy(env) ? new EnvHttpProxyAgent(options) : new Agent(options);
  const base = `${edge}/api/v1/clusters/${cluster}/`;
  return {
    async post(path, { bytes, isGzip }, token, signal) {
      try {
        const answer = await request(base + path, {
          method: 'POST',
          dispatcher,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          body: bytes,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            accept: 'application/json',
            ...(isGzip && { 'content-encoding': 'gzip' }),
          },
        });
        const body = await readBounded(answer.body);
        const retryAfter = answer.headers['retry-after'];
        return { ok: true, raw: { status: answer.statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : null, body } };
      } catch (error) {
        return { ok: false, reason: formatNetworkError(error) };
      }
    },
    close: () => dispatcher.destroy(),
  };
}

const hasProxy = (env: NodeJS.ProcessEnv): boolean =>
  ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => (env[name] ?? '') !== '');

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
