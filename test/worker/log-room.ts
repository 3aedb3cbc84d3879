/** A room's tables and reads without the object around them: real SQLite, a clock in the test's hand, and as small a log as it likes. */
import { runInDurableObject } from 'cloudflare:test';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { DerivedHost, DerivedTransit, DerivedVm } from '../../core/model.ts';
import type { Batch } from '../../core/uplink.ts';
import { type LogSettings, logSettings } from '../../worker/checkpoints.ts';
import { type ReadContext, readFrames, readMigrations, readPastSnapshot, readVm, readVmHistory } from '../../worker/room-reads.ts';
import { RoomStore } from '../../worker/room-store.ts';
import { FIRST_SESSION, type SessionRow } from '../../worker/session.ts';
import { composeEntities, type Entities, formatSnapshot } from '../../worker/snapshot.ts';
import { type TakenBatch, takeBatch, takeSession } from '../../worker/uplink.ts';
import { type Change, finished, freshName, host, roomOf, vm } from './support.ts';

export const EPOCH = 'e';
const READS = { frames: readFrames, migrations: readMigrations, vm: readVm, 'vm-history': readVmHistory, snapshot: readPastSnapshot };

export const inLogRoom = <Value>(act: (room: LogRoom) => Value | Promise<Value>, settings: Partial<LogSettings> = {}): Promise<Value> =>
  runInDurableObject(roomOf(freshName()), (_room, { storage }) => act(new LogRoom(storage, { ...logSettings(), ...settings })));

export class LogRoom {
  readonly storage: DurableObjectStorage;
  readonly settings: LogSettings;
  store: RoomStore;
  row: SessionRow = FIRST_SESSION;
  now = 1_000_000;
  hosts = new Map<string, DerivedHost>();
  vms = new Map<string, DerivedVm>();

  constructor(storage: DurableObjectStorage, settings: LogSettings) {
    this.storage = storage;
    this.settings = settings;
    this.store = new RoomStore(storage);
    this.store.create({ cluster: 'lab', displayName: null, epoch: EPOCH, hashes: { current: 'hash', next: null } });
  }

  get digest(): string {
    return formatDigest(digestOf(this.hosts.values(), this.vms.values()));
  }

  /** A fresh object over the same tables. */
  wake(): void {
    this.store = new RoomStore(this.storage);
    if (this.store.readConfig() === null) throw new Error('no config');
    this.row = this.store.readSession();
  }

  /** Opens a session and tells everything. */
  sync({ finished = [], ...change }: Change = {}): TakenBatch {
    this.#take(change);
    const opened = takeSession(this.#context(), { protocol: 2, clusterUid: 'uid', forwarder: 'test' });
    if (!opened.ok) throw new Error(opened.error.code);
    this.row = opened.value.row;
    this.#send({ kind: 'sync-part', hosts: [...this.hosts.values()], vms: [...this.vms.values()], finished });
    return this.#send({ kind: 'sync-commit', parts: 1, digest: this.digest });
  }

  change(change: Change): TakenBatch {
    this.#take(change);
    const whole = { hosts: [], vms: [], finished: [], goneHosts: [], goneVms: [], ...change };
    return this.#send({ kind: 'changes', ...whole, digest: this.digest });
  }

  heartbeat(): TakenBatch {
    return this.#send({ kind: 'heartbeat', digest: this.digest });
  }

  /** What is shown now, as a snapshot has it. */
  get shown(): unknown {
    const { hosts, vms } = JSON.parse(formatSnapshot(this.#head(), this.#entities()));
    return { cursor: this.#head().cursor, digest: this.row.digest, hosts, vms };
  }

  async read(
    path: keyof typeof READS,
    query: Record<string, string | number> = {},
  ): Promise<{ status: number; body: Record<string, never> }> {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    const response = READS[path](this.#readContext(), new Request(`https://room/${path}?${search}`));
    return { status: response.status, body: await response.json() };
  }

  async ok<Answer>(path: keyof typeof READS, query: Record<string, string | number> = {}): Promise<Answer> {
    const { status, body } = await this.read(path, query);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body as unknown as Answer;
  }

  rows(query: string): Record<string, SqlStorageValue>[] {
    return this.storage.sql.exec(query).toArray();
  }

  #send(batch: Record<string, unknown>): TakenBatch {
    const numbered = { session: this.row.session, number: this.row.number + 1, ...batch } as unknown as Batch;
    const taken = takeBatch(this.#context(), numbered);
    if (!taken.ok) throw new Error(`${taken.error.code}: ${taken.error.detail}`);
    this.row = taken.value.row;
    return taken.value;
  }

  #context() {
    return { store: this.store, epoch: EPOCH, settings: this.settings, row: this.row, now: this.now };
  }

  #readContext(): ReadContext {
    const config = { cluster: 'lab', displayName: null, epoch: EPOCH, hashes: { current: 'hash', next: null } };
    return { store: this.store, settings: this.settings, config, row: this.row, now: this.now, entities: () => this.#entities() };
  }

  #head() {
    const { revision, lastHeard, digest } = this.row;
    return { cluster: 'lab', cursor: revision === 0 ? null : `${EPOCH}-${revision}`, now: this.now, lastHeard, digest };
  }

  #entities(): Entities {
    return composeEntities(this.store.readHosts(), this.store.readVms());
  }

  #take({ hosts = [], vms = [], goneHosts = [], goneVms = [] }: Change): void {
    for (const name of goneHosts) this.hosts.delete(name);
    for (const id of goneVms) this.vms.delete(id);
    for (const one of hosts) this.hosts.set(one.name, one);
    for (const one of vms) this.vms.set(one.id, one);
  }
}

export const transit = (id: string, stage: DerivedTransit['stage'] = 'transferring'): DerivedTransit => ({
  id,
  stage,
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
});

/** One VM, moved by hand; a second between the batches. */
export function movedRoom(room: LogRoom): { times: number[] } {
  const times: number[] = [];
  const send = (act: () => unknown): void => {
    room.now += 1_000;
    act();
    times.push(room.now);
  };
  send(() => room.sync({ hosts: [host('host-1'), host('host-2')], vms: [vm('a', 'host-1'), vm('b', 'host-1')] }));
  send(() => room.change({ vms: [vm('a', 'host-1', { transit: transit('m1', 'scheduling') })] }));
  send(() => room.change({ vms: [vm('a', 'host-1', { transit: transit('m1') })] }));
  send(() => room.change({ vms: [vm('a', 'host-2')], finished: [finished('m1', 'a')] }));
  return { times };
}
