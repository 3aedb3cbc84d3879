/**
 * From where to where a migration goes, whether it has arrived, and how far the VMI says it is (domain.md 3.4, 3.6, 3.9).
 *
 * Where the guest moves to another VMI (cross-cluster, or to another namespace) the other side's host is a name of the other
 * cluster. It never becomes `from` or `to`, which are places of this one: two clusters may well both have a `harv-2`.
 */
import type { MigrationStateFact, PodFact, VmiFact, VmimFact } from '../facts.ts';
import type { HostName, Peer, TransitStage } from '../model.ts';
import { isConditionTrue } from './conditions.ts';

export interface Route {
  readonly from: HostName | null;
  readonly to: HostName | null;
  readonly peer?: Peer;
}

/** T2: a VMI's migrationState counts for the migration whose uid it carries, and for no other. */
export const stateFor = (vmi: VmiFact | undefined, uid: string): MigrationStateFact | undefined =>
  vmi?.migration?.migrationUid === uid ? vmi.migration : undefined;

export type Direction = Peer['direction'] | undefined;

/** Undefined for a migration within the VMI. Where the VMIM is gone, the VMIs that its state names tell. */
export function directionOf(vmim: VmimFact | undefined, state: MigrationStateFact | undefined, vmiUid: string | undefined): Direction {
  if (vmim !== undefined) return vmim.direction;
  if (state?.sourceVmi === undefined || state.targetVmi === undefined || state.sourceVmi === state.targetVmi) return undefined;
  return state.targetVmi === vmiUid ? 'in' : 'out';
}

/** `nodeName`: where the guest is, as far as the state does not name the source. */
export function routeOf(
  direction: Direction,
  state: MigrationStateFact | undefined,
  { nodeName, pod, pair }: { readonly nodeName: HostName | null; readonly pod?: PodFact | undefined; readonly pair?: string | undefined },
): Route {
  const target = state?.targetNode ?? pod?.nodeName ?? null;
  if (direction === undefined) return { from: state?.sourceNode ?? nodeName, to: target };
  const peerHost = direction === 'out' ? state?.targetNode : state?.sourceNode;
  const peer: Peer = {
    direction,
    ...(pair !== undefined && { pair }),
    ...(peerHost != null && { host: peerHost }),
  };
  return direction === 'out' ? { from: state?.sourceNode ?? nodeName, to: null, peer } : { from: null, to: target ?? nodeName, peer };
}

/** The VMI runs where the migration was to take it. KubeVirt ≤ 1.5 sets `completed` before, ≥ 1.6 after: neither matters (T1). */
export function hasArrived(vmi: VmiFact, state: MigrationStateFact, direction: Direction): boolean {
  if (direction === 'out') return false;
  if (direction === 'in') return vmi.phase === 'Running' && state.ended;
  if (state.targetNode === null || vmi.nodeName !== state.targetNode) return false;
  return state.sourceNode !== state.targetNode || state.ended;
}

export function stageFromVmi(vmi: VmiFact, state: MigrationStateFact | undefined, direction: Direction): TransitStage {
  if (state === undefined) return 'queued';
  if (hasArrived(vmi, state, direction)) return 'finishing';
  if (state.targetReady || (state.ended && !state.failed)) return 'switching';
  // A side of a cross-cluster migration carries its uid before its target is known.
  return state.started ? 'transferring' : state.targetNode === null ? 'scheduling' : 'preparing';
}

const isUnderWay = ({ started, ended, completed, failed }: MigrationStateFact): boolean => started && !ended && !completed && !failed;

/** The guest runs on the target and still fetches its memory from the source: if either host fails now, it is lost. */
export const isPostCopy = (state: MigrationStateFact): boolean => state.mode === 'PostCopy' && isUnderWay(state);

/** Mode Paused, or the pause of KubeVirt's migration monitor, until the guest was resumed on the target (domain.md 3.6, 3.7). */
export function isSuspended(vmi: VmiFact, state: MigrationStateFact): boolean {
  const isPaused =
    state.mode === 'Paused' ||
    (isConditionTrue(vmi.conditions, 'Paused') && vmi.conditions.some(({ reason }) => reason === 'PausedByMigrationMonitor'));
  return isPaused && isUnderWay(state) && !state.targetReady;
}
