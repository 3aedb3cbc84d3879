/** What a chip says besides name and state: pure, so that a table can hold it to its word. */
import type { Danger, HostName, LastMigration, Peer, Vm, Wait } from '../core/model.ts';

/** How long the end of a migration that did not succeed stays written on the chip; afterwards it is in the details. */
export const ENDED_MARK_MS = 30_000;

export type Note =
  | { readonly kind: 'danger'; readonly danger: Danger }
  /** It fails again and again, until a person steps in. */
  | { readonly kind: 'loop'; readonly end: LastMigration }
  | { readonly kind: 'peer'; readonly peer: Peer }
  | { readonly kind: 'queued'; readonly to: HostName | undefined; readonly wait: Wait | undefined }
  /** Under way, and held up. */
  | { readonly kind: 'wait'; readonly wait: Wait }
  /** Asked to leave its host, and it has no migration yet. */
  | { readonly kind: 'evacuation'; readonly from: HostName; readonly wait: Wait }
  /** It has to leave its host and cannot; `from` where it was asked to. */
  | { readonly kind: 'stuck'; readonly from: HostName | undefined; readonly wait: Wait }
  | { readonly kind: 'ended'; readonly end: LastMigration }
  /** The newest finished migration failed, some time ago. */
  | { readonly kind: 'failed-earlier'; readonly tries: number | undefined }
  | { readonly kind: 'reason'; readonly reason: string };

/** What decides the notes besides the VM. */
export interface Surroundings {
  readonly isEndRecent: boolean;
  /** Its host is being emptied. */
  readonly isHostEmptied: boolean;
}

/** The notes of a VM that stands in a list. */
export function selectNotes(vm: Vm, { isEndRecent, isHostEmptied }: Surroundings): Note[] {
  const notes = selectDangers(vm);
  const { transit, lastMigration, reason, evacuation } = vm;
  if (transit?.peer !== undefined) notes.push({ kind: 'peer', peer: transit.peer });
  if (transit?.stage === 'queued') notes.push({ kind: 'queued', to: transit.to ?? transit.requested, wait: transit.waitingFor });
  else if (transit?.waitingFor !== undefined) notes.push({ kind: 'wait', wait: transit.waitingFor });
  if (evacuation !== undefined && evacuation.waitingFor.reason !== 'not-migratable') {
    notes.push({ kind: 'evacuation', from: evacuation.from, wait: evacuation.waitingFor });
  }
  if (isStuck(vm, isHostEmptied)) {
    const told = evacuation?.waitingFor.reason === 'not-migratable' ? evacuation.waitingFor.detail : undefined;
    const detail = told ?? vm.migratable.reason;
    notes.push({ kind: 'stuck', from: evacuation?.from, wait: { reason: 'not-migratable', ...(detail !== undefined && { detail }) } });
  }
  if (lastMigration?.loop !== true) {
    if (lastMigration !== undefined && isEndRecent) notes.push({ kind: 'ended', end: lastMigration });
    else if (lastMigration?.outcome === 'failed') notes.push({ kind: 'failed-earlier', tries: lastMigration.tries });
  }
  if (reason !== undefined && vm.state !== 'running' && vm.state !== 'off') notes.push({ kind: 'reason', reason });
  return notes;
}

/** The notes of a VM on its way, on the chip at its source. */
export function selectMovingNotes(vm: Vm): Note[] {
  const wait = vm.transit?.waitingFor;
  return [...selectDangers(vm), ...(wait === undefined ? [] : [{ kind: 'wait', wait } as const])];
}

function selectDangers({ danger, lastMigration }: Vm): Note[] {
  const notes: Note[] = (danger ?? []).map((danger) => ({ kind: 'danger', danger }));
  if (lastMigration?.loop === true) notes.push({ kind: 'loop', end: lastMigration });
  return notes;
}

/** As the host's card counts them (core/derive/drain.ts). */
function isStuck({ state, migratable, evacuation }: Vm, isHostEmptied: boolean): boolean {
  if (state === 'stopping' || state === 'terminating' || state === 'restarting') return false;
  const reason = evacuation?.waitingFor.reason;
  if (reason === 'not-migratable') return true;
  return isHostEmptied && reason !== 'shutdown' && !migratable.ok && migratable.reason !== undefined;
}

/** Whether the VM's newest migration ended without success just now. `now` on the room's clock, null while that is not known. */
export function isEndRecent(vm: Pick<Vm, 'lastMigration'>, now: number | null): boolean {
  const end = vm.lastMigration;
  if (end === undefined || end.outcome === 'succeeded' || end.endedAt === null || now === null) return false;
  return now - end.endedAt < ENDED_MARK_MS;
}
