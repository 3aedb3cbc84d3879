/**
 * Finished migrations are kept as long as the log, and a forwarder that starts anew tells again what its cluster still has: an end that the
 * room has pruned must not come back as news (SPEC T8). Pure.
 */
import { MIGRATIONS_LOOKS_COUNT } from '../core/limits.ts';
import type { VmMemory } from '../core/memory.ts';
import type { FinishedMigration, MigrationId, VmId } from '../core/model.ts';
import type { LogSettings } from './checkpoints.ts';
import type { EndsLook, Forgotten } from './session.ts';

/** An end that is old enough to go. */
export interface OldEnd {
  readonly id: MigrationId;
  readonly vm: VmId;
  /** On the room's clock; the other two are the cluster's. */
  readonly recordedAt: number;
  readonly overAt: number | null;
  readonly createdAt: number | null;
}

/** Whether it is time to look for ends that are to go: that reads every one that is kept. */
export function isLookDue(
  look: EndsLook | undefined,
  { frameAt, endCount }: { readonly frameAt: number; readonly endCount: number },
  { retention, endsCount }: Pick<LogSettings, 'retention' | 'endsCount'>,
): boolean {
  if (look === undefined) return true;
  return frameAt - look.at >= retention.ageMs / MIGRATIONS_LOOKS_COUNT || endCount - look.endCount >= endsCount / MIGRATIONS_LOOKS_COUNT;
}

/**
 * Which of them go, and what the room then knows to be long over. One that its VM still shows as under way stays: when it vanishes, it
 * is not to end again. A time of the cluster counts at most as much as the time at which the room learnt of it: a clock that is years ahead
 * must not make the room deaf for years.
 */
export function forgetEnds(
  old: readonly OldEnd[],
  isUnderWay: (end: OldEnd) => boolean,
  forgotten: Forgotten,
): { readonly ids: MigrationId[]; readonly forgotten: Forgotten } {
  const going = old.filter((end) => !isUnderWay(end));
  const latest = (known: number, time: number | null, recordedAt: number): number => Math.max(known, Math.min(time ?? 0, recordedAt));
  return {
    ids: going.map(({ id }) => id),
    forgotten: going.reduce(
      ({ overAt, createdAt }, end) => ({
        overAt: latest(overAt, end.overAt, end.recordedAt),
        createdAt: latest(createdAt, end.createdAt, end.recordedAt),
      }),
      forgotten,
    ),
  };
}

/**
 * Whether an end of which there is no row had one once. Its VM's memory knows the last one by its uid. Of the others, a full sync's are old
 * where they were over before one that was pruned: both times are the cluster's own (T6). What is told while the cluster is watched is news.
 */
export function wasForgotten(
  { id, overAt, createdAt }: Pick<FinishedMigration, 'id' | 'overAt' | 'createdAt'>,
  memory: VmMemory,
  { forgotten, watched }: { readonly forgotten: Forgotten; readonly watched: boolean },
): boolean {
  if (memory.transit?.id === id) return false;
  if (memory.last?.id === id) return true;
  if (watched) return false;
  return overAt === undefined ? createdAt !== null && createdAt <= forgotten.createdAt : overAt <= forgotten.overAt;
}
