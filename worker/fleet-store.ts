/** The fleet's SQLite: the directory of clusters and their open install codes. */
import type { ClusterName } from '../core/model.ts';
import type { OpenCode } from './install-codes.ts';
import type { Registration } from './schemas.ts';

const SCHEMA_VERSION = 2;

/** What makes tables of an older version those of the next. Version 1 had no table `fleet` to say so. */
const UPGRADES: ReadonlyMap<number, string> = new Map([
  [
    1,
    `CREATE TABLE fleet (id INTEGER PRIMARY KEY CHECK (id = 1), schema_version INTEGER NOT NULL);
     INSERT INTO fleet VALUES (1, 1);
     ALTER TABLE clusters ADD COLUMN code_hash TEXT;
     ALTER TABLE clusters ADD COLUMN code_expires_at INTEGER;`,
  ],
]);

/**
 * fleet     one row: the version of these tables
 * clusters  one row a cluster; `created_at` on the fleet's clock; the SHA-256 of its open install code, and until when that is good
 */
const SCHEMA = `
  CREATE TABLE fleet (id INTEGER PRIMARY KEY CHECK (id = 1), schema_version INTEGER NOT NULL);
  CREATE TABLE clusters (cluster TEXT PRIMARY KEY, display_name TEXT, created_at INTEGER NOT NULL,
    code_hash TEXT, code_expires_at INTEGER) WITHOUT ROWID;
`;

type Row = Record<string, SqlStorageValue>;

export class FleetStore {
  readonly #storage: DurableObjectStorage;

  /** Makes the tables, or makes older ones today's. */
  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    const from = this.#readVersion();
    if (from === SCHEMA_VERSION) return;
    storage.transactionSync(() => {
      if (from === null) {
        this.#run(SCHEMA);
        this.#run('INSERT INTO fleet VALUES (1, ?)', SCHEMA_VERSION);
        return;
      }
      for (let version = from; version !== SCHEMA_VERSION; version += 1) {
        const step = UPGRADES.get(version);
        if (step === undefined) throw new Error(`the fleet's tables have version ${from}, this code ${SCHEMA_VERSION}`);
        this.#run(step);
      }
      this.#run('UPDATE fleet SET schema_version = ?', SCHEMA_VERSION);
    });
  }

  find(cluster: ClusterName): Registration | null {
    const [row] = this.#rows('SELECT cluster, display_name FROM clusters WHERE cluster = ?', cluster);
    return row === undefined ? null : parseRow(row);
  }

  /** By name. */
  list(): Registration[] {
    return this.#rows('SELECT cluster, display_name FROM clusters ORDER BY cluster').map(parseRow);
  }

  count(): number {
    return Number(this.#rows('SELECT count(*) AS clusters FROM clusters')[0]?.clusters ?? 0);
  }

  add({ cluster, displayName }: Registration, createdAt: number): void {
    this.#run('INSERT INTO clusters (cluster, display_name, created_at) VALUES (?, ?, ?)', cluster, displayName ?? null, createdAt);
  }

  /** With its open code. */
  delete(cluster: ClusterName): void {
    this.#run('DELETE FROM clusters WHERE cluster = ?', cluster);
  }

  /** Null where there is none, or no such cluster. */
  readCode(cluster: ClusterName): OpenCode | null {
    const [row] = this.#rows('SELECT code_hash, code_expires_at FROM clusters WHERE cluster = ?', cluster);
    if (typeof row?.code_hash !== 'string') return null;
    return { hash: row.code_hash, expiresAt: Number(row.code_expires_at) };
  }

  writeCode(cluster: ClusterName, code: OpenCode | null): void {
    const update = 'UPDATE clusters SET code_hash = ?, code_expires_at = ? WHERE cluster = ?';
    this.#run(update, code?.hash ?? null, code?.expiresAt ?? null, cluster);
  }

  /** Null where there are no tables yet. */
  #readVersion(): number | null {
    const names = this.#rows(`SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('fleet', 'clusters')`);
    if (names.some(({ name }) => name === 'fleet')) return Number(this.#rows('SELECT schema_version FROM fleet')[0]?.schema_version);
    return names.length > 0 ? 1 : null;
  }

  #rows(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#storage.sql.exec<Row>(query, ...bindings).toArray();
  }

  #run(query: string, ...bindings: SqlStorageValue[]): void {
    this.#storage.sql.exec(query, ...bindings);
  }
}

const parseRow = ({ cluster, display_name }: Row): Registration => ({
  cluster: String(cluster),
  ...(typeof display_name === 'string' && { displayName: display_name }),
});
