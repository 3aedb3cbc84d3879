/** What there is to export of an open board: the painted picture, as the search leaves it, in the order of the table. */
import { untracked } from '@preact/signals';
import type { Vm } from '../../core/model.ts';
import type { PictureTools } from '../board/picture-tools.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import { hostRowOf } from '../table/table-host-rows.ts';
import { createRowOrder } from '../table/table-order.ts';
import { vmSortKey } from '../table/table-sort-keys.ts';
import { parseSort, VM_SORTS } from '../table/table-sorting.ts';
import type { ExportPicture } from './export.ts';
import type { HostRow } from './export-columns.ts';

type Session = Pick<ClusterSession, 'name' | 'displayName' | 'cluster' | 'connection'>;

/** `query`: as it was typed; null where all rows are exported, whatever is searched for. */
export function readPicture({ name, displayName, cluster, connection }: Session, filter: ExportPicture['filter']): ExportPicture {
  return {
    cluster: name,
    displayName: displayName.peek(),
    cursor: cluster.cursor.peek(),
    kind: connection.badge.peek().kind,
    freshness: connection.freshness.peek(),
    now: connection.now.peek(),
    lastHeard: connection.lastHeard.peek(),
    present: connection.present.peek(),
    filter,
  };
}

/** Null where every VM is exported. */
export const readFilter = ({ cluster }: Pick<Session, 'cluster'>, { filter }: Pick<PictureTools, 'filter'>): ExportPicture['filter'] =>
  filter.isActive.peek() ? { query: filter.text.peek(), listed: filter.found.peek(), of: cluster.counts.peek().vms } : null;

/** `sort` as in the address. */
export function readVms({ picture, filter }: Pick<PictureTools, 'picture' | 'filter'>, sort: string): Vm[] {
  const { column, isDescending } = parseSort(sort, VM_SORTS);
  const order = createRowOrder<Vm>((vm) => vmSortKey(vm, column), isDescending);
  const vms = picture.vms();
  for (const [id, vm] of vms) if (filter.matches(id)) order.put(id, vm);
  return order.ids().flatMap((id) => vms.get(id) ?? []);
}

export const readHosts = ({ cluster }: Pick<Session, 'cluster'>): HostRow[] =>
  untracked(() => cluster.hostNames.peek().map((name) => hostRowOf(cluster, name)));
