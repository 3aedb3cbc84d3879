/** Which picture of a cluster an address asks for, where it is not the host board. */
import type { ComponentType } from 'preact';
import { hasHostCards, parseGrouping } from '../arranging/grouping.ts';
import type { ClusterModel } from '../board/cluster-model.ts';
import { NoHosts, NothingYet } from '../board/no-board.tsx';
import { isPastAwaited } from '../history/past-opening.ts';
import { DrainView, GroupBoard, MigrationsView, PastGate, TableView } from '../late/late-views.ts';
import { type PageState, type Picture, parsePageState } from './page-state.ts';
import type { Route } from './route.ts';

const PICTURES: Readonly<Partial<Record<Picture, ComponentType>>> = { drain: DrainView, migrations: MigrationsView, table: TableView };

const stateOf = (route: Route): PageState | null =>
  route.view === 'cluster' ? parsePageState(route.rest ?? '', route.search ?? '') : null;

/**
 * In place of all that is painted, the counts above the picture too: where nothing of what the address asks for is known yet. `empty`: the
 * cluster, where it has neither hosts nor VMs.
 */
export function insteadOfBoard(route: Route, empty: Pick<ClusterModel, 'cursor'> | false): ComponentType | undefined {
  const state = stateOf(route);
  if (state !== null && isPastAwaited(state)) return PastGate;
  return empty !== false && empty.cursor.value === null ? NothingYet : undefined;
}

/** A cluster that has nothing now can have had migrations, and a past: only cards need hosts. */
export function otherPicture(route: Route, isEmpty: boolean): ComponentType | undefined {
  const state = stateOf(route);
  const other = state === null ? undefined : PICTURES[state.picture];
  if (other !== undefined || state === null) return other;
  if (isEmpty) return NoHosts;
  return hasHostCards(parseGrouping(state.group)) ? undefined : GroupBoard;
}
