/** Which picture of a cluster an address asks for, where it is not the host board. */
import type { ComponentType } from 'preact';
import { type Picture, parsePageState } from './page-state.ts';
import type { Route } from './route.ts';

const PICTURES: Readonly<Partial<Record<Picture, ComponentType>>> = {};

export function otherPicture(route: Route): ComponentType | undefined {
  if (route.view !== 'cluster') return undefined;
  return PICTURES[parsePageState(route.rest ?? '', route.search ?? '').picture];
}
