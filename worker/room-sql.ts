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
  #bytesRead = 0;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Since this object was constructed. */
  get counters(): RowCounters {
    return { rowsRead: this.#rowsRead, rowsWritten: this.#rowsWritten };
  }

  /** Of the texts and blobs that were read, about: a character counts as one. */
  get bytesRead(): number {
    return this.#bytesRead;
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
    for (const row of rows) for (const value of Object.values(row)) this.#bytesRead += sizeOf(value);
    return rows;
  }

  row(query: string, ...bindings: SqlStorageValue[]): SqlRow | undefined {
    return this.rows(query, ...bindings)[0];
  }

  run(query: string, ...bindings: SqlStorageValue[]): void {
    this.rows(query, ...bindings);
  }
}

function sizeOf(value: SqlStorageValue): number {
  if (typeof value === 'string') return value.length;
  return value instanceof ArrayBuffer ? value.byteLength : 0;
}

/** What the room wrote itself. */
export const parseJson = <Value>(value: SqlStorageValue | undefined): Value => JSON.parse(String(value)) as Value;
export const textOrNull = (value: SqlStorageValue | undefined): string | null => (typeof value === 'string' ? value : null);
