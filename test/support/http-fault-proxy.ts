/**
 * An HTTP proxy before a real API server that answers in its place, cuts streams, and counts what was asked and what came. It speaks
 * plain HTTP to the client, so that it sees the requests; whoever asks brings the token, which it hands on.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/** What every request is answered with. */
export interface FaultAnswer {
  readonly status: number;
  /** The header Retry-After, in seconds. */
  readonly retryAfterSeconds?: number;
}

export interface PathTraffic {
  requests: number;
  /** Of them: answered by the proxy. */
  refused: number;
  /** Of the bodies, as the server sent them. */
  bytes: number;
  /** How often the server said that a version is too old, by status or by an ERROR event. */
  gone: number;
}

export interface HttpFaultProxy {
  readonly url: string;
  /** By path without query, with ` watch` behind it for watches. */
  readonly traffic: ReadonlyMap<string, Readonly<PathTraffic>>;
  /** From now on every request is answered so, and the streams that are open are cut. */
  answerWith(answer: FaultAnswer): void;
  /** Requests reach the server again. */
  heal(): void;
  cutStreams(): void;
  resetTraffic(): void;
  close(): Promise<void>;
}

const GONE = '"code":410';

/** `target`: the API server's URL and the authority of its certificate. */
export async function startHttpFaultProxy(target: { readonly url: string; readonly ca: string }): Promise<HttpFaultProxy> {
  const agent = new https.Agent({ keepAlive: true, ca: target.ca });
  const traffic = new Map<string, PathTraffic>();
  const open = new Set<ServerResponse>();
  let fault: FaultAnswer | null = null;

  const trafficOf = (url: string): PathTraffic => {
    const { pathname, searchParams } = new URL(url, target.url);
    const key = searchParams.has('watch') ? `${pathname} watch` : pathname;
    const known = traffic.get(key) ?? { requests: 0, refused: 0, bytes: 0, gone: 0 };
    traffic.set(key, known);
    return known;
  };

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const counted = trafficOf(request.url ?? '/');
    counted.requests += 1;
    if (fault !== null) {
      counted.refused += 1;
      refuse(response, fault);
      return;
    }
    open.add(response);
    const asked = https.request(new URL(request.url ?? '/', target.url), { method: request.method, headers: headersOf(request), agent });
    asked.on('response', (answer) => {
      if (answer.statusCode === 410) counted.gone += 1;
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // A watch's headers must not wait for its first event.
      response.flushHeaders();
      answer.on('data', (chunk: Buffer) => {
        counted.bytes += chunk.length;
        if (answer.statusCode === 200 && chunk.includes(GONE)) counted.gone += 1;
      });
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    response.on('close', () => {
      open.delete(response);
      asked.destroy();
    });
    request.pipe(asked);
  }

  const server = createServer(serve);
  // A kept connection that is closed just as it is used again would be a fault that no test asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutStreams = (): void => {
    for (const response of open) response.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    traffic,
    answerWith: (answer) => {
      fault = answer;
      cutStreams();
    },
    heal: () => {
      fault = null;
    },
    cutStreams,
    resetTraffic: () => traffic.clear(),
    close: () => {
      server.closeAllConnections();
      agent.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function headersOf({ headers }: IncomingMessage): Record<string, string | string[] | undefined> {
  const { host: _host, connection: _connection, ...others } = headers;
  return others;
}

function refuse(response: ServerResponse, { status, retryAfterSeconds }: FaultAnswer): void {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'the proxy in between says no', code: status };
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(JSON.stringify(body));
}
