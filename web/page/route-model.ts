/** The route, kept with the browser's history. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { formatRoute, parseRoute, type Route, type Target } from './route.ts';

export interface RouteModel {
  readonly route: ReadonlySignal<Route>;
  open(target: Target): void;
  /** Without a new entry in the history. */
  replace(target: Target): void;
}

const readRoute = (): Route => parseRoute(location.pathname, location.search);

export function createRouteModel(): RouteModel {
  const route = signal<Route>(readRoute());
  const read = (): void => {
    route.value = readRoute();
  };
  addEventListener('popstate', read);
  return {
    route,
    open: (target) => {
      history.pushState(null, '', formatRoute(target));
      read();
    },
    replace: (target) => {
      history.replaceState(null, '', formatRoute(target));
      read();
    },
  };
}
