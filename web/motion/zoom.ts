/** From which change of the address the page zooms (SPEC P5). Pure. */
import type { ClusterName } from '../../core/model.ts';
import type { Route } from '../page/route.ts';
import { wallOf } from '../wall/wall.ts';

export interface Zoom {
  /** `in`: from the overview to a board. */
  readonly way: 'in' | 'out';
  readonly cluster: ClusterName;
}

/** Between the overview and a board, and never on a wall, whose pages turn by themselves. */
export function zoomBetween(from: Route, to: Route): Zoom | null {
  if (wallOf(from) !== null || wallOf(to) !== null) return null;
  if (from.view === 'fleet' && to.view === 'cluster') return { way: 'in', cluster: to.cluster };
  if (from.view === 'cluster' && to.view === 'fleet') return { way: 'out', cluster: from.cluster };
  return null;
}
