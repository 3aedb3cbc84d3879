/** The rows of the VMs' table: those that the search finds, in the order that was asked for. */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Vm, VmId } from '../../core/model.ts';
import { orderKeyOf } from '../arranging/order-key.ts';
import type { PictureModel, VmChange } from '../board/picture-model.ts';
import type { FilterModel } from '../search/filter-model.ts';
import { createRowOrder, type RowOrder } from './table-order.ts';
import { createTableRows, type TableRows } from './table-rows.ts';
import { vmSortKey } from './table-sort-keys.ts';
import type { Sort, VmSort } from './table-sorting.ts';

export interface VmRows extends TableRows {
  /** One of the rows has labels, or had; most clusters' VMs have none that are sent (U7). */
  readonly hasLabels: ReadonlySignal<boolean>;
  sortBy(sort: Sort<VmSort>): void;
  /** Follows picture and search. Answers how to stop. */
  start(): () => void;
}

type Filter = Pick<FilterModel, 'query' | 'revision' | 'matches'>;

export function createVmRows(picture: Pick<PictureModel, 'vms' | 'follow'>, filter: Filter, first: Sort<VmSort>): VmRows {
  const rows = createTableRows();
  const hasLabels = signal(false);
  let sort = first;
  let order: RowOrder<Vm> = emptyOrder();
  let query = filter.query.peek();
  let isAsked = false;
  /** The revision of the search that the order is of; null where it has not seen any VM. */
  let seen: number | null = null;
  const changed = new Set<VmId>();

  const places = new Map<VmId, string>();
  function placeOf(id: VmId): string {
    const place = places.get(id) ?? orderKeyOf(id);
    places.set(id, place);
    return place;
  }
  function emptyOrder(): RowOrder<Vm> {
    const { column, isDescending } = sort;
    return createRowOrder((vm) => vmSortKey(vm, column), isDescending, placeOf);
  }
  function put(id: VmId, vm: Vm | undefined): void {
    const listed = filter.matches(id) ? vm : undefined;
    order.put(id, listed);
    if (vm === undefined) places.delete(id);
    if (listed?.labels !== undefined) hasLabels.value = true;
  }

  /** A commit costs what it changes. Only where other VMs match than before is each of them looked at again. */
  function settle(): void {
    const vms = picture.vms();
    for (const id of changed) put(id, vms.get(id));
    changed.clear();
    if (seen !== filter.revision.peek()) {
      seen = filter.revision.peek();
      for (const [id, vm] of vms) if (order.has(id) !== filter.matches(id)) put(id, vm);
    }
    if (isAsked) rows.replace(order.ids());
    else rows.follow(order.ids());
    isAsked = false;
  }

  let isFollowing = false;
  let isWaiting = false;
  /** After whoever else follows the picture, the search among them, and before anything is shown. */
  function settleSoon(): void {
    if (isWaiting) return;
    isWaiting = true;
    queueMicrotask(() => {
      isWaiting = false;
      if (isFollowing) settle();
    });
  }

  return {
    ...rows,
    hasLabels,
    sortBy(next) {
      if (next.column === sort.column && next.isDescending === sort.isDescending) return;
      sort = next;
      order = emptyOrder();
      seen = null;
      isAsked = true;
      settle();
    },
    start() {
      isFollowing = true;
      order = emptyOrder();
      seen = null;
      settle();
      const unfollow = picture.follow((changes: readonly VmChange[]) => {
        for (const { id } of changes) changed.add(id);
        settleSoon();
      });
      const stop = effect(() => {
        filter.revision.value;
        if (filter.query.value !== query) isAsked = true;
        query = filter.query.value;
        settleSoon();
      });
      return () => {
        isFollowing = false;
        unfollow();
        stop();
      };
    },
  };
}
