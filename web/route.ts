/** URL ↔ what the page shows. `/` is the fleet, `/c/:cluster` a cluster's board; share links say `/clusters/:cluster`. */
import type { ClusterName } from '../core/model.ts';

export type Route =
  | { readonly view: 'fleet' }
  | { readonly view: 'cluster'; readonly cluster: ClusterName }
  | { readonly view: 'not-found' };

/** A DNS label, as the registry takes it. */
const CLUSTER_PATH = /^\/c(?:lusters)?\/([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\/?$/;

export function parseRoute(path: string): Route {
  if (path === '/' || path === '') return { view: 'fleet' };
  const cluster = CLUSTER_PATH.exec(path)?.[1];
  return cluster === undefined ? { view: 'not-found' } : { view: 'cluster', cluster };
}

export const formatRoute = (route: Exclude<Route, { view: 'not-found' }>): string => (route.view === 'fleet' ? '/' : `/c/${route.cluster}`);
