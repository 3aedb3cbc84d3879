/**
 * What a VM is doing, from VM and VMI (domain.md 1.2, 3.2, 3.3). The VMI is the fact and comes before the wish: a VM whose guest
 * still runs is never shown as off, and one whose guest is coming is never shown as stopped.
 */
import type { Condition, RestoreFact, VmFact, VmiFact } from '../facts.ts';
import { type Danger, MOVED_AWAY, type VmState } from '../model.ts';
import { formatExplanation } from '../text.ts';
import { findCondition, isConditionTrue } from './conditions.ts';

export interface VmCondition {
  readonly state: VmState;
  readonly reason?: string;
  readonly danger: readonly Danger[];
}

export interface VmSurroundings {
  /** Why nothing is known of a guest on its host (T7): the kubelet is silent, or there is no such host (any more). */
  readonly lostHost: 'silent' | 'gone' | undefined;
  /** That the VM's annotation names, where it is known. */
  readonly restore: RestoreFact | undefined;
  /** KubeVirt has suspended the guest so that its migration can finish. */
  readonly suspended: boolean;
}

export function deriveVmState(vm: VmFact | undefined, vmi: VmiFact | undefined, around: VmSurroundings): VmCondition {
  const malformed = vmi === undefined ? vm?.malformed : vmi.malformed;
  if (malformed !== undefined) return explain('unknown', { reason: malformed });
  const condition = vmi === undefined ? deriveWithoutGuest(vm, around) : deriveWithGuest(vm, vmi, around);
  if (vm === undefined || !isConditionTrue(vm.conditions, 'ManualRecoveryRequired')) return condition;
  const because = explain(condition.state, findCondition(vm.conditions, 'ManualRecoveryRequired'));
  return { ...because, ...condition, danger: [...condition.danger, 'manual-recovery'] };
}

/** A VMI in a final phase has no guest any more. */
export const isOver = (vmi: VmiFact): boolean => vmi.phase === 'Succeeded' || vmi.phase === 'Failed';

function deriveWithGuest(vm: VmFact | undefined, vmi: VmiFact, around: VmSurroundings): VmCondition {
  const danger: readonly Danger[] = !isOver(vmi) && around.lostHost !== undefined ? ['dead-host'] : [];
  if (vm?.deleting === true) return plain('terminating', danger);
  if (isOver(vmi)) return deriveOver(vm, vmi);
  if (vmi.deleting) return plain(vm?.wantsRunning === true ? 'restarting' : 'stopping', danger);
  if (danger.length > 0) {
    return around.lostHost === 'gone' ? explain('unknown', { reason: `no such host: ${vmi.nodeName}` }, danger) : plain('unknown', danger);
  }
  return vmi.phase === 'Running' ? deriveRunning(vm, vmi, around.suspended) : deriveBeforeRunning(vm, vmi);
}

function deriveRunning(vm: VmFact | undefined, vmi: VmiFact, suspended: boolean): VmCondition {
  // The guest stands still; that it was KubeVirt, for the migration, is told by the transit.
  if (suspended) return plain('paused', ['not-converging']);
  const paused = findCondition(vmi.conditions, 'Paused');
  // What KubeVirt's migration monitor has paused and is not suspended any more runs again, on the target.
  if (paused?.status === 'True' && paused.reason !== 'PausedByMigrationMonitor') {
    return paused.reason === 'PausedIOError' ? explain('paused', paused, ['io-error']) : plain('paused');
  }
  if (vm?.wantsRunning === false) return plain('stopping');
  const ready = findCondition(vmi.conditions, 'Ready');
  if (ready?.status === 'False' && paused?.status !== 'True') return explain('not-ready', ready);
  return plain('running');
}

function deriveBeforeRunning(vm: VmFact | undefined, vmi: VmiFact): VmCondition {
  switch (vmi.phase) {
    case '':
    case 'Pending':
    case 'Scheduling':
    case 'Scheduled': {
      const scheduled = findCondition(vmi.conditions, 'PodScheduled');
      if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') return explain('unschedulable', scheduled);
      return explain('starting', vm === undefined ? undefined : (failureOfVm(vm) ?? quotaOf(vm)));
    }
    case 'WaitingForSync':
      return plain('waiting-for-receiver');
    case 'Unknown':
      return explain('unknown', { reason: vmi.reason ?? 'phase Unknown' });
    default:
      return explain('unknown', { reason: `unknown phase ${vmi.phase}` });
  }
}

function deriveOver(vm: VmFact | undefined, vmi: VmiFact): VmCondition {
  if (hasMovedAway(vmi)) return explain('off', { reason: MOVED_AWAY });
  if (vmi.phase === 'Failed') return explain('error', failureOfVmi(vmi));
  return plain(vm?.wantsRunning === true ? 'restarting' : 'off');
}

/** The guest went to another VMI and lives there: the source of a cross-cluster migration ends as Succeeded (domain.md 3.9). */
function hasMovedAway({ uid, phase, migration }: VmiFact): boolean {
  if (phase !== 'Succeeded' || migration === undefined || migration.failed) return false;
  return migration.sourceVmi === uid && migration.targetVmi !== undefined && migration.targetVmi !== uid;
}

/** A guest lost in post-copy leaves its reason in the migration, one lost with its host in `status.reason`. */
function failureOfVmi(vmi: VmiFact): Pick<Condition, 'reason' | 'message'> | undefined {
  if (vmi.reason !== undefined) return { reason: vmi.reason };
  const { migration } = vmi;
  if (migration?.failed === true && migration.failureReason !== undefined) return { reason: migration.failureReason };
  return findCondition(vmi.conditions, 'Failure');
}

function deriveWithoutGuest(vm: VmFact | undefined, { restore }: VmSurroundings): VmCondition {
  if (vm === undefined) return plain('unknown');
  if (vm.deleting) return plain('terminating');
  if (restore?.complete === false) return explain('provisioning', { reason: `restore ${restore.name}` });
  if (vm.cloning === 'failed') return explain('error', { reason: 'cloning its backend storage failed' });
  if (vm.cloning === 'cloning') return explain('provisioning', { reason: 'cloning its backend storage' });
  const state = PRINTABLE_STATES.get(vm.printableStatus ?? '');
  const failure = failureOfVm(vm);
  if (state === 'error' || state === 'unschedulable') return explain(state, failure ?? explanationOf(vm));
  if (vm.wantsRunning === false) return explain('off', failure);
  if (failure !== undefined) return explain('error', failure);
  if (state !== undefined && state !== 'off') return explain(state, quotaOf(vm));
  return vm.wantsRunning === true ? explain('starting', quotaOf(vm)) : plain('off');
}

function failureOfVm({ conditions }: VmFact): Condition | undefined {
  const failure = findCondition(conditions, 'Failure');
  return failure?.status === 'True' ? failure : undefined;
}

const quotaOf = ({ quotaMessage }: VmFact): Pick<Condition, 'reason' | 'message'> | undefined =>
  quotaMessage === undefined ? undefined : { reason: 'InsufficientResourceQuota', message: quotaMessage };

const explanationOf = ({ conditions, printableStatus }: VmFact): Pick<Condition, 'reason' | 'message'> =>
  conditions.find(({ reason }) => reason === 'Unschedulable') ?? (printableStatus === undefined ? {} : { reason: printableStatus });

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

const plain = (state: VmState, danger: readonly Danger[] = []): VmCondition => ({ state, danger });

function explain(state: VmState, because: Pick<Condition, 'reason' | 'message'> | undefined, danger: readonly Danger[] = []): VmCondition {
  const reason = formatExplanation(because ?? {});
  return reason === '' ? { state, danger } : { state, reason, danger };
}
