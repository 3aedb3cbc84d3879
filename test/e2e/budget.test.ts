/** What stands between an address and its board (issue 6). Bytes are counted in test/web/budget.test.ts and test/worker/snapshot.test.ts. */
import { expect, it } from 'vitest';
import { LIVE_WITHIN_MS } from '../../core/limits.ts';
import type { Host, Vm } from '../../core/model.ts';
import { hostNamed } from '../support/entities.ts';
import { startFakeEdge } from '../support/fake-edge.ts';
import { summaryOf } from '../support/summaries.ts';
import { browser, closing, emptied, HOSTS, live, VMS, vmOn } from './page-fixture.ts';

/** Runs in the page before its scripts: when the frame began in which the first card came to stand there. */
function noteFirstBoard(): void {
  new MutationObserver((_, observer) => {
    if (document.querySelector('[data-host]') === null) return;
    observer.disconnect();
    (globalThis as unknown as { boardAt: number }).boardAt = Number(document.timeline.currentTime);
  }).observe(document, { subtree: true, childList: true });
}

/**
 * What was asked for before it, by name in alphabetical order. Without what nothing waits for: the stream, which a browser tells of only when
 * it ends, and the tab's icon, which it fetches when it likes; the same picture in a style would count.
 */
function requestsBeforeBoard(): string[] {
  const { boardAt } = globalThis as unknown as { boardAt: number };
  const resources = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(
    ({ name, startTime, initiatorType }) => startTime < boardAt && (!name.endsWith('/favicon.svg') || initiatorType === 'css'),
  );
  return [document.location.href, ...resources.map(({ name }) => name)].map((url) => new URL(url).pathname).sort();
}

const [HTML, SCRIPT, STYLE, SNAPSHOT] = [
  /^\/c\/lab$/,
  /^\/assets\/page-[\w-]+\.js$/,
  /^\/assets\/index-[\w-]+\.css$/,
  /^\/api\/v1\/clusters\/lab$/,
];

it.each([
  ['English', 'en-GB', [SNAPSHOT, STYLE, SCRIPT, HTML]],
  ['Chinese, whose words are a file of their own', 'zh-CN', [SNAPSHOT, STYLE, SCRIPT, /^\/assets\/zh-hans-[\w-]+\.js$/, HTML]],
])('four requests stand before the board, one more for another language, and none goes elsewhere: %s', async (_, locale, expected) => {
  const edge = await startFakeEdge({ hosts: HOSTS, vms: VMS });
  const context = await browser.newContext({ locale });
  closing.push(edge.close, () => context.close());
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.addInitScript(noteFirstBoard);
  await page.goto(`${edge.url}/c/lab`);
  await live(page, edge);
  const before = await page.evaluate(requestsBeforeBoard);
  expect(before).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  expect(asked.length).toBeGreaterThan(before.length);
  expect(asked.filter((url) => new URL(url).origin !== edge.url)).toEqual([]);
});

/** interface.md D.6, of what the browser itself measures; nothing happens in the cluster meanwhile. */
const MOST_SHIFT = 0.02;

const shiftHost = (index: number): string => `harv-${(index % 12) + 1}`;
const SHIFT_HOSTS: readonly Host[] = Array.from({ length: 12 }, (_, index) => {
  if (index === 5) return hostNamed(shiftHost(index), { state: 'unavailable', reasons: ['KubeletNotReady: container runtime is down'] });
  return index === 7 ? emptied(shiftHost(index), { here: 33, were: 40, waiting: 33, since: 0 }) : hostNamed(shiftHost(index));
});
const SHIFT_VMS: readonly Vm[] = Array.from({ length: 320 }, (_, index) => {
  const name = index % 7 === 0 ? `an-application-server-whose-name-is-long-${index}` : `vm-${index}`;
  const transit = { id: `m-${index}`, stage: 'transferring', cause: 'user', startedAt: 0 } as const;
  const way = { from: shiftHost(index), to: shiftHost(index + 5) };
  const extra = index % 97 === 1 ? { transit: { ...transit, ...way } } : {};
  return vmOn(name, index % 10 === 9 ? null : shiftHost(index), { namespace: `ns-${index % 5}`, id: `ns-${index % 5}/${name}`, ...extra });
});

/** Runs in the page before its scripts. */
function sumShifts(): void {
  const sums = globalThis as unknown as { shift: number; moved: string[] };
  sums.shift = 0;
  sums.moved = [];
  interface Shift extends PerformanceEntry {
    readonly value: number;
    readonly hadRecentInput: boolean;
    readonly sources: readonly { readonly node: Node | null; readonly previousRect: DOMRect; readonly currentRect: DOMRect }[];
  }
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[]) {
      if (hadRecentInput) continue;
      sums.shift += value;
      for (const { node, previousRect, currentRect } of sources) {
        const what = node instanceof Element ? node.getAttribute('class') : node?.nodeName;
        sums.moved.push(
          `${value.toFixed(3)} ${what}: ${previousRect.top}, ${previousRect.left} to ${currentRect.top}, ${currentRect.left}`,
        );
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

const [DESK, SCREEN, PHONE] = [
  { width: 1_280, height: 800 },
  { width: 1_920, height: 1_080 },
  { width: 360, height: 740 },
];

it('what is painted stays where it is while the rest of a view comes', async () => {
  const edge = await startFakeEdge({ hosts: SHIFT_HOSTS, vms: SHIFT_VMS, displayName: 'datacentre-north-1', keepsPast: true });
  closing.push(edge.close);
  const hear = (): void => {
    edge.fleet.clusters = Array.from({ length: 20 }, (_, index) =>
      summaryOf(`site-${index}`, Date.now() - (index % 7 === 3 ? 600_000 : 0)),
    );
    edge.fleet.publish();
    edge.hear();
  };
  hear();
  // Else the clusters would fall silent before a slow machine has looked at them, and stand elsewhere then.
  const speaking = setInterval(hear, LIVE_WITHIN_MS / 3);
  closing.push(async () => clearInterval(speaking));
  const views = [
    ['/c/lab', 'svg.trails', DESK],
    ['/c/lab', 'svg.trails', PHONE],
    ['/c/lab/h/harv-3', '[role="dialog"]', DESK],
    ['/c/lab?view=migrations', '.moves-older', DESK],
    ['/c/lab?view=migrations', '.moves-older', PHONE],
    ['/c/lab?group=namespace', '.group:nth-of-type(5)', DESK],
    ['/?x', '.cluster-card', DESK],
    ['/c/lab?wall', ':root[data-wall-fit]', SCREEN],
    ['/?wall', ':root[data-wall-fit]', SCREEN],
  ] as const;
  async function expectStill([path, there, viewport]: (typeof views)[number]): Promise<void> {
    const context = await browser.newContext({ viewport });
    closing.push(() => context.close());
    const page = await context.newPage();
    await page.addInitScript(sumShifts);
    // A wall is shown after two seconds, whether or not its size has been found: here, when the machine has found it.
    if (path.endsWith('?wall')) {
      const cdp = await context.newCDPSession(page);
      await cdp.send('Animation.enable');
      await cdp.send('Animation.setPlaybackRate', { playbackRate: 0.05 });
    }
    await page.goto(edge.url + path);
    await page.waitForSelector('.badge[data-connection="live"]');
    await page.waitForSelector(there, { state: 'attached' });
    await page.waitForFunction(() => document.querySelector('[data-rest]') === null);
    // What has been laid out by now is told of a picture later.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const { shift, moved } = await page.evaluate(() => {
      const sums = globalThis as unknown as { shift: number; moved: string[] };
      return { shift: sums.shift, moved: sums.moved };
    });
    expect(shift, `${path} at ${viewport.width} px: ${moved.join(' | ')}`).toBeLessThanOrEqual(MOST_SHIFT);
  }
  await Promise.all(views.map(expectStill));
});
