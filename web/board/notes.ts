/** What a chip says besides name, state and dangers: pure, so that a table can hold it to its word. */
import { type HostName, type LastMigration, MOVED_AWAY, type Peer, type Vm, type Wait } from '../../core/model.ts';

/** How long the end of a migration that did not succeed stays written on the chip; afterwards it is in the details. */
export const ENDED_MARK_MS = 30_000;

export type Note =
  /** It fails again and again, until a person steps in. */
  | { readonly kind: 'loop'; readonly end: LastMigration }
  | { readonly kind: 'peer'; readonly peer: Peer }
  | { readonly kind: 'queued'; readonly to: HostName | undefined; readonly wait: Wait | undefined }
  /** Under way, and held up. */
  | { readonly kind: 'wait'; readonly wait: Wait }
  /** Asked to leave its host, and it has no migration yet. */
  | { readonly kind: 'evacuation'; readonly wait: Wait }
  /** It has to leave its host and cannot. */
  | { readonly kind: 'stuck'; readonly isAsked: boolean; readonly wait: Wait }
  | { readonly kind: 'ended'; readonly end: LastMigration }
  /** The newest finished migration failed, some time ago. */
  | { readonly kind: 'failed-earlier'; readonly tries: number | undefined }
  /** Its guest lives in another cluster now. */
  | { readonly kind: 'moved-away' }
  | { readonly kind: 'reason'; readonly reason: string };

/** What decides the notes besides the VM. */
export interface Surroundings {
  readonly isEndRecent: boolean;
  /** Its host is being emptied. */
  readonly isHostEmptied: boolean;
}

/** The notes of a VM that stands in a list. */
export function selectNotes(vm: Vm, { isEndRecent, isHostEmptied }: Surroundings): Note[] {
  const notes = selectLoop(vm);
  const { transit, lastMigration, reason, evacuation } = vm;
  if (transit?.peer !== undefined) notes.push({ kind: 'peer', peer: transit.peer });
  if (transit?.stage === 'queued')
    notes.push({ kind: 'queued', to: transit.to ?? transit.requested, wait: atHome(transit.waitingFor, vm) });
  else if (transit?.waitingFor !== undefined) notes.push({ kind: 'wait', wait: atHome(transit.waitingFor, vm) });
  if (evacuation !== undefined && evacuation.waitingFor.reason !== 'not-migratable') {
    notes.push({ kind: 'evacuation', wait: atHome(evacuation.waitingFor, vm) });
  }
  if (isStuck(vm, isHostEmptied)) {
    const told = evacuation?.waitingFor.reason === 'not-migratable' ? evacuation.waitingFor.detail : undefined;
    const detail = told ?? vm.migratable.reason;
    notes.push({
      kind: 'stuck',
      isAsked: evacuation !== undefined,
      wait: { reason: 'not-migratable', ...(detail !== undefined && { detail }) },
    });
  }
  if (lastMigration?.loop !== true) {
    if (lastMigration !== undefined && isEndRecent) notes.push({ kind: 'ended', end: lastMigration });
    else if (lastMigration?.outcome === 'failed') notes.push({ kind: 'failed-earlier', tries: lastMigration.tries });
  }
  const isAway = hasMovedAway(vm);
  if (isAway) notes.push({ kind: 'moved-away' });
  if (reason !== undefined && vm.state !== 'running' && !(isAway && reason === MOVED_AWAY)) notes.push({ kind: 'reason', reason });
  return notes;
}

/** The notes of a VM on its way, on the chip at its source. */
export function selectMovingNotes(vm: Vm): Note[] {
  const wait = vm.transit?.waitingFor;
  return [...selectLoop(vm), ...(wait === undefined ? [] : [{ kind: 'wait', wait: atHome(wait, vm) } as const])];
}

const selectLoop = ({ lastMigration }: Vm): Note[] => (lastMigration?.loop === true ? [{ kind: 'loop', end: lastMigration }] : []);

/** The chip stands on its host's card, which need not be named again. */
function atHome<Waiting extends Wait | undefined>(wait: Waiting, { host }: Vm): Waiting {
  if (wait === undefined || wait.host !== host) return wait;
  const { host: _, ...rest } = wait;
  return rest as Waiting;
}

function hasMovedAway({ host, transit, reason, lastMigration: end }: Vm): boolean {
  if (host !== null || transit !== undefined) return false;
  return reason === MOVED_AWAY || (end?.cause === 'cross-cluster' && end.outcome === 'succeeded' && end.to === null);
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
