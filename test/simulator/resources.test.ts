import { afterEach, describe, expect, test } from 'vitest';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Pod } from '../../simulator/pod-objects.ts';
import { RESOURCE_NAMES, RESOURCES } from '../../simulator/resources.ts';
import type { Cluster, ClusterOptions, Move } from '../../simulator/types.ts';

const VM = { namespace: 'default', name: 'ubuntu-web-1' };
const HARVESTER = 'harvesterhci.io/v1beta1';
const NEW_PATHS = {
  pods: '/api/v1/pods',
  kubevirts: '/apis/kubevirt.io/v1/kubevirts',
  inventories: '/apis/metal.harvesterhci.io/v1alpha1/inventories',
  upgrades: `/apis/${HARVESTER}/upgrades`,
  virtualmachinerestores: `/apis/${HARVESTER}/virtualmachinerestores`,
} as const;
type NewResource = keyof typeof NEW_PATHS;
const NEW_RESOURCES = Object.keys(NEW_PATHS) as NewResource[];

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at field by field
type Body = any;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const createStill = (options: ClusterOptions = {}): Cluster => createCluster({ clock: createVirtualClock(), runId: 'test', ...options });
async function serve(options: ClusterOptions = {}): Promise<{ readonly cluster: Cluster; readonly server: ServedCluster }> {
  const cluster = createStill(options);
  const server = await serveCluster(cluster);
  closing.push(() => server.close());
  return { cluster, server };
}
async function get(server: ServedCluster, path: string): Promise<{ readonly code: number; readonly json: Body }> {
  const response = await fetch(`${server.url}${path}`);
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { code: response.status, json: isJson ? await response.json() : null };
}

/** The events of a watch, as `ADDED name`. */
async function watch(server: ServedCluster, path: string): Promise<() => Promise<string>> {
  const response = await fetch(`${server.url}${path}`);
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  return async () => {
    while (!buffer.includes('\n')) {
      const { done, value } = await reader.read();
      if (done) throw new Error('the watch ended');
      buffer += decoder.decode(value, { stream: true });
    }
    const line = buffer.slice(0, buffer.indexOf('\n'));
    buffer = buffer.slice(line.length + 1);
    const { type, object } = JSON.parse(line);
    return `${type} ${object.metadata.name}`;
  };
}

const podsOf = (cluster: Cluster, name = VM.name, namespace = VM.namespace): readonly Pod[] =>
  cluster.list('pods').filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.['vm.kubevirt.io/name'] === name);
const conditionOf = (pod: Pod | undefined, type: string) => pod?.status.conditions?.find((condition) => condition.type === type);
const vmiOf = (cluster: Cluster) => cluster.get('virtualmachineinstances', VM.namespace, VM.name);
const targetOf = (cluster: Cluster, move: Move): Pod | undefined =>
  podsOf(cluster).find(({ metadata }) => metadata.annotations?.['kubevirt.io/migrationJobName'] === move.vmimName);

describe('launcher pods', () => {
  test('one for each instance, where it is, under the uid that the instance knows', () => {
    const cluster = createStill({ vms: 30 });
    const vmis = cluster.list('virtualmachineinstances');
    expect(cluster.list('pods')).toHaveLength(vmis.length);
    for (const { metadata, status } of vmis) {
      const [pod] = podsOf(cluster, metadata.name, metadata.namespace);
      expect(status.activePods).toEqual({ [pod?.metadata.uid ?? '']: pod?.spec.nodeName });
      expect(pod?.spec.nodeName).toBe(status.nodeName);
      expect(pod?.metadata.labels).toMatchObject({ 'kubevirt.io': 'virt-launcher', 'kubevirt.io/created-by': metadata.uid });
      expect(pod?.metadata.ownerReferences).toMatchObject([{ kind: 'VirtualMachineInstance', uid: metadata.uid, controller: true }]);
      expect(pod?.status).toMatchObject({ phase: 'Running', containerStatuses: [{ name: 'compute', ready: true }] });
      expect(conditionOf(pod, 'PodScheduled')?.status).toBe('True');
      expect(conditionOf(pod, 'Ready')?.status).toBe('True');
    }
  });

  test('of a target: without a node, then placed, then ready; the source’s goes when it has moved', () => {
    const cluster = createStill();
    const [source] = podsOf(cluster);
    const move = cluster.migrate({ ...VM, to: 'harv-2' });
    move.stepTo('PodCreated');
    const vmim = cluster.get('virtualmachineinstancemigrations', VM.namespace, move.vmimName);
    expect(targetOf(cluster, move)).toMatchObject({
      metadata: { labels: { 'kubevirt.io/migrationJobUID': vmim?.metadata.uid } },
      spec: { nodeSelector: { 'kubernetes.io/hostname': 'harv-2' } },
      status: { phase: 'Pending' },
    });
    expect(targetOf(cluster, move)?.spec.nodeName).toBeUndefined();
    move.stepTo('TargetPodCreated');
    const uid = targetOf(cluster, move)?.metadata.uid ?? '';
    expect(vmiOf(cluster)?.status.activePods).toMatchObject({ [uid]: '' });
    move.stepTo('PodPlaced');
    expect(targetOf(cluster, move)?.spec.nodeName).toBe('harv-2');
    expect(conditionOf(targetOf(cluster, move), 'Ready')?.status).toBe('False');
    move.stepTo('PodReady');
    expect(conditionOf(targetOf(cluster, move), 'Ready')?.status).toBe('True');
    move.stepTo('Succeeded');
    expect(podsOf(cluster)).toHaveLength(2);
    move.finish();
    expect(podsOf(cluster).map(({ metadata }) => metadata.uid)).toEqual([uid]);
    expect(uid).not.toBe(source?.metadata.uid);
  });

  test.each(['failed', 'failed-before-handoff', 'target-pod-down', 'unschedulable', 'aborted', 'aborted-before-handoff'] as const)(
    'of a migration that is %s: the target’s goes, the source’s stays',
    (outcome) => {
      const cluster = createStill();
      const before = podsOf(cluster);
      const move = cluster.migrate({ ...VM, outcome });
      move.stepTo('TargetPodCreated');
      expect(podsOf(cluster)).toHaveLength(2);
      move.finish();
      expect(podsOf(cluster)).toEqual(before);
    },
  );

  test('that no host takes: the scheduler counts its reasons', () => {
    const cluster = createStill();
    cluster.cordon('harv-3');
    const move = cluster.migrate({ ...VM, to: 'harv-2' });
    move.stepTo('Pending');
    cluster.cordon('harv-2');
    move.stepTo('VmTouchedMigrating');
    expect(move.step()?.name).toBe('PodUnschedulable');
    expect(conditionOf(targetOf(cluster, move), 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message:
        "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) didn't match pod anti-affinity rules, 1 node(s) were unschedulable. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    });
  });

  test('go with their instance, all of them, also in the middle of a migration', () => {
    const cluster = createStill();
    const move = cluster.migrate(VM);
    move.stepTo('Running');
    expect(podsOf(cluster)).toHaveLength(2);
    cluster.stop(VM).finish();
    expect(podsOf(cluster)).toEqual([]);
    move.finish();
    cluster.start(VM).finish();
    expect(podsOf(cluster).map(({ metadata }) => metadata.labels?.['kubevirt.io/created-by'])).toEqual([vmiOf(cluster)?.metadata.uid]);
  });

  test('are not ready on a host that is not', () => {
    const cluster = createStill();
    const readyOn = (host: string) =>
      new Set(cluster.list('pods').flatMap((pod) => (pod.spec.nodeName === host ? [conditionOf(pod, 'Ready')?.status] : [])));
    cluster.setHostReady('harv-1', 'Unknown');
    expect(readyOn('harv-1')).toEqual(new Set(['False']));
    expect(readyOn('harv-2')).toEqual(new Set(['True']));
    cluster.setHostReady('harv-1', 'True');
    expect(readyOn('harv-1')).toEqual(new Set(['True']));
  });

  test('are selected by equality and by existence', async () => {
    const { cluster, server } = await serve();
    const move = cluster.migrate(VM);
    move.stepTo('PodCreated');
    const target = targetOf(cluster, move);
    const select = async (selector: string): Promise<readonly string[]> =>
      (await get(server, `/api/v1/pods?labelSelector=${encodeURIComponent(selector)}`)).json.items.map(
        ({ metadata }: Body) => metadata.name,
      );
    expect(await select('kubevirt.io=virt-launcher')).toHaveLength(cluster.list('pods').length);
    expect(await select('kubevirt.io=virt-launcher,kubevirt.io/migrationJobUID')).toEqual([target?.metadata.name]);
    expect(await select('kubevirt.io=virt-handler')).toEqual([]);
    expect(await select('kubevirt.io=virt-launcher,!kubevirt.io/migrationJobUID')).toHaveLength(cluster.list('pods').length - 1);
  });

  test('a watch with a selector tells of a pod that begins or ceases to match', async () => {
    const { cluster, server } = await serve();
    const selector = encodeURIComponent('kubevirt.io=virt-launcher,kubevirt.io/migrationJobUID');
    const next = await watch(server, `/api/v1/pods?watch=1&resourceVersion=${cluster.store.version}&labelSelector=${selector}`);
    const [source] = podsOf(cluster);
    const move = cluster.migrate(VM);
    move.stepTo('PodReady');
    const name = targetOf(cluster, move)?.metadata.name;
    expect([await next(), await next(), await next()]).toEqual([`ADDED ${name}`, `MODIFIED ${name}`, `MODIFIED ${name}`]);

    const relabel = (labels: Record<string, string>): void => {
      const pod = cluster.get('pods', VM.namespace, source?.metadata.name ?? '');
      if (pod !== undefined) cluster.store.update('pods', { ...pod, metadata: { ...pod.metadata, labels } });
    };
    relabel({ ...source?.metadata.labels, 'kubevirt.io/migrationJobUID': 'some-job' });
    expect(await next()).toBe(`ADDED ${source?.metadata.name}`);
    relabel({ ...source?.metadata.labels });
    expect(await next()).toBe(`DELETED ${source?.metadata.name}`);
    move.finish();
    cluster.stop(VM).finish();
    expect(await next()).toBe(`DELETED ${name}`);
  });
});

describe('what Harvester and KubeVirt keep of themselves', () => {
  test('KubeVirt’s limits are those of the cluster', () => {
    const migrationsOf = (options: ClusterOptions) => createStill(options).list('kubevirts')[0]?.spec.configuration.migrations;
    expect(migrationsOf({})).toEqual({
      nodeDrainTaintKey: 'kubevirt.io/drain',
      parallelMigrationsPerCluster: 5,
      parallelOutboundMigrationsPerNode: 2,
    });
    expect(migrationsOf({ parallelMigrationsPerCluster: 3, parallelOutboundMigrationsPerNode: 1 })).toMatchObject({
      parallelMigrationsPerCluster: 3,
      parallelOutboundMigrationsPerNode: 1,
    });
    expect(createStill().list('kubevirts')[0]).toMatchObject({
      metadata: { namespace: 'harvester-system' },
      status: { phase: 'Deployed' },
    });
  });

  test('inventories where they are asked for: one for each host', () => {
    expect(createStill().list('inventories')).toEqual([]);
    const cluster = createStill({ inventories: true });
    expect(cluster.list('inventories').map(({ metadata }) => metadata.name)).toEqual(['harv-1', 'harv-2', 'harv-3']);
    expect(cluster.list('inventories').map(({ status }) => status.machinePowerState)).toEqual(['on', 'on', 'on']);
  });

  test('a witness is one host more, and no VM is ever placed there', () => {
    const cluster = createStill({ witness: true, vms: 40 });
    expect(cluster.list('nodes')).toHaveLength(4);
    const hosts = new Set(cluster.list('virtualmachineinstances').map(({ status }) => status.nodeName));
    expect(hosts).toEqual(new Set(['harv-1', 'harv-2', 'harv-3']));
    cluster.beat();
    expect(cluster.get('nodes', undefined, 'harv-4')?.metadata.annotations).not.toHaveProperty('kubevirt.io/heartbeat');
  });
});

describe('serving them', () => {
  test.each(NEW_RESOURCES)('%s: a list, also an empty one, and a watch', async (resource) => {
    const { cluster, server } = await serve();
    const { code, json } = await get(server, NEW_PATHS[resource]);
    expect(code).toBe(200);
    expect(json.kind).toBe(`${RESOURCES[resource].kind}List`);
    expect(json.items).toHaveLength(cluster.store.count(resource));
    const watched = await fetch(`${server.url}${NEW_PATHS[resource]}?watch=1&resourceVersion=${json.metadata.resourceVersion}`);
    expect(watched.status).toBe(200);
    await watched.body?.cancel();
  });

  test.each(NEW_RESOURCES)('%s: may be missing or forbidden', async (resource) => {
    const { cluster, server } = await serve();
    cluster.faults.withoutKind(resource);
    expect((await get(server, NEW_PATHS[resource])).code).toBe(404);
    cluster.faults.clear();
    cluster.faults.forbid('list', resource);
    expect((await get(server, NEW_PATHS[resource])).json).toMatchObject({ code: 403, details: { kind: resource } });
  });

  test('discovery names every resource under its group', async () => {
    const { server } = await serve();
    const namesAt = async (path: string): Promise<readonly string[]> =>
      (await get(server, path)).json.resources.map(({ name }: Body) => name);
    const found = await Promise.all(
      ['/api/v1', '/apis/coordination.k8s.io/v1', '/apis/kubevirt.io/v1', '/apis/metal.harvesterhci.io/v1alpha1', `/apis/${HARVESTER}`].map(
        namesAt,
      ),
    );
    expect(found.flat().sort()).toEqual([...RESOURCE_NAMES].sort());
  });

  test('one object by its name, and none by another', async () => {
    const { server } = await serve({ inventories: true });
    const path = '/apis/metal.harvesterhci.io/v1alpha1/namespaces/harvester-system/inventories';
    expect((await get(server, `${path}/harv-2`)).json).toMatchObject({ kind: 'Inventory', metadata: { name: 'harv-2' } });
    expect((await get(server, `${path}/harv-9`)).json.message).toBe('inventories.metal.harvesterhci.io "harv-9" not found');
  });
});
