/**
 * Migrations from VMIM and VMI (domain.md 3.4–3.8): the one in flight, and those that are over.
 *
 * A VMI's migrationState belongs to the migration whose uid it carries and to no other (T2): until the hand-off it is still the
 * previous one's. The outcome comes from the VMIM, else from a matching migrationState, else nobody knows (T3).
 */
import type { MigrationStateFact, VmiFact, VmimFact } from '../facts.ts';
import type { Cause, DerivedTransit, FinishedMigration, Outcome, TransitStage } from '../model.ts';
import { TRANSIT_STAGES, vmIdOf } from '../model.ts';
import { findCondition, isOver } from './vm-state.ts';

/** What is known of a VM's migrations from the objects that exist now. */
export interface DerivedMigrations {
  readonly transit?: DerivedTransit;
  /** Those that are over, oldest first. One that the VMI still shows as under way is not among them. */
  readonly finished: readonly FinishedMigration[];
}

/** `vmims`: all of this VM's namespace and name. */
export function deriveMigrations(vmi: VmiFact | undefined, vmims: readonly VmimFact[]): DerivedMigrations {
  const transit = vmi === undefined || isOver(vmi) ? undefined : deriveTransit(vmi, vmims);
  const known = vmims.flatMap((vmim) => deriveEnd(vmim, vmi) ?? []);
  const finished = withOrphan(known.sort(byCreation), vmi === undefined ? undefined : deriveOrphanFinished(vmi, vmims));
  return {
    ...(transit !== undefined && { transit }),
    finished: finished.filter(({ id }) => id !== transit?.id),
  };
}

/** How a migration ended; undefined where it has not. */
export const deriveEnd = (vmim: VmimFact, vmi: VmiFact | undefined): FinishedMigration | undefined =>
  isEnded(vmim, stateFor(vmi, vmim.uid)) ? finishedOf(vmim, vmi) : undefined;

/** KubeVirt collects the oldest VMIMs first, so a collected one is older than those left; an abort deletes its VMIM at once. */
function withOrphan(known: readonly FinishedMigration[], orphan: FinishedMigration | undefined): readonly FinishedMigration[] {
  if (orphan === undefined) return known;
  return orphan.outcome === 'aborted' ? [...known, orphan] : [orphan, ...known];
}

const isFinal = (vmim: VmimFact): boolean => vmim.phase === 'Succeeded' || vmim.phase === 'Failed';

/** `failed` on the VMI alone is terminal: `completed` may never come (T3, KubeVirt 1.6–1.8). */
const isEnded = (vmim: VmimFact, state: MigrationStateFact | undefined): boolean => isFinal(vmim) || state?.failed === true;

function deriveTransit(vmi: VmiFact, vmims: readonly VmimFact[]): DerivedTransit | undefined {
  const ofThisRun = vmims.filter((vmim) => !isOfEarlierRun(vmim, vmi));
  const late = newest(ofThisRun.filter((vmim) => isAheadOfVmi(vmim, vmi, vmims)));
  if (late !== undefined) return { ...transitOf(vmi, late, stateFor(vmi, late.uid) ?? late.migration), stage: 'switching' };
  const active = mostAdvanced(
    ofThisRun.filter((vmim) => !isEnded(vmim, stateFor(vmi, vmim.uid))),
    vmi,
  );
  return active === undefined ? deriveOrphanTransit(vmi, vmims) : transitOf(vmi, active, stateFor(vmi, active.uid));
}

/** A restarted VM has a new VMI of the same name; both times are the API server's (T4). */
const isOfEarlierRun = (vmim: VmimFact, vmi: VmiFact): boolean => isCreatedBefore(vmim, vmi);

type Created = Pick<VmimFact, 'createdAt'>;
/** False where it cannot be told: creation times are whole seconds. */
const isCreatedBefore = (a: Created, b: Created): boolean => a.createdAt !== null && b.createdAt !== null && a.createdAt < b.createdAt;

/**
 * The VMIM has succeeded, but the VMI is still on the source: its watch is late (T5), or KubeVirt ≤ 1.5 has set `completed` before
 * nodeName. The VM has not gone back to the source, so it is not shown as settled there.
 */
function isAheadOfVmi(vmim: VmimFact, vmi: VmiFact, vmims: readonly VmimFact[]): boolean {
  const state = stateFor(vmi, vmim.uid) ?? (isUnheardOf(vmim, vmi, vmims) ? vmim.migration : undefined);
  return (
    vmim.phase === 'Succeeded' &&
    state !== undefined &&
    !state.failed &&
    state.targetNode !== null &&
    state.targetNode !== state.sourceNode &&
    vmi.nodeName === state.sourceNode
  );
}

/** The VMI still carries no migration's state, or that of an earlier one. Where that cannot be told it is taken for the present. */
function isUnheardOf(vmim: VmimFact, vmi: VmiFact, vmims: readonly VmimFact[]): boolean {
  if (vmi.migration === undefined) return isCreatedBefore(vmi, vmim);
  const carried = vmims.find(({ uid }) => uid === vmi.migration?.migrationUid);
  return carried !== undefined && isCreatedBefore(carried, vmim);
}

const newest = (vmims: readonly VmimFact[]): VmimFact | undefined =>
  vmims.reduce<VmimFact | undefined>((best, vmim) => {
    if (best === undefined) return vmim;
    const later = (vmim.createdAt ?? 0) - (best.createdAt ?? 0) || (vmim.uid < best.uid ? 1 : -1);
    return later > 0 ? vmim : best;
  }, undefined);

function transitOf(vmi: VmiFact, vmim: VmimFact, state: MigrationStateFact | undefined): DerivedTransit {
  const requested = vmim.requestedHost ?? (vmi.harvesterMigrationUid === vmim.uid ? vmi.harvesterTarget : undefined);
  return {
    id: vmim.uid,
    stage: stageOf(vmi, vmim, state),
    cause: deriveCause(vmim, vmi),
    from: state?.sourceNode ?? vmi.nodeName,
    to: state?.targetNode ?? null,
    ...(requested !== undefined && { requested }),
  };
}

function stageOf(vmi: VmiFact, vmim: VmimFact, state: MigrationStateFact | undefined): TransitStage {
  const stage = furthest(stageFromVmim(vmim), stageFromVmi(vmi, state));
  if (stage === 'finishing') return stage;
  const isAborting = vmim.deleting || vmim.abortRequested || state?.abortRequested === true;
  return isAborting ? 'aborting' : stage;
}

function stageFromVmim(vmim: VmimFact): TransitStage {
  switch (vmim.phase) {
    case 'Scheduling':
    case 'Scheduled':
      return 'scheduling';
    case 'PreparingTarget':
    case 'TargetReady':
      return 'preparing';
    case 'Running':
    case 'Succeeded':
    case 'Failed':
      return 'transferring';
    default:
      return 'queued';
  }
}

function stageFromVmi(vmi: VmiFact, state: MigrationStateFact | undefined): TransitStage {
  if (state === undefined) return 'queued';
  if (hasArrived(vmi, state)) return 'finishing';
  if (state.targetReady || (state.ended && !state.failed)) return 'switching';
  return state.started ? 'transferring' : 'preparing';
}

/** Either object can be ahead of the other, since their watches have no order between them (T5). */
const furthest = (a: TransitStage, b: TransitStage): TransitStage => (TRANSIT_STAGES.indexOf(a) >= TRANSIT_STAGES.indexOf(b) ? a : b);

/** The VMI runs where the migration was to take it. KubeVirt ≤ 1.5 sets `completed` before, ≥ 1.6 after: neither matters (T1). */
function hasArrived(vmi: VmiFact, state: MigrationStateFact): boolean {
  if (state.targetNode === null || vmi.nodeName !== state.targetNode) return false;
  return state.sourceNode !== state.targetNode || state.ended;
}

/** A migrationState that is under way though no VMIM of it is known: the VMIM's watch is late, or it was removed by force. */
function deriveOrphanTransit(vmi: VmiFact, vmims: readonly VmimFact[]): DerivedTransit | undefined {
  const state = orphanState(vmi, vmims);
  if (state === undefined || state.uid === null || !state.started || state.ended || state.completed || state.failed) return undefined;
  return {
    id: state.uid,
    stage: state.abortRequested ? 'aborting' : stageFromVmi(vmi, state),
    cause: 'unknown',
    from: state.sourceNode ?? vmi.nodeName,
    to: state.targetNode,
  };
}

function deriveOrphanFinished(vmi: VmiFact, vmims: readonly VmimFact[]): FinishedMigration | undefined {
  const state = orphanState(vmi, vmims);
  if (state === undefined || state.uid === null) return undefined;
  const outcome = outcomeFromState(vmi, state);
  if (outcome === undefined) return undefined;
  return {
    id: state.uid,
    vm: vmIdOf(vmi.namespace, vmi.name),
    outcome,
    cause: 'unknown',
    from: state.sourceNode,
    to: state.targetNode,
    ...reasonOf(outcome, state.failureReason),
    createdAt: null,
  };
}

function orphanState(vmi: VmiFact, vmims: readonly VmimFact[]): (MigrationStateFact & { readonly uid: string | null }) | undefined {
  const state = vmi.migration;
  if (state === undefined || state.migrationUid === null) return undefined;
  if (vmims.some(({ uid }) => uid === state.migrationUid)) return undefined;
  return { ...state, uid: state.migrationUid };
}

function outcomeFromState(vmi: VmiFact, state: MigrationStateFact): Outcome | undefined {
  if (state.failed) return state.abortStatus === 'Succeeded' ? 'aborted' : 'failed';
  if (state.completed && hasArrived(vmi, state)) return 'succeeded';
  if (state.ended && hasArrived(vmi, state)) return 'succeeded';
  return undefined;
}

function finishedOf(vmim: VmimFact, vmi: VmiFact | undefined): FinishedMigration {
  const state = stateFor(vmi, vmim.uid) ?? vmim.migration;
  const outcome = outcomeOf(vmim, state);
  return {
    id: vmim.uid,
    vm: vmIdOf(vmim.namespace, vmim.vmiName),
    outcome,
    cause: deriveCause(vmim, vmi),
    from: state?.sourceNode ?? null,
    to: state?.targetNode ?? null,
    ...reasonOf(outcome, state?.failureReason ?? vmim.migration?.failureReason ?? failureCondition(vmim)),
    createdAt: vmim.createdAt,
  };
}

function outcomeOf(vmim: VmimFact, state: MigrationStateFact | undefined): Outcome {
  if (vmim.phase === 'Succeeded') return 'succeeded';
  return vmim.abortRequested || state?.abortStatus === 'Succeeded' ? 'aborted' : 'failed';
}

/** Conditions that say why a migration never got as far as the VMI (domain.md 3.5). */
const FAILURE_CONDITIONS = ['migrationRejectedByResourceQuota', 'decentralizedMigrationBlocked', 'migrationBlockedByBackup'];

function failureCondition(vmim: VmimFact): string | undefined {
  for (const type of FAILURE_CONDITIONS) {
    const condition = findCondition(vmim.conditions, type);
    if (condition?.status === 'True') return condition.message ?? condition.reason ?? type;
  }
  return undefined;
}

const reasonOf = (outcome: Outcome, reason: string | undefined): { reason?: string } =>
  outcome === 'succeeded' || reason === undefined ? {} : { reason };

/** Who asked for it (domain.md 3.8, harvester/harvester#8924). */
export function deriveCause(vmim: VmimFact, vmi: VmiFact | undefined): Cause {
  if (vmim.crossCluster) return 'cross-cluster';
  if (vmim.evacuatingFrom !== undefined || vmim.name.startsWith('kubevirt-evacuation-')) {
    return vmi?.evictionSource === 'descheduler' || vmim.priority === 'system-maintenance' ? 'rebalance' : 'drain';
  }
  if (vmim.workloadUpdate || vmim.name.startsWith('kubevirt-workload-update-')) {
    if (vmim.priority === 'system-critical') return 'upgrade';
    if (vmi?.volumesChange === true) return 'storage';
    return vmim.priority === 'user-triggered' ? 'hotplug' : 'unknown';
  }
  const isNamedByPeople = vmim.name.startsWith('kubevirt-migrate-vm-') || vmim.name.startsWith(`${vmim.vmiName}-`);
  // Harvester < 1.7 writes whom it asked for on the VMI.
  const isAskedByHarvester = vmi?.harvesterMigrationUid === vmim.uid && vmi.harvesterTarget !== undefined;
  return isNamedByPeople || isAskedByHarvester || vmim.requestedHost !== undefined ? 'user' : 'unknown';
}

const stateFor = (vmi: VmiFact | undefined, uid: string): MigrationStateFact | undefined =>
  vmi?.migration?.migrationUid === uid ? vmi.migration : undefined;

/**
 * The one that is under way where several are not over: KubeVirt refuses a second one, but shows it for a moment. The VMI's own
 * comes first, then the furthest, then the older; the uid breaks a tie so that the order of arrival cannot (T5).
 */
function mostAdvanced(vmims: readonly VmimFact[], vmi: VmiFact): VmimFact | undefined {
  const rank = (vmim: VmimFact): number => (stateFor(vmi, vmim.uid) === undefined ? 0 : 100) + TRANSIT_STAGES.indexOf(stageFromVmim(vmim));
  const isBefore = (a: VmimFact, b: VmimFact): boolean =>
    rank(a) !== rank(b) ? rank(a) > rank(b) : a.createdAt !== b.createdAt ? (a.createdAt ?? 0) < (b.createdAt ?? 0) : a.uid < b.uid;
  return vmims.reduce<VmimFact | undefined>((best, vmim) => (best === undefined || isBefore(vmim, best) ? vmim : best), undefined);
}

const byCreation = (a: FinishedMigration, b: FinishedMigration): number =>
  (a.createdAt ?? Number.MAX_SAFE_INTEGER) - (b.createdAt ?? Number.MAX_SAFE_INTEGER) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
