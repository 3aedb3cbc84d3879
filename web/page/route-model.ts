/** The route, kept with the browser's history. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { formatRoute, parseRoute, type Route, type Target } from './route.ts';

export interface RouteModel {
  readonly route: ReadonlySignal<Route>;
  /** How a new entry, or the way back to another, is seen: at once, or as a zoom where the late parts say so. `follow` reads the address then. */
  turn: (follow: () => void) => void;
  open(target: Target): void;
  /** Without a new entry in the history. Nothing where the view that it is of has been left, and is only still painted. */
  replace(target: Target): void;
}

export const readRoute = (): Route => parseRoute(location.pathname, location.search);

export function createRouteModel(): RouteModel {
  const route = signal<Route>(readRoute());
  const read = (): void => {
    route.value = readRoute();
  };
  const turn = (): void => model.turn(read);
  const model: RouteModel = {
    route,
    turn: (follow) => follow(),
    open: (target) => {
      history.pushState(null, '', formatRoute(target));
      turn();
    },
    replace: (target) => {
      // Whoever has left for another view before it is painted has not asked for this one again.
      if (readRoute().view !== route.peek().view) return;
      history.replaceState(null, '', formatRoute(target));
      read();
    },
  };
  addEventListener('popstate', turn);
  return model;
}
