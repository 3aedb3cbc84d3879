/** What a request asks for: from a method and a URL to a route. Pure. */
import { type ApiError, badRequest, invalid, methodNotAllowed, pathNotFound, resourceNotFound } from './api-status.ts';
import type { ApiVerb } from './faults.ts';
import { apiVersionOf, isResourceName, RESOURCE_NAMES, RESOURCES, type Resource } from './resources.ts';
import { type Predicate, parseFieldSelector, parseLabelSelector } from './selector.ts';

export interface ObjectTarget {
  readonly resource: Resource;
  readonly namespace: string | undefined;
}

export interface ListQuery {
  readonly matches: Predicate;
  /** 0 without a limit. */
  readonly limit: number;
  readonly continueToken: string | null;
  /** Null when it was not given. */
  readonly version: number | null;
  readonly exact: boolean;
}

export interface WatchQuery {
  readonly matches: Predicate;
  readonly version: number | null;
  readonly bookmarks: boolean;
  /** A list as a stream: what there is, then a bookmark that says so. */
  readonly initialEvents: boolean;
  /** Null without `timeoutSeconds`. */
  readonly timeoutMs: number | null;
}

export type Route =
  | { readonly type: 'document'; readonly path: string }
  | ({ readonly type: 'list' } & ObjectTarget & { readonly query: ListQuery })
  | ({ readonly type: 'watch' } & ObjectTarget & { readonly query: WatchQuery })
  | ({ readonly type: 'create' } & ObjectTarget)
  | ({ readonly type: 'get' | 'update' | 'patch' | 'delete'; readonly name: string } & ObjectTarget)
  | { readonly type: 'error'; readonly error: ApiError };

export const verbOf = (route: Route): ApiVerb | null => (route.type === 'document' || route.type === 'error' ? null : route.type);

const OBJECT_VERBS: Readonly<Record<string, 'get' | 'update' | 'patch' | 'delete'>> = {
  GET: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

const error = (found: ApiError): Route => ({ type: 'error', error: found });

function findResource(prefix: readonly string[], plural: string): Resource | null {
  if (!isResourceName(plural)) return null;
  const resource = RESOURCES[plural];
  const expected = resource.group === '' ? ['api', resource.version] : ['apis', resource.group, resource.version];
  return expected.join('/') === prefix.join('/') ? resource : null;
}

interface Found extends ObjectTarget {
  readonly name: string | null;
}

/** `/api/v1/…` and `/apis/GROUP/VERSION/…`, with or without a namespace; null for any other path. */
function findTarget(segments: readonly string[]): Found | null {
  const depth = segments[0] === 'api' ? 2 : 3;
  const prefix = segments.slice(0, depth);
  const rest = segments.slice(depth);
  // `/namespaces/NAME/PLURAL…` is a namespaced resource; `/namespaces` and `/namespaces/NAME` are the namespaces themselves.
  const namespaced = rest[0] === 'namespaces' && rest.length > 2;
  const namespace = namespaced ? rest[1] : undefined;
  const [plural, name, ...more] = namespaced ? rest.slice(2) : rest;
  if (plural === undefined || more.length > 0) return null;
  const resource = findResource(prefix, plural);
  if (resource === null || (namespaced && !resource.namespaced)) return null;
  if (name !== undefined && resource.namespaced && namespace === undefined) return null;
  return { resource, namespace, name: name ?? null };
}

function parseWhole(text: string | null): number | null | 'wrong' {
  if (text === null || text === '') return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : 'wrong';
}

/** What a server refuses of a list or a watch about initial events (KEP-3157), in its words; null where there is nothing wrong. */
function findStreamError(query: URLSearchParams, isWatch: boolean, streamsLists: boolean): string | null {
  const isAsked = query.has('sendInitialEvents');
  if (!isWatch) return isAsked ? 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list' : null;
  const match = query.get('resourceVersionMatch') ?? '';
  if (isAsked && !streamsLists)
    return 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled';
  if (isAsked && match !== 'NotOlderThan')
    return 'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
  if (!isAsked && match !== '')
    return 'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
  return null;
}

function parseCollection(target: ObjectTarget, query: URLSearchParams, streamsLists: boolean): Route {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  if (!labels.ok) return error(badRequest(labels.message));
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '');
  if (!fields.ok) return error(badRequest(fields.message));
  const matches: Predicate = (metadata, nodeName) =>
    (target.namespace === undefined || metadata.namespace === target.namespace) &&
    labels.matches(metadata) &&
    fields.matches(metadata, nodeName);
  const version = parseWhole(query.get('resourceVersion'));
  if (version === 'wrong') {
    const wrong = query.get('resourceVersion');
    return error(invalid(`resourceVersion: Invalid value: "${wrong}": strconv.ParseUint: parsing "${wrong}": invalid syntax`));
  }
  const isOn = (name: string): boolean => ['true', '1'].includes(query.get(name) ?? '');
  const streamError = findStreamError(query, isOn('watch'), streamsLists);
  if (streamError !== null) return error(invalid(`ListOptions.meta.k8s.io "" is invalid: ${streamError}`));
  if (!isOn('watch')) {
    const limit = parseWhole(query.get('limit'));
    if (limit === 'wrong') return error(badRequest(`limit: "${query.get('limit')}" is not a whole number`));
    const exact = query.get('resourceVersionMatch') === 'Exact';
    return { type: 'list', ...target, query: { matches, limit: limit ?? 0, continueToken: query.get('continue') || null, version, exact } };
  }
  const timeout = parseWhole(query.get('timeoutSeconds'));
  if (timeout === 'wrong') return error(badRequest(`timeoutSeconds: "${query.get('timeoutSeconds')}" is not a whole number`));
  const timeoutMs = timeout === null || timeout === 0 ? null : timeout * 1000;
  const bookmarks = isOn('allowWatchBookmarks');
  return { type: 'watch', ...target, query: { matches, version, bookmarks, initialEvents: isOn('sendInitialEvents'), timeoutMs } };
}

const DOCUMENT_PATHS: ReadonlySet<string> = new Set([
  '/version',
  '/livez',
  '/readyz',
  '/healthz',
  '/api',
  '/apis',
  ...RESOURCE_NAMES.map((name) => RESOURCES[name]).flatMap((resource) =>
    resource.group === '' ? [`/api/${resource.version}`] : [`/apis/${resource.group}`, `/apis/${apiVersionOf(resource)}`],
  ),
]);

/** Below these a resource that does not exist is answered with a Status; below a group of CRDs with plain text. */
const BUILT_IN_PATH = /^\/(?:api\/v1|apis\/coordination\.k8s\.io\/v1)\//;

/** `streamsLists`: the server's gate WatchList is on. */
export function parseRoute(method: string, url: string, streamsLists = true): Route {
  const { pathname, searchParams } = new URL(url, 'http://cluster.invalid');
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname;
  if (DOCUMENT_PATHS.has(path)) return method === 'GET' || method === 'HEAD' ? { type: 'document', path } : error(methodNotAllowed);
  let segments: readonly string[];
  try {
    segments = path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return error(badRequest(`the path ${path} is not valid percent-encoding`));
  }
  const found = segments[0] === 'api' || segments[0] === 'apis' ? findTarget(segments) : null;
  if (found === null) return error(BUILT_IN_PATH.test(path) ? resourceNotFound : pathNotFound);
  const { resource, namespace, name } = found;
  const target = { resource, namespace };
  if (method !== 'GET' && searchParams.has('dryRun')) return error(badRequest('this simulated server has no dryRun'));
  if (name !== null) {
    const verb = OBJECT_VERBS[method];
    if (verb === undefined || (verb !== 'get' && !resource.writes.includes(verb))) return error(methodNotAllowed);
    return { type: verb, ...target, name };
  }
  if (method === 'GET') return parseCollection(target, searchParams, streamsLists);
  if (method !== 'POST' || !resource.writes.includes('create')) return error(methodNotAllowed);
  if (resource.namespaced && namespace === undefined) return error(methodNotAllowed);
  return { type: 'create', ...target };
}
