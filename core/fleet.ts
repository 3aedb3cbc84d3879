/**
 * What viewers of the whole fleet get (`GET /api/v1/stream`): a snapshot of all summaries, then frames of those that changed, by the same
 * rules as a cluster's own stream (SPEC D1, D2). A viewer that may see only some clusters gets theirs, under the same cursors.
 */
import type { ClusterName, ClusterSummary } from './model.ts';
import { err, ok, type Result } from './result.ts';

/** The event `snapshot`. */
export interface FleetSnapshot {
  readonly cursor: string;
  /** The fleet's clock when this was written. */
  readonly now: number;
  /** The viewer may see some clusters only (A6): there can be others. */
  readonly partial?: true;
  /** By name. */
  readonly clusters: readonly ClusterSummary[];
}

/** The event `frame`: the change from one cursor to a later one, applied whole or not at all. Summaries are whole values. */
export interface FleetFrame {
  readonly from: string;
  readonly to: string;
  /** When it was made, on the fleet's clock; never decreases. */
  readonly at: number;
  readonly clusters?: readonly ClusterSummary[];
  /** Clusters that were removed. */
  readonly gone?: readonly ClusterName[];
}

/** The fleet as a viewer holds it. */
export interface FleetState {
  readonly cursor: string;
  readonly clusters: ReadonlyMap<ClusterName, ClusterSummary>;
}

export const fleetStateOf = ({ cursor, clusters }: Pick<FleetSnapshot, 'cursor' | 'clusters'>): FleetState => ({
  cursor,
  clusters: new Map(clusters.map((summary) => [summary.cluster, summary])),
});

/** Refused where the state is not at the cursor that the frame starts from. */
export function applyFleetFrame(state: FleetState, frame: FleetFrame): Result<FleetState, 'gap'> {
  if (state.cursor !== frame.from) return err('gap');
  const clusters = new Map(state.clusters);
  for (const cluster of frame.gone ?? []) clusters.delete(cluster);
  for (const summary of frame.clusters ?? []) clusters.set(summary.cluster, summary);
  return ok({ cursor: frame.to, clusters });
}

/** One frame that does what `first` and then `second` do; refused where they do not follow each other. */
export function composeFleetFrames(first: FleetFrame, second: FleetFrame): Result<FleetFrame, 'gap'> {
  if (first.to !== second.from) return err('gap');
  const changed = new Map((first.clusters ?? []).map((summary) => [summary.cluster, summary]));
  const gone = new Set(first.gone);
  for (const cluster of second.gone ?? []) {
    changed.delete(cluster);
    gone.add(cluster);
  }
  for (const summary of second.clusters ?? []) {
    changed.set(summary.cluster, summary);
    gone.delete(summary.cluster);
  }
  return ok({
    from: first.from,
    to: second.to,
    at: second.at,
    ...(changed.size > 0 && { clusters: [...changed.values()] }),
    ...(gone.size > 0 && { gone: [...gone] }),
  });
}
