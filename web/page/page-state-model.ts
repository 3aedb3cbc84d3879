/** The page state of the cluster that is open, read from the route and written to it. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { entry } from '../../core/entry.ts';
import { usePage } from './context.ts';
import { formatPageState, type PageState, PLAIN_STATE, parsePageState } from './page-state.ts';
import { formatRoute } from './route.ts';
import type { RouteModel } from './route-model.ts';

export interface PageStateModel {
  readonly state: ReadonlySignal<PageState>;
  /** With a new entry in the browser's history: for what a reader may want to go back from. */
  go(change: Partial<PageState>): void;
  /** Without: for what changes with every key or second. */
  adjust(change: Partial<PageState>): void;
  /** The address of the page with that change, as a path. */
  addressOf(change: Partial<PageState>): string;
}

const models = new WeakMap<RouteModel, PageStateModel>();

/** There is one route, and so one model of it. */
export const pageStateOf = (route: RouteModel): PageStateModel => entry(models, route, () => createPageState(route));

function createPageState({ route, open, replace }: RouteModel): PageStateModel {
  const state = computed(() => {
    const current = route.value;
    return current.view === 'cluster' ? parsePageState(current.rest ?? '', current.search ?? '') : PLAIN_STATE;
  });
  function change(part: Partial<PageState>, apply: RouteModel['open']): void {
    const current = route.peek();
    if (current.view !== 'cluster') return;
    apply({ view: 'cluster', cluster: current.cluster, ...formatPageState({ ...state.peek(), ...part }) });
  }
  function addressOf(part: Partial<PageState>): string {
    let address = '';
    change(part, (target) => {
      address = formatRoute(target);
    });
    return address;
  }
  return {
    state,
    // As the browser's own links: one that leads to where the reader is makes no entry.
    go: (part) => change(part, addressOf(part) === addressOf({}) ? replace : open),
    adjust: (part) => change(part, replace),
    addressOf,
  };
}

export function usePageState(): PageStateModel {
  const { route } = usePage();
  return useMemo(() => pageStateOf(route), [route]);
}
