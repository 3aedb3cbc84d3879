/** The order of a table's rows, kept up: a commit of a few changes costs little more than they do, however long the table is. */
import { orderKeyOf } from '../arranging/order-key.ts';
import type { SortKey } from './table-sort-keys.ts';

export interface RowOrder<Item> {
  /** Undefined: it is not there, or not listed. Answers whether the order may be another one now. */
  put(id: string, item: Item | undefined): boolean;
  has(id: string): boolean;
  ids(): readonly string[];
}

interface Row {
  readonly id: string;
  readonly place: string;
  key: SortKey;
  isGone: boolean;
}

/** `placeOf` an id, among those whose keys are equal: a table keeps them, for another order needs the same. */
export function createRowOrder<Item>(keyOf: (item: Item) => SortKey, isDescending: boolean, placeOf = orderKeyOf): RowOrder<Item> {
  const rows = new Map<string, Row>();
  let sorted: Row[] = [];
  let ids: readonly string[] = [];
  let added: Row[] = [];
  let isSorted = true;

  return {
    put(id, item) {
      const row = rows.get(id);
      if (item === undefined) {
        if (row === undefined) return false;
        row.isGone = true;
        rows.delete(id);
        isSorted = false;
        return true;
      }
      const key = keyOf(item);
      if (row === undefined) {
        const fresh = { id, place: placeOf(id), key, isGone: false };
        rows.set(id, fresh);
        added.push(fresh);
      } else if (row.key === key) return false;
      else row.key = key;
      isSorted = false;
      return true;
    },
    has: (id) => rows.has(id),
    ids() {
      if (isSorted) return ids;
      // Nearly in order as it is, which is what the engine's sort is quick with.
      sorted = [...sorted, ...added].filter((row) => !row.isGone).sort((a, b) => compareRows(a, b, isDescending));
      added = [];
      isSorted = true;
      ids = sorted.map(({ id }) => id);
      return ids;
    },
  };
}

/** Of those whose keys are equal their places decide, in one direction whatever the other is. */
function compareRows(a: Row, b: Row, isDescending: boolean): number {
  if (a.key === b.key) return a.place < b.place ? -1 : a.place > b.place ? 1 : 0;
  if (a.key === null) return 1;
  if (b.key === null) return -1;
  return a.key < b.key === isDescending ? 1 : -1;
}
