/** The route, kept with the browser's history. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { formatRoute, parseRoute, type Route } from '../route.ts';

export interface RouteModel {
  readonly route: ReadonlySignal<Route>;
  open(route: Exclude<Route, { view: 'not-found' }>): void;
  /** Without a new entry in the history. */
  replace(route: Exclude<Route, { view: 'not-found' }>): void;
}

export function createRouteModel(): RouteModel {
  const route = signal<Route>(parseRoute(location.pathname));
  addEventListener('popstate', () => {
    route.value = parseRoute(location.pathname);
  });
  return {
    route,
    open: (next) => {
      history.pushState(null, '', formatRoute(next));
      route.value = next;
    },
    replace: (next) => {
      history.replaceState(null, '', formatRoute(next));
      route.value = next;
    },
  };
}
