/**
 * Days of a page that is left open, time-compressed, on the real edge: reconnects, hidden tabs, machines that sleep, clocks that jump.
 * The page's clock is turned on; the stream is a real one, through a proxy that knows what is open.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { Snapshot } from '../../core/downlink.ts';
import { lanesOf } from '../../core/lanes.ts';
import { startAutopilot } from '../../simulator/autopilot.ts';
import { createRandom } from '../../simulator/random.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { growthOf, openHeapMeter, textOf } from '../support/page-heap.ts';
import { isLong } from '../support/runs.ts';
import { eventually } from '../support/stack.ts';
import { countStreams, mostStreams } from '../support/stream-counter.ts';
import { type StreamProxy, startStreamProxy } from '../support/stream-proxy.ts';
import { readRoom } from '../support/truth.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';
import { pictureOf } from './migration-scenario.ts';

/** Each is about a quarter of a day. */
const ROUNDS = isLong ? 1_200 : 14;
const HOUR_MS = 3_600_000;
const MOST_GROWTH = 0.1;
const SETTLED_WITHIN_MS = 60_000;

let browser: Browser;
let lab: Lab;
let proxy: StreamProxy;

beforeAll(async () => {
  browser = await launchWatchedBrowser();
  lab = await startLab({ hosts: 4, vms: 30, speed: 20, seed: 11 });
  proxy = await startStreamProxy(lab.edge.url);
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await lab?.stop();
});

/** As the browser tells it: nothing can hide a tab of a browser that shows none. */
const turn = (page: Page, visibility: 'hidden' | 'visible'): Promise<void> =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibility);

/** Not `waitForSelector`: the handle that it gives would keep what it names. */
const there = (page: Page, selector: string): Promise<void> =>
  page.locator(selector).first().waitFor({ state: 'attached', timeout: SETTLED_WITHIN_MS });
const isLive = (page: Page): Promise<void> => there(page, '.badge[data-connection="live"]');
const streamsAre = (count: number): Promise<number> =>
  eventually(
    () => proxy.streamCount,
    (open) => open === count,
    `${count} streams are open`,
    SETTLED_WITHIN_MS,
  );
/** The machine was away so long, and its timers with it. */
const sleep = (page: Page, hours: number): Promise<void> => page.clock.fastForward(hours * HOUR_MS);

/** What can happen to a page in a quarter of a day; each ends with a live one. */
const EVENTS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async cut(page) {
    const { opened } = proxy;
    proxy.cutStreams();
    await eventually(
      () => proxy.opened,
      (now) => now > opened,
      'it comes back',
      SETTLED_WITHIN_MS,
    );
    await sleep(page, 6);
  },
  async outage(page) {
    proxy.refuse(503);
    await there(page, '.badge[data-connection="reconnecting"]');
    await page.clock.runFor(45_000);
    proxy.refuse(null);
    await page.clock.runFor(45_000);
    await sleep(page, 6);
  },
  async hide(page) {
    await turn(page, 'hidden');
    await page.clock.runFor(61_000);
    await streamsAre(0);
    // A minute of the page's takes a moment of the edge's: what was asked for just before it was hidden may only come now, given up long ago.
    await eventually(
      () => proxy.askedCount,
      (count) => count === 0,
      'nothing is on its way any more',
      SETTLED_WITHIN_MS,
    );
    const { opened } = proxy;
    await sleep(page, 6);
    // Whatever would open one has its time.
    await page.clock.runFor(60_000);
    expect([proxy.streamCount, proxy.opened], 'none while it is hidden').toEqual([0, opened]);
    await turn(page, 'visible');
  },
  async glance(page) {
    await turn(page, 'hidden');
    await page.clock.fastForward(30_000);
    await turn(page, 'visible');
    await sleep(page, 6);
  },
  sleep: (page) => sleep(page, 9),
  async clockSetBack(page) {
    const now = await page.evaluate(() => Date.now());
    await page.clock.setSystemTime(now - 2 * HOUR_MS);
    await sleep(page, 6);
  },
  async read(page) {
    // At once, for the first one may move away.
    const id = await page.evaluate(() => {
      const button = document.querySelector<HTMLElement>('[data-vm] button');
      button?.click();
      return button?.closest<HTMLElement>('[data-vm]')?.dataset.vm;
    });
    await there(page, '[role="dialog"]');
    expect(page.url()).toContain(`/vm/${id}`);
    await page.keyboard.press('Escape');
    await page.locator('[role="dialog"]').waitFor({ state: 'detached' });
    await sleep(page, 6);
  },
};

/** What a board must show of what the room has, as `pictureOf` reads it from the page. */
function pictureOfRoom({ cursor, vms }: Snapshot): string {
  const chips = vms.flatMap((vm) => {
    const { settled, leaving, arriving } = lanesOf(vm);
    const line = (host: string | null, lane: string): string => [host ?? '-', lane, vm.id, vm.state, vm.transit?.stage ?? ''].join(' ');
    const home = leaving !== null ? line(leaving, 'leaving') : line(settled, settled === null ? 'unplaced' : 'settled');
    return arriving === null ? [home] : [home, line(arriving, 'arriving')];
  });
  return [cursor ?? 'no cursor', ...chips.sort()].join('\n');
}

/** Where the page is told another digest than its own, it says its own: that of what it has held, frame by frame, all along. */
async function expectSameDigest(): Promise<void> {
  const told = proxy.forgeDigests();
  lab.cluster.cordon(lab.cluster.list('nodes').find(({ spec }) => spec?.unschedulable !== true)?.metadata.name ?? '');
  await eventually(
    () => proxy.drifts.length,
    (count) => count > 0,
    'the page says its own digest',
    SETTLED_WITHIN_MS,
  );
  const [cursor = '', own] = proxy.drifts[0]?.split(' ') ?? [];
  expect(told.get(cursor)).toMatch(/^[0-9a-f]{16}$/);
  expect(own).toBe(told.get(cursor));
}

test(
  `${ROUNDS} quarters of a day: one stream, none while hidden, a flat heap, and at the end what the room has`,
  async () => {
    const page = await browser.newPage({ reducedMotion: 'reduce' });
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.clock.install();
    await countStreams(page);
    await page.goto(`${proxy.url}/c/lab`);
    await there(page, 'svg.trails');
    await isLive(page);
    const { measure } = await openHeapMeter(page);
    const random = createRandom(5);
    const names = Object.keys(EVENTS);
    const autopilot = startAutopilot(lab.cluster);
    const begun = await page.evaluate(() => Date.now());
    const cursorBefore = (await readRoom(lab.edge.url, 'lab')).cursor;
    let middle = await measure();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        // Each of them, and from then on any.
        const name = names[round] ?? random.pick(names) ?? 'sleep';
        await EVENTS[name]?.(page);
        await isLive(page);
        await streamsAre(1);
        if (round === Math.floor(ROUNDS / 2)) middle = await measure();
        // A long run says how it goes, so that one that is broken off has told something.
        if (isLong && round % 10 === 9) console.log(`round ${round + 1}: ${textOf(await measure())}`);
      }
    } finally {
      autopilot.stop();
    }
    const days = ((await page.evaluate(() => Date.now())) - begun) / (24 * HOUR_MS);
    expect(days).toBeGreaterThan(ROUNDS / 5);

    await eventually(
      async () => [await pictureOf(page), pictureOfRoom(await readRoom(lab.edge.url, 'lab'))] as const,
      ([shown, room]) => shown === room,
      'the page shows what the room has',
      SETTLED_WITHIN_MS,
    );
    const room = await readRoom(lab.edge.url, 'lab');
    expect(room.cursor, 'much has happened').not.toBe(cursorBefore);
    expect(formatDigest(digestOf(room.hosts, room.vms))).toBe(room.digest);
    // The page keeps the digest too, and reports where its own differs (D6).
    expect(proxy.drifts).toEqual([]);
    await expectSameDigest();
    expect(await mostStreams(page), 'at a time').toBe(1);
    // The browser lets go of what was left a moment ago when it likes; what leaks it never lets go of.
    const end = await eventually(
      measure,
      (now) => growthOf(middle, now).bytes <= MOST_GROWTH,
      `no more than in the middle: ${textOf(middle)}`,
      SETTLED_WITHIN_MS,
    );
    console.log(`${days.toFixed(1)} days, ${proxy.opened} streams; in the middle ${textOf(middle)}; at the end ${textOf(end)}`);
    expect(faults).toEqual([]);
  },
  isLong ? 6 * HOUR_MS : 300_000,
);
