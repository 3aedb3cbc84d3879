/** A page that is open for weeks, time-compressed: what it holds must not grow (kube-ops-view #88, #166). */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Host, Vm } from '../../core/model.ts';
import { growthOf, openHeapMeter, textOf } from '../support/page-heap.ts';
import { isLong } from '../support/runs.ts';
import { eventually } from '../support/stack.ts';
import { open, painted, vmOn } from './page-fixture.ts';

const ROUNDS = isLong ? 600 : 16;
const FRAMES_A_ROUND = 140;
const MOST_GROWTH = 0.1;

const HOSTS: readonly Host[] = Array.from({ length: 6 }, (_, index) => ({
  name: `host-${index + 1}`,
  state: 'active',
  reasons: [],
  roles: [],
}));
const VMS: readonly Vm[] = Array.from({ length: 60 }, (_, index) => vmOn(`vm-${index}`, `host-${(index % 6) + 1}`));

/** Not `waitForSelector`: the handle that it gives keeps what it names, and with it a whole page that is gone. */
const there = (page: Page, selector: string): Promise<void> => page.locator(selector).first().waitFor({ state: 'attached' });

/** As a reader's clicks do, without waiting for them to be rendered. */
const goTo = (page: Page, ...addresses: string[]): Promise<void> =>
  page.evaluate(async (paths) => {
    for (const path of paths) {
      history.replaceState(null, '', path);
      dispatchEvent(new PopStateEvent('popstate'));
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    }
  }, addresses);

test(
  `after ${ROUNDS * FRAMES_A_ROUND} frames, drawers, views and clusters it holds what it held in the middle`,
  async () => {
    const { edge, page, faults } = await open('/c/lab', { reducedMotion: 'reduce' }, { hosts: HOSTS, vms: VMS });
    await there(page, 'svg.trails');
    const { measure } = await openHeapMeter(page);

    async function churn(round: number): Promise<void> {
      let cursor = '';
      for (let frame = 0; frame < FRAMES_A_ROUND; frame++) {
        const turn = round * FRAMES_A_ROUND + frame;
        const [from, to] = [`host-${(turn % 6) + 1}`, `host-${((turn + 1) % 6) + 1}`];
        const transit = { id: `m-${turn}`, stage: 'transferring', cause: 'drain', from, to, startedAt: Date.now() } as const;
        const ended = { outcome: 'succeeded', cause: 'drain', from, to, endedAt: Date.now() } as const;
        cursor = edge.change({
          hosts: [{ name: from, state: turn % 2 === 0 ? 'active' : 'cordoned', reasons: [], roles: [] }],
          vms: [
            vmOn(`vm-${turn % 60}`, from, { transit }),
            vmOn(`vm-${(turn + 59) % 60}`, to, { lastMigration: ended }),
            vmOn(`short-lived-${turn}`, from),
          ],
          goneVms: [`default/short-lived-${turn - 5}`],
        });
        if (frame % 10 === 0) await painted(page, cursor);
      }
      const vm = `/c/lab/vm/default/vm-${round % 60}`;
      await goTo(
        page,
        vm,
        `/c/lab/h/host-${(round % 6) + 1}`,
        '/c/lab?view=table',
        '/c/lab?q=vm-1',
        '/c/lab?group=namespace',
        '/c/lab?wall',
        '/?wall',
        '/',
      );
      await there(page, '[data-cluster="lab"]');
      await goTo(page, '/c/lab');
      await there(page, 'svg.trails');
    }
    /** The same picture each time, and nothing on its way: the board is opened after the change, so that it has nothing to tell of it. */
    async function settle(): Promise<void> {
      const gone = [...edge.state.vms.keys()].filter((id) => id.includes('short-lived'));
      await goTo(page, '/');
      await there(page, '[data-cluster="lab"]');
      const cursor = edge.change({ hosts: HOSTS, vms: VMS, goneVms: gone });
      await goTo(page, '/c/lab');
      await there(page, 'svg.trails');
      await painted(page, cursor);
      await page.waitForFunction(() => document.querySelector('.toast, .flyer') === null && document.getAnimations().length === 0);
    }

    /** A long run says how it goes, so that one that is broken off has told something. */
    async function play(from: number, to: number): Promise<void> {
      for (let round = from; round < to; round++) {
        await churn(round);
        if (isLong && round % 10 === 9) console.log(`round ${round + 1}: ${textOf(await measure())}`);
      }
    }

    await play(0, ROUNDS / 2);
    await settle();
    const middle = await measure();
    await play(ROUNDS / 2, ROUNDS);
    await settle();
    // The browser lets go of a view that was left a moment ago when it likes; what leaks it never lets go of.
    const end = await eventually(
      measure,
      (now) => Object.values(growthOf(middle, now)).every((growth) => growth <= MOST_GROWTH),
      `no more than in the middle: ${textOf(middle)}`,
    );
    console.log(`in the middle ${textOf(middle)}; at the end ${textOf(end)}`);
    expect(edge.streamCount).toBe(1);
    expect(faults).toEqual([]);
  },
  isLong ? 4 * 3_600_000 : 300_000,
);
