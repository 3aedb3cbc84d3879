/**
 * Whatever a reader has done with a page, and whatever has happened to it meanwhile, it shows what a page shows that is opened now at the same
 * address; and on the way there no commit lies. By chance: a failure names its actions, and the long lane finds fewer that do.
 */
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { createRandom } from '../../simulator/random.ts';
import { type FakeEdge, startFakeEdge } from '../support/fake-edge.ts';
import { takeLies, watchForLies } from '../support/page-lies.ts';
import { firstDifference, readPicture } from '../support/page-picture.ts';
import { WIDTHS } from '../support/random-reader-acts.ts';
import { someHosts, someVms } from '../support/random-story.ts';
import { ACTS, type Action, arbitraryAction, perform } from '../support/random-use.ts';
import { isLong } from '../support/runs.ts';
import { eventually } from '../support/stack.ts';
import { browser, OTHER_CLUSTER } from './page-fixture.ts';

const STORIES = isLong ? { length: 60, count: 80, compareEvery: 6 } : { length: 14, count: 1, compareEvery: 5 };
/** A story in which twelve of fourteen actions find what they need, eleven different ones. */
const SHORT_SEED = 13;
const SHORT_KINDS_COUNT = 10;
/** A page that was cut off again and again waits for up to half a minute (web/stream/connection-state.ts). */
const SAME_WITHIN_MS = 40_000;
const SIZE = { width: 1_280, height: 850 };

/** A wall keeps its size while a little less stands on it (web/wall/wall-fit.ts); for another window it is chosen anew. */
async function fitAnew(page: Page): Promise<void> {
  const { width, height } = page.viewportSize() ?? SIZE;
  await page.setViewportSize({ width, height: height - 1 });
  await page.setViewportSize({ width, height });
}

async function expectSameAsFresh(edge: FakeEdge, page: Page, fresh: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await fresh.setViewportSize(page.viewportSize() ?? SIZE);
  let opened: string | null = null;
  const compare = async (): Promise<string> => {
    if (new URL(page.url()).searchParams.has('wall')) await Promise.all([page, fresh].map(fitAnew));
    const own = await readPicture(page);
    // The order waits for as long as somebody is at it.
    if (own.isHeld) await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    // What was typed, or stepped to, stands in the address a moment later.
    if (own.address !== opened) await fresh.goto(edge.url + own.address);
    opened = own.address;
    const other = await readPicture(fresh);
    return own.isWhole && other.isWhole ? firstDifference(own, other) : 'not all is there';
  };
  await eventually(compare, (difference) => difference === '', 'the same as on a page that is opened now', SAME_WITHIN_MS);
}

/** Actions of all stories that found what they need. */
const done = new Set<string>();

async function tell(actions: readonly Action[]): Promise<void> {
  const random = createRandom(actions.length);
  const edge = await startFakeEdge({ hosts: someHosts(random), vms: someVms(random), keepsPast: true });
  edge.others.push(OTHER_CLUSTER);
  // Some things are there on a narrow page only.
  const width = createRandom(actions[0]?.seed ?? 0).pick(WIDTHS) ?? SIZE.width;
  const context = await browser.newContext({ viewport: { ...SIZE, width } });
  try {
    const [page, fresh] = [await context.newPage(), await context.newPage()];
    const faults: string[] = [];
    for (const each of [page, fresh]) {
      each.on('pageerror', (error) => faults.push(error.message));
      // Streams are cut, and the room does not know a VM any more that is gone.
      each.on('console', (said) => said.type() === 'error' && !said.text().startsWith('Failed to load') && faults.push(said.text()));
    }
    await watchForLies(page);
    await page.goto(`${edge.url}/c/lab`);
    await page.waitForSelector('.toolbar button');
    for (const [index, action] of actions.entries()) {
      if (await perform({ edge, page }, action)) done.add(action.name);
      const isCompared = (index + 1) % STORIES.compareEvery === 0 || index + 1 === actions.length;
      if (isCompared) await expectSameAsFresh(edge, page, fresh);
      expect([...(await takeLies(page)), ...faults], `after ${index + 1} actions`).toEqual([]);
    }
  } finally {
    await context.close();
    await edge.close();
  }
}

it(
  'shows what a page shows that is opened now, whatever was done with it',
  async () => {
    const { length, count } = STORIES;
    const stories = fc.array(arbitraryAction, { minLength: isLong ? 0 : length, maxLength: length, size: 'max' });
    const seed = isLong ? {} : { seed: SHORT_SEED, endOnFailure: true };
    await fc.assert(fc.asyncProperty(stories, tell), { numRuns: count, ...seed });
    // A story whose actions find nothing to do shows nothing.
    if (isLong) expect([...done].sort()).toEqual(Object.keys(ACTS).sort());
    else expect(done.size).toBeGreaterThanOrEqual(SHORT_KINDS_COUNT);
  },
  isLong ? 3 * 3_600_000 : 120_000,
);
