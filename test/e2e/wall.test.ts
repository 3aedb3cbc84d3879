/** The page as a screen on a wall: it fits, goes through what does not, keeps the time in sight, and lives for weeks. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { STREAM_SILENT_AFTER_MS } from '../../core/limits.ts';
import type { ClusterSummary, Host, Vm } from '../../core/model.ts';
import { FIRST_BACKOFF_MS } from '../../web/stream/connection-state.ts';
import { REFIT_AFTER_MS } from '../../web/wall/wall-fit.ts';
import { hostNamed } from '../support/entities.ts';
import type { FakeEdge } from '../support/fake-edge.ts';
import { eventually } from '../support/stack.ts';
import { countStreams, mostStreams } from '../support/stream-counter.ts';
import { summaryOf } from '../support/summaries.ts';
import { closing, connection, live, OTHER_CLUSTER, open, painted, vmOn } from './page-fixture.ts';

const SCREEN = { viewport: { width: 1920, height: 1080 } };
const hostsOf = (count: number): Host[] =>
  Array.from({ length: count }, (_, index) => ({ name: `harv-${index + 1}`, state: 'active', reasons: [], roles: [] }));
const vmsOf = (count: number, hosts: number): Vm[] =>
  Array.from({ length: count }, (_, index) => vmOn(`vm-${index}`, `harv-${(index % hosts) + 1}`));

const hung = (page: Page, how: 'whole' | 'paged'): Promise<unknown> => page.waitForSelector(`:root[data-wall-fit="${how}"]`);
/** The page by its stream; each card of a cluster has a badge of its own. */
const spokenTo = (page: Page): Promise<unknown> =>
  page.waitForSelector('.bar .badge:not([data-connection="connecting"], [data-connection="reconnecting"])');
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
    // On a slow machine the next page would come between two looks at this one.
    const stopClock = async (): Promise<void> => page.clock.pauseAt((await page.evaluate(() => Date.now())) + 10_000);
    await stopClock();
    const shown = async (): Promise<string> => (await page.textContent('.wall-clock span')) ?? '';
    for (let turns = 0; turns < 12 && !(await shown()).startsWith('Hosts 1–'); turns++) await page.clock.runFor(5_000);
    const seen = new Set(await hostsInSight(page));
    const said: string[] = [];
    for (let turns = 0; turns < 12; turns++) {
      said.push(await shown());
      if (turns > 0 && said[turns] === said[0]) break;
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

    // More VMs on two hosts than the screen is high: in parts, under the hosts' names, and the first page again.
    const last = 'vm-z';
    await page.clock.resume();
    const goneHosts = hostsOf(24).flatMap(({ name }, index) => (index < 2 ? [] : [name]));
    const goneVms = vmsOf(700, 24).flatMap(({ id }, index) => (index < 120 ? [] : [id]));
    await page.setViewportSize({ width: 1280, height: 600 });
    await painted(page, edge.change({ vms: [...vmsOf(120, 2), vmOn(last, 'harv-1')], goneHosts, goneVms }));
    await stopClock();
    const inSight = (selector: string): Promise<boolean> =>
      page.$eval(selector, (element) => {
        const { top, bottom } = element.getBoundingClientRect();
        const found = document.elementFromPoint(innerWidth / 4, (top + bottom) / 2);
        return top >= 0 && bottom <= innerHeight && found?.closest('.host') === element.closest('.host');
      });
    const places: number[] = [];
    let isLastShown = false;
    for (let turns = 0; turns < 6 && !(isLastShown && places.at(-1) === 0); turns++) {
      await page.clock.runFor(5_000);
      places.push(await page.evaluate(() => scrollY));
      if (!(await inSight(`[data-vm="default/${last}"]`))) continue;
      isLastShown = true;
      expect(await inSight('[data-host="harv-1"] h2'), 'whose it is').toBe(true);
      expect(await shown()).toBe('Hosts 1–2 of 2, in part');
    }
    expect(isLastShown, `the last VM of a host, at one of ${places}`).toBe(true);
    expect(places, 'and back at the first page').toContain(0);
  });

  it('has as few pages as can be of what does not fit, as large where it hangs upright, and cuts a long head off in order', async () => {
    const name = `${'a'.repeat(60)}.`.repeat(4);
    const long = hostNamed('harv-1', { displayName: name, zone: name, roles: [name], reasons: [name, 'KubeletNotReady', 'DiskPressure'] });
    const { edge, page } = await open('/c/lab?wall=600', SCREEN, { hosts: [long, ...hostsOf(120).slice(1)], vms: vmsOf(120, 120) });
    await live(page, edge);
    await hung(page, 'paged');
    const column = (): Promise<string> => page.$eval(':root', (root) => root.style.getPropertyValue('--wall-column'));
    expect(await column(), 'of cards that are about as high in narrow columns').not.toBe('24rem');
    expect(await typeSize(page)).toBe(16);
    const ends = await page.$$eval('[data-host="harv-1"] .host-head > p', (parts) =>
      parts
        .map((part) => part.getBoundingClientRect())
        .sort((a, b) => a.top - b.top)
        .map(({ top, bottom }) => [top, bottom] as const),
    );
    expect(ends.length).toBe(4);
    for (const [index, [, bottom]] of ends.entries()) expect(ends[index + 1]?.[0] ?? bottom).toBeGreaterThanOrEqual(bottom - 1);
    await page.setViewportSize({ width: 1_080, height: 1_920 });
    await expect.poll(() => page.textContent('.wall-clock span')).toMatch(/^Hosts 1–\d\d of 120$/);
    expect(await typeSize(page)).toBe(16);
  });

  it('gives clusters the room that there is, and cuts off nothing of them', async () => {
    const { edge, page } = await open('/elsewhere', SCREEN);
    const clusters = (count: number): ClusterSummary[] =>
      Array.from({ length: count }, (_, index) => summaryOf(`site-${index + 1}`, Date.now() - (index % 7 === 3 ? 600_000 : 0)));
    const cutOff = (): Promise<number> =>
      page.$$eval('.cluster-card', (cards) => cards.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
    // One stale, seven fine: each kind had lines of its own, and the screen was too small for eight.
    edge.fleet.clusters = clusters(8);
    await page.clock.install();
    await page.goto(`${edge.url}/?wall=600`);
    await hung(page, 'whole');
    expect(await overflow(page)).toBe(0);
    expect(await cutOff()).toBe(0);
    const lastOf = (standing: string): string => `[data-section="${standing}"] .cluster-card:last-child`;
    expect((await sides(page, lastOf('stale'))).right, 'one card takes the whole line').toBeGreaterThan(SCREEN.viewport.width - 60);

    // Fewer: the room that the cards were given beyond what they need is no sign that all of it is needed.
    const small = await typeSize(page);
    edge.fleet.clusters = clusters(3);
    edge.fleet.publish();
    await page.waitForFunction(() => document.querySelectorAll('.cluster-card').length === 3);
    // Before the silence of the stream.
    await page.clock.runFor(REFIT_AFTER_MS);
    await page.evaluate(() => dispatchEvent(new Event('resize')));
    expect(await typeSize(page)).toBeGreaterThan(small);
    expect((await sides(page, lastOf('fine'))).right).toBeGreaterThan(SCREEN.viewport.width - 60);
    expect((await sides(page, lastOf('fine'))).bottom, 'and all of the height').toBeGreaterThan(SCREEN.viewport.height - 60);
    expect(await overflow(page)).toBe(0);

    // Cards of many are small.
    edge.fleet.clusters = clusters(70);
    edge.fleet.publish();
    await page.reload();
    await hung(page, 'paged');
    expect(await cutOff()).toBe(0);
    await expect.poll(() => page.textContent('.wall-clock span')).toMatch(/^Clusters 1–\d\d of 70$/);

    edge.fleet.clusters = [];
    edge.fleet.publish();
    await page.getByRole('heading', { name: 'No clusters yet' }).waitFor();
    expect(await page.locator('main').getByRole('button').count(), 'nothing to click on').toBe(0);
  });

  it('goes from cluster to cluster by one stream, the stale ones too, and holds still while the connection is lost', async () => {
    const { edge, page } = await open('/elsewhere', SCREEN);
    edge.others.push(
      { ...OTHER_CLUSTER, cluster: 'silent', lastHeard: Date.now() - 600_000, cursor: 's-1' },
      { ...OTHER_CLUSTER, cluster: 'waiting' },
    );
    await page.clock.install();
    await countStreams(page);
    // Long enough for what a busy machine does within one turn: the page's clock goes on meanwhile.
    const turnMs = 15_000;
    await page.goto(`${edge.url}/?wall=${turnMs / 1_000}`);
    const title = (): Promise<string | null> => page.evaluate(() => document.querySelector('.cluster-title')?.textContent ?? null);
    const shown: (string | null)[] = [];
    await page.waitForSelector('[data-cluster="silent"][data-freshness="stale"]');
    for (let turns = 0; turns < 6; turns++) {
      shown.push(await title());
      await page.clock.runFor(turnMs + 100);
      // Until then it holds still, and a turn is more than it waits for that.
      await spokenTo(page);
    }
    // The list, then in its order: one that fell silent before one that is fine; the one that never spoke has no picture.
    expect(shown).toEqual([null, 'silent', 'lab', null, 'silent', 'lab']);
    expect(await mostStreams(page)).toBe(1);
    await expect.poll(() => edge.streamCount + edge.fleet.streamCount).toBe(1);
    expect(new URL(page.url()).pathname).toBe('/');

    edge.hear();
    while ((await title()) !== 'lab') await page.clock.runFor(turnMs + 100);
    await connection(page, 'live');
    edge.refuse(503);
    edge.dropStreams();
    await connection(page, 'reconnecting');
    await page.clock.runFor(2 * turnMs + 1_000);
    expect(await title(), 'what is there stays').toBe('lab');
    expect(await page.locator('[data-vm]').count()).toBeGreaterThan(0);
    edge.refuse(null);
    await page.keyboard.press('Escape');
    await page.waitForSelector(':root:not([data-wall])');
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('a wall whose page is taken away by an upgrade', () => {
  it.each([
    ['/c/lab?wall=5', '**/late-parts-*.js*'],
    ['/?wall=5', '**/fleet-view-*.js*'],
  ])('loads the new one by itself, once the edge answers with it and its script, and not more often: %s', async (path, files) => {
    const { edge, page } = await open('/elsewhere', SCREEN);
    await page.clock.install();
    let answer: 'old' | 'error' | 'login' | 'halfway' | 'new' = 'old';
    let asked = 0;
    /** What was asked for and not there, in order. */
    const lacking: ('script' | 'part')[] = [];
    const loads: string[] = [];
    closing.push(() => page.unrouteAll({ behavior: 'ignoreErrors' }));
    await page.route(files, (route) => {
      if (answer === 'new') return route.continue();
      lacking.push('part');
      return route.fulfill({ status: 404 });
    });
    await page.route('**/assets/page-*.js', (route) => {
      if (answer !== 'halfway') return route.continue();
      lacking.push('script');
      return route.fulfill({ status: 404 });
    });
    await page.route(
      ({ pathname }) => pathname === '/' || pathname === '/c/lab',
      (route) => {
        const isLoad = route.request().resourceType() === 'document';
        if (isLoad) loads.push(answer);
        else asked += 1;
        if (answer === 'error') return route.fulfill({ status: 503, body: 'overloaded' });
        return answer === 'login' && !isLoad ? route.fulfill({ body: '<form>Sign in</form>' }) : route.continue();
      },
    );
    await page.goto(edge.url + path);
    await page.getByText('Parts of the page could not be loaded.').waitFor();
    const askedBy = async (count: number): Promise<void> => {
      // By less than an answer is waited for: its time would be over in the same turn.
      for (let turns = 0; asked < count && turns < 720; turns++) await page.clock.runFor(5_000);
    };
    answer = 'error';
    await askedBy(1);
    expect(await page.evaluate(() => performance.now()), 'not at once').toBeGreaterThan(150_000);
    answer = 'login';
    await askedBy(2);
    expect(loads).toEqual(['old']);
    answer = 'halfway';
    await askedBy(3);
    // The part itself is tried after it: nothing would be left to do, were it there already.
    await expect.poll(() => lacking.slice(lacking.indexOf('script'))).toEqual(['script', 'part']);
    expect(loads).toEqual(['old']);
    answer = 'new';
    await askedBy(4);
    await hung(page, 'whole');
    await page.clock.runFor(200_000);
    expect(loads).toEqual(['old', 'new']);
  });
});

describe('another version of the page', () => {
  interface Upgrade {
    readonly loads: number;
    readonly lacking: number;
    /** What is asked of the edge, and not answered yet. */
    readonly underWay: number;
    areFilesThere: boolean;
  }

  /** The HTML names other files, which are the same ones: `document`s from the second load on, and whoever only asks at once. */
  async function upgrade(page: Page, isServed: boolean): Promise<Upgrade> {
    const seen = { loads: 0, lacking: 0, underWay: 0, areFilesThere: true };
    // What is on its way when the test ends has nobody to answer any more.
    closing.push(() => page.unrouteAll({ behavior: 'ignoreErrors' }));
    await page.route('**/next/**', (route) => {
      if (seen.areFilesThere) return route.continue({ url: route.request().url().replace('/next/', '/') });
      seen.lacking += 1;
      return route.fulfill({ status: 404 });
    });
    await page.route(
      ({ pathname }) => pathname === '/' || pathname.startsWith('/c/'),
      async (route) => {
        const isLoad = route.request().resourceType() === 'document';
        if (isLoad) seen.loads += 1;
        seen.underWay += 1;
        try {
          const answer = await route.fetch();
          const html = await answer.text();
          await route.fulfill({ response: answer, body: isLoad && !isServed ? html : html.replaceAll('"/assets/', '"/next/assets/') });
        } finally {
          seen.underWay -= 1;
        }
      },
    );
    return seen;
  }

  /** Less than the page waits for an answer, or bears the silence of its stream: those are measured by the same clock. */
  const TURN_MS = 15_000;
  /** The page's time goes by; the edge speaks, and has answered before more of it does. */
  async function pass(page: Page, edge: FakeEdge, seen: Upgrade, lengthMs: number): Promise<void> {
    for (let left = lengthMs; left > 0; left -= TURN_MS) {
      await page.clock.runFor(Math.min(left, TURN_MS));
      await painted(page, edge.change({ vms: [] }));
      await expect.poll(() => seen.underWay).toBe(0);
    }
  }

  it('is offered to whoever sits at the page, who may go on', async () => {
    const { edge, page, faults } = await open();
    await page.clock.install();
    await page.reload();
    await live(page, edge);
    const seen = await upgrade(page, true);
    await pass(page, edge, seen, 9 * 60_000);
    expect(await page.locator('.new-version').count()).toBe(0);
    const offer = page.locator('.new-version');
    for (let turns = 0; turns < 60 && (await offer.count()) === 0; turns++) await pass(page, edge, seen, 5_000);
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
    await pass(page, edge, seen, 12 * 60_000);
    expect(seen.loads, 'not while a VM moves').toBe(0);
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-2')] }));
    seen.areFilesThere = false;
    for (let turns = 0; turns < 30 && seen.lacking === 0; turns++) await pass(page, edge, seen, 5_000);
    await pass(page, edge, seen, 5_000);
    expect(seen.lacking).toBeGreaterThan(0);
    expect(seen.loads, 'not into a page without its script').toBe(0);
    seen.areFilesThere = true;
    for (let turns = 0; turns < 30 && seen.loads === 0; turns++) await pass(page, edge, seen, 5_000);
    await page.waitForSelector('script[src^="/next/"]', { state: 'attached' });
    await connection(page, 'live');
    await hung(page, 'whole');
    // It asks once more.
    await pass(page, edge, seen, 12 * 60_000);
    expect(seen.loads).toBe(1);
    expect(
      faults.filter((fault) => !fault.includes('404')),
      'but that files were lacking',
    ).toEqual([]);
  });

  it('is tried less and less where the page that comes is still the old one', async () => {
    const { edge, page } = await open('/c/lab?wall=5', SCREEN);
    await page.clock.install();
    await page.reload();
    await live(page, edge);
    const seen = await upgrade(page, false);
    // The first reload comes with the first question that is due; the next waits ten minutes at least, then twenty (test/web/settings/version.test.ts).
    for (let minutes = 0; minutes < 15; minutes += 1) {
      // Whose stream was lost asks each minute, and not each ten.
      await page.clock.runFor(STREAM_SILENT_AFTER_MS + 2 * FIRST_BACKOFF_MS);
      await spokenTo(page);
      await pass(page, edge, seen, 30_000);
      await page.waitForSelector('[data-vm]');
    }
    expect(seen.loads).toBeGreaterThanOrEqual(1);
    expect(seen.loads).toBeLessThanOrEqual(2);
  });
});
