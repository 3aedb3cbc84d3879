import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { MigrationStepName } from '../../simulator/migration-timeline.ts';
import { selectExpired } from '../../simulator/move.ts';
import type { KubeVirtVersion } from '../../simulator/traits.ts';
import type { Cluster, ClusterOptions } from '../../simulator/types.ts';

const VM = { namespace: 'default', name: 'ubuntu-web-1' };
const createStill = (options: ClusterOptions = {}): Cluster => createCluster({ clock: createVirtualClock(), runId: 'test', ...options });
const vmiOf = (cluster: Cluster, vm = VM) => cluster.get('virtualmachineinstances', vm.namespace, vm.name);
const vmimsOf = (cluster: Cluster) => cluster.list('virtualmachineinstancemigrations');

function expectSettled(cluster: Cluster, host: string | undefined): void {
  const vmi = vmiOf(cluster);
  expect(vmi?.status.nodeName).toBe(host);
  expect(Object.values(vmi?.status.activePods ?? {})).toEqual([host]);
  expect(Object.keys(vmi?.metadata.annotations ?? {}).filter((key) => key.startsWith('harvesterhci.io/migration'))).toEqual([]);
  expect(vmi?.metadata.labels?.['kubevirt.io/migrationTargetNodeName']).toBeUndefined();
  expect(cluster.get('virtualmachines', VM.namespace, VM.name)?.status.printableStatus).toBe('Running');
  expect(cluster.moves).toEqual([]);
}

describe('an abort', () => {
  const whole = (kubevirt: KubeVirtVersion): readonly MigrationStepName[] =>
    createStill({ kubevirt }).migrate({ ...VM, to: 'harv-2' }).remaining;
  const cases = (['1.5', '1.6'] as const).flatMap((kubevirt) => whole(kubevirt).map((name) => [name, kubevirt] as const));

  test.each(cases)('after %s (KubeVirt %s) ends clean, and leaves no VMIM', (name, kubevirt) => {
    const cluster = createStill({ kubevirt });
    const move = cluster.migrate({ ...VM, to: 'harv-2' });
    const from = move.from;
    move.stepTo(name);
    move.abort();
    const tooLate = cluster.get('virtualmachineinstances', VM.namespace, VM.name)?.status.migrationState?.endTimestamp !== undefined;
    move.finish();
    if (name !== 'VmTouchedCleared') expect(vmimsOf(cluster)).toEqual([]);
    expectSettled(cluster, tooLate ? 'harv-2' : from);
  });

  test('twice is once', () => {
    const cluster = createStill();
    const move = cluster.migrate(VM);
    move.stepTo('Running');
    move.abort();
    move.stepTo('Aborting');
    const remaining = [...move.remaining];
    move.abort();
    expect(move.remaining).toEqual(remaining);
  });
});

describe("KubeVirt's limits", () => {
  const migratable = (cluster: Cluster) =>
    cluster
      .list('virtualmachineinstances')
      .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }))
      .filter((vm) => cluster.refusalOf(vm) === null);

  test('a third migration away from a host stays Pending, and goes on when a slot is free', () => {
    const cluster = createStill({ vms: 30 });
    const here = migratable(cluster).filter((vm) => vmiOf(cluster, vm)?.status.nodeName === 'harv-1');
    const moves = here.slice(0, 3).map((vm) => cluster.migrate(vm));
    const [first, second, third] = moves;
    first?.stepTo('Running');
    second?.stepTo('Running');
    third?.stepTo('Pending');
    expect(third?.step()).toBeNull();
    expect(third?.waitingFor).toContain('2 of 2 outbound migrations of harv-1');
    expect(() => third?.finish()).toThrow('waits');
    first?.finish();
    expect(third?.step()?.name).toBe('PodCreated');
  });

  test('a sixth migration in the cluster stays Pending', () => {
    const cluster = createStill({ hosts: 6, vms: 60 });
    const perHost = new Map<string, number>();
    const spread = migratable(cluster).filter((vm) => {
      const host = vmiOf(cluster, vm)?.status.nodeName ?? '';
      perHost.set(host, (perHost.get(host) ?? 0) + 1);
      return perHost.get(host) === 1;
    });
    const moves = spread.slice(0, 6).map((vm) => cluster.migrate(vm));
    expect(moves).toHaveLength(6);
    for (const move of moves.slice(0, 5)) move.stepTo('Scheduling');
    const last = moves[5];
    last?.stepTo('Pending');
    expect(last?.step()).toBeNull();
    expect(last?.waitingFor).toContain('5 of 5 migrations of the cluster');
  });
});

describe('who may migrate', () => {
  test.each([
    ['not migratable', { namespace: 'default', name: 'render-gpu-1' }, 'HostDeviceNotLiveMigratable'],
    ['off', { namespace: 'default', name: 'debian-archive-1' }, 'does not exist'],
    ['unknown', { namespace: 'default', name: 'nobody' }, 'does not exist'],
  ])('%s', (_what, vm, message) => {
    expect(() => createStill().migrate(vm)).toThrow(message);
  });

  test('one at a time', () => {
    const cluster = createStill();
    cluster.migrate(VM).stepTo('Pending');
    expect(() => cluster.migrate(VM)).toThrow('in-flight migration detected');
  });

  test('the same name in another namespace is another VM', () => {
    const cluster = createStill();
    cluster.migrate(VM).stepTo('Running');
    const other = cluster.migrate({ namespace: 'staging', name: VM.name });
    other.finish();
    expect(vmiOf(cluster, { namespace: 'staging', name: VM.name })?.status.nodeName).toBe(other.to);
    expect(vmiOf(cluster)?.status.migrationState?.completed).toBeUndefined();
  });
});

test('a target that was cordoned meanwhile: the scheduler finds no room on it', () => {
  const cluster = createStill();
  const move = cluster.migrate({ ...VM, to: 'harv-2' });
  move.stepTo('Pending');
  cluster.cordon('harv-2');
  const names = move.finish().map(({ name }) => name);
  expect(names).toContain('Failed');
  expect(names).not.toContain('TargetPodScheduled');
  expectSettled(cluster, move.from);
});

test('a VM stopped in the middle: its VMIM fails, the move is over', () => {
  const cluster = createStill();
  const move = cluster.migrate(VM);
  move.stepTo('Running');
  cluster.stop(VM).finish();
  expect(move.finish().map(({ name }) => name)).toEqual(['Failed', 'FinalizerRemoved', 'VmTouchedCleared']);
  expect(vmiOf(cluster)).toBeUndefined();
  expect(cluster.get('virtualmachines', VM.namespace, VM.name)?.status.printableStatus).toBe('Stopped');
});

test('of finished VMIMs the newest five are kept', () => {
  const cluster = createStill();
  const names = Array.from({ length: 7 }, () => {
    const move = cluster.migrate(VM);
    move.finish();
    return move.vmimName;
  });
  expect(
    vmimsOf(cluster)
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(names.slice(2).sort());
});

test('expired are the oldest, by creation, then by version', () => {
  const at = (creationTimestamp: string, resourceVersion: string) => ({ metadata: { creationTimestamp, resourceVersion } });
  const oldest = at('2026-11-01T10:00:00Z', '900');
  const tied = at('2026-11-01T10:00:01Z', '99');
  const kept = ['100', '101', '102', '103', '104'].map((version) => at('2026-11-01T10:00:01Z', version));
  expect(selectExpired([oldest, ...kept, tied])).toEqual([tied, oldest]);
});

test('stepTo says what will still come', () => {
  const move = createStill().migrate(VM);
  move.stepTo('Switched');
  expect(() => move.stepTo('Pending')).toThrow('Pending will not come; the remaining steps are: VmRunning, Completed');
});

test('a played move is made by the clock alone', () => {
  const clock = createVirtualClock();
  const cluster = createCluster({ clock, runId: 'test' });
  const move = cluster.migrate(VM);
  move.play(10_000);
  clock.advance(5000);
  expect(move.done).toBe(false);
  expect(move.at).not.toBeNull();
  clock.advance(6000);
  expectSettled(cluster, move.to);
});

test('halt stops what plays', () => {
  const clock = createVirtualClock();
  const cluster = createCluster({ clock, runId: 'test' });
  cluster.migrate(VM).play();
  clock.advance(3000);
  cluster.halt();
  const { version } = cluster.store;
  clock.advance(60_000);
  expect(cluster.store.version).toBe(version);
});
