/**
 * The page on an edge without a cluster, in a browser. For the files of tests of the page: importing it starts a browser for the file
 * and ends it, and after each test closes what was opened. Whatever a test is about, no page of it may break its Content-Security-Policy.
 */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { ClusterSummary, Drain, Host, Vm } from '../../core/model.ts';
import { drainOf, hostNamed, vmOn } from '../support/entities.ts';
import { type FakeEdge, type FakeEdgeOptions, startFakeEdge } from '../support/fake-edge.ts';
import { launchWatchedBrowser, type WatchedBrowser } from '../support/watched-browser.ts';

export { vmOn };

export const HOSTS: readonly Host[] = ['host-1', 'host-2', 'host-3'].map((name) => hostNamed(name));
export const VMS: readonly Vm[] = [
  vmOn('ubuntu', 'host-1'),
  vmOn('debian', 'host-1'),
  vmOn('suse', 'host-2'),
  vmOn('windows', 'host-3'),
  vmOn('archive', null),
];
export const OTHER_CLUSTER: ClusterSummary = {
  cluster: 'b',
  lastHeard: null,
  hosts: { total: 0, up: 0 },
  vms: { total: 0, byState: {} },
  transits: 0,
  failures: 0,
  recent: null,
  cursor: null,
};
export const ubuntuMoving = (extra: Partial<NonNullable<Vm['transit']>> = {}): Vm =>
  vmOn('ubuntu', 'host-1', {
    transit: { id: 'm-1', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt: Date.now(), ...extra },
  });
/** A host that is being emptied; of its VMs nothing is known but what is given. */
export const emptied = (name: string, drain: Partial<Drain>): Host =>
  hostNamed(name, { state: drain.safe === true ? 'maintenance' : 'entering-maintenance', drain: drainOf(drain) });
export const ubuntuArrived = vmOn('ubuntu', 'host-2', {
  lastMigration: { outcome: 'succeeded', cause: 'user', from: 'host-1', to: 'host-2', endedAt: Date.now() },
});

export let browser: WatchedBrowser;
export const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  browser = await launchWatchedBrowser();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  expect(browser.takeBreaches(), 'breaches of the policy').toEqual([]);
});

export async function open(
  path = '/c/lab',
  options: BrowserContextOptions = {},
  edgeOptions: FakeEdgeOptions = {},
): Promise<{ edge: FakeEdge; page: Page; faults: string[] }> {
  const edge = await startFakeEdge({ hosts: HOSTS, vms: VMS, ...edgeOptions });
  const context = await browser.newContext(options);
  closing.push(edge.close, () => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(edge.url + path);
  return { edge, page, faults };
}

export const painted = (page: Page, cursor: string | null): Promise<unknown> =>
  page.waitForFunction((wanted) => document.documentElement.dataset.cursor === wanted, cursor);
export const chip = (id: string, host: string, lane: string): string => `[data-host="${host}"] [data-lane="${lane}"] [data-vm="${id}"]`;
export const connection = (page: Page, kind: string): Promise<unknown> => page.waitForSelector(`.badge[data-connection="${kind}"]`);
/** In the menu of the settings, which is closed again; `setting` as it is labelled there. */
export async function choose(page: Page, setting: string, value: string): Promise<void> {
  await page.click('.settings-button');
  await page.getByRole('combobox', { name: setting, exact: true }).selectOption(value);
  await page.keyboard.press('Escape');
}
export const snapshotsAsked = (edge: FakeEdge): number => edge.requests.filter((line) => line.startsWith('GET')).length;

/** The live state, once the late parts (trails, motion, details) have come as well. */
export async function live(page: Page, edge: FakeEdge): Promise<void> {
  await connection(page, 'live');
  await painted(page, edge.state.cursor);
  await page.waitForSelector('svg.trails', { state: 'attached' });
}
