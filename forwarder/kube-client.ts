/**
 * GET, streamed GET and writes of one object against one API server. Kubeconfig, credentials and TLS come from
 * @kubernetes/client-node; the requests are our own, because its informer dies of a 500 and its Watch is cut every 30 s and hides
 * Retry-After (client-node 2.0.1, #2385, #3020). Plain HTTP/1.1 with kept connections: no time limit of a fetch implementation lies
 * in wait for a quiet watch.
 */
import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { err, ok, type Result } from '../core/result.ts';
import { formatNetworkError, type KubeFailure, parseStatusFailure } from './kube-failure.ts';

export interface KubeClient {
  /** The API server's URL, for people. */
  readonly address: string;
  /** The body of a 200, whole; `oversized` above 16 MB. */
  getText(path: string, limits: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<Result<string, KubeFailure>>;
  /**
   * Reads or writes one object; its text as the server has it afterwards, at most 1 MiB. A request whose kept connection breaks off is
   * sent once more: a write must name the version that it replaces, or create, so that the second arrival is refused (409).
   */
  exchange(
    request: ObjectRequest,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<Result<string, KubeFailure>>;
  /** The body of a 200 as it comes. Aborting the signal, or leaving the loop, closes the connection. */
  openStream(path: string, signal: AbortSignal): Promise<Result<AsyncIterable<Buffer>, KubeFailure>>;
  close(): void;
}

export interface ObjectRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  /** JSON, of a write. */
  readonly body?: string;
}

/** How long an API server may take to say that it has taken a request. */
const HEAD_TIMEOUT_MS = 30_000;
/** TCP itself finds a dead peer: probes start after this much quiet and give up about 10 s later (libuv: 10 probes, 1 s apart). */
const TCP_KEEP_ALIVE_MS = 15_000;
const MAX_ERROR_BYTES = 65_536;
const ERROR_BODY_TIMEOUT_MS = 5_000;
/**
 * Of one answer that is read whole; a page of 500 objects as large as real ones is 4 MB. Whoever asks for a list can ask for less. Several
 * kinds are listed at once, and each takes some four times this while it is read: four of 57 MB pass the container's 512 MiB (measured).
 */
const MAX_TEXT_BYTES = 16 * 1_048_576;
/** What etcd takes at most is 1.5 MiB; one object that the forwarder writes is of a few hundred bytes. */
const MAX_OBJECT_BYTES = 1_048_576;

export interface KubeTimeouts {
  /** Until a request is answered. */
  readonly headMs: number;
  /** For what an error says, after that. */
  readonly errorBodyMs: number;
}

export function createKubeClient(
  config: KubeConfig,
  timeouts: KubeTimeouts = { headMs: HEAD_TIMEOUT_MS, errorBodyMs: ERROR_BODY_TIMEOUT_MS },
): KubeClient {
  const address = config.getCurrentCluster()?.server ?? '';
  const hasProxy = config.getCurrentCluster()?.proxyUrl !== undefined;
  const agent = new (address.startsWith('http:') ? http.Agent : https.Agent)({ keepAlive: true, keepAliveMsecs: TCP_KEEP_ALIVE_MS });

  /** Credentials can expire and certificates rotate, so they are asked for each time; the library caches what it may. */
  async function requestOptions(): Promise<Result<https.RequestOptions, KubeFailure>> {
    const options: https.RequestOptions = {
      headers: { accept: 'application/json', 'user-agent': 'hostview-forwarder' },
      // The library's agents for proxies give a proxy that does not answer as long as this, and without it for ever.
      ...(hasProxy && { timeout: timeouts.headMs }),
    };
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      return err({ kind: 'credentials', detail: detailOf(error) });
    }
    if (!hasProxy) options.agent = agent;
    return ok(options);
  }

  /** Connections that wait to be used again: where one hung the others do too, and each would cost a wait of its own to find out. */
  function dropIdle(): void {
    for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }

  async function open({ method, path, body }: ObjectRequest, signal: AbortSignal): Promise<Result<http.IncomingMessage, KubeFailure>> {
    const options = await untilAborted(requestOptions(), signal);
    if (!options.ok) return options;
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = { ...options.value, method, signal, headers: { ...options.value.headers, ...headers } };
    const first = await send(address + path, request, timeouts.headMs, body);
    const answer = first === 'stale-connection' ? await send(address + path, { ...request, agent: false }, timeouts.headMs, body) : first;
    if (answer === 'stale-connection') return err({ kind: 'unreachable', reason: 'the connection broke off' });
    if (!answer.ok && answer.error.kind === 'unreachable') dropIdle();
    if (!answer.ok || answer.value.statusCode === 200 || answer.value.statusCode === 201) return answer;
    const { statusCode = 0 } = answer.value;
    const text = await readErrorText(answer.value, timeouts.errorBodyMs);
    return err(parseStatusFailure(statusCode, answer.value.headers['retry-after'], text, Date.now()));
  }

  async function ask(
    request: ObjectRequest,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
    maxBytes: number,
    tooLarge: KubeFailure,
  ): Promise<Result<string, KubeFailure>> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const answer = await open(request, limit);
    if (!answer.ok) return answer;
    try {
      const body = await readBytes(answer.value, maxBytes);
      return body.length > maxBytes ? err(tooLarge) : ok(body.toString('utf8'));
    } catch (error) {
      return err({ kind: 'unreachable', reason: formatNetworkError(limit.aborted ? limit.reason : error) });
    }
  }

  return {
    address,
    getText: (path, limits) => ask({ method: 'GET', path }, limits, MAX_TEXT_BYTES, { kind: 'oversized', maxBytes: MAX_TEXT_BYTES }),
    exchange: (request, limits) => ask(request, limits, MAX_OBJECT_BYTES, { kind: 'malformed', detail: 'it is larger than 1 MiB' }),
    openStream: (path, signal) => open({ method: 'GET', path }, signal),
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

function send(url: string, options: https.RequestOptions, headMs: number, body?: string): Promise<Sent> {
  const { promise, resolve } = Promise.withResolvers<Sent>();
  const { signal } = options;
  let request: http.ClientRequest;
  try {
    request = (url.startsWith('http:') ? http : https).request(url, options);
  } catch (error) {
    // A token that no header can hold, a certificate that is none.
    return Promise.resolve(err({ kind: 'credentials', detail: detailOf(error) }));
  }
  const end = (sent: Sent): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    resolve(sent);
  };
  /** A request that waits for its connection (behind a proxy, say) cannot be destroyed so that it says so itself. */
  const giveUp = (reason: unknown): void => {
    request.destroy();
    end(err({ kind: 'unreachable', reason: formatNetworkError(reason) }));
  };
  const abort = (): void => giveUp(signal?.reason);
  const timer = setTimeout(() => giveUp(new DOMException('', 'TimeoutError')), headMs);
  signal?.addEventListener('abort', abort);
  request.on('socket', (socket) => socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS));
  request.on('response', (response) => end(ok(response)));
  request.on('error', (error) => {
    // The server may close a kept connection in the moment in which it is used again; that says nothing about the server.
    const isStale = request.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
    const reason = formatNetworkError(signal?.aborted === true ? signal.reason : error);
    end(isStale ? 'stale-connection' : err({ kind: 'unreachable', reason }));
  });
  // An answer that is none, such as a change of protocol nobody asked for.
  request.on('close', () => end(err({ kind: 'unreachable', reason: 'the connection broke off' })));
  request.end(body);
  return promise;
}

/** What an error says is worth a moment, not more. */
async function readErrorText(response: http.IncomingMessage, timeoutMs: number): Promise<string> {
  const timer = setTimeout(() => response.destroy(), timeoutMs);
  const body = await readBytes(response, MAX_ERROR_BYTES).catch(() => Buffer.alloc(0));
  clearTimeout(timer);
  return body.toString('utf8');
}

/** More than `maxBytes` where there is more; what follows is not even received. */
async function readBytes(response: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks);
}
