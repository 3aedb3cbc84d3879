import { describe, expect, test } from 'vitest';
import { deriveVmState as derive, type VmSurroundings } from '../../../core/derive/vm-state.ts';
import type { Condition, VmFact, VmiFact } from '../../../core/facts.ts';
import type { VmState } from '../../../core/model.ts';
import { migrationState, vmFact, vmiFact } from '../../support/facts.ts';

const restore = (complete: boolean) => ({ namespace: 'default', name: 'r', complete });

const NOTHING: VmSurroundings = { lostHost: undefined, restore: undefined, suspended: false };
const deriveVmState = (vm: VmFact | undefined, vmi: VmiFact | undefined, lostHost?: VmSurroundings['lostHost']) =>
  derive(vm, vmi, { ...NOTHING, lostHost });
const failure: Condition = { type: 'Failure', status: 'True', reason: 'FailedCreate', message: 'm' };

const paused = (reason: string): readonly Condition[] => [
  { type: 'Ready', status: 'False', reason: 'GuestNotRunning' },
  { type: 'Paused', status: 'True', reason },
];

type Row = readonly [
  name: string,
  vm: Partial<VmFact> | null,
  vmi: Partial<VmiFact> | null,
  state: VmState,
  around?: Partial<VmSurroundings>,
  reason?: string,
];
const TABLE: readonly Row[] = [
  ['runs', {}, {}, 'running', {}],
  ['a VMI without VM', null, {}, 'running'],
  ['Ready=False', {}, { conditions: [{ type: 'Ready', status: 'False', reason: 'GuestNotRunning' }] }, 'not-ready'],
  ['T7: on a host that does not answer', {}, {}, 'unknown', { lostHost: 'silent' }],
  ['paused by a person', {}, { conditions: paused('PausedByUser') }, 'paused'],
  ['paused by an I/O error', {}, { conditions: paused('PausedIOError') }, 'paused'],
  [
    'paused by KubeVirt so that the migration can finish',
    {},
    { conditions: paused('PausedByMigrationMonitor') },
    'paused',
    { suspended: true },
  ],
  ['that pause, once the guest was resumed on the target', {}, { conditions: paused('PausedByMigrationMonitor') }, 'running'],
  ['T7: on a host that does not exist', {}, {}, 'unknown', { lostHost: 'gone' }, 'no such host: host-1'],
  ['T7: starting on a host that does not answer', {}, { phase: 'Scheduled' }, 'unknown', { lostHost: 'silent' }],
  [
    'stopping on a host that does not answer: the wish is known',
    { wantsRunning: false },
    { deleting: true },
    'stopping',
    { lostHost: 'silent' },
  ],
  ['condition Paused=False is no pause', {}, { conditions: [{ type: 'Paused', status: 'False' }] }, 'running'],
  ['to be stopped, the guest still there', { wantsRunning: false }, {}, 'stopping'],
  ['stopping', { wantsRunning: false }, { deleting: true }, 'stopping'],
  ['restarting: the old VMI goes, the VM wants to run', {}, { deleting: true }, 'restarting'],
  ['restarting: the old VMI has ended', {}, { phase: 'Succeeded' }, 'restarting'],
  ['terminating', { deleting: true }, {}, 'terminating'],
  ['terminating without guest', { deleting: true }, null, 'terminating'],
  ['VMI without status', {}, { phase: '', nodeName: null }, 'starting'],
  ['Pending', {}, { phase: 'Pending', nodeName: null }, 'starting'],
  ['Scheduling', {}, { phase: 'Scheduling', nodeName: null }, 'starting'],
  ['Scheduled', {}, { phase: 'Scheduled' }, 'starting'],
  [
    'unschedulable',
    {},
    { phase: 'Scheduling', nodeName: null, conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
    'unschedulable',
  ],
  ['WaitingForSync', {}, { phase: 'WaitingForSync', nodeName: null }, 'waiting-for-receiver'],
  ['VMI Failed', {}, { phase: 'Failed', reason: 'NodeUnresponsive' }, 'error', {}, 'NodeUnresponsive'],
  [
    'VMI Failed: the guest was lost in post-copy',
    {},
    { phase: 'Failed', migration: migrationState({ failed: true, failureReason: 'postcopy failed' }) },
    'error',
    {},
    'postcopy failed',
  ],
  ['VMI Unknown', {}, { phase: 'Unknown' }, 'unknown'],
  ['a phase of the future', {}, { phase: 'Teleporting' }, 'unknown', {}, 'unknown phase Teleporting'],
  ['a VMI that cannot be understood', {}, { malformed: 'status.phase is no text' }, 'unknown', {}, 'status.phase is no text'],
  ['a VM that cannot be understood, its guest can', { malformed: 'status is no object' }, {}, 'running'],
  ['a VM that cannot be understood, without guest', { malformed: 'status is no object' }, null, 'unknown', {}, 'status is no object'],
  [
    'moved to another cluster: the VMI ends as Succeeded, though the VM is still wanted',
    {},
    { phase: 'Succeeded', migration: migrationState({ sourceVmi: 'vmi-1', targetVmi: 'vmi-2', completed: true }) },
    'off',
    {},
    'moved to another cluster',
  ],
  [
    'shut down after a failed move to another cluster',
    {},
    { phase: 'Succeeded', migration: migrationState({ sourceVmi: 'vmi-1', targetVmi: 'vmi-2', failed: true }) },
    'restarting',
  ],
  [
    'shut down here, where it came from another cluster',
    {},
    { phase: 'Succeeded', migration: migrationState({ sourceVmi: 'vmi-0', targetVmi: 'vmi-1', completed: true }) },
    'restarting',
  ],
  ['restoring from a backup', { wantsRunning: false, restore: 'r' }, null, 'provisioning', { restore: restore(false) }, 'restore r'],
  ['restored', { wantsRunning: false, restore: 'r' }, null, 'off', { restore: restore(true) }],
  ['a restore that cannot be read tells nothing', { wantsRunning: false, restore: 'r' }, null, 'off'],
  ['cloning its storage', { wantsRunning: false, cloning: 'cloning' }, null, 'provisioning'],
  ['cloning its storage failed', { wantsRunning: false, cloning: 'failed' }, null, 'error'],
  ['condition Failure, wanted', { conditions: [failure] }, null, 'error', {}, 'FailedCreate: m'],
  ['condition Failure, not wanted: off, and why', { wantsRunning: false, conditions: [failure] }, null, 'off', {}, 'FailedCreate: m'],
  [
    'condition Failure=False is no failure',
    { printableStatus: 'Starting', conditions: [{ ...failure, status: 'False' }] },
    null,
    'starting',
  ],
  ['condition Failure while the guest runs', { conditions: [failure] }, {}, 'running'],
  ['no quota to start with', { printableStatus: 'Starting', quotaMessage: 'q' }, null, 'starting', {}, 'InsufficientResourceQuota: q'],
  ['ended and not wanted', { wantsRunning: false }, { phase: 'Succeeded' }, 'off'],
  ['off', { wantsRunning: false, printableStatus: 'Stopped' }, null, 'off'],
  ['off, run strategy Manual', { wantsRunning: null, printableStatus: 'Stopped' }, null, 'off'],
  ['starting, no VMI yet', { wantsRunning: true, printableStatus: 'Stopped' }, null, 'starting'],
  ['starting, run strategy Manual', { wantsRunning: null, printableStatus: 'Starting' }, null, 'starting'],
  ['Provisioning', { printableStatus: 'Provisioning' }, null, 'provisioning'],
  ['WaitingForVolumeBinding', { printableStatus: 'WaitingForVolumeBinding' }, null, 'provisioning'],
  ['ErrorUnschedulable', { printableStatus: 'ErrorUnschedulable' }, null, 'unschedulable'],
  ['ErrorPvcNotFound', { printableStatus: 'ErrorPvcNotFound' }, null, 'error'],
  ['CrashLoopBackOff', { printableStatus: 'CrashLoopBackOff' }, null, 'error'],
  ['WaitingForReceiver', { wantsRunning: null, printableStatus: 'WaitingForReceiver' }, null, 'waiting-for-receiver'],
];

describe('VM state', () => {
  test.each(TABLE.map((row) => ({ row, name: row[0] })))('$name', ({ row: [, vm, vmi, state, around, reason] }) => {
    const derived = derive(vm === null ? undefined : vmFact(vm), vmi === null ? undefined : vmiFact(vmi), { ...NOTHING, ...around });
    expect(derived.state).toBe(state);
    if (reason !== undefined) expect(derived.reason).toBe(reason);
  });

  test('no VMI that has a guest is ever shown as off', () => {
    for (const phase of ['', 'Pending', 'Scheduling', 'Scheduled', 'Running', 'WaitingForSync', 'Unknown', 'a phase of the future']) {
      for (const wantsRunning of [true, false, null]) {
        for (const deleting of [true, false]) {
          expect(deriveVmState(vmFact({ wantsRunning, printableStatus: 'Stopped' }), vmiFact({ phase, deleting })).state).not.toBe('off');
        }
      }
    }
  });

  test('an I/O error and a dead host are dangers; an error says why', () => {
    expect(deriveVmState(vmFact(), vmiFact({ conditions: paused('PausedIOError') })).danger).toEqual(['io-error']);
    for (const host of ['silent', 'gone'] as const) expect(deriveVmState(vmFact(), vmiFact(), host).danger).toEqual(['dead-host']);
    expect(deriveVmState(vmFact(), vmiFact({ deleting: true }), 'silent').danger).toEqual(['dead-host']);
    expect(deriveVmState(vmFact(), vmiFact({ phase: 'Failed' }), 'silent').danger).toEqual([]);
    expect(derive(vmFact(), vmiFact(), { ...NOTHING, suspended: true }).danger).toEqual(['not-converging']);
    expect(deriveVmState(vmFact(), vmiFact({ phase: 'Failed', reason: 'NodeUnresponsive' })).reason).toBe('NodeUnresponsive');
    expect(
      deriveVmState(
        vmFact({ printableStatus: 'ErrorUnschedulable', conditions: [{ type: 'Failure', status: 'True', reason: 'R', message: 'm' }] }),
        undefined,
        undefined,
      ).reason,
    ).toBe('R: m');
  });

  test('a storage migration that needs recovery by hand is a danger in every state, and says why', () => {
    const conditions: readonly Condition[] = [
      { type: 'ManualRecoveryRequired', status: 'True', reason: 'R', message: 'look at the volumes' },
    ];
    expect(deriveVmState(vmFact({ conditions }), vmiFact())).toEqual({
      state: 'running',
      reason: 'R: look at the volumes',
      danger: ['manual-recovery'],
    });
    expect(deriveVmState(vmFact({ conditions, wantsRunning: false }), undefined, undefined)).toMatchObject({
      state: 'off',
      danger: ['manual-recovery'],
    });
    const answered = [{ type: 'ManualRecoveryRequired', status: 'False' }] as const;
    expect(deriveVmState(vmFact({ conditions: answered }), vmiFact()).danger).toEqual([]);
  });
});
