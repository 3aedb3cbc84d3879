/** What the room writes (SPEC U6): counted, for rows written are what a deployment pays for. */
import { expect, test } from 'vitest';
import type { DerivedDrain, DerivedHost, DerivedTransit, DerivedVm, FinishedMigration, TransitStage } from '../../core/model.ts';
import { inLogRoom, type LogRoom } from './log-room.ts';
import { finished, host, vm } from './support.ts';

const VMS_COUNT = 100;
const IN_PARALLEL_COUNT = 2;
const STAGES: readonly TransitStage[] = ['scheduling', 'preparing', 'transferring', 'switching', 'finishing'];
const HOUR_MS = 3_600_000;

/** As `core/derive/waiting.ts` rounds it. */
const placeOf = (index: number): number => (index <= 10 ? index : Math.floor(index / 10) * 10);

/**
 * A host of 100 VMs is emptied, two at a time, every stage a batch of its own as watches tell it. `queue`: every VM has its migration and a
 * place in the queue (KubeVirt ≥ 1.9), so that those behind move up; else they wait without one (KubeVirt ≤ 1.8).
 */
class Drain {
  readonly #room: LogRoom;
  readonly #source: string;
  readonly #target: string;
  readonly #queue: boolean;
  readonly #run: number;
  changedVms = 0;
  changedHosts = 0;

  constructor(room: LogRoom, run: number, queue: boolean) {
    this.#room = room;
    this.#run = run;
    this.#queue = queue;
    [this.#source, this.#target] = run % 2 === 0 ? ['host-1', 'host-2'] : ['host-2', 'host-1'];
  }

  play(): void {
    const names = Array.from({ length: VMS_COUNT }, (_, index) => `vm-${index}`);
    this.#send({ hosts: [this.#draining(VMS_COUNT, 0)], vms: names.map((name, index) => this.#waiting(name, index + 1)) });
    for (let next = 0; next < names.length; next += IN_PARALLEL_COUNT) {
      const moving = names.slice(next, next + IN_PARALLEL_COUNT);
      const left = VMS_COUNT - next;
      for (const [index, name] of moving.entries()) {
        this.#send({
          hosts: [this.#draining(left, index + 1)],
          vms: [this.#moving(name, 'scheduling'), ...this.#movingUp(names, next + index + 1)],
        });
      }
      for (const stage of STAGES.slice(1)) for (const name of moving) this.#send({ vms: [this.#moving(name, stage)] });
      for (const [index, name] of moving.entries()) {
        const ended = finished(this.#idOf(name), name, { cause: 'drain', from: this.#source, to: this.#target, overAt: this.#room.now });
        this.#send({ hosts: [this.#draining(left - index - 1, 1 - index)], vms: [vm(name, this.#target)], finished: [ended] });
      }
      this.#room.heartbeat();
    }
    this.#send({ hosts: [host(this.#source)], vms: [] });
  }

  #send({ hosts = [], vms, finished = [] }: { hosts?: DerivedHost[]; vms: DerivedVm[]; finished?: FinishedMigration[] }): void {
    this.#room.now += 10_000;
    this.changedVms += vms.length;
    this.changedHosts += hosts.length;
    this.#room.change({ hosts, vms, finished });
  }

  #idOf = (name: string): string => `4c9a7f0e-5b1d-4d0e-9a55-${name}-${this.#run}`;

  #moving(name: string, stage: TransitStage, rest: Partial<DerivedTransit> = {}): DerivedVm {
    const evidence = 'metadata.annotations.kubevirt.io/evacuationMigration=host-1';
    const transit: DerivedTransit = {
      id: this.#idOf(name),
      stage,
      cause: 'drain',
      evidence,
      from: this.#source,
      to: this.#target,
      ...rest,
    };
    return vm(name, stage === 'finishing' ? this.#target : this.#source, { transit });
  }

  #waiting(name: string, place: number): DerivedVm {
    const limit = { reason: 'host-limit', used: IN_PARALLEL_COUNT, limit: IN_PARALLEL_COUNT, host: this.#source } as const;
    if (this.#queue) return this.#moving(name, 'queued', { to: null, waitingFor: { ...limit, place: placeOf(place) } });
    return vm(name, this.#source, { evacuation: { from: this.#source, waitingFor: { reason: 'no-migration' } } });
  }

  /** Those whose place has changed, now that `started` have left the queue. */
  #movingUp(names: readonly string[], started: number): DerivedVm[] {
    if (!this.#queue) return [];
    return names.slice(started).flatMap((name, index) => (placeOf(index + 1) === placeOf(index + 2) ? [] : this.#waiting(name, index + 1)));
  }

  #draining(here: number, moving: number): DerivedHost {
    const waiting = Math.max(0, here - moving);
    const because = here === 0 ? 'empty' : 'vms-here';
    const drain: DerivedDrain = { here, moving, stopping: 0, waiting, stuck: 0, arriving: 0, safe: here === 0, because };
    return host(this.#source, { state: 'draining', drain });
  }
}

test.each([
  ['a queue that moves up', true],
  ['VMs that wait without a migration', false],
])('a drain of 100 VMs, %s: at most 2.5 rows written for a changed VM, pruning and heartbeats included', async (name, queue) => {
  // A quarter of a drain: in the second one as much is pruned as is written.
  const retention = { ageMs: HOUR_MS / 2, bytes: 1_048_576 };
  const counted = await inLogRoom(
    (room) => {
      const vms = Array.from({ length: VMS_COUNT }, (_, index) => vm(`vm-${index}`, 'host-1'));
      room.sync({ hosts: ['host-1', 'host-2', 'host-3'].map((one) => host(one)), vms });
      const state = () => {
        const count = (table: string): number => Number(room.rows(`SELECT count(*) AS count FROM ${table}`)[0]?.count);
        const first = Number(room.rows('SELECT min(first) AS first FROM segments')[0]?.first);
        return { rows: room.store.counters.rowsWritten, first, checkpoints: count('checkpoints'), migrations: count('migrations') };
      };
      new Drain(room, 0, queue).play();
      const before = state();
      const drain = new Drain(room, 1, queue);
      drain.play();
      return { before, after: state(), changedVms: drain.changedVms, changedHosts: drain.changedHosts };
    },
    { retention },
  );
  const { before, after, changedVms, changedHosts } = counted;
  const rows = after.rows - before.rows;
  console.log(
    `${name}: ${rows} rows for ${changedVms} changed VMs and ${changedHosts} changed hosts: ${(rows / changedVms).toFixed(2)} for a VM with all, ` +
      `${((rows - changedHosts) / changedVms).toFixed(2)} without the hosts’ own`,
  );
  expect((rows - changedHosts) / changedVms).toBeLessThanOrEqual(2.5);
  if (queue) expect(rows / changedVms).toBeLessThanOrEqual(2.5);
  // It is steady: what was written before is gone.
  expect(before.checkpoints).toBeGreaterThan(1);
  expect(after.first).toBeGreaterThan(before.first);
  expect(after.migrations).toBeLessThan(VMS_COUNT);
});

test('of the log only the segments from a revision on are looked at, wherever it lies in them', async () => {
  const settings = {
    segmentBytes: 900,
    largestFrameBytes: 1_200,
    checkpointFloorBytes: 1_500,
    retention: { ageMs: HOUR_MS, bytes: 30_000 },
  };
  await inLogRoom((room) => {
    room.sync({ hosts: [host('host-1')], vms: [vm('a', 'host-1')] });
    for (let turn = 0; turn < 200; turn += 1) {
      room.now += 1_000;
      room.change({ vms: [vm('a', turn % 2 === 0 ? 'host-1' : null, { reason: 'x'.repeat(turn % 50 === 49 ? 1_300 : 80) })] });
    }
    const all = room.store.readSegments();
    expect(all.length).toBeGreaterThan(20);
    expect(all[0]?.first).toBeGreaterThan(1);
    expect(all.some(({ hole }) => hole)).toBe(true);
    for (let revision = 0; revision <= room.row.revision; revision += 1) {
      const before = room.store.counters.rowsRead;
      const due = all.filter(({ last }) => last > revision);
      expect(room.store.readSegments(revision)).toEqual(due);
      expect(room.store.counters.rowsRead - before).toBeLessThanOrEqual(due.length + 2);
    }
  }, settings);
});
