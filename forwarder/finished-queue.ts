/**
 * Migrations that are over and that the room has not acknowledged yet (T8). They are never merged away: each stays until the batch
 * that carried it was answered, over any number of sessions. Bounded, because an edge outage may cost only bounded memory (U4).
 */
import type { FinishedMigration, MigrationId } from '../core/model.ts';

/** KubeVirt itself keeps five per VM, so this is more than any outage leaves behind in a cluster of 4,000 VMs. */
export const MAX_QUEUED_FINISHED_COUNT = 20_000;

export class FinishedQueue {
  readonly #queue = new Map<MigrationId, FinishedMigration>();
  readonly #maxCount: number;
  #droppedCount = 0;

  constructor(maxCount = MAX_QUEUED_FINISHED_COUNT) {
    this.#maxCount = maxCount;
  }

  get size(): number {
    return this.#queue.size;
  }

  /** How many were given up, oldest first, because too many waited. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  add(finished: readonly FinishedMigration[]): void {
    for (const migration of finished) this.#queue.set(migration.id, migration);
    for (const id of this.#queue.keys()) {
      if (this.#queue.size <= this.#maxCount) return;
      this.#queue.delete(id);
      this.#droppedCount += 1;
    }
  }

  /** The oldest, in the order in which they were added. They stay in the queue. */
  oldest(maxCount = Number.POSITIVE_INFINITY): readonly FinishedMigration[] {
    const oldest: FinishedMigration[] = [];
    for (const migration of this.#queue.values()) {
      if (oldest.length >= maxCount) break;
      oldest.push(migration);
    }
    return oldest;
  }

  acknowledge(sent: readonly FinishedMigration[]): void {
    for (const migration of sent) if (this.#queue.get(migration.id) === migration) this.#queue.delete(migration.id);
  }
}
