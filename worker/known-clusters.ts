/**
 * Which clusters are registered, as far as this isolate has learnt: a name that nobody registered must never reach a room, because asking for
 * an object makes one (an empty file where workerd keeps its state on a disk). Only what is registered is remembered, so that a new cluster
 * is known at once; of one that was removed, the room itself says that it is gone.
 */
import { MAX_CLUSTERS_COUNT } from '../core/limits.ts';
import type { ClusterName } from '../core/model.ts';

export class KnownClusters {
  readonly #names = new Set<ClusterName>();

  /** Whether this isolate has learnt that it is registered; asks nobody. */
  knows(name: ClusterName): boolean {
    return this.#names.has(name);
  }

  /** `ask` is the directory; it is asked about names that are not known yet. */
  async has(name: ClusterName, ask: (name: ClusterName) => Promise<boolean>): Promise<boolean> {
    if (this.#names.has(name)) return true;
    if (!(await ask(name))) return false;
    if (this.#names.size >= MAX_CLUSTERS_COUNT) this.#names.clear();
    this.#names.add(name);
    return true;
  }
}
