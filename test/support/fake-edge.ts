/** An edge without a cluster: serves the built page and the read API from a state that a test changes by hand. */
import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyFrame, type ClusterState, composeFrames, stateOf } from '../../core/cluster-state.ts';
import { formatCursor } from '../../core/cursor-format.ts';
import { digestOf, EMPTY_DIGEST, formatDigest } from '../../core/digest.ts';
import type { Frame, Pulse, Snapshot } from '../../core/downlink.ts';
import type { VmDetail, VmHistory } from '../../core/history.ts';
import type { ClusterSummary, Host, Vm } from '../../core/model.ts';
import type { Progress } from '../../core/progress.ts';
import { summarize } from '../../core/summary.ts';
import { createFakeFleet, type FakeFleet } from './fake-fleet.ts';
import { createFakePast } from './fake-past.ts';

const ASSETS = fileURLToPath(new URL('../../dist/web/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface FakeChange {
  readonly hosts?: readonly Host[];
  readonly vms?: readonly Vm[];
  readonly goneHosts?: readonly string[];
  readonly goneVms?: readonly string[];
}

export type FakeAnswer = { readonly body: object } | { readonly status: number; readonly code: string; readonly retryAfterS?: number };

export interface FakeEdge {
  readonly url: string;
  readonly state: ClusterState;
  /** Clusters listed besides its own. */
  readonly others: ClusterSummary[];
  /** All clusters, in one stream. */
  readonly fleet: FakeFleet;
  /** `GET` and `STREAM` lines, in order. */
  readonly requests: readonly string[];
  /** What else is answered, by what follows the cluster in the address (`/vms/default/ubuntu`); a status alone is a problem of that code. */
  readonly answers: Map<string, FakeAnswer>;
  readonly streamCount: number;
  /** Commits a frame and sends it; answers its cursor. */
  change(change: FakeChange): string;
  /** Commits a frame that no open stream gets. */
  loseFrame(change: FakeChange): string;
  /** The cluster speaks, and the streams say so. */
  hear(): void;
  /** The streams tell how far migrations are (U9). */
  tell(...progress: readonly Progress[]): void;
  /** The streams say only what they knew: nothing new from the cluster. */
  ping(): void;
  /** The cluster last spoke this long ago. */
  ageBy(lengthMs: number): void;
  /** Answers every API request with this status until null. */
  refuse(status: number | null, detail?: string): void;
  /** Keeps streams that are asked for from now on waiting for their answer until they are released. */
  hold(): void;
  release(): void;
  dropStreams(): void;
  /** A new epoch with the same entities: every cursor is foreign. */
  renew(): void;
  close(): Promise<void>;
}

export interface FakeEdgeOptions {
  readonly cluster?: string;
  readonly displayName?: string;
  readonly hosts?: readonly Host[];
  readonly vms?: readonly Vm[];
  /** Registered, and never heard. */
  readonly isWaiting?: boolean;
  /** It remembers what was, and answers for it. */
  readonly keepsPast?: boolean;
  readonly port?: number;
}

export async function startFakeEdge({
  cluster = 'lab',
  displayName,
  hosts = [],
  vms = [],
  isWaiting = false,
  keepsPast = false,
  port = 0,
}: FakeEdgeOptions = {}): Promise<FakeEdge> {
  let epoch = 'e1';
  let revision = 0;
  let lastHeard: number | null = isWaiting ? null : Date.now();
  let refusal: { status: number; detail: string | undefined } | null = null;
  let held: (() => void)[] | null = null;
  const frames: Frame[] = [];
  const streams = new Set<ServerResponse>();
  const requests: string[] = [];
  const others: ClusterSummary[] = [];
  const answers = new Map<string, FakeAnswer>();
  let state: ClusterState = stateOf(
    isWaiting
      ? { cursor: null, digest: formatDigest(EMPTY_DIGEST), hosts: [], vms: [] }
      : { cursor: formatCursor({ epoch, revision }), digest: formatDigest(digestOf(hosts, vms)), hosts, vms },
  );

  const past = keepsPast ? createFakePast(cluster) : null;
  past?.begin(state, Date.now());

  const snapshot = (): Snapshot => ({
    cluster,
    ...(displayName !== undefined && { displayName }),
    cursor: state.cursor,
    now: Date.now(),
    lastHeard,
    digest: state.digest,
    hosts: [...state.hosts.values()],
    vms: [...state.vms.values()],
  });
  const pulse = (): Pulse => ({ cursor: state.cursor, now: Date.now(), lastHeard });
  const fleet = createFakeFleet(() => [summaryOf(cluster, displayName, state, lastHeard), ...others]);

  function commit(change: FakeChange): Frame {
    if (state.cursor === null) throw new Error('a waiting edge has no log: give it a state first');
    lastHeard = Date.now();
    const frame: Frame = { from: state.cursor, to: formatCursor({ epoch, revision: ++revision }), at: lastHeard, digest: '', ...change };
    applyFrame(state, frame);
    const digest = formatDigest(digestOf(state.hosts.values(), state.vms.values()));
    state.digest = digest;
    const whole = { ...frame, digest };
    frames.push(whole);
    past?.note(whole, state);
    return whole;
  }

  const send = (stream: ServerResponse, event: string, data: unknown, id?: string): void =>
    void stream.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  const sendAll = (event: string, data: unknown, id?: string): void => {
    for (const stream of streams) send(stream, event, data, id);
  };

  function attach(stream: ServerResponse, cursor: string | null): void {
    // Who was kept waiting may have left.
    if (stream.destroyed) return;
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    const index = frames.findIndex((frame) => frame.from === cursor);
    if (cursor !== null && cursor === state.cursor) send(stream, 'heard', pulse());
    else if (index < 0) send(stream, 'snapshot', snapshot(), state.cursor ?? undefined);
    else {
      const missed = frames.slice(index).reduce((first, second) => {
        const composed = composeFrames(first, second);
        if (!composed.ok) throw new Error('the log of the fake edge has a hole');
        return composed.value;
      });
      send(stream, 'frame', missed, missed.to);
    }
    streams.add(stream);
    stream.on('close', () => streams.delete(stream));
  }

  /** Of a VM it knows what is in the picture, and remembers nothing. */
  function ofVm(path: string): FakeAnswer {
    const [, kind, namespace, name, part] = path.split('/');
    const vm = kind === 'vms' ? state.vms.get(`${namespace}/${name}`) : undefined;
    if (vm === undefined) return { status: 404, code: kind === 'vms' ? 'unknown-vm' : 'not-found' };
    const remembered = { now: Date.now(), places: [] };
    if (part === 'history') return { body: { ...remembered, vm: vm.id, migrations: [] } satisfies VmHistory };
    return { body: { ...vm, ...remembered, uid: null, stages: [] } satisfies VmDetail };
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://edge');
    if (!pathname.startsWith('/api/')) {
      serveAsset(pathname, response);
      return;
    }
    const isStream = pathname.endsWith('/stream');
    requests.push(`${isStream ? 'STREAM' : 'GET'} ${request.url}`);
    const base = `/api/v1/clusters/${cluster}`;
    const ofPast = pathname.startsWith(base) ? (past?.answer(pathname.slice(base.length), searchParams) ?? null) : null;
    if (refusal !== null) problem(response, refusal.status, refusal.detail);
    else if (pathname === `${base}/stream`) {
      const open = (): void => attach(response, searchParams.get('cursor'));
      if (held === null) open();
      else held.push(open);
    } else if (pathname === '/api/v1/stream') fleet.attach(response, searchParams.get('cursor'));
    else if (pathname === '/api/v1/clusters') json(response, fleet.list(searchParams.get('follow') === 'true'));
    else if (ofPast !== null) answerAs(response, ofPast);
    else if (pathname.startsWith(`${base}/`))
      answerAs(response, answers.get(pathname.slice(base.length)) ?? ofVm(pathname.slice(base.length)));
    else if (pathname !== base) problem(response, 404, 'There is no cluster of this name here.');
    else if (state.cursor !== null && request.headers['if-none-match'] === `"${state.cursor}"`) response.writeHead(304).end();
    else json(response, snapshot());
  }

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get state() {
      return state;
    },
    others,
    fleet,
    requests,
    answers,
    get streamCount() {
      return streams.size;
    },
    change: (change) => {
      const frame = commit(change);
      sendAll('frame', frame, frame.to);
      fleet.publish();
      return frame.to;
    },
    loseFrame: (change) => commit(change).to,
    hear: () => {
      lastHeard = Date.now();
      sendAll('heard', pulse());
      fleet.publish();
    },
    tell: (...progress) => sendAll('progress', { now: Date.now(), progress }),
    ping: () => sendAll('ping', pulse()),
    ageBy: (lengthMs) => {
      lastHeard = Date.now() - lengthMs;
    },
    refuse: (status, detail) => {
      refusal = status === null ? null : { status, detail };
    },
    hold: () => {
      held ??= [];
    },
    release: () => {
      const waiting = held ?? [];
      held = null;
      for (const open of waiting) open();
    },
    dropStreams: () => {
      for (const stream of streams) stream.destroy();
    },
    renew: () => {
      epoch += 'n';
      revision = 0;
      frames.length = 0;
      lastHeard = Date.now();
      state = stateOf({ ...snapshot(), cursor: formatCursor({ epoch, revision }) });
      past?.begin(state, lastHeard);
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function summaryOf(cluster: string, displayName: string | undefined, state: ClusterState, lastHeard: number | null): ClusterSummary {
  return {
    cluster,
    ...(displayName !== undefined && { displayName }),
    lastHeard,
    ...summarize([...state.hosts.values()], [...state.vms.values()]),
    recent: null,
    cursor: state.cursor,
  };
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function answerAs(response: ServerResponse, answer: FakeAnswer): void {
  if ('body' in answer) json(response, answer.body);
  else {
    const { status, code, retryAfterS } = answer;
    const headers = {
      'content-type': 'application/problem+json',
      ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
    };
    response.writeHead(status, headers).end(JSON.stringify({ type: 'about:blank', title: code, status, code }));
  }
}

function problem(response: ServerResponse, status: number, detail: string | undefined): void {
  const body = { type: 'about:blank', title: 'refused', status, code: 'invalid', ...(detail !== undefined && { detail }) };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}

/** Files of the page with the headers of `_headers`, and the page itself for every other address, as the edge (worker/worker.ts) does. */
function serveAsset(pathname: string, response: ServerResponse): void {
  const asked = normalize(pathname).replace(/^(\.\.[/\\])+/, '');
  const isFile = statSync(join(ASSETS, asked), { throwIfNoEntry: false })?.isFile() === true;
  if (!isFile && asked.startsWith('/assets/')) {
    response.writeHead(404).end();
    return;
  }
  const name = isFile ? asked : 'index.html';
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, ...pageHeaders() }).end(readFileSync(join(ASSETS, name)));
}

/** The block of `_headers` that holds for every path. HSTS is left out: a browser must not remember it for a loopback address. */
function pageHeaders(): Record<string, string> {
  const [block = ''] = readFileSync(join(ASSETS, '_headers'), 'utf8').split(/\n\n/);
  const lines = block
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  return Object.fromEntries(
    lines
      .filter((line) => line !== '' && !line.startsWith('Strict-'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}
