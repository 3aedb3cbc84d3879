/** The picture as tables (issue 6), and what is exported of it, in a browser under the page's own policy. */
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Vm } from '../../core/model.ts';
import { connection, emptied, HOSTS, open, painted, ubuntuArrived, ubuntuMoving, vmOn } from './page-fixture.ts';

const TABLE = '/c/lab?view=table';
const GIB = 2 ** 30;
const rowOf = (name: string): string => `.vm-table [data-vm="default/${name}"]`;

/** The table, once its rows are there. */
const tableOf = (page: Page): Promise<unknown> => page.waitForSelector('.vm-table .table-row');
const namesIn = (page: Page): Promise<string[]> => page.locator('.vm-table .table-row > th').allInnerTexts();
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
/** As it is laid out: parts of a cell can stand below each other. */
const textsOf = async (page: Page, cells: string): Promise<string[]> => (await page.locator(cells).allInnerTexts()).map(oneLine);
const cellOf = async (page: Page, name: string, column: string): Promise<string | undefined> =>
  (await textsOf(page, `${rowOf(name)} > [data-column="${column}"]`))[0];
const sorted = (page: Page): Promise<(string | null)[]> =>
  page
    .locator('.vm-table th[aria-sort]')
    .evaluateAll((heads) => heads.flatMap((head) => [head.getAttribute('data-column'), head.getAttribute('aria-sort')]));
/** As many as are wanted, of a memory that grows with the number. */
const many = (count: number): Vm[] =>
  Array.from({ length: count }, (_, index) => vmOn(`vm-${index + 1}`, `host-${1 + (index % 3)}`, { memory: (index + 1) * GIB }));

describe('the table', () => {
  it('says of every VM what the board says, and follows it as it moves', async () => {
    const { edge, page, faults } = await open(TABLE);
    await tableOf(page);
    expect(await namesIn(page)).toEqual(['archive', 'debian', 'suse', 'ubuntu', 'windows']);
    expect([await cellOf(page, 'archive', 'host'), await cellOf(page, 'archive', 'state')]).toEqual(['none', 'off']);
    expect(await cellOf(page, 'archive', 'memory')).toContain('not known');
    await page.evaluate((row) => {
      const lit: (string | undefined)[] = [];
      new MutationObserver((records) => {
        for (const { target } of records) if ((target as HTMLElement).dataset.lit === 'true') lit.push((target as HTMLElement).dataset.vm);
      }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-lit'] });
      Object.assign(window, { row: document.querySelector(row), lit });
    }, rowOf('ubuntu'));

    const moving = ubuntuMoving({ requested: 'host-3' });
    await painted(page, edge.change({ vms: [{ ...moving, migratable: { ok: false, reason: 'VMI uses a PCI host device' } }] }));
    expect([await cellOf(page, 'ubuntu', 'host'), await cellOf(page, 'ubuntu', 'news')]).toEqual([
      'host-1 → host-2 copying memory',
      'asked for host-3',
    ]);
    expect(await cellOf(page, 'ubuntu', 'migratable')).toBe('no: VMI uses a PCI host device');
    expect(await cellOf(page, 'ubuntu', 'when')).toMatch(/^\d+s$/);
    edge.tell({ vm: moving.id, migration: 'm-1', percent: 43.9 });
    await page.waitForFunction((row) => document.querySelector(row)?.textContent?.includes('copying memory 43%'), rowOf('ubuntu'));
    expect(await textsOf(page, '.host-table [data-row="host-2"] > td')).toEqual([
      'active',
      '1',
      '1',
      '0',
      '– not known',
      '– not known',
      '',
    ]);

    // Lights up as a chip does, when it starts to leave and when it has arrived, and is the same row.
    await painted(page, edge.change({ vms: [ubuntuArrived] }));
    const after = await page.evaluate((selector) => {
      const { row, lit } = window as unknown as { row: Element; lit: string[] };
      return { lit, isSame: row === document.querySelector(selector) };
    }, rowOf('ubuntu'));
    expect(after).toEqual({ lit: ['default/ubuntu', 'default/ubuntu'], isSame: true });
    expect(await cellOf(page, 'ubuntu', 'host')).toBe('host-2');
    expect(await cellOf(page, 'ubuntu', 'news')).toBe('last move succeeded, host-1 → host-2');
    expect(await cellOf(page, 'ubuntu', 'when')).toMatch(/^\d\d:\d\d:\d\d$/);

    const lost = vmOn('suse', 'host-9', { state: 'unknown', danger: ['dead-host'], labels: { app: 'web' } });
    await painted(
      page,
      edge.change({ vms: [lost], goneVms: ['default/debian'], hosts: [emptied('host-3', { here: 1, safe: true, because: 'empty' })] }),
    );
    expect(await namesIn(page)).toEqual(['archive', 'suse', 'ubuntu', 'windows']);
    expect([await cellOf(page, 'suse', 'host'), await cellOf(page, 'suse', 'state')]).toEqual(['host-9 (no such node known)', 'unknown']);
    expect([await cellOf(page, 'suse', 'news'), await cellOf(page, 'suse', 'labels')]).toEqual(['its host does not answer', 'app=web']);
    expect(await textsOf(page, '.host-table .table-row > th')).toEqual(['host-1', 'host-2', 'host-3', 'host-9']);
    // The room says yes, and a VM is shown there.
    expect(await page.textContent('.host-table [data-row="host-3"] .host-safe')).toContain('not known now');

    // A silent cluster's table is grey, and has no yes.
    edge.ageBy(120_000);
    await page.reload();
    await connection(page, 'stale');
    await tableOf(page);
    expect(await page.$eval('.tables', (tables) => getComputedStyle(tables).filter)).toBe('grayscale(1)');
    expect(faults).toEqual([]);
  });

  it('is sorted by its heads, in the address', async () => {
    const sizes = { archive: 4, debian: 10, suse: 2, ubuntu: 9 };
    const vms = [
      ...Object.entries(sizes).map(([name, memory]) => vmOn(name, 'host-1', { memory: memory * GIB })),
      vmOn('windows', 'host-2'),
    ];
    const { page } = await open(TABLE, {}, { vms });
    await tableOf(page);
    expect(await sorted(page)).toEqual(['name', 'ascending']);
    await page.getByRole('button', { name: 'Memory', exact: true }).first().click();
    await page.waitForURL('**/c/lab?view=table&sort=-memory');
    expect(await sorted(page)).toEqual(['memory', 'descending']);
    expect(await namesIn(page)).toEqual(['debian', 'ubuntu', 'archive', 'suse', 'windows']);
    // The hosts' table has the column too.
    expect(await page.getAttribute('.host-table th[data-column="memory"]', 'aria-sort')).toBe('descending');
    await page.reload();
    await tableOf(page);
    expect(await namesIn(page)).toEqual(['debian', 'ubuntu', 'archive', 'suse', 'windows']);
    await page.getByRole('button', { name: 'Memory', exact: true }).first().click();
    await page.waitForURL('**/c/lab?view=table&sort=memory');
    expect(await namesIn(page)).toEqual(['suse', 'archive', 'ubuntu', 'debian', 'windows']);
    expect(await page.getByRole('table', { name: 'VMs, sorted by memory, ascending' }).count()).toBe(1);
    // Where its column has no room, by which they are sorted is to be read.
    const clipOfCaption = (): Promise<string> => page.$eval('.vm-table caption', (caption) => getComputedStyle(caption).clipPath);
    await page.setViewportSize({ width: 900, height: 800 });
    expect(await clipOfCaption()).toBe('inset(50%)');
    await page.goto(page.url().replace('sort=memory', 'sort=os'));
    await tableOf(page);
    expect(await clipOfCaption()).toBe('none');
  });

  it('holds still under a pointer and under the focus, and says so', async () => {
    const { edge, page } = await open(`${TABLE}&sort=-memory`, {}, { vms: many(4) });
    await tableOf(page);
    const before = ['vm-4', 'vm-3', 'vm-2', 'vm-1'];
    const hint = page.getByText('Order held while you are in the table');
    const change = (turn: number): Promise<unknown> =>
      painted(
        page,
        edge.change({
          vms: [vmOn('vm-1', 'host-1', { memory: (100 + turn) * GIB }), vmOn(`new-${turn}`, 'host-1', { memory: (50 + turn) * GIB })],
          goneVms: [turn === 1 ? 'default/vm-3' : 'default/new-1'],
        }),
      );
    await page.hover(rowOf('vm-2'));
    const at = await page.locator(rowOf('vm-2')).boundingBox();
    await change(1);
    await hint.waitFor();
    expect(await namesIn(page)).toEqual([...before, 'new-1'].map((name) => (name === 'vm-3' ? 'default/vm-3' : name)));
    expect(await page.locator(rowOf('vm-2')).boundingBox()).toEqual(at);
    expect(await page.textContent(rowOf('vm-3'))).toContain('not in the cluster');
    // The row itself is the newest there is.
    expect(await cellOf(page, 'vm-1', 'memory')).toBe('101 GiB');
    await page.mouse.move(2, 2);
    await hint.waitFor({ state: 'detached' });
    expect(await namesIn(page)).toEqual(['vm-1', 'new-1', 'vm-4', 'vm-2']);

    await page.focus(`${rowOf('vm-4')} button`);
    await change(2);
    await hint.waitFor();
    expect(await namesIn(page)).toEqual(['vm-1', 'default/new-1', 'vm-4', 'vm-2', 'new-2']);
    // Who asks for another order gets it.
    await page.getByRole('button', { name: 'Name', exact: true }).first().click();
    expect(await namesIn(page)).toEqual(['new-2', 'vm-1', 'vm-2', 'vm-4']);
    expect(await hint.count()).toBe(0);
  });

  it('opens a VM and a host, and gives the focus back', async () => {
    const { page } = await open(TABLE);
    await tableOf(page);
    await page.click(`${rowOf('suse')} button`);
    await page.waitForURL('**/c/lab/vm/default/suse?view=table');
    const drawer = page.getByRole('dialog', { name: 'suse' });
    await drawer.waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.closest('tr')?.dataset.row)).toBe('default/suse');
    await page.click('.host-table [data-row="host-2"] button');
    await page.getByRole('dialog', { name: 'host-2' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/c/lab/h/host-2');
  });

  it('lists what the search finds, and offers the way back where that is nothing', async () => {
    const { edge, page } = await open(`${TABLE}&q=host:host-1`);
    await tableOf(page);
    expect(await namesIn(page)).toEqual(['debian', 'ubuntu']);
    expect(await page.textContent('#table-vms')).toContain('2 of 5');
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-2'), vmOn('suse', 'host-1')] }));
    expect(await namesIn(page)).toEqual(['debian', 'suse']);
    await page.goto(`${edge.url}${TABLE}&q=nothing-of-this`);
    await page.getByText('No VM matches the search.').waitFor();
    await page.locator('.table-empty').getByRole('button', { name: 'Clear the search' }).click();
    await tableOf(page);
    expect((await namesIn(page)).length).toBe(5);
    expect(new URL(page.url()).search).toBe('?view=table');
    await page.mouse.move(2, 2);
    await painted(page, edge.change({ goneVms: [...edge.state.vms.keys()] }));
    await page.getByText('There is no VM in this cluster.').waitFor();
  });

  it('of an everyday cluster is there whole, for the browser to search; of a large one it is drawn where somebody looks', async () => {
    const { edge, page } = await open(TABLE, { viewport: { width: 1440, height: 800 } }, { vms: many(300) });
    await page.waitForFunction(() => document.querySelectorAll('.vm-table .table-row').length === 300);
    // Where there is no room for all columns, neither a row that says one thing only takes some from them, nor do the gaps.
    const roomForNews = (): Promise<number> => page.$eval('.vm-table th[data-column="news"]', (head) => head.getBoundingClientRect().width);
    await page.setViewportSize({ width: 900, height: 800 });
    const room = await roomForNews();
    await page.hover(rowOf('vm-2'));
    await painted(page, edge.change({ goneVms: ['default/vm-3'] }));
    await page.locator(rowOf('vm-3')).getByText('not in the cluster').waitFor();
    expect(await roomForNews()).toBe(room);
    await page.mouse.move(2, 2);

    await painted(page, edge.change({ vms: many(3_000) }));
    await page.waitForFunction(() => document.querySelectorAll('.vm-table .table-row').length < 200);
    expect(await page.locator('.table-count').allTextContents()).toEqual(['3,000', '3']);
    expect(await roomForNews()).toBe(room);
    await page.setViewportSize({ width: 1440, height: 800 });
    expect(await page.getAttribute('.vm-table thead tr', 'aria-rowindex')).toBe('1');
    expect(await page.getAttribute('.vm-table', 'aria-rowcount')).toBe('3001');
    const height = await page.$eval('.vm-table', (table) => table.getBoundingClientRect().height);
    await page.focus(`${rowOf('vm-1')} button`);
    await page.keyboard.press('End');
    const focused = (name: string): Promise<unknown> =>
      page.waitForFunction((row) => document.activeElement?.closest('tr')?.dataset.row === row, `default/${name}`);
    await focused('vm-3000');
    expect(await page.getAttribute(rowOf('vm-3000'), 'aria-rowindex')).toBe('3001');
    // The row stands where it would if all of them were there, between the head and the foot of the window.
    const last = await page.locator(rowOf('vm-3000')).boundingBox();
    expect(last?.y).toBeGreaterThan(80);
    expect(last?.y).toBeLessThan(760);
    expect(await page.$eval('.vm-table', (table) => table.getBoundingClientRect().height)).toBeCloseTo(height, -1);
    await page.keyboard.press('PageUp');
    await focused('vm-2990');
    for (const name of ['vm-2989', 'vm-2988']) {
      await page.keyboard.press('ArrowUp');
      await focused(name);
    }
    // One stop of Tab for all rows: the next is the way to the hosts.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the VMs ↑');

    // Wherever somebody scrolls to, rows are there.
    for (const part of [0.5, 0.25, 0.9, 0]) {
      await page.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), part);
      await page.waitForFunction(() => document.elementFromPoint(700, 500)?.closest('.vm-table .table-row') != null);
      await page.waitForFunction(() => document.elementFromPoint(700, 790)?.closest('.vm-table .table-row') != null);
    }
    expect(await page.locator('.vm-table .table-row').count()).toBeLessThan(300);
    // On paper nobody can, and the browser takes what is there when it has said that it prints.
    const afterPrinting = (event: string): Promise<number> =>
      page.evaluate(async (type) => {
        dispatchEvent(new Event(type));
        await null;
        return document.querySelectorAll('.vm-table .table-row').length;
      }, event);
    expect(await afterPrinting('beforeprint')).toBe(3_000);
    expect(await afterPrinting('afterprint')).toBeLessThan(300);

    // Whoever goes back to another order stays at the row, wherever that is then.
    await page.focus(`${rowOf('vm-1')} button`);
    await page.evaluate(() => {
      history.pushState(history.state, '', '?view=table&sort=-memory');
      dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
    });
    await page.waitForSelector(`${rowOf('vm-1')}[aria-rowindex="3001"]`);
    await focused('vm-1');

    // A link to a VM far down leads to its row.
    await page.goto(`${edge.url}/c/lab/vm/default/vm-1500?view=table`);
    await page.waitForSelector(`${rowOf('vm-1500')}[data-selected]`);
    await page.waitForFunction((row) => {
      const { top, bottom } = document.querySelector(row)?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
      return top > 0 && bottom < innerHeight;
    }, rowOf('vm-1500'));
  });

  it('is stacks of facts on a narrow screen', async () => {
    const long = 'z'.repeat(63);
    const vms = [
      vmOn('ubuntu', 'host-1', { displayName: long, labels: { app: long }, memory: 3 * GIB, os: long }),
      ubuntuMoving(),
      ...many(3),
    ];
    const { page } = await open(TABLE, { viewport: { width: 390, height: 800 } }, { vms: [...vms.slice(0, 1), ...vms.slice(2)] });
    await tableOf(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const heads = await page
      .locator(`${rowOf('ubuntu')} > td:visible`)
      .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, '::before').content));
    const cells = await textsOf(page, `${rowOf('ubuntu')} > td:visible`);
    const facts = heads.map((head, index) => `${head} ${cells[index]}`);
    expect(facts).toEqual([
      '"Namespace" default',
      '"Host" host-1',
      'none running',
      '"Memory" 3 GiB',
      '"Can move" yes',
      `"System" ${long}`,
      `"Labels" app=${long}`,
    ]);
    const small = await page
      .locator('.vm-table button:visible')
      .evaluateAll((buttons) => buttons.filter((button) => button.clientHeight < 43).length);
    expect(small).toBe(0);
    expect(await page.getByRole('table').first().getByRole('row').count()).toBe(5);
    await page.getByRole('button', { name: 'Host', exact: true }).first().click();
    await page.waitForURL('**sort=host');
  });
});

describe('the list of migrations', () => {
  it('follows what its search says of VMs', async () => {
    const { edge, page } = await open();
    const end = { cause: 'user', from: 'host-2', to: 'host-1', startedAt: 1, endedAt: 2, recordedAt: 2, tries: 0, stages: [] };
    const finished = ['ubuntu', 'debian'].map((name) => ({ ...end, id: name, vm: `default/${name}`, outcome: 'succeeded' }));
    edge.answers.set('/migrations', { body: { now: 3, running: [], finished, next: null, bucket: 60, buckets: [], silences: [] } });
    await page.goto(`${edge.url}/c/lab?view=migrations&q=state:paused`);
    await page.getByText('None of those that are listed match the search.').waitFor();
    await painted(page, edge.change({ vms: [vmOn('debian', 'host-1', { state: 'paused' })] }));
    await page.getByText('1 of 2 listed').waitFor();
    expect(await page.$$eval('tr[data-migration]', (rows) => rows.map((row) => row.getAttribute('data-migration')))).toEqual(['debian']);
  });
});

/** Of the menu for export; answers the file. */
async function download(page: Page, item: string): Promise<{ name: string; text: string; file: Download }> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: item, exact: true }).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8'), file };
}
const wideOpen = { viewport: { width: 1600, height: 900 } };

describe('export', () => {
  it('saves what is shown, under the strict policy, and lets go of it', async () => {
    const evil = vmOn('evil', 'host-1', { displayName: '=HYPERLINK("https://evil.example","look")' });
    const { edge, page, faults } = await open(`${TABLE}&q=host:host-1&sort=-name`, wideOpen, {
      vms: [evil, vmOn('debian', 'host-1'), vmOn('suse', 'host-2')],
    });
    await tableOf(page);
    await page.evaluate(() => {
      const log: string[] = [];
      const revoke = URL.revokeObjectURL.bind(URL);
      URL.revokeObjectURL = (address) => {
        log.push(address);
        revoke(address);
      };
      Object.assign(window, { revoked: log });
    });
    const csv = await download(page, 'VMs as CSV');
    const time = '\\d{8}T\\d{6}Z';
    expect(csv.name).toMatch(new RegExp(`^hostview-lab-filtered-${time}-e1\\.0\\.csv$`));
    expect(csv.text.startsWith('\ufeffcluster,cursor,picture,')).toBe(true);
    const lines = csv.text.split('\r\n');
    expect(lines.length).toBe(4);
    // In the order of the table: its name is what is shown, and begins with =.
    expect(lines[1]).toMatch(/^lab,e1-0,live,live,.*,default,debian,,host-1,running,/);
    expect(lines[2]).toContain(`,default,evil,"'=HYPERLINK(""https://evil.example"",""look"")",host-1,running,`);
    expect(await page.getByRole('status').filter({ hasText: 'Saved as' }).textContent()).toBe(`Saved as ${csv.name}`);

    const hosts = await download(page, 'Hosts as CSV');
    expect(hosts.name).toMatch(new RegExp(`^hostview-lab-hosts-${time}-e1\\.0\\.csv$`));
    expect(hosts.text.split('\r\n').length).toBe(HOSTS.length + 2);

    await page.waitForFunction(() => (window as unknown as { revoked: string[] }).revoked.length === 2);
    edge.ageBy(120_000);
    await page.reload();
    await connection(page, 'stale');
    await tableOf(page);
    const what = '.export-what';
    expect(await page.textContent(what)).toMatch(
      /^2 of 3 VMs: those that the search finds\. The picture is not live: last heard .+\. The files say so\.$/,
    );
    const json = await download(page, 'VMs and hosts as JSON');
    expect(json.name).toMatch(new RegExp(`^hostview-lab-filtered-stale-${time}-e1\\.0\\.json$`));
    const read = JSON.parse(json.text);
    expect(read).toMatchObject({ picture: 'stale', cursor: 'e1-0', filter: { query: 'host:host-1', listed: 2, of: 3 } });
    expect(read.at).toBe(read.lastHeard);
    expect(read.vms).toContainEqual(evil);
    edge.hear();
    await painted(page, edge.change({ vms: [vmOn('arch', 'host-1')] }));
    const live = '3 of 4 VMs: those that the search finds. ';
    await page.waitForFunction(([selector, wanted]) => document.querySelector(selector)?.textContent === wanted, [what, live] as const);
    expect(faults).toEqual([]);
  });

  it('of the past says so', async () => {
    const at = Date.now() - 60_000;
    const { page } = await open(`${TABLE}&at=${new Date(at).toISOString()}`, wideOpen);
    await connection(page, 'past');
    await tableOf(page);
    const { name, text } = await download(page, 'VMs as CSV');
    expect(name).toContain('hostview-lab-past-');
    expect(text.split('\r\n')[1]).toMatch(/^lab,e1-0,past,/);
  });
});
