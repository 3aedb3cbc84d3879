/** How a migration ends when it does not succeed, and what follows once its VMIM is over. Pure. */
import {
  annotateVmi,
  copyState,
  HARVESTER_STATE,
  HARVESTER_TARGET,
  HARVESTER_UID,
  labelVmi,
  removeFinalizer,
  setAbortCondition,
  setPhase,
  setPods,
  setPrintable,
  TARGET_NODE_LABEL,
  touchVm,
} from './migration-changes.ts';
import { isBefore, MIGRATION_ROWS, type MigrationInput, type MigrationStep, type MigrationStepName } from './migration-timeline.ts';
import { createWriters } from './migration-writers.ts';
import { omit, type VirtualMachineInstanceMigration as Vmim } from './objects.ts';

export const DEFAULT_FAILURE_REASON =
  "Live migration failed error encountered during MigrateToURI3 libvirt api call: virError(Code=9, Domain=10, Message='operation failed: job 'migration out' failed: Unable to write to socket: Connection reset by peer')";
const ABORT_REASON = 'Live migration has been aborted';

/** What follows when a VMIM is over: the copy, the finalizer, one pod again, Harvester's marks gone. */
export function endSteps(input: MigrationInput, moved: boolean): readonly MigrationStep[] {
  const { vmi, vmim, vm } = createWriters(input);
  return [
    vmim('StateCopied', (current, context) => copyState(current, context.vmi)),
    vmim('FinalizerRemoved', removeFinalizer),
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

export function lateFailureSteps(input: MigrationInput): readonly MigrationStep[] {
  const { vmi, state, vm } = createWriters(input);
  return [
    state('SourceFailed', (current, time) => ({
      ...current,
      endTimestamp: time,
      failed: true,
      failureReason: input.failureReason ?? DEFAULT_FAILURE_REASON,
      // In 1.6 to 1.8 completed may stay absent on failure.
      ...(input.generation === 'le-1.5' ? { completed: true } : {}),
    })),
    vm('VmRunning', 'update-status', (current) => setPrintable(current, 'Migrating', 'Running')),
    vmi('TargetLabelRemoved', (current) => labelVmi(current, TARGET_NODE_LABEL, undefined)),
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
  if (!isBefore(after, input.generation === 'le-1.5' ? 'SourceEnded' : 'Switched')) return [request, ...rest];
  const marked = [
    request,
    vmim('AbortConditionSet', (current, { nowMs }) => setAbortCondition(current, nowMs)),
    vmi('HarvesterAborting', (current) => annotateVmi(current, { [HARVESTER_STATE]: 'Aborting migration' })),
    vm('VmTouchedAborting', 'update', touchVm),
  ];
  if (isBefore(after, 'HandedOver')) return [...marked, ...earlyFailureSteps(input)];
  return [
    ...marked,
    state('AbortReachedInstance', (current) => ({ ...current, abortRequested: true })),
    state('Aborting', (current) => ({ ...current, abortStatus: 'Aborting' })),
    state('Aborted', (current, time) => ({
      ...current,
      abortStatus: 'Succeeded',
      endTimestamp: time,
      failed: true,
      failureReason: ABORT_REASON,
      ...(input.generation === 'le-1.5' ? { completed: true } : {}),
    })),
    vm('VmRunning', 'update-status', (current) => setPrintable(current, 'Migrating', 'Running')),
    vmi('TargetLabelRemoved', (current) => labelVmi(current, TARGET_NODE_LABEL, undefined)),
    ...earlyFailureSteps(input),
  ];
}

/** The instance is gone under a running migration (stopped, deleted): only the VMIM is left to end. */
export const orphanSteps = (input: MigrationInput): readonly MigrationStep[] => earlyFailureSteps(input);
