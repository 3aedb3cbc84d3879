/**
 * URL ↔ what the page shows. `/` is the fleet, `/c/:cluster` a cluster's board; share links say `/clusters/:cluster`. What follows, the
 * selection and the query, is read by the late parts (page-state.ts): an address without either is the plain board.
 */
import type { ClusterName } from '../../core/model.ts';

interface Query {
  /** As in `location.search`: empty, or with its question mark. */
  readonly search?: string;
}

export type Target =
  | ({ readonly view: 'fleet'; readonly rest?: undefined } & Query)
  /** `rest`: empty, `/h/:host`, or `/vm/:namespace/:name`, as it stands in the path. */
  | ({ readonly view: 'cluster'; readonly cluster: ClusterName; readonly rest?: string } & Query);

export type Route = Target | { readonly view: 'not-found'; readonly rest?: undefined };

/** A DNS label, as the registry takes it, and what may be selected. */
const CLUSTER_PATH = /^\/c(?:lusters)?\/([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)((?:\/h|\/vm\/[^/]+)\/[^/]+)?\/?$/;

export function parseRoute(path: string, search = ''): Route {
  if (path === '/' || path === '') return { view: 'fleet', search };
  const [, cluster, rest = ''] = CLUSTER_PATH.exec(path) ?? [];
  return cluster === undefined ? { view: 'not-found' } : { view: 'cluster', cluster, rest, search };
}

export const formatRoute = (to: Target): string => (to.view === 'fleet' ? '/' : `/c/${to.cluster}${to.rest ?? ''}`) + (to.search ?? '');
