import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCursor } from '../../core/cursor.ts';
import type { Snapshot } from '../../core/downlink.ts';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Cluster } from '../../simulator/types.ts';
import { launchBrowser } from '../support/browser.ts';
import type { TestProcess } from '../support/processes.ts';
import { type EdgeProcess, eventually, startEdgeProcess, startForwarder } from '../support/stack.ts';
import { openBoard, placesOf } from './migration-scenario.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

describe.each(['direct', 'bridge'])('U6, D1: a killed edge process, restarted (%s)', (fanOut) => {
  let cluster: Cluster;
  let server: ServedCluster;
  let edge: EdgeProcess;
  let forwarder: TestProcess;

  beforeAll(async () => {
    cluster = createCluster({ hosts: 3, vms: 12 });
    server = await serveCluster(cluster, { host: '127.0.0.1', port: 0 });
    edge = await startEdgeProcess({ FAN_OUT: fanOut });
    forwarder = await startForwarder(edge, 'lab', server.kubeconfig);
  });
  afterAll(async () => {
    await forwarder?.stop();
    await edge?.stop();
    await server?.close();
  });

  test('the page says reconnecting, then shows the same board with what changed meanwhile; nothing was lost', async () => {
    const page = await openBoard(browser.newPage(), `${edge.url}/c/lab`);
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
    await eventually(connection, (state) => state === 'reconnecting' || state === 'stale', 'the page says that it reconnects');
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
    const after = await snapshotOf(edge);
    const [was, is] = [before.cursor, after.cursor].map((text) => parseCursor(text ?? ''));
    if (was?.ok !== true || is?.ok !== true) throw new Error('no cursor');
    expect(is.value.epoch, 'the log goes on').toBe(was.value.epoch);
    expect(is.value.revision).toBeGreaterThan(was.value.revision);
    expect(after.vms.find(({ id }) => id === vm)?.lastMigration).toMatchObject({ outcome: 'succeeded', from: move.from, to: move.to });
    expect(after.vms.map(({ id }) => id).sort()).toEqual(before.vms.map(({ id }) => id).sort());
  });
});

async function snapshotOf(edge: EdgeProcess): Promise<Snapshot> {
  const answer = await fetch(`${edge.url}/api/v1/clusters/lab`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Snapshot;
}
