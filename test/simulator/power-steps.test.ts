import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Change, Cluster } from '../../simulator/types.ts';

const VM = { namespace: 'default', name: 'ubuntu-web-1' };
const OFF = { namespace: 'default', name: 'debian-archive-1' };
const createStill = (): Cluster => createCluster({ clock: createVirtualClock(), runId: 'test' });
const vmOf = (cluster: Cluster, vm = VM) => cluster.get('virtualmachines', vm.namespace, vm.name);
const vmiOf = (cluster: Cluster, vm = VM) => cluster.get('virtualmachineinstances', vm.namespace, vm.name);

const START = [
  'InstanceCreated',
  'VmStarting',
  'InstancePending',
  'PodCreated',
  'InstanceScheduling',
  'PodPlaced',
  'InstancePlaced',
  'PodReady',
  'InstanceScheduled',
  'InstanceRunning',
  'VmRunning',
  'AgentConnected',
];
const STOP = ['InstanceDeleted', 'VmStopping', 'InstanceSucceeded', 'PodGone', 'InstanceGone'];

describe('the order of updates', () => {
  const cases: readonly (readonly [string, (cluster: Cluster) => Change, readonly string[]])[] = [
    ['start', (cluster) => cluster.start(OFF), ['StartRequested', ...START]],
    ['stop', (cluster) => cluster.stop(VM), ['StopRequested', ...STOP, 'VmStopped']],
    ['restart', (cluster) => cluster.restart(VM), ['RestartRequested', ...STOP, ...START]],
    ['pause', (cluster) => cluster.pause(VM), ['InstancePaused', 'VmPaused']],
    ['unpause', (cluster) => cluster.unpause({ namespace: 'default', name: 'fedora-jump-1' }), ['InstanceUnpaused', 'VmUnpaused']],
    ['create', (cluster) => cluster.createVm({ namespace: 'default', name: 'new-1' }), ['VmCreated', ...START]],
    ['create off', (cluster) => cluster.createVm({ namespace: 'default', name: 'new-1', runStrategy: 'Halted' }), ['VmCreated']],
    [
      'delete',
      (cluster) => cluster.deleteVm(VM),
      ['VmDeleted', 'VmTerminating', 'InstanceDeleted', 'InstanceSucceeded', 'PodGone', 'InstanceGone', 'VmGone'],
    ],
    ['delete what is off', (cluster) => cluster.deleteVm(OFF), ['VmDeleted', 'VmTerminating', 'VmGone']],
  ];
  test.each(cases)('%s', (_what, begin, expected) => {
    const change = begin(createStill());
    expect(change.finish().map(({ name }) => name)).toEqual(expected);
    expect(change.done).toBe(true);
  });
});

test('a restarted VM has the same name and another uid, and no node until it is scheduled', () => {
  const cluster = createStill();
  const before = vmiOf(cluster);
  const change = cluster.restart(VM);
  const nodes: (string | undefined)[] = [];
  const podNodes: (readonly string[])[] = [];
  while (!change.done) {
    const report = change.step();
    if (report?.object?.kind === 'VirtualMachineInstance' && report.object.metadata.uid !== before?.metadata.uid) {
      nodes.push(report.object.status.nodeName);
      podNodes.push(Object.values(report.object.status.activePods ?? {}));
    }
  }
  const after = vmiOf(cluster);
  expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
  expect(after?.metadata.ownerReferences?.[0]?.uid).toBe(vmOf(cluster)?.metadata.uid);
  const host = after?.status.nodeName ?? '';
  expect(nodes.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
  expect(nodes.slice(4).every((node) => node === host)).toBe(true);
  // Where the pod is stands there before nodeName does.
  expect(podNodes.slice(0, 5)).toEqual([[], [], [''], [host], [host]]);
  expect(vmOf(cluster)?.status.printableStatus).toBe('Running');
  expect(vmOf(cluster)?.status.stateChangeRequests).toBeUndefined();
});

test('a paused VM says so on both objects, and by whom', () => {
  const cluster = createStill();
  cluster.pause(VM).finish();
  expect(vmiOf(cluster)?.status.conditions).toContainEqual(
    expect.objectContaining({ type: 'Paused', status: 'True', reason: 'PausedByUser' }),
  );
  expect(vmOf(cluster)?.status.printableStatus).toBe('Paused');
  cluster.unpause(VM).finish();
  expect(vmiOf(cluster)?.status.conditions?.some(({ type }) => type === 'Paused')).toBe(false);
  expect(vmOf(cluster)?.status.printableStatus).toBe('Running');
});

test('without a host that has room a start waits in Scheduling', () => {
  const cluster = createStill();
  for (const { metadata } of cluster.list('nodes')) cluster.cordon(metadata.name);
  const change = cluster.start(OFF);
  expect(() => change.finish()).toThrow('no host has room for default/debian-archive-1');
  expect(vmiOf(cluster, OFF)?.status).toMatchObject({ phase: 'Scheduling' });
  expect(vmiOf(cluster, OFF)?.status.nodeName).toBeUndefined();
  cluster.uncordon('harv-2');
  change.finish();
  expect(vmiOf(cluster, OFF)?.status.nodeName).toBe('harv-2');
});

test('a VM is changed by one change at a time', () => {
  const cluster = createStill();
  cluster.stop(VM).step();
  expect(() => cluster.restart(VM)).toThrow('already changing');
});

test('a new VM starts where it was told to', () => {
  const cluster = createStill();
  cluster.createVm({ namespace: 'staging', name: 'new-1', host: 'harv-3', os: 'debian', memoryGiB: 1 }).finish();
  expect(vmiOf(cluster, { namespace: 'staging', name: 'new-1' })?.status).toMatchObject({
    nodeName: 'harv-3',
    guestOSInfo: { id: 'debian' },
  });
});
