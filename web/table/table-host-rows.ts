/** The rows of the hosts' table, which has all of them, in the order that was asked for; and what stands in each. */
import { untracked } from '@preact/signals';
import type { HostName } from '../../core/model.ts';
import type { ClusterModel } from '../board/cluster-model.ts';
import type { PictureModel } from '../board/picture-model.ts';
import type { HostRow } from '../export/export-columns.ts';
import { createRowOrder, type RowOrder } from './table-order.ts';
import { createTableRows, type TableRows } from './table-rows.ts';
import { hostSortKey } from './table-sort-keys.ts';
import type { HostSort, Sort } from './table-sorting.ts';

export interface HostRows extends TableRows {
  sortBy(sort: Sort<HostSort>): void;
  /** Follows the picture. Answers how to stop. */
  start(): () => void;
}

/** As the host's card counts them; read with a subscription. */
export const hostRowOf = (cluster: Pick<ClusterModel, 'host' | 'lane' | 'countAt'>, name: HostName) => ({
  name,
  host: cluster.host(name),
  vms: cluster.countAt(name),
  arriving: cluster.lane('arriving', name).value.length,
  leaving: cluster.lane('leaving', name).value.length,
});

/** What VMs change about their hosts. */
const COUNTS: ReadonlySet<HostSort> = new Set(['vms', 'arriving', 'leaving']);

export function createHostRows(cluster: ClusterModel, picture: Pick<PictureModel, 'follow'>, first: Sort<HostSort>): HostRows {
  const rows = createTableRows();
  let sort = first;
  let order: RowOrder<HostRow> = emptyOrder();
  let known: readonly HostName[] = [];

  function emptyOrder(): RowOrder<HostRow> {
    const { column, isDescending } = sort;
    return createRowOrder((row) => hostSortKey(row, column), isDescending);
  }

  function settle(changed: ReadonlySet<HostName>): readonly HostName[] {
    untracked(() => {
      const names = cluster.hostNames.peek();
      const isNew = names !== known;
      if (isNew) {
        const there = new Set(names);
        for (const name of known) if (!there.has(name)) order.put(name, undefined);
        known = names;
      }
      // One that has come and gone between two commits is named as changed, and is not there.
      const touched = isNew || COUNTS.has(sort.column) ? names : [...changed].filter(order.has);
      for (const name of touched) order.put(name, hostRowOf(cluster, name));
    });
    return order.ids();
  }
  function settleAnew(): readonly HostName[] {
    known = [];
    order = emptyOrder();
    return settle(new Set());
  }

  return {
    ...rows,
    sortBy(next) {
      if (next.column === sort.column && next.isDescending === sort.isDescending) return;
      sort = next;
      rows.replace(settleAnew());
    },
    start() {
      rows.follow(settleAnew());
      return picture.follow((_, hosts) => rows.follow(settle(hosts)));
    },
  };
}
