/** Probes and metrics of one replica, as the operations server serves them. */
import type { Clock } from './clock.ts';
import type { RunningForwarder } from './forwarder.ts';
import { createMetrics, type Metrics, type MetricsView } from './metrics.ts';
import type { Operations } from './operations-server.ts';
import { judgeLife, judgeReadiness } from './probes.ts';
import { mapKinds } from './projector.ts';
import type { ReplicaStatus } from './replica.ts';

/** While a replica stands by there is nothing that it watches. */
const NOTHING: RunningForwarder['view'] = {
  kinds: mapKinds(() => ({ isWatching: false, isWithheld: false })),
  hosts: 0,
  vms: 0,
  transits: 0,
  odd: 0,
  uplink: { phase: 'opening', session: 0, isSynced: false, finishedCount: 0 },
};

export function metricsViewOf({ role, termCount, forwarder }: ReplicaStatus): MetricsView {
  const lease = role === 'alone' ? null : { isLeading: role === 'leading', termCount };
  return { ...(forwarder?.view ?? NOTHING), lease };
}

export interface ReplicaOperations {
  readonly metrics: Metrics;
  /** Null while the replica is not started yet. */
  readonly operations: (replica: () => ReplicaStatus | null) => Operations;
}

/** The metrics come first, since the replica tells them what it does; then the replica, whose status they ask for. */
export function createOperations(version: string, clock: Clock): ReplicaOperations {
  let statusOf: () => ReplicaStatus | null = () => null;
  const metrics = createMetrics({
    version,
    view: () => {
      const status = statusOf();
      return status === null ? { ...NOTHING, lease: null } : metricsViewOf(status);
    },
    now: () => Date.now(),
  });
  return {
    metrics,
    operations(replica) {
      statusOf = replica;
      const judge =
        (verdict: typeof judgeLife): Operations['live'] =>
        () => {
          const status = statusOf();
          return status === null ? { code: 503, text: 'not ready:\n  it is about to start\n' } : verdict(status, clock.now());
        };
      return { live: judge(judgeLife), ready: judge(judgeReadiness), metrics };
    },
  };
}
