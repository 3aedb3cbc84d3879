/** The page as a screen on a wall: it fits, goes through what does not, keeps the time in sight, and lives for weeks. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ClusterSummary, Host, Vm } from '../../core/model.ts';
import { eventually } from '../support/stack.ts';
import { summaryOf } from '../support/summaries.ts';
import { closing, connection, live, OTHER_CLUSTER, open, painted, vmOn } from './page-fixture.ts';

const SCREEN = { viewport: { width: 1920, height: 1080 } };
const hostsOf = (count: number): Host[] =>
  Array.from({ length: count }, (_, index) => ({ name: `harv-${index + 1}`, state: 'active', reasons: [], roles: [] }));
const vmsOf = (count: number, hosts: number): Vm[] =>
  Array.from({ length: count }, (_, index) => vmOn(`vm-${index}`, `harv-${(index % hosts) + 1}`));

const hung = (page: Page, how: 'whole' | 'paged'): Promise<unknown> => page.waitForSelector(`:root[data-wall-fit="${how}"]`);
const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
const typeSize = (page: Page): Promise<number> =>
  page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
const sides = (page: Page, selector: string): Promise<{ top: number; right: number; bottom: number }> =>
  page.$eval(selector, (element) => {
    const { top, right, bottom } = element.getBoundingClientRect();
    return { top, right, bottom };
  });
/** Hosts whose cards are on the screen from top to bottom. */
const hostsInSight = (page: Page): Promise<string[]> =>
  page.$$eval('.hosts > .host', (cards) => {
    const bar = document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0;
    return cards.flatMap((card) => {
      const { top, bottom } = card.getBoundingClientRect();
      return top >= bar && bottom <= innerHeight ? [card.getAttribute('data-host') ?? ''] : [];
    });
  });

describe('a wall', () => {
  it('shows one cluster without chrome, as large as it fits, and Esc leaves it', async () => {
    const { edge, page, faults } = await open('/elsewhere', SCREEN);
    await page.addInitScript(() => {
      const locks = { held: 0 };
      const request = async (): Promise<{ release: () => Promise<void> }> => {
        locks.held += 1;
        return {
          release: async () => {
            locks.held -= 1;
          },
        };
      };
      Object.defineProperty(navigator, 'wakeLock', { value: { request } });
      Object.assign(globalThis, { hostviewLocks: locks });
    });
    const locks = (): Promise<number> =>
      page.evaluate(() => (globalThis as unknown as { hostviewLocks: { held: number } }).hostviewLocks.held);
    await page.goto(`${edge.url}/c/lab?wall=5`);
    await live(page, edge);
    await hung(page, 'whole');
    expect(await overflow(page)).toBe(0);
    expect(await locks(), 'the screen stays on').toBe(1);
    const large = await typeSize(page);
    expect(large).toBeGreaterThan(24);
    for (const chrome of ['.toolbar', '.settings', '.brand']) expect(await page.isVisible(chrome), chrome).toBe(false);
    for (const sight of ['.cluster-title', '.badge', '.wall-clock time']) expect(await page.isVisible(sight), sight).toBe(true);
    expect(await page.evaluate(() => getComputedStyle(document.body).cursor)).toBe('none');
    // Past the host between them, above the cards: the trail's words are not cut, and lie on nothing.
    const moving = vmOn('debian', 'host-1', {
      transit: { id: 'm-1', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-3', startedAt: Date.now() },
    });
    await painted(page, edge.change({ vms: [moving] }));
    const label = await sides(page, '.trail-label');
    const [board, head, card] = [await sides(page, '.trails'), await sides(page, '.counts'), await sides(page, '.host:last-of-type')];
    expect(label.top).toBeGreaterThanOrEqual(Math.max(board.top, head.bottom));
    expect(label.bottom).toBeLessThanOrEqual(card.top + 1);
    expect(card.right, 'few hosts take all of the width').toBeGreaterThan(SCREEN.viewport.width - large * 1.5);
    await painted(page, edge.change({ vms: [vmOn('debian', 'host-1')] }));

    // More hosts than fit at that size: smaller type at once, and no scrolling.
    await painted(page, edge.change({ hosts: hostsOf(20), vms: vmsOf(60, 20) }));
    await eventually(
      () => typeSize(page),
      (size) => size < large,
      'smaller type',
    );
    await eventually(
      () => overflow(page),
      (left) => left === 0,
      'all of it fits',
    );

    await page.click('.chip button');
    expect(await page.locator('[role="dialog"]').count(), 'no drawers').toBe(0);
    const hint = page.locator('.wall-exit');
    await page.mouse.move(300, 300);
    await page.mouse.move(310, 300);
    await page.waitForSelector('.wall-exit[data-pointing="true"]');
    expect(await page.evaluate(() => getComputedStyle(document.body).cursor)).not.toBe('none');
    expect(await hint.textContent()).toContain('Esc leaves');
    await page.keyboard.press('Escape');
    await page.waitForSelector(':root:not([data-wall])');
    expect(new URL(page.url()).search).toBe('');
    expect(await typeSize(page)).toBe(16);
    expect(await locks()).toBe(0);
    await page.waitForSelector('.toolbar');
    expect(faults).toEqual([]);
  });

  it('goes through the pages of what does not fit, and no host is left out', async () => {
    const { edge, page } = await open('/c/lab?wall=5', SCREEN, { hosts: hostsOf(24), vms: vmsOf(700, 24) });
    await page.clock.install();
    await page.reload();
    await live(page, edge);
    await hung(page, 'paged');
    const seen = new Set(await hostsInSight(page));
    const said: string[] = [];
    for (let turns = 0; turns < 12; turns++) {
      said.push((await page.textContent('.wall-clock span')) ?? '');
      await page.clock.runFor(5_000);
      for (const host of await hostsInSight(page)) seen.add(host);
      expect(await page.isVisible('.badge')).toBe(true);
    }
    expect([...seen].sort()).toEqual(
      hostsOf(24)
        .map(({ name }) => name)
        .sort(),
    );
    expect(said[0]).toMatch(/^Hosts 1–\d+ of 24$/);
    expect(new Set(said).size, 'several pages').toBeGreaterThan(2);
    expect(said.slice(1), 'and back at the first').toContain(said[0]);
  });

  it('gives clusters the room that there is, and cuts off nothing of them', async () => {
    const { edge, page } = await open('/elsewhere', SCREEN);
    const clusters = (count: number): ClusterSummary[] =>
      Array.from({ length: count }, (_, index) => summaryOf(`site-${index + 1}`, Date.now() - (index % 7 === 3 ? 600_000 : 0)));
    const cutOff = (): Promise<number> =>
      page.$$eval('.cluster-card', (cards) => cards.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
    // One stale, seven fine: each kind had lines of its own, and the screen was too small for eight.
    edge.fleet.clusters = clusters(8);
    await page.goto(`${edge.url}/?wall=60`);
    await hung(page, 'whole');
    expect(await overflow(page)).toBe(0);
    expect(await cutOff()).toBe(0);
    const lastOf = (standing: string): string => `[data-section="${standing}"] .cluster-card:last-child`;
    expect((await sides(page, lastOf('stale'))).right, 'one card takes the whole line').toBeGreaterThan(SCREEN.viewport.width - 60);

    edge.fleet.clusters = clusters(3);
    edge.fleet.publish();
    await page.reload();
    await hung(page, 'whole');
    expect((await sides(page, lastOf('fine'))).right).toBeGreaterThan(SCREEN.viewport.width - 60);
    expect((await sides(page, 'main')).bottom, 'most of the height').toBeGreaterThan(SCREEN.viewport.height * 0.66);

    // Cards of many are small.
    edge.fleet.clusters = clusters(70);
    edge.fleet.publish();
    await page.reload();
    await hung(page, 'paged');
    expect(await cutOff()).toBe(0);
  });

  it('goes from cluster to cluster by one stream, the stale ones too, and holds still while the connection is lost', async () => {
    const { edge, page } = await open('/elsewhere', SCREEN);
    edge.others.push(
      { ...OTHER_CLUSTER, cluster: 'silent', lastHeard: Date.now() - 600_000, cursor: 's-1' },
      { ...OTHER_CLUSTER, cluster: 'waiting' },
    );
    await page.clock.install();
    await page.goto(`${edge.url}/?wall=5`);
    const title = (): Promise<string | null> => page.evaluate(() => document.querySelector('.cluster-title')?.textContent ?? null);
    const shown: (string | null)[] = [];
    const streams: number[] = [];
    await page.waitForSelector('[data-cluster="silent"][data-freshness="stale"]');
    for (let turns = 0; turns < 6; turns++) {
      shown.push(await title());
      await page.clock.runFor(5_100);
      await page.waitForSelector('.badge:not([data-connection="connecting"])');
      streams.push(edge.streamCount + edge.fleet.streamCount);
    }
    // The list, then in its order: one that fell silent before one that is fine; the one that never spoke has no picture.
    expect(shown).toEqual([null, 'silent', 'lab', null, 'silent', 'lab']);
    expect(Math.max(...streams)).toBe(1);
    expect(new URL(page.url()).pathname).toBe('/');

    while ((await title()) !== 'lab') await page.clock.runFor(5_100);
    await connection(page, 'live');
    edge.refuse(503);
    edge.dropStreams();
    await connection(page, 'reconnecting');
    await page.clock.runFor(11_000);
    expect(await title(), 'what is there stays').toBe('lab');
    expect(await page.locator('[data-vm]').count()).toBeGreaterThan(0);
    edge.refuse(null);
    await page.keyboard.press('Escape');
    await page.waitForSelector(':root:not([data-wall])');
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('another version of the page', () => {
  /** The HTML names other files, which are the same ones: `document`s from the second load on, and whoever only asks at once. */
  async function upgrade(page: Page, isServed: boolean): Promise<{ readonly loads: number }> {
    const seen = { loads: 0 };
    // What is on its way when the test ends has nobody to answer any more.
    closing.push(() => page.unrouteAll({ behavior: 'ignoreErrors' }));
    await page.route('**/next/**', (route) => route.continue({ url: route.request().url().replace('/next/', '/') }));
    await page.route(
      ({ pathname }) => pathname === '/' || pathname.startsWith('/c/'),
      async (route) => {
        const isLoad = route.request().resourceType() === 'document';
        if (isLoad) seen.loads += 1;
        const answer = await route.fetch();
        const html = await answer.text();
        await route.fulfill({ response: answer, body: isLoad && !isServed ? html : html.replaceAll('"/assets/', '"/next/assets/') });
      },
    );
    return seen;
  }

  it('is offered to whoever sits at the page, who may go on', async () => {
    const { edge, page, faults } = await open();
    await page.clock.install();
    await page.reload();
    await live(page, edge);
    await upgrade(page, true);
    await page.clock.runFor(9 * 60_000);
    expect(await page.locator('.new-version').count()).toBe(0);
    // The stream is silent for all that the page's clock can tell, and so it is opened anew now and then.
    const offer = page.locator('.new-version');
    for (let turns = 0; turns < 60 && (await offer.count()) === 0; turns++) await page.clock.runFor(5_000);
    await offer.waitFor();
    await page.getByRole('button', { name: 'Later' }).click();
    expect(await page.locator('.new-version').count()).toBe(0);
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-2')] }));
    expect(faults).toEqual([]);
  });

  it('is loaded by a wall once, at a moment at which nothing moves', async () => {
    const { edge, page, faults } = await open('/c/lab?wall=5', SCREEN);
    await page.clock.install();
    await page.reload();
    await live(page, edge);
    const seen = await upgrade(page, true);
    const moving = vmOn('ubuntu', 'host-1', {
      transit: { id: 'm-1', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt: Date.now() },
    });
    await painted(page, edge.change({ vms: [moving] }));
    await page.clock.runFor(12 * 60_000);
    expect(seen.loads, 'not while a VM moves').toBe(0);
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-2')] }));
    for (let turns = 0; turns < 30 && seen.loads === 0; turns++) await page.clock.runFor(5_000);
    await page.waitForSelector('script[src^="/next/"]', { state: 'attached' });
    await connection(page, 'live');
    await hung(page, 'whole');
    // It asks once more.
    await page.clock.runFor(12 * 60_000);
    expect(seen.loads).toBe(1);
    expect(faults).toEqual([]);
  });

  it('is tried less and less where the page that comes is still the old one', async () => {
    const { edge, page } = await open('/c/lab?wall=5', SCREEN);
    await page.clock.install();
    await page.reload();
    await live(page, edge);
    const seen = await upgrade(page, false);
    // The first reload comes with the first question that is due; the next waits ten more at least, then twenty (test/web/settings/version.test.ts).
    for (let minutes = 0; minutes < 15; minutes += 1) {
      await page.clock.runFor(60_000);
      await page.waitForSelector('[data-vm]');
    }
    expect(seen.loads).toBeGreaterThanOrEqual(1);
    expect(seen.loads).toBeLessThanOrEqual(2);
  });
});
