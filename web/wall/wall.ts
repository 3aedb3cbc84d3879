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

/** What a wall at `/` shows: all clusters, or one of them. */
export interface Turn {
  readonly cluster: string | null;
  /** Those that it goes through before it comes back to all of them, in order. */
  readonly round: readonly string[];
}

export const FIRST_TURN: Turn = { cluster: null, round: [] };

/** `seen`: the clusters that the list of all of them has just shown, as far as they have a picture; heeded when it is left. */
export function nextTurn({ cluster, round }: Turn, seen: readonly string[]): Turn {
  const all = cluster === null ? seen : round;
  const next = cluster === null ? 0 : all.indexOf(cluster) + 1;
  return { cluster: all[next] ?? null, round: all };
}

/**
 * Whether another picture may take the place of this one. A connection that is lost would have none: what is there stays, and says that it
 * is old.
 */
export const mayTurn = (badge: Badge['kind'], hasPicture: boolean): boolean =>
  !hasPicture || (badge !== 'connecting' && badge !== 'reconnecting');
