/** Kinds that a real API server does not let the forwarder see, or does not have: done without (SPEC U10), and picked up when it may. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCluster } from '../../simulator/cluster.ts';
import { HeldClock, isOptionalRetry } from '../forwarder/held-clock.ts';
import { OPTIONAL_RESOURCES } from '../forwarder/optional-traces.ts';
import {
  FORWARDER_ROLE_NAME,
  FORWARDER_RULES,
  findKubeApiServer,
  installCrds,
  type KubeApiServer,
  OPTIONAL_RULES,
  startKubeApiServer,
} from '../support/kube-apiserver.ts';
import { type ResourcePath, TEST_RESOURCES } from '../support/kube-client.ts';
import { driveMigration } from '../support/migration-script.ts';
import { eventually } from '../support/stack.ts';
import { type ForwarderUnderTest, runForwarder } from './running-forwarder.ts';
import { seedApiServer } from './seed.ts';

const assets = findKubeApiServer();
const NAMES = Object.values(OPTIONAL_RESOURCES).map(({ name }) => name);
const KUBEVIRTS: ResourcePath = { api: '/apis/kubevirt.io/v1', plural: 'kubevirts', hasStatus: false };
/** KubeVirt's own object as far as a server must know it; the schema takes anything. */
const KUBEVIRTS_CRD = {
  metadata: { name: 'kubevirts.kubevirt.io' },
  spec: {
    group: 'kubevirt.io',
    scope: 'Namespaced',
    names: { kind: 'KubeVirt', listKind: 'KubeVirtList', plural: 'kubevirts', singular: 'kubevirt' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
const TAINT = 'example.com/leave';

describe.skipIf(assets === null)('optional kinds of a real API server', () => {
  const cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 });
  const host = cluster.list('nodes')[0]?.metadata.name ?? '';
  const clock = new HeldClock(isOptionalRetry);
  let server: KubeApiServer;
  let run: ForwarderUnderTest;

  beforeAll(async () => {
    server = await startKubeApiServer(assets ?? '');
    await installCrds(server.admin);
    await seedApiServer(server.admin, cluster);
    run = await runForwarder(server.forwarderKubeConfig, { clock });
  });
  afterAll(async () => {
    await run?.stop();
    await server?.stop();
  });

  /** What was said of an optional kind, in order. */
  const linesOf = (name: string): readonly string[] => run.lines.filter((line) => line.includes(name)).map((line) => line.trimEnd());
  const forbidden = (name: string): unknown =>
    expect.stringMatching(
      new RegExp(`^info: going on without ${name}: not allowed to watch ${name}: .*; grant get, list, watch on ${name}$`),
    );
  const absent = (name: string): string => `info: going on without ${name}: the API server ${server.url} does not know ${name} (404)`;
  const watched = (name: string): string => `info: ${name} is watched`;
  /** The API server learns of new rules and definitions a while after it took them. */
  const untilAnswered = (path: string, text: string): Promise<string> =>
    eventually(
      () => server.forwarder.getText(path),
      (answer) => answer.includes(text),
      `the forwarder is answered ${text} to ${path}`,
    );
  const transit = () => run.edge.vms.get('default/ubuntu-web-1')?.transit;

  test('with the rights of the required kinds alone it says once what it goes on without', async () => {
    await run.edge.until(() => run.edge.isSynced);
    await clock.untilHeld(NAMES.length);
    clock.release();
    await clock.untilHeld(NAMES.length);
    expect(run.forwarder.isWatched).toBe(true);
    for (const name of NAMES) expect(linesOf(name)).toEqual([forbidden(name)]);
    expect(run.edge.vms.size).toBe(cluster.list('virtualmachines').length);
  });

  test('what is granted later is picked up; what the cluster does not have is done without', async () => {
    const source = run.edge.vms.get('default/ubuntu-web-1')?.host ?? '';
    const target = [...run.edge.hosts.keys()].find((name) => name !== source) ?? '';
    const move = driveMigration(server.admin, {
      kubevirt: '1.6',
      cause: 'virtctl',
      outcome: 'succeeded',
      namespace: 'default',
      vmName: 'ubuntu-web-1',
      vmimName: 'ubuntu-web-1-move',
      vmimUid: 'the server gives its own',
      source,
      target,
      sourcePod: 'virt-launcher-ubuntu-web-1-source',
      targetPod: 'virt-launcher-ubuntu-web-1-target',
      targetPodUid: 'the server gives its own',
      targetAddress: '10.52.1.7:49152',
    });
    await move.stepTo('PodPlaced');
    await run.edge.until(() => transit()?.stage === 'scheduling');
    expect(transit()?.to).toBeNull();

    const rules = [...FORWARDER_RULES, ...OPTIONAL_RULES];
    await server.admin.patch(TEST_RESOURCES.clusterroles, { name: FORWARDER_ROLE_NAME }, { rules });
    await untilAnswered('/api/v1/pods', '"PodList"');
    await untilAnswered('/apis/kubevirt.io/v1/kubevirts', '404 page not found');
    clock.release();
    await run.edge.until(() => transit()?.to === target);
    await clock.untilHeld(NAMES.length - 1);
    clock.release();
    await clock.untilHeld(NAMES.length - 1);
    for (const name of NAMES) expect(linesOf(name)).toEqual([forbidden(name), name === 'pods' ? watched(name) : absent(name)]);
    expect(run.forwarder.isWatched).toBe(true);
  });

  test('a definition that is installed later is picked up, and done without once it is gone', async () => {
    const name = 'kubevirts.kubevirt.io';
    await server.admin.patch(TEST_RESOURCES.nodes, { name: host }, { spec: { taints: [{ key: TAINT, effect: 'NoSchedule' }] } });
    await server.admin.create(TEST_RESOURCES.customresourcedefinitions, KUBEVIRTS_CRD);
    await untilAnswered('/apis/kubevirt.io/v1/kubevirts', '"KubeVirtList"');
    await server.admin.create(KUBEVIRTS, {
      apiVersion: 'kubevirt.io/v1',
      kind: 'KubeVirt',
      metadata: { name: 'kubevirt', namespace: 'default' },
      spec: { configuration: { migrations: { nodeDrainTaintKey: TAINT } } },
    });
    clock.release();
    await run.edge.until(() => run.edge.hosts.get(host)?.state === 'draining');
    expect(linesOf(name)).toEqual([forbidden(name), absent(name), watched(name)]);

    await server.admin.delete(TEST_RESOURCES.customresourcedefinitions, name);
    await run.edge.until(() => run.edge.hosts.get(host)?.state === 'active');
    await clock.untilHeld(NAMES.length - 1);
    expect(linesOf(name).at(-1)).toBe(absent(name));
    expect(run.forwarder.isWatched).toBe(true);
    expect(run.lines.filter((line) => !line.startsWith('info:'))).toEqual([]);
    expect(run.edge.refused).toEqual([]);
  });
});
