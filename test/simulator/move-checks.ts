/** What must be true of each scenario in which a migration is the story. */
import { expect } from 'vitest';
import type { ScenarioName } from '../../simulator/scenarios/registry.ts';
import { conditionOf, type Story } from './scenario-story.ts';

export type Check = (story: Story) => void;

const IN_FLIGHT = ['Scheduling', 'Scheduled', 'PreparingTarget', 'TargetReady', 'Running'];
const SUCCESS = ['', 'Pending', ...IN_FLIGHT, 'Succeeded'];

const expectArrived = ({ subjects, vm, hostsOf, phasesOf }: Story): void => {
  expect(hostsOf(vm)).toEqual(subjects.hosts.slice(0, 2));
  expect(phasesOf(vm).at(-1)).toEqual(SUCCESS);
};
const expectStayed = ({ vm, host, hostsOf }: Story): void => expect(hostsOf(vm)).toEqual([host]);
const expectFailed = (story: Story, last: string): void => {
  expectStayed(story);
  const [phases = []] = story.phasesOf(story.vm).slice(-1);
  expect(phases.at(-1)).toBe('Failed');
  expect(phases.at(-2)).toBe(last);
};
const expectAborted = (story: Story, last: string): void => {
  expectFailed(story, last);
  expect(story.cluster.list('virtualmachineinstancemigrations').filter(({ spec }) => spec.vmiName === story.vm.name)).toEqual([]);
  expect(story.migrationsOf(story.vm).map(conditionOf('migrationAbortRequested'))).toEqual(['True']);
};
/** The target pod was not created before what held the migration was over. */
const expectHeldUntil = ({ reports, waited }: Story, end: string): void => {
  const names = reports.map(({ name }) => name);
  expect(names.indexOf('Pending')).toBeLessThan(names.indexOf(end));
  expect(names.indexOf(end)).toBeLessThan(names.indexOf('PodReady'));
  expect(waited).toBeGreaterThan(3);
};
const expectUntold = ({ vm, seen }: Story): void => expect(seen(vm, ({ status }) => status.migrationState)).toHaveLength(1);

/** The most migrations that had a target pod at one time. */
function countMostAtOnce({ reports }: Story): number {
  const running = new Set<string>();
  let most = 0;
  for (const { object } of reports) {
    if (object?.kind !== 'VirtualMachineInstanceMigration') continue;
    if (IN_FLIGHT.includes(object.status?.phase ?? '')) running.add(object.metadata.uid);
    else running.delete(object.metadata.uid);
    most = Math.max(most, running.size);
  }
  return most;
}

export const MOVE_CHECKS = {
  move: (story) => {
    expectArrived(story);
    expect(story.vmi(story.vm)?.status.migrationState).toMatchObject({ completed: true, mode: 'PreCopy' });
  },
  'move-to-host': (story) => {
    expectArrived(story);
    const [, to] = story.subjects.hosts;
    const pin = { 'kubernetes.io/hostname': to };
    const { hasAddedNodeSelector } = story.cluster.traits;
    expect(story.migrationsOf(story.vm)[0]?.spec.addedNodeSelector).toEqual(hasAddedNodeSelector ? pin : undefined);
    expect(story.seen(story.vm, ({ spec }) => spec.nodeSelector)).toEqual(hasAddedNodeSelector ? [undefined] : [undefined, pin, undefined]);
  },
  'move-elsewhere': (story) => {
    expectArrived(story);
    const [, landed, asked] = story.subjects.hosts;
    expect(asked).not.toBe(landed);
    const notes = story.seen(story.vm, ({ metadata }) => metadata.annotations?.['harvesterhci.io/migrationTargetNodeName']);
    expect(notes).toEqual([undefined, asked, undefined]);
    expect(story.migrationsOf(story.vm)[0]?.spec.addedNodeSelector).toBeUndefined();
  },
  'same-names': ({ subjects, hostsOf }) => {
    const [one, other] = subjects.vms.map((vm) => hostsOf(vm));
    expect(subjects.vms.map(({ name }) => name)).toEqual(['ubuntu-web-1', 'ubuntu-web-1']);
    expect(one).toEqual([...(other ?? [])].reverse());
  },
  'second-refused': (story) => {
    const [first, second] = story.phasesOf(story.vm);
    expect(first).toEqual(SUCCESS);
    expect(second).toEqual(['', 'Failed']);
    expect(story.hostsOf(story.vm)).toEqual(story.subjects.hosts);
  },
  collected: ({ cluster, vm, reports, phasesOf }) => {
    expect(reports.filter(({ name }) => name === 'Collected').length).toBeGreaterThan(0);
    expect(phasesOf(vm)).toHaveLength(6);
    expect(cluster.list('virtualmachineinstancemigrations').filter(({ spec }) => spec.vmiName === vm.name)).toHaveLength(5);
  },
  'vmim-removed': (story) => {
    expect(story.hostsOf(story.vm)).toEqual(story.subjects.hosts);
    expect(story.phasesOf(story.vm).map((phases) => phases.at(-1))).toEqual(['Running']);
    expect(story.vmi(story.vm)?.status.migrationState?.completed).toBe(true);
    expect(story.reports.filter(({ name }) => name === 'VmimRemoved')).toHaveLength(1);
  },
  'fail-before-handoff': (story) => {
    expectFailed(story, 'Scheduled');
    expectUntold(story);
  },
  'fail-unschedulable': (story) => {
    expectFailed(story, 'Scheduling');
    expectUntold(story);
    const pod = story.reports.find(({ name }) => name === 'PodUnschedulable')?.object;
    const message = pod?.kind === 'Pod' ? pod.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message : undefined;
    expect(message).toMatch(/^0\/3 nodes are available: .*1 Insufficient memory/);
    expect(story.cluster.list('pods').filter(({ status }) => status.phase === 'Pending')).toEqual([]);
  },
  'fail-quota': (story) => {
    expectArrived(story);
    const [vmim] = story.migrationsOf(story.vm);
    const ref = { ...story.vm, name: vmim?.metadata.name ?? '' };
    const told = story.values('virtualmachineinstancemigrations', ref, conditionOf('migrationRejectedByResourceQuota'));
    expect(told).toEqual(['-', 'True', '-']);
    expectHeldUntil(story, 'QuotaRaised');
  },
  'fail-transfer': (story) => {
    expectFailed(story, 'Running');
    const state = story.vmi(story.vm)?.status.migrationState;
    expect(state).toMatchObject({ failed: true, failureReason: expect.stringContaining('MigrateToURI3') });
    expect(state?.completed).toBe(story.cluster.traits.completesFailed ? true : undefined);
  },
  'copy-long': (story) => {
    expectArrived(story);
    expect(story.waited).toBeGreaterThanOrEqual(45);
  },
  'copy-stuck': (story) => {
    expectFailed(story, 'Running');
    expect(story.waited).toBeGreaterThanOrEqual(150);
    expect(story.vmi(story.vm)?.status.migrationState?.failureReason).toBe('Live migration stuck for 150 seconds and has been aborted');
  },
  'fail-target-pod': (story) => {
    expectFailed(story, 'TargetReady');
    const state = story.vmi(story.vm)?.status.migrationState;
    expect(state).toMatchObject({ failed: true, completed: true, startTimestamp: state?.endTimestamp });
    expect(state?.failureReason).toBe(story.cluster.traits.persistsTargetPodDown ? 'Target pod is down' : undefined);
  },
  'failed-without-completed': (story) => {
    expectFailed(story, 'Running');
    expect(story.vmi(story.vm)?.status.migrationState).toMatchObject({ failed: true });
    expect(story.vmi(story.vm)?.status.migrationState).not.toHaveProperty('completed');
  },
  'same-host': (story) => {
    expectFailed(story, 'PreparingTarget');
    expect(story.vmi(story.vm)?.status.migrationState).toMatchObject({ sourceNode: story.host, targetNode: story.host });
    expect(story.waited).toBeGreaterThan(4);
  },
  'abort-queued': (story) => {
    expectAborted(story, 'Pending');
    expectUntold(story);
  },
  'abort-scheduling': (story) => {
    expectAborted(story, 'Scheduling');
    expectUntold(story);
  },
  'abort-preparing': (story) => {
    expectAborted(story, 'PreparingTarget');
    expect(story.vmi(story.vm)?.status.migrationState).toMatchObject({ abortStatus: 'Succeeded', failed: true });
  },
  'abort-transferring': (story) => {
    expectAborted(story, 'Running');
    expect(story.vmi(story.vm)?.status.migrationState).toMatchObject({ abortStatus: 'Succeeded', failed: true });
    expect(story.seen(story.vm, ({ status }) => status.migrationState?.abortStatus)).toContain('Aborting');
  },
  'abort-too-late': (story) => {
    expectArrived(story);
    expect(story.vmi(story.vm)?.status.migrationState).toMatchObject({ abortRequested: true, abortStatus: 'Failed', completed: true });
    expect(story.cluster.list('virtualmachineinstancemigrations')).toEqual([]);
  },
  'queue-cluster-limit': (story) => {
    expect(story.subjects.vms).toHaveLength(7);
    expect(countMostAtOnce(story)).toBe(5);
    for (const vm of story.subjects.vms) expect(story.phasesOf(vm)).toEqual([SUCCESS]);
  },
  'queue-host-limit': (story) => {
    expect(new Set(story.subjects.vms.map((vm) => story.hostsOf(vm)[0]))).toEqual(new Set([story.host]));
    expect(story.subjects.vms).toHaveLength(3);
    expect(countMostAtOnce(story)).toBe(2);
    for (const vm of story.subjects.vms) expect(story.phasesOf(vm)).toEqual([SUCCESS]);
  },
  'queue-backup': (story) => {
    expectArrived(story);
    const blocked = story.reports.find(({ name }) => name === 'BlockedByBackup')?.object;
    expect(blocked).toMatchObject({ status: { phase: 'Pending' } });
    expect(story.migrationsOf(story.vm).map(conditionOf('migrationBlockedByBackup'))).toEqual(['-']);
    expectHeldUntil(story, 'BackupCompleted');
  },
  'stale-active-pods': (story) => {
    expectArrived(story);
    expectHeldUntil(story, 'PodForgotten');
  },
} as const satisfies Partial<Record<ScenarioName, Check>>;
