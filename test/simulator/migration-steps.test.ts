import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { MIGRATION_ROWS, type MigrationOutcome, type MigrationStepName } from '../../simulator/migration-timeline.ts';
import type { Cluster, StepReport } from '../../simulator/types.ts';

const VM = { namespace: 'default', name: 'ubuntu-web-1' };
/** The versions on both sides of KubeVirt's new order of updates. */
const VERSIONS = ['1.5', '1.6'] as const;
type Version = (typeof VERSIONS)[number];

const createStill = (kubevirt: Version = '1.6'): Cluster => createCluster({ kubevirt, clock: createVirtualClock(), runId: 'test' });
const vmiOf = (cluster: Cluster) => {
  const vmi = cluster.get('virtualmachineinstances', VM.namespace, VM.name);
  if (vmi === undefined) throw new Error('the VMI is gone');
  return vmi;
};
const vmimsOf = (cluster: Cluster) => cluster.list('virtualmachineinstancemigrations');
const namesOf = (reports: readonly StepReport<MigrationStepName>[]) => reports.map(({ name }) => name);
const otherHost = (cluster: Cluster): string => {
  const found = cluster.list('nodes').find(({ metadata }) => metadata.name !== vmiOf(cluster).status.nodeName);
  if (found === undefined) throw new Error('one host only');
  return found.metadata.name;
};

const BEGINNING: readonly MigrationStepName[] = [
  'TargetRequested',
  'Created',
  'HarvesterPending',
  'VmTouchedPending',
  'Pending',
  'PodCreated',
  'TargetPodCreated',
  'Scheduling',
  'HarvesterMigrating',
  'VmTouchedMigrating',
];
const PLACED: readonly MigrationStepName[] = ['PodPlaced', 'TargetPodScheduled', 'PodReady', 'Scheduled'];
const TO_RUNNING: readonly MigrationStepName[] = [
  ...BEGINNING,
  ...PLACED,
  'HandedOver',
  'PreparingTarget',
  'TargetAddressKnown',
  'TargetReady',
  'Started',
  'Running',
  'VmMigrating',
];
const ABORT: readonly MigrationStepName[] = ['AbortRequested', 'AbortConditionSet', 'HarvesterAborting', 'VmTouchedAborting'];
const CLEARED: readonly MigrationStepName[] = ['PodsSettled', 'HarvesterCleared', 'VmTouchedCleared'];
const MOVED: readonly MigrationStepName[] = ['SourcePodGone', ...CLEARED];
const STAYED: readonly MigrationStepName[] = ['TargetPodGone', ...CLEARED];
const ABORTED: readonly MigrationStepName[] = ['AbortReachedInstance', 'Aborting', 'Aborted'];
const ENDED: readonly MigrationStepName[] = ['Failed', 'StateCopied', 'FinalizerRemoved'];
const SWITCHED: Record<Version, readonly MigrationStepName[]> = {
  '1.5': ['SourceEnded', 'VmRunning', 'Switched'],
  '1.6': ['Switched', 'VmRunning', 'Completed'],
};
const SUCCEEDED: readonly MigrationStepName[] = ['TargetLabelRemoved', 'Succeeded', 'StateCopied', 'FinalizerRemoved', ...MOVED];

const COPIED: readonly MigrationStepName[] = ['TargetDomainDetected', 'TargetDomainReady'];
const EXPECTED: Record<MigrationOutcome, Record<Version, readonly MigrationStepName[]>> = {
  succeeded: inEach((version) => [...TO_RUNNING, ...COPIED, ...SWITCHED[version], ...SUCCEEDED]),
  failed: inEach(() => [...TO_RUNNING, 'TargetDomainDetected', 'SourceFailed', 'VmRunning', 'TargetLabelRemoved', ...ENDED, ...STAYED]),
  'failed-before-handoff': inEach(() => [...BEGINNING, ...PLACED, 'Failed', 'FinalizerRemoved', ...STAYED]),
  unschedulable: inEach(() => [...BEGINNING, 'PodUnschedulable', 'Failed', 'FinalizerRemoved', ...STAYED]),
  'target-pod-down': inEach(() => [
    ...TO_RUNNING.slice(0, TO_RUNNING.indexOf('Started')),
    'TargetPodGone',
    'TargetPodDown',
    'TargetLabelRemoved',
    ...ENDED,
    ...CLEARED,
  ]),
  lost: inEach(() => [...TO_RUNNING, ...COPIED, 'InstanceLost', 'VmLost', ...ENDED, ...STAYED]),
  aborted: inEach(() => [...TO_RUNNING, ...ABORT, ...ABORTED, 'VmRunning', 'TargetLabelRemoved', ...ENDED, ...STAYED]),
  'aborted-before-handoff': inEach(() => [
    ...BEGINNING,
    'PodPlaced',
    'TargetPodScheduled',
    ...ABORT,
    'Failed',
    'FinalizerRemoved',
    ...STAYED,
  ]),
  'abort-lost': inEach((version) => [
    ...TO_RUNNING,
    ...ABORT,
    'AbortReachedInstance',
    'AbortFailed',
    ...COPIED,
    ...SWITCHED[version],
    ...SUCCEEDED,
  ]),
};

function inEach(names: (version: Version) => readonly MigrationStepName[]): Record<Version, readonly MigrationStepName[]> {
  return { '1.5': names('1.5'), '1.6': names('1.6') };
}

const ALL = VERSIONS.flatMap((kubevirt) => (Object.keys(EXPECTED) as MigrationOutcome[]).map((outcome) => [outcome, kubevirt] as const));

describe('the order of updates', () => {
  test.each(ALL)('%s, KubeVirt %s', (outcome, kubevirt) => {
    const cluster = createStill(kubevirt);
    const reports = cluster.migrate({ ...VM, to: otherHost(cluster), outcome }).finish();
    expect(namesOf(reports)).toEqual(EXPECTED[outcome][kubevirt]);
    for (const { name, row } of reports) expect(row).toBe(MIGRATION_ROWS[name]);
  });

  test.each(ALL)('every step is one write (%s, KubeVirt %s)', (outcome, kubevirt) => {
    const cluster = createStill(kubevirt);
    const move = cluster.migrate({ ...VM, outcome });
    while (!move.done) {
      const before = cluster.store.version;
      const report = move.step();
      expect(report).not.toBeNull();
      expect(cluster.store.version).toBe(before + 1);
      if (report?.object !== undefined) expect(report.object.metadata.resourceVersion).toBe(String(before + 1));
    }
  });
});

describe('what the versions disagree on', () => {
  test('≥ 1.6: nodeName flips in the update that sets endTimestamp, before completed', () => {
    const cluster = createStill('1.6');
    const move = cluster.migrate(VM);
    move.stepTo('TargetDomainReady');
    expect(vmiOf(cluster).status.nodeName).toBe(move.from);
    move.step();
    const { nodeName, migrationState } = vmiOf(cluster).status;
    expect(nodeName).toBe(move.to);
    expect(migrationState?.endTimestamp).toBeDefined();
    expect(migrationState?.completed).toBeUndefined();
    expect(vmiOf(cluster).metadata.labels?.['kubevirt.io/nodeName']).toBe(move.to);
    move.stepTo('Completed');
    expect(vmiOf(cluster).status.migrationState?.completed).toBe(true);
  });

  test('≤ 1.5: completed is there while nodeName is still the source', () => {
    const cluster = createStill('1.5');
    const move = cluster.migrate(VM);
    move.stepTo('SourceEnded');
    expect(vmiOf(cluster).status.migrationState).toMatchObject({ completed: true });
    expect(vmiOf(cluster).status.nodeName).toBe(move.from);
    move.stepTo('Switched');
    expect(vmiOf(cluster).status.nodeName).toBe(move.to);
  });

  test('who asks for a host: addedNodeSelector from 1.6 on, the VMI itself before', () => {
    const newer = createStill('1.6');
    const to = otherHost(newer);
    newer.migrate({ ...VM, to }).stepTo('Created');
    expect(vmimsOf(newer)[0]?.spec.addedNodeSelector).toEqual({ 'kubernetes.io/hostname': to });
    expect(vmiOf(newer).spec.nodeSelector).toBeUndefined();
    expect(vmiOf(newer).metadata.annotations?.['harvesterhci.io/migrationTargetNodeName']).toBe(to);

    const older = createStill('1.5');
    const move = older.migrate({ ...VM, to });
    move.stepTo('HandedOver');
    expect(vmimsOf(older)[0]?.spec.addedNodeSelector).toBeUndefined();
    expect(vmiOf(older).spec.nodeSelector).toEqual({ 'kubernetes.io/hostname': to });
    expect(vmiOf(older).status.migrationState?.targetState).toBeUndefined();
    move.finish();
    expect(vmiOf(older).spec.nodeSelector).toBeUndefined();
  });

  test('a failure sets completed up to 1.5 only', () => {
    for (const kubevirt of VERSIONS) {
      const cluster = createStill(kubevirt);
      cluster.migrate({ ...VM, outcome: 'failed', failureReason: 'out of luck' }).finish();
      const { migrationState } = vmiOf(cluster).status;
      expect(migrationState).toMatchObject({ failed: true, failureReason: 'out of luck' });
      expect(migrationState?.completed).toBe(kubevirt === '1.5' ? true : undefined);
      expect(vmimsOf(cluster)[0]?.status).toMatchObject({ phase: 'Failed', migrationState: { failureReason: 'out of luck' } });
    }
  });
});

describe('the traps', () => {
  test('until the hand-off the VMI carries the previous migration, and the VMIM only sourcePod', () => {
    const cluster = createStill();
    const first = cluster.migrate(VM);
    first.finish();
    const before = vmiOf(cluster).status.migrationState;
    const second = cluster.migrate(VM);
    second.stepTo('Scheduled');
    expect(vmiOf(cluster).status.migrationState).toEqual(before);
    const running = cluster.get('virtualmachineinstancemigrations', VM.namespace, second.vmimName);
    expect(Object.keys(running?.status?.migrationState ?? {})).toEqual(['sourcePod']);
    expect(running?.status?.migrationState?.sourcePod).toBe(before?.targetPod);
    second.step();
    expect(vmiOf(cluster).status.migrationState?.migrationUid).toBe(running?.metadata.uid);
    expect(vmiOf(cluster).status.migrationState?.completed).toBeUndefined();
  });

  test.each(['failed-before-handoff', 'unschedulable', 'aborted-before-handoff'] as const)('%s never touches migrationState', (outcome) => {
    const cluster = createStill();
    const before = vmiOf(cluster);
    cluster.migrate({ ...VM, outcome }).finish();
    const { resourceVersion: _version, generation: _generation, ...metadata } = vmiOf(cluster).metadata;
    const { resourceVersion: _oldVersion, generation: _oldGeneration, ...oldMetadata } = before.metadata;
    expect(vmiOf(cluster).status).toEqual(before.status);
    expect(metadata).toEqual(oldMetadata);
  });

  test.each(['aborted', 'aborted-before-handoff'] as const)('%s leaves no VMIM', (outcome) => {
    const cluster = createStill();
    const move = cluster.migrate({ ...VM, outcome });
    move.stepTo('Failed');
    expect(vmimsOf(cluster)[0]?.metadata.deletionTimestamp).toBeDefined();
    move.finish();
    expect(vmimsOf(cluster)).toEqual([]);
    expect(vmiOf(cluster).status.nodeName).toBe(move.from);
  });
});

test('printableStatus is Migrating from the start of the copy to its end only', () => {
  const cluster = createStill();
  const move = cluster.migrate(VM);
  const seen = new Map<MigrationStepName, string | undefined>();
  while (!move.done) {
    const report = move.step();
    if (report !== null) seen.set(report.name, cluster.get('virtualmachines', VM.namespace, VM.name)?.status.printableStatus);
  }
  const migrating = [...seen].filter(([, status]) => status === 'Migrating').map(([name]) => name);
  expect(migrating).toEqual(['VmMigrating', 'TargetDomainDetected', 'TargetDomainReady', 'Switched']);
});
