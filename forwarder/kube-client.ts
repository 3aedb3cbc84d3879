/**
 * GET and streamed GET against one API server. Kubeconfig, credentials and TLS come from @kubernetes/client-node; the requests are
 * our own, because its informer dies of a 500 and its Watch is cut every 30 s and hides Retry-After (client-node 2.0.1, #2385,
 * #3020). Plain HTTP/1.1 with kept connections: no time limit of a fetch implementation lies in wait for a quiet watch.
 */
import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { err, ok, type Result } from '../core/result.ts';
import { formatNetworkError, type KubeFailure, parseStatusFailure } from './kube-failure.ts';

export interface KubeClient {
  /** The API server's URL, for people. */
  readonly address: string;
  /** The body of a 200, whole. */
  getText(path: string, limits: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<Result<string, KubeFailure>>;
  /** The body of a 200 as it comes. Aborting the signal, or leaving the loop, closes the connection. */
  openStream(path: string, signal: AbortSignal): Promise<Result<AsyncIterable<Buffer>, KubeFailure>>;
  close(): void;
}

/** How long an API server may take to say that it has taken a request. */
const HEAD_TIMEOUT_MS = 30_000;
/** TCP itself finds a dead peer: probes start after this much quiet and give up about 10 s later (libuv: 10 probes, 1 s apart). */
const TCP_KEEP_ALIVE_MS = 15_000;
const MAX_ERROR_BYTES = 65_536;

export function createKubeClient(config: KubeConfig): KubeClient {
  const address = config.getCurrentCluster()?.server ?? '';
  const hasProxy = config.getCurrentCluster()?.proxyUrl !== undefined;
  const agent = new (address.startsWith('http:') ? http.Agent : https.Agent)({ keepAlive: true, keepAliveMsecs: TCP_KEEP_ALIVE_MS });

  /** Credentials can expire and certificates rotate, so they are asked for each time; the library caches what it may. */
  async function requestOptions(): Promise<Result<https.RequestOptions, KubeFailure>> {
    const options: https.RequestOptions = { headers: { accept: 'application/json', 'user-agent': 'hostview-forwarder' } };
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      return err({ kind: 'credentials', detail: detailOf(error) });
    }
    if (!hasProxy) options.agent = agent;
    return ok(options);
  }

  async function open(path: string, signal: AbortSignal): Promise<Result<http.IncomingMessage, KubeFailure>> {
    const options = await untilAborted(requestOptions(), signal);
    if (!options.ok) return options;
    const first = await send(address + path, { ...options.value, signal });
    const answer = first === 'stale-connection' ? await send(address + path, { ...options.value, signal, agent: false }) : first;
    if (answer === 'stale-connection') return err({ kind: 'unreachable', reason: 'the connection broke off' });
    if (!answer.ok || answer.value.statusCode === 200) return answer;
    const { statusCode = 0, headers } = answer.value;
    const body = await readText(answer.value, MAX_ERROR_BYTES).catch(() => '');
    return err(parseStatusFailure(statusCode, headers['retry-after'], body, Date.now()));
  }

  return {
    address,
    async getText(path, { timeoutMs, signal }) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const answer = await open(path, limit);
      if (!answer.ok) return answer;
      try {
        return ok(await readText(answer.value));
      } catch (error) {
        return err({ kind: 'unreachable', reason: formatNetworkError(limit.aborted ? limit.reason : error) });
      }
    },
    openStream: (path, signal) => open(path, signal),
    close: () => agent.destroy(),
  };
}

/** A parser's message quotes what it could not read: a credential, perhaps. */
function detailOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'its credentials are not the JSON that they should be';
  return error instanceof Error ? error.message : String(error);
}

/** Credential plugins know neither signal nor time limit: one that never answers must hold up nobody. */
async function untilAborted<Value>(work: Promise<Result<Value, KubeFailure>>, signal: AbortSignal): Promise<Result<Value, KubeFailure>> {
  const aborted = Promise.withResolvers<Result<never, KubeFailure>>();
  const abort = (): void => aborted.resolve(err({ kind: 'credentials', detail: 'no answer in time' }));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

type Sent = Result<http.IncomingMessage, KubeFailure> | 'stale-connection';

function send(url: string, options: https.RequestOptions): Promise<Sent> {
  return new Promise((resolve) => {
    const request = (url.startsWith('http:') ? http : https).get(url, options);
    const timer = setTimeout(() => request.destroy(new DOMException('', 'TimeoutError')), HEAD_TIMEOUT_MS);
    request.on('socket', (socket) => socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS));
    request.on('response', (response) => {
      clearTimeout(timer);
      resolve(ok(response));
    });
    request.on('error', (error) => {
      clearTimeout(timer);
      // The server may close a kept connection in the moment in which it is used again; that says nothing about the server.
      const isStale = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
      const reason = formatNetworkError(options.signal?.aborted === true ? options.signal.reason : error);
      resolve(isStale ? 'stale-connection' : err({ kind: 'unreachable', reason }));
    });
  });
}

async function readText(response: http.IncomingMessage, maxBytes = Number.POSITIVE_INFINITY): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
