/** The single changes that KubeVirt and Harvester make to a VMI, a VMIM and a VM during a migration. Pure; migration-steps.ts orders them. */
import {
  type Condition,
  formatTime,
  type MigrationState,
  omit,
  type VirtualMachine,
  type VirtualMachineInstance as Vmi,
  type VirtualMachineInstanceMigration as Vmim,
  type VmimPhase,
} from './objects.ts';
import type { Traits } from './traits.ts';
import { condition, NODE_NAME_LABEL, setCondition } from './vm-objects.ts';

export const MIGRATION_FINALIZER = 'kubevirt.io/migrationJobFinalize';
export const VMI_NAME_LABEL = 'kubevirt.io/vmi-name';
export const TARGET_NODE_LABEL = 'kubevirt.io/migrationTargetNodeName';
export const EVACUATION_ANNOTATION = 'kubevirt.io/evacuationMigration';
export const WORKLOAD_UPDATE_ANNOTATION = 'kubevirt.io/workloadUpdateMigration';
export const EVICTION_SOURCE = 'kubevirt.io/eviction-source';
const EVICTION_REQUESTED = 'EvictionRequested';
export const HARVESTER_UID = 'harvesterhci.io/migrationUID';
export const HARVESTER_STATE = 'harvesterhci.io/migrationState';
export const HARVESTER_TARGET = 'harvesterhci.io/migrationTargetNodeName';
const HARVESTER_TIMESTAMP = 'harvesterhci.io/timestamp';

/** KubeVirt's defaults, as virt-controller writes them at the hand-off. */
export const MIGRATION_CONFIGURATION = {
  allowAutoConverge: false,
  allowPostCopy: false,
  bandwidthPerMigration: '0',
  completionTimeoutPerGiB: 150,
  nodeDrainTaintKey: 'kubevirt.io/drain',
  parallelMigrationsPerCluster: 5,
  parallelOutboundMigrationsPerNode: 2,
  progressTimeout: 150,
  unsafeMigrationOverride: false,
} as const;

const isFinalPhase = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';
export const isFinal = (vmim: Vmim): boolean => isFinalPhase(vmim.status?.phase);

/** An annotation set, or (undefined) removed; the same object when nothing changes. */
export function annotateVmi(vmi: Vmi, changes: Readonly<Record<string, string | undefined>>): Vmi {
  const annotations: Record<string, string> = { ...vmi.metadata.annotations };
  let changed = false;
  for (const [key, value] of Object.entries(changes)) {
    if (annotations[key] === value) continue;
    changed = true;
    if (value === undefined) delete annotations[key];
    else annotations[key] = value;
  }
  return changed ? { ...vmi, metadata: { ...vmi.metadata, annotations } } : vmi;
}

export function labelVmi(vmi: Vmi, key: string, value: string | undefined): Vmi {
  if (vmi.metadata.labels?.[key] === value) return vmi;
  const labels: Record<string, string> = { ...vmi.metadata.labels };
  if (value === undefined) delete labels[key];
  else labels[key] = value;
  return { ...vmi, metadata: { ...vmi.metadata, labels } };
}

/** Changes the migrationState of this migration; a state that belongs to another one is left alone. */
export function changeState(vmi: Vmi, vmimUid: string, change: (state: MigrationState) => MigrationState): Vmi {
  const state = vmi.status.migrationState;
  if (state?.migrationUid !== vmimUid) return vmi;
  return { ...vmi, status: { ...vmi.status, migrationState: change(state) } };
}

export const setVmiCondition = (vmi: Vmi, next: Condition): Vmi => ({
  ...vmi,
  status: { ...vmi.status, conditions: setCondition(vmi.status.conditions, next) },
});

/** The same object where there is no such condition. */
export const removeVmiCondition = (vmi: Vmi, type: string): Vmi =>
  vmi.status.conditions?.some((found) => found.type === type)
    ? { ...vmi, status: { ...vmi.status, conditions: vmi.status.conditions.filter((found) => found.type !== type) } }
    : vmi;

/** The eviction webhook's mark: the guest is to leave `node`. From 1.7 on a condition stands beside it. */
export function markEviction(vmi: Vmi, node: string, traits: Traits, nowMs: number): Vmi {
  const marked = { ...vmi, status: { ...vmi.status, evacuationNodeName: node } };
  return traits.hasEvictionRequested ? setVmiCondition(marked, condition(EVICTION_REQUESTED, 'True', nowMs)) : marked;
}

export function unmarkEviction(vmi: Vmi): Vmi {
  const left = removeVmiCondition(annotateVmi(vmi, { [EVICTION_SOURCE]: undefined }), EVICTION_REQUESTED);
  return left.status.evacuationNodeName === undefined ? left : { ...left, status: omit(left.status, 'evacuationNodeName') };
}

/** The guest now belongs to `node`: nodeName, its label, and the evacuation (or descheduler's eviction) is answered. */
export function moveInstance(vmi: Vmi, node: string): Vmi {
  const owned = labelVmi(unmarkEviction(vmi), NODE_NAME_LABEL, node);
  return { ...owned, status: { ...owned.status, nodeName: node } };
}

export const setPods = (vmi: Vmi, change: (pods: Record<string, string>) => void): Vmi => {
  const activePods: Record<string, string> = { ...vmi.status.activePods };
  change(activePods);
  return { ...vmi, status: { ...vmi.status, activePods } };
};

export function setPhase(vmim: Vmim, phase: VmimPhase, nowMs: number): Vmim {
  const transition = { phase, phaseTransitionTimestamp: formatTime(nowMs) };
  const phaseTransitionTimestamps = [...(vmim.status?.phaseTransitionTimestamps ?? []), transition];
  return { ...vmim, status: { ...vmim.status, phase, phaseTransitionTimestamps } };
}

export const setVmimCondition = (vmim: Vmim, next: Condition): Vmim => ({
  ...vmim,
  status: { ...vmim.status, conditions: setCondition(vmim.status?.conditions, next) },
});

/** The same object where there is no such condition. */
export const removeVmimCondition = (vmim: Vmim, type: string): Vmim =>
  vmim.status?.conditions?.some((found) => found.type === type)
    ? { ...vmim, status: { ...vmim.status, conditions: vmim.status.conditions.filter((found) => found.type !== type) } }
    : vmim;

/** A VMIM that is over gets a copy of the VMI's migrationState, if that is its own (≥ 1.6 and before alike). */
export function copyState(vmim: Vmim, vmi: Vmi | undefined): Vmim {
  const state = vmi?.status.migrationState;
  if (state === undefined || state.migrationUid !== vmim.metadata.uid) return vmim;
  return { ...vmim, status: { ...vmim.status, migrationState: state } };
}

export function removeFinalizer(vmim: Vmim): Vmim {
  const finalizers = (vmim.metadata.finalizers ?? []).filter((finalizer) => finalizer !== MIGRATION_FINALIZER);
  const metadata = omit(vmim.metadata, 'finalizers');
  return { ...vmim, metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers } };
}

export const setPrintable = (vm: VirtualMachine, from: string, to: string): VirtualMachine =>
  vm.status.printableStatus === from ? { ...vm, status: { ...vm.status, printableStatus: to } } : vm;

/** Harvester touches the VM after each of its annotations, only so that Rancher sends it again (harvester#6193). */
export const touchVm = (vm: VirtualMachine, nowMs: number): VirtualMachine => ({
  ...vm,
  metadata: { ...vm.metadata, annotations: { ...vm.metadata.annotations, [HARVESTER_TIMESTAMP]: new Date(nowMs).toISOString() } },
});
