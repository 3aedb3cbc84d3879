/**
 * The room's memory of a VM (SPEC T8, T3): what KubeVirt forgets, kept on the room's clock.
 *
 *             a transit appears              finished(its id)  → the outcome that was sent
 *   at rest ───────────────────▶ moving ──── it vanishes       → `unknown`
 *      ▲                           │         another appears   → `unknown`, then moving again
 *      └───────────────────────────┘
 *
 * `finished` may come without the transit having been seen (it ended between two watches), before the transit vanishes, or
 * after; each migration ends once, and only an `unknown` end can later be replaced by a known one.
 */
import type {
  Cause,
  DerivedTransit,
  DerivedVm,
  FinishedMigration,
  HostName,
  LastMigration,
  MigrationId,
  TransitStage,
  Vm,
  VmId,
} from './model.ts';

export interface StageSeen {
  readonly stage: TransitStage;
  readonly at: number;
}

export interface RememberedTransit {
  readonly id: MigrationId;
  readonly startedAt: number;
  readonly cause: Cause;
  readonly from: HostName | null;
  readonly to: HostName | null;
  /** Each stage as it was first entered, in order. */
  readonly stages: readonly StageSeen[];
}

export interface RememberedEnd extends LastMigration {
  readonly id: MigrationId;
  readonly createdAt: number | null;
}

export interface VmMemory {
  readonly transit?: RememberedTransit;
  readonly last?: RememberedEnd;
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
}

export interface Remembered {
  readonly memory: VmMemory;
  readonly ended: EndedMigration | null;
}

export const EMPTY_MEMORY: VmMemory = {};

/** Takes in what the forwarder now says of a VM; `after` is null when the VM is gone. `now`: the room's clock. */
export function rememberDerived(memory: VmMemory, id: VmId, after: DerivedVm | null, now: number): Remembered {
  const known = memory.transit;
  const seen = after?.transit;
  if (known === undefined) return { memory: seen === undefined ? memory : { ...memory, transit: begin(seen, now) }, ended: null };
  if (seen !== undefined && seen.id === known.id) return { memory: { ...memory, transit: advance(known, seen, now) }, ended: null };

  const vanished: FinishedMigration = {
    id: known.id,
    vm: id,
    outcome: 'unknown',
    cause: known.cause,
    from: known.from,
    to: known.to,
    createdAt: null,
  };
  const { memory: rest, ended } = end(memory, vanished, now);
  return { memory: seen === undefined ? rest : { ...rest, transit: begin(seen, now) }, ended };
}

/**
 * Takes in the end of a migration. `watched`: it came as it happened, not in the full sync that opens a session; else the room's
 * clock cannot say when it ended, unless the room had seen it under way.
 */
export function rememberFinished(memory: VmMemory, finished: FinishedMigration, now: number, watched: boolean): Remembered {
  const wasUnderWay = memory.transit?.id === finished.id;
  return end(memory, finished, watched || wasUnderWay ? now : null);
}

/** The memory without the transit under way: for a migration whose end is known, of which a VMI's late state still spoke (T5). */
export function forgetTransit({ transit: _transit, ...memory }: VmMemory): VmMemory {
  return memory;
}

/** The VM as everybody sees it. The VMI's uid stays behind (architecture: uids are only in the detail). */
export function composeVm(derived: DerivedVm, memory: VmMemory): Vm {
  const { uid: _uid, transit, ...facts } = derived;
  const { transit: remembered, last } = memory;
  return {
    ...facts,
    ...(transit !== undefined && remembered !== undefined && { transit: { ...transit, startedAt: remembered.startedAt } }),
    ...(last !== undefined && { lastMigration: displayEnd(last) }),
  };
}

const begin = (seen: DerivedTransit, now: number): RememberedTransit => ({
  id: seen.id,
  startedAt: now,
  cause: seen.cause,
  from: seen.from,
  to: seen.to,
  stages: [{ stage: seen.stage, at: now }],
});

function advance(known: RememberedTransit, seen: DerivedTransit, now: number): RememberedTransit {
  const isNewStage = !known.stages.some(({ stage }) => stage === seen.stage);
  return {
    ...known,
    cause: seen.cause === 'unknown' ? known.cause : seen.cause,
    from: seen.from ?? known.from,
    to: seen.to ?? known.to,
    stages: isNewStage ? [...known.stages, { stage: seen.stage, at: now }] : known.stages,
  };
}

function end(memory: VmMemory, finished: FinishedMigration, endedAt: number | null): Remembered {
  const { transit, last, ...rest } = memory;
  const seen = transit?.id === finished.id ? transit : undefined;
  const isCorrection = last?.id === finished.id;
  const openTransit = seen === undefined && transit !== undefined ? { transit } : {};
  // A VMI can go on showing a migration that its VMIM has already ended (T5): its vanishing then says nothing new.
  if (isCorrection && finished.outcome === 'unknown') return { memory: { ...rest, ...openTransit, last }, ended: null };
  const triesBefore = last === undefined ? 0 : triesOf(last, isCorrection);
  const ended: EndedMigration = {
    ...finished,
    cause: finished.cause === 'unknown' ? (seen?.cause ?? (isCorrection ? last.cause : 'unknown')) : finished.cause,
    from: finished.from ?? seen?.from ?? (isCorrection ? last.from : null),
    to: finished.to ?? seen?.to ?? (isCorrection ? last.to : null),
    startedAt: seen?.startedAt ?? null,
    endedAt: isCorrection && last.endedAt !== null ? last.endedAt : endedAt,
    stages: seen?.stages ?? [],
    tries: finished.outcome === 'succeeded' ? 0 : triesBefore + 1,
  };
  const isNewest = last === undefined || isCorrection || isLater(finished.createdAt, last.createdAt);
  return { memory: { ...rest, ...openTransit, ...(isNewest ? { last: recall(ended) } : { last }) }, ended };
}

/** The tries that `last` stood for, without the one that is being corrected. */
const triesOf = (last: RememberedEnd, isCorrection: boolean): number => {
  const tries = last.outcome === 'succeeded' ? 0 : (last.tries ?? 1);
  return isCorrection ? Math.max(0, tries - 1) : tries;
};

/** Where a creation time is not known, what comes later is later: ends are sent oldest first. */
const isLater = (createdAt: number | null, than: number | null): boolean => createdAt === null || than === null || createdAt >= than;

const recall = ({ id, outcome, cause, from, to, reason, endedAt, tries, createdAt }: EndedMigration): RememberedEnd => ({
  id,
  outcome,
  cause,
  from,
  to,
  endedAt,
  createdAt,
  ...(reason !== undefined && { reason }),
  ...(tries > 1 && { tries }),
});

function displayEnd({ id: _id, createdAt: _createdAt, ...shown }: RememberedEnd): LastMigration {
  return shown;
}
