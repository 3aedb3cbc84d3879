/** The numbers that stand for a cluster. `transits` counts every VM with a migration in flight, queued and finishing ones too. */
import type { ClusterSummary, Host, HostState, Vm, VmState } from './model.ts';

/** Not ready, not reporting, or without power. */
const DOWN_STATES: readonly HostState[] = ['unavailable', 'in-progress', 'off', 'stopping', 'starting', 'rebooting'];

/** Whether a host answers and says that it is ready. */
export const isHostUp = ({ state }: Pick<Host, 'state'>): boolean => !DOWN_STATES.includes(state);

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
