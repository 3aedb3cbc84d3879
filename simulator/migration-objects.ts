/** The objects a migration brings forth, and the two pieces that its hand-off writes into the VMI. Pure. */
import {
  EVACUATION_ANNOTATION,
  labelVmi,
  MIGRATION_CONFIGURATION,
  MIGRATION_FINALIZER,
  TARGET_NODE_LABEL,
  VMI_NAME_LABEL,
  WORKLOAD_UPDATE_ANNOTATION,
} from './migration-changes.ts';
import type { MigrationCause, MigrationInput } from './migration-timeline.ts';
import {
  formatTime,
  type MigrationPriority,
  type MigrationSide,
  type MigrationState,
  type VirtualMachineInstance as Vmi,
  type VirtualMachineInstanceMigration as Vmim,
} from './objects.ts';
import { createLauncherPod, formatLauncherImage, type Pod } from './pod-objects.ts';
import type { StepContext } from './steps.ts';
import { releaseOf, traitsOf } from './traits.ts';

/** What KubeVirt ≥ 1.7 gives the migrations that nobody asked for; a person's has none. */
const PRIORITIES: Partial<Record<MigrationCause, MigrationPriority>> = {
  evacuation: 'system-critical',
  descheduler: 'system-maintenance',
  'workload-update': 'user-triggered',
};

/** The host that was asked for reaches the scheduler. */
export const isPinned = (input: Pick<MigrationInput, 'requested' | 'placed'>): boolean =>
  input.requested !== undefined && input.placed !== true;

type VmimInput = Pick<
  MigrationInput,
  | 'kubevirt'
  | 'cause'
  | 'namespace'
  | 'vmName'
  | 'vmimName'
  | 'vmimUid'
  | 'source'
  | 'requested'
  | 'placed'
  | 'priority'
  | 'labels'
  | 'annotations'
>;

/** The VMIM as its creator sends it: no status yet. */
export function createVmim(input: VmimInput, nowMs: number): Vmim {
  const annotations: Record<string, string> = { ...input.annotations };
  if (input.cause === 'evacuation' || input.cause === 'descheduler') annotations[EVACUATION_ANNOTATION] = input.source;
  if (input.cause === 'workload-update') annotations[WORKLOAD_UPDATE_ANNOTATION] = '';
  const traits = traitsOf(input.kubevirt);
  const selector = isPinned(input) && traits.hasAddedNodeSelector;
  const priority = traits.hasPriority ? (input.priority ?? PRIORITIES[input.cause]) : undefined;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstanceMigration',
    metadata: {
      name: input.vmimName,
      namespace: input.namespace,
      uid: input.vmimUid,
      resourceVersion: '',
      generation: 1,
      creationTimestamp: formatTime(nowMs),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      finalizers: [MIGRATION_FINALIZER],
      labels: { ...input.labels, [VMI_NAME_LABEL]: input.vmName },
    },
    spec: {
      vmiName: input.vmName,
      ...(selector ? { addedNodeSelector: { 'kubernetes.io/hostname': input.requested ?? '' } } : {}),
      ...(priority === undefined ? {} : { priority }),
    },
  };
}

/** The target's launcher pod, which asks the scheduler for the host that was asked for. */
export function createTargetPod(input: MigrationInput, { vmi, vmim, nowMs }: StepContext): Pod | undefined {
  if (vmi === undefined) return undefined;
  const plan = {
    name: input.targetPod,
    uid: input.targetPodUid,
    vmi,
    vmim: { name: input.vmimName, uid: vmim?.metadata.uid ?? input.vmimUid },
    image: formatLauncherImage(releaseOf(input.kubevirt)),
    nodeSelector: isPinned(input) ? { 'kubernetes.io/hostname': input.requested ?? '' } : undefined,
  };
  return createLauncherPod(plan, nowMs);
}

export function handOver(vmi: Vmi, vmim: Vmim | undefined, input: MigrationInput): Vmi {
  if (vmim === undefined) return vmi;
  const uid = vmim.metadata.uid;
  const side = (node: string, pod: string): MigrationSide => ({
    domainName: `${input.namespace}_${input.vmName}`,
    domainNamespace: input.namespace,
    migrationUID: uid,
    node,
    pod,
    virtualMachineInstanceUID: vmi.metadata.uid,
  });
  const newer: MigrationState = traitsOf(input.kubevirt).hasSides
    ? {
        migrationNetworkType: 'pod',
        sourceState: side(input.source, input.sourcePod),
        targetState: side(input.target, input.targetPod),
      }
    : {};
  const migrationState: MigrationState = {
    migrationConfiguration: MIGRATION_CONFIGURATION,
    migrationUid: uid,
    sourceNode: input.source,
    sourcePod: input.sourcePod,
    targetNode: input.target,
    targetPod: input.targetPod,
    ...newer,
  };
  // Replaced as a whole: until here it is the previous migration's.
  return { ...labelVmi(vmi, TARGET_NODE_LABEL, input.target), status: { ...vmi.status, migrationState } };
}

/** Sets a field of the target's side, in the flat form and (≥ 1.6) in targetState. */
export const withTarget = (state: MigrationState, flat: MigrationState, side: MigrationSide): MigrationState => ({
  ...state,
  ...flat,
  ...(state.targetState === undefined ? {} : { targetState: { ...state.targetState, ...side } }),
});
