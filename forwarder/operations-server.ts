/** Serves the probes and the metrics: GET and HEAD of three addresses, and nothing else. What they say is decided in probes.ts and metrics.ts. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { err, ok, type Result } from '../core/result.ts';
import type { ListenAddress } from './config.ts';
import type { ProbeAnswer } from './probes.ts';

export interface Operations {
  readonly live: () => ProbeAnswer;
  readonly ready: () => ProbeAnswer;
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
}

export interface OperationsServer {
  /** Where it listens: the port that was found where 0 was asked for. */
  readonly address: ListenAddress;
  /** Ends open connections too. */
  close(): Promise<void>;
}

const TEXT = 'text/plain; charset=utf-8';
/** A kubelet's probe and a scrape are one short request each. */
const REQUEST_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 5_000;
/** A client that asks and does not read is given up. */
const IDLE_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 8_192;
const MAX_CONNECTIONS_COUNT = 64;
const MAX_REQUESTS_PER_CONNECTION_COUNT = 1_000;

/** Every address of the machine, IPv4's too. */
const ANY_ADDRESS = '::';
const ANY_IPV4_ADDRESS = '0.0.0.0';
/** What listening on `::` fails with where IPv6 is switched off. */
const NO_IPV6_CODES: readonly string[] = ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'];

/** An error is one line that says what to do. */
export async function startOperationsServer(listen: ListenAddress, operations: Operations): Promise<Result<OperationsServer>> {
  const limits = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer({ ...limits, maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: REQUEST_TIMEOUT_MS });
  server.setTimeout(IDLE_TIMEOUT_MS);
  limitConnections(server);
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION_COUNT;
  server.on('request', (request, response) => void answer(request, response, operations));
  const first = await bind(server, listen);
  const host = hostInstead(listen.host, first);
  const failure = host === null ? first : await bind(server, { ...listen, host });
  if (failure !== null) return err(describe(listen, failure));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port;
  return ok({
    address: { host: host ?? listen.host, port },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** The oldest makes room for the newest: whoever holds many connections must not keep the kubelet out. */
function limitConnections(server: Server): void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const [oldest] = open;
    if (open.size > MAX_CONNECTIONS_COUNT) oldest?.destroy();
  });
}

/** What to listen on after that failure; null where nothing else will do. */
export function hostInstead(host: string, failure: NodeJS.ErrnoException | null): string | null {
  return host === ANY_ADDRESS && NO_IPV6_CODES.includes(failure?.code ?? '') ? ANY_IPV4_ADDRESS : null;
}

/** Null where it listens. */
function bind(server: Server, { host, port }: ListenAddress): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => resolve(error);
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve(null);
    });
  });
}

function describe({ host, port }: ListenAddress, { code, message }: NodeJS.ErrnoException): string {
  const where = `cannot listen on ${host === ANY_ADDRESS ? '' : `${host}:`}${port} (--listen)`;
  switch (code) {
    case 'EADDRINUSE':
      return `${where}: another program does already; give another port`;
    case 'EACCES':
      return `${where}: not allowed; give a port from 1024 up`;
    case 'EADDRNOTAVAIL':
      return `${where}: this machine has no such address`;
    default:
      return `${where}: ${message}`;
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, operations: Operations): Promise<void> {
  // Nobody has anything to say here; what is sent all the same is not kept.
  request.resume();
  const [pathname = ''] = (request.url ?? '').split('?', 1);
  const { metrics, live, ready } = operations;
  try {
    if (!['/livez', '/readyz', '/metrics'].includes(pathname)) end(response, 404, 'there are /livez, /readyz and /metrics\n');
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      end(response, 405, 'only GET and HEAD\n');
    } else if (pathname === '/metrics') end(response, 200, await metrics.render(), metrics.contentType);
    else {
      const { code, text } = pathname === '/livez' ? live() : ready();
      end(response, code, text);
    }
  } catch {
    end(response, 500, 'this cannot be told now\n');
  }
}

function end(response: ServerResponse, code: number, text: string, type = TEXT): void {
  response.writeHead(code, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}
