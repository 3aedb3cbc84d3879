/** What stands between an address and its board (issue 6). Bytes are counted in test/web/budget.test.ts and test/worker/snapshot.test.ts. */
import { expect, it } from 'vitest';
import { startFakeEdge } from '../support/fake-edge.ts';
import { browser, closing, HOSTS, live, VMS } from './page-fixture.ts';

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
