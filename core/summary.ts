/** The numbers that stand for a cluster. `transits` counts every VM with a migration in flight, queued and finishing ones too. */
import type { ClusterSummary, Host, Vm, VmState } from './model.ts';

/** Whether a host answers and says that it is ready. */
export const isHostUp = ({ state }: Pick<Host, 'state'>): boolean => state !== 'unavailable' && state !== 'in-progress';

export function summarize(hosts: readonly Host[], vms: readonly Vm[]): Pick<ClusterSummary, 'hosts' | 'vms' | 'transits' | 'failures'> {
  const byState: Partial<Record<VmState, number>> = {};
  for (const { state } of vms) byState[state] = (byState[state] ?? 0) + 1;
  return {
    hosts: { total: hosts.length, up: hosts.filter(isHostUp).length },
    vms: { total: vms.length, byState },
    transits: vms.filter(({ transit }) => transit !== undefined).length,
    failures: vms.filter(({ lastMigration }) => lastMigration?.outcome === 'failed').length,
  };
}
