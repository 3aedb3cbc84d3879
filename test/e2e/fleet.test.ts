/** The overview of all clusters, in a browser: at an edge by hand, and for adding a cluster at a real one. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { RECENT_INTERVAL_MS } from '../../core/limits.ts';
import type { ClusterSummary } from '../../core/model.ts';
import { redeemCode } from '../../local/registration.ts';
import { serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { type FakeEdge, startFakeEdge } from '../support/fake-edge.ts';
import { ADMIN_TOKEN, startEdgeProcess, startForwarderWith } from '../support/stack.ts';
import { summaryOf } from '../support/summaries.ts';
import { browser, closing, connection, open, painted } from './page-fixture.ts';

/** The fleet of these clusters, painted. */
async function openFleet(
  clusters: readonly ClusterSummary[],
  path = '/',
  options = {},
): Promise<{ edge: FakeEdge; page: Page; faults: string[] }> {
  const edge = await startFakeEdge();
  edge.fleet.clusters = clusters;
  const context = await browser.newContext(options);
  closing.push(edge.close, () => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(edge.url + path);
  return { edge, page, faults };
}

const change = (edge: FakeEdge, ...changed: ClusterSummary[]): string => {
  const names = new Set(changed.map(({ cluster }) => cluster));
  edge.fleet.clusters = [...(edge.fleet.clusters ?? []).filter(({ cluster }) => !names.has(cluster)), ...changed];
  return edge.fleet.publish();
};
const card = (name: string): string => `[data-cluster="${name}"]`;
const names = (page: Page): Promise<(string | undefined)[]> =>
  page.$$eval('[data-cluster]', (cards) => cards.map((one) => (one instanceof HTMLElement ? one.dataset.cluster : undefined)));
const textOf = async (page: Page, selector: string): Promise<string> =>
  (await page.textContent(selector))?.replace(/\s+/g, ' ').trim() ?? '';
const recently = (succeeded: number, failed: number): ClusterSummary['recent'] => ({
  from: Math.floor(Date.now() / RECENT_INTERVAL_MS) * RECENT_INTERVAL_MS - RECENT_INTERVAL_MS,
  succeeded: [succeeded],
  failed: [failed],
});
const healthy = (...of: string[]): ClusterSummary[] => of.map((name) => summaryOf(name, Date.now()));

describe('the overview', () => {
  it('zooms into the cluster that is opened and out of it again, and changes at once where less motion is wanted', async () => {
    const { page, faults } = await openFleet(healthy('lab', 'beta'));
    await connection(page, 'live');
    await page.evaluate(() => {
      const start = document.startViewTransition.bind(document);
      document.startViewTransition = (change) => {
        const zooming = start(change);
        const note = (what: string): void => void document.body.append(`[${what}]`);
        zooming.ready.then(
          () => {
            const animated = document
              .getAnimations()
              .flatMap(({ effect }) => (effect instanceof KeyframeEffect && effect.pseudoElement) || []);
            const { pointerEvents } = getComputedStyle(document.documentElement, '::view-transition');
            note([...animated, `pointer-events: ${pointerEvents}`].join());
          },
          () => note('skipped'),
        );
        return zooming;
      };
    });
    const zooms = (): Promise<string> =>
      page.evaluate(() => [...document.body.childNodes].map((node) => (node instanceof Text ? node.data.trim() : '')).join(''));

    await page.click(`${card('lab')} a`);
    await page.waitForSelector('h1 >> text=/lab/i');
    // A group is animated from one place to another only where there is an element on both sides: the card, and the page of its cluster.
    await expect.poll(zooms).toMatch(/^\[.*::view-transition-group\(zoom\).*\]$/);
    // The page itself stands still, and what is clicked meanwhile is clicked (interface.md D.3).
    expect(await zooms()).toContain('pointer-events: none');
    expect(await zooms()).not.toContain('(root)');
    expect(new URL(page.url()).pathname).toBe('/c/lab');
    await expect.poll(() => page.$eval('main', ({ style }) => style.getPropertyValue('view-transition-name'))).toBe('');

    await page.goBack();
    await page.waitForSelector(card('beta'));
    await expect.poll(zooms).toMatch(/^\[.*\]\[.*::view-transition-old\(zoom\).*\]$/);

    const before = await zooms();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.click(`${card('lab')} a`);
    await page.waitForSelector('h1 >> text=/lab/i');
    expect(await zooms()).toBe(before);
    expect(faults).toEqual([]);
  });

  it('says so where something of it cannot be rendered, and shows the rest', async () => {
    const broken = summaryOf('beta', Date.now(), { capacity: { cpu: null } as unknown as NonNullable<ClusterSummary['capacity']> });
    const { page, faults } = await openFleet([...healthy('alpha'), broken]);
    await connection(page, 'live');
    await page.locator('[role="alert"]', { hasText: 'Parts of the page could not be loaded. Reload' }).waitFor();
    expect(await names(page)).toEqual(['alpha', 'beta']);
    expect(faults.length).toBeGreaterThan(0);
  });

  it('shows each cluster and the sums, and follows the stream: one connection, and no request besides', async () => {
    const { edge, page, faults } = await openFleet(healthy('alpha', 'beta'));
    await connection(page, 'live');
    await painted(page, 'f1-1');
    const first = [...edge.requests];
    expect(first).toEqual(['GET /api/v1/clusters?follow=true', 'STREAM /api/v1/stream?cursor=f1-1']);

    const now = Date.now();
    const troubled = summaryOf('beta', now, {
      displayName: 'Beta site',
      hosts: { total: 5, up: 4 },
      vms: { total: 12, byState: { running: 9, error: 1, paused: 2 } },
      transits: 3,
      recent: recently(7, 2),
      capacity: { cpu: { allocatable: 32, given: 40 }, memory: { allocatable: null, given: 80 * 2 ** 30, unknown: 2 } },
    });
    await painted(page, change(edge, troubled));
    const beta = card('beta');
    expect(await textOf(page, `${beta} .cluster-head`)).toBe('Beta sitebetalive');
    expect(await page.$$eval(`${beta} .cluster-numbers dd`, (numbers) => numbers.map((one) => one.textContent))).toEqual([
      '4/5',
      '12',
      '3',
      '2',
    ]);
    expect(await page.$$eval(`${beta} .cluster-states li`, (states) => states.map((one) => one.textContent))).toEqual([
      '9 running',
      '0 off',
      '2 paused',
      '1 error',
    ]);
    const sizes = (name: string): Promise<(string | null)[]> =>
      page.$$eval(`${card(name)} .cluster-capacity > div`, (all) => all.map((one) => one.textContent));
    expect(await sizes('alpha')).toEqual(['VMs’ memory80 GiB of 384 GiB · 21%', 'VMs’ CPU40 vCPU on 96 cores · 42%']);
    expect(await sizes('beta')).toEqual([
      'VMs’ memoryat least 80 GiB · what its hosts can give is not known',
      'VMs’ CPU40 vCPU on 32 cores · 125%',
    ]);
    expect(await textOf(page, `${beta} .spark-words`)).toBe('7 moves, last hour; most in five minutes: 9');
    expect(await page.getAttribute(`${beta} .spark-failed`, 'd')).not.toBe('');
    expect(await page.$$eval('[data-section]', (all) => all.map((one) => one.querySelector('h2')?.textContent))).toEqual([
      'In trouble 1',
      'Fine 1',
    ]);
    const sums = await page.$$eval('.counts [data-count]', (all) => all.map((one) => [one.getAttribute('data-count'), one.textContent]));
    expect(Object.fromEntries(sums)).toEqual({
      live: '2',
      clusters: '2',
      'hosts-up': '7',
      hosts: '8',
      vms: '22',
      moving: '3',
      failed: '2',
    });

    await painted(page, change(edge, ...healthy('gamma')));
    expect((await names(page)).sort()).toEqual(['alpha', 'beta', 'gamma']);
    edge.fleet.clusters = edge.fleet.clusters?.filter(({ cluster }) => cluster !== 'alpha') ?? [];
    await painted(page, edge.fleet.publish());
    expect((await names(page)).sort()).toEqual(['beta', 'gamma']);
    expect(edge.requests).toEqual(first);
    expect(edge.fleet.streamCount).toBe(1);

    // A frame that was lost is noticed by what a pulse says, and the whole is asked for again.
    edge.fleet.loseFrame();
    edge.fleet.clusters = [...edge.fleet.clusters, ...healthy('delta')];
    edge.fleet.ping();
    edge.fleet.ping();
    await page.waitForSelector(card('delta'));
    await connection(page, 'live');
    // The edge learns of the end of the one before when it likes.
    await expect.poll(() => edge.fleet.streamCount).toBe(1);

    await page.click(card('gamma'));
    await page.waitForURL('**/c/gamma');
    await expect.poll(() => edge.fleet.streamCount).toBe(0);
    expect(faults.filter((text) => !text.includes('status of 404'))).toEqual([]);
  });

  it('greys a cluster that falls silent, without a word from the edge, and never removes it', async () => {
    const begunAt = Date.now();
    const edge = await startFakeEdge();
    edge.fleet.clusters = [summaryOf('silent', Date.now(), { transits: 1, recent: recently(3, 1) }), ...healthy('alive')];
    const context = await browser.newContext();
    closing.push(edge.close, () => context.close());
    const page = await context.newPage();
    await page.clock.install();
    const pass = async (seconds: number): Promise<void> => {
      edge.fleet.aheadMs += seconds * 1_000;
      await page.clock.runFor(seconds * 1_000);
    };
    const heardNow = (name: string): ClusterSummary => summaryOf(name, Date.now() + edge.fleet.aheadMs);
    await page.goto(edge.url);
    await page.waitForSelector(`${card('silent')}[data-freshness="live"]`);
    await pass(20);
    await painted(page, change(edge, heardNow('alive')));
    await pass(11);
    await page.waitForSelector(`${card('silent')}[data-freshness="stale"]`);
    expect(await page.getAttribute(card('alive'), 'data-freshness')).toBe('live');
    expect(await textOf(page, `${card('silent')} .badge`)).toMatch(/^stale since \d\d:\d\d:\d\d$/);
    for (const part of ['.badge', '.cluster-heard']) {
      expect(await page.getAttribute(`${card('silent')} ${part}`, 'title'), part).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    }
    const [, minutes = 0, seconds] = /^silent for (?:(\d+)m )?(\d+)s$/.exec(await textOf(page, `${card('silent')} .cluster-heard`)) ?? [];
    const silentForS = Number(minutes) * 60 + Number(seconds);
    // What was passed, and what the machine took for it.
    expect(silentForS).toBeGreaterThanOrEqual(31);
    expect(silentForS).toBeLessThanOrEqual(31 + Math.ceil((Date.now() - begunAt) / 1_000));
    expect(await textOf(page, `${card('silent')} .spark-words`)).toContain('3 moves, its last hour');
    expect(await page.$eval(`${card('silent')} .cluster-numbers`, (one) => getComputedStyle(one).filter)).toBe('grayscale(1)');
    expect(await textOf(page, '.status')).toContain('The sums count a stale cluster as last seen.');
    expect(await page.textContent('[data-count="failed"]'), 'nobody knows what its last hour was').toBe('0');
    expect(await page.title(), 'somebody should know').toBe('(1!) Hostview');

    // The page's own trouble.
    await painted(page, change(edge, heardNow('alive')));
    edge.refuse(503);
    edge.fleet.drop();
    await connection(page, 'reconnecting');
    await pass(31);
    // What the page hears nothing of cannot be live; nor has it fallen silent, as far as anybody knows.
    expect(await textOf(page, `${card('alive')} .badge`)).toMatch(/^live at \d\d:\d\d:\d\d$/);
    expect(await textOf(page, `${card('silent')} .badge`)).toMatch(/^stale since \d\d:\d\d:\d\d$/);
    expect(await textOf(page, '.status')).toMatch(/^This is how it was at \d\d:\d\d:\d\d\./);
    expect(await page.$eval(`${card('alive')} .cluster-head`, (one) => getComputedStyle(one).filter)).toBe('grayscale(1)');
    const silence = await textOf(page, `${card('silent')} .cluster-heard`);
    await pass(60);
    expect(await textOf(page, `${card('silent')} .cluster-heard`)).toBe(silence);
    edge.refuse(null);
    // By little and little: an answer takes a moment of the machine's, and the page's patience with it would be over at once.
    await expect
      .poll(async () => {
        edge.fleet.clusters = [heardNow('silent'), heardNow('alive')];
        await pass(1);
        return page.getAttribute('.bar .badge', 'data-connection');
      })
      .toBe('live');
    await expect.poll(() => names(page)).toEqual(['alive', 'silent']);
  });
});

describe('many clusters', () => {
  const STATES: readonly Partial<ClusterSummary>[] = [
    {},
    {},
    { hosts: { total: 3, up: 2 } },
    { lastHeard: null },
    { unknown: true, lastHeard: null },
    { transits: 2, vms: { total: 10, byState: { running: 7, off: 2, error: 1 } } },
  ];
  const many = (count: number): ClusterSummary[] =>
    Array.from({ length: count }, (_, index) => summaryOf(`site-${index + 1}`, Date.now(), STATES[index % STATES.length]));

  it('300 are mounted at once, small, searched and sorted; all of it stands in the address and survives a reload', async () => {
    const { edge, page, faults } = await openFleet(many(300), '/', { viewport: { width: 1280, height: 800 } });
    await painted(page, 'f1-1');
    // Of the page's own time, and not of what a busy machine takes for it.
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.reload();
    await painted(page, 'f1-1');
    const { metrics } = await cdp.send('Performance.getMetrics');
    const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
    expect(seconds, 'seconds, from the first task to the list').toBeGreaterThan(0);
    expect(seconds).toBeLessThan(1.5);
    expect(await page.locator('[data-cluster]').count()).toBe(300);
    expect(await page.getAttribute('.fleet-list', 'data-compact')).toBe('true');
    const states = await page.$$eval('[data-section="attention"] .cluster-states', (all) => all.map((one) => one.textContent));
    expect(new Set(states), 'what needs attention is said in the least form, too').toEqual(new Set(['1 error']));
    expect(await page.$$eval('[data-section]', (all) => all.map((one) => one.getAttribute('data-section')))).toEqual([
      'attention',
      'unknown',
      'fine',
      'waiting',
    ]);

    await page.keyboard.press('/');
    await page.keyboard.type('site-29 live');
    await page.waitForURL('**/?q=site-29+live');
    await expect.poll(() => textOf(page, '.fleet-found')).toBe('6 of 300');
    expect(await page.getAttribute('.fleet-list', 'data-compact')).toBe('false');
    await page.selectOption('.fleet-choice:nth-of-type(1) select', 'none');
    await page.selectOption('.fleet-choice:nth-of-type(2) select', 'name');
    await expect.poll(() => names(page)).toEqual(['site-290', 'site-291', 'site-294', 'site-295', 'site-296', 'site-297']);
    expect(new URL(page.url()).search).toBe('?q=site-29+live&sort=name&group=none');
    const before = await names(page);
    await page.reload();
    await painted(page, 'f1-1');
    expect(await names(page)).toEqual(before);
    expect(await page.inputValue('input[type=search]')).toBe('site-29 live');

    await page.fill('input[type=search]', 'nothing is called so');
    await page.getByRole('heading', { name: 'No cluster matches' }).waitFor();
    expect(await page.textContent('.empty p')).toBe('None of them has “nothing is called so” in its name or its state.');
    await page.fill('input[type=search]', 'state:stale');
    await page
      .getByText('None of them has “state:stale” in its name or its state. Unlike a board’s search, this filter knows no')
      .waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await expect.poll(() => names(page).then(({ length }) => length)).toBe(300);
    expect(await page.inputValue('input[type=search]:focus')).toBe('');
    await painted(page, change(edge, summaryOf('site-300', Date.now(), { transits: 9 })));
    expect(await page.textContent(`${card('site-300')} [data-kind="moving"] dd`)).toBe('9');
    expect(faults).toEqual([]);
  });

  it('nothing changes its place while somebody points at the list, or has the focus in it', async () => {
    const { edge, page } = await openFleet(healthy('a', 'b', 'c'), '/', { viewport: { width: 1280, height: 800 } });
    await painted(page, 'f1-1');
    const worse = (name: string): ClusterSummary => summaryOf(name, Date.now(), { hosts: { total: 3, up: 1 } });
    await page.hover(card('a'));
    await painted(page, change(edge, worse('c')));
    expect(await names(page)).toEqual(['a', 'b', 'c']);
    expect(await textOf(page, `${card('c')} .cluster-hint`)).toBe('→ In trouble');
    expect(await textOf(page, '.fleet-found')).toBe('3 of 3Order held while you point at the list');
    await page.mouse.move(5, 5);
    await expect.poll(() => names(page)).toEqual(['c', 'a', 'b']);
    expect(await page.locator('.fleet-held').count()).toBe(0);

    await page.focus(`${card('a')} a`);
    await painted(page, change(edge, worse('b'), ...healthy('d')));
    expect(await names(page)).toEqual(['c', 'a', 'b', 'd']);
    await page.focus('input[type=search]');
    await expect.poll(() => names(page)).toEqual(['b', 'c', 'a', 'd']);
  });
});

describe('the numbers of cards, and their sums', () => {
  /** Each a large one; the last is of a small cluster. */
  const large = (count: number): ClusterSummary[] =>
    Array.from({ length: count }, (_, index) =>
      summaryOf(`site-${index + 1}`, Date.now(), {
        hosts: { total: 1_000, up: 999 },
        vms: { total: 10_000, byState: { running: 9_999, error: 1 } },
        transits: 1_234,
        recent: recently(20, 1_234),
      }),
    ).concat(summaryOf('small', Date.now(), { transits: 1, recent: recently(1, 1) }));
  interface Numbers {
    /** Undefined: the sums. */
    readonly cluster: string | undefined;
    /** What is written over something else, or out of its card. */
    readonly crossing: readonly string[];
    /** Where the columns begin, from the card's edge. */
    readonly columns: readonly number[];
  }
  const numbersOf = (page: Page): Promise<Numbers[]> =>
    page.$$eval('.cluster-numbers, .counts', (all) =>
      all.map((numbers) => {
        const card = numbers.closest<HTMLElement>('.cluster-card');
        const written = [...numbers.querySelectorAll('dt, dd')].map((one) => {
          const range = document.createRange();
          range.selectNodeContents(one);
          return { text: one.textContent ?? '', box: range.getBoundingClientRect() };
        });
        const edge = numbers.getBoundingClientRect();
        const crossing = written.filter(({ box }, index) => {
          const isOut = box.left < edge.left - 1 || box.right > edge.right + 1;
          const isOver = written.some(
            ({ box: other }, at) =>
              at < index && box.left < other.right && other.left < box.right && box.top < other.bottom - 2 && other.top < box.bottom - 2,
          );
          return isOut || isOver;
        });
        return {
          cluster: card?.dataset.cluster,
          crossing: crossing.map(({ text }) => text),
          columns: [...numbers.children].map((one) => Math.round(one.getBoundingClientRect().left - edge.left)),
        };
      }),
    );

  it('never run into one another, large or small, on a phone or a wall, and stand below each other', async () => {
    const usual = summaryOf('usual', Date.now(), { hosts: { total: 12, up: 12 }, vms: { total: 9_999, byState: {} }, transits: 123 });
    const { edge, page } = await openFleet([...large(1), usual, ...healthy('other')], '/', { viewport: { width: 1_280, height: 800 } });
    await painted(page, 'f1-1');
    const looks: (readonly [what: string, numbers: readonly Numbers[]])[] = [];
    const look = async (what: string): Promise<void> => {
      for (const width of [1_280, 390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        looks.push([`${what}, ${width} px`, await numbersOf(page)]);
      }
    };
    await look('large cards');
    // Red is for what needs a person: a host can be down because somebody wanted it, and a move that failed is tried again.
    const colourOf = (selector: string): Promise<string> => page.$eval(selector, (one) => getComputedStyle(one).color);
    const [red, amber] = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      return ['--red', '--amber'].map((token) => {
        probe.style.color = `var(${token})`;
        return getComputedStyle(probe).color;
      });
    });
    const site = card('site-1');
    for (const warning of [
      `${site} [data-kind="hosts"] dd`,
      `${site} [data-kind="failed"] dd`,
      '.counts [data-kind="down"] dd',
      '.counts [data-kind="failed"] dd',
      '.fleet-section-title[data-standing="attention"]',
    ])
      expect(await colourOf(warning), warning).toBe(amber);
    expect(await colourOf(`${site} .cluster-states [data-state="error"]`)).toBe(red);

    edge.fleet.clusters = large(70);
    await painted(page, edge.fleet.publish());
    expect(await page.getAttribute('.fleet-list', 'data-compact')).toBe('true');
    await look('small cards');
    await page.setViewportSize({ width: 1_920, height: 1_080 });
    await page.goto(`${edge.url}/?wall`);
    await page.waitForSelector(':root[data-wall-fit]');
    looks.push(['small cards on a wall', await numbersOf(page)]);
    edge.fleet.clusters = large(8);
    await painted(page, edge.fleet.publish());
    expect(await page.getAttribute('.fleet-list', 'data-compact')).toBe('false');
    looks.push(['large cards on a wall', await numbersOf(page)]);
    for (const [what, numbers] of looks) {
      expect(numbers.length, what).toBeGreaterThan(1);
      for (const { cluster, crossing } of numbers) expect(crossing, `${what}: ${cluster}`).toEqual([]);
    }

    const [, numbers = []] = looks[0] ?? [];
    const columnsOf = (name: string): readonly number[] | undefined => numbers.find(({ cluster }) => cluster === name)?.columns;
    expect(columnsOf('usual')?.length).toBe(4);
    expect(columnsOf('usual')).toEqual(columnsOf('other'));
  });
});

describe('on a phone', () => {
  it('it fits, whatever clusters are called: nothing sideways, targets of 44 px, text and no markup', async () => {
    const displayNames = ['W'.repeat(512), '<img src=x onerror=alert(1)>', '\u202eمركز البيانات', '深圳工厂'];
    const named = displayNames.map((displayName, index) =>
      summaryOf(`c-${index}`, Date.now(), { displayName, hosts: { total: 9, up: 8 } }),
    );
    const phone = { viewport: { width: 360, height: 740 }, locale: 'zh-CN', colorScheme: 'dark' } as const;
    const { page, faults } = await openFleet(named, '/?group=none', phone);
    await painted(page, 'f1-1');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await page.locator('.cluster-card img').count()).toBe(0);
    expect(await textOf(page, `${card('c-1')} .cluster-name`)).toBe('<img src=x onerror=alert(1)>c-1');
    await page.getByRole('button', { name: '添加集群' }).click();
    await page.waitForSelector('.add-cluster');
    const targets = await page.$$eval('.fleet input, .fleet select, .fleet button', (all) =>
      all.map((one) => one.getBoundingClientRect().height),
    );
    expect(targets.length).toBeGreaterThan(8);
    expect(Math.min(...targets)).toBeGreaterThanOrEqual(44);
    expect(faults).toEqual([]);
  });
});

describe('where there is no list', () => {
  it('each reason has its own words', async () => {
    const { edge, page } = await openFleet([]);
    await page.getByRole('heading', { name: 'No clusters yet' }).waitFor();
    await page.getByRole('button', { name: 'Add a cluster' }).waitFor();
    edge.fleet.isPartial = true;
    await page.reload();
    await page.getByRole('heading', { name: 'No cluster to see' }).waitFor();
    expect(await page.getByRole('button', { name: 'Add a cluster' }).count()).toBe(0);
    edge.fleet.clusters = healthy('a', 'b');
    await page.reload();
    await page.getByText('Partial view').waitFor();
    edge.refuse(426);
    edge.fleet.drop();
    await connection(page, 'refused');
    await page.getByText('Hostview was upgraded. Reload to go on.').waitFor();
    expect(await names(page), 'the last picture stays').toEqual(['a', 'b']);
    await page.reload();
    await page.getByRole('heading', { name: 'This page is out of date' }).waitFor();
    edge.refuse(403, 'Viewing is closed.');
    await page.reload();
    await page.getByRole('heading', { name: 'Viewing is closed here' }).waitFor();
    const asked = edge.requests.length;
    edge.refuse(503);
    await page.reload();
    await page.getByRole('heading', { name: 'Reconnecting' }).waitFor();
    expect(edge.requests.length).toBeGreaterThan(asked);
  });

  it('the only cluster is opened at once, but not for whoever chose the list', async () => {
    const { edge, page } = await open('/');
    await page.waitForURL('**/c/lab');
    await painted(page, edge.state.cursor);
    await page.click('.brand');
    await page.waitForSelector(card('lab'));
    expect(new URL(page.url()).pathname).toBe('/');
    await page.reload();
    await page.waitForSelector(card('lab'));
    await page.goto(`${edge.url}/?group=none`);
    await page.waitForSelector(card('lab'));
    expect(page.url()).toBe(`${edge.url}/?group=none`);
  });
});

describe('adding a cluster', () => {
  it('shows the command, then waits, then is live, by itself; the token is kept nowhere', async () => {
    const server = await serveCluster(createCluster({ name: 'plant', hosts: 2, vms: 5 }));
    closing.push(() => server.close());
    const edge = await startEdgeProcess();
    closing.push(() => edge.stop());
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    closing.push(() => context.close());
    const page = await context.newPage();
    await page.goto(edge.url);
    const opener = page.getByRole('button', { name: 'Add a cluster' });
    await opener.click();
    const dialog = page.getByRole('dialog', { name: 'Add a cluster' });
    const submit = dialog.getByRole('button', { name: 'Add', exact: true });
    const problem = dialog.getByRole('alert');
    const focused = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id);
    await expect.poll(focused).toBe('add-name');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await opener.evaluate((one) => one === document.activeElement), 'the focus goes back').toBe(true);

    await opener.click();
    await submit.click();
    await problem.getByText('Enter a name.').waitFor();
    await dialog.getByLabel('Name').fill('Plant');
    await dialog.getByText('Small letters a–z').waitFor();
    await dialog.getByLabel('Name').fill('plant');
    await submit.click();
    await problem.getByText('Enter the admin token.').waitFor();
    const token = dialog.getByLabel('Admin token');
    expect(await token.getAttribute('type')).toBe('password');
    await token.fill('not-the-token-of-this-edge');
    await submit.click();
    await problem.getByText('This is not the admin token').waitFor();
    await dialog.getByLabel('Shown as').fill('The plant');
    await token.fill(ADMIN_TOKEN);
    await submit.click();
    const command = await dialog.getByLabel('Install command').inputValue();
    expect(command).toMatch(/^kubectl apply -f "http:\/\/127\.0\.0\.1:\d+\/api\/v1\/clusters\/plant\/install\.yaml\?code=[\w-]{43}"$/);
    await dialog.getByText(/It works once, for another 59m \d+s\./).waitFor();
    await dialog.getByText('Waiting for its forwarder to speak…').waitFor();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
    expect(await page.getAttribute(card('plant'), 'data-freshness')).toBe('waiting');
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]));
    expect(kept).not.toContain(ADMIN_TOKEN);

    const code = /code=([\w-]+)/.exec(command)?.[1] ?? '';
    const forwarder = await startForwarderWith(edge.url, 'plant', await redeemCode(edge.url, 'plant', code), server.kubeconfig);
    closing.push(() => forwarder.stop());
    await dialog.getByText('It is live.').waitFor();
    expect(await dialog.getByLabel('Install command').count()).toBe(0);
    await expect.poll(() => textOf(page, `${card('plant')} [data-kind="vms"] dd`)).toBe('5');
    expect(await textOf(page, `${card('plant')} .cluster-name`)).toBe('The plantplant');

    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    // The button that opened it stands elsewhere now.
    await expect.poll(() => opener.evaluate((one) => one === document.activeElement)).toBe(true);
    await opener.click();
    await dialog.getByLabel('Name').fill('plant');
    await dialog.getByText('A cluster of this name is registered.').waitFor();
    expect(await dialog.getByLabel('Admin token').inputValue(), 'a closed form forgets it').toBe('');
    await dialog.getByLabel('Admin token').fill(ADMIN_TOKEN);
    await submit.click();
    await dialog.getByRole('button', { name: 'Get another command' }).click();
    await dialog.getByText('It is live.').waitFor();
    expect(await dialog.getByLabel('Install command').inputValue(), 'one that spoke before needs it too').not.toBe(command);
    await dialog.getByRole('link', { name: 'Open its board' }).click();
    await page.waitForURL('**/c/plant');
    await connection(page, 'live');
  });
});
