import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../core/downlink.ts';
import type { MigrationStepName } from '../../simulator/migration-timeline.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { eventually } from '../support/stack.ts';
import { countStreams, mostStreams } from '../support/stream-counter.ts';
import { followCluster, type Told } from '../support/told.ts';
import { readRoom } from '../support/truth.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';
import { openBoard, pictureOf } from './migration-scenario.ts';

/** A picture as it was painted live, and the room's time at which it was still the newest. */
interface Seen {
  readonly cursor: string;
  readonly at: number;
  readonly picture: string;
}

const STEPS: readonly MigrationStepName[] = ['Scheduling', 'HandedOver', 'Running', 'Switched'];

/** What asks for a moment. */
const AT = /\/clusters\/lab\?at=/;

let browser: Browser;
let lab: Lab;
let page: Page;
/** Until nothing that the cluster has done is on its way to the room any more. */
let untilTold: ReturnType<typeof followCluster>;
/** One migration, step by step, as a live page painted it; and faults of any page. */
const seen: Seen[] = [];
const faults: string[] = [];

/** Once the live page shows what the room has; the picture names the cursor that it is of. */
async function note(live: Page, what?: Told): Promise<void> {
  const [{ cursor, now }, picture] = await eventually(
    async () => [await untilTold(what), await pictureOf(live)] as const,
    ([room, painted]) => painted.startsWith(`${room.cursor}\n`),
    'the page shows what the room has',
  );
  seen.push({ cursor: cursor ?? '', at: now, picture });
}

const paintedCursor = (on: Page): Promise<string | null> => on.getAttribute('html', 'data-cursor');
const painted = (on: Page, cursor: string): Promise<unknown> =>
  on.waitForFunction((wanted) => document.documentElement.dataset.cursor === wanted, cursor);
const badge = (on: Page, kind: string): Promise<unknown> => on.waitForSelector(`.badge[data-connection="${kind}"]`);
const goTo = async (time: string): Promise<void> => {
  await page.fill('#past-time', time);
  await page.press('#past-time', 'Enter');
};
const step = (direction: 'back' | 'forward'): Promise<void> => page.click(`.past-controls [aria-label="One change ${direction}"]`);
const textOf = async (selector: string): Promise<string> => (await page.textContent(selector)) ?? '';
const atInAddress = (): number => Date.parse(new URL(page.url()).searchParams.get('at') ?? '');
const momentsUrl = (at: number): string => `${lab.boardUrl}?at=${new Date(at).toISOString()}`;

beforeAll(async () => {
  browser = await launchWatchedBrowser();
  lab = await startLab({ hosts: 3, vms: 6 });
  untilTold = followCluster(lab.cluster, lab.edge.url);
  page = await browser.newPage();
  await countStreams(page);
  await openBoard(Promise.resolve(page), lab.boardUrl);
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && !message.text().includes('status of 4') && faults.push(message.text()));
  await page.waitForSelector('#history-button');
  await note(page);
  const { cluster } = lab;
  const vmi = cluster.list('virtualmachineinstances').find(({ status }) => status?.phase === 'Running');
  if (vmi === undefined) throw new Error('no VM runs');
  const { namespace = '', name } = vmi.metadata;
  const to = cluster.list('nodes').find(({ metadata }) => metadata.name !== vmi.status?.nodeName)?.metadata.name ?? '';
  const move = cluster.migrate({ namespace, name, to });
  for (const each of STEPS) {
    move.stepTo(each);
    await note(page);
  }
  move.finish();
  cluster.drain(to).finish();
  await page.waitForSelector('[data-safe="yes"]');
  await note(page, 'derived');
});
afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

describe('S1, S3: a moment of the past', () => {
  test('typed, it is painted as it was painted live, and cannot be taken for the present', async () => {
    await page.click('#history-button');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'slider');
    expect(await page.getAttribute('[role="slider"]', 'aria-valuetext')).toBe('now');
    for (const { at, cursor, picture } of [...seen].reverse()) {
      await goTo(String(at));
      await painted(page, cursor);
      expect(await pictureOf(page)).toBe(picture);
      expect(atInAddress()).toBe(at);
      expect(await textOf('.past-shown time')).not.toBe('');
      expect(await page.getAttribute('.past-shown time', 'datetime')).toBe(new Date(at).toISOString());
      expect(await page.getAttribute('[role="slider"]', 'aria-valuenow')).toBe(String(at));
      expect(await textOf('.past-form [role="status"]')).toContain('The past is shown');
    }
    await badge(page, 'past');
    expect(await textOf('.past-shown')).toContain('The past is shown');
    expect(await page.locator('html[data-past]').count()).toBe(1);
    expect(await page.locator('.badge[data-connection="live"]').count()).toBe(0);
  });

  test('no host of the past is safe to power off', async () => {
    const last = seen.at(-1);
    if (last === undefined) throw new Error('nothing was seen');
    await goTo(String(last.at));
    await painted(page, last.cursor);
    await badge(page, 'past');
    expect(await page.locator('[data-safe="yes"]').count()).toBe(0);
    expect(await page.locator('[data-safe="unknown"]').count()).toBeGreaterThan(0);
  });

  test('steps go from frame to frame, back and forth, and what moves travels', async () => {
    const [first, last] = [seen[0], seen.at(-1)];
    if (first === undefined || last === undefined) throw new Error('nothing was seen');
    await page.evaluate(() => {
      const counter = globalThis as unknown as { travels: number };
      counter.travels = 0;
      const animate = Element.prototype.animate;
      Element.prototype.animate = function (keyframes, options) {
        if (JSON.stringify(keyframes).includes('translate')) counter.travels++;
        return animate.call(this, keyframes, options);
      };
    });
    const pictures = new Map(seen.map(({ cursor, picture }) => [cursor, picture]));
    const walk = async (direction: 'back' | 'forward', until: string): Promise<string[]> => {
      const visited: string[] = [];
      for (let cursor = await paintedCursor(page); cursor !== until; ) {
        await step(direction);
        cursor = await eventually(
          () => paintedCursor(page),
          (next) => next !== cursor,
          `a step ${direction} from ${cursor}`,
        );
        visited.push(cursor ?? '');
        const known = pictures.get(cursor ?? '');
        if (known !== undefined) expect(await pictureOf(page)).toBe(known);
        if (direction === 'forward') expect(await textOf('.past-news')).not.toBe('');
      }
      return visited;
    };
    const back = await walk('back', first.cursor);
    const revisions = back.map((cursor) => Number(cursor.split('-').at(-1)));
    const start = Number(last.cursor.split('-').at(-1));
    expect(revisions, 'each revision, newest first').toEqual(revisions.map((_, index) => start - 1 - index));
    expect(back).toEqual(expect.arrayContaining(seen.slice(0, -1).map(({ cursor }) => cursor)));
    const forward = await walk('forward', last.cursor);
    expect(forward).toEqual([...back].reverse().slice(1).concat(last.cursor));
    expect(await page.evaluate(() => (globalThis as unknown as { travels: number }).travels)).toBeGreaterThan(0);
    await eventually(atInAddress, (at) => at === Date.parse(new Date(at).toISOString()) && at <= last.at, 'the address follows');
  });

  test('Live snaps back though much has happened: nothing of it was painted, and nothing is replayed', async () => {
    const [, second] = seen;
    if (second === undefined) throw new Error('nothing was seen');
    await goTo(String(second.at));
    await painted(page, second.cursor);
    const other = await openBoard(browser.newPage(), lab.boardUrl);
    const { cluster } = lab;
    const vm = cluster
      .list('virtualmachines')
      .find(({ metadata }) => !cluster.isBusy({ namespace: metadata.namespace ?? '', name: metadata.name }));
    if (vm === undefined) throw new Error('every VM is busy');
    const { namespace = '', name } = vm.metadata;
    cluster.stop({ namespace, name }).finish();
    // All of it: what came later could travel.
    const told = await eventually(
      async () => [await untilTold('derived'), await paintedCursor(other)] as const,
      ([{ cursor }, live]) => cursor === live,
      'another page shows what has happened',
    );
    expect(told[0].vms.find((each) => each.namespace === namespace && each.name === name)?.state).toBe('off');
    expect(await pictureOf(page)).toBe(second.picture);
    expect(await page.evaluate(() => (globalThis as unknown as { travels: number }).travels)).toBeGreaterThan(0);
    await page.evaluate((past) => {
      const lies: string[] = [];
      Object.assign(globalThis, { travels: 0, lies });
      new MutationObserver(() => {
        const said = document.querySelector('.badge')?.getAttribute('data-connection');
        if (said !== 'past' && document.documentElement.dataset.cursor === past) lies.push(`the past, called ${said}`);
      }).observe(document, { subtree: true, childList: true, attributes: true });
    }, second.cursor);
    await page.click('.past-live');
    await badge(page, 'live');
    expect(await page.evaluate(() => (globalThis as unknown as { lies: string[] }).lies)).toEqual([]);
    await eventually(
      async () => [await pictureOf(page), await pictureOf(other)] as const,
      ([own, live]) => own === live,
      'the present is painted',
    );
    expect(await page.evaluate(() => (globalThis as unknown as { travels: number }).travels)).toBe(0);
    expect(new URL(page.url()).search).toBe('');
    expect(await page.locator('html[data-past]').count()).toBe(0);
    // The browser's way back leads to the moment, and on again.
    await page.goBack();
    await painted(page, second.cursor);
    await badge(page, 'past');
    await page.goForward();
    await badge(page, 'live');
    await other.close();
  });

  test('a link to a moment shows it, after a reload too; the present is not shown before it', async () => {
    const [, , third] = seen;
    if (third === undefined) throw new Error('nothing was seen');
    const linked = await browser.newPage();
    await linked.addInitScript(() => {
      const kinds: string[] = [];
      (globalThis as unknown as { drawn: string[] }).drawn = kinds;
      new MutationObserver(() => {
        if (document.querySelector('[data-host]') !== null)
          kinds.push(document.querySelector('.badge')?.getAttribute('data-connection') ?? 'none');
      }).observe(document, { subtree: true, childList: true, attributes: true });
    });
    for (const open of [() => linked.goto(momentsUrl(third.at)), () => linked.reload()]) {
      await open();
      await painted(linked, third.cursor);
      await badge(linked, 'past');
      expect(await pictureOf(linked)).toBe(third.picture);
      expect(await linked.evaluate(() => new Set((globalThis as unknown as { drawn: string[] }).drawn).has('live'))).toBe(false);
    }
    // What shows the past is fetched when it is wanted, and may not be had.
    await linked.route('**/scrubber-*.js', (route) => route.abort());
    await linked.reload();
    await linked.waitForSelector('.empty:has-text("Parts of the page could not be loaded")');
    expect(await linked.locator('[data-host]').count()).toBe(0);
    await linked.goto(lab.boardUrl);
    await linked.click('#history-button');
    await linked.waitForSelector('.part-missing');
    await badge(linked, 'live');
    await linked.close();
  });

  test('what cannot be had is said, with the way to what can', async () => {
    await page.goto(momentsUrl(Date.parse('2020-01-01T00:00:00Z')));
    await page.waitForSelector('.past-gate[data-problem="missing"]');
    expect(await page.locator('[data-host]').count()).toBe(0);
    // Nothing is shown that could be held, or stepped from: the present is not what was asked for.
    const address = page.url();
    for (const control of await page.locator('.past-controls button[aria-disabled="true"]').all()) {
      await control.evaluate((button) => (button as HTMLButtonElement).click());
    }
    expect(await page.locator('.past-controls button[aria-disabled="true"]').count()).toBe(3);
    expect(page.url()).toBe(address);
    await page.goto(`${lab.boardUrl}?at=2026-11-26T03:0`);
    await page.waitForSelector('.past-gate h2:has-text("The moment in this address cannot be read")');
    expect(await page.locator('[data-host]').count()).toBe(0);
    await page.click('.past-gate button:has-text("Show the oldest")');
    await badge(page, 'past');
    const oldest = atInAddress();
    expect(oldest).toBeLessThanOrEqual(seen[0]?.at ?? 0);
    await page.goto(`${lab.boardUrl}?at=2999-01-01T00:00:00Z`);
    await page.waitForSelector('.past-gate[data-problem="future"]');
    await page.click('.past-gate button:has-text("Back to live")');
    await badge(page, 'live');
    await page.waitForSelector('[data-host]');
    await page.click('#history-button');
    for (const [typed, problem] of [
      ['soon', 'This is not a time'],
      ['2026-02-30 12:00', 'no such time'],
      ['2020-01-01', 'is not kept'],
      ['2999-01-01', 'has not come yet'],
    ] as const) {
      await goTo(typed);
      await page.waitForFunction((wanted) => document.querySelector('#past-time-problem')?.textContent?.includes(wanted), problem);
      await badge(page, 'live');
    }
    // What was said of it goes with whatever moves the moment, or holds to it.
    const told = page.locator('#past-time-problem');
    await page.click('.past-live');
    await told.filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
    for (const move of [
      () => page.click('.past-dock [aria-label="One change back"]'),
      () => page.press('.past-slider', 'ArrowLeft'),
      () => page.click('.past-live'),
    ]) {
      await goTo('soon');
      await told.filter({ hasText: 'This is not a time' }).waitFor();
      await move();
      await told.filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
      expect(await page.getAttribute('#past-time', 'aria-invalid')).toBe('false');
    }
    await page.fill('#past-time', '');
    await goTo('-1s');
    await badge(page, 'past');
    await page.click('.past-dock [aria-label="Close the history"]');
    await badge(page, 'live');
    await page.waitForSelector('.past-dock', { state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('history-button');
  });

  test('of a moment at which the cluster was silent, it says so', async () => {
    const [first] = seen;
    if (first === undefined) throw new Error('nothing was seen');
    await page.route(AT, async (route) => {
      const response = await route.fetch();
      const snapshot = (await response.json()) as Snapshot;
      await route.fulfill({ response, json: { ...snapshot, lastHeard: snapshot.now - 65_000 } });
    });
    await page.click('#history-button');
    await goTo(String(first.at));
    await page.waitForSelector('.past-shown [data-link="stale"]');
    expect(await textOf('.past-shown')).toContain('had been silent for 1m 5s then');
    expect(await page.getAttribute('.board', 'data-freshness')).toBe('stale');
    await page.unroute(AT);
    await page.click('.past-live');
    await badge(page, 'live');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.past-dock', { state: 'detached' });
  });

  test('too many reads are waited out, and said', async () => {
    const [first] = seen;
    if (first === undefined) throw new Error('nothing was seen');
    await page.route(AT, (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '2', 'content-type': 'application/problem+json' },
        body: JSON.stringify({ code: 'too-many-reads' }),
      }),
    );
    await page.click('#history-button');
    await goTo(String(first.at));
    await page.waitForSelector('.past-problem[data-problem="later"]');
    expect(await textOf('.past-problem[data-problem="later"]')).toContain('read too often');
    await badge(page, 'live');
    expect(await page.locator('.past-controls button[aria-disabled="true"]').count(), 'the present is shown, and can be held').toBe(1);
    await page.unroute(AT);
    await painted(page, first.cursor);
    expect(await page.locator('.past-problem[data-problem]').count()).toBe(0);
    await page.click('.past-live');
    await badge(page, 'live');
  });
});

describe('the scrubber', () => {
  test('is dragged by the pointer and moved by keys; the newest moment wins, and the address takes the one at which the hand rests', async () => {
    const box = await page.locator('.past-slider').boundingBox();
    if (box === null) throw new Error('the slider is not drawn');
    const entries = await page.evaluate(() => history.length);
    await page.mouse.move(box.x + box.width - 5, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 10, { steps: 12 });
    await badge(page, 'past');
    expect(new URL(page.url()).searchParams.has('at')).toBe(false);
    await page.mouse.up();
    await eventually(atInAddress, (at) => !Number.isNaN(at), 'the address names the moment');
    const dragged = atInAddress();
    await page.waitForFunction(
      (at) => document.querySelector('.past-shown time')?.getAttribute('datetime') === new Date(at).toISOString(),
      dragged,
    );
    expect(await page.evaluate(() => history.length)).toBe(entries + 1);
    const { cursor }: Snapshot = await (await fetch(`${lab.edge.url}/api/v1/clusters/lab?at=${dragged}`)).json();
    await painted(page, cursor ?? '');

    await page.focus('[role="slider"]');
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press('ArrowRight');
    await eventually(atInAddress, (at) => at > dragged, 'the address follows the keys');
    expect(await page.getAttribute('[role="slider"]', 'aria-valuetext')).toContain(String(new Date(atInAddress()).getFullYear()));
    await page.keyboard.press('Home');
    await page.waitForFunction(() => {
      const slider = document.querySelector('[role="slider"]');
      return slider?.getAttribute('aria-valuenow') === slider?.getAttribute('aria-valuemin');
    });
    await page.keyboard.press('End');
    await badge(page, 'live');
    expect(new URL(page.url()).search).toBe('');
    // What is pressed while the keys have not settled comes after them: an entry for the moment, and one for the present.
    const settled = await page.evaluate(() => history.length);
    await page.keyboard.press('ArrowLeft');
    await page.click('.past-live');
    expect(await page.evaluate(() => history.length)).toBe(settled + 2);
    expect(new URL(page.url()).search).toBe('');
    await badge(page, 'live');
  });

  test('a finger that scrolls over it leads nowhere', async () => {
    const slider = page.locator('.past-slider');
    const box = await slider.boundingBox();
    const finger = {
      pointerId: 7,
      pointerType: 'touch',
      button: 0,
      clientX: (box?.x ?? 0) + 40,
      clientY: (box?.y ?? 0) + 10,
      bubbles: true,
    };
    await slider.evaluate((element) => {
      element.setPointerCapture = () => {};
    });
    await slider.dispatchEvent('pointerdown', finger);
    await badge(page, 'past');
    await slider.dispatchEvent('pointercancel', finger);
    await badge(page, 'live');
    expect(new URL(page.url()).search).toBe('');
  });

  test('a film plays to the present, and pause holds the present', async () => {
    const [first] = seen;
    if (first === undefined) throw new Error('nothing was seen');
    await page.click('.past-live');
    await badge(page, 'live');
    const before = await paintedCursor(page);
    lab.cluster.cordon(lab.cluster.list('nodes').find(({ spec }) => spec?.unschedulable !== true)?.metadata.name ?? '');
    await page.waitForFunction((old) => document.documentElement.dataset.cursor !== old, before);
    // What has only just been painted is held, too: the page's clock is behind the room's.
    await page.click('.past-controls .past-main');
    await badge(page, 'past');
    expect(await paintedCursor(page)).toBe((await readRoom(lab.edge.url, 'lab')).cursor);
    await goTo(String(first.at));
    await painted(page, first.cursor);
    await page.selectOption('.past-controls select', '60');
    await page.click('.past-controls [aria-label^="Play"]');
    await badge(page, 'live');
    await painted(page, (await readRoom(lab.edge.url, 'lab')).cursor ?? '');
  });

  test('no page has had a fault, and this one never had two streams', async () => {
    expect(faults).toEqual([]);
    expect(await mostStreams(page)).toBe(1);
  });
});
