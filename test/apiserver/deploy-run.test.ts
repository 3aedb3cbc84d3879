/** The forwarder on a real API server with the rights, the environment and the number of replicas that deploy/ gives it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCluster } from '../../simulator/cluster.ts';
import type { ResourceName } from '../../simulator/objects.ts';
import { apiVersionOf, RESOURCES } from '../../simulator/resources.ts';
import { createInventory, createKubeVirt, createRestore, createUpgrade, requestPower } from '../../simulator/system-objects.ts';
import { EdgeDouble } from '../forwarder/edge-double.ts';
import { formatAudited } from '../support/audit.ts';
import { type KubeObject, TEST_RESOURCES, type TestKubeClient } from '../support/kube-client.ts';
import { driveMigration } from '../support/migration-script.ts';
import { eventually } from '../support/stack.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { ACCOUNT, type Deployed, deploy, findAssets, HARVESTER_NAMESPACE, manifestsOf, NAMESPACE, USER } from './deployed.ts';
import { type Replica, type ReplicaPlace, startReplica } from './deployed-replica.ts';
import { seedApiServer } from './seed.ts';

const assets = findAssets();
const objects = assets === null ? [] : manifestsOf(assets);

describe.skipIf(assets === null)('two replicas on a real API server with the rights of deploy/', () => {
  const cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 });
  const [first = '', second = '', third = ''] = cluster.list('nodes').map(({ metadata }) => metadata.name);
  let deployed: Deployed;
  let admin: TestKubeClient;
  let edge: EdgeDouble;
  let proxy: TcpProxy;
  let place: Omit<ReplicaPlace, 'name'>;
  let leader: Replica;
  let standby: Replica;

  beforeAll(async () => {
    deployed = await deploy(assets ?? '', objects);
    admin = deployed.server.admin;
    await seedApiServer(admin, cluster);
    await createSystemObjects(admin, third);
    edge = await EdgeDouble.start();
    proxy = await startTcpProxy(Number(new URL(deployed.server.url).port));
    place = { objects, edgeUrl: edge.url, kubeConfig: await deployed.kubeConfigOf(ACCOUNT, `https://127.0.0.1:${proxy.port}`) };
    leader = await startReplica({ ...place, name: 'hostview-forwarder-7d9f-first' });
  });
  afterAll(async () => {
    await standby?.stop();
    await leader?.stop();
    await proxy?.close();
    await edge?.close();
    await deployed?.stop();
  });

  const ready = (replica: Replica, text: string): Promise<string> =>
    eventually(
      () => replica.probe('readinessProbe'),
      (answer) => answer.startsWith('200 ') && answer.includes(text),
      `ready: ${text}`,
    );
  const transit = () => edge.vms.get('default/ubuntu-web-1')?.transit;

  test('one shows the cluster, what the optional kinds say included; the other stands by, and both are ready', async () => {
    await edge.until(() => edge.isSynced);
    expect([...edge.hosts.keys()].sort()).toEqual([first, second, third].sort());
    expect(edge.vms.size).toBe(cluster.list('virtualmachines').length);
    expect(leader.output()).not.toContain('going on without');
    expect(edge.hosts.get(third)?.state).toBe('stopping');
    expect(edge.hosts.get(second)?.state).toBe('draining');
    const restored = must(cluster.list('virtualmachines').find(({ spec }) => spec.runStrategy === 'Halted'));
    expect(edge.vms.get(`${restored.metadata.namespace}/${restored.metadata.name}`)?.state).toBe('provisioning');
    await ready(leader, 'leading');
    standby = await startReplica({ ...place, name: 'hostview-forwarder-7d9f-other' });
    await ready(standby, 'standing by');
    for (const replica of [leader, standby]) expect(await replica.probe('livenessProbe')).toBe('200 ok');
  });

  test('--check finds every right that it looks for', async () => {
    const check = await startReplica({ ...place, name: 'check' }, ['--check', '--log-format', 'json']);
    const code = await check.exited;
    const rows = check.output();
    await check.stop();
    expect([code, rows]).toEqual([0, expect.stringContaining('leases.coordination.k8s.io')]);
    expect(rows).not.toMatch(/forbidden|not allowed|missing/);
  });

  test('a migration is followed, its target pod included, over broken connections', async () => {
    const move = driveMigration(admin, moveOf(edge, third));
    await move.stepTo('PodPlaced');
    await edge.until(() => transit()?.to === third);
    proxy.cut();
    await move.finish();
    await edge.until(() => edge.finished.length > 0 && transit() === undefined);
    expect(new Set(edge.finished.map(({ vm, outcome }) => `${vm} ${outcome}`))).toEqual(new Set(['default/ubuntu-web-1 succeeded']));
    await edge.until(() => edge.batches.some(({ kind }) => kind === 'heartbeat'));
  });

  test('the other carries on when the first is stopped', async () => {
    await leader.stop();
    await ready(standby, 'leading');
    await admin.patch(TEST_RESOURCES.nodes, { name: first }, { spec: { unschedulable: true } });
    await edge.until(() => edge.hosts.get(first)?.state === 'cordoned');
  });

  test('both asked for what their roles grant, and not one of their requests was refused', async () => {
    await standby.stop();
    expect(leader.output() + standby.output()).not.toContain('not allowed');
    const audit = (await deployed.server.readAudit()).filter(({ user }) => user.username === USER);
    const decisionOf = ({ annotations }: (typeof audit)[number]): string | undefined => annotations?.['authorization.k8s.io/decision'];
    expect(audit.filter((event) => [401, 403].includes(event.responseStatus?.code ?? 0) || decisionOf(event) !== 'allow')).toEqual([]);
    const asked = new Set(audit.map(formatAudited));
    const expected = USED.flatMap(([verbs, what]) => verbs.map((verb) => `${verb} ${what}`));
    expect([...asked].filter((request) => !expected.includes(request))).toEqual([]);
    // Where the server streams lists, only --check lists.
    expect(expected.filter((request) => !asked.has(request))).toEqual([]);
  });
});

/** What a whole run asks of the API server. */
const USED: readonly (readonly [readonly string[], string])[] = [
  [['list', 'watch'], 'nodes'],
  [['list', 'watch'], 'pods'],
  [['list', 'watch'], 'virtualmachines.kubevirt.io'],
  [['list', 'watch'], 'virtualmachineinstances.kubevirt.io'],
  [['list', 'watch'], 'virtualmachineinstancemigrations.kubevirt.io'],
  [['list', 'watch'], 'kubevirts.kubevirt.io'],
  [['list', 'watch'], 'upgrades.harvesterhci.io'],
  [['list', 'watch'], 'virtualmachinerestores.harvesterhci.io'],
  [['list', 'watch'], `inventories.metal.harvesterhci.io in ${HARVESTER_NAMESPACE}`],
  [['get'], 'namespaces in kube-system kube-system'],
  [['get', 'update'], `leases.coordination.k8s.io in ${NAMESPACE} ${ACCOUNT}`],
  [['create'], `leases.coordination.k8s.io in ${NAMESPACE}`],
];
const TAINT = 'example.com/leave';

/** One of each optional kind, that shows in the picture: a host that is told to stop, another that is left, a VM that is restored. */
async function createSystemObjects(admin: TestKubeClient, host: string): Promise<void> {
  const create = (name: ResourceName, object: unknown): Promise<KubeObject> => {
    const resource = RESOURCES[name];
    return admin.create({ api: `/apis/${apiVersionOf(resource)}`, plural: name, hasStatus: false }, object as KubeObject);
  };
  const nowMs = Date.now();
  const named = (name: string) => ({ name, uid: name, nowMs });
  const left = must((await admin.list(TEST_RESOURCES.nodes))[1]).metadata.name;
  await admin.patch(TEST_RESOURCES.nodes, { name: left }, { spec: { taints: [{ key: TAINT, effect: 'NoSchedule' }] } });
  await create('kubevirts', createKubeVirt(named('kubevirt'), '1.6.0', { nodeDrainTaintKey: TAINT }));
  await create('inventories', requestPower(createInventory(named(host)), 'shutdown'));
  await create('upgrades', createUpgrade(named('hvst-upgrade'), 'v1.8.0', {}));
  const halted = must(
    (await admin.list(TEST_RESOURCES.virtualmachines)).find(({ spec }) => (spec as { runStrategy?: string }).runStrategy === 'Halted'),
  );
  const { name, namespace = '' } = halted.metadata;
  await admin.patch(
    TEST_RESOURCES.virtualmachines,
    { name, namespace },
    { metadata: { annotations: { 'restore.harvesterhci.io/name': 'monday' } } },
  );
  await create('virtualmachinerestores', createRestore(named('monday'), namespace, name));
}

function moveOf(edge: EdgeDouble, target: string) {
  return {
    kubevirt: '1.6',
    cause: 'virtctl',
    outcome: 'succeeded',
    namespace: 'default',
    vmName: 'ubuntu-web-1',
    vmimName: 'ubuntu-web-1-move',
    vmimUid: 'the server gives its own',
    source: edge.vms.get('default/ubuntu-web-1')?.host ?? '',
    target,
    sourcePod: 'virt-launcher-ubuntu-web-1-source',
    targetPod: 'virt-launcher-ubuntu-web-1-target',
    targetPodUid: 'the server gives its own',
    targetAddress: '10.52.1.7:49152',
  } as const;
}

function must<Value>(found: Value | undefined): Value {
  if (found === undefined) throw new Error('the simulated cluster lacks what this test needs');
  return found;
}
