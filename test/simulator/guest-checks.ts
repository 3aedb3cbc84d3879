/** What must be true of each scenario in which something happens to a guest, or KubeVirt moves it of its own accord. */
import { expect } from 'vitest';
import type { VirtualMachine } from '../../simulator/objects.ts';
import type { ScenarioName } from '../../simulator/scenarios/registry.ts';
import type { VmRef } from '../../simulator/types.ts';
import type { Check } from './move-checks.ts';
import { conditionOf, type Story } from './scenario-story.ts';

const uidsOf = ({ seen }: Story, vm: VmRef) => seen(vm, ({ metadata }) => metadata.uid);
const printablesOf = ({ values, vm }: Story) => values('virtualmachines', vm, ({ status }) => status.printableStatus);
const modesOf = ({ seen, vm }: Story) => seen(vm, ({ status }) => status.migrationState?.mode);
const claimOf = (vm: VirtualMachine | undefined): unknown => vm?.spec.template.spec.volumes.find(({ name }) => name === 'disk-0');
const outcomesOf = ({ phasesOf, vm }: Story) => phasesOf(vm).map((phases) => phases.at(-1));
const vmOf = ({ cluster, vm }: Story) => cluster.get('virtualmachines', vm.namespace, vm.name);

/** The migration that nobody asked for was Running for as long as the guest was not adjusted. */
function expectPlugged(story: Story, type: string): void {
  expect(story.hostsOf(story.vm)).toEqual(story.subjects.hosts);
  expect(story.seen(story.vm, conditionOf(type))).toEqual(['-', 'True', '-']);
  const adjusted = story.reports.findIndex(({ name }) => name.endsWith('Adjusted'));
  const phases = story.reports
    .slice(0, adjusted)
    .flatMap(({ object }) => (object?.kind === 'VirtualMachineInstanceMigration' ? [object] : []));
  expect(phases.at(-1)?.status?.phase).toBe('Running');
  const [vmim] = story.migrationsOf(story.vm);
  expect(vmim?.metadata.name).toMatch(/^kubevirt-workload-update-/);
  expect(vmim?.spec.priority).toBe(story.cluster.traits.hasPriority ? 'user-triggered' : undefined);
}

export const GUEST_CHECKS = {
  'post-copy': (story) => {
    expect(modesOf(story)).toContain('PostCopy');
    expect(story.hostsOf(story.vm)).toEqual(story.subjects.hosts);
  },
  'post-copy-lost': (story) => {
    expect(modesOf(story)).toContain('PostCopy');
    expect(story.seen(story.vm, ({ status }) => status.phase)).toContain('Failed');
    expect(uidsOf(story, story.vm)).toHaveLength(2);
    expect(story.vmi(story.vm)?.status.phase).toBe('Running');
    expect(outcomesOf(story)).toEqual(['Failed']);
  },
  'paused-to-finish': (story) => {
    expect(modesOf(story)).toContain('Paused');
    expect(story.seen(story.vm, conditionOf('Paused'))).toEqual(['-', 'True PausedByMigrationMonitor', '-']);
    expect(story.hostsOf(story.vm)).toEqual(story.subjects.hosts);
    expect(printablesOf(story)).not.toContain('Paused');
  },
  'user-pause': (story) => {
    expect(story.seen(story.vm, conditionOf('Paused'))).toEqual(['-', 'True PausedByUser', '-']);
    expect(printablesOf(story)).toEqual(['Running', 'Paused', 'Running']);
  },
  'io-error': (story) => {
    expect(story.seen(story.vm, conditionOf('Paused'))).toEqual(['-', 'True PausedIOError', '-']);
    expect(printablesOf(story)).toEqual(['Running', 'Paused', 'Running']);
  },
  'restart-elsewhere': (story) => {
    expect(uidsOf(story, story.vm)).toHaveLength(2);
    const [from, to] = story.subjects.hosts;
    expect(story.hostsOf(story.vm)).toEqual([from, '-', to]);
  },
  'stop-start': (story) => {
    expect(uidsOf(story, story.vm)).toHaveLength(2);
    expect(printablesOf(story)).toEqual(['Running', 'Stopping', 'Stopped', 'Starting', 'Running']);
  },
  delete: (story) => {
    expect(vmOf(story)).toBeUndefined();
    expect(story.vmi(story.vm)).toBeUndefined();
    expect(story.cluster.list('pods').filter(({ metadata }) => metadata.name.includes(story.vm.name))).toEqual([]);
  },
  'vmi-without-vm': (story) => {
    expect(story.seen(story.vm, ({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);
    expect(story.hostsOf(story.vm).filter((host) => host !== '-')).toHaveLength(2);
    expect(story.vmi(story.vm)).toBeUndefined();
    expect(vmOf(story)).toBeUndefined();
  },
  'start-unschedulable': (story) => {
    expect(vmOf(story)?.status.printableStatus).toBe('ErrorUnschedulable');
    expect(story.seen(story.vm, conditionOf('PodScheduled')).at(-1)).toBe('False Unschedulable');
    expect(story.hostsOf(story.vm)).toEqual(['-']);
  },
  'restore-backup': (story) => {
    const [restore] = story.cluster.list('virtualmachinerestores');
    expect(restore).toMatchObject({ spec: { target: { name: story.vm.name } }, status: { complete: true } });
    expect(vmOf(story)?.metadata.annotations?.['restore.harvesterhci.io/name']).toBe(restore?.metadata.name);
    expect(story.vmi(story.vm)?.status.phase).toBe('Running');
    const names = story.reports.map(({ name }) => name);
    expect(names.indexOf('RestoreCompleted')).toBeLessThan(names.indexOf('StartRequested'));
  },
  'clone-failed': (story) => {
    const key = 'harvesterhci.io/clone-backend-storage-status';
    expect(story.values('virtualmachines', story.vm, ({ metadata }) => metadata.annotations?.[key])).toEqual([
      undefined,
      'cloning',
      'failed',
    ]);
  },
  'crash-loop': (story) => {
    expect(uidsOf(story, story.vm)).toHaveLength(4);
    expect(printablesOf(story).filter((status) => status === 'CrashLoopBackOff')).toHaveLength(3);
    expect(vmOf(story)?.status).toMatchObject({ printableStatus: 'Running' });
    expect(vmOf(story)?.status).not.toHaveProperty('startFailure');
  },
  'hotplug-cpu': (story) => {
    expectPlugged(story, 'HotVCPUChange');
    expect(story.vmi(story.vm)).toMatchObject({
      spec: { domain: { cpu: { sockets: 2 } } },
      status: { currentCPUTopology: { sockets: 2 } },
    });
  },
  'hotplug-memory': (story) => {
    expectPlugged(story, 'HotMemoryChange');
    expect(story.vmi(story.vm)?.status.memory).toMatchObject({ guestRequested: '6Gi', guestCurrent: '6Gi' });
  },
  'storage-migration': (story) => {
    expect(story.hostsOf(story.vm)).toEqual(story.subjects.hosts);
    expect(story.seen(story.vm, conditionOf('VolumesChange'))).toEqual(['-', 'True', '-']);
    expect(story.seen(story.vm, ({ status }) => status.migratedVolumes?.length)).toEqual([undefined, 1, undefined]);
    expect(vmOf(story)?.spec.updateVolumesStrategy).toBe('Migration');
    expect(claimOf(vmOf(story))).toMatchObject({ persistentVolumeClaim: { claimName: 'ubuntu-db-1-disk-0-fast' } });
    expect(story.migrationsOf(story.vm)[0]?.metadata.labels).toMatchObject({ 'kubevirt.io/volume-update-migration': story.vm.name });
  },
  'storage-loop': (story) => {
    expect(outcomesOf(story)).toEqual(['Failed', 'Failed', 'Failed', 'Failed', 'Succeeded']);
    expect(story.hostsOf(story.vm)).toHaveLength(2);
  },
  'manual-recovery': (story) => {
    expect(outcomesOf(story)).toEqual(['Failed']);
    expect(story.values('virtualmachines', story.vm, conditionOf('ManualRecoveryRequired')).at(-1)).toMatch(/^True/);
    expect(story.vmi(story.vm)?.status.migrationState?.targetNodeDomainReadyTimestamp).toBeDefined();
    expect(story.vmi(story.vm)?.status.nodeName).toBe(story.host);
  },
  'kubevirt-upgrade': (story) => {
    expect(story.subjects.vms).toHaveLength(3);
    for (const vm of story.subjects.vms) {
      expect(story.seen(vm, ({ metadata }) => metadata.labels?.['kubevirt.io/outdatedLauncherImage'])).toEqual([undefined, '', undefined]);
      const priorities = story.migrationsOf(vm).map(({ spec }) => spec.priority);
      expect(priorities).toEqual([story.cluster.traits.hasPriority ? 'system-critical' : undefined]);
    }
    const kubevirt = { namespace: 'harvester-system', name: 'kubevirt' };
    expect(story.values('kubevirts', kubevirt, ({ status }) => status.phase)).toEqual(['Deployed', 'Deploying', 'Deployed']);
  },
  'cross-cluster-out': (story) => {
    const [from, peerNode] = story.subjects.hosts;
    expect(story.hostsOf(story.vm)).toEqual([from, '-']);
    expect(story.phasesOf(story.vm)).toEqual([
      ['', 'Synchronizing', 'Pending', 'Scheduling', 'Scheduled', 'PreparingTarget', 'TargetReady', 'Running', 'Succeeded'],
    ]);
    expect(story.seen(story.vm, ({ status }) => status.phase)).toEqual(['Running', 'Succeeded']);
    const state = story.migrationsOf(story.vm)[0]?.status?.migrationState;
    expect(state?.targetState?.node).toBe(peerNode);
    expect(state?.targetState?.virtualMachineInstanceUID).not.toBe(state?.sourceState?.virtualMachineInstanceUID);
    expect(state?.targetState?.migrationUID).not.toBe(state?.migrationUid);
    expect(vmOf(story)).toMatchObject({ spec: { runStrategy: 'Halted' }, status: { printableStatus: 'Stopped' } });
  },
  'cross-cluster-out-failed': (story) => {
    expect(story.hostsOf(story.vm)).toEqual([story.host]);
    expect(outcomesOf(story)).toEqual(['Failed']);
    expect(story.vmi(story.vm)?.status).toMatchObject({ phase: 'Running', migrationState: { failed: true } });
    expect(story.vmi(story.vm)?.status.migratedVolumes).toBeUndefined();
    const told = story.seen(story.vm, conditionOf('DecentralizedLiveMigrationFailure')).at(-1);
    expect(told).toBe(story.cluster.traits.hasDecentralizedFailure ? 'True MigrationFailed' : '-');
  },
  'cross-cluster-out-stuck': (story) => {
    expect(outcomesOf(story)).toEqual(['Succeeded']);
    expect(story.vmi(story.vm)?.status).toMatchObject({ phase: 'Running', nodeName: story.host, migrationState: { completed: true } });
  },
  'cross-cluster-in': (story) => {
    expect(story.hostsOf(story.vm)).toEqual(['-', story.host]);
    expect(story.phasesOf(story.vm)[0]?.slice(0, 4)).toEqual(['', 'WaitingForSync', 'Pending', 'Scheduling']);
    expect(outcomesOf(story)).toEqual(['Succeeded']);
    expect(story.seen(story.vm, ({ status }) => status.phase)).toEqual([undefined, 'WaitingForSync', 'Scheduling', 'Scheduled', 'Running']);
    const marks = story.seen(story.vm, ({ metadata }) => metadata.annotations?.['kubevirt.io/create-migration-target']);
    expect(marks).toEqual(['true', undefined]);
    expect(printablesOf(story)).toEqual(['Stopped', 'WaitingForReceiver', 'Running']);
    expect(vmOf(story)?.spec.runStrategy).toBe('Always');
  },
  'cross-cluster-in-failed': (story) => {
    expect(outcomesOf(story)).toEqual(['Failed']);
    expect(story.vmi(story.vm)?.status.phase).toBe('WaitingForSync');
    expect(story.vmi(story.vm)?.status.nodeName).toBeUndefined();
    expect(story.cluster.list('pods').filter(({ metadata }) => metadata.name.includes(story.vm.name))).toEqual([]);
    expect(vmOf(story)?.status.printableStatus).toBe('WaitingForReceiver');
  },
  malformed: (story) => {
    const [types, bare] = story.subjects.vms;
    expect(types === undefined ? null : story.vmi(types)?.status).toMatchObject({ phase: 42, nodeName: ['harv-1'] });
    expect(bare === undefined ? null : story.vmi(bare)).not.toHaveProperty('status');
    const names = story.subjects.vms.map(({ name }) => name.length);
    expect(names).toEqual(expect.arrayContaining([63, 253]));
    const counts = story.subjects.vms.map(
      (vm) => (story.vmi(vm)?.status as { conditions?: { length?: number } } | undefined)?.conditions?.length,
    );
    expect(counts).toContain(200);
    expect(story.cluster.get('virtualmachineinstancemigrations', 'default', 'odd-migration')?.status?.phase).toBe('Teleporting');
    // The rest of the cluster can still be worked with.
    story.cluster.migrate({ namespace: 'default', name: 'ubuntu-web-1' }).finish();
  },
} as const satisfies Partial<Record<ScenarioName, Check>>;
