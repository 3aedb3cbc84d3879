/** KubeVirt's evacuation controller, for whatever marked the guests of a host to leave. */
import { markEviction } from '../migration-changes.ts';
import type { Stage, Updates } from '../stage.ts';
import type { Move } from '../types.ts';
import { movableOn } from './casting.ts';

/** KubeVirt's defaults. */
const PER_CLUSTER = 5;
const PER_HOST = 2;

/** The eviction webhook marks each guest that can move. */
export function* markGuests(stage: Stage, host: string): Updates {
  for (const vm of movableOn(stage.cluster, host)) {
    yield stage.patchVmi(vm, 'EvictionMarked', (vmi, nowMs) => markEviction(vmi, host, stage.traits, nowMs));
  }
}

/** Migrations away from a host until nobody is left that can move; up to 1.8 no more at a time than there are slots. */
export function* evacuate(stage: Stage, host: string): Updates {
  const { cluster, traits } = stage;
  let moves: readonly Move[] = [];
  for (;;) {
    for (const vm of movableOn(cluster, host).filter((guest) => cluster.moveOf(guest) === null)) {
      const isFull = moves.length >= PER_HOST || cluster.moves.length >= PER_CLUSTER;
      if (isFull && !traits.evacuatesAllAtOnce) break;
      const move = cluster.migrate({ ...vm, cause: 'evacuation' });
      moves = [...moves, move];
      yield move.step();
    }
    if (moves.length === 0) return;
    let hasMoved = false;
    for (const move of moves) {
      const made = move.step();
      hasMoved ||= made !== null || move.done;
      if (made !== null) yield made;
    }
    if (!hasMoved) yield null;
    moves = moves.filter(({ done }) => !done);
  }
}
