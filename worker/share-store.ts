/** The shares' rows, in the Fleet's SQLite. */
import { MAX_SHARES_COUNT } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Refusal } from './problem.ts';
import { type StoredShare, TOO_MANY_SHARES } from './shares.ts';

/** shares   one row a share; `clusters` is a JSON list, null is all of them; times on the Fleet's clock */
const SCHEMA = `CREATE TABLE IF NOT EXISTS shares (id TEXT PRIMARY KEY, token_hash TEXT NOT NULL, clusters TEXT, note TEXT,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID`;

type Row = Record<string, SqlStorageValue>;

export class ShareStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  find(id: string): StoredShare | null {
    const [row] = this.#sql.exec<Row>('SELECT * FROM shares WHERE id = ?', id).toArray();
    return row === undefined ? null : parseRow(row);
  }

  /** Those that end after `now`, the next to end at the head. */
  list(now: number): StoredShare[] {
    return this.#sql.exec<Row>('SELECT * FROM shares WHERE expires_at > ? ORDER BY expires_at, id', now).toArray().map(parseRow);
  }

  /** Those that are over make room first. */
  add({ id, tokenHash, clusters, note, createdAt, expiresAt }: StoredShare): Result<null, Refusal> {
    this.#sql.exec('DELETE FROM shares WHERE expires_at <= ?', createdAt);
    const { shares } = this.#sql.exec('SELECT count(*) AS shares FROM shares').one();
    if (Number(shares) >= MAX_SHARES_COUNT) return err(TOO_MANY_SHARES);
    const list = clusters === null ? null : JSON.stringify(clusters);
    this.#sql.exec('INSERT INTO shares VALUES (?, ?, ?, ?, ?, ?)', id, tokenHash, list, note ?? null, createdAt, expiresAt);
    return ok(null);
  }

  /** Whether there was one. */
  delete(id: string): boolean {
    return this.#sql.exec('DELETE FROM shares WHERE id = ?', id).rowsWritten > 0;
  }
}

const parseRow = ({ id, token_hash, clusters, note, created_at, expires_at }: Row): StoredShare => ({
  id: String(id),
  tokenHash: String(token_hash),
  clusters: typeof clusters === 'string' ? JSON.parse(clusters) : null,
  ...(typeof note === 'string' && { note }),
  createdAt: Number(created_at),
  expiresAt: Number(expires_at),
});
