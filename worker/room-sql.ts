/** SQL in the object's own database, with the rows counted: they are the bill. */

export type SqlRow = Record<string, SqlStorageValue>;

export interface RowCounters {
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

export class RoomSql {
  readonly #storage: DurableObjectStorage;
  #rowsRead = 0;
  #rowsWritten = 0;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Since this object was constructed. */
  get counters(): RowCounters {
    return { rowsRead: this.#rowsRead, rowsWritten: this.#rowsWritten };
  }

  /** All or nothing. */
  transaction<Value>(closure: () => Value): Value {
    return this.#storage.transactionSync(closure);
  }

  rows(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    const cursor = this.#storage.sql.exec<SqlRow>(query, ...bindings);
    const rows = cursor.toArray();
    this.#rowsRead += cursor.rowsRead;
    this.#rowsWritten += cursor.rowsWritten;
    return rows;
  }

  row(query: string, ...bindings: SqlStorageValue[]): SqlRow | undefined {
    return this.rows(query, ...bindings)[0];
  }

  run(query: string, ...bindings: SqlStorageValue[]): void {
    this.rows(query, ...bindings);
  }
}

/** What the room wrote itself. */
export const parseJson = <Value>(value: SqlStorageValue | undefined): Value => JSON.parse(String(value)) as Value;
export const textOrNull = (value: SqlStorageValue | undefined): string | null => (typeof value === 'string' ? value : null);
