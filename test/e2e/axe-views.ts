/** Every view and state of the page, as axe.test.ts looks at them: one line each, with what it needs to be shown. */
import type { Page } from 'playwright-core';
import type { MigrationBuckets, MigrationPage, VmDetail, VmHistory } from '../../core/history.ts';
import { type Drain, HOST_STATES, type Host, VM_STATES, type Vm } from '../../core/model.ts';
import type { FakeEdge, FakeEdgeOptions } from '../support/fake-edge.ts';
import { summaryOf } from '../support/summaries.ts';

export interface AxeView {
  readonly name: string;
  /** Default: the board of the cluster `lab`. */
  readonly path?: string;
  readonly edge?: FakeEdgeOptions;
  /** What is there once it is shown. */
  readonly shows: string;
  /** Before the page is opened. */
  readonly prepare?: (edge: FakeEdge, page: Page) => Promise<void> | void;
  readonly narrow?: true;
  /** On the page. */
  readonly act?: (page: Page, edge: FakeEdge) => Promise<unknown>;
}

const now = Date.now();
const vm = (name: string, host: string | null, extra: Partial<Vm> = {}): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host,
  state: host === null ? 'off' : 'running',
  migratable: { ok: true },
  cpu: 2,
  memory: 4 * 2 ** 30,
  os: 'ubuntu',
  labels: { team: 'web' },
  ...extra,
});
const DEVICE = 'HostDeviceNotLiveMigratable: VMI uses a PCI host devices';
const transit = { id: 'm-1', stage: 'transferring', cause: 'drain', from: 'host-1', to: 'host-2', startedAt: now - 40_000 } as const;
const failed = {
  outcome: 'failed',
  cause: 'drain',
  from: 'host-1',
  to: 'host-2',
  endedAt: now - 90_000,
  reason: 'timed out',
  tries: 2,
} as const;
const moving = vm('moving', 'host-1', { transit: { ...transit, requested: 'host-3' }, danger: ['post-copy'] });

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

const drain = (extra: Partial<Drain>): Drain => ({
  here: 0,
  moving: 0,
  stopping: 0,
  waiting: 0,
  stuck: 0,
  arriving: 0,
  safe: false,
  because: 'vms-here',
  were: 12,
  since: now - 600_000,
  ...extra,
});
const host = (name: string, extra: Partial<Host> = {}): Host => ({
  name,
  state: 'active',
  reasons: [],
  roles: ['control-plane', 'etcd'],
  zone: 'rack-a',
  cpu: 16,
  memory: 64 * 2 ** 30,
  ...extra,
});
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
const FULL: FakeEdgeOptions = { displayName: 'Harvester', hosts: HOSTS, vms: VMS };
/** Few enough to be looked at quickly, where the board is only the background. */
const SMALL: FakeEdgeOptions = { hosts: HOSTS.slice(0, 2), vms: [moving, vm('gone', 'host-2')] };

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

function answerPast(edge: FakeEdge): void {
  edge.answers.set('/migrations', { body: migrations });
  edge.answers.set('/frames', {
    body: { cursor: edge.state.cursor, oldest: edge.state.cursor, oldestAt: now - 3_600_000, frames: [], next: null },
  });
  edge.answers.set(`/vms/${moving.id}`, { body: detail });
  edge.answers.set(`/vms/${moving.id}/history`, { body: history });
}
const fleetOf =
  (count: number) =>
  (edge: FakeEdge): void => {
    edge.fleet.clusters = Array.from({ length: count }, (_, index) =>
      summaryOf(`cluster-${index}`, now, {
        hosts: { total: 5, up: index % 3 === 0 ? 4 : 5 },
        failures: index % 2,
        transits: index,
        lastHeard: index % 4 === 3 ? null : index % 4 === 2 ? now - 600_000 : now,
        recent: {
          from: now - 3_600_000,
          succeeded: Array.from({ length: 12 }, (__, at) => at % 5),
          failed: Array.from({ length: 12 }, () => index % 2),
        },
      }),
    );
  };
/** Answers what the page loads first with this problem. */
const refuse =
  (status: number, code = 'invalid') =>
  async (_: FakeEdge, page: Page): Promise<void> => {
    const body = JSON.stringify({ type: 'about:blank', title: 'no', status, code, detail: 'Because it is so.' });
    await page.route('**/api/v1/clusters/**', (route) => route.fulfill({ status, contentType: 'application/problem+json', body }));
  };
const badge = (kind: string): string => `.badge[data-connection="${kind}"]`;
const lose = (page: Page, edge: FakeEdge): Promise<unknown> => {
  edge.refuse(503);
  edge.dropStreams();
  return page.waitForSelector(badge('reconnecting'));
};
const fail = (page: Page, edge: FakeEdge): Promise<unknown> => {
  edge.change({ vms: [{ ...vm('moving', 'host-1'), lastMigration: { ...failed, endedAt: Date.now() } }] });
  return page.waitForSelector('.toast');
};
const loseLateParts = async (_: FakeEdge, page: Page): Promise<void> => {
  await page.route('**/late-parts-*.js*', (route) => route.abort());
};
const BOARD = 'svg.trails';

export const AXE_VIEWS: readonly AxeView[] = [
  { name: 'board', edge: FULL, shows: '.drain-facts' },
  {
    name: 'board, every state of a host',
    edge: { hosts: HOST_STATES.map((state) => host(state, { state })), vms: [vm('a', 'active')] },
    shows: BOARD,
  },
  { name: 'board, searched', path: '/c/lab?q=state:running', edge: FULL, shows: '[data-dimmed]' },
  { name: 'board, with a search that is not understood', path: '/c/lab?q=sate:running', edge: SMALL, shows: BOARD },
  { name: 'board, nothing matches', path: '/c/lab?q=nothing-of-this&hide=yes', edge: FULL, shows: BOARD },
  { name: 'board, grouped by zone', path: '/c/lab?group=zone', edge: FULL, shows: BOARD },
  { name: 'board, grouped by namespace', path: '/c/lab?group=namespace', edge: FULL, shows: 'main [data-vm]' },
  { name: 'a VM', path: `/c/lab/vm/${moving.id}`, edge: SMALL, shows: '[role="dialog"]', prepare: answerPast },
  { name: 'a VM of which no more can be had', path: '/c/lab/vm/default/gone', edge: SMALL, shows: '[role="dialog"]' },
  { name: 'a host', path: '/c/lab/h/host-1', edge: FULL, shows: '[role="dialog"]' },
  { name: 'table', path: '/c/lab?view=table', edge: FULL, shows: 'table' },
  { name: 'table, searched', path: '/c/lab?view=table&q=state:running', edge: FULL, shows: '.vm-table' },
  { name: 'migrations', path: '/c/lab?view=migrations', edge: SMALL, shows: 'main table', prepare: answerPast },
  { name: 'the past', path: `/c/lab?at=${new Date(now - 60_000).toISOString()}`, edge: SMALL, shows: badge('past'), prepare: answerPast },
  { name: 'drain', path: '/c/lab/h/host-1?view=drain', edge: FULL, shows: '.drain-lists' },
  { name: 'drain, done', path: '/c/lab/h/host-4?view=drain', edge: FULL, shows: '.verdict[data-safe="yes"]' },
  { name: 'drain, not live', path: '/c/lab/h/host-4?view=drain', edge: FULL, shows: '.verdict', act: lose },
  { name: 'drains', path: '/c/lab?view=drain', edge: FULL, shows: '.drains' },
  { name: 'drain of a host in use', path: '/c/lab/h/host-3?view=drain', edge: SMALL, shows: '.drain-none' },
  { name: 'fleet of many', path: '/', shows: '[data-cluster]', prepare: fleetOf(8) },
  {
    name: 'fleet, in no groups, and not heard any more',
    path: '/?group=none',
    shows: '[data-cluster]',
    prepare: fleetOf(8),
    act: (page, edge) => {
      edge.refuse(426);
      edge.fleet.drop();
      return page.waitForSelector('.fleet[data-fresh="false"]');
    },
  },
  { name: 'fleet of one', path: '/?q=', shows: 'main', prepare: fleetOf(1) },
  {
    name: 'adding a cluster',
    path: '/',
    shows: '[data-cluster]',
    prepare: fleetOf(2),
    act: (page) => page.getByRole('button', { name: /Add a cluster|添加集群/ }).click(),
  },
  { name: 'fleet of none', path: '/', shows: '.empty', prepare: fleetOf(0) },
  { name: 'settings', edge: SMALL, shows: BOARD, act: (page) => page.click('.settings-button') },
  { name: 'help', edge: SMALL, shows: BOARD, act: (page) => page.keyboard.press('?') },
  { name: 'help on the search', edge: SMALL, shows: BOARD, act: (page) => page.click('.find button') },
  { name: 'export', edge: SMALL, shows: BOARD, act: (page) => page.click('.export > button') },
  { name: 'scrubber', edge: SMALL, shows: BOARD, prepare: answerPast, act: (page) => page.click('#history-button') },
  { name: 'toasts', edge: SMALL, shows: BOARD, act: fail },
  { name: 'on a phone', edge: FULL, shows: '.drain-facts', narrow: true },
  { name: 'drain, on a phone', path: '/c/lab/h/host-1?view=drain', edge: FULL, shows: '.drain-lists', narrow: true },
  { name: 'table, on a phone', path: '/c/lab?view=table', edge: FULL, shows: 'table', narrow: true },
  { name: 'wall of a cluster', path: '/c/lab?wall', edge: FULL, shows: '[data-host]' },
  { name: 'wall of all', path: '/?wall', shows: '[data-cluster]', prepare: fleetOf(3) },
  { name: 'parts missing', edge: FULL, shows: '.status [role="alert"]', prepare: loseLateParts },
  { name: 'sign-in', shows: 'form.sign-in', prepare: refuse(401, 'login-required') },
  { name: 'refused', shows: '.empty', prepare: refuse(403) },
  { name: 'unknown cluster', shows: '.empty', prepare: refuse(404) },
  { name: 'out of date', shows: '.empty', prepare: refuse(426) },
  { name: 'no page of ours', path: '/nothing/here', shows: '.empty' },
  { name: 'waiting', edge: { isWaiting: true }, shows: '.empty' },
  { name: 'an empty cluster', edge: {}, shows: '.empty' },
  { name: 'reconnecting', edge: SMALL, shows: BOARD, act: lose },
  { name: 'stale', edge: FULL, shows: badge('stale'), prepare: (edge) => edge.ageBy(120_000) },
];
