/** One visit to a page: it is opened, gets its frames, is clicked on, and is left. All that is measured of it comes from this one visit. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Frame } from '../core/downlink.ts';
import { type BareParts, takeParts } from './page-bare.ts';
import { type ClockHolder, installClock } from './page-clock.ts';
import type { PageCluster } from './page-cluster.ts';
import type { PageEdge } from './page-edge.ts';
import { TRACE_CATEGORIES, Trace, type TraceEvent } from './page-trace.ts';

export type PageName = 'hostview' | 'bare';
/** Samples by what was measured; the keys are the report's. */
export type Samples = Map<string, number[]>;

export interface VisitPlan {
  /** How many VMs change in one frame; no more than there are. */
  readonly changes: readonly number[];
  /** How many frames of each kind. */
  readonly frames: number;
  readonly clicks: number;
}

export interface Stage {
  readonly browser: Browser;
  readonly edge: PageEdge;
  readonly cluster: PageCluster;
}

const PATHS: Readonly<Record<PageName, string>> = { hostview: '/c/lab', bare: '/bare' };
const DESK: BrowserContextOptions = { viewport: { width: 1_280, height: 800 } };
/** As interface.md D.2 measured it. */
const PHONE: BrowserContextOptions = { viewport: { width: 412, height: 823 } };
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const SLOW_CPU_RATE = 4;
/** Nearly as long as a VM travels (web/motion/motion.ts). */
const MOTION_MS = 400;
const MOTION_OVER_MS = 1_500;
const CLICK_OVER_MS = 100;
const TRAVELLING = ': while they travel';
const MEGABYTE = 1_000_000;

const rest = (lengthMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, lengthMs));
/** Until what is done at leisure after a picture (late parts, digests) is over. */
const restAfter = (entities: number): Promise<void> => rest(500 + entities / 5);

export async function visit(stage: Stage, name: PageName, plan: VisitPlan): Promise<Samples> {
  const { browser, edge, cluster } = stage;
  const samples: Samples = new Map();
  const note = (what: string, value: number): void => void samples.set(what, [...(samples.get(what) ?? []), value]);
  const spans: { readonly what: string; readonly from: string; readonly to: string }[] = [];
  const size = cluster.state.vms.size;
  const { context, page } = await openTraced(stage, DESK);

  /** Sends it, and waits until it is painted. */
  async function show(frame: Frame, what: string | null): Promise<void> {
    edge.send(frame);
    await painted(page, frame.to);
    if (what === null) return;
    spans.push({ what, from: `bench:seen:${frame.to}`, to: `bench:painted:${frame.to}` });
    note(
      `${what}: arrival → paint, ms`,
      await page.evaluate((to) => (globalThis as unknown as ClockHolder).benchClock.frameMs(to), frame.to),
    );
  }

  try {
    await mount(page, edge.url + PATHS[name], size);
    spans.push({ what: 'mount', from: 'bench:start', to: 'bench:mounted' });
    const mounted = await page.evaluate(() => (globalThis as unknown as ClockHolder).benchClock.mounted());
    note('mount: snapshot → first board, ms', mounted.board);
    note('mount: snapshot → whole board, ms', mounted.whole);
    note(
      'mount: layout shift, thousandths',
      1_000 * (await page.evaluate(() => (globalThis as unknown as ClockHolder).benchClock.shifted())),
    );
    note('mount: elements', await page.evaluate(() => document.querySelectorAll('.hosts [data-host], .hosts [data-host] *').length));

    let turn = 0;
    for (const count of new Set(plan.changes.map((wanted) => Math.min(wanted, size)))) {
      const what = `a frame of ${count === size ? 'all' : count}`;
      for (let time = 0; time < plan.frames; time++) {
        turn += 1;
        const frame = cluster.restate(count, turn, Date.now());
        await show(frame, what);
        await restAfter(count);
      }
    }
    for (const [verb, change] of [
      ['leave', cluster.leave],
      ['arrive', cluster.arrive],
    ] as const) {
      const what = `drain, ${cluster.drainedCount} ${verb}`;
      const frame = change(Date.now());
      await show(frame, what);
      await rest(MOTION_OVER_MS);
      const { count, worst } = await page.evaluate(
        ([to, lengthMs]) => (globalThis as unknown as ClockHolder).benchClock.framesAfter(to, lengthMs),
        [frame.to, MOTION_MS] as const,
      );
      note(`${what}: frames in ${MOTION_MS} ms`, count);
      note(`${what}: worst frame, ms`, worst);
      spans.push({ what: `${what}${TRAVELLING}`, from: `bench:painted:${frame.to}`, to: `bench:travelled:${frame.to}` });
    }
    await show(cluster.back(Date.now()), null);
    await rest(MOTION_OVER_MS);
    for (let time = 0; time < plan.clicks; time++) {
      await page.locator('[data-lane="settled"] .chip > button').nth(time).click();
      note('click: → paint, ms', await page.evaluate(() => (globalThis as unknown as ClockHolder).benchClock.clicked()));
      await rest(CLICK_OVER_MS);
    }
    const trace = await readTrace(browser);
    for (const { what, from, to } of spans) {
      const { script, render, longestTask } = trace.work({ from: trace.at(from), to: trace.at(to) });
      if (what.endsWith(TRAVELLING)) note(`${what}, longest task, ms`, longestTask);
      else {
        note(`${what}: script, ms`, script);
        note(`${what}: styles, layout, paint, ms`, render);
        if (what === 'mount') note('mount: longest task, ms', longestTask);
      }
    }
    note('heap: after all of it, MB', await heapOf(page));
    return samples;
  } finally {
    await context.close();
  }
}

/** On a slow phone: its processor, its network, its width. */
export async function visitSlowly(stage: Stage, name: PageName): Promise<Samples> {
  const { context, page } = await openTraced(stage, PHONE);
  try {
    const client = await context.newCDPSession(page);
    await client.send('Network.enable');
    await client.send('Network.emulateNetworkConditions', SLOW_4G);
    await client.send('Emulation.setCPUThrottlingRate', { rate: SLOW_CPU_RATE });
    await mount(page, stage.edge.url + PATHS[name], SLOW_CPU_RATE * stage.cluster.state.vms.size);
    const { board, largestPaint } = await page.evaluate(() => ({
      board: performance.getEntriesByName('bench:board')[0]?.startTime ?? Number.NaN,
      largestPaint: (globalThis as unknown as ClockHolder).benchClock.largestPaint(),
    }));
    const trace = await readTrace(stage.browser);
    const { blocking, longestTask } = trace.work({ from: trace.at('bench:first-paint'), to: trace.at('bench:mounted') });
    return new Map([
      ['slow phone: LCP, ms', [largestPaint]],
      ['slow phone: first board, ms', [board]],
      ['slow phone: TBT, ms', [blocking]],
      ['slow phone: longest task, ms', [longestTask]],
    ]);
  } finally {
    await context.close();
  }
}

/** What the bare page is made of, from Hostview's own page with something moving and details open. */
export async function probe({ browser, edge, cluster }: Stage): Promise<BareParts> {
  const page = await browser.newPage(DESK);
  try {
    await page.addInitScript(installClock, [cluster.state.vms.size, MOTION_MS] as const);
    await mount(page, edge.url + PATHS.hostview, cluster.state.vms.size);
    const frame = cluster.leave(Date.now());
    edge.send(frame);
    await painted(page, frame.to);
    await rest(MOTION_OVER_MS);
    await page.locator('[data-lane="settled"] .chip > button').first().click();
    await page.waitForSelector('[role="dialog"]');
    const parts = await page.evaluate(takeParts);
    cluster.back(Date.now());
    return parts;
  } finally {
    await page.close();
  }
}

async function openTraced({ browser, cluster }: Stage, options: BrowserContextOptions): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.addInitScript(installClock, [cluster.state.vms.size, MOTION_MS] as const);
  await browser.startTracing(page, { categories: [...TRACE_CATEGORIES] });
  return { context, page };
}

/** Opens the page and waits until all of it is there and it rests; `entities`: how much it has to do at leisure. */
async function mount(page: Page, url: string, entities: number): Promise<void> {
  await page.goto(url, { waitUntil: 'commit' });
  await page.evaluate(() => (globalThis as unknown as ClockHolder).benchClock.whole);
  await restAfter(entities);
  await page.evaluate(() => performance.mark('bench:mounted'));
}

const painted = (page: Page, cursor: string): Promise<void> =>
  page.evaluate((to) => (globalThis as unknown as ClockHolder).benchClock.painted(to), cursor);

async function readTrace(browser: Browser): Promise<Trace> {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return new Trace(traceEvents);
}

/** Of JavaScript, in megabytes, collected. */
async function heapOf(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  return (await client.send('Runtime.getHeapUsage')).usedSize / MEGABYTE;
}
