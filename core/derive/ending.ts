/**
 * How migrations ended (domain.md 3.5–3.7). The outcome comes from the VMIM, else from a matching migrationState of the VMI, else
 * nobody knows (T3). The reason comes from wherever one is recorded.
 */
import type { MigrationStateFact, PodFact, VmiFact, VmimFact } from '../facts.ts';
import type { FinishedMigration, Outcome } from '../model.ts';
import { vmIdOf } from '../model.ts';
import { formatExplanation, shortenText } from '../text.ts';
import { type CauseContext, deriveCauseOfEnded } from './cause.ts';
import { findCondition } from './conditions.ts';
import { directionOf, hasArrived, type Route, routeOf, stateFor } from './route.ts';
import { isOver } from './vm-state.ts';

export interface EndContext extends CauseContext {
  readonly podOf: (migrationUid: string) => PodFact | undefined;
}

export const isFinal = (vmim: VmimFact): boolean => vmim.phase === 'Succeeded' || vmim.phase === 'Failed';

/** `failed` on the VMI alone is terminal: `completed` may never come (T3, KubeVirt 1.6–1.8). */
export const isEnded = (vmim: VmimFact, state: MigrationStateFact | undefined): boolean => isFinal(vmim) || state?.failed === true;

/** How a migration ended; undefined where it has not. */
export function deriveEnd(vmim: VmimFact, vmi: VmiFact | undefined, context: EndContext): FinishedMigration | undefined {
  const ownState = stateFor(vmi, vmim.uid);
  if (!isEnded(vmim, ownState)) return undefined;
  const state = ownState ?? vmim.migration;
  const outcome = outcomeOf(vmim, state);
  const requested = requestedHostOf(vmim, vmi);
  return {
    id: vmim.uid,
    vm: vmIdOf(vmim.namespace, vmim.vmiName),
    outcome,
    ...deriveCauseOfEnded(vmim, vmi),
    ...placesOf(routeOf(directionOf(vmim, state, vmi?.uid), state, { nodeName: null, pod: context.podOf(vmim.uid) })),
    ...(requested !== undefined && { requested }),
    ...reasonOf(outcome, failureReasonOf(vmim, vmi, context)),
    createdAt: vmim.createdAt,
    ...(vmim.overAt !== null && { overAt: vmim.overAt }),
  };
}

/** The VMI's migrationState where its VMIM is gone: aborted, collected, or removed by force. */
export function deriveOrphanEnd(vmi: VmiFact, vmims: readonly VmimFact[]): FinishedMigration | undefined {
  const state = orphanStateOf(vmi, vmims);
  if (state === undefined) return undefined;
  const direction = directionOf(undefined, state, vmi.uid);
  const outcome = outcomeFromState(state, hasArrived(vmi, state, direction) || (direction === 'out' && vmi.phase === 'Succeeded'));
  if (outcome === undefined) return undefined;
  return {
    id: state.migrationUid,
    vm: vmIdOf(vmi.namespace, vmi.name),
    outcome,
    cause: direction === undefined ? 'unknown' : 'cross-cluster',
    ...placesOf(routeOf(direction, state, { nodeName: null })),
    ...reasonOf(outcome, state.failureReason),
    createdAt: null,
  };
}

export function orphanStateOf(
  { migration: state }: VmiFact,
  vmims: readonly VmimFact[],
): (MigrationStateFact & { readonly migrationUid: string }) | undefined {
  if (state === undefined) return undefined;
  const { migrationUid } = state;
  return migrationUid === null || vmims.some(({ uid }) => uid === migrationUid) ? undefined : { ...state, migrationUid };
}

/** The host somebody asked for: on the VMIM since KubeVirt 1.6, before that Harvester's annotation for this very migration. */
export const requestedHostOf = (vmim: VmimFact, vmi: VmiFact | undefined): string | undefined =>
  vmim.requestedHost ?? (vmi?.harvesterMigrationUid === vmim.uid ? vmi.harvesterTarget : undefined);

/** The oldest first: by their ends, which one controller writes, else by their creation. */
export const byAge = (a: FinishedMigration, b: FinishedMigration): number => {
  const ageOf = ({ overAt, createdAt }: FinishedMigration): number => overAt ?? createdAt ?? Number.MAX_SAFE_INTEGER;
  return ageOf(a) - ageOf(b) || (a.createdAt ?? 0) - (b.createdAt ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
};

const placesOf = ({ from, to }: Route): Pick<FinishedMigration, 'from' | 'to'> => ({ from, to });

const reasonOf = (outcome: Outcome, reason: string | undefined): { reason?: string } =>
  outcome === 'succeeded' || reason === undefined ? {} : { reason: shortenText(reason) };

function outcomeOf(vmim: VmimFact, state: MigrationStateFact | undefined): Outcome {
  if (vmim.phase === 'Succeeded') return 'succeeded';
  return vmim.abortRequested || state?.abortStatus === 'Succeeded' ? 'aborted' : 'failed';
}

function outcomeFromState(state: MigrationStateFact, arrived: boolean): Outcome | undefined {
  if (state.failed) return state.abortStatus === 'Succeeded' ? 'aborted' : 'failed';
  return (state.completed || state.ended) && arrived ? 'succeeded' : undefined;
}

function failureReasonOf(vmim: VmimFact, vmi: VmiFact | undefined, context: EndContext): string | undefined {
  const recorded = recordedReasonOf(vmim, vmi, context);
  const state = stateFor(vmi, vmim.uid);
  // The source's launcher can crash after the guest has gone (kubevirt#13112): KubeVirt then calls the move failed.
  if (vmi === undefined || state === undefined || state.failed || !hasArrived(vmi, state, vmim.direction)) return recorded;
  return [`recorded as failed, but the VM is on ${vmi.nodeName}`, recorded].filter((part) => part !== undefined).join(': ');
}

/** The VMI's words first, for it is the one that knows most; then the VMIM's, then what else of it is left. */
function recordedReasonOf(vmim: VmimFact, vmi: VmiFact | undefined, context: EndContext): string | undefined {
  return (
    stateFor(vmi, vmim.uid)?.failureReason ??
    vmim.migration?.failureReason ??
    conditionReasonOf(vmim) ??
    peerReasonOf(vmim, vmi) ??
    context.podOf(vmim.uid)?.unschedulable ??
    refusalOf(vmim, vmi)
  );
}

/** Conditions that say why a migration never got as far as the VMI (domain.md 3.5). */
const FAILURE_CONDITIONS = [
  'migrationRejectedByResourceQuota',
  'decentralizedMigrationBlocked',
  'migrationBlockedByBackup',
  'migrationBlockedByUtilityVolumes',
];

function conditionReasonOf({ conditions }: VmimFact): string | undefined {
  const condition = FAILURE_CONDITIONS.map((type) => findCondition(conditions, type)).find((found) => found?.status === 'True');
  return condition === undefined ? undefined : formatExplanation(condition) || condition.type;
}

function peerReasonOf(vmim: VmimFact, vmi: VmiFact | undefined): string | undefined {
  const failure = vmim.direction === undefined ? undefined : findCondition(vmi?.conditions ?? [], 'DecentralizedLiveMigrationFailure');
  return failure?.status === 'True' ? formatExplanation(failure) : undefined;
}

/**
 * KubeVirt fails a second migration of a VM without ever making it Pending, and records no reason (domain.md 3.7). So it does where the
 * VM has ended, which a VMI of this run that has not rules out.
 */
function refusalOf({ phase, phases, abortRequested, createdAt }: VmimFact, vmi: VmiFact | undefined): string | undefined {
  const wasRefused = phase === 'Failed' && !abortRequested && phases.length > 0 && phases.every((name) => name === 'Failed');
  const isOfThisRun = vmi !== undefined && !isOver(vmi) && (createdAt ?? 0) >= (vmi.createdAt ?? 0);
  return wasRefused && isOfThisRun ? 'refused: another migration of this VM was in progress' : undefined;
}
