import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { selectGuests } from '../../simulator/evacuation.ts';
import type { Cluster, ClusterOptions } from '../../simulator/types.ts';

const GPU = { namespace: 'default', name: 'render-gpu-1' };
const MAINTAIN = 'harvesterhci.io/maintain-status';
const createStill = (options: ClusterOptions = {}): Cluster => createCluster({ clock: createVirtualClock(), runId: 'test', ...options });
const nodeOf = (cluster: Cluster, host: string) => cluster.get('nodes', undefined, host);
const hostOf = (cluster: Cluster, vm = GPU): string => cluster.get('virtualmachineinstances', vm.namespace, vm.name)?.status.nodeName ?? '';

describe('a drain', () => {
  test('goes: requested, cordoned, everybody out, running, completed', () => {
    const cluster = createStill({ vms: 24 });
    const host = 'harv-1';
    const drain = cluster.drain(host);
    const names = drain.finish().map(({ name }) => name);
    const order = ['DrainRequested', 'Cordoned', 'EvictionMarked', 'Created', 'Switched', 'MaintenanceRunning', 'MaintenanceCompleted'];
    expect(names.filter((name, index) => order.includes(name) && names.indexOf(name) === index)).toEqual(order);
    expect(drain.state).toBe('completed');
    expect(nodeOf(cluster, host)).toMatchObject({ metadata: { annotations: { [MAINTAIN]: 'completed' } }, spec: { unschedulable: true } });
    expect(selectGuests(cluster.list('virtualmachineinstances'), host)).toEqual([]);
    expect(cluster.list('virtualmachineinstances').filter(({ status }) => status.evacuationNodeName !== undefined)).toEqual([]);
  });

  test('its migrations carry the evacuation mark, two at a time', () => {
    const cluster = createStill({ vms: 24 });
    const drain = cluster.drain('harv-1');
    let most = 0;
    while (drain.state !== 'completed') {
      drain.step();
      most = Math.max(most, drain.moves.length);
    }
    expect(most).toBe(2);
    const vmims = cluster.list('virtualmachineinstancemigrations');
    expect(vmims.length).toBeGreaterThan(0);
    for (const { metadata } of vmims) {
      expect(metadata.name).toMatch(/^kubevirt-evacuation-/);
      expect(metadata.annotations?.['kubevirt.io/evacuationMigration']).toBe('harv-1');
    }
  });

  test('a VM that waits to leave has no VMIM, only evacuationNodeName (KubeVirt ≤ 1.8)', () => {
    const cluster = createStill({ vms: 24 });
    const drain = cluster.drain('harv-1');
    while (drain.moves.length < 2) drain.step();
    const marked = cluster.list('virtualmachineinstances').filter(({ status }) => status.evacuationNodeName === 'harv-1');
    expect(marked.length).toBeGreaterThan(2);
    expect(cluster.list('virtualmachineinstancemigrations').length).toBeLessThanOrEqual(2);
  });

  test('shuts down what cannot move but may, and starts it again afterwards', () => {
    const cluster = createStill();
    const host = hostOf(cluster);
    cluster.drain(host).finish();
    expect(cluster.get('virtualmachineinstances', GPU.namespace, GPU.name)).toBeUndefined();
    expect(cluster.get('virtualmachines', GPU.namespace, GPU.name)?.metadata.annotations).toMatchObject({
      'harvesterhci.io/maintain-mode-strategy-node-name': host,
    });
    const changes = cluster.endMaintenance(host);
    expect(changes.map(({ name }) => name)).toEqual([GPU.name]);
    for (const change of changes) change.finish();
    expect(hostOf(cluster)).not.toBe('');
    expect(nodeOf(cluster, host)?.spec).not.toHaveProperty('unschedulable');
    expect(nodeOf(cluster, host)?.metadata.annotations).not.toHaveProperty(MAINTAIN);
  });

  test('refuses where a VM can neither move nor be shut down, unless forced', () => {
    const cluster = createStill();
    const host = hostOf(cluster);
    const vmi = cluster.get('virtualmachineinstances', GPU.namespace, GPU.name);
    if (vmi === undefined) throw new Error('the VMI is gone');
    cluster.store.update('virtualmachineinstances', { ...vmi, metadata: { ...vmi.metadata, labels: {} } });
    const refused = cluster.drain(host);
    expect(refused.finish().map(({ name }) => name)).toEqual(['DrainRequested', 'DrainRefused']);
    expect(refused.state).toBe('refused');
    expect(nodeOf(cluster, host)?.spec.unschedulable).toBeUndefined();
    const forced = cluster.drain(host, { force: true });
    forced.finish();
    expect(forced.state).toBe('completed');
  });

  test('tries again after a failed evacuation', () => {
    const clock = createVirtualClock();
    const cluster = createCluster({ clock, runId: 'test' });
    const drain = cluster.drain('harv-1');
    let count = 0;
    drain.play(() => {
      count += 1;
      return count === 1 ? 'failed' : 'succeeded';
    });
    for (let second = 0; second < 600 && drain.state !== 'completed'; second += 1) clock.advance(1000);
    expect(drain.state).toBe('completed');
    const phases = cluster.list('virtualmachineinstancemigrations').map(({ status }) => status?.phase);
    expect(phases).toContain('Failed');
    expect(phases).toContain('Succeeded');
  });

  test('ended early takes its marks back', () => {
    const cluster = createStill({ vms: 24 });
    const drain = cluster.drain('harv-1');
    while (drain.moves.length < 2) drain.step();
    cluster.endMaintenance('harv-1');
    expect(drain.state).toBe('cancelled');
    expect(drain.step()).toBeNull();
    expect(cluster.list('virtualmachineinstances').filter(({ status }) => status.evacuationNodeName !== undefined)).toEqual([]);
  });
});

describe('an evacuation', () => {
  test.each([true, false])('without Harvester: everybody who can move leaves; evicted: %s', (evicts) => {
    const cluster = createStill();
    const host = hostOf(cluster);
    cluster.cordon(host);
    const names = new Set<string>();
    const evacuation = cluster.evacuate(host, { evicts });
    while (!evacuation.done) names.add(evacuation.step()?.name ?? '');
    expect(names.has('EvictionMarked')).toBe(evicts);
    expect(cluster.moves).toEqual([]);
    expect(selectGuests(cluster.list('virtualmachineinstances'), host).map(({ metadata }) => metadata.name)).toEqual([GPU.name]);
    expect(nodeOf(cluster, host)?.metadata.annotations).not.toHaveProperty('harvesterhci.io/drain-requested');
  });

  test('takes no more than the free slots, also those of others (KubeVirt ≤ 1.8)', () => {
    const cluster = createStill({ vms: 24, parallelMigrationsPerCluster: 3 });
    const elsewhere = cluster
      .list('virtualmachineinstances')
      .filter(({ status, spec }) => status.nodeName === 'harv-2' && spec.domain.devices.hostDevices === undefined);
    for (const { metadata } of elsewhere.slice(0, 2))
      cluster.migrate({ namespace: metadata.namespace ?? '', name: metadata.name }).stepTo('PodCreated');
    const evacuation = cluster.evacuate('harv-1');
    let most = 0;
    for (let turn = 0; turn < 60; turn += 1) {
      evacuation.step();
      most = Math.max(most, cluster.moves.filter(({ from }) => from === 'harv-1').length);
    }
    expect(most).toBe(1);
  });
});

describe('a host', () => {
  test('that is not ready takes Ready from its VMIs, whose phase stays Running', () => {
    const cluster = createStill();
    const readyOf = () =>
      selectGuests(cluster.list('virtualmachineinstances'), 'harv-1').map(
        ({ status }) => `${status.phase} ${status.conditions?.find(({ type }) => type === 'Ready')?.status}`,
      );
    cluster.setHostReady('harv-1', 'Unknown');
    expect(nodeOf(cluster, 'harv-1')?.status.conditions.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
    });
    expect(nodeOf(cluster, 'harv-1')?.spec.taints).toMatchObject([{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }]);
    expect(new Set(readyOf())).toEqual(new Set(['Running False']));
    cluster.setHostReady('harv-1', 'False');
    expect(nodeOf(cluster, 'harv-1')?.spec.taints).toMatchObject([{ key: 'node.kubernetes.io/not-ready' }]);
    cluster.setHostReady('harv-1', 'True');
    expect(new Set(readyOf())).toEqual(new Set(['Running True']));
    expect(nodeOf(cluster, 'harv-1')?.spec.taints).toBeUndefined();
  });

  test('that is silent takes nothing from a guest that is on its way to it, and gives nothing to a pod that does not run', () => {
    const cluster = createStill();
    const vm = { namespace: 'default', name: 'ubuntu-web-1' };
    const from = hostOf(cluster, vm);
    const to = from === 'harv-1' ? 'harv-2' : 'harv-1';
    const move = cluster.migrate({ ...vm, to });
    move.stepTo('TargetPodScheduled');
    const vmi = cluster.get('virtualmachineinstances', vm.namespace, vm.name);
    const targetPod = () => cluster.list('pods').find(({ spec, status }) => spec.nodeName === to && status.phase === 'Pending');
    const before = targetPod();
    expect(before).toBeDefined();
    cluster.setHostReady(to, 'Unknown');
    cluster.setHostReady(to, 'True');
    expect(cluster.get('virtualmachineinstances', vm.namespace, vm.name)).toBe(vmi);
    expect(targetPod()).toBe(before);
  });

  test('cordoned and uncordoned is as before', () => {
    const cluster = createStill();
    const before = nodeOf(cluster, 'harv-2')?.spec;
    cluster.cordon('harv-2');
    expect(nodeOf(cluster, 'harv-2')?.spec).toMatchObject({ unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable' }] });
    cluster.uncordon('harv-2');
    expect(nodeOf(cluster, 'harv-2')?.spec).toEqual(before);
  });

  test('that does not exist is named', () => {
    expect(() => createStill().cordon('harv-9')).toThrow('No host harv-9; there are harv-1, harv-2, harv-3');
  });
});
