/** By what a row stands where it does, for each column that a table is sorted by. Pure. */
import type { Host, HostName, HostState, Vm, VmState } from '../../core/model.ts';
import { orderKeyOf } from '../arranging/order-key.ts';
import { needsPerson } from '../board/board.ts';
import { homeOf } from '../board/home.ts';
import type { HostSort, VmSort } from './table-sorting.ts';

/** Texts as {@link orderKeyOf} makes them, for plain comparison. Null is not known, and stands last in either direction. */
export type SortKey = string | number | null;

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
      return newsAt(vm);
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

/** When what is told of it last began, or ended: the move under way, else the last one. Null where nobody can say. */
export const newsAt = ({ transit, lastMigration }: Vm): number | null => transit?.startedAt ?? lastMigration?.endedAt ?? null;

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
