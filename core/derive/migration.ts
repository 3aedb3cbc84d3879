/**
 * A VM's migrations from its VMI and VMIMs (domain.md 3.4–3.9): the one in flight, and those that are over.
 *
 * A VMI's migrationState belongs to the migration whose uid it carries and to no other (T2): until the hand-off it is still the
 * previous one's.
 */
import type { MigrationStateFact, PodFact, VmiFact, VmimFact } from '../facts.ts';
import type { Danger, DerivedTransit, FinishedMigration, TransitStage } from '../model.ts';
import { TRANSIT_STAGES, vmIdOf } from '../model.ts';
import { deriveCause } from './cause.ts';
import { byAge, deriveEnd, deriveOrphanEnd, type EndContext, isEnded, orphanStateOf, requestedHostOf } from './ending.ts';
import { directionOf, hasArrived, isPostCopy, isSuspended, routeOf, stageFromVmi, stateFor } from './route.ts';
import type { SlotUser } from './slots.ts';
import { isOver } from './vm-state.ts';
import { deriveBackoff, deriveWait } from './waiting.ts';

/** What is known of a VM's migrations from the objects that exist now. */
export interface DerivedMigrations {
  /** What a queued one waits for is not in it yet where that is a slot: slots.ts. */
  readonly transit?: DerivedTransit;
  readonly danger?: Danger;
  readonly slot?: SlotUser;
  /** Those that are over, oldest first. One that the VMI still shows as under way is not among them. */
  readonly finished: readonly FinishedMigration[];
}

/** `vmims`: all of this VM's namespace and name. */
export function deriveMigrations(vmi: VmiFact | undefined, vmims: readonly VmimFact[], context: EndContext): DerivedMigrations {
  const flight = vmi === undefined || isOver(vmi) ? undefined : deriveFlight(vmi, vmims, context);
  const known = vmims.flatMap((vmim) => deriveEnd(vmim, vmi, context) ?? []);
  const finished = withOrphan(known.sort(byAge), vmi === undefined ? undefined : deriveOrphanEnd(vmi, vmims));
  return { ...flight, finished: finished.filter(({ id }) => id !== flight?.transit.id) };
}

/** KubeVirt collects the oldest VMIMs first, so a collected one is older than those left; an abort deletes its VMIM at once. */
function withOrphan(known: readonly FinishedMigration[], orphan: FinishedMigration | undefined): readonly FinishedMigration[] {
  if (orphan === undefined) return known;
  return orphan.outcome === 'aborted' ? [...known, orphan] : [orphan, ...known];
}

type Flight = Omit<DerivedMigrations, 'finished'> & { readonly transit: DerivedTransit };

function deriveFlight(vmi: VmiFact, vmims: readonly VmimFact[], context: EndContext): Flight | undefined {
  // What the VMI itself carries is of this run, whatever the API servers' clocks say.
  const ofThisRun = vmims.filter((vmim) => stateFor(vmi, vmim.uid) !== undefined || !isCreatedBefore(vmim, vmi));
  const late = newest(ofThisRun.filter((vmim) => isAheadOfVmi(vmim, vmi, vmims)));
  if (late !== undefined) {
    const transit = transitOf(vmi, late, stateFor(vmi, late.uid) ?? late.migration, context);
    return { transit: { ...transit, stage: 'switching' } };
  }
  const active = mostAdvanced(
    ofThisRun.filter((vmim) => !isEnded(vmim, stateFor(vmi, vmim.uid))),
    vmi,
    context,
  );
  if (active === undefined) return deriveOrphanFlight(vmi, vmims);
  return flightOf(vmi, active, vmims, context);
}

function flightOf(vmi: VmiFact, vmim: VmimFact, siblings: readonly VmimFact[], context: EndContext): Flight {
  const state = stateFor(vmi, vmim.uid);
  const transit = transitOf(vmi, vmim, state, context);
  const { stage } = transit;
  const pod = context.podOf(vmim.uid);
  const wait = deriveWait({ vmim, vmi, pod, state, stage });
  const isRunning = stage !== 'queued' && (stage !== 'aborting' || stageFromVmim(vmim) !== 'queued');
  const slot: SlotUser = {
    vm: vmIdOf(vmi.namespace, vmi.name),
    hosts: [vmi.nodeName, vmi.migration?.sourceNode ?? null].filter((host) => host !== null),
    isRunning,
    hasMigration: true,
    priority: vmim.priority,
    createdAt: vmim.createdAt ?? 0,
    wait: isRunning ? undefined : wait,
    backoff: deriveBackoff(vmim, siblings),
  };
  return {
    transit: isRunning && wait !== undefined ? { ...transit, waitingFor: wait } : transit,
    ...(state !== undefined && isPostCopy(state) && ({ danger: 'post-copy' } as const)),
    ...((isRunning || stage === 'queued') && { slot }),
  };
}

type Created = Pick<VmimFact, 'createdAt'>;
/** A restarted VM has a new VMI of the same name; both times are the API server's (T4). False where it cannot be told: they are whole seconds. */
const isCreatedBefore = (a: Created, b: Created): boolean => a.createdAt !== null && b.createdAt !== null && a.createdAt < b.createdAt;

/**
 * The VMIM has succeeded, but the VMI is still on the source: its watch is late (T5), KubeVirt ≤ 1.5 has set `completed` before
 * nodeName, or the source of a cross-cluster migration was not told (kubevirt#15299). The VM has not gone back to the source, so it
 * is not shown as settled there.
 */
function isAheadOfVmi(vmim: VmimFact, vmi: VmiFact, vmims: readonly VmimFact[]): boolean {
  if (vmim.phase !== 'Succeeded' || vmim.direction === 'in') return false;
  const state = stateFor(vmi, vmim.uid) ?? (isUnheardOf(vmim, vmi, vmims) ? vmim.migration : undefined);
  if (state === undefined || state.failed) return false;
  if (vmim.direction === 'out') return true;
  return state.targetNode !== null && state.targetNode !== state.sourceNode && vmi.nodeName === state.sourceNode;
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

function transitOf(vmi: VmiFact, vmim: VmimFact, state: MigrationStateFact | undefined, context: EndContext): DerivedTransit {
  const requested = requestedHostOf(vmim, vmi);
  const pod = context.podOf(vmim.uid);
  return {
    id: vmim.uid,
    stage: stageOf(vmi, vmim, state, pod),
    ...deriveCause(vmim, vmi, context),
    ...routeOf(vmim.direction, state, { nodeName: vmi.nodeName, pod, pair: vmim.pair }),
    ...(requested !== undefined && { requested }),
    ...(state !== undefined && isSuspended(vmi, state) && ({ suspended: true } as const)),
  };
}

function stageOf(vmi: VmiFact, vmim: VmimFact, state: MigrationStateFact | undefined, pod: PodFact | undefined): TransitStage {
  const stage = furthest(
    furthest(stageFromVmim(vmim), pod === undefined ? 'queued' : 'scheduling'),
    stageFromVmi(vmi, state, vmim.direction),
  );
  if (stage === 'finishing') return stage;
  const isAborting = vmim.deleting || vmim.abortRequested || state?.abortRequested === true;
  return isAborting ? 'aborting' : stage;
}

/** A phase of a later KubeVirt says nothing here; the VMI may. */
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

/** Either object can be ahead of the other, since their watches have no order between them (T5). */
const furthest = (a: TransitStage, b: TransitStage): TransitStage => (TRANSIT_STAGES.indexOf(a) >= TRANSIT_STAGES.indexOf(b) ? a : b);

/** A migrationState that is under way though no VMIM of it is known: the VMIM's watch is late, or it was removed by force. */
function deriveOrphanFlight(vmi: VmiFact, vmims: readonly VmimFact[]): Flight | undefined {
  const state = orphanStateOf(vmi, vmims);
  if (state === undefined || !state.started || state.ended || state.completed || state.failed) return undefined;
  const direction = directionOf(undefined, state, vmi.uid);
  return {
    transit: {
      id: state.migrationUid,
      stage: state.abortRequested && !hasArrived(vmi, state, direction) ? 'aborting' : stageFromVmi(vmi, state, direction),
      cause: direction === undefined ? 'unknown' : 'cross-cluster',
      ...routeOf(direction, state, { nodeName: vmi.nodeName }),
      ...(isSuspended(vmi, state) && ({ suspended: true } as const)),
    },
    ...(isPostCopy(state) && ({ danger: 'post-copy' } as const)),
  };
}

/**
 * The one that is under way where several are not over: KubeVirt refuses a second one, but shows it for a moment. The VMI's own
 * comes first, then the furthest, then the older; the uid breaks a tie so that the order of arrival cannot (T5).
 */
function mostAdvanced(vmims: readonly VmimFact[], vmi: VmiFact, { podOf }: EndContext): VmimFact | undefined {
  const rank = (vmim: VmimFact): number =>
    (stateFor(vmi, vmim.uid) === undefined ? 0 : 100) +
    (podOf(vmim.uid) === undefined ? 0 : 1) +
    TRANSIT_STAGES.indexOf(stageFromVmim(vmim));
  const isBefore = (a: VmimFact, b: VmimFact): boolean =>
    rank(a) !== rank(b) ? rank(a) > rank(b) : a.createdAt !== b.createdAt ? (a.createdAt ?? 0) < (b.createdAt ?? 0) : a.uid < b.uid;
  return vmims.reduce<VmimFact | undefined>((best, vmim) => (best === undefined || isBefore(vmim, best) ? vmim : best), undefined);
}
