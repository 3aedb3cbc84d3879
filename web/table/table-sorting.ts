/**
 * What the tables are sorted by. It stands in the address as `sort=memory`, with a minus in front for the other way round; what a table has
 * no column for leaves it in its usual order, by name. Pure.
 */
import type { Host, HostName, HostState, Vm, VmState } from '../../core/model.ts';
import { joinSort, orderKeyOf, splitSort } from '../arranging/sorting.ts';
import { homeOf, needsPerson } from '../board/board.ts';

export interface Sort<Column extends string> {
  readonly column: Column;
  readonly isDescending: boolean;
}

/** Texts as {@link orderKeyOf} makes them, for plain comparison. Null is not known, and stands last in either direction. */
export type SortKey = string | number | null;

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

/** What needs somebody comes before what is at rest. */
const STATE_RANKS: Readonly<Record<VmState, number>> = {
  error: 0,
  unknown: 1,
  unschedulable: 2,
  'not-ready': 3,
  paused: 4,
  terminating: 5,
  stopping: 6,
  restarting: 7,
  starting: 8,
  provisioning: 9,
  'waiting-for-receiver': 10,
  running: 11,
  off: 12,
};

const HOST_STATE_RANKS: Readonly<Record<HostState, number>> = {
  unavailable: 0,
  'in-progress': 1,
  pressure: 2,
  off: 3,
  stopping: 4,
  rebooting: 5,
  starting: 6,
  draining: 7,
  'entering-maintenance': 8,
  maintenance: 9,
  cordoned: 10,
  active: 11,
  witness: 12,
};

export function vmSortKey(vm: Vm, column: VmSort): SortKey {
  switch (column) {
    case 'name':
      return orderKeyOf(vm.displayName ?? vm.name);
    case 'namespace':
      return orderKeyOf(vm.namespace);
    case 'host':
      return keyOrNull(homeOf(vm).host);
    case 'state':
      return STATE_RANKS[vm.state];
    case 'news':
      return newsRank(vm);
    case 'when':
      return vm.transit?.startedAt ?? vm.lastMigration?.endedAt ?? null;
    case 'cpu':
      return vm.cpu ?? null;
    case 'memory':
      return vm.memory ?? null;
    case 'os':
      return keyOrNull(vm.os);
    case 'migratable':
      return vm.migratable.ok ? 0 : 1;
  }
}

const keyOrNull = (text: string | null | undefined): SortKey => (text == null ? null : orderKeyOf(text));

function newsRank(vm: Vm): number {
  const ranks = [
    needsPerson(vm),
    vm.danger !== undefined,
    homeOf(vm).lane === 'leaving',
    vm.transit !== undefined,
    vm.evacuation !== undefined,
  ];
  const rank = ranks.indexOf(true);
  if (rank >= 0) return rank;
  const outcome = vm.lastMigration?.outcome;
  return ranks.length + (outcome === undefined ? 2 : outcome === 'succeeded' ? 1 : 0);
}

/** A host's row as far as it is sorted by; `host` undefined where no Node of that name is known. */
export interface SortedHost {
  readonly name: HostName;
  readonly host: Pick<Host, 'displayName' | 'state' | 'cpu' | 'memory'> | undefined;
  readonly vms: number;
  readonly arriving: number;
  readonly leaving: number;
}

export function hostSortKey({ name, host, vms, arriving, leaving }: SortedHost, column: HostSort): SortKey {
  switch (column) {
    case 'name':
      return orderKeyOf(host?.displayName ?? name);
    case 'state':
      return host === undefined ? null : HOST_STATE_RANKS[host.state];
    case 'vms':
      return vms;
    case 'arriving':
      return arriving;
    case 'leaving':
      return leaving;
    case 'cpu':
      return host?.cpu ?? null;
    case 'memory':
      return host?.memory ?? null;
  }
}

/** What is sorted: of those whose keys are equal its place decides, in one direction whatever the other is. */
export interface Sorted {
  readonly key: SortKey;
  /** As {@link orderKeyOf} makes it of an id. */
  readonly place: string;
}

export function compareSorted(a: Sorted, b: Sorted, isDescending: boolean): number {
  if (a.key === b.key) return a.place < b.place ? -1 : a.place > b.place ? 1 : 0;
  if (a.key === null) return 1;
  if (b.key === null) return -1;
  return a.key < b.key === isDescending ? 1 : -1;
}
