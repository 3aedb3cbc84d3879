/** etcd is restored from a backup under a forwarder that runs on: what it had seen since then never was (SPEC U10). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServerCluster, startApiServerCluster } from '../support/api-server-cluster.ts';
import { findKubeApiServer } from '../support/kube-apiserver.ts';
import { TEST_RESOURCES } from '../support/kube-client.ts';
import { runForwarder } from './running-forwarder.ts';

const assets = findKubeApiServer();
const { nodes, virtualmachineinstances } = TEST_RESOURCES;
/** More versions than are written after the restoration, so that a watch that went on from its own would not hear of that. */
const FILLER_COUNT = 40;

describe.skipIf(assets === null)('etcd is restored from a backup', () => {
  let cluster: ApiServerCluster;
  beforeAll(async () => {
    cluster = await startApiServerCluster(assets ?? '');
  });
  afterAll(() => cluster?.stop());

  test('the picture is what the backup has, and what comes after it', async () => {
    const { server, hosts } = cluster;
    const [before = '', after = ''] = hosts;
    const cordon = (name: string) => server.admin.patch(nodes, { name }, { spec: { unschedulable: true } });
    await server.backUp();
    await cordon(before);
    const instances = await server.admin.list(virtualmachineinstances);
    const moved = instances.find(({ status }) => (status as { nodeName?: string } | undefined)?.nodeName === after);
    if (moved === undefined) throw new Error(`no instance on ${after}`);
    const { name, namespace = '' } = moved.metadata;
    await server.admin.patch(virtualmachineinstances, { name, namespace }, { status: { nodeName: before } });
    for (let count = 0; count < FILLER_COUNT; count += 1) {
      await server.admin.patch(nodes, { name: before }, { metadata: { annotations: { filler: String(count) } } });
    }
    const run = await runForwarder(server.forwarderKubeConfig);
    try {
      const { edge } = run;
      const id = `${namespace}/${name}`;
      const cordoned = (): readonly string[] =>
        [...edge.hosts.values()].filter(({ state }) => state === 'cordoned').map((host) => host.name);
      await edge.until(() => edge.isSynced);
      expect([cordoned(), edge.vms.get(id)?.host]).toEqual([[before], before]);
      await server.restoreBackup();
      await cordon(after);
      await edge.until(() => cordoned().join() === after && edge.vms.get(id)?.host === after);
      expect(run.lines.filter((line) => line.includes('restored from a backup')).length).toBeGreaterThan(0);
    } finally {
      await run.stop();
    }
  }, 120_000);
});
