/** What a chip says besides name and state: pure, so that a table can hold it to its word. */
import type { Danger, HostName, LastMigration, Vm } from '../core/model.ts';

/** How long the end of a migration that did not succeed stays written on the chip; afterwards it is in the details. */
export const ENDED_MARK_MS = 30_000;

export type Note =
  | { readonly kind: 'danger'; readonly danger: Danger }
  | { readonly kind: 'queued'; readonly to: HostName | undefined; readonly waitingFor: string | undefined }
  | { readonly kind: 'ended'; readonly end: LastMigration }
  /** The newest finished migration failed, some time ago. */
  | { readonly kind: 'failed-earlier' }
  | { readonly kind: 'reason'; readonly reason: string };

export function selectNotes(vm: Vm, isEndRecent: boolean): Note[] {
  const notes: Note[] = (vm.danger ?? []).map((danger) => ({ kind: 'danger', danger }));
  const { transit, lastMigration, reason } = vm;
  if (transit?.stage === 'queued') {
    notes.push({ kind: 'queued', to: transit.to ?? transit.requested, waitingFor: transit.waitingFor });
  }
  if (lastMigration !== undefined && isEndRecent) notes.push({ kind: 'ended', end: lastMigration });
  else if (lastMigration?.outcome === 'failed') notes.push({ kind: 'failed-earlier' });
  if (reason !== undefined && vm.state !== 'running' && vm.state !== 'off') notes.push({ kind: 'reason', reason });
  return notes;
}

/** Whether the VM's newest migration ended without success just now. `now` on the room's clock, null while that is not known. */
export function isEndRecent(vm: Pick<Vm, 'lastMigration'>, now: number | null): boolean {
  const end = vm.lastMigration;
  if (end === undefined || end.outcome === 'succeeded' || end.endedAt === null || now === null) return false;
  return now - end.endedAt < ENDED_MARK_MS;
}
