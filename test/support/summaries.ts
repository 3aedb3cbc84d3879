/** Summaries of clusters for the fleet's tests. */
import type { ClusterSummary } from '../../core/model.ts';

/** Live at `now`, where nothing else is said: three hosts up with room for more, ten VMs, two of them off. */
export const summaryOf = (cluster: string, now: number, rest: Partial<ClusterSummary> = {}): ClusterSummary => ({
  cluster,
  lastHeard: now,
  hosts: { total: 3, up: 3 },
  vms: { total: 10, byState: { running: 8, off: 2 } },
  transits: 0,
  failures: 0,
  capacity: { cpu: { allocatable: 96, given: 40 }, memory: { allocatable: 384 * 2 ** 30, given: 80 * 2 ** 30 } },
  recent: null,
  cursor: 'e-1',
  ...rest,
});
