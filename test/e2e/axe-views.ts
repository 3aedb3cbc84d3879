/** Every view and state of the page, as axe.test.ts looks at them: one line each, with what it needs to be shown. */
import type { Page } from 'playwright-core';
import { HOST_STATES } from '../../core/model.ts';
import type { FakeEdge, FakeEdgeOptions } from '../support/fake-edge.ts';
import { summaryOf } from '../support/summaries.ts';
import { answerPast, FULL, failed, host, moving, now, SMALL, vm } from './axe-cluster.ts';

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

const fleetOf =
  (count: number, isPartial = false) =>
  (edge: FakeEdge): void => {
    edge.fleet.isPartial = isPartial;
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
/** Answers what the page asks about its cluster with this problem. */
const refuse =
  (status: number, code = 'invalid') =>
  async (_: FakeEdge, page: Page): Promise<void> => {
    const body = JSON.stringify({ type: 'about:blank', title: 'no', status, code, detail: 'Because it is so.' });
    await page.route('**/api/v1/clusters/**', (route) => route.fulfill({ status, contentType: 'application/problem+json', body }));
  };
async function signOut(page: Page, edge: FakeEdge): Promise<void> {
  await refuse(401, 'login-required')(edge, page);
  edge.dropStreams();
  await page.waitForSelector('.over-board form');
}
async function openAddCluster(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Add a cluster|添加集群/ }).click();
  await page.waitForSelector('.add-cluster');
}
async function addPlant(page: Page): Promise<void> {
  const install = { cluster: 'plant', command: 'kubectl apply -f "https://edge/install.yaml?code=1"', expiresAt: Date.now() + 3_600_000 };
  await page.route('**/api/v1/clusters', (route) => route.fulfill({ status: 201, json: install }));
  await openAddCluster(page);
  await page.fill('#add-name', 'plant');
  await page.fill('.add-cluster [type="password"]', 'token');
  await page.click('.add-submit');
  await page.waitForSelector('.add-command');
}
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
const PAST = `/c/lab?at=${new Date(now - 60_000).toISOString()}`;

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
  { name: 'the past', path: PAST, edge: SMALL, shows: '.past-shown', prepare: answerPast },
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
    act: openAddCluster,
  },
  { name: 'adding a cluster, its command', path: '/', shows: '[data-cluster]', prepare: fleetOf(2), act: addPlant },
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
  { name: 'a VM, on a phone', path: `/c/lab/vm/${moving.id}`, edge: SMALL, shows: '[role="dialog"]', prepare: answerPast, narrow: true },
  { name: 'migrations, on a phone', path: '/c/lab?view=migrations', edge: SMALL, shows: 'main table', prepare: answerPast, narrow: true },
  {
    name: 'the past, on a phone',
    path: PAST,
    edge: SMALL,
    shows: '.past-shown',
    prepare: answerPast,
    narrow: true,
    act: (page) => page.click('.past-more'),
  },
  { name: 'fleet, on a phone', path: '/', shows: '[data-cluster]', prepare: fleetOf(3, true), narrow: true },
  { name: 'wall of a cluster', path: '/c/lab?wall', edge: FULL, shows: '[data-host]' },
  { name: 'wall of all', path: '/?wall', shows: '[data-cluster]', prepare: fleetOf(3) },
  { name: 'parts missing', edge: FULL, shows: '.status [role="alert"]', prepare: loseLateParts },
  { name: 'sign-in', shows: 'form.sign-in', prepare: refuse(401, 'login-required') },
  { name: 'signed out over a picture', edge: SMALL, shows: BOARD, act: signOut },
  { name: 'refused', shows: '.empty', prepare: refuse(403) },
  { name: 'unknown cluster', shows: '.empty', prepare: refuse(404) },
  { name: 'out of date', shows: '.empty', prepare: refuse(426) },
  { name: 'no page of ours', path: '/nothing/here', shows: '.empty' },
  { name: 'waiting', edge: { isWaiting: true }, shows: '.empty' },
  { name: 'an empty cluster', edge: {}, shows: '.empty' },
  { name: 'reconnecting', edge: SMALL, shows: BOARD, act: lose },
  { name: 'stale', edge: FULL, shows: badge('stale'), prepare: (edge) => edge.ageBy(120_000) },
];
