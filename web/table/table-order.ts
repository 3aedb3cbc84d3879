/** The order of a table's rows, kept up: a commit of a few changes costs little more than they do, however long the table is. */
import { orderKeyOf } from '../arranging/sorting.ts';
import { compareSorted, type SortKey } from './table-sorting.ts';

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
      sorted = [...sorted, ...added].filter((row) => !row.isGone).sort((a, b) => compareSorted(a, b, isDescending));
      added = [];
      isSorted = true;
      ids = sorted.map(({ id }) => id);
      return ids;
    },
  };
}

/**
 * What is shown while somebody points at the table: every row stays where it is, also one that is gone or would not be listed any more, and
 * what comes stands at the end. `shown` itself where nothing comes.
 */
export function holdRows(shown: readonly string[], next: readonly string[]): readonly string[] {
  const there = new Set(shown);
  const coming = next.filter((id) => !there.has(id));
  return coming.length === 0 ? shown : [...shown, ...coming];
}
