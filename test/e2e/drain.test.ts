import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Vm } from '../../core/model.ts';
import { connection, emptied, live, open, painted, vmOn } from './page-fixture.ts';

const HOST = 'host-1';
const LIMIT = { reason: 'host-limit', used: 2, limit: 2, host: HOST } as const;
const DEVICE = 'HostDeviceNotLiveMigratable: VMI uses a PCI host devices';
const BOARD = `/c/lab/h/${HOST}?view=drain`;

const waiting = (name: string, place: number, extra: Partial<Vm> = {}): Vm =>
  vmOn(name, HOST, { evacuation: { from: HOST, waitingFor: { ...LIMIT, place } }, ...extra });
const moving = (name: string, extra: Partial<NonNullable<Vm['transit']>> = {}): Vm =>
  vmOn(name, HOST, {
    transit: { id: name, stage: 'transferring', cause: 'drain', from: HOST, to: 'host-2', startedAt: Date.now(), ...extra },
  });
const stuck = vmOn('gpu', HOST, { migratable: { ok: false, reason: DEVICE } });
/** The `index`th that left, a minute before the next one. */
const gone = (index: number, count: number): Vm =>
  vmOn(`gone-${index}`, 'host-2', { previous: { host: HOST, until: Date.now() - (count - index) * 60_000 } });

const leftAt = ({ previous }: Vm): number[] => (previous?.until == null ? [] : [previous.until]);
const goneVms = (count: number): Vm[] => Array.from({ length: count }, (_, index) => gone(index, count));
const HERE = [moving('m-1'), waiting('w-1', 1), waiting('w-2', 2), waiting('w-3', 3), stuck];
const SUMS = { here: 5, moving: 1, waiting: 3, stuck: 1, since: Date.now() - 600_000, leftAt: goneVms(5).flatMap(leftAt) };
const half = emptied(HOST, { ...SUMS, were: 10 });
const empty = emptied(HOST, { safe: true, because: 'empty', were: 3, since: Date.now() - 600_000 });

const verdict = (page: Page): Promise<string | null> => page.getAttribute('.verdict', 'data-safe');
/** Question, answer and reasons, as they follow one another. */
const told = (page: Page): Promise<(string | null)[]> => page.$$eval('.verdict > *', (lines) => lines.map((line) => line.textContent));
const textOf = (page: Page, selector: string): Promise<string | null> => page.textContent(selector);
const rowsOf = (page: Page, part: string): Promise<string[]> =>
  page.$$eval(`.drain-section[data-part="${part}"] [data-vm]`, (rows) => rows.map((row) => row.getAttribute('data-vm') ?? ''));

describe('the drain board', () => {
  it('says whether the host may be powered off, how far it has come, when it will be over, and who is where and why', async () => {
    const { edge, page, faults } = await open(BOARD, {}, { hosts: [half, { ...half, name: 'host-2' }], vms: [...HERE, ...goneVms(5)] });
    await connection(page, 'live');
    await page.waitForSelector('.verdict');
    expect(await verdict(page)).toBe('no');
    expect(await told(page)).toEqual(['Safe to power off?', 'No', '5 VMs are here']);
    const beside = await page.$eval('.drain-board', (one) => innerWidth - one.getBoundingClientRect().right);
    expect(beside, 'no room is kept for a drawer that does not come').toBeLessThan(100);
    expect(await page.$$eval('.drain-numbers > div', (parts) => parts.map((part) => part.textContent))).toEqual([
      'gone5',
      'moving1',
      'waiting3',
      'cannot move1',
    ]);
    // To scale: five of ten, one, three, one.
    const widths = await page.$$eval('.drain-bar rect', (parts) => parts.map((part) => Math.round(part.getBoundingClientRect().width)));
    const whole = widths.reduce((sum, width) => sum + width, 0);
    expect(widths.map((width) => Math.round((width / whole) * 10))).toEqual([5, 1, 3, 1]);
    expect(await textOf(page, '.drain-eta')).toMatch(/^Others probably gone in [2-4]–[4-6] min except 1 that cannot move$/);

    expect(await rowsOf(page, 'stuck')).toEqual(['default/gpu']);
    expect(await textOf(page, '[data-part="stuck"] .drain-group')).toContain(`${DEVICE}Shut it down, or take the device`);
    expect(await rowsOf(page, 'moving')).toEqual(['default/m-1']);
    expect(await rowsOf(page, 'waiting')).toEqual(['default/w-1', 'default/w-2', 'default/w-3']);
    expect(await textOf(page, '[data-part="waiting"] .drain-reason')).toBe('2 of 2 slots of host-1 taken3');
    expect(await textOf(page, '[data-part="waiting"] [data-vm="default/w-2"]')).toContain('place ~2');
    await page.click('[data-part="gone"] summary');
    expect(await rowsOf(page, 'gone')).toEqual([4, 3, 2, 1, 0].map((index) => `default/gone-${index}`));

    // Somebody else's move towards it, and one that nobody has asked.
    const coming = vmOn('coming', 'host-2', {
      transit: { id: 'c', stage: 'preparing', cause: 'user', from: 'host-2', to: HOST, startedAt: Date.now() },
    });
    const more = emptied(HOST, { ...SUMS, here: 6, were: 11, arriving: 2 });
    await painted(page, edge.change({ hosts: [more], vms: [coming, vmOn('unasked', HOST)] }));
    expect(await rowsOf(page, 'arriving')).toEqual(['default/coming']);
    expect(await textOf(page, '.drain-section[data-part="arriving"]')).toContain('1 VM still needs this host');
    expect(await rowsOf(page, 'unasked')).toEqual(['default/unasked']);
    expect(await textOf(page, '.drain-eta-except')).toBe('except 1 that cannot move, 1 not asked to leave, 2 on the way here');
    expect(faults).toEqual([]);
  });

  it('has no estimate before enough have left, and says that it does not end where it does not', async () => {
    const two = emptied(HOST, { ...SUMS, were: 7, leftAt: goneVms(2).flatMap(leftAt) });
    const { edge, page } = await open(BOARD, {}, { hosts: [two], vms: [...HERE, ...goneVms(2)] });
    await connection(page, 'live');
    expect(await textOf(page, '.drain-eta')).toContain('Too early to tell how long it takes: only 2 VMs seen leaving so far');
    await painted(page, edge.change({ hosts: [emptied(HOST, { ...SUMS, were: 10, leftAt: two.drain?.leftAt ?? [] })] }));
    expect(await textOf(page, '.drain-eta')).toContain('only 2 VMs seen leaving since watching was interrupted');
    const left = emptied(HOST, { here: 1, stuck: 1, were: 10, since: Date.now() });
    await painted(page, edge.change({ hosts: [left], vms: [], goneVms: HERE.slice(0, 4).map(({ id }) => id) }));
    expect(await textOf(page, '.drain-eta')).toBe('Does not end by itself 1 that cannot move');
    // Maintenance may still ask, or have passed them over.
    const asking = emptied(HOST, { here: 2, stuck: 1, were: 10, since: Date.now() });
    await painted(page, edge.change({ hosts: [asking], vms: [vmOn('unasked', HOST)] }));
    expect(await textOf(page, '.drain-eta')).toBe('Not known when it ends 1 that cannot move, 1 not asked to leave');
    expect(await textOf(page, '[data-part="unasked"] .drain-hint')).toBe('Maintenance mode has not asked them so far.');
  });

  it('says yes only from a live picture that does not contradict it', async () => {
    const { edge, page } = await open(BOARD, {}, { hosts: [empty, { ...half, name: 'host-2' }], vms: [vmOn('away', 'host-2')] });
    await connection(page, 'live');
    await page.waitForSelector('.verdict[data-safe="yes"]');
    expect(await told(page)).toEqual(['Safe to power off?', 'Yes', 'no VM is here or on its way. Volumes are not checked']);
    // A frame in which the room's answer and its VMs do not agree.
    await painted(page, edge.change({ vms: [vmOn('late', HOST)] }));
    expect(await verdict(page)).toBe('unknown');
    expect((await told(page)).slice(1).join(' ')).toMatch(/^Not known The picture contradicts itself/);
    await painted(page, edge.change({ goneVms: ['default/late'] }));
    expect(await verdict(page)).toBe('yes');
    await painted(page, edge.change({ hosts: [emptied(HOST, { arriving: 1, because: 'vms-arriving', were: 3 })] }));
    expect(await verdict(page)).toBe('no');
    await painted(page, edge.change({ hosts: [empty] }));
    expect(await verdict(page)).toBe('yes');

    edge.refuse(503);
    edge.dropStreams();
    await connection(page, 'reconnecting');
    expect(await verdict(page)).toBe('unknown');
    expect((await told(page)).slice(1)).toEqual(['Not known', 'The picture is not live: what runs there now is not known']);
    edge.refuse(null);
    await page.waitForSelector('.verdict[data-safe="yes"]');
    edge.renew();
    edge.ageBy(120_000);
    edge.dropStreams();
    await connection(page, 'stale');
    expect(await verdict(page)).toBe('unknown');
    expect(await page.locator('.drain-eta').count()).toBe(0);
    await painted(page, edge.change({ hosts: [{ ...emptied(HOST, { safe: true, because: 'off', were: 3 }), state: 'off' }] }));
    await page.waitForSelector('.verdict[data-safe="off"]');
    expect(await told(page)).toEqual(['It is off']);
  });

  it('says of the past that it is the past, and never yes', async () => {
    const hosts = [empty, { ...half, name: 'host-2' }];
    const { edge, page } = await open('/c/lab', {}, { hosts, vms: [] });
    const { cursor } = edge.state;
    edge.answers.set('/frames', { body: { cursor, oldest: cursor, oldestAt: Date.now() - 3_600_000, frames: [], next: null } });
    const at = `at=${new Date(Date.now() - 60_000).toISOString()}`;
    await page.goto(`${edge.url}${BOARD}&${at}`);
    await connection(page, 'past');
    await page.waitForSelector('.verdict');
    expect(await verdict(page)).toBe('unknown');
    expect((await told(page)).slice(1)).toEqual(['Not known', 'This is the past: it does not tell what runs there now']);
    expect(await page.locator('[data-safe="yes"], .drain-eta').count()).toBe(0);
    await page.goto(`${edge.url}${BOARD.replace(HOST, 'host-2')}&${at}`);
    await page.waitForSelector('.verdict[data-safe="unknown"]');
    expect((await told(page)).slice(2)).toEqual([
      'This is the past: it does not tell what runs there now',
      'At that moment: no, 5 VMs are here',
    ]);
    await page.goto(`${edge.url}/c/lab?${at}`);
    await page.waitForSelector('.host-safe');
    expect(await page.$$eval('.host-safe', (all) => all.map((one) => one.textContent))).toEqual([
      'Safe to power off: not known now — this is the past',
      'Safe to power off: not known now; at that moment: no — 5 VMs are here',
    ]);
  });

  it('shows all of its VMs while a search hides others', async () => {
    const { page } = await open(`${BOARD}&q=w-1&hide=yes`, {}, { hosts: [half], vms: HERE });
    await page.waitForSelector('.drain-row[data-dimmed]');
    const seen = await page.$$eval('.drain-lists [data-vm]', (rows) => rows.filter((row) => row.getBoundingClientRect().height > 0).length);
    expect(seen).toBe(HERE.length);
  });

  it('is reached from a host’s card, stays while a VM is looked at, and survives a reload', async () => {
    const { edge, page } = await open('/c/lab', {}, { hosts: [half], vms: HERE });
    await live(page, edge);
    await page.click(`[data-host="${HOST}"] .drain-open`);
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(BOARD);
    await page.focus('.drain-all');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.drain-lists [data-vm]') !== null), 'VMs are reached by keys').toBe(
      true,
    );
    await page.click('[data-part="waiting"] [data-vm="default/w-2"] button');
    await page.waitForURL(`**/c/lab/vm/default/w-2?view=drain&host=${HOST}`);
    await page.getByRole('dialog').waitFor();
    expect(await page.locator('.drain-board .verdict').count()).toBe(1);
    await page.reload();
    await page.getByRole('dialog').waitFor();
    expect(await page.textContent('.drain-head h2')).toBe(HOST);
    await page.keyboard.press('Escape');
    await page.waitForURL(`**${BOARD}`);
    // The focus is back where the VM stands, and arrows lead on: one tab stop for all of them.
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate(() => document.activeElement?.closest('[data-vm]')?.getAttribute('data-vm'))).toBe('default/w-1');
    expect(await page.locator('.drain-board [data-vm] button[tabindex="0"]').count()).toBe(1);
    await page.click('.drain-all');
    await page.waitForURL('**/c/lab?view=drain');
    await page.click('.drains h2 a');
    await page.waitForURL(`**${BOARD}`);
    await page.goBack();
    await page.waitForSelector('.drains');
  });

  it('says what there is instead of a drain', async () => {
    const { edge, page } = await open('/c/lab/h/host-2?view=drain', {}, { hosts: [half, { ...half, name: 'host-2' }], vms: HERE });
    await connection(page, 'live');
    await page.waitForSelector('.verdict');
    await painted(page, edge.change({ hosts: [{ name: 'host-2', state: 'active', reasons: [], roles: [] }] }));
    expect(await textOf(page, '.drain-none')).toContain('host-2Back in useIt is not being emptied any more. 0 VMs are here.');
    await page.reload();
    await page.getByRole('heading', { name: 'Not being emptied' }).waitFor();
    await painted(page, edge.change({ goneHosts: ['host-2'] }));
    await page.getByRole('heading', { name: 'No host of this name' }).waitFor();
    await painted(page, edge.change({ vms: [vmOn('stray', 'host-2')] }));
    expect(await textOf(page, '.drain-none')).toContain('No node of this name is known, though 1 VM should be there.');
    await page.goto(`${edge.url}/c/lab?view=drain`);
    await page.waitForSelector('.drains');
    await painted(page, edge.change({ hosts: [{ name: HOST, state: 'active', reasons: [], roles: [] }] }));
    await page.getByRole('heading', { name: 'No host is being emptied' }).waitFor();
  });

  it('fits a phone, speaks Chinese, and stands what a hostile cluster sends', async () => {
    const hostile = 'x'.repeat(200);
    const many = Array.from({ length: 150 }, (_, index) =>
      waiting(`${hostile}-${index}`, index + 1, { displayName: `\u202e<b>${hostile}` }),
    );
    const host = { ...emptied(HOST, { here: 151, waiting: 150, stuck: 1, were: 151 }), displayName: hostile, reasons: [hostile] };
    const vms = [...many, { ...stuck, migratable: { ok: false, reason: `${hostile}${hostile}` } }];
    const phone = { locale: 'zh-CN', viewport: { width: 390, height: 844 } };
    const { page, faults } = await open(BOARD, phone, { hosts: [host], vms });
    await connection(page, 'live');
    await page.waitForSelector('.verdict');
    expect(await told(page)).toEqual(['可否安全断电？', '不可以', '还有 151 台虚拟机在此']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect((await rowsOf(page, 'waiting')).length).toBe(100);
    const sizes = await page.$$eval('.drain-board :is(a, button, summary)', (targets) =>
      targets.map((target) => target.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44);
    await page.click('.drain-more');
    await expect.poll(() => rowsOf(page, 'waiting').then(({ length }) => length)).toBe(150);
    expect(faults).toEqual([]);
  });
});
