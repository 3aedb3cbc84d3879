/** The numbers that stand for a cluster. `transits` counts every VM with a migration in flight, queued and finishing ones too. */
import type { Frame } from './downlink.ts';
import type { ClusterSummary, Host, HostName, HostState, Vm, VmId, VmState } from './model.ts';

/** Not ready, not reporting, or without power. */
const DOWN_STATES: readonly HostState[] = ['unavailable', 'in-progress', 'off', 'stopping', 'starting', 'rebooting'];

/** Whether a host answers and says that it is ready. */
export const isHostUp = ({ state }: Pick<Host, 'state'>): boolean => !DOWN_STATES.includes(state);

export type SummaryCounts = Pick<ClusterSummary, 'hosts' | 'vms' | 'transits' | 'failures'>;

interface VmTally {
  readonly state: VmState;
  readonly isMoving: boolean;
  readonly hasFailed: boolean;
}

/** What is counted of each entity, so that a frame changes the numbers without reading all of them again. */
export class Tally {
  readonly #hosts = new Map<HostName, boolean>();
  readonly #vms = new Map<VmId, VmTally>();

  constructor(hosts: readonly Host[], vms: readonly Vm[]) {
    this.apply({ hosts, vms });
  }

  apply({ hosts = [], vms = [], goneHosts = [], goneVms = [] }: Pick<Frame, 'hosts' | 'vms' | 'goneHosts' | 'goneVms'>): void {
    for (const name of goneHosts) this.#hosts.delete(name);
    for (const id of goneVms) this.#vms.delete(id);
    for (const host of hosts) this.#hosts.set(host.name, isHostUp(host));
    for (const { id, state, transit, lastMigration } of vms) {
      this.#vms.set(id, { state, isMoving: transit !== undefined, hasFailed: lastMigration?.outcome === 'failed' });
    }
  }

  get counts(): SummaryCounts {
    const byState: Partial<Record<VmState, number>> = {};
    let transits = 0;
    let failures = 0;
    for (const { state, isMoving, hasFailed } of this.#vms.values()) {
      byState[state] = (byState[state] ?? 0) + 1;
      if (isMoving) transits += 1;
      if (hasFailed) failures += 1;
    }
    const up = [...this.#hosts.values()].filter((isUp) => isUp).length;
    return { hosts: { total: this.#hosts.size, up }, vms: { total: this.#vms.size, byState }, transits, failures };
  }
}

export const summarize = (hosts: readonly Host[], vms: readonly Vm[]): SummaryCounts => new Tally(hosts, vms).counts;
