/** The room's past in SQLite: checkpoints, silences and finished migrations. What is written where, and nothing about why. */
import type { Silence } from '../core/history.ts';
import type { EndedMigration } from '../core/memory.ts';
import type { MigrationId, Outcome, VmId } from '../core/model.ts';
import type { EndCount } from '../core/recent.ts';
import type { Checkpoint, CheckpointMeta } from './checkpoints.ts';
import type { OldEnd } from './forgetting.ts';
import { parseJson, type RoomSql, type SqlRow } from './room-sql.ts';

export interface RecordedEnd {
  readonly number: number;
  /** When the room learnt of it. */
  readonly recordedAt: number;
  readonly ended: EndedMigration;
}

/** Ends that are asked for. */
export interface EndsQuery {
  /** Only those that were learnt before the one of that number. */
  readonly before: number;
  readonly vm: VmId | null;
  readonly limit: number;
}

export interface OutcomeCount {
  /** The recorded times divided by the bucket's width. */
  readonly bucket: number;
  readonly outcome: Outcome;
  readonly count: number;
}

export class HistoryStore {
  readonly #sql: RoomSql;

  constructor(sql: RoomSql) {
    this.#sql = sql;
  }

  writeCheckpoint({ revision, at, digest }: Omit<Checkpoint, 'parts'>, parts: readonly Uint8Array[]): void {
    for (const [part, bytes] of parts.entries()) {
      // A binding takes a whole buffer, and a part is a view.
      const value = bytes.slice().buffer;
      this.#sql.run('INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)', revision, part, at, digest, bytes.byteLength, value);
    }
  }

  /** Oldest first. */
  readCheckpoints(): CheckpointMeta[] {
    const select = 'SELECT revision, at, sum(bytes) AS bytes FROM checkpoints GROUP BY revision, at ORDER BY revision';
    return this.#sql.rows(select).map(({ revision, at, bytes }) => ({ revision: Number(revision), at: Number(at), bytes: Number(bytes) }));
  }

  readOldestCheckpoint(): Pick<CheckpointMeta, 'revision' | 'at'> | null {
    const row = this.#sql.row('SELECT revision, at FROM checkpoints ORDER BY revision, part LIMIT 1');
    return row === undefined ? null : { revision: Number(row.revision), at: Number(row.at) };
  }

  /** The newest one that was made at that time or before. */
  readCheckpointAt(at: number): Checkpoint | null {
    const meta = this.#sql.row(
      'SELECT revision, at, digest FROM checkpoints WHERE part = 0 AND at <= ? ORDER BY revision DESC LIMIT 1',
      at,
    );
    if (meta === undefined) return null;
    const revision = Number(meta.revision);
    const parts = this.#sql
      .rows('SELECT value FROM checkpoints WHERE revision = ? ORDER BY part', revision)
      .map(({ value }) => blobOf(value));
    return { revision, at: Number(meta.at), digest: String(meta.digest), parts };
  }

  /** Everything of the log that is older than that revision, and the silences that ended before that time. */
  deleteBefore(revision: number, at: number): void {
    this.#sql.run('DELETE FROM segments WHERE first < ?', revision);
    this.#sql.run('DELETE FROM checkpoints WHERE revision < ?', revision);
    this.#sql.run('DELETE FROM silences WHERE ended < ?', at);
  }

  writeSilence(began: number, ended: number): void {
    this.#sql.run('INSERT OR REPLACE INTO silences VALUES (?, ?)', began, ended);
  }

  /** The longest silences that have a part in that time, longest first, and how many there are. `to` is not included. */
  readSilences(from: number, to: number, limit: number): { readonly longest: readonly Silence[]; readonly total: number } {
    const select = 'SELECT began, ended, count(*) OVER () AS total FROM silences WHERE began < ? AND ended > ?';
    const rows = this.#sql.rows(`${select} ORDER BY ended - began DESC, began DESC LIMIT ?`, to, from, limit);
    return {
      longest: rows.map(({ began, ended }) => ({ from: Number(began), to: Number(ended) })),
      total: Number(rows[0]?.total ?? 0),
    };
  }

  /** The last silence that began at that time or before. */
  readSilence(at: number): { readonly began: number; readonly ended: number } | null {
    const row = this.#sql.row('SELECT began, ended FROM silences WHERE began <= ? ORDER BY began DESC LIMIT 1', at);
    return row === undefined ? null : { began: Number(row.began), ended: Number(row.ended) };
  }

  /** One that is known keeps its number and the time when it was learnt. */
  writeEnd(ended: EndedMigration, { number, recordedAt }: Omit<RecordedEnd, 'ended'>): void {
    const insert = 'INSERT INTO migrations VALUES (?, ?, ?, ?, ?, ?)';
    const update = 'ON CONFLICT (id) DO UPDATE SET vm = excluded.vm, outcome = excluded.outcome, value = excluded.value';
    this.#sql.run(`${insert} ${update}`, ended.id, number, recordedAt, ended.vm, ended.outcome, JSON.stringify(ended));
  }

  /** Newest first. */
  readEnds({ before, vm, limit }: EndsQuery): RecordedEnd[] {
    const where = 'number < ?1 AND (?2 IS NULL OR vm = ?2)';
    const select = `SELECT number, recorded_at, value FROM migrations WHERE ${where} ORDER BY number DESC LIMIT ?3`;
    return this.#sql.rows(select, before, vm, limit).map(parseEnd);
  }

  /** `from` and `to` in milliseconds, `to` not included. */
  countEnds(bucketMs: number, from: number, to: number, vm: VmId | null): OutcomeCount[] {
    const where = 'recorded_at >= ?2 AND recorded_at < ?3 AND (?4 IS NULL OR vm = ?4)';
    const select = `SELECT recorded_at / ?1 AS bucket, outcome, count(*) AS count FROM migrations WHERE ${where} GROUP BY 1, 2`;
    return this.#sql.rows(select, bucketMs, from, to, vm).map(({ bucket, outcome, count }) => ({
      bucket: Math.floor(Number(bucket)),
      outcome: String(outcome) as Outcome,
      count: Number(count),
    }));
  }

  /** All that are kept, by the time of their end: what a session's row of an older version lacks. */
  countWatchedEnds(): EndCount[] {
    const at = `value ->> '$.endedAt'`;
    const select = `SELECT ${at} AS at, outcome, count(*) AS count FROM migrations WHERE ${at} IS NOT NULL GROUP BY 1, 2`;
    return this.#sql.rows(select).map(({ at, outcome, count }) => ({
      at: Number(at),
      outcome: String(outcome) as Outcome,
      count: Number(count),
    }));
  }

  /** Those learnt before that time, or numbered up to that; oldest first, at most `limit`. */
  readOldEnds(recordedBefore: number, upTo: number, limit: number): OldEnd[] {
    const columns = `id, vm, recorded_at, value ->> '$.overAt' AS over_at, value ->> '$.createdAt' AS created_at`;
    const where = 'recorded_at < ? OR number <= ?';
    return this.#sql
      .rows(`SELECT ${columns} FROM migrations WHERE ${where} ORDER BY number LIMIT ?`, recordedBefore, upTo, limit)
      .map((row) => ({
        id: String(row.id),
        vm: String(row.vm),
        recordedAt: Number(row.recorded_at),
        overAt: numberOrNull(row.over_at),
        createdAt: numberOrNull(row.created_at),
      }));
  }

  deleteEnds(ids: readonly MigrationId[]): void {
    for (const id of ids) this.#sql.run('DELETE FROM migrations WHERE id = ?', id);
  }
}

const parseEnd = (row: SqlRow): RecordedEnd => ({
  number: Number(row.number),
  recordedAt: Number(row.recorded_at),
  ended: parseJson(row.value),
});
const numberOrNull = (value: SqlRow[string] | undefined): number | null => (typeof value === 'number' ? value : null);
const blobOf = (value: SqlRow[string] | undefined): ArrayBuffer => (value instanceof ArrayBuffer ? value : new ArrayBuffer(0));
