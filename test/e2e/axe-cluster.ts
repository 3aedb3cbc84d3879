/** The cluster that axe.test.ts looks at: all that can be said of a VM and of a host is said of one of them. */
import type { MigrationBuckets, MigrationPage, VmDetail, VmHistory } from '../../core/history.ts';
import { type Drain, type Host, VM_STATES, type Vm } from '../../core/model.ts';
import { drainOf, hostNamed, vmOn } from '../support/entities.ts';
import type { FakeEdge, FakeEdgeOptions } from '../support/fake-edge.ts';

export const now = Date.now();
export const vm = (name: string, on: string | null, extra: Partial<Vm> = {}): Vm =>
  vmOn(name, on, { cpu: 2, memory: 4 * 2 ** 30, os: 'ubuntu', labels: { team: 'web' }, ...extra });
const DEVICE = 'HostDeviceNotLiveMigratable: VMI uses a PCI host devices';
const transit = { id: 'm-1', stage: 'transferring', cause: 'drain', from: 'host-1', to: 'host-2', startedAt: now - 40_000 } as const;
export const failed = {
  outcome: 'failed',
  cause: 'drain',
  from: 'host-1',
  to: 'host-2',
  endedAt: now - 90_000,
  reason: 'timed out',
  tries: 2,
} as const;
export const moving = vm('moving', 'host-1', { transit: { ...transit, requested: 'host-3' }, danger: ['post-copy'] });

/** A VM in each state, and each kind of note. */
const VMS: readonly Vm[] = [
  ...VM_STATES.map((state, index) => vm(state, state === 'off' ? null : `host-${1 + (index % 3)}`, { state, reason: 'Because' })),
  moving,
  vm('queued', 'host-1', {
    transit: {
      ...transit,
      id: 'm-2',
      stage: 'queued',
      to: null,
      waitingFor: { reason: 'host-limit', used: 2, limit: 2, host: 'host-1', place: 1 },
    },
  }),
  vm('waiting', 'host-1', {
    evacuation: { from: 'host-1', waitingFor: { reason: 'host-limit', used: 2, limit: 2, place: 2 } },
    lastMigration: failed,
  }),
  vm('loop', 'host-1', {
    evacuation: { from: 'host-1', waitingFor: { reason: 'backoff', failures: 3 } },
    lastMigration: { ...failed, loop: true },
  }),
  vm('stuck', 'host-1', { migratable: { ok: false, reason: DEVICE }, danger: ['io-error'], state: 'paused' }),
  vm('gone', 'host-2', { previous: { host: 'host-1', until: now - 60_000 }, lastMigration: { ...failed, outcome: 'succeeded' } }),
];

const drain = (extra: Partial<Drain>): Drain => drainOf({ were: 12, since: now - 600_000, ...extra });
export const host = (name: string, extra: Partial<Host> = {}): Host =>
  hostNamed(name, { roles: ['control-plane', 'etcd'], zone: 'rack-a', cpu: 16, memory: 64 * 2 ** 30, ...extra });
const residents = VMS.filter((each) => each.host === 'host-1').length;
const HOSTS: readonly Host[] = [
  host('host-1', {
    state: 'entering-maintenance',
    drain: drain({ here: residents, moving: 1, waiting: 3, stuck: 1, were: residents + 1 }),
  }),
  host('host-2', { state: 'unavailable', reasons: ['KubeletNotReady: container runtime is down'] }),
  host('host-3', { zone: 'rack-b' }),
  host('host-4', { state: 'maintenance', drain: drain({ safe: true, because: 'empty' }) }),
  host('host-5', { state: 'off', drain: drain({ safe: true, because: 'off' }) }),
];
export const FULL: FakeEdgeOptions = { displayName: 'Harvester', hosts: HOSTS, vms: VMS };
/** Few enough to be looked at quickly, where the board is only the background. */
export const SMALL: FakeEdgeOptions = { hosts: HOSTS.slice(0, 2), vms: [moving, vm('gone', 'host-2')] };

const ended = (id: string, outcome: 'succeeded' | 'failed' | 'aborted'): MigrationPage['finished'][number] => ({
  ...failed,
  outcome,
  id,
  vm: moving.id,
  startedAt: now - 120_000,
  stages: [{ stage: 'transferring', at: now - 120_000, durationMs: 30_000 }],
  recordedAt: now - 90_000,
  blackoutMs: 240,
});
const migrations: MigrationPage & MigrationBuckets = {
  now,
  running: [{ ...transit, vm: moving.id, stages: [{ stage: 'preparing', at: now - 40_000, durationMs: 9_000 }] }],
  finished: [ended('e-1', 'failed'), ended('e-2', 'succeeded'), ended('e-3', 'aborted')],
  next: null,
  bucket: 300,
  buckets: [{ at: now - 300_000, succeeded: 3, failed: 1, aborted: 1, unknown: 0 }],
  silences: [{ from: now - 240_000, to: now - 120_000 }],
};
const detail: VmDetail = {
  ...moving,
  now,
  uid: 'u-1',
  stages: [{ stage: 'transferring', at: now - 30_000, durationMs: null }],
  places: [],
};
const history: VmHistory = {
  now,
  vm: moving.id,
  places: [
    { host: 'host-2', since: null, until: now - 400_000 },
    { host: 'host-1', since: now - 400_000, until: null, present: true, broughtBy: 'e-2' },
  ],
  migrations: migrations.finished,
};

/** What is remembered of the VM that moves, and of its cluster. */
export function answerPast(edge: FakeEdge): void {
  edge.answers.set('/migrations', { body: migrations });
  edge.answers.set('/frames', {
    body: { cursor: edge.state.cursor, oldest: edge.state.cursor, oldestAt: now - 3_600_000, frames: [], next: null },
  });
  edge.answers.set(`/vms/${moving.id}`, { body: detail });
  edge.answers.set(`/vms/${moving.id}/history`, { body: history });
}
