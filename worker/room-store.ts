/**
 * The room's SQLite: what is written where, and nothing about why (SPEC U6). One changed VM costs its own row and the newest segment's. The
 * past is in history-store.ts, the tables are described in room-schema.ts.
 */
import type { EndedMigration } from '../core/memory.ts';
import type { HostName, VmId } from '../core/model.ts';
import { addEnds } from '../core/recent.ts';
import type { Entities } from '../core/uplink.ts';
import type { TokenHashes } from './auth.ts';
import type { Commit, Picture, StoredHost, StoredVm } from './commit.ts';
import { HistoryStore } from './history-store.ts';
import type { SegmentMeta } from './room-log.ts';
import { SCHEMA, SCHEMA_VERSION, upgradesFrom } from './room-schema.ts';
import { parseJson, RoomSql, type RowCounters, type SqlRow, textOrNull } from './room-sql.ts';
import { FIRST_SESSION, newestSession, type SessionRow } from './session.ts';

/** Who this room is; written when it is registered and when its tokens change. */
export interface RoomConfig {
  readonly cluster: string;
  readonly displayName: string | null;
  readonly epoch: string;
  readonly hashes: TokenHashes;
}

/** A frame as a segment takes it, with the session row that holds after it. */
export interface SegmentEntry {
  readonly revision: number;
  readonly at: number;
  readonly bytes: number;
  /** The frame on one line; null leaves a hole. */
  readonly line: string | null;
  readonly session: SessionRow;
}

/** Which numbers the ends of a commit get, and when they were learnt. */
export interface EndMarks {
  readonly recordedAt: number;
  /** How many there were before. */
  readonly endCount: number;
}

export class RoomStore {
  readonly #sql: RoomSql;
  readonly history: HistoryStore;

  constructor(storage: DurableObjectStorage) {
    this.#sql = new RoomSql(storage);
    this.history = new HistoryStore(this.#sql);
  }

  get counters(): RowCounters {
    return this.#sql.counters;
  }

  /** Read since this object was constructed. */
  get read(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#sql.counters.rowsRead, bytes: this.#sql.bytesRead };
  }

  /** All or nothing. */
  transaction<Value>(closure: () => Value): Value {
    return this.#sql.transaction(closure);
  }

  /** Null where the room was never registered; looks without creating anything. */
  readConfig(): RoomConfig | null {
    const exists = this.#sql.row(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'config'`) !== undefined;
    if (!exists) return null;
    const row = this.#sql.row('SELECT * FROM config');
    if (row === undefined) return null;
    this.#upgrade(Number(row.schema_version));
    const { cluster, display_name, epoch, token_hash, next_token_hash } = row;
    return {
      cluster: String(cluster),
      displayName: textOrNull(display_name),
      epoch: String(epoch),
      hashes: { current: String(token_hash), next: textOrNull(next_token_hash) },
    };
  }

  /** All steps in one transaction, or none: a room never stands between two versions. */
  #upgrade(from: number): void {
    const steps = upgradesFrom(from);
    if (steps.length === 0) return;
    this.transaction(() => {
      for (const step of steps) this.#sql.run(step);
      this.#sql.run('UPDATE config SET schema_version = ?', SCHEMA_VERSION);
    });
  }

  /** Makes the tables. */
  create({ cluster, displayName, epoch, hashes }: RoomConfig): void {
    this.transaction(() => {
      this.#sql.run(SCHEMA);
      const values = [SCHEMA_VERSION, cluster, displayName, epoch, hashes.current, hashes.next];
      this.#sql.run('INSERT INTO config VALUES (1, ?, ?, ?, ?, ?, ?)', ...values);
      this.#sql.run('INSERT INTO session VALUES (1, ?)', JSON.stringify({ ...FIRST_SESSION, recent: null }));
    });
  }

  writeHashes({ current, next }: TokenHashes): void {
    this.#sql.run('UPDATE config SET token_hash = ?, next_token_hash = ?', current, next);
  }

  /** The newer of the session's own row and the newest segment's. */
  readSession(): SessionRow {
    const own = this.#sql.row('SELECT value FROM session')?.value;
    const ofFrame = textOrNull(this.#sql.row('SELECT session FROM segments ORDER BY first DESC LIMIT 1')?.session);
    const row = newestSession(parseSession(own), ofFrame === null ? null : parseSession(ofFrame));
    return { ...row, recent: row.recent === undefined ? addEnds(null, this.history.countWatchedEnds()) : row.recent };
  }

  /** For what makes no frame; a frame carries the row into its segment. */
  writeSession(row: SessionRow): void {
    this.#sql.run('UPDATE session SET value = ? WHERE id = 1', JSON.stringify(row));
  }

  get picture(): Picture {
    return {
      host: (name) => {
        const row = this.#sql.row('SELECT value, memory FROM hosts WHERE name = ?', name);
        return row === undefined ? undefined : parseHost(row);
      },
      vm: (id) => {
        const row = this.#sql.row('SELECT derived, memory FROM vms WHERE id = ?', id);
        return row === undefined ? undefined : parseVm(row);
      },
      migration: (id) => {
        const row = this.#sql.row('SELECT value FROM migrations WHERE id = ?', id);
        return row === undefined ? undefined : parseJson<EndedMigration>(row.value);
      },
    };
  }

  readHosts(): StoredHost[] {
    return this.#sql.rows('SELECT value, memory FROM hosts').map(parseHost);
  }

  readVms(): StoredVm[] {
    return this.#sql.rows('SELECT derived, memory FROM vms').map(parseVm);
  }

  /** Those with a migration in flight. */
  readVmsInTransit(): StoredVm[] {
    return this.#sql.rows(`SELECT derived, memory FROM vms WHERE derived -> '$.transit' IS NOT NULL`).map(parseVm);
  }

  readNames(): { hosts: HostName[]; vms: VmId[] } {
    return {
      hosts: this.#sql.rows('SELECT name FROM hosts').map((row) => String(row.name)),
      vms: this.#sql.rows('SELECT id FROM vms').map((row) => String(row.id)),
    };
  }

  writeCommit(commit: Commit, { recordedAt, endCount }: EndMarks): void {
    for (const { derived, memory } of commit.hosts) {
      this.#sql.run('INSERT OR REPLACE INTO hosts VALUES (?, ?, ?)', derived.name, JSON.stringify(derived), JSON.stringify(memory));
    }
    for (const name of commit.goneHosts) this.#sql.run('DELETE FROM hosts WHERE name = ?', name);
    for (const { derived, memory } of commit.vms) {
      this.#sql.run('INSERT OR REPLACE INTO vms VALUES (?, ?, ?)', derived.id, JSON.stringify(derived), JSON.stringify(memory));
    }
    for (const id of commit.goneVms) this.#sql.run('DELETE FROM vms WHERE id = ?', id);
    for (const [index, ended] of commit.ended.entries()) this.history.writeEnd(ended, { recordedAt, number: endCount + index + 1 });
  }

  stage(number: number, part: Entities): void {
    this.#sql.run('INSERT OR REPLACE INTO staged VALUES (?, ?)', number, JSON.stringify(part));
  }

  countStaged(): number {
    return Number(this.#sql.row('SELECT count(*) AS parts FROM staged')?.parts ?? 0);
  }

  readStaged(): Entities[] {
    return this.#sql.rows('SELECT value FROM staged ORDER BY number').map((row) => parseJson<Entities>(row.value));
  }

  clearStaged(): void {
    this.#sql.run('DELETE FROM staged');
  }

  /** All but their lines, oldest first; `after`: only those that reach beyond that revision. */
  readSegments(after = -1): SegmentMeta[] {
    // Those before the one that goes on after that revision are not looked at: a crowd that comes back would read them all, each anew.
    const start = 'first >= coalesce((SELECT max(first) FROM segments WHERE first <= ?1 + 1), 0)';
    const select = `SELECT first, last, last_at, bytes, lines IS NULL AS hole FROM segments WHERE ${start} AND last > ?1 ORDER BY first`;
    return this.#sql.rows(select, after).map(parseSegmentMeta);
  }

  readNewestSegment(): SegmentMeta | undefined {
    const row = this.#sql.row('SELECT first, last, last_at, bytes, lines IS NULL AS hole FROM segments ORDER BY first DESC LIMIT 1');
    return row === undefined ? undefined : parseSegmentMeta(row);
  }

  readLines(first: number): string {
    return String(this.#sql.row('SELECT lines FROM segments WHERE first = ?', first)?.lines ?? '');
  }

  openSegment({ revision, at, bytes, line, session }: SegmentEntry): void {
    this.#sql.run('INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?)', revision, revision, at, bytes, JSON.stringify(session), line);
  }

  extendSegment(first: number, { revision, at, bytes, line, session }: SegmentEntry): void {
    const set = 'last = ?, last_at = ?, bytes = bytes + ?, session = ?, lines = lines || char(10) || ?';
    this.#sql.run(`UPDATE segments SET ${set} WHERE first = ?`, revision, at, bytes, JSON.stringify(session), line, first);
  }
}

/** A row that an older version wrote lacks what came since. */
const parseSession = (value: SqlRow[string] | undefined): SessionRow => ({ ...FIRST_SESSION, ...parseJson<SessionRow>(value) });
const parseHost = (row: SqlRow): StoredHost => ({ derived: parseJson(row.value), memory: parseJson(row.memory) });
const parseVm = (row: SqlRow): StoredVm => ({ derived: parseJson(row.derived), memory: parseJson(row.memory) });
const parseSegmentMeta = ({ first, last, last_at, bytes, hole }: SqlRow): SegmentMeta => ({
  first: Number(first),
  last: Number(last),
  lastAt: Number(last_at),
  bytes: Number(bytes),
  hole: hole === 1,
});
