/** Requests to every route: right ones, right ones that are bent in one place, and bytes that nobody meant. */

import type { Access, Operation } from '../../../worker/api/operation.ts';
import { OPERATIONS } from '../../../worker/api/operations.ts';
import type { Random } from '../simulation/random.ts';
import { bendJson, oddText, rawBytes } from './bend.ts';
import { toPathname } from './pathname.ts';
import { sample, schemaOf } from './sample.ts';

/** What the world that is asked looks like now. */
export interface Surroundings {
  /** Clusters whose forwarders have synced. */
  readonly clusters: readonly string[];
  /** Names that may be registered and removed. */
  readonly victims: readonly string[];
  readonly bearers: Readonly<Record<Access, (cluster: string) => string>>;
  /** The cluster's session, and the number of its next batch. */
  readonly place: (cluster: string) => { readonly session: number; readonly number: number; readonly digest: string };
  /** An install code that is open. */
  readonly code: (cluster: string) => string;
  readonly shareId: () => string;
  readonly cursor: (cluster: string) => string;
}

export interface FuzzRequest {
  readonly operation: Operation;
  readonly kind: 'right' | 'bent' | 'raw';
  readonly cluster: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** What is bent of a request that is bent. */
type Bend = 'body' | 'query' | 'path' | 'headers' | 'method' | 'credential';

/** What destroys something has victims of its own. */
const DESTRUCTIVE: readonly string[] = ['registerCluster', 'removeCluster', 'issueCode', 'revokeTokens', 'installForwarder'];

export function composeRequest(random: Random, world: Surroundings): FuzzRequest {
  const operation = random.pick(OPERATIONS);
  const kind = random.weighted({ right: 3, bent: 6, raw: 2 });
  const cluster = random.pick(DESTRUCTIVE.includes(operation.id) ? world.victims : world.clusters);
  const right: FuzzRequest = {
    operation,
    kind,
    cluster,
    method: operation.method.toUpperCase(),
    path: toPathname(operation.path, parametersOf(operation, cluster, world, random)) + queryOf(operation, cluster, world, random),
    headers: headersOf(operation, cluster, world),
    body: operation.body === undefined ? null : JSON.stringify(bodyOf(operation, cluster, world, random)),
  };
  if (kind === 'right') return right;
  return kind === 'bent' ? bend(right, random) : makeRaw(right, random);
}

const parametersOf = ({ id }: Operation, cluster: string, world: Surroundings, random: Random): Record<string, string> => ({
  cluster,
  namespace: 'default',
  name: random.pick(['ubuntu', 'a', 'nobody']),
  id: id === 'removeShare' ? world.shareId() : 'x',
});

function queryOf({ id, parameters = [], access }: Operation, cluster: string, world: Surroundings, random: Random): string {
  const query = new URLSearchParams();
  if (access === 'code') query.set('code', world.code(cluster));
  for (const { name } of parameters.filter((parameter) => parameter.in === 'query')) {
    const isNeeded = parameters.some((parameter) => parameter.name === name && parameter.required === true);
    if (isNeeded || random.chance(0.3)) query.set(name, queryValue(id, name, cluster, world, random));
  }
  return query.size === 0 ? '' : `?${query}`;
}

function queryValue(id: string, name: string, cluster: string, world: Surroundings, random: Random): string {
  const values: Readonly<Record<string, readonly string[]>> = {
    protocol: ['1', '1', '0', '9'],
    clusterUid: ['uid-of-kube-system'],
    cursor: [world.cursor(cluster)],
    from: [id === 'listFrames' ? world.cursor(cluster) : String(Date.now() - 3_600_000)],
    to: [String(Date.now())],
    at: [String(Date.now()), new Date().toISOString()],
    limit: ['1', '100'],
    before: ['1'],
    vm: ['default/ubuntu'],
    bucket: ['60', '3600'],
    with: ['harvester', 'harvester,progress'],
  };
  return random.pick(values[name] ?? ['x']);
}

const headersOf = ({ access, body }: Operation, cluster: string, world: Surroundings): Record<string, string> => ({
  ...(body !== undefined && { 'content-type': 'application/json' }),
  ...(access !== 'everybody' && access !== 'code' && { authorization: `Bearer ${world.bearers[access](cluster)}` }),
});

/** As the schema says, and in this world's own words where they decide how far it gets. */
function bodyOf({ id, body = '' }: Operation, cluster: string, world: Surroundings, random: Random): unknown {
  const value = sample(schemaOf(body), random) as Record<string, unknown>;
  switch (id) {
    case 'sendBatch':
      return random.chance(0.9) ? { ...value, ...world.place(cluster) } : value;
    case 'sendProgress':
      return { ...value, session: world.place(cluster).session };
    case 'openSession':
      return { ...value, protocol: random.pick([1, 1, 1, 7]), clusterUid: random.pick(['uid-of-kube-system', 'another']) };
    case 'registerCluster':
      return { ...value, cluster };
    case 'createShare':
      return { ...value, expiresInSeconds: 60 + random.below(100) };
    case 'logIn':
      return { token: world.bearers.viewer(cluster) };
    default:
      return value;
  }
}

function bend(right: FuzzRequest, random: Random): FuzzRequest {
  const { operation, body } = right;
  const weights: Record<Bend, number> = {
    body: operation.body === undefined ? 0 : 8,
    query: 3,
    path: 2,
    headers: 2,
    method: 1,
    credential: 1,
  };
  switch (random.weighted(weights)) {
    case 'body':
      return { ...right, body: bendJson(JSON.parse(String(body)), random) };
    case 'query':
      return { ...right, path: bendQuery(right, random) };
    case 'path':
      return { ...right, path: bendPath(right.path, random) };
    case 'headers':
      return { ...right, headers: { ...right.headers, ...oddHeader(random) } };
    case 'method':
      return { ...right, method: random.pick(['PUT', 'PATCH', 'OPTIONS', 'HEAD', 'POST', 'GET']), body: null };
    case 'credential':
      return {
        ...right,
        headers: { ...right.headers, authorization: random.pick(['', 'Bearer', 'Bearer x', 'Basic YTpi', `Bearer ${'x'.repeat(5_000)}`]) },
      };
  }
}

function bendQuery({ path, operation }: FuzzRequest, random: Random): string {
  const names = [...(operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name), 'code', 'x'];
  const separator = path.includes('?') ? '&' : '?';
  return `${path}${separator}${random.pick(names)}=${random.chance(0.5) ? oddText(random) : encodeURIComponent(oddText(random))}`;
}

function bendPath(path: string, random: Random): string {
  const parts = path.split('/');
  parts[1 + random.below(parts.length - 1)] = oddText(random);
  return parts.join('/');
}

function oddHeader(random: Random): Record<string, string> {
  const values = ['', '*', 'x', 'W/"x"', '"', 'gzip', 'deflate', 'br, gzip', '0-0', 'text/html', 'x'.repeat(2_000), 'null', '-1', '1e9'];
  const names = [
    'content-encoding',
    'content-type',
    'accept',
    'if-none-match',
    'last-event-id',
    'x-request-id',
    'x-hostview-drift',
    'origin',
  ];
  return {
    [random.pick([...names, 'cookie', 'upgrade', 'range', 'cf-access-jwt-assertion', 'access-control-request-method'])]:
      random.pick(values),
  };
}

/** Any bytes where a body is expected, else any address. */
function makeRaw(right: FuzzRequest, random: Random): FuzzRequest {
  const isGzip = random.chance(0.3);
  if (right.method !== 'GET') {
    return { ...right, headers: { ...right.headers, ...(isGzip && { 'content-encoding': 'gzip' }) }, body: rawBytes(random) };
  }
  const junk = Array.from({ length: 1 + random.below(4) }, () => oddText(random)).join(
    random.pick(['/', '//', '/./', '?', '&', '%2f', ';']),
  );
  return { ...right, path: random.pick(['/api/', '/api/v1/', '/api/v1/clusters/', `${right.path}/`, `${right.path}?`]) + junk };
}
