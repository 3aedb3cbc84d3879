import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MigrationPage } from '../../core/history.ts';
import type { MigrateInput, Move } from '../../simulator/types.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { eventually } from '../support/stack.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';
import { placesOf } from './migration-scenario.ts';

interface Guest {
  readonly namespace: string;
  readonly name: string;
  readonly id: string;
  readonly host: string;
}

let browser: Browser;
let lab: Lab;
let page: Page;
let hosts: string[];
let guests: Guest[];
const faults: string[] = [];

beforeAll(async () => {
  browser = await launchWatchedBrowser();
  lab = await startLab({ hosts: 3, vms: 8, parallelMigrationsPerCluster: 9, parallelOutboundMigrationsPerNode: 9 });
  const { cluster } = lab;
  hosts = cluster.list('nodes').map(({ metadata }) => metadata.name);
  guests = cluster.list('virtualmachineinstances').flatMap(({ metadata: { namespace = '', name }, status }) => {
    const host = status?.nodeName;
    const canMove = status?.phase === 'Running' && cluster.refusalOf({ namespace, name }) === null;
    return host !== undefined && canMove ? [{ namespace, name, id: `${namespace}/${name}`, host }] : [];
  });
  page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await openList('');
});
afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

async function openList(query: string): Promise<void> {
  await page.goto(`${lab.boardUrl}?view=migrations${query}`);
  await page.waitForSelector('.badge:is([data-connection="live"], [data-connection="past"])');
  await page.waitForSelector('.moves-table');
}

const guestAt = (index: number): Guest => guests[index] ?? { namespace: '', name: '', id: '', host: '' };
const otherHosts = (guest: Guest): string[] => hosts.filter((host) => host !== guest.host);
const migrate = (guest: Guest, input: Partial<MigrateInput>): Move =>
  lab.cluster.migrate({ namespace: guest.namespace, name: guest.name, to: otherHosts(guest)[0] ?? '', ...input });

const readPage = async (): Promise<MigrationPage> =>
  (await (await fetch(`${lab.edge.url}/api/v1/clusters/lab/migrations`)).json()) as MigrationPage;

/** The rows of the list as `VM outcome or stage`, in their order. */
const rowsOf = (group: 'running' | 'finished'): Promise<string[]> =>
  page.$$eval(`.moves-table tr[data-migration]${group === 'running' ? '[data-stage]' : ':not([data-stage])'}`, (rows) =>
    rows.map((row) => [row.getAttribute('data-vm'), row.getAttribute('data-outcome-row') ?? row.getAttribute('data-stage')].join(' ')),
  );
const listed = (group: 'running' | 'finished', rows: readonly string[]): Promise<unknown> =>
  eventually(
    () => rowsOf(group),
    (seen) => JSON.stringify(seen) === JSON.stringify(rows),
    `${group}: ${rows.join(', ')}`,
  );
const cell = async (id: string, column: string): Promise<string> =>
  ((await page.textContent(`tr[data-vm="${id}"] [data-column="${column}"]`)) ?? '').replace(/\s+/g, ' ').trim();

test('lists nothing where nothing has moved, and says so', async () => {
  // Until it has been read, it says that it is being fetched.
  await expect
    .poll(() => page.$$eval('.moves-note', (notes) => notes.map(({ textContent }) => textContent)))
    .toEqual(['None is under way.', 'No migration that is kept is over.']);
});

test('follows the stream: what is under way first, then what is over, newest first, with all that is known of it', async () => {
  const [asked, failing, aborted, running] = [0, 1, 2, 3].map(guestAt) as [Guest, Guest, Guest, Guest];
  const [target = '', requested = ''] = otherHosts(asked);
  const first = migrate(asked, { to: target, placed: true, requested });
  first.stepTo('Running');
  await listed('running', [`${asked.id} transferring`]);
  // What was asked for stands in another object than where it goes, and can come a frame later.
  const way = `${asked.host} → ${target}asked for ${requested}`;
  await eventually(
    () => cell(asked.id, 'way'),
    (text) => text === way,
    way,
  );
  first.finish();
  await listed('running', []);
  await listed('finished', [`${asked.id} succeeded`]);

  const second = migrate(failing, { outcome: 'failed', failureReason: 'the guest would not stop' });
  second.stepTo('Running');
  await listed('running', [`${failing.id} transferring`]);
  second.finish();
  await listed('finished', [`${failing.id} failed`, `${asked.id} succeeded`]);
  migrate(aborted, { outcome: 'aborted' }).finish();
  migrate(running, {}).stepTo('Running');
  await listed('finished', [`${aborted.id} aborted`, `${failing.id} failed`, `${asked.id} succeeded`]);
  await listed('running', [`${running.id} transferring`]);

  const { finished } = await readPage();
  expect(await page.$$eval('tr[data-outcome-row]', (rows) => rows.map((row) => row.getAttribute('data-migration')))).toEqual(
    finished.map(({ id }) => id),
  );
  expect(await cell(failing.id, 'reason')).toContain('the guest would not stop');
  expect(await cell(failing.id, 'cause')).toContain('by hand');
  expect(await cell(asked.id, 'way')).toBe(way);
  expect(await cell(asked.id, 'took')).toMatch(/^(< )?\d.*Stages/);
  await page.click(`tr[data-vm="${asked.id}"] summary`);
  expect(await page.$$eval(`tr[data-vm="${asked.id}"] .moves-stages li`, (stages) => stages.length)).toBeGreaterThan(0);
  // The room counts what it learnt; the chart says the same.
  await eventually(
    () => page.textContent('.moves-ends figcaption'),
    (text) => text?.includes('migration') === true,
    'the chart has been read',
  );
});

test('the search finds migrations, by what they were and by their VMs, and the address keeps it', async () => {
  const [asked, failing, aborted, running] = [0, 1, 2, 3].map(guestAt) as [Guest, Guest, Guest, Guest];
  await page.click('.moves-outcomes a:has-text("failed")');
  await listed('finished', [`${failing.id} failed`]);
  await listed('running', []);
  expect(new URL(page.url()).searchParams.get('q')).toBe('outcome:failed');
  expect(await page.textContent('.moves-count')).toBe('1 of 4 listed');
  const download = page.waitForEvent('download');
  await page.click('.moves-save button:has-text("CSV")');
  expect((await download).suggestedFilename()).toMatch(/^hostview-lab-migrations-filtered-\d{8}T\d{6}Z-.*\.csv$/);
  await page.reload();
  await listed('finished', [`${failing.id} failed`]);
  expect(await page.inputValue('#search')).toBe('outcome:failed');
  for (const [query, over, underWay] of [
    [`name:${asked.name},${running.name}`, [`${asked.id} succeeded`], [`${running.id} transferring`]],
    ['-outcome:failed,aborted', [`${asked.id} succeeded`], [`${running.id} transferring`]],
    ['"would not stop"', [`${failing.id} failed`], []],
    ['stage:transferring', [], [`${running.id} transferring`]],
    ['nothing-is-called-so', [], []],
    ['', [`${aborted.id} aborted`, `${failing.id} failed`, `${asked.id} succeeded`], [`${running.id} transferring`]],
  ] as const) {
    await page.fill('#search', query);
    await listed('finished', over);
    await listed('running', underWay);
  }
});

test('leads to the moment before the end, and lists there what was known then', async () => {
  const failing = guestAt(1);
  const { finished } = await readPage();
  const end = finished.find(({ vm }) => vm === failing.id)?.endedAt ?? 0;
  await page.click(`tr[data-vm="${failing.id}"] .moves-moment`);
  await page.waitForSelector('.badge[data-connection="past"]');
  await page.waitForSelector('[data-host]');
  expect(new URL(page.url()).searchParams.get('at')).toBe(new Date(end - 1).toISOString());
  expect(await placesOf(page, failing.id)).toContain(`leaving ${failing.host}`);
  await page.click('.views a:has-text("Migrations")');
  await listed('finished', [`${guestAt(0).id} succeeded`]);
  expect((await rowsOf('running')).map((row) => row.split(' ')[0])).toEqual([failing.id]);
  expect(await page.textContent('.moves-as-of')).toContain('As of the moment');
  await page.click('.past-live');
  await page.waitForSelector('.badge[data-connection="live"]');
  await listed('running', [`${guestAt(3).id} transferring`]);
});

test('of a thousand is drawn where somebody looks, and has each migration once', async () => {
  const { running, finished } = await readPage();
  const [first] = finished;
  const [moving] = running;
  if (first === undefined || moving === undefined) throw new Error('none is over, or none is under way');
  const older = Array.from({ length: 1_000 }, (_, index) => ({ ...first, id: `older-${index}` }));
  // The room can know an end before the picture shows it.
  const ahead = { ...first, id: moving.id, vm: moving.vm };
  await page.route(/\/migrations\?limit=/, (route) =>
    route.fulfill({ json: { now: 0, running: [], finished: [ahead, ...older], next: 'e.1' } }),
  );
  await openList('');
  await page.getByText('Finished 1,000+').waitFor();
  expect(await page.getAttribute('.moves-table', 'aria-rowcount')).toBe('1004');
  expect(await page.$$eval('tr[data-migration]', (rows) => rows.length)).toBeLessThan(200);
  expect(await page.$$eval(`tr[data-migration="${moving.id}"]`, (rows) => rows.map((row) => row.hasAttribute('data-stage')))).toEqual([
    true,
  ]);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.waitForSelector('tr[data-migration="older-999"][aria-rowindex="1004"]');
  const download = page.waitForEvent('download');
  await page.click('.moves-save button:has-text("JSON")');
  const file = await download;
  expect(file.suggestedFilename()).toContain('hostview-lab-migrations-part-');
  const read = JSON.parse(await readFile(await file.path(), 'utf8'));
  expect([read.partial, read.migrations.length, 'stages' in read.migrations[0]]).toEqual([true, 1_001, false]);
  await page.unroute(/\/migrations\?limit=/);
});

test('comes in pages, and says when it cannot be had', async () => {
  const { finished } = await readPage();
  const all = finished.map(({ vm, outcome }) => `${vm} ${outcome}`);
  await page.route(/\/migrations\?limit=|\/migrations\?before=/, (route) =>
    route.continue({
      url: route
        .request()
        .url()
        .replace(/limit=\d+/, 'limit=1'),
    }),
  );
  await openList('');
  for (let pages = 1; pages <= all.length; pages++) {
    await listed('finished', all.slice(0, pages));
    const older = page.locator('.moves-older button');
    expect(await older.count()).toBe(pages < all.length ? 1 : 0);
    if (pages < all.length) await older.click();
  }
  await page.unroute(/\/migrations\?limit=|\/migrations\?before=/);
  await page.route(/\/migrations\?/, (route) => route.fulfill({ status: 503, body: '' }));
  await openList('');
  await page.waitForSelector('.moves-failure');
  expect(await page.locator('.moves-note').allTextContents()).not.toContain('No migration that is kept is over.');
  await page.unroute(/\/migrations\?/);
  await page.click('.moves-failure button');
  await listed('finished', all);
  await page.waitForSelector('.moves-failure', { state: 'detached' });
  expect(faults).toEqual([]);
});
