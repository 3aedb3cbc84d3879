/** What the worker's tests share: a forwarder that speaks the uplink, a viewer that reads the stream, and entities to send. */
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { Frame, Pulse, Snapshot } from '../../core/downlink.ts';
import type { DerivedHost, DerivedVm, FinishedMigration } from '../../core/model.ts';
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import type { BatchAnswer, Problem, SessionOpened } from '../../core/uplink.ts';
import worker, { type ClusterRoom } from '../../worker/worker.ts';

export const ADMIN = 'admin-token-of-the-tests';
export const ORIGIN = 'https://hostview.test';
export type FanOut = 'bridge' | 'direct';

/** The Worker under these settings; `undefined` switches one off. */
export async function call(path: string, init: RequestInit = {}, settings: Record<string, string | undefined> = {}): Promise<Response> {
  const merged = { ...env, ADMIN_TOKEN: ADMIN, VIEWER_ACCESS: 'open', ...settings } as Env;
  return worker.fetch(new Request(ORIGIN + path, init), merged, createExecutionContext());
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
export const roomOf = (cluster: string): DurableObjectStub<ClusterRoom> => env.ROOMS.getByName(cluster);

export const problemOf = async (response: Response): Promise<Problem> => response.json();

/** Registers the cluster and redeems its code; the forwarder's token. */
export async function register(cluster: string): Promise<string> {
  const response = await call('/api/v1/clusters', { method: 'POST', headers: bearer(ADMIN), body: JSON.stringify({ cluster }) });
  if (response.status !== 201) throw new Error(await response.text());
  return redeem(cluster, (await response.json<{ code: string }>()).code);
}

/** Another token for the cluster's forwarder; the one before stays good until this one is used. */
export async function renew(cluster: string): Promise<string> {
  const response = await call(`/api/v1/clusters/${cluster}/token`, { method: 'POST', headers: bearer(ADMIN) });
  if (response.status !== 201) throw new Error(await response.text());
  return redeem(cluster, (await response.json<{ code: string }>()).code);
}

/** As a local tool does it: the token alone. */
export async function redeem(cluster: string, code: string): Promise<string> {
  const headers = { accept: 'application/json' };
  const response = await call(`/api/v1/clusters/${cluster}/install.yaml?code=${code}`, { headers });
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json<{ token: string }>()).token;
}

export const snapshotOf = async (cluster: string): Promise<Snapshot> => (await call(`/api/v1/clusters/${cluster}`)).json();

let names = 0;
/** A name that no other test of the file uses. */
export const freshName = (): string => `cluster-${++names}`;

export const host = (name: string, rest: Partial<DerivedHost> = {}): DerivedHost => ({
  name,
  state: 'active',
  reasons: [],
  roles: ['worker'],
  ...rest,
});

export const vm = (name: string, on: string | null, rest: Partial<DerivedVm> = {}): DerivedVm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  uid: `uid-${name}`,
  host: on,
  state: on === null ? 'off' : 'running',
  migratable: { ok: true },
  ...rest,
});

export const finished = (id: string, name: string, rest: Partial<FinishedMigration> = {}): FinishedMigration => ({
  id,
  vm: `default/${name}`,
  outcome: 'succeeded',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  createdAt: 1,
  ...rest,
});

export interface Change {
  readonly hosts?: readonly DerivedHost[];
  readonly vms?: readonly DerivedVm[];
  readonly finished?: readonly FinishedMigration[];
  readonly goneHosts?: readonly string[];
  readonly goneVms?: readonly string[];
}

/** A forwarder that keeps the derived state and numbers its batches; what it sends can be bent before it leaves. */
export class TestForwarder {
  readonly cluster: string;
  readonly token: string;
  readonly hosts = new Map<string, DerivedHost>();
  readonly vms = new Map<string, DerivedVm>();
  readonly protocol: number;
  session = 0;
  number = 0;

  constructor(cluster: string, token: string, protocol = PROTOCOL_VERSION) {
    this.cluster = cluster;
    this.token = token;
    this.protocol = protocol;
  }

  get digest(): string {
    return formatDigest(digestOf(this.hosts.values(), this.vms.values()));
  }

  post(path: 'sessions' | 'batches' | 'progress', body: unknown): Promise<Response> {
    const init = { method: 'POST', headers: bearer(this.token), body: JSON.stringify(body) };
    return call(`/api/v1/clusters/${this.cluster}/${path}`, init);
  }

  async open(clusterUid = 'uid-of-kube-system'): Promise<SessionOpened> {
    const opened = await okJson<SessionOpened>(await this.post('sessions', { protocol: this.protocol, clusterUid, forwarder: 'test' }));
    this.session = opened.session;
    this.number = 0;
    return opened;
  }

  /** Numbers it and sends it. */
  async send(batch: Record<string, unknown>): Promise<BatchAnswer> {
    this.number += 1;
    return okJson<BatchAnswer>(await this.post('batches', { session: this.session, number: this.number, ...batch }));
  }

  async sync(change: Change = {}): Promise<BatchAnswer> {
    await this.open();
    this.#take(change);
    const { hosts, vms } = this;
    const entities = { hosts: [...hosts.values()], vms: [...vms.values()], finished: change.finished ?? [] };
    await this.send({ kind: 'sync-part', ...entities });
    return this.send({ kind: 'sync-commit', parts: 1, digest: this.digest });
  }

  change(change: Change): Promise<BatchAnswer> {
    return this.send(this.changes(change));
  }

  /** The batch without its number. */
  changes(change: Change): Record<string, unknown> {
    this.#take(change);
    return { kind: 'changes', hosts: [], vms: [], finished: [], goneHosts: [], goneVms: [], ...change, digest: this.digest };
  }

  heartbeat(): Promise<BatchAnswer> {
    return this.send({ kind: 'heartbeat', digest: this.digest });
  }

  #take({ hosts = [], vms = [], goneHosts = [], goneVms = [] }: Change): void {
    for (const name of goneHosts) this.hosts.delete(name);
    for (const id of goneVms) this.vms.delete(id);
    for (const one of hosts) this.hosts.set(one.name, one);
    for (const one of vms) this.vms.set(one.id, one);
  }
}

async function okJson<Value>(response: Response): Promise<Value> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json<Value>();
}

/** A registered cluster whose forwarder has synced `hosts` host-1 … host-3 and the VM `ubuntu` on host-1. */
export async function liveCluster(cluster = freshName()): Promise<TestForwarder> {
  const forwarder = new TestForwarder(cluster, await register(cluster));
  await forwarder.sync({ hosts: ['host-1', 'host-2', 'host-3'].map((name) => host(name)), vms: [vm('ubuntu', 'host-1')] });
  return forwarder;
}

/**
 * Asks until it is so; the test's own limit ends it. Unlike vi.waitFor, which gives up after a second and turns the hands of a faked
 * clock while it waits.
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await scheduler.wait(5);
}

export interface ViewerEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** A viewer of a stream. Events are taken one by one; `next` waits for one. */
export class TestViewer {
  readonly response: Response;
  /** In milliseconds, as the stream told it. */
  retry: number | undefined;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #waiting: ViewerEvent[] = [];
  readonly #parser = createParser({
    onEvent: ({ event, id, data }: EventSourceMessage) => this.#waiting.push({ event: event ?? 'message', id, data: JSON.parse(data) }),
    onRetry: (retry) => {
      this.retry = retry;
    },
  });
  readonly #decoder = new TextDecoder();

  constructor(response: Response) {
    if (response.body === null) throw new Error('no body');
    this.response = response;
    this.#reader = response.body.getReader();
  }

  static async open(fanOut: FanOut, cluster: string, query = '', headers: Record<string, string> = {}): Promise<TestViewer> {
    const response = await call(`/api/v1/clusters/${cluster}/stream${query}`, { headers }, { FAN_OUT: fanOut });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return new TestViewer(response);
  }

  /** Null at the end of the stream. */
  async next(): Promise<ViewerEvent | null> {
    for (;;) {
      const event = this.#waiting.shift();
      if (event !== undefined) return event;
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#parser.feed(this.#decoder.decode(value, { stream: true }));
    }
  }

  async expect(name: 'snapshot'): Promise<Snapshot>;
  async expect(name: 'frame'): Promise<Frame>;
  async expect(name: 'heard' | 'ping'): Promise<Pulse>;
  async expect(name: string): Promise<unknown> {
    const event = await this.next();
    if (event?.event !== name) throw new Error(`expected the event ${name}, got ${JSON.stringify(event)}`);
    return event.data;
  }

  close(): Promise<void> {
    return this.#reader.cancel();
  }
}
