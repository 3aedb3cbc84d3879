/**
 * The room's memory of a VM (SPEC T8, T3): what KubeVirt forgets, kept on the room's clock.
 *
 *             a transit appears              finished(its id)  → the outcome that was sent
 *   at rest ───────────────────▶ moving ──── it vanishes       → `unknown`
 *      ▲                         │    ▲      another appears   → `unknown`, then moving again
 *      │                         ▼    │
 *      │                       suspended     KubeVirt holds the guest so that the move can finish: the blackout is measured
 *      └─────────────────────────┘
 *
 * `finished` may come without the transit having been seen (it ended between two watches), before the transit vanishes, or
 * after; each migration ends once, only an `unknown` end can later be replaced by a known one, and what a known one lacks can be
 * filled in.
 */
import { saysMore } from './finished.ts';
import { LOOP_FROM_TRIES_COUNT, MAX_PLACES_COUNT } from './limits.ts';
import type {
  Cause,
  DerivedTransit,
  DerivedVm,
  FinishedMigration,
  HostName,
  LastMigration,
  MigrationId,
  PreviousPlace,
  Transit,
  TransitStage,
  Vm,
  VmId,
} from './model.ts';

export interface StageSeen {
  readonly stage: TransitStage;
  /** When the room first saw it. */
  readonly at: number;
  /** It was entered while nobody was watching, at `at` or before. */
  readonly unwatched?: true;
}

/** How long KubeVirt held the guest. */
export interface Hold {
  /** Null where it began while nobody was watching. */
  readonly from: number | null;
  /** Absent while it lasts; null where it ended while nobody was watching. */
  readonly until?: number | null;
}

export interface RememberedTransit {
  readonly id: MigrationId;
  readonly startedAt: number;
  readonly cause: Cause;
  readonly evidence?: string;
  readonly from: HostName | null;
  readonly to: HostName | null;
  readonly requested?: HostName;
  /** Each stage as it was first entered, in order. */
  readonly stages: readonly StageSeen[];
  readonly hold?: Hold;
  /** The newest thing that Kubernetes said held it up, for a failure that comes without a reason. */
  readonly trouble?: string;
}

export interface RememberedEnd extends Omit<LastMigration, 'loop'> {
  readonly id: MigrationId;
  /** How many that nobody but the cluster asked for have failed since the last that succeeded, this one included; absent for none. */
  readonly repeats?: number;
  readonly createdAt: number | null;
  readonly overAt?: number;
}

export interface Place {
  readonly host: HostName;
  /** When the room first saw it there; null where it came while nobody was watching. */
  readonly since: number | null;
  /** When it was no longer there, set once it is elsewhere or nowhere; null as with `since`. */
  readonly until?: number | null;
}

export interface VmMemory {
  readonly transit?: RememberedTransit;
  readonly last?: RememberedEnd;
  /** Where it has been, newest last, at most MAX_PLACES_COUNT. */
  readonly places?: readonly Place[];
}

/** A migration that is over, with what the room saw of it. */
export interface EndedMigration extends FinishedMigration {
  /** Null when the room did not see it start. */
  readonly startedAt: number | null;
  /** Null when it ended while nobody was watching. */
  readonly endedAt: number | null;
  readonly stages: readonly StageSeen[];
  /** How many in a row did not succeed, this one included; 0 for one that did. */
  readonly tries: number;
  /** How long the guest stood still; null where that is not known. */
  readonly blackoutMs?: number | null;
  /** What held it up before it failed, where the failure itself came without a reason. */
  readonly trouble?: string;
}

export interface Remembered {
  readonly memory: VmMemory;
  readonly ended: EndedMigration | null;
}

/** The room's clock, and whether the cluster was being watched up to now: a full sync can bring what happened long ago (T6). */
export interface Moment {
  readonly now: number;
  readonly watched: boolean;
}

export const EMPTY_MEMORY: VmMemory = {};

/** Takes in what the forwarder now says of a VM; `after` is null when the VM is gone. */
export function rememberDerived(memory: VmMemory, id: VmId, after: DerivedVm | null, moment: Moment): Remembered {
  const placed = rememberPlace(memory, after?.host ?? null, moment);
  const known = placed.transit;
  const seen = after?.transit;
  if (known === undefined) return { memory: seen === undefined ? placed : { ...placed, transit: begin(seen, moment) }, ended: null };
  if (seen !== undefined && seen.id === known.id) return { memory: { ...placed, transit: advance(known, seen, moment) }, ended: null };

  const { cause, from, to } = known;
  const vanished: FinishedMigration = { id: known.id, vm: id, outcome: 'unknown', cause, from, to, createdAt: null };
  const { memory: rest, ended } = end(placed, vanished, moment);
  return { memory: seen === undefined ? rest : { ...rest, transit: begin(seen, moment) }, ended };
}

/** Takes in the end of a migration. */
export const rememberFinished = (memory: VmMemory, finished: FinishedMigration, moment: Moment): Remembered =>
  end(memory, finished, moment);

/** More has become known of an end that is remembered. */
export const amendEnd = (memory: VmMemory, ended: EndedMigration): VmMemory =>
  memory.last?.id === ended.id ? { ...memory, last: { ...memory.last, ...recall(ended, memory.last.repeats ?? 0) } } : memory;

/** The memory without the transit under way: for a migration whose end is known, of which a VMI's late state still spoke (T5). */
export function forgetTransit({ transit: _transit, ...memory }: VmMemory): VmMemory {
  return memory;
}

/**
 * The VM as everybody sees it. The VMI's uid stays behind (architecture: uids are only in the detail). A migration that is under way
 * after all is not shown as ended: late objects can make it vanish for a while (T5).
 */
export function composeVm(derived: DerivedVm, memory: VmMemory): Vm {
  const { uid: _uid, transit, ...facts } = derived;
  const { transit: remembered, last } = memory;
  const previous = previousPlaceOf(derived.host, memory.places ?? []);
  return {
    ...facts,
    ...(transit !== undefined && remembered !== undefined && { transit: recollect(transit, remembered) }),
    ...(last !== undefined && last.id !== transit?.id && { lastMigration: displayEnd(last) }),
    ...(previous !== undefined && { previous }),
  };
}

/** The transit as the objects now show it, with the cause that they showed before where they now show less (T8). */
function recollect(transit: DerivedTransit, { startedAt, cause, evidence }: RememberedTransit): Transit {
  const isForgotten = saysMore(cause, transit.cause);
  return { ...transit, startedAt, ...(isForgotten && { remembered: { cause, ...(evidence !== undefined && { evidence }) } }) };
}

/** The cluster tries again and again and fails (harvester/harvester#5306): nobody will stop it but a person. */
export const isLoop = (end: Pick<RememberedEnd, 'outcome' | 'cause' | 'repeats'>): boolean =>
  isAutomaticFailure(end) && (end.repeats ?? 0) >= LOOP_FROM_TRIES_COUNT;

const isAutomaticFailure = ({ outcome, cause }: Pick<RememberedEnd, 'outcome' | 'cause'>): boolean =>
  outcome === 'failed' && cause !== 'user';

function rememberPlace(memory: VmMemory, host: HostName | null, { now, watched }: Moment): VmMemory {
  const places = memory.places ?? [];
  const newest = places.at(-1);
  const at = watched ? now : null;
  const isThere = newest !== undefined && newest.until === undefined;
  if (host === (isThere ? newest.host : null)) return memory;
  const left = isThere ? [...places.slice(0, -1), { ...newest, until: at }] : places;
  const after = host === null ? left : [...left, { host, since: at }];
  return { ...memory, places: after.slice(-MAX_PLACES_COUNT) };
}

/** The last place that is not the present one. */
function previousPlaceOf(host: HostName | null, places: readonly Place[]): PreviousPlace | undefined {
  const before = places.findLast((place) => place.until !== undefined && place.host !== host);
  return before === undefined ? undefined : { host: before.host, until: before.until ?? null };
}

function begin(seen: DerivedTransit, moment: Moment): RememberedTransit {
  const { id, cause, from, to } = seen;
  return advance({ id, startedAt: moment.now, cause, from, to, stages: [] }, seen, moment);
}

function advance(known: RememberedTransit, seen: DerivedTransit, moment: Moment): RememberedTransit {
  const { now, watched } = moment;
  const isNewStage = !known.stages.some(({ stage }) => stage === seen.stage);
  const entered: StageSeen = { stage: seen.stage, at: now, ...(!watched && ({ unwatched: true } as const)) };
  const isBetterCause = saysMore(seen.cause, known.cause);
  const evidence = isBetterCause || known.evidence === undefined ? seen.evidence : known.evidence;
  const requested = seen.requested ?? known.requested;
  const hold = holdOf(known.hold, seen, moment);
  const trouble = seen.waitingFor?.detail ?? known.trouble;
  return {
    ...known,
    cause: isBetterCause ? seen.cause : known.cause,
    from: seen.from ?? known.from,
    to: seen.to ?? known.to,
    stages: isNewStage ? [...known.stages, entered] : known.stages,
    ...(evidence !== undefined && { evidence }),
    ...(requested !== undefined && { requested }),
    ...(hold !== undefined && { hold }),
    ...(trouble !== undefined && { trouble }),
  };
}

function holdOf(known: Hold | undefined, seen: DerivedTransit, { now, watched }: Moment): Hold | undefined {
  const at = watched ? now : null;
  if (known === undefined) return seen.suspended === true ? { from: at } : undefined;
  return seen.suspended === true || known.until !== undefined ? known : { ...known, until: at };
}

function blackoutOf(hold: Hold | undefined, endedAt: number | null): number | null {
  const until = hold?.until === undefined ? endedAt : hold.until;
  return hold?.from == null || until === null ? null : until - hold.from;
}

function end(memory: VmMemory, finished: FinishedMigration, { watched, now }: Moment): Remembered {
  const endedAt = watched ? now : null;
  const { transit, last, ...rest } = memory;
  const seen = transit?.id === finished.id ? transit : undefined;
  const isCorrection = last?.id === finished.id;
  const openTransit = seen === undefined && transit !== undefined ? { transit } : {};
  // A VMI can go on showing a migration that its VMIM has already ended (T5): its vanishing then says nothing new.
  if (isCorrection && finished.outcome === 'unknown') return { memory: { ...rest, ...openTransit, last }, ended: null };
  const known = seen ?? (isCorrection ? last : undefined);
  const isBetterCause = known === undefined || saysMore(finished.cause, known.cause);
  const evidence = isBetterCause ? finished.evidence : (known.evidence ?? (known.cause === finished.cause ? finished.evidence : undefined));
  const requested = finished.requested ?? known?.requested;
  const isTroubled = finished.outcome === 'failed' && finished.reason === undefined && seen?.trouble !== undefined;
  const { evidence: _evidence, requested: _requested, ...told } = finished;
  const ended: EndedMigration = {
    ...told,
    cause: isBetterCause ? finished.cause : known.cause,
    from: finished.from ?? known?.from ?? null,
    to: finished.to ?? known?.to ?? null,
    startedAt: seen?.startedAt ?? null,
    endedAt: isCorrection && last.endedAt !== null ? last.endedAt : endedAt,
    stages: seen?.stages ?? [],
    tries: finished.outcome === 'succeeded' ? 0 : (last === undefined ? 0 : triesOf(last, isCorrection)) + 1,
    blackoutMs: isCorrection ? (last.blackoutMs ?? null) : blackoutOf(seen?.hold, endedAt),
    ...(evidence !== undefined && { evidence }),
    ...(requested !== undefined && { requested }),
    ...(isTroubled && { trouble: seen.trouble }),
  };
  const isNewest = last === undefined || isCorrection || isLater(finished, last);
  const repeats = ended.outcome === 'succeeded' ? 0 : (last?.repeats ?? 0) + (isAutomaticFailure(ended) ? 1 : 0);
  return { memory: { ...rest, ...openTransit, ...(isNewest ? { last: recall(ended, repeats) } : { last }) }, ended };
}

/** The tries that `last` stood for, without the one that is being corrected. */
const triesOf = (last: RememberedEnd, isCorrection: boolean): number => {
  const tries = last.outcome === 'succeeded' ? 0 : (last.tries ?? 1);
  return isCorrection ? Math.max(0, tries - 1) : tries;
};

/**
 * By their ends, which one controller writes, else by their creation. A second migration that was refused while the first one ran is
 * younger, and over earlier. Where a time is not known, what comes later is later: ends are sent oldest first.
 */
function isLater(end: Pick<RememberedEnd, 'overAt' | 'createdAt'>, than: Pick<RememberedEnd, 'overAt' | 'createdAt'>): boolean {
  if (end.overAt !== undefined && than.overAt !== undefined && end.overAt !== than.overAt) return end.overAt > than.overAt;
  return end.createdAt === null || than.createdAt === null || end.createdAt >= than.createdAt;
}

function recall(ended: EndedMigration, repeats: number): RememberedEnd {
  const { id, outcome, cause, evidence, from, to, requested, endedAt, tries, createdAt, overAt, blackoutMs } = ended;
  const reason = ended.reason ?? ended.trouble;
  return {
    id,
    outcome,
    cause,
    from,
    to,
    endedAt,
    createdAt,
    ...(evidence !== undefined && { evidence }),
    ...(requested !== undefined && { requested }),
    ...(reason !== undefined && { reason }),
    ...(overAt !== undefined && { overAt }),
    ...(tries > 1 && { tries }),
    ...(repeats > 0 && { repeats }),
    ...(blackoutMs != null && { blackoutMs }),
  };
}

function displayEnd(end: RememberedEnd): LastMigration {
  const { id: _id, createdAt: _createdAt, overAt: _overAt, repeats: _repeats, ...shown } = end;
  return isLoop(end) ? { ...shown, loop: true } : shown;
}
