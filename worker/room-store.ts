/**
 * The room's SQLite: what is written where, and nothing about why (SPEC U6). Row counts matter, they are the bill:
 * one changed VM costs its own row, the newest segment's and the session's.
 */
import { EMPTY_DIGEST, formatDigest } from '../core/digest.ts';
import type { EndedMigration } from '../core/memory.ts';
import type { HostName, VmId } from '../core/model.ts';
import type { Entities } from '../core/uplink.ts';
import type { TokenHashes } from './auth.ts';
import type { Commit, Picture, StoredHost, StoredVm } from './commit.ts';
import type { SegmentMeta } from './room-log.ts';
import { NO_DRIFT, type SessionRow } from './session.ts';

/** Who this room is; written when it is registered and when its tokens change. */
export interface RoomConfig {
  readonly cluster: string;
  readonly displayName: string | null;
  readonly epoch: string;
  readonly hashes: TokenHashes;
}

const SCHEMA_VERSION = 2;

/** What makes a room of an older version one of the next. */
const UPGRADES: ReadonlyMap<number, string> = new Map([
  // 2: what the room remembers of a host.
  [1, `ALTER TABLE hosts ADD COLUMN memory TEXT NOT NULL DEFAULT '{}'`],
]);

/**
 * config      one row: the cluster's name, the epoch of its log, the SHA-256 of its tokens, the version of these tables
 * session     one row: everything that a heartbeat or an empty batch changes, as JSON (SessionRow)
 * hosts, vms  the present. WITHOUT ROWID: the key is the row's place, so a change is one row and no index
 * staged      the parts of a sync that is not committed; they are acknowledged, so they must be durable (U3)
 * segments    the log (room-log.ts); `lines` last, so that reading the other columns does not read it; null is a hole
 * migrations  the finished ones, by VMIM uid (T8)
 */
const SCHEMA = `
  CREATE TABLE config (id INTEGER PRIMARY KEY CHECK (id = 1), schema_version INTEGER NOT NULL, cluster TEXT NOT NULL,
    display_name TEXT, epoch TEXT NOT NULL, token_hash TEXT NOT NULL, next_token_hash TEXT);
  CREATE TABLE session (id INTEGER PRIMARY KEY CHECK (id = 1), value TEXT NOT NULL);
  CREATE TABLE hosts (name TEXT PRIMARY KEY, value TEXT NOT NULL, memory TEXT NOT NULL DEFAULT '{}') WITHOUT ROWID;
  CREATE TABLE vms (id TEXT PRIMARY KEY, derived TEXT NOT NULL, memory TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE staged (number INTEGER PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE segments (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, last_at INTEGER NOT NULL, bytes INTEGER NOT NULL, lines TEXT);
  CREATE TABLE migrations (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

const FIRST_SESSION: SessionRow = {
  session: 0,
  number: 0,
  answer: null,
  synced: false,
  clusterUid: null,
  revision: 0,
  frameAt: 0,
  lastHeard: null,
  digest: formatDigest(EMPTY_DIGEST),
  hostCount: 0,
  vmCount: 0,
  drift: NO_DRIFT,
};

type Row = Record<string, SqlStorageValue>;

export class RoomStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** All or nothing. */
  transaction<Value>(closure: () => Value): Value {
    return this.#storage.transactionSync(closure);
  }

  /** Null where the room was never registered; looks without creating anything. */
  readConfig(): RoomConfig | null {
    const exists = this.#rows(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'config'`).length > 0;
    if (!exists) return null;
    const [row] = this.#rows('SELECT * FROM config');
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
    if (from === SCHEMA_VERSION) return;
    this.transaction(() => {
      for (let version = from; version !== SCHEMA_VERSION; version += 1) {
        const step = UPGRADES.get(version);
        if (step === undefined) throw new Error(`the room's tables have version ${from}, this code ${SCHEMA_VERSION}`);
        this.#run(step);
      }
      this.#run('UPDATE config SET schema_version = ?', SCHEMA_VERSION);
    });
  }

  /** Makes the tables. */
  create(config: RoomConfig): void {
    this.transaction(() => {
      this.#run(SCHEMA);
      const { cluster, displayName, epoch, hashes } = config;
      this.#run(
        'INSERT INTO config VALUES (1, ?, ?, ?, ?, ?, ?)',
        SCHEMA_VERSION,
        cluster,
        displayName,
        epoch,
        hashes.current,
        hashes.next,
      );
      this.#run('INSERT INTO session VALUES (1, ?)', JSON.stringify(FIRST_SESSION));
    });
  }

  writeHashes({ current, next }: TokenHashes): void {
    this.#run('UPDATE config SET token_hash = ?, next_token_hash = ?', current, next);
  }

  readSession(): SessionRow {
    return parseJson<SessionRow>(this.#rows('SELECT value FROM session')[0]?.value);
  }

  writeSession(row: SessionRow): void {
    this.#run('UPDATE session SET value = ? WHERE id = 1', JSON.stringify(row));
  }

  get picture(): Picture {
    return {
      host: (name) => {
        const [row] = this.#rows('SELECT value, memory FROM hosts WHERE name = ?', name);
        return row === undefined ? undefined : parseHost(row);
      },
      vm: (id) => {
        const [row] = this.#rows('SELECT derived, memory FROM vms WHERE id = ?', id);
        return row === undefined ? undefined : parseVm(row);
      },
      migration: (id) => this.#value<EndedMigration>('SELECT value FROM migrations WHERE id = ?', id),
    };
  }

  readHosts(): StoredHost[] {
    return this.#rows('SELECT value, memory FROM hosts').map(parseHost);
  }

  readVms(): StoredVm[] {
    return this.#rows('SELECT derived, memory FROM vms').map(parseVm);
  }

  readNames(): { hosts: HostName[]; vms: VmId[] } {
    return {
      hosts: this.#rows('SELECT name FROM hosts').map((row) => String(row.name)),
      vms: this.#rows('SELECT id FROM vms').map((row) => String(row.id)),
    };
  }

  writeCommit(commit: Commit): void {
    for (const { derived, memory } of commit.hosts) {
      this.#run('INSERT OR REPLACE INTO hosts VALUES (?, ?, ?)', derived.name, JSON.stringify(derived), JSON.stringify(memory));
    }
    for (const name of commit.goneHosts) this.#run('DELETE FROM hosts WHERE name = ?', name);
    for (const { derived, memory } of commit.vms) {
      this.#run('INSERT OR REPLACE INTO vms VALUES (?, ?, ?)', derived.id, JSON.stringify(derived), JSON.stringify(memory));
    }
    for (const id of commit.goneVms) this.#run('DELETE FROM vms WHERE id = ?', id);
    for (const ended of commit.ended) this.#run('INSERT OR REPLACE INTO migrations VALUES (?, ?)', ended.id, JSON.stringify(ended));
  }

  stage(number: number, part: Entities): void {
    this.#run('INSERT OR REPLACE INTO staged VALUES (?, ?)', number, JSON.stringify(part));
  }

  countStaged(): number {
    return Number(this.#rows('SELECT count(*) AS parts FROM staged')[0]?.parts ?? 0);
  }

  readStaged(): Entities[] {
    return this.#rows('SELECT value FROM staged ORDER BY number').map((row) => parseJson<Entities>(row.value));
  }

  clearStaged(): void {
    this.#run('DELETE FROM staged');
  }

  /** All but their lines, oldest first. */
  readSegments(): SegmentMeta[] {
    return this.#rows('SELECT first, last, last_at, bytes, lines IS NULL AS hole FROM segments ORDER BY first').map(parseSegmentMeta);
  }

  readNewestSegment(): SegmentMeta | undefined {
    return this.#rows('SELECT first, last, last_at, bytes, lines IS NULL AS hole FROM segments ORDER BY first DESC LIMIT 1').map(
      parseSegmentMeta,
    )[0];
  }

  readLines(first: number): string {
    return String(this.#rows('SELECT lines FROM segments WHERE first = ?', first)[0]?.lines ?? '');
  }

  openSegment(revision: number, at: number, bytes: number, line: string | null): void {
    this.#run('INSERT INTO segments VALUES (?, ?, ?, ?, ?)', revision, revision, at, bytes, line);
  }

  extendSegment(first: number, revision: number, at: number, bytes: number, line: string): void {
    const update = 'UPDATE segments SET last = ?, last_at = ?, bytes = bytes + ?, lines = lines || char(10) || ? WHERE first = ?';
    this.#run(update, revision, at, bytes, line, first);
  }

  deleteSegment(first: number): void {
    this.#run('DELETE FROM segments WHERE first = ?', first);
  }

  #rows(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#storage.sql.exec<Row>(query, ...bindings).toArray();
  }

  #run(query: string, ...bindings: SqlStorageValue[]): void {
    this.#storage.sql.exec(query, ...bindings);
  }

  #value<Value>(query: string, key: string): Value | undefined {
    const [row] = this.#rows(query, key);
    return row === undefined ? undefined : parseJson<Value>(row.value);
  }
}

/** What this class wrote itself. */
const parseJson = <Value>(value: SqlStorageValue | undefined): Value => JSON.parse(String(value)) as Value;
const parseHost = (row: Row): StoredHost => ({ derived: parseJson(row.value), memory: parseJson(row.memory) });
const parseVm = (row: Row): StoredVm => ({ derived: parseJson(row.derived), memory: parseJson(row.memory) });
const textOrNull = (value: SqlStorageValue | undefined): string | null => (typeof value === 'string' ? value : null);
const parseSegmentMeta = ({ first, last, last_at, bytes, hole }: Row): SegmentMeta => ({
  first: Number(first),
  last: Number(last),
  lastAt: Number(last_at),
  bytes: Number(bytes),
  hole: hole === 1,
});
