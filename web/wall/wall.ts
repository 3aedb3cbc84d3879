/** The page as a screen on a wall: `?wall`, or `?wall=30`, seconds for each picture. At `/` it goes from cluster to cluster. Pure. */

import { formatPageState, parsePageState } from '../page/page-state.ts';
import type { Route, Target } from '../page/route.ts';
import type { Badge } from '../stream/badge.ts';

/** How long a picture is shown, in seconds; null where the page is no wall. */
export const wallOf = (route: Route): number | null => (route.view === 'not-found' ? null : parsePageState('', route.search ?? '').wall);

export const DEFAULT_WALL: { readonly wall: number } = { wall: 20 };

/** The wall of what is shown; of all clusters it keeps what is searched there. */
export function wallAddress(route: Route): Target {
  if (route.view === 'cluster') {
    const state = { ...parsePageState(route.rest ?? '', route.search ?? ''), ...DEFAULT_WALL, host: null, vm: null, at: null };
    return { view: 'cluster', cluster: route.cluster, ...formatPageState(state) };
  }
  return { view: 'fleet', search: withWall(route.view === 'fleet' ? (route.search ?? '') : '', DEFAULT_WALL.wall) };
}

/** What is shown, no longer as a wall. */
export function addressOffWall(route: Route): Target {
  if (route.view === 'not-found') return { view: 'fleet' };
  return { ...route, search: withWall(route.search ?? '', null) };
}

function withWall(search: string, seconds: number | null): string {
  const params = new URLSearchParams(search);
  params.delete('wall');
  if (seconds !== null) params.set('wall', String(seconds));
  const text = params.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
  return text === '' ? '' : `?${text}`;
}

/**
 * Whether another picture may take the place of this one. A connection that is lost would have none: what is there stays, and says that it
 * is old.
 */
export const mayTurn = (badge: Badge['kind'], hasPicture: boolean): boolean =>
  !hasPicture || (badge !== 'connecting' && badge !== 'reconnecting');
