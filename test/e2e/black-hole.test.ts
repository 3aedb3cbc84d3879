import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../support/lab.ts';
import { isLong } from '../support/runs.ts';
import { eventually } from '../support/stack.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';
import { expectSamePicture, openBoard, pictureOf } from './migration-scenario.ts';

/** Longer than the page's own patience with a silent stream, 35 s; in the long lane as long as the report's. */
const SWALLOWED_FOR_MS = isLong ? 60_000 : 42_000;
/** Until it says so: its patience, and what a busy machine adds. */
const SAID_WITHIN_MS = 60_000;
/** Until it is live again: each of its connections that is dead costs it 10 s, and what it waits between them is random. */
const LIVE_AGAIN_WITHIN_MS = 120_000;

let browser: Browser;
let lab: Lab;
let proxy: TcpProxy;

beforeAll(async () => {
  browser = await launchWatchedBrowser();
  lab = await startLab();
  proxy = await startTcpProxy(lab.edge.port);
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await lab?.stop();
});

test('P2, P3, P4: a page whose connection is swallowed says so, and is right again after it, with no reload', async () => {
  const page = await openBoard(browser.newPage(), `http://127.0.0.1:${proxy.port}/c/lab`);
  const witness = await openBoard(browser.newPage(), lab.boardUrl);
  await page.evaluate(() => {
    (globalThis as unknown as { hostviewMark: boolean }).hostviewMark = true;
  });
  const before = await pictureOf(page);

  proxy.swallow();
  const until = Date.now() + SWALLOWED_FOR_MS;
  const connection = (): Promise<string | null> =>
    page.evaluate(() => document.querySelector('[data-connection]')?.getAttribute('data-connection') ?? null);
  const vmi = lab.cluster
    .list('virtualmachineinstances')
    .find(
      ({ status }) =>
        status?.phase === 'Running' && status.conditions?.some(({ type, status: is }) => type === 'LiveMigratable' && is === 'True'),
    );
  if (vmi === undefined) throw new Error('the simulator has no VM that can move');
  lab.cluster.migrate({ namespace: vmi.metadata.namespace ?? '', name: vmi.metadata.name }).finish();
  await eventually(
    () => pictureOf(witness),
    (picture) => picture !== before,
    'the move is seen by a page that is not cut off',
  );
  await eventually(connection, (state) => state !== 'live', 'the page says that it is not live', SAID_WITHIN_MS);
  expect(await pictureOf(page), 'what it shows is what it had').toBe(before);
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    if (Date.now() < until) expect(await connection()).not.toBe('live');
  }

  proxy.pass();
  await eventually(connection, (state) => state === 'live', 'live again', LIVE_AGAIN_WITHIN_MS);
  await expectSamePicture(page, witness);
  expect(await page.evaluate(() => (globalThis as unknown as { hostviewMark?: boolean }).hostviewMark), 'without a reload').toBe(true);
});
