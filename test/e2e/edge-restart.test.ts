import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCursor } from '../../core/cursor.ts';
import type { Snapshot } from '../../core/downlink.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { type EdgeProcess, eventually } from '../support/stack.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';
import { openBoard, placesOf } from './migration-scenario.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchWatchedBrowser();
});
afterAll(() => browser?.close());

/** Side by side, since most of it is waiting for who comes back when. */
describe.concurrent('U6, D1: a killed edge process, restarted', () => {
  test.each(['direct', 'bridge'])(
    '%s: the page says reconnecting, then shows the same board with what changed meanwhile; nothing was lost',
    async (fanOut) => {
      const lab = await startLab({}, { FAN_OUT: fanOut });
      try {
        await restartEdge(lab);
      } finally {
        await lab.stop();
      }
    },
  );
});

async function restartEdge({ cluster, edge, boardUrl }: Lab): Promise<void> {
  const page = await openBoard(browser.newPage(), boardUrl);
  const connection = (): Promise<string | null> =>
    page.evaluate(() => document.querySelector('[data-connection]')?.getAttribute('data-connection') ?? null);
  const vmi = cluster
    .list('virtualmachineinstances')
    .find(({ metadata, status }) => metadata.name.startsWith('ubuntu') && status?.phase === 'Running');
  if (vmi === undefined) throw new Error('the simulator has no running Ubuntu VM');
  const { namespace = '', name } = vmi.metadata;
  const vm = `${namespace}/${name}`;
  const before = await snapshotOf(edge);

  await edge.kill();
  await eventually(connection, (state) => state === 'reconnecting', 'the page says that it reconnects');
  const move = cluster.migrate({ namespace, name });
  move.finish();
  expect(await placesOf(page, vm), 'what it shows is what it had').toBe(`settled ${move.from}`);

  await edge.restart();
  await eventually(
    () => placesOf(page, vm),
    (places) => places === `settled ${move.to}`,
    `${vm} stands in ${move.to}'s list`,
    60_000,
  );
  await eventually(connection, (state) => state === 'live', 'live again');
  // The end of the migration comes on a watch of its own, and so perhaps in a later frame than the new place.
  const after = await eventually(
    () => snapshotOf(edge),
    ({ vms }) => vms.find(({ id }) => id === vm)?.lastMigration !== undefined,
    'the end of the migration is told',
  );
  const [was, is] = [before.cursor, after.cursor].map((text) => parseCursor(text ?? ''));
  if (was?.ok !== true || is?.ok !== true) throw new Error('no cursor');
  expect(is.value.epoch, 'the log goes on').toBe(was.value.epoch);
  expect(is.value.revision).toBeGreaterThan(was.value.revision);
  expect(after.vms.find(({ id }) => id === vm)?.lastMigration).toMatchObject({ outcome: 'succeeded', from: move.from, to: move.to });
  expect(after.vms.map(({ id }) => id).sort()).toEqual(before.vms.map(({ id }) => id).sort());
}

async function snapshotOf(edge: EdgeProcess): Promise<Snapshot> {
  const answer = await fetch(`${edge.url}/api/v1/clusters/lab`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Snapshot;
}
