/**
 * What a VM is doing, from VM and VMI (domain.md 1.2, 3.2, 3.3). The VMI is the fact and comes before the wish: a VM whose guest
 * still runs is never shown as off, and one whose guest is coming is never shown as stopped.
 */
import type { Condition, VmFact, VmiFact } from '../facts.ts';
import type { Danger, HostState, VmState } from '../model.ts';
import { formatExplanation } from '../text.ts';

export interface VmCondition {
  readonly state: VmState;
  readonly reason?: string;
  readonly danger: readonly Danger[];
}

/** `hostState` is that of the host the VMI is on; undefined where there is none, or its Node is not known. */
export function deriveVmState(vm: VmFact | undefined, vmi: VmiFact | undefined, hostState: HostState | undefined): VmCondition {
  if (vmi === undefined) return vm === undefined ? plain('unknown') : deriveWithoutGuest(vm);
  if (vm?.deleting === true) return plain('terminating');
  if (isOver(vmi)) return deriveOver(vm, vmi);
  if (vmi.deleting) return plain(vm?.wantsRunning === true ? 'restarting' : 'stopping');
  if (vmi.phase !== 'Running') return deriveBeforeRunning(vmi);
  return deriveRunning(vm, vmi, hostState);
}

/** A VMI in a final phase has no guest any more. */
export const isOver = (vmi: VmiFact): boolean => vmi.phase === 'Succeeded' || vmi.phase === 'Failed';

export const findCondition = (conditions: readonly Condition[], type: string): Condition | undefined =>
  conditions.find((condition) => condition.type === type);

function deriveRunning(vm: VmFact | undefined, vmi: VmiFact, hostState: HostState | undefined): VmCondition {
  if (hostState === 'in-progress') return { state: 'unknown', danger: ['dead-host'] };
  const paused = findCondition(vmi.conditions, 'Paused');
  // PausedByMigrationMonitor: suspended on purpose so that the migration can finish; the transit tells that, not the state.
  if (paused?.status === 'True' && paused.reason !== 'PausedByMigrationMonitor') {
    return paused.reason === 'PausedIOError' ? explain('paused', paused, ['io-error']) : explain('paused', undefined);
  }
  if (vm?.wantsRunning === false) return plain('stopping');
  const ready = findCondition(vmi.conditions, 'Ready');
  if (ready?.status === 'False' && paused?.status !== 'True') return explain('not-ready', ready);
  return plain('running');
}

function deriveBeforeRunning(vmi: VmiFact): VmCondition {
  switch (vmi.phase) {
    case '':
    case 'Pending':
    case 'Scheduling':
    case 'Scheduled': {
      const scheduled = findCondition(vmi.conditions, 'PodScheduled');
      if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') return explain('unschedulable', scheduled);
      return plain('starting');
    }
    case 'WaitingForSync':
      return plain('waiting-for-receiver');
    default:
      return plain('unknown');
  }
}

function deriveOver(vm: VmFact | undefined, vmi: VmiFact): VmCondition {
  if (vmi.phase === 'Failed') return explain('error', failureOf(vmi));
  return plain(vm?.wantsRunning === true ? 'restarting' : 'off');
}

function failureOf(vmi: VmiFact): Pick<Condition, 'reason' | 'message'> | undefined {
  return vmi.reason === undefined ? findCondition(vmi.conditions, 'Failure') : { reason: vmi.reason };
}

function deriveWithoutGuest(vm: VmFact): VmCondition {
  if (vm.deleting) return plain('terminating');
  const state = PRINTABLE_STATES.get(vm.printableStatus ?? '');
  if (state === 'error' || state === 'unschedulable') return explain(state, explanationOf(vm));
  if (vm.wantsRunning === false) return plain('off');
  if (state !== undefined && state !== 'off') return plain(state);
  return plain(vm.wantsRunning === true ? 'starting' : 'off');
}

const explanationOf = (vm: VmFact): Pick<Condition, 'reason' | 'message'> => {
  const failure = findCondition(vm.conditions, 'Failure') ?? vm.conditions.find(({ reason }) => reason === 'Unschedulable');
  return failure ?? (vm.printableStatus === undefined ? {} : { reason: vm.printableStatus });
};

/** `status.printableStatus` of a VM without VMI, as far as it says more than the run strategy does. */
const PRINTABLE_STATES: ReadonlyMap<string, VmState> = new Map([
  ['Stopped', 'off'],
  ['Stopping', 'stopping'],
  ['Terminating', 'terminating'],
  ['Starting', 'starting'],
  ['Provisioning', 'provisioning'],
  ['WaitingForVolumeBinding', 'provisioning'],
  ['WaitingForReceiver', 'waiting-for-receiver'],
  ['ErrorUnschedulable', 'unschedulable'],
  ['ErrorPvcNotFound', 'error'],
  ['DataVolumeError', 'error'],
  ['ErrImagePull', 'error'],
  ['ImagePullBackOff', 'error'],
  ['CrashLoopBackOff', 'error'],
]);

const plain = (state: VmState): VmCondition => ({ state, danger: [] });

function explain(state: VmState, because: Pick<Condition, 'reason' | 'message'> | undefined, danger: readonly Danger[] = []): VmCondition {
  const reason = formatExplanation(because ?? {});
  return reason === '' ? { state, danger } : { state, reason, danger };
}
