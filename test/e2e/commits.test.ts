import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAutopilot } from '../../simulator/autopilot.ts';
import { observationOf, observeBoard } from '../support/board-observer.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { eventually } from '../support/stack.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';
import { expectSamePicture, openBoard } from './migration-scenario.ts';

const COMMITS = 400;

let browser: Browser;
let lab: Lab;

beforeAll(async () => {
  browser = await launchWatchedBrowser();
  lab = await startLab({ hosts: 4, vms: 40, speed: 30, seed: 7 });
});
afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

test('P1, P5: in every commit the cards add up to the header and no VM is on two lists or missing, with motion and without', async () => {
  const { cluster, boardUrl } = lab;
  const vm = cluster.list('virtualmachines')[0]?.metadata;
  if (vm === undefined) throw new Error('the simulator has no VM');
  const id = `${vm.namespace}/${vm.name}`;
  const moving = await openBoard(browser.newPage(), boardUrl);
  const still = await openBoard(browser.newPage({ reducedMotion: 'reduce' }), boardUrl);
  const countAnimations = (): void => {
    const counter = globalThis as unknown as { travels: number };
    counter.travels = 0;
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (keyframes, options) {
      if (JSON.stringify(keyframes).includes('translate')) counter.travels++;
      return animate.call(this, keyframes, options);
    };
  };
  for (const page of [moving, still]) {
    await page.evaluate(countAnimations);
    await observeBoard(page, id);
  }

  const autopilot = startAutopilot(cluster);
  try {
    for (const page of [moving, still]) {
      await eventually(
        () => observationOf(page),
        ({ commits }) => commits >= COMMITS,
        `${COMMITS} commits`,
        120_000,
      );
    }
  } finally {
    autopilot.stop();
  }
  for (const page of [moving, still]) expect((await observationOf(page)).violations).toEqual([]);
  await expectSamePicture(moving, still);
  const travels = (page: typeof moving): Promise<number> => page.evaluate(() => (globalThis as unknown as { travels: number }).travels);
  expect(await travels(moving), 'VMs travel').toBeGreaterThan(0);
  expect(await travels(still), 'not under prefers-reduced-motion').toBe(0);
});
