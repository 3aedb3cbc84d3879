/**
 * KubeVirt's evacuation of one host. The eviction webhook marks the guests that are to leave; the evacuation controller makes a
 * kubevirt-evacuation-* VMIM for each that can move, and another one where that failed: up to 1.8 no more at a time than there are
 * slots, later for all at once (domain.md 3.6, drain).
 */
import { type Engine, formatVm } from './engine.ts';
import { markEviction } from './migration-changes.ts';
import type { MigrationOutcome } from './migration-timeline.ts';
import type { VirtualMachineInstance } from './objects.ts';
import { createPatch } from './patch.ts';
import { isAlive } from './placement.ts';
import type { EvacuationOptions, Move, Updates, VmRef } from './types.ts';
import { hasDevice } from './vm-objects.ts';

/** `hold`: what keeps it in Pending besides KubeVirt's limits. */
export type Evacuate = (vm: VmRef, outcome: MigrationOutcome, hold: () => string | null) => Move;

export interface Evacuation {
  /** Those that are not over. */
  readonly moves: readonly Move[];
  /** Somebody is on the way, or could leave. */
  readonly hasWork: boolean;
  /** Marks, makes VMIMs, and one update of each move; null where nothing could be done. `played`: the moves play by themselves. */
  round(played: boolean): Updates;
}

/** Between these a move that plays by itself takes. */
const MOVE_DURATION_MS = [6000, 13_000] as const;

export const refOf = ({ metadata }: VirtualMachineInstance): VmRef => ({ namespace: metadata.namespace ?? '', name: metadata.name });

/** Guests of a host, and those that have a pod on it: who is about to arrive, or to start there. */
export const selectGuests = (vmis: readonly VirtualMachineInstance[], host: string): readonly VirtualMachineInstance[] =>
  vmis.filter((vmi) => isAlive(vmi) && (vmi.status.nodeName === host || Object.values(vmi.status.activePods ?? {}).includes(host)));

/** How many evacuations KubeVirt would create now. Up to 1.8 waiting ones count against the limits too. */
function countFreeSlots(engine: Engine, from: string): number {
  if (engine.traits.evacuatesAllAtOnce) return Number.POSITIVE_INFINITY;
  const moves = [...engine.moves.values()];
  const outbound = moves.filter((move) => move.from === from).length;
  return Math.min(engine.parallelMigrationsPerCluster - moves.length, engine.parallelOutboundMigrationsPerNode - outbound);
}

export function createEvacuation(
  engine: Engine,
  evacuate: Evacuate,
  host: string,
  { evicts = true, outcomeOf = () => 'succeeded', holdOf = () => null }: EvacuationOptions,
): Evacuation {
  const { store } = engine;
  const patch = createPatch(store, engine.clock);
  let moves: readonly Move[] = [];

  /** Between two updates others write too, so each looks at the cluster afresh. */
  const movable = () =>
    store.list('virtualmachineinstances').filter((vmi) => isAlive(vmi) && vmi.status.nodeName === host && !hasDevice(vmi.spec));
  const findUnasked = () => (evicts ? movable().find((vmi) => vmi.status.evacuationNodeName !== host) : undefined);
  const findFree = () =>
    movable().find(
      (vmi) => vmi.status.phase === 'Running' && !engine.moves.has(formatVm(refOf(vmi))) && !engine.changes.has(formatVm(refOf(vmi))),
    );

  return {
    get moves() {
      return moves.filter(({ done }) => !done);
    },
    get hasWork() {
      return moves.some(({ done }) => !done) || findUnasked() !== undefined || findFree() !== undefined;
    },
    *round(played) {
      for (let vmi = findUnasked(); vmi !== undefined; vmi = findUnasked()) {
        yield patch('virtualmachineinstances', vmi.metadata, 'EvictionMarked', (current, nowMs) =>
          markEviction(current, host, engine.traits, nowMs),
        );
      }
      for (let vmi = findFree(); vmi !== undefined && countFreeSlots(engine, host) > 0; vmi = findFree()) {
        const vm = refOf(vmi);
        const move = evacuate(vm, outcomeOf(vm), () => holdOf(vm));
        moves = [...moves.filter(({ done }) => !done), move];
        if (played) move.play(engine.random.between(...MOVE_DURATION_MS));
        else yield move.step();
      }
      if (played) {
        yield null;
        return;
      }
      let hasMoved = false;
      moves = moves.filter(({ done }) => !done);
      for (const move of moves) {
        const made = move.step();
        hasMoved ||= made !== null || move.done;
        if (made !== null) yield made;
      }
      if (!hasMoved) yield null;
    },
  };
}
