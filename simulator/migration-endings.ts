/** How a migration ends when it does not succeed, and what follows once its VMIM is over. Pure. */
import {
  annotateVmi,
  changeState,
  copyState,
  HARVESTER_STATE,
  HARVESTER_TARGET,
  HARVESTER_UID,
  labelVmi,
  removeFinalizer,
  setPhase,
  setPods,
  setPrintable,
  setVmimCondition,
  TARGET_NODE_LABEL,
  touchVm,
} from './migration-changes.ts';
import { isBefore, MIGRATION_ROWS, type MigrationInput, type MigrationStep, type MigrationStepName } from './migration-timeline.ts';
import { createWriters } from './migration-writers.ts';
import { formatTime, type MigrationState, omit, type VirtualMachineInstanceMigration as Vmim } from './objects.ts';
import { unplacePod } from './pod-objects.ts';
import { traitsOf } from './traits.ts';
import { condition, setVmiPhase } from './vm-objects.ts';

export const DEFAULT_FAILURE_REASON =
  "Live migration failed error encountered during MigrateToURI3 libvirt api call: virError(Code=9, Domain=10, Message='operation failed: job 'migration out' failed: Unable to write to socket: Connection reset by peer')";
const ABORT_REASON = 'Live migration has been aborted';

const NO_HOST =
  "0/3 nodes are available: 1 node(s) didn't match pod anti-affinity rules, 2 Insufficient memory. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
const TARGET_POD_DOWN = 'Target pod is down';
const GUEST_LOST = 'Live migration failed: the domain is paused on the target, postcopy failed';

/** `completed` of a migration that failed, where this version (or the input) has it. */
const completion = (input: MigrationInput): Pick<MigrationState, 'completed'> =>
  (input.completesFailed ?? traitsOf(input.kubevirt).completesFailed) ? { completed: true } : {};

/** What follows when a VMIM is over: the copy, the finalizer, one pod again, Harvester's marks gone. */
export function endSteps(input: MigrationInput, moved: boolean): readonly MigrationStep[] {
  const { vmi, vmim, vm, removePod } = createWriters(input);
  return [
    vmim('StateCopied', (current, context) => copyState(current, context.vmi)),
    vmim('FinalizerRemoved', removeFinalizer),
    removePod(moved ? 'SourcePodGone' : 'TargetPodGone'),
    vmi('PodsSettled', (current) => {
      const pods = current.status.activePods ?? {};
      const gone = Object.keys(pods).filter((uid) => moved !== (uid === input.targetPodUid));
      if (gone.length === 0) return current;
      return setPods(current, (left) => {
        for (const uid of gone) delete left[uid];
      });
    }),
    vmi('HarvesterCleared', (current) => {
      const cleared = annotateVmi(current, { [HARVESTER_UID]: undefined, [HARVESTER_STATE]: undefined, [HARVESTER_TARGET]: undefined });
      return cleared.spec.nodeSelector === undefined ? cleared : { ...cleared, spec: omit(cleared.spec, 'nodeSelector') };
    }),
    vm('VmTouchedCleared', 'update', touchVm),
  ];
}

/** Failed before the hand-off: the VMI never hears of it. */
export function earlyFailureSteps(input: MigrationInput): readonly MigrationStep[] {
  const { vmim } = createWriters(input);
  return [vmim('Failed', (current, { nowMs }) => setPhase(current, 'Failed', nowMs)), ...endSteps(input, false)];
}

/** What follows once the VMI itself says that the migration is over and the guest stays. */
function stayingSteps(input: MigrationInput): readonly MigrationStep[] {
  const { vmi, vm } = createWriters(input);
  return [
    vm('VmRunning', 'update-status', (current) => setPrintable(current, 'Migrating', 'Running')),
    vmi('TargetLabelRemoved', (current) => labelVmi(current, TARGET_NODE_LABEL, undefined)),
    ...earlyFailureSteps(input),
  ];
}

export function lateFailureSteps(input: MigrationInput): readonly MigrationStep[] {
  const { state } = createWriters(input);
  return [
    state('SourceFailed', (current, time) => ({
      ...current,
      endTimestamp: time,
      failed: true,
      failureReason: input.failureReason ?? DEFAULT_FAILURE_REASON,
      ...completion(input),
    })),
    ...stayingSteps(input),
  ];
}

/** The scheduler finds no host for the target pod; after five minutes virt-controller gives up. */
export function unschedulableSteps(input: MigrationInput): readonly MigrationStep[] {
  const { pod } = createWriters(input);
  const message = input.schedulerMessage ?? NO_HOST;
  return [pod('PodUnschedulable', (current, nowMs) => unplacePod(current, message, nowMs)), ...earlyFailureSteps(input)];
}

/** The target pod is lost after the hand-off, before the copy has begun: virt-controller ends it, start and end in one instant. */
export function targetPodDownSteps(input: MigrationInput): readonly MigrationStep[] {
  const { state, removePod } = createWriters(input);
  return [
    removePod('TargetPodGone'),
    state('TargetPodDown', (current, time) => ({
      ...current,
      startTimestamp: time,
      endTimestamp: time,
      failed: true,
      completed: true,
      // Up to 1.8 the reason is in an event only.
      ...(traitsOf(input.kubevirt).persistsTargetPodDown ? { failureReason: TARGET_POD_DOWN } : {}),
    })),
    ...stayingSteps(input),
  ];
}

/** Post-copy that fails takes the guest with it: half of it is on the target, and nothing brings it together again. */
export function lostSteps(input: MigrationInput): readonly MigrationStep[] {
  const { vmi, vm } = createWriters(input);
  return [
    vmi('InstanceLost', (current, { nowMs, vmim }) =>
      setVmiPhase(
        changeState(current, vmim?.metadata.uid ?? input.vmimUid, (state) => ({
          ...state,
          endTimestamp: formatTime(nowMs),
          failed: true,
          failureReason: input.failureReason ?? GUEST_LOST,
          ...completion(input),
        })),
        'Failed',
        nowMs,
      ),
    ),
    vm('VmLost', 'update-status', (current) => setPrintable(current, 'Migrating', 'Stopped')),
    ...earlyFailureSteps(input),
  ];
}

const deleteStep = (input: MigrationInput): MigrationStep => ({
  name: 'AbortRequested',
  row: MIGRATION_ROWS.AbortRequested,
  resource: 'virtualmachineinstancemigrations',
  namespace: input.namespace,
  objectName: input.vmimName,
  verb: 'delete',
  apply: (current: Vmim | undefined) => current,
});

/**
 * What follows when the VMIM is deleted after the step `after`; `rest` is what would have come. Once the guest has moved, or the
 * migration is over anyway, an abort comes too late: the story goes on, and the VMIM disappears at its end.
 */
export function abortSteps(input: MigrationInput, after: MigrationStepName, rest: readonly MigrationStep[]): readonly MigrationStep[] {
  const { vmi, state, vmim, vm } = createWriters(input);
  const request = deleteStep(input);
  if (!isBefore(after, traitsOf(input.kubevirt).endsBeforeSwitch ? 'SourceEnded' : 'Switched')) return [request, ...rest];
  const marked = [
    request,
    vmim('AbortConditionSet', (current, { nowMs }) => setVmimCondition(current, condition('migrationAbortRequested', 'True', nowMs))),
    vmi('HarvesterAborting', (current) => annotateVmi(current, { [HARVESTER_STATE]: 'Aborting migration' })),
    vm('VmTouchedAborting', 'update', touchVm),
  ];
  if (isBefore(after, 'HandedOver')) return [...marked, ...earlyFailureSteps(input)];
  const reached = state('AbortReachedInstance', (current) => ({ ...current, abortRequested: true }));
  if (input.outcome === 'abort-lost') {
    return [...marked, reached, state('AbortFailed', (current) => ({ ...current, abortStatus: 'Failed' })), ...rest];
  }
  return [
    ...marked,
    reached,
    state('Aborting', (current) => ({ ...current, abortStatus: 'Aborting' })),
    state('Aborted', (current, time) => ({
      ...current,
      abortStatus: 'Succeeded',
      endTimestamp: time,
      failed: true,
      failureReason: ABORT_REASON,
      ...completion(input),
    })),
    ...stayingSteps(input),
  ];
}

/** The instance is gone under a running migration (stopped, deleted): only the VMIM is left to end. */
export const orphanSteps = (input: MigrationInput): readonly MigrationStep[] => earlyFailureSteps(input);
