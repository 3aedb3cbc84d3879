/** What the page tells those who do not look at it: notes in the corner, the live region, the tab, the desktop. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { LastMigration, Vm } from '../../core/model.ts';
import type { FakeEdge } from '../support/fake-edge.ts';
import { eventually } from '../support/stack.ts';
import { connection, emptied, HOSTS, live, open, painted, vmOn } from './page-fixture.ts';

const failedMove = (extra: Partial<LastMigration> = {}): LastMigration => ({
  outcome: 'failed',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  endedAt: Date.now(),
  reason: 'target pod was evicted',
  ...extra,
});
const FLOCK = Array.from({ length: 14 }, (_, index) => vmOn(`vm-${index}`, 'host-2'));

const toasts = (page: Page): Promise<string[]> => page.$$eval('.toast-text', (notes) => notes.map((note) => note.textContent ?? ''));
const showing = (page: Page, texts: readonly string[], what: string): Promise<unknown> =>
  eventually(
    () => toasts(page),
    (shown) => JSON.stringify(shown) === JSON.stringify(texts),
    what,
  );

const doOverlap = (page: Page, one: string, other: string): Promise<boolean> =>
  page.evaluate(
    (selectors) => {
      const [a, b] = selectors.map((selector) => document.querySelector(selector)?.getBoundingClientRect());
      if (a === undefined || b === undefined) throw new Error(`not there: ${selectors}`);
      return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    },
    [one, other],
  );

/** As the browser tells it: nothing can hide a tab of a browser that shows none. */
const turn = (page: Page, visibility: 'hidden' | 'visible'): Promise<void> =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.hasFocus = () => state === 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibility);

/** With a clock that can be turned on. */
async function openWithClock(vms: readonly Vm[] = FLOCK): Promise<{ edge: FakeEdge; page: Page; faults: string[] }> {
  const opened = await open('/c/lab', {}, { vms });
  await opened.page.clock.install();
  await opened.page.reload();
  await live(opened.page, opened.edge);
  return opened;
}

describe('notes in the corner', () => {
  it('sum up what happens, lead to it, and go by themselves unless somebody points at them', async () => {
    const { edge, page, faults } = await openWithClock([...FLOCK, vmOn('shop', 'host-2')]);
    const moved = FLOCK.map((vm) => ({ ...vm, host: 'host-1' }));
    await painted(page, edge.change({ vms: moved.slice(0, 1) }));
    await showing(page, ['vm-0 moved to host-1'], 'one VM by its name');
    expect(await page.getAttribute('.toast-text', 'href')).toBe('/c/lab/vm/default/vm-0');
    edge.change({ vms: moved.slice(1, 9) });
    await painted(page, edge.change({ vms: moved.slice(9) }));
    await showing(page, ['14 VMs moved from host-2'], 'several as a sum');
    expect(await page.getAttribute('.toast-text', 'href')).toBe('/c/lab/h/host-2');
    // One sentence every five seconds: the first VM may have had one of its own.
    const spoken = page.waitForFunction(() =>
      /1[34] VMs moved from host-2/.test(document.querySelector('#app > p.unseen[role="status"]')?.textContent ?? ''),
    );

    await page.hover('.toast-text');
    await page.waitForSelector('.toasts[data-held]');
    await page.clock.fastForward(15_000);
    expect(await toasts(page), 'held').toHaveLength(1);
    await spoken;
    await page.mouse.move(1_200, 20);
    await page.waitForSelector('.toasts:not([data-held])');
    await page.clock.fastForward(6_000);
    await showing(page, [], 'gone');

    await painted(page, edge.change({ vms: [vmOn('shop', 'host-2', { lastMigration: failedMove({ from: 'host-2', to: 'host-3' }) })] }));
    await showing(page, ['shop: move to host-3 failed: target pod was evicted'], 'a failure with its reason');
    await page.clock.fastForward(10_000);
    expect(await toasts(page), 'stays longer').toHaveLength(1);
    await page.click('.toast-text');
    await page.waitForSelector('[role="dialog"]');
    expect(new URL(page.url()).pathname).toBe('/c/lab/vm/default/shop');
    expect(await toasts(page), 'was followed').toEqual([]);
    expect(faults).toEqual([]);

    // Beside what is open, not over it.
    await page.keyboard.press('h');
    await page.waitForSelector('.past-dock');
    await painted(page, edge.change({ vms: [vmOn('vm-1', 'host-3')] }));
    await showing(page, ['vm-1 moved to host-3'], 'a note beside a drawer and the history');
    // Once the page has been told how high the dock is, which is when it has been laid out.
    for (const open of ['[role="dialog"]', '.past-dock'])
      await expect.poll(() => doOverlap(page, '.toasts', open), { message: open }).toBe(false);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const open of ['[role="dialog"]', '.past-dock'])
      await expect.poll(() => doOverlap(page, '.toasts', open), { message: `${open}, narrow` }).toBe(false);
  });

  it('are at most four, are dismissed by the keyboard, give the focus back, and say nothing of a picture that was replaced', async () => {
    const { edge, page } = await openWithClock();
    const silent = HOSTS.map((host) => ({ ...host, state: 'in-progress' as const }));
    const others = Array.from({ length: 6 }, (_, index) => vmOn(`new-${index}`, `host-${index + 10}`));
    await painted(page, edge.change({ vms: others }));
    await painted(
      page,
      edge.change({
        hosts: silent.slice(0, 2),
        vms: [...others.map((vm) => ({ ...vm, host: 'host-1' })), vmOn('vm-0', 'host-2', { state: 'error' })],
      }),
    );
    await eventually(
      () => toasts(page),
      (shown) => shown.length > 0,
      'notes',
    );
    const shown = await toasts(page);
    expect(shown.length).toBeLessThanOrEqual(4);
    expect(shown).toContain('6 VMs moved');
    expect(shown.join()).toContain('host-1: not reporting');

    await page.focus('.settings-button');
    await page.focus('.toast:first-child .toast-close');
    for (let left = shown.length; left > 0; left--) {
      await page.keyboard.press('Escape');
      await page.waitForFunction((count) => document.querySelectorAll('.toast').length === count, left - 1);
    }
    await page.waitForFunction(() => document.activeElement?.classList.contains('settings-button') === true);

    edge.renew();
    edge.change({ vms: [vmOn('vm-1', 'host-3')] });
    edge.dropStreams();
    await painted(page, edge.state.cursor);
    await connection(page, 'live');
    await page.clock.fastForward(2_000);
    expect(await toasts(page)).toEqual([]);
  });

  it('a host that is safe to power off is told, and taken back once it is not, or once nobody can say', async () => {
    const { edge, page } = await openWithClock();
    const safe = emptied('host-3', { safe: true, because: 'empty' });
    await painted(page, edge.change({ hosts: [emptied('host-3', { here: 1, waiting: 1 })] }));
    await painted(page, edge.change({ hosts: [safe] }));
    await showing(page, ['host-3 is empty and safe to power off'], 'safe');
    expect(await page.getAttribute('.toast-text', 'href')).toBe('/c/lab/h/host-3?view=drain');
    await painted(page, edge.change({ hosts: [emptied('host-3', { arriving: 1, because: 'vms-arriving' })] }));
    await showing(page, ['host-3 is not safe to power off any more'], 'not any more');
    await painted(page, edge.change({ hosts: [safe] }));
    await showing(page, ['host-3 is empty and safe to power off'], 'safe again');
    edge.refuse(503);
    edge.dropStreams();
    await connection(page, 'reconnecting');
    await showing(page, [], 'nobody knows');
    expect(await page.textContent('[role="alert"]')).toContain('The connection is lost');

    edge.refuse(null);
    await page.clock.fastForward(15_000);
    await connection(page, 'live');
    await page.clock.fastForward(10_000);
    const status = '#app > p.unseen[role="status"]';
    await page.waitForFunction((selector) => document.querySelector(selector)?.textContent?.includes('live again') === true, status);
    expect(await page.textContent('#app > p.unseen[role="alert"]')).toBe('');
    // Else it would be read again with each sentence to come.
    expect(await page.getAttribute(status, 'aria-atomic')).toBe('false');
  });

  it('after a time away there is one sum of all that happened, also of what the stream tells when it is back', async () => {
    const { edge, page } = await openWithClock();
    await turn(page, 'hidden');
    edge.change({ vms: [vmOn('vm-0', 'host-1')] });
    await painted(page, edge.change({ vms: [vmOn('vm-1', 'host-1')] }));
    expect(await toasts(page)).toEqual([]);
    await page.clock.fastForward(61_000);
    await eventually(
      () => edge.streamCount,
      (count) => count === 0,
      'a hidden page gives its stream back',
    );
    edge.change({ vms: [vmOn('vm-2', 'host-1')] });
    edge.change({ vms: [vmOn('vm-3', 'host-2', { lastMigration: failedMove({ from: 'host-2', to: 'host-3' }) })] });
    await turn(page, 'visible');
    await painted(page, edge.state.cursor);
    await showing(page, ['While you were away: 3 VMs moved from host-2, vm-3: move to host-3 failed: target pod was evicted'], 'one sum');
    expect(edge.streamCount).toBe(1);
  });
});

describe('the tab', () => {
  const icon = (page: Page): Promise<string | null> => page.getAttribute('link[rel="icon"]', 'href');
  const titled = (page: Page, title: string): Promise<unknown> => page.waitForFunction((wanted) => document.title === wanted, title);

  it('says what needs a person, what failed while nobody looked, and when nothing can be said', async () => {
    const { edge, page, faults } = await openWithClock();
    await titled(page, 'lab · Hostview');
    const plain = await icon(page);
    await painted(page, edge.change({ hosts: [{ name: 'host-3', state: 'unavailable', reasons: [], roles: [] }] }));
    await titled(page, '(1!) lab · Hostview');
    const alarm = await icon(page);
    expect(alarm).not.toBe(plain);
    await painted(page, edge.change({ vms: [vmOn('vm-2', 'host-2', { state: 'error' })] }));
    await titled(page, '(2!) lab · Hostview');
    await painted(page, edge.change({ vms: [vmOn('vm-2', 'host-2')] }));
    await titled(page, '(1!) lab · Hostview');
    await turn(page, 'hidden');
    await painted(page, edge.change({ vms: [vmOn('vm-3', 'host-2', { lastMigration: failedMove() })] }));
    await titled(page, '(2!) lab · Hostview');
    await turn(page, 'visible');
    await titled(page, '(1!) lab · Hostview');
    await painted(page, edge.change({ hosts: HOSTS }));
    await titled(page, 'lab · Hostview');
    expect(await icon(page)).toBe(plain);

    edge.ageBy(120_000);
    await page.reload();
    await titled(page, '(stale) lab · Hostview');
    const lost = await icon(page);
    expect([plain, alarm]).not.toContain(lost);
    edge.hear();
    await titled(page, 'lab · Hostview');
    edge.refuse(503);
    edge.dropStreams();
    await titled(page, '(not connected) lab · Hostview');
    expect(await icon(page)).toBe(lost);
    for (const path of [alarm, lost])
      expect((await page.request.get(new URL(path ?? '', page.url()).href)).headers()['content-type']).toContain('svg');
    expect(faults.filter((fault) => !fault.includes('Failed to load resource'))).toEqual([]);
  });
});

interface Shown {
  isClosed: boolean;
  readonly title: string;
  readonly options: NotificationOptions;
  click(): void;
}

/** Chromium without a screen shows none: what it would be asked for is written down. */
const stubNotifications = (page: Page, answer: NotificationPermission): Promise<unknown> =>
  page.addInitScript((permission) => {
    const shown: Shown[] = [];
    class Stub {
      static permission: NotificationPermission = 'default';
      static asked = 0;
      static requestPermission(): Promise<NotificationPermission> {
        Stub.asked += 1;
        Stub.permission = permission;
        return Promise.resolve(permission);
      }
      onclick: (() => void) | null = null;
      readonly #shown: Shown;
      constructor(title: string, options: NotificationOptions) {
        this.#shown = { isClosed: false, title, options, click: () => this.onclick?.() };
        shown.push(this.#shown);
      }
      close(): void {
        this.#shown.isClosed = true;
      }
    }
    Object.assign(globalThis, { Notification: Stub, hostviewShown: shown });
  }, answer);
const shownOn = (page: Page): Promise<Omit<Shown, 'click'>[]> =>
  page.evaluate(() =>
    (globalThis as unknown as { hostviewShown: Shown[] }).hostviewShown.map(({ title, options, isClosed }) => ({
      title,
      options,
      isClosed,
    })),
  );

describe('desktop notifications', () => {
  it('are asked for by a click alone, told where nobody looks, one of a kind in 30 s, and keep the stream of a hidden page', async () => {
    const { edge, page } = await open('/c/lab', {}, { vms: FLOCK });
    await page.clock.install();
    await stubNotifications(page, 'granted');
    await page.reload();
    await live(page, edge);
    const asked = (): Promise<number> => page.evaluate(() => (Notification as unknown as { asked: number }).asked);
    expect(await asked()).toBe(0);
    await page.click('.settings-button');
    const box = page.getByRole('checkbox', { name: 'Desktop notifications' });
    await box.click();
    await page.waitForFunction(() => (Notification as unknown as { asked: number }).asked === 1);
    await eventually(
      () => box.isChecked(),
      (isOn) => isOn,
      'on',
    );
    await page.keyboard.press('Escape');

    const fail = (name: string): string => edge.change({ vms: [vmOn(name, 'host-2', { lastMigration: failedMove() })] });
    await painted(page, fail('vm-0'));
    expect(await shownOn(page), 'the reader sees it').toEqual([]);
    await turn(page, 'hidden');
    const asksBefore = edge.requests.length;
    await page.clock.runFor(2_000);
    await painted(page, edge.change({ vms: [] }));
    // The stream speaks, as it does; the page's timers run twice a minute, as they do in a hidden tab.
    for (let half = 0; half < 2; half++) {
      await page.clock.fastForward(30_000);
      await painted(page, edge.change({ vms: [] }));
    }
    await painted(page, fail('vm-1'));
    // By the same stream: timers that run seldom are no sign of a machine that slept.
    expect([edge.streamCount, edge.requests.length], 'it stays connected').toEqual([1, asksBefore]);
    fail('vm-2');
    await painted(page, fail('vm-3'));
    await painted(page, edge.change({ hosts: [{ name: 'host-3', state: 'in-progress', reasons: [], roles: [] }] }));
    await eventually(
      () => shownOn(page),
      (shown) => shown.length === 2,
      'the first failure, and the host',
    );
    await page.clock.fastForward(30_000);
    await eventually(
      () => shownOn(page),
      (shown) => shown.length === 3,
      'the others together',
    );
    expect(await shownOn(page)).toMatchObject([
      { title: 'Migration failed · lab', options: { body: 'vm-1: move to host-2 failed', tag: 'hostview lab failed' } },
      { title: 'Host down · lab', options: { body: 'host-3: not reporting', tag: 'hostview lab down' } },
      { title: 'Migration failed · lab', options: { body: '2 moves failed', tag: 'hostview lab failed' } },
    ]);
    await painted(page, edge.change({ hosts: HOSTS }));
    expect(
      (await shownOn(page)).map(({ isClosed }) => isClosed),
      'what does not hold any more is taken back',
    ).toEqual([false, true, false]);
    await turn(page, 'visible');
    await page.evaluate(() => (globalThis as unknown as { hostviewShown: Shown[] }).hostviewShown[0]?.click());
    await page.waitForURL('**/c/lab/vm/default/vm-1');

    await page.reload();
    await live(page, edge);
    expect(await asked(), 'what was chosen is kept, and nobody is asked again').toBe(0);
  });

  it('a browser that blocks them says so', async () => {
    const { edge, page } = await open();
    await stubNotifications(page, 'denied');
    await page.reload();
    await live(page, edge);
    await page.click('.settings-button');
    const box = page.getByRole('checkbox', { name: 'Desktop notifications' });
    await box.click();
    await page.getByText('Your browser blocks notifications').waitFor();
    expect(await box.isChecked()).toBe(false);
    expect(await box.isDisabled()).toBe(true);
  });
});
