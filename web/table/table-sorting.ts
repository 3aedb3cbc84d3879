/**
 * What the tables are sorted by. It stands in the address as `sort=memory`, with a minus in front for the other way round; what a table has
 * no column for leaves it in its usual order, by name. Pure.
 */
import { joinSort, splitSort } from '../arranging/sort-text.ts';

export interface Sort<Column extends string> {
  readonly column: Column;
  readonly isDescending: boolean;
}

export const VM_SORTS = ['name', 'namespace', 'host', 'state', 'news', 'when', 'cpu', 'memory', 'migratable', 'os'] as const;
export type VmSort = (typeof VM_SORTS)[number];
export const HOST_SORTS = ['name', 'state', 'vms', 'arriving', 'leaving', 'cpu', 'memory'] as const;
export type HostSort = (typeof HOST_SORTS)[number];

/** A column whose first click brings up what one looks for: the largest, the newest, what cannot move. */
const DESCENDING_FIRST: ReadonlySet<string> = new Set(['when', 'cpu', 'memory', 'migratable', 'vms', 'arriving', 'leaving']);

export function parseSort<Column extends string>(text: string, columns: readonly ['name', ...Column[]]): Sort<Column | 'name'> {
  const { name, isDescending } = splitSort(text);
  const column = columns.find((known) => known === name);
  return column === undefined ? { column: 'name', isDescending: false } : { column, isDescending };
}

export const formatSort = ({ column, isDescending }: Sort<string>): string => joinSort(column, isDescending);

/** What a click on the head of a column asks for. */
export function nextSort<Column extends string>(current: Sort<Column>, clicked: Column): Sort<Column> {
  const isDescending = current.column === clicked ? !current.isDescending : DESCENDING_FIRST.has(clicked);
  return { column: clicked, isDescending };
}
