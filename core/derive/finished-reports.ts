/**
 * Which ends of migrations were reported (T8): each once, and again where a later look knows more. A VMIM can become Failed before
 * the VMI says why, since their watches have no order between them (T5).
 */
import { isEqualJson } from '../equal.ts';
import { completeEnd } from '../finished.ts';
import type { FinishedMigration, MigrationId, VmId } from '../model.ts';

export class FinishedReports {
  /** What was reported of the migrations that still have an object. */
  readonly #reported = new Map<VmId, ReadonlyMap<MigrationId, FinishedMigration>>();
  #pending: FinishedMigration[] = [];

  /** All of a VM's migrations that are over, as the objects now show them. */
  report(id: VmId, finished: readonly FinishedMigration[]): void {
    const before = this.#reported.get(id);
    if (finished.length === 0) {
      this.#reported.delete(id);
      return;
    }
    const now = new Map<MigrationId, FinishedMigration>();
    for (const end of finished) {
      const known = before?.get(end.id);
      const told = known === undefined ? end : completeEnd(known, end);
      now.set(end.id, told);
      if (known === undefined || !isEqualJson(known, told)) this.#pending.push(told);
    }
    this.#reported.set(id, now);
  }

  /** The end of one whose object is going. */
  reportLast(id: VmId, end: FinishedMigration): void {
    const known = this.#reported.get(id)?.get(end.id);
    const told = known === undefined ? end : completeEnd(known, end);
    if (known === undefined || !isEqualJson(known, told)) this.#pending.push(told);
  }

  /** What was not taken yet. */
  take(): readonly FinishedMigration[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }
}
