/** The drain board before the real edge, while the simulator empties hosts as Harvester and KubeVirt do. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Drain } from '../../core/model.ts';
import { clusterOptionsFor, createScenario } from '../../simulator/scenario-run.ts';
import type { Playable } from '../../simulator/types.ts';
import { drainObservationOf, observeDrain, type SeenDrain } from '../support/drain-observer.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { eventually } from '../support/stack.ts';
import { openViewer, type Viewer } from '../support/viewer.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';

/** Between two updates of the cluster. Slow enough that no two VMs leave in one frame of the room: those would have no pace, and the drain no end to tell. */
const STEP_MS = 30;

let browser: Browser;
let lab: Lab;
let viewer: Viewer;
/** What the room said of each host that is being emptied, by cursor. */
const told = new Map<string, ReadonlyMap<string, Drain>>();

beforeAll(async () => {
  browser = await launchWatchedBrowser();
  lab = await startLab(clusterOptionsFor('drain', { vms: 24 }));
  viewer = await openViewer(lab.edge.url, 'lab', {
    mayBreak: true,
    onEvent: () => {
      const state = viewer?.state;
      if (state?.cursor == null) return;
      told.set(state.cursor, new Map([...state.hosts.values()].flatMap(({ name, drain }) => (drain === undefined ? [] : [[name, drain]]))));
    },
  });
  await viewer.waitForState((state) => state.vms.size >= 24, 'the room knows the cluster');
});
afterAll(async () => {
  viewer?.close();
  await lab?.stop();
  await browser?.close();
});

async function openDrain(host: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${lab.boardUrl}/h/${host}?view=drain`);
  await page.waitForSelector('[data-connection="live"]');
  await page.waitForSelector('.drain-none');
  await observeDrain(page);
  return page;
}

const answer = (page: Page, safe: string): Promise<unknown> => page.waitForSelector(`.verdict[data-safe="${safe}"]`);

/** On the cluster's clock; settles when it is over. */
const play = (part: { play(stepMs: number, ended: (error: unknown) => void): unknown }): Promise<void> =>
  new Promise((resolve, reject) => part.play(STEP_MS, (error) => (error === null ? resolve() : reject(error))));

/** At every cursor that was painted live, what the room said, and nothing else. */
async function expectTrue(host: string, seen: readonly SeenDrain[]): Promise<void> {
  // The page can have read a frame that is still on its way to the viewer here.
  await eventually(
    () => seen.filter(({ cursor, connection }) => connection === 'live' && !told.has(cursor)),
    (ahead) => ahead.length === 0,
    'the viewer has read what the page has',
  );
  for (const { cursor, connection, safe, numbers } of seen) {
    const drain = told.get(cursor)?.get(host);
    if (connection !== 'live') {
      expect(safe === null || safe === 'unknown', `${cursor}: ${safe} while ${connection}`).toBe(true);
      continue;
    }
    expect(safe, cursor).toBe(drain === undefined ? null : drain.safe ? 'yes' : 'no');
    if (drain === undefined) continue;
    const { here, were, moving, stopping, waiting, stuck } = drain;
    const gone = were - here;
    const unasked = here - moving - stopping - waiting - stuck;
    expect({ stopping: 0, unasked: 0, ...numbers }, cursor).toEqual({ gone, moving, stopping, waiting, stuck, unasked });
    expect(Object.values(numbers).reduce((sum, vms) => sum + vms, 0)).toBe(were);
  }
}

const orderOf = <Value>(values: readonly Value[]): Value[] => values.filter((value, index) => value !== values[index - 1]);

describe('H1, H2, P1: hosts are emptied', () => {
  test('of many guests: the counts add up at every commit; no becomes yes in its own frame, and no again when somebody comes', async () => {
    const { cluster } = lab;
    const story = createScenario(cluster, 'drain');
    const [host = ''] = story.subjects.hosts;
    const page = await openDrain(host);
    const guests = story.subjects.vms.length;
    await play(story);
    await answer(page, 'yes');
    const { violations, seen } = await drainObservationOf(page);
    expect(violations).toEqual([]);
    await expectTrue(host, seen);
    expect(orderOf(seen.map(({ safe }) => safe))).toEqual([null, 'no', 'yes']);
    expect(seen.at(-1)?.numbers).toEqual({ gone: guests, moving: 0, waiting: 0, stuck: 0 });
    const kinds = orderOf(seen.map(({ eta }) => eta));
    expect(kinds.indexOf('too-early')).toBeLessThan(kinds.indexOf('range'));
    expect(kinds).toContain('too-early');
    expect(kinds.at(-1)).toBe(null);
    expect(new Set(seen.flatMap(({ reasons }) => reasons))).toContain(`2 of 2 slots of ${host} taken`);

    // Somebody moves a VM there all the same: KubeVirt lets him.
    const vm = cluster
      .list('virtualmachineinstances')
      .find(({ status, metadata }) => status?.phase === 'Running' && status.nodeName !== host && !metadata.name.includes('gpu'))?.metadata;
    const move = cluster.migrate({ namespace: vm?.namespace ?? '', name: vm?.name ?? '', to: host, placed: true });
    move.stepTo('HandedOver');
    await answer(page, 'no');
    await page.waitForSelector('.drain-section[data-part="arriving"] [data-vm]');
    move.finish();
    await page.waitForSelector('.drain-numbers [data-count="unasked"]');
    await lab.edge.kill();
    await answer(page, 'unknown');
    await lab.edge.restart();
    await answer(page, 'no');

    const after = await drainObservationOf(page);
    expect(after.violations).toEqual([]);
    expect(orderOf(after.seen.map(({ safe }) => safe))).toEqual([null, 'no', 'yes', 'no', 'unknown', 'no']);
    await cluster.endMaintenance(host);
    await page.getByRole('heading', { name: 'Back in use' }).waitFor();
    await page.context().close();
  });

  test('of which one cannot leave: it says which and why, that this does not end, and never yes', async () => {
    const { cluster } = lab;
    const story = createScenario(cluster, 'drain-stuck');
    const [host = ''] = story.subjects.hosts;
    const page = await openDrain(host);
    await play(story);
    await eventually(
      () => page.locator('.drain-eta').getAttribute('data-eta'),
      (kind) => kind === 'endless',
      'only the one that cannot leave is left',
    );
    expect(await page.textContent('.drain-section[data-part="stuck"]')).toMatch(
      /1 cannot moveHostDeviceNotLiveMigratable: .+Shut it down, or take the device of this host away from it\.render-gpu-1/,
    );
    expect(await page.textContent('.drain-eta')).toBe('Does not end by itself 1 that cannot move');
    const { violations, seen } = await drainObservationOf(page);
    expect(violations).toEqual([]);
    expect(orderOf(seen.map(({ safe }) => safe))).toEqual([null, 'no']);
    finish(story.restore());
    await page.getByRole('heading', { name: 'Back in use' }).waitFor();
    await page.context().close();
  });
});

const finish = (part: Playable): void => {
  while (!part.done) part.step();
};
