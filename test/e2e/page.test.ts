import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterSummary, type Host, VM_STATES, type Vm } from '../../core/model.ts';
import { observationOf, observeBoard } from '../support/board-observer.ts';
import { launchBrowser } from '../support/browser.ts';
import { type FakeEdge, type FakeEdgeOptions, startFakeEdge } from '../support/fake-edge.ts';

const HOSTS: readonly Host[] = ['host-1', 'host-2', 'host-3'].map((name) => ({ name, state: 'active', reasons: [], roles: ['worker'] }));
const vmOn = (name: string, host: string | null, extra: Partial<Vm> = {}): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host,
  state: host === null ? 'off' : 'running',
  migratable: { ok: true },
  ...extra,
});
const VMS: readonly Vm[] = [
  vmOn('ubuntu', 'host-1'),
  vmOn('debian', 'host-1'),
  vmOn('suse', 'host-2'),
  vmOn('windows', 'host-3'),
  vmOn('archive', null),
];
const OTHER_CLUSTER: ClusterSummary = {
  cluster: 'b',
  lastHeard: null,
  hosts: { total: 0, up: 0 },
  vms: { total: 0, byState: {} },
  transits: 0,
  failures: 0,
  cursor: null,
};
const ubuntuMoving = (extra: Partial<NonNullable<Vm['transit']>> = {}): Vm =>
  vmOn('ubuntu', 'host-1', {
    transit: { id: 'm-1', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt: Date.now(), ...extra },
  });
const ubuntuArrived = vmOn('ubuntu', 'host-2', {
  lastMigration: { outcome: 'succeeded', cause: 'user', from: 'host-1', to: 'host-2', endedAt: Date.now() },
});

let browser: Browser;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(
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

const painted = (page: Page, cursor: string | null): Promise<unknown> =>
  page.waitForFunction((wanted) => document.documentElement.dataset.cursor === wanted, cursor);
const chip = (id: string, host: string, lane: string): string => `[data-host="${host}"] [data-lane="${lane}"] [data-vm="${id}"]`;
const connection = (page: Page, kind: string): Promise<unknown> => page.waitForSelector(`.badge[data-connection="${kind}"]`);
const snapshotsAsked = (edge: FakeEdge): number => edge.requests.filter((line) => line.startsWith('GET')).length;

/** The live state, once the late parts (trails, motion, details) have come as well. */
async function live(page: Page, edge: FakeEdge): Promise<void> {
  await connection(page, 'live');
  await painted(page, edge.state.cursor);
  await page.waitForSelector('svg.trails', { state: 'attached' });
}

describe('the board', () => {
  it('shows a migration from start to end, and every DOM update is a whole picture (D2, L1, T1)', async () => {
    const { edge, page, faults } = await open();
    await live(page, edge);
    await observeBoard(page, 'default/ubuntu');

    await painted(page, edge.change({ vms: [ubuntuMoving({ stage: 'scheduling', to: null, requested: 'host-3' })] }));
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'leaving'))).toContain('asked for host-3');
    expect(await page.locator(chip('default/ubuntu', 'host-1', 'settled')).count()).toBe(0);

    await painted(page, edge.change({ vms: [ubuntuMoving({ requested: 'host-3', progress: 40 })] }));
    const leaving = await page.textContent(chip('default/ubuntu', 'host-1', 'leaving'));
    for (const part of ['→ host-2', 'asked for host-3', 'copying memory 40%', 'by hand']) expect(leaving).toContain(part);
    expect(await page.textContent(chip('default/ubuntu', 'host-2', 'arriving'))).toContain('← host-1');
    await page.waitForSelector('[data-trail="default/ubuntu"]', { state: 'attached' });

    await painted(page, edge.change({ vms: [ubuntuArrived] }));
    expect(await page.locator(chip('default/ubuntu', 'host-2', 'settled')).count()).toBe(1);
    expect(await page.locator('[data-vm="default/ubuntu"]').count()).toBe(1);
    expect(await page.locator('[data-trail]').count()).toBe(0);

    const { violations, drawn } = await observationOf(page);
    expect(violations).toEqual([]);
    expect(new Set(drawn.map(({ state }) => state))).toEqual(new Set(['running']));
    expect(drawn.map(({ settled, leaving, arriving }) => [settled, leaving, arriving].map((hosts) => hosts.join()).join(' '))).toEqual([
      'host-1  ',
      ' host-1 ',
      ' host-1 host-2',
      'host-2  ',
    ]);
    expect(faults).toEqual([]);
  });

  it('holds together under many changes', async () => {
    const many = Array.from({ length: 60 }, (_, index) => vmOn(`vm-${index}`, `host-${(index % 3) + 1}`));
    const { edge, page } = await open('/c/lab', {}, { vms: many });
    await live(page, edge);
    await observeBoard(page, 'default/vm-0');
    let cursor = '';
    for (let round = 0; round < 40; round++) {
      const moved = many.filter((_, index) => (index + round) % 4 === 0);
      const vms = moved.map((vm, index) => {
        const host = `host-${((index + round) % 3) + 1}`;
        const to = `host-${((index + round + 1) % 3) + 1}`;
        const transit = { id: `m-${index}`, stage: 'preparing', cause: 'drain', from: host, to, startedAt: Date.now() } as const;
        return { ...vm, host: index % 7 === 6 ? null : host, ...(index % 2 === 0 && { transit }) };
      });
      cursor = edge.change({ vms: [...vms, vmOn(`new-${round}`, 'host-1')], goneVms: [`default/new-${round - 3}`] });
      if (round % 3 === 0) await page.evaluate(() => new Promise(requestAnimationFrame));
      // However many frames a slow page paints as one commit, these are commits of their own.
      if (round % 10 === 0) await painted(page, cursor);
    }
    await painted(page, cursor);
    const { violations, commits } = await observationOf(page);
    expect(violations).toEqual([]);
    expect(commits).toBeGreaterThan(3);
    expect(await page.textContent('[data-count="moving"]')).toBe(String(await page.locator('[data-lane="leaving"] [data-vm]').count()));
  });

  it('is the same after a reload in the middle', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    const pictureOf = (): Promise<string[]> =>
      page.$$eval('[data-vm]', (chips) =>
        chips.map((item) =>
          [
            item.closest('[data-host]')?.getAttribute('data-host'),
            item.closest('[data-lane]')?.getAttribute('data-lane'),
            item.getAttribute('data-vm'),
          ].join(' '),
        ),
      );
    const before = await pictureOf();
    await page.reload();
    await live(page, edge);
    expect(await pictureOf()).toEqual(before);
  });

  it('marks a failed migration with its reason, and keeps it in the details', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const reason = 'target pod was evicted';
    const failed = vmOn('ubuntu', 'host-1', {
      lastMigration: { outcome: 'failed', cause: 'user', from: 'host-1', to: 'host-2', endedAt: Date.now(), reason, tries: 2 },
    });
    await painted(page, edge.change({ vms: [failed] }));
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'settled'))).toContain(reason);
    await painted(
      page,
      edge.change({
        vms: [{ ...failed, lastMigration: { ...failed.lastMigration, endedAt: Date.now() - 60_000 } as NonNullable<Vm['lastMigration']> }],
      }),
    );
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'settled'))).not.toContain(reason);

    await page.focus(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    await page.keyboard.press('Enter');
    // It takes the focus, and with it the keys, a moment after it is there.
    const details = await page.waitForSelector('[role="dialog"]:focus');
    expect(await details.textContent()).toContain(reason);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[role="dialog"]', { state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.closest('[data-vm]')?.getAttribute('data-vm'))).toBe('default/ubuntu');
  });

  it('leaves no VM out: on a host without a Node, or on none', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [vmOn('ghost', 'host-9')] }));
    expect(await page.locator(chip('default/ghost', 'host-9', 'settled')).count()).toBe(1);
    expect(await page.locator('[data-lane="unplaced"] [data-vm="default/archive"]').count()).toBe(1);
    await painted(page, edge.change({ goneVms: ['default/ghost'] }));
    expect(await page.locator('[data-host="host-9"]').count()).toBe(0);
  });

  it('counts every VM in one state, the rarer states where there is one', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const stateCounts = (): Promise<[string, number][]> =>
      page.$$eval(
        '[data-count]',
        (numbers, known) =>
          numbers
            .map((number): [string, number] => [number.getAttribute('data-count') ?? '', Number(number.textContent)])
            .filter(([name]) => known.includes(name)),
        VM_STATES as readonly string[],
      );
    expect(await stateCounts()).toEqual([
      ['running', 4],
      ['off', 1],
    ]);
    await painted(page, edge.change({ vms: [vmOn('suse', 'host-2', { state: 'paused' }), vmOn('new', null, { state: 'starting' })] }));
    expect(await stateCounts()).toEqual([
      ['running', 3],
      ['off', 1],
      ['paused', 1],
      ['starting', 1],
    ]);
    expect(await page.textContent('[data-count="vms"]')).toBe('6');
    await painted(page, edge.change({ vms: [vmOn('suse', 'host-2')], goneVms: ['default/new'] }));
    expect((await stateCounts()).map(([name]) => name)).toEqual(['running', 'off']);
  });

  it('cuts no name, wherever its VM stands', async () => {
    const name = 'ubuntu-of-a-team-that-likes-its-names-to-say-everything-01';
    const { edge, page } = await open('/c/lab', { viewport: { width: 1280, height: 720 } });
    await live(page, edge);
    const staying = vmOn(name, 'host-1', { id: `staging/${name}`, namespace: 'staging' });
    const moving = { ...ubuntuMoving(), id: `staging/${name}-2`, namespace: 'staging', name: `${name}-2` };
    await painted(page, edge.change({ vms: [staying, moving] }));
    const cut = await page.$$eval('.chip-name, .host-head h2', (names) =>
      names.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => textContent),
    );
    expect(cut).toEqual([]);
    expect(await page.locator('.chip-name', { hasText: name }).count()).toBe(3);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
  });

  it('a chip keeps its element, and its focus, while others come and go around it', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await page.focus(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    await painted(page, edge.change({ vms: [vmOn('alpine', 'host-1'), vmOn('zorin', 'host-1')], goneVms: ['default/debian'] }));
    expect(await page.evaluate(() => document.activeElement?.closest('[data-vm]')?.getAttribute('data-vm'))).toBe('default/ubuntu');
  });

  it('the details of a VM that was gone show it again when it is back', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await page.click(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    await page.waitForSelector('[role="dialog"] .facts');
    await painted(page, edge.change({ goneVms: ['default/ubuntu'] }));
    await page.waitForSelector('[role="dialog"] .facts', { state: 'detached' });
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-3')] }));
    await page.waitForSelector('[role="dialog"] .facts');
    expect(await page.textContent('[role="dialog"]')).toContain('host-3');
  });

  it('shows text of clusters as text', async () => {
    const { edge, page, faults } = await open();
    await live(page, edge);
    const markup = '<img src=x onerror=alert(1)>';
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-1', { displayName: markup, state: 'error', reason: markup })] }));
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'settled'))).toContain(markup);
    expect(await page.locator('.board img').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

describe('motion', () => {
  /** On the body, to stay: how many copies have flown from now on, and which words were said instead. They themselves soon go. */
  const recordMotion = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const { dataset } = document.body;
      dataset.flights = '0';
      dataset.origins = '';
      new MutationObserver((records) => {
        const added = records
          .flatMap((record) => [...record.addedNodes])
          .filter((node) => node instanceof Element && node.classList.contains('flyer'));
        if (added.length > 0) dataset.flights = String(Number(dataset.flights) + added.length);
        for (const { target } of records) {
          const origin = (target as HTMLElement).dataset.movedFrom;
          if (origin !== undefined) dataset.origins = origin;
        }
      }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-moved-from'] });
    });

  it('a VM travels, and its copy goes away', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await recordMotion(page);
    edge.change({ vms: [ubuntuArrived] });
    await page.waitForSelector('body[data-flights="1"]', { state: 'attached' });
    await page.waitForSelector('.flyer', { state: 'detached' });
  });

  it('where motion is not wanted, words say where it came from (interface.md C.3)', async () => {
    const { edge, page } = await open('/c/lab', { reducedMotion: 'reduce' });
    await live(page, edge);
    await recordMotion(page);
    edge.change({ vms: [ubuntuArrived] });
    await page.waitForSelector('body[data-origins="← host-1"]', { state: 'attached' });
    await page.waitForSelector('[data-moved-from]', { state: 'detached' });
    expect(await page.getAttribute('body', 'data-flights')).toBe('0');
  });

  it('a picture that is fetched anew does not move', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await recordMotion(page);
    edge.change({ vms: [ubuntuArrived] });
    await page.waitForSelector('body[data-flights="1"]', { state: 'attached' });
    edge.loseFrame({ vms: [vmOn('ubuntu', 'host-3')] });
    edge.renew();
    edge.dropStreams();
    await painted(page, edge.state.cursor);
    expect(await page.locator(chip('default/ubuntu', 'host-3', 'settled')).count()).toBe(1);
    expect(await page.getAttribute('body', 'data-flights')).toBe('1');
  });
});

describe('the connection', () => {
  it('resumes by cursor after a cut, and has what happened meanwhile (D1)', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const asked = snapshotsAsked(edge);
    const cursor = edge.state.cursor;
    edge.loseFrame({ vms: [ubuntuArrived] });
    edge.dropStreams();
    await painted(page, edge.state.cursor);
    await connection(page, 'live');
    expect(snapshotsAsked(edge)).toBe(asked);
    expect(edge.requests.at(-1)).toBe(`STREAM /api/v1/clusters/lab/stream?cursor=${cursor}`);
  });

  it('finds a frame that was lost without a trace, by the pulses (D3)', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    edge.loseFrame({ vms: [ubuntuArrived] });
    edge.hear();
    edge.hear();
    await painted(page, edge.state.cursor);
    await connection(page, 'live');
    expect(await page.locator(chip('default/ubuntu', 'host-2', 'settled')).count()).toBe(1);
  });

  it('says that it reconnects, keeps the board, and is live again', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    edge.refuse(503);
    edge.dropStreams();
    await connection(page, 'reconnecting');
    expect(await page.locator('[data-vm]').count()).toBe(VMS.length);
    edge.refuse(null);
    await connection(page, 'live');
  });

  it.each([
    [403, 'Access closed'],
    [404, 'Unknown cluster'],
    [426, 'Out of date'],
  ])('stops at HTTP %d and says so', async (status, word) => {
    const { edge, page } = await open();
    await live(page, edge);
    edge.refuse(status, 'Ask the one who runs it.');
    edge.dropStreams();
    await connection(page, 'refused');
    expect(await page.textContent('.badge')).toBe(word);
    expect(await page.textContent('.status')).toContain('Ask the one who runs it.');
    expect(await page.locator('[data-vm]').count()).toBe(VMS.length);
    expect(edge.streamCount).toBe(0);
  });

  it('a cluster that has gone silent is stale since when it spoke, and stays on the board (D5)', async () => {
    const edge = await startFakeEdge({ hosts: HOSTS, vms: VMS });
    edge.ageBy(120_000);
    const context = await browser.newContext();
    closing.push(edge.close, () => context.close());
    const page = await context.newPage();
    await page.goto(`${edge.url}/c/lab`);
    await connection(page, 'stale');
    expect(await page.textContent('.badge')).toMatch(/Stale since \d\d:\d\d:\d\d \(2m \d+s\)/);
    expect(await page.getAttribute('.board', 'data-freshness')).toBe('stale');
    expect(await page.locator('[data-vm]').count()).toBe(VMS.length);
    edge.hear();
    await connection(page, 'live');
  });

  it('a tab that was hidden while the machine slept does not trust its stream', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const opened = edge.requests.length;
    // The page is back within milliseconds otherwise, sooner than it can be read here.
    edge.hold();
    await page.evaluate(() => {
      const turn = (visibility: string): void => {
        Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      turn('hidden');
      const now = Date.now;
      Date.now = () => now() + 3_600_000;
      turn('visible');
    });
    await connection(page, 'reconnecting');
    expect(await page.getAttribute('.board', 'data-freshness')).toBe('stale');
    edge.release();
    await connection(page, 'live');
    // The first one: a stream that is held for ten seconds is given up, and asked for again.
    expect(edge.requests[opened]).toBe(`STREAM /api/v1/clusters/lab/stream?cursor=${edge.state.cursor}`);
    expect(edge.streamCount).toBe(1);
  });

  it('a board that is left before its first paint leaves no stream behind', async () => {
    const { edge, page } = await open('/elsewhere');
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
    await page.evaluate(async () => {
      const go = async (path: string): Promise<void> => {
        history.pushState(null, '', path);
        dispatchEvent(new PopStateEvent('popstate'));
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      };
      await go('/c/lab');
      if (document.querySelector('.cluster-title') === null) throw new Error('the board was not rendered');
      await go('/elsewhere');
    });
    // A second board, opened after it, has its stream: by then the first would have had its own.
    await page.evaluate(() => {
      history.pushState(null, '', '/c/lab');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await live(page, edge);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(edge.streamCount).toBe(1);
  });

  it('a list of clusters that cannot be asked for again does not stay live', async () => {
    const edge = await startFakeEdge({ hosts: HOSTS, vms: VMS });
    edge.others.push(OTHER_CLUSTER);
    const context = await browser.newContext();
    closing.push(edge.close, () => context.close());
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(edge.url);
    await page.waitForSelector('.clusters [data-connection="live"]');
    edge.refuse(503);
    await page.clock.runFor(40_000);
    await page.waitForSelector('.clusters [data-connection="stale"]');
    await page.waitForSelector('.bar [data-connection="reconnecting"]');
    edge.refuse(null);
    edge.hear();
    await page.clock.runFor(10_000);
    await page.waitForSelector('.bar [data-connection]', { state: 'detached' });
  });

  it('holds one stream, and none after leaving the board', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    expect(edge.streamCount).toBe(1);
    edge.others.push(OTHER_CLUSTER);
    await page.click('.brand');
    await page.waitForSelector('.clusters');
    await expect.poll(() => edge.streamCount, { timeout: 30_000 }).toBe(0);
    await page.click('.cluster-link');
    await live(page, edge);
  });
});

describe('where there is no board', () => {
  it.each([
    ['an unknown cluster', '/c/elsewhere', {}, 'No cluster of this name'],
    ['no such page', '/elsewhere', {}, 'Nothing here'],
    ['before the first sync', '/c/lab', { isWaiting: true }, 'Waiting for the first sync'],
    ['an empty cluster', '/c/lab', { hosts: [], vms: [] }, 'No hosts'],
  ] as const)('%s has its own words', async (_, path, options, words) => {
    const { page } = await open(path, {}, options);
    await page.getByRole('heading', { name: words }).waitFor();
  });

  it('one cluster is opened at once', async () => {
    const { edge, page } = await open('/');
    await live(page, edge);
    expect(new URL(page.url()).pathname).toBe('/c/lab');
  });
});

describe('readers', () => {
  it('reads Chinese where the browser does, and keeps what was chosen', async () => {
    const { edge, page } = await open('/c/lab', { locale: 'zh-CN' });
    await live(page, edge);
    expect(await page.getAttribute('html', 'lang')).toBe('zh-Hans');
    expect(await page.textContent('.badge')).toBe('实时');
    await page.selectOption('select[aria-label="语言"]', 'en');
    await page.waitForSelector('html[lang="en"]');
    await page.reload();
    await live(page, edge);
    expect(await page.textContent('.badge')).toBe('Live');
  });

  it('keeps the theme that was chosen', async () => {
    const { edge, page } = await open('/c/lab', { colorScheme: 'light' });
    await live(page, edge);
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.selectOption('select[aria-label="Colours"]', 'dark');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await live(page, edge);
    expect(await ground()).toBe(dark);
  });

  it('fits a phone: no sideways scrolling, targets of 44 px', async () => {
    const { edge, page } = await open('/c/lab', { viewport: { width: 360, height: 740 } });
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving({ requested: 'host-3' })] }));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const heights = await page.$$eval('.chip > button, select', (targets) =>
      targets.map((target) => target.getBoundingClientRect().height),
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    expect(await page.locator('[data-trail]').count()).toBe(0);
  });
});
