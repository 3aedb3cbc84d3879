/** How a migration's steps are written: one object each, and only while it is there. */
import { changeState } from './migration-changes.ts';
import { MIGRATION_ROWS, type MigrationInput, type MigrationStep, type MigrationStepName } from './migration-timeline.ts';
import {
  formatTime,
  type MigrationState,
  type VirtualMachine,
  type VirtualMachineInstance as Vmi,
  type VirtualMachineInstanceMigration as Vmim,
} from './objects.ts';
import type { Pod } from './pod-objects.ts';
import type { StepContext } from './steps.ts';

export interface Writers {
  vmi(name: MigrationStepName, change: (vmi: Vmi, context: StepContext) => Vmi): MigrationStep;
  /** The VMI's migrationState, as long as it is this migration's. */
  state(name: MigrationStepName, change: (state: MigrationState, time: string) => MigrationState): MigrationStep;
  /** The target's launcher pod. */
  pod(name: MigrationStepName, change: (pod: Pod, nowMs: number) => Pod): MigrationStep;
  removePod(name: 'SourcePodGone' | 'TargetPodGone'): MigrationStep;
  vmim(name: MigrationStepName, change: (vmim: Vmim, context: StepContext) => Vmim): MigrationStep;
  vm(
    name: MigrationStepName,
    verb: 'update' | 'update-status',
    change: (vm: VirtualMachine, nowMs: number) => VirtualMachine,
  ): MigrationStep;
}

export function createWriters(input: MigrationInput): Writers {
  const base = (name: MigrationStepName) => ({ name, row: MIGRATION_ROWS[name], namespace: input.namespace });
  const writers: Writers = {
    vmi: (name, change) => ({
      ...base(name),
      resource: 'virtualmachineinstances',
      objectName: input.vmName,
      verb: 'update',
      apply: (vmi: Vmi | undefined, context: StepContext) => (vmi === undefined ? undefined : change(vmi, context)),
    }),
    state: (name, change) =>
      writers.vmi(name, (vmi, { vmim, nowMs }) =>
        // The instance's side of it goes on also where its VMIM was taken away.
        changeState(vmi, vmim?.metadata.uid ?? input.vmimUid, (state) => change(state, formatTime(nowMs))),
      ),
    pod: (name, change) => ({
      ...base(name),
      resource: 'pods',
      objectName: input.targetPod,
      verb: name === 'PodPlaced' ? 'update' : 'update-status',
      apply: (pod: Pod | undefined, context: StepContext) => (pod === undefined ? undefined : change(pod, context.nowMs)),
    }),
    removePod: (name) => ({
      ...base(name),
      resource: 'pods',
      objectName: name === 'SourcePodGone' ? input.sourcePod : input.targetPod,
      verb: 'delete',
      apply: () => undefined,
    }),
    vmim: (name, change) => ({
      ...base(name),
      resource: 'virtualmachineinstancemigrations',
      objectName: input.vmimName,
      verb: name === 'FinalizerRemoved' ? 'update' : 'update-status',
      apply: (vmim: Vmim | undefined, context: StepContext) => (vmim === undefined ? undefined : change(vmim, context)),
    }),
    vm: (name, verb, change) => ({
      ...base(name),
      resource: 'virtualmachines',
      objectName: input.vmName,
      verb,
      apply: (vm: VirtualMachine | undefined, context: StepContext) => (vm === undefined ? undefined : change(vm, context.nowMs)),
    }),
  };
  return writers;
}
