import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { startAutopilot } from '../../simulator/autopilot.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Cluster } from '../../simulator/types.ts';
import { observationOf, observeBoard } from '../support/board-observer.ts';
import { launchBrowser } from '../support/browser.ts';
import type { TestProcess } from '../support/processes.ts';
import { type EdgeProcess, eventually, startEdgeProcess, startForwarder } from '../support/stack.ts';
import { expectSamePicture, openBoard } from './migration-scenario.ts';

const COMMITS = 400;

let browser: Browser;
let cluster: Cluster;
let server: ServedCluster;
let edge: EdgeProcess;
let forwarder: TestProcess;

beforeAll(async () => {
  browser = await launchBrowser();
  cluster = createCluster({ hosts: 4, vms: 40, speed: 30, seed: 7 });
  server = await serveCluster(cluster, { host: '127.0.0.1', port: 0 });
  edge = await startEdgeProcess();
  forwarder = await startForwarder(edge, 'lab', server.kubeconfig);
});
afterAll(async () => {
  await browser?.close();
  await forwarder?.stop();
  await edge?.stop();
  await server?.close();
});

test('P1, P5: in every commit the cards add up to the header and no VM is on two lists or missing, with motion and without', async () => {
  const vm = cluster.list('virtualmachines')[0]?.metadata;
  if (vm === undefined) throw new Error('the simulator has no VM');
  const id = `${vm.namespace}/${vm.name}`;
  const moving = await openBoard(browser.newPage(), `${edge.url}/c/lab`);
  const still = await openBoard(browser.newPage({ reducedMotion: 'reduce' }), `${edge.url}/c/lab`);
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
