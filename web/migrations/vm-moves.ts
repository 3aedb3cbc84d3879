/** A VM's migrations that are over, for its details: which of them the painted picture already tells of, and the rest. Pure. */
import type { MigrationRecord } from '../../core/history.ts';
import type { LastMigration } from '../../core/model.ts';

export interface VmMoves {
  /** The record of the one that the picture tells of; undefined where none certainly is. */
  readonly last: MigrationRecord | undefined;
  /** Newest first. */
  readonly others: readonly MigrationRecord[];
}

/**
 * `last` as painted, which names no migration: its record is the newest one that says the same, and that the room had by the moment which is
 * painted (`at` null: the present).
 */
export function selectMoves(last: LastMigration | undefined, records: readonly MigrationRecord[], at: number | null): VmMoves {
  const own = last && records.find((record) => (at === null || record.recordedAt <= at) && isSameEnd(last, record));
  return { last: own, others: records.filter((record) => record !== own) };
}

const isSameEnd = (last: LastMigration, record: MigrationRecord): boolean =>
  last.outcome === record.outcome && last.endedAt === record.endedAt && last.from === record.from && last.to === record.to;

/** A record told as the picture tells the newest one. */
export function endOf({
  outcome,
  cause,
  evidence,
  from,
  to,
  requested,
  reason,
  trouble,
  endedAt,
  tries,
  blackoutMs,
}: MigrationRecord): LastMigration {
  const why = reason ?? trouble;
  return {
    outcome,
    cause,
    from,
    to,
    endedAt,
    ...(evidence !== undefined && { evidence }),
    ...(requested !== undefined && { requested }),
    ...(why !== undefined && { reason: why }),
    ...(tries > 1 && { tries }),
    ...(blackoutMs != null && { blackoutMs }),
  };
}

/** How long it took, where the room saw both ends. */
export const moveLengthMs = ({ startedAt, endedAt }: Pick<MigrationRecord, 'startedAt' | 'endedAt'>): number | null =>
  startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt);
