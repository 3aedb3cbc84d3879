/** Which picture of a cluster an address asks for, where it is not the host board. */
import type { ComponentType } from 'preact';
import { hasHostCards, parseGrouping } from './grouping.ts';
import { DrainView, GroupBoard, MigrationsView, TableView } from './late-views.ts';
import { isPastOpened } from './models/history-model.ts';
import { type Picture, parsePageState } from './page-state.ts';
import { PastGate } from './parts/past-gate.tsx';
import type { Route } from './route.ts';

const PICTURES: Readonly<Partial<Record<Picture, ComponentType>>> = { drain: DrainView, migrations: MigrationsView, table: TableView };

export function otherPicture(route: Route): ComponentType | undefined {
  if (route.view !== 'cluster') return undefined;
  const { at, group, picture, wall } = parsePageState(route.rest ?? '', route.search ?? '');
  // A wall shows the present, whatever else its address names.
  return at !== null && wall === null && !isPastOpened.value ? PastGate : pictureOf(picture, group);
}

const pictureOf = (picture: Picture, group: string): ComponentType | undefined =>
  picture === 'board' && !hasHostCards(parseGrouping(group)) ? GroupBoard : PICTURES[picture];
