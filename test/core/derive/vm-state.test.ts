import { describe, expect, test } from 'vitest';
import { deriveVmState } from '../../../core/derive/vm-state.ts';
import type { Condition, VmFact, VmiFact } from '../../../core/facts.ts';
import type { HostState, VmState } from '../../../core/model.ts';
import { vmFact, vmiFact } from '../../support/facts.ts';

const paused = (reason: string): readonly Condition[] => [
  { type: 'Ready', status: 'False', reason: 'GuestNotRunning' },
  { type: 'Paused', status: 'True', reason },
];

type Row = readonly [name: string, vm: Partial<VmFact> | null, vmi: Partial<VmiFact> | null, state: VmState, host?: HostState];
const TABLE: readonly Row[] = [
  ['runs', {}, {}, 'running', 'active'],
  ['runs on a cordoned host', {}, {}, 'running', 'cordoned'],
  ['a VMI without VM', null, {}, 'running'],
  ['Ready=False', {}, { conditions: [{ type: 'Ready', status: 'False', reason: 'GuestNotRunning' }] }, 'not-ready'],
  ['T7: on a host that does not answer', {}, {}, 'unknown', 'in-progress'],
  ['T7: a host that answers that it is not ready still runs its guests', {}, {}, 'running', 'unavailable'],
  ['paused by a person', {}, { conditions: paused('PausedByUser') }, 'paused'],
  ['paused by an I/O error', {}, { conditions: paused('PausedIOError') }, 'paused'],
  ['paused to converge is no pause', {}, { conditions: paused('PausedByMigrationMonitor') }, 'running'],
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
  ['VMI Failed', {}, { phase: 'Failed', reason: 'NodeUnresponsive' }, 'error'],
  ['VMI Unknown', {}, { phase: 'Unknown' }, 'unknown'],
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
  test.each(TABLE.map((row) => ({ row, name: row[0] })))('$name', ({ row: [, vm, vmi, state, host] }) => {
    expect(deriveVmState(vm === null ? undefined : vmFact(vm), vmi === null ? undefined : vmiFact(vmi), host).state).toBe(state);
  });

  test('no VMI that has a guest is ever shown as off', () => {
    for (const phase of ['', 'Pending', 'Scheduling', 'Scheduled', 'Running', 'WaitingForSync', 'Unknown', 'a phase of the future']) {
      for (const wantsRunning of [true, false, null]) {
        for (const deleting of [true, false]) {
          expect(
            deriveVmState(vmFact({ wantsRunning, printableStatus: 'Stopped' }), vmiFact({ phase, deleting }), 'active').state,
          ).not.toBe('off');
        }
      }
    }
  });

  test('an I/O error and a dead host are dangers; an error says why', () => {
    expect(deriveVmState(vmFact(), vmiFact({ conditions: paused('PausedIOError') }), 'active').danger).toEqual(['io-error']);
    expect(deriveVmState(vmFact(), vmiFact(), 'in-progress').danger).toEqual(['dead-host']);
    expect(deriveVmState(vmFact(), vmiFact({ phase: 'Failed', reason: 'NodeUnresponsive' }), 'active').reason).toBe('NodeUnresponsive');
    expect(
      deriveVmState(
        vmFact({ printableStatus: 'ErrorUnschedulable', conditions: [{ type: 'Failure', status: 'True', reason: 'R', message: 'm' }] }),
        undefined,
        undefined,
      ).reason,
    ).toBe('R: m');
  });
});
