/** Serves a simulated cluster as a Kubernetes API server does. The shell: sockets, bodies and headers; routes and answers are pure. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type KubernetesVersion, readDocument, streamsLists } from './api-discovery.ts';
import { readList } from './api-read.ts';
import { type ObjectTarget, parseRoute, type Route, verbOf } from './api-route.ts';
import { type ApiError, badRequest, forbidden, injected, notFound, pathNotFound, tooLarge, unauthorized } from './api-status.ts';
import { createObject, deleteObject, isJsonObject, patchObject, updateObject, type WriteResult } from './api-write.ts';
import { type Clock, systemClock } from './clock.ts';
import { formatKubeconfig } from './kubeconfig.ts';
import type { JsonObject, ResourceName } from './objects.ts';
import type { Cluster } from './types.ts';
import { createWatchCursor } from './watch-cursor.ts';
import { openWatchStream, type WatchStream } from './watch-stream.ts';

export interface ServeOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** Every request must carry it as a bearer token, else 401. */
  readonly token?: string;
  /** Whom a 403 names. */
  readonly user?: string;
  /** Whose ways it has, and what `/version` says. Default 1.34. */
  readonly kubernetes?: KubernetesVersion;
  /** Default one minute, as a real server. */
  readonly bookmarkIntervalMs?: number;
  /** The end of a watch that names no `timeoutSeconds`. Default 30 minutes. */
  readonly watchTimeoutMs?: number;
  /** The server's own timers. Default the machine's clock, also where the cluster has a virtual one. */
  readonly clock?: Clock;
}

export interface ServedCluster {
  readonly url: string;
  /** YAML. */
  readonly kubeconfig: string;
  /** Watches that are open now. */
  readonly watchCount: number;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 3 * 1024 * 1024;
const BOOKMARK_INTERVAL_MS = 60_000;
const WATCH_TIMEOUT_MS = 30 * 60_000;

async function readBody(
  request: IncomingMessage,
): Promise<{ readonly ok: true; readonly body: JsonObject } | { readonly ok: false; readonly error: ApiError }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return { ok: false, error: tooLarge };
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return isJsonObject(body) ? { ok: true, body } : { ok: false, error: badRequest('the body is not a JSON object') };
  } catch {
    return { ok: false, error: badRequest('the body of the request was not JSON, or empty') };
  }
}

function send(response: ServerResponse, code: number, body: object | string, headers: Readonly<Record<string, string>> = {}): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(code, { 'content-type': type, 'content-length': Buffer.byteLength(text), ...headers }).end(text);
}

const sendError = (response: ServerResponse, error: ApiError): void =>
  send(response, error.code, error.body, error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) });

const resourceOf = (route: Route): ResourceName | null => ('resource' in route ? route.resource.name : null);

export async function serveCluster(cluster: Cluster, options: ServeOptions = {}): Promise<ServedCluster> {
  const { host = '127.0.0.1', port = 0, token, user = 'system:serviceaccount:default:simulated', clock = systemClock } = options;
  const { kubernetes = '1.34' } = options;
  const { store, faults } = cluster;
  const watches = new Map<WatchStream, ResourceName>();

  /** The reasons not to answer, in the order of a real server: who is it, may they, does it exist. */
  function findRefusal(request: IncomingMessage, route: Route): ApiError | null {
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) return unauthorized;
    const resource = resourceOf(route);
    const failure = route.type === 'document' ? null : faults.takeFailure(resource);
    if (failure !== null) return injected(failure.status, failure.retryAfter);
    const verb = verbOf(route);
    if (verb !== null && 'resource' in route && faults.isForbidden(verb, route.resource.name)) {
      return forbidden(verb, route.resource, user, { namespace: route.namespace, name: 'name' in route ? route.name : undefined });
    }
    if (resource !== null && !faults.isInstalled(resource)) return pathNotFound;
    return route.type === 'error' ? route.error : null;
  }

  function openWatch(response: ServerResponse, route: Route & { readonly type: 'watch' }): void {
    const { resource, query } = route;
    const unsubscribe = store.subscribe(resource.name, () => stream.wake());
    const stream = openWatchStream(response, createWatchCursor(store, resource, query), {
      clock,
      timeoutMs: query.timeoutMs ?? options.watchTimeoutMs ?? WATCH_TIMEOUT_MS,
      bookmarkIntervalMs: query.bookmarks ? (options.bookmarkIntervalMs ?? BOOKMARK_INTERVAL_MS) : null,
      isFrozen: () => faults.frozen,
      onClose: () => {
        unsubscribe();
        watches.delete(stream);
      },
    });
    watches.set(stream, resource.name);
  }

  async function write(request: IncomingMessage, route: Route & ObjectTarget): Promise<WriteResult> {
    const { resource, namespace } = route;
    if (route.type === 'delete') return deleteObject(cluster, resource, namespace ?? '', route.name);
    const read = await readBody(request);
    if (!read.ok) return read;
    if (route.type === 'update') return updateObject(cluster, namespace ?? '', route.name, read.body);
    if (route.type === 'patch') return patchObject(cluster, resource, namespace, route.name, read.body);
    return createObject(cluster, resource, namespace ?? '', read.body);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = parseRoute(request.method ?? 'GET', request.url ?? '/', streamsLists(kubernetes));
    const refusal = findRefusal(request, route);
    if (refusal !== null) return sendError(response, refusal);
    switch (route.type) {
      case 'error':
        return sendError(response, route.error);
      case 'document': {
        const document = readDocument(route.path, faults.isInstalled, kubernetes);
        return document === null ? sendError(response, pathNotFound) : send(response, 200, document);
      }
      case 'list': {
        const read = readList(store, route.resource, route.query);
        return read.ok ? send(response, 200, read.list) : sendError(response, read.error);
      }
      case 'watch':
        return openWatch(response, route);
      case 'get': {
        const object = store.get(route.resource.name, route.namespace, route.name);
        return object === undefined ? sendError(response, notFound(route.resource, route.name)) : send(response, 200, object);
      }
      default: {
        const result = await write(request, route);
        return result.ok ? send(response, result.code, result.body) : sendError(response, result.error);
      }
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => {
      if (response.headersSent) response.destroy();
      else
        sendError(response, {
          ...injected(500, undefined),
          body: {
            kind: 'Status',
            apiVersion: 'v1',
            metadata: {},
            status: 'Failure',
            reason: 'InternalError',
            message: String(cause),
            code: 500,
          },
        });
    });
  });
  const stopOrders = faults.onWatches((order) => {
    for (const [stream, resource] of [...watches]) {
      if (order.type === 'thaw') stream.wake();
      else if (order.kind === undefined || order.kind === resource) stream.cut();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`;

  return {
    url,
    kubeconfig: formatKubeconfig({ clusterName: cluster.name, url, ...(token === undefined ? {} : { token }) }),
    get watchCount() {
      return watches.size;
    },
    close() {
      stopOrders();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
