/** Which virt-handlers are to be asked, and when. Pure. */
import type { DerivedVm, HostName, MigrationId, VmId } from '../../core/model.ts';
import { PROGRESS_INTERVAL_MS } from '../../core/progress.ts';
import { type Backoff, backoffMs } from '../backoff.ts';

/** A migration of which there can be measurements. */
export interface MeasuredMove {
  readonly vm: VmId;
  readonly migration: MigrationId;
  /** Whose virt-handler may have measured it, the better one first: the source copies, the target looks on. */
  readonly hosts: readonly HostName[];
  /** KubeVirt forces its end: post-copy is under way, or it holds the guest. */
  readonly endsAnyway: boolean;
}

/** virt-handler measures from the hand-off, which is what `preparing` begins with, until the migration is completed. */
const MEASURED_STAGES: ReadonlySet<string> = new Set(['preparing', 'transferring', 'switching']);

export function selectMoves(vms: Iterable<DerivedVm>): readonly MeasuredMove[] {
  const moves: MeasuredMove[] = [];
  for (const { id, transit, danger } of vms) {
    if (transit === undefined || !MEASURED_STAGES.has(transit.stage)) continue;
    const hosts = [...new Set([transit.from, transit.to])].filter((host): host is HostName => host !== null);
    const endsAnyway = transit.suspended === true || danger?.includes('post-copy') === true;
    if (hosts.length > 0) moves.push({ vm: id, migration: transit.id, hosts, endsAnyway });
  }
  return moves;
}

/** How it went with one handler so far. Times on the forwarder's clock. */
export interface HandlerState {
  readonly isBusy: boolean;
  /** It is not asked earlier. */
  readonly notBefore: number;
  /** In a row. */
  readonly failures: number;
}

export const UNASKED: HandlerState = { isBusy: false, notBefore: Number.NEGATIVE_INFINITY, failures: 0 };

/** A handler that fails is asked again soon at first, and then seldom: it costs somebody's network, and nobody's picture. */
const FAILURE_BACKOFF: Backoff = { baseMs: 10_000, capMs: 300_000 };
/** How many handlers are asked at the same time: a host that is drained has one, and a cluster never many. */
export const MAX_PARALLEL_COUNT = 8;

export interface HandlerPlan {
  readonly ask: readonly HostName[];
  /** When to look again; null where only a change of the moves, or an answer, can make something due. */
  readonly nextAt: number | null;
}

export function planHandlers(moves: readonly MeasuredMove[], states: ReadonlyMap<HostName, HandlerState>, now: number): HandlerPlan {
  const hosts = [...new Set(moves.flatMap((move) => move.hosts))];
  let free = MAX_PARALLEL_COUNT;
  for (const { isBusy } of states.values()) if (isBusy) free -= 1;
  const idle = hosts
    .map((host) => ({ host, state: states.get(host) ?? UNASKED }))
    .filter(({ state }) => !state.isBusy)
    .sort((a, b) => a.state.notBefore - b.state.notBefore);
  const due = idle.filter(({ state }) => state.notBefore <= now);
  const later = idle.filter(({ state }) => state.notBefore > now);
  return { ask: due.slice(0, Math.max(0, free)).map(({ host }) => host), nextAt: later[0]?.state.notBefore ?? null };
}

/** A handler is asked now. */
export const asked = (state: HandlerState, now: number): HandlerState => ({
  ...state,
  isBusy: true,
  notBefore: now + PROGRESS_INTERVAL_MS,
});

export const answered = (state: HandlerState): HandlerState => ({ ...state, isBusy: false, failures: 0 });

/** `random`: 0 ≤ random < 1. */
export function failed(state: HandlerState, now: number, random: number): HandlerState {
  const failures = state.failures + 1;
  return { isBusy: false, failures, notBefore: now + PROGRESS_INTERVAL_MS + backoffMs(FAILURE_BACKOFF, failures, random) };
}
