/** Which picture of a cluster an address asks for, where it is not the host board. */
import type { ComponentType } from 'preact';
import { hasHostCards, parseGrouping } from '../arranging/grouping.ts';
import { isPastAwaited } from '../history/past-opening.ts';
import { DrainView, GroupBoard, MigrationsView, PastGate, TableView } from '../late/late-views.ts';
import { type Picture, parsePageState } from './page-state.ts';
import type { Route } from './route.ts';

const PICTURES: Readonly<Partial<Record<Picture, ComponentType>>> = { drain: DrainView, migrations: MigrationsView, table: TableView };

export function otherPicture(route: Route): ComponentType | undefined {
  if (route.view !== 'cluster') return undefined;
  const state = parsePageState(route.rest ?? '', route.search ?? '');
  return isPastAwaited(state) ? PastGate : pictureOf(state.picture, state.group);
}

const pictureOf = (picture: Picture, group: string): ComponentType | undefined =>
  picture === 'board' && !hasHostCards(parseGrouping(group)) ? GroupBoard : PICTURES[picture];
