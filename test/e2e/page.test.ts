import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { FramePage, MigrationBuckets, MigrationPage, MigrationRecord } from '../../core/history.ts';
import { startFakeEdge } from '../support/fake-edge.ts';
import { browser, choose, closing, connection, HOSTS, live, open, painted, ubuntuArrived, ubuntuMoving, VMS } from './page-fixture.ts';

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

  it('what a cluster without hosts was is still to be had: its migrations, its table, its history', async () => {
    const migration: MigrationRecord = {
      id: 'm-1',
      vm: 'default/gone',
      cause: 'user',
      from: 'host-1',
      to: 'host-2',
      startedAt: Date.now() - 60_000,
      endedAt: Date.now() - 30_000,
      recordedAt: Date.now() - 30_000,
      outcome: 'succeeded',
      tries: 1,
      stages: [],
    };
    const { edge, page, faults } = await open('/c/lab', {}, { hosts: [], vms: [] });
    const list: MigrationPage = { now: Date.now(), running: [], finished: [migration], next: null };
    const chart: MigrationBuckets = {
      now: Date.now(),
      bucket: 60,
      buckets: [],
      silences: [{ from: Date.now() - 7_200_000, to: Date.now() - 3_600_000 }],
    };
    edge.answers.set('/migrations', { body: { ...list, ...chart } });
    const oldestAt = Date.now() - 10_800_000;
    edge.answers.set('/frames', { body: { cursor: 'e1-1', oldest: 'e1-1', oldestAt, frames: [], next: null } satisfies FramePage });
    await page.getByRole('heading', { name: 'No hosts' }).waitFor();
    expect(await page.textContent('[data-count="hosts"]')).toBe('0');
    await page.click('.views a[href$="view=migrations"]');
    await page.waitForSelector('tr[data-vm="default/gone"]');
    // No bar where the cluster was not heard does not say that nothing moved.
    await page.waitForSelector('.moves-bars .silence', { state: 'attached' });
    expect(await page.textContent('.moves-ends figcaption')).toContain('not heard of once, for 1h 0m');
    await page.click('.views a[href$="view=table"]');
    await page.waitForSelector('.tables .table-empty');
    await page.click('#history-button');
    await page.waitForSelector('.past-slider .silence-word:has-text("not heard of")', { state: 'attached' });
    expect(await page.textContent('#past-ends')).toContain('not heard of once');
    expect(faults.filter((fault) => !fault.includes('status of 404'))).toEqual([]);
  });

  it('the present is not shown where a moment of the past is asked for: no counts, no badge, no news', async () => {
    const { edge, page } = await open('/c/lab');
    await live(page, edge);
    const asked: Route[] = [];
    await page.route(/\/clusters\/lab\?at=/, (route) => void asked.push(route));
    const isPresentShown = (): void => {
      const isSaid = document.querySelector('[data-count], .tools, [data-vm], .toast, .status') !== null;
      const badge = document.querySelector<HTMLElement>('.badge')?.dataset.connection;
      // Before the late parts have come nothing is shown but that something is to come.
      const isGate = document.querySelector('.past-dock') !== null;
      if (isSaid || (isGate && badge === 'live')) document.documentElement.dataset.presentShown ??= badge ?? '';
    };
    await page.addInitScript(
      `new MutationObserver(${isPresentShown}).observe(document, { subtree: true, childList: true, attributes: true })`,
    );
    await page.goto(`${edge.url}/c/lab?at=${new Date(Date.now() - 60_000).toISOString()}`);
    await connection(page, 'past');
    edge.change({ vms: [ubuntuMoving()] });
    await painted(page, edge.change({ vms: [ubuntuArrived], hosts: [{ name: 'host-3', state: 'unavailable', reasons: [], roles: [] }] }));
    await expect.poll(() => asked.length).toBe(1);
    expect(await page.title()).toBe('lab · Hostview');
    expect(await page.getAttribute('html', 'data-present-shown')).toBe(null);
    await asked[0]?.fulfill({ status: 404, contentType: 'application/problem+json', body: '{"code":"out-of-range","oldest":null}' });
    await page.waitForSelector('.past-gate[data-problem="missing"]');
    expect(await page.getAttribute('html', 'data-present-shown')).toBe(null);
    expect(await page.getAttribute('[role="slider"]', 'aria-valuetext')).not.toBe('now');
    await page.click('.past-dock [aria-label="Close the history"]');
    await connection(page, 'live');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('history-button');
    expect(await page.textContent('[data-count="moving"]')).toBe('0');
  });

  it('one cluster is opened at once', async () => {
    const { edge, page } = await open('/');
    await live(page, edge);
    expect(new URL(page.url()).pathname).toBe('/c/lab');
  });
});

describe('a script that does not come', () => {
  const WORDS = /Hostview has not started\. Reload the page\.|Hostview 尚未启动，请刷新页面。/;
  const awaited = (page: Page): Promise<string> => page.locator('body').ariaSnapshot();
  const waitLong = (page: Page): Promise<void> =>
    page.evaluate(() => {
      for (const animation of document.getAnimations()) animation.finish();
    });

  it('is told after a while, in both languages; and of one that comes nobody hears such a thing', async () => {
    const edge = await startFakeEdge({ hosts: HOSTS, vms: VMS });
    const context = await browser.newContext();
    closing.push(edge.close, () => context.close());
    const page = await context.newPage();
    let letCome = (): void => {};
    const gate = new Promise<void>((resolve) => {
      letCome = resolve;
    });
    await page.route('**/*.js', (route) => gate.then(() => route.continue()));
    const enter = (): Promise<unknown> => page.goto(`${edge.url}/c/lab`, { waitUntil: 'commit' });
    await enter();
    await page.waitForSelector('.unstarted', { state: 'attached' });
    expect([await page.locator('.unstarted').isVisible(), await awaited(page)]).toEqual([false, expect.not.stringMatching(WORDS)]);
    letCome();
    await live(page, edge);
    expect(await page.locator('.unstarted').count()).toBe(0);

    await page.route('**/*.js', (route) => route.fulfill({ status: 404, body: 'gone' }));
    await enter();
    await page.waitForSelector('.unstarted', { state: 'attached' });
    await page.waitForLoadState();
    expect([await page.locator('.unstarted').isVisible(), await awaited(page)]).toEqual([false, expect.not.stringMatching(WORDS)]);
    await waitLong(page);
    for (const [lang, words] of [
      ['en', 'Hostview has not started. Reload the page.'],
      ['zh-Hans', 'Hostview 尚未启动，请刷新页面。'],
    ] as const) {
      const text = page.locator(`.unstarted [lang="${lang}"]`);
      expect([await text.isVisible(), await text.textContent()]).toEqual([true, words]);
      expect(await awaited(page)).toContain(words);
    }
  });
});

describe('readers', () => {
  it('reads Chinese where the browser does, and keeps what was chosen', async () => {
    const { edge, page } = await open('/c/lab', { locale: 'zh-CN' });
    await live(page, edge);
    expect(await page.getAttribute('html', 'lang')).toBe('zh-Hans');
    expect(await page.textContent('.badge')).toBe('实时');
    await choose(page, '语言', 'en');
    await page.waitForSelector('html[lang="en"]');
    await page.reload();
    await live(page, edge);
    expect(await page.textContent('.badge')).toBe('Live');
  });

  it('reads in its own language why something is refused, and beside it what the edge said, as what it is', async () => {
    const { edge, page } = await open('/c/lab', { locale: 'zh-CN' });
    await live(page, edge);
    edge.refuse(403, 'Ask the one who runs it.');
    edge.dropStreams();
    await connection(page, 'refused');
    await page.waitForSelector('.status-matter q[lang="en"]');
    expect(await page.textContent('.status-matter')).toBe('请联系 Hostview 的管理员开放访问。Ask the one who runs it.');
    await page.reload();
    await page.waitForSelector('.empty q[lang="en"]');
    expect(await page.$$eval('.empty > p, .empty > q', (texts) => texts.map(({ textContent }) => textContent))).toEqual([
      '请联系 Hostview 的管理员开放访问。',
      'Ask the one who runs it.',
    ]);
  });

  it('keeps the theme that was chosen', async () => {
    const { edge, page } = await open('/c/lab', { colorScheme: 'light' });
    await live(page, edge);
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await choose(page, 'Colours', 'dark');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await live(page, edge);
    expect(await ground()).toBe(dark);
  });

  it('fits a phone: no sideways scrolling, targets of 44 px', async () => {
    const { edge, page } = await open('/c/lab', { viewport: { width: 360, height: 740 } }, { keepsPast: true });
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving({ requested: 'host-3' })] }));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.click('.settings-button');
    const heights = await page.$$eval('.chip > button, h2 > button, select, .settings-button, .settings-menu .action', (targets) =>
      targets.filter((target) => target.checkVisibility()).map((target) => target.getBoundingClientRect().height),
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    expect(await page.locator('[data-trail]').count()).toBe(0);

    // Magnified fourfold, a moment of the past leaves room for its picture; on paper it covers nothing.
    await page.setViewportSize({ width: 320, height: 256 });
    await page.goto(`${edge.url}/c/lab?at=${new Date().toISOString()}`);
    await connection(page, 'past');
    const dock = page.locator('.past-dock');
    expect((await dock.boundingBox())?.y).toBeGreaterThan(256 / 2);
    await page.emulateMedia({ media: 'print' });
    expect(await dock.evaluate((element) => getComputedStyle(element).position)).toBe('static');
    await page.emulateMedia({ media: null });
    // Since when a cluster is silent is read to its end.
    edge.ageBy(400 * 24 * 3_600_000);
    await page.goto(`${edge.url}/c/lab`);
    await connection(page, 'stale');
    const { x = 0, width = 0 } = (await page.locator('.badge').boundingBox()) ?? {};
    expect(x + width).toBeLessThanOrEqual(320);
  });
});
