/**
 * axe-core in a page of ours. It is put there as the debugger's own code, which the page's Content-Security-Policy neither stops nor is
 * loosened for; what axe itself would do against that policy shows as a fault of the page.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.0 to 2.2, levels A and AA, and what axe calls best practice: every rule of axe's that is not an experiment. None is off. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Verdict {
  /** `rule: what is wrong — the element`, one for each element. */
  readonly violations: readonly string[];
  /** How many rules found something to look at, and nothing wrong with it. */
  readonly passes: number;
}

/** Puts axe there first, where it is not. Waits until nothing moves any more: what fades has no contrast of its own. */
export async function runAxe(page: Page): Promise<Verdict> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  await page.evaluate(async () => {
    const passing = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
  const options: RunOptions = {
    runOnly: { type: 'tag', values: TAGS },
    rules: { 'target-size': { enabled: true } },
    // Of what passes it needs no more than that it did: to describe each element takes long.
    resultTypes: ['violations'],
  };
  return page.evaluate(async (run) => {
    const { axe } = globalThis as unknown as { axe: { run(on: Document, how: RunOptions): Promise<AxeResults> } };
    const { violations, passes } = await axe.run(document, run);
    return {
      violations: violations.flatMap(({ id, nodes }) =>
        nodes.map(({ failureSummary, html }) => `${id}: ${failureSummary?.split('\n').slice(1).join('; ')} — ${html.slice(0, 300)}`),
      ),
      passes: passes.length,
    };
  }, options);
}
