/** The numbers that stand for a cluster. `transits` counts every VM with a migration in flight, queued and finishing ones too. */
import type { Frame } from './downlink.ts';
import type { CapacitySum, ClusterSummary, Host, HostName, HostState, Vm, VmId, VmState } from './model.ts';

/** Not ready, not reporting, or without power. */
const DOWN_STATES: readonly HostState[] = ['unavailable', 'in-progress', 'off', 'stopping', 'starting', 'rebooting'];

/** Whether a host answers and says that it is ready. */
export const isHostUp = ({ state }: Pick<Host, 'state'>): boolean => !DOWN_STATES.includes(state);

export type SummaryCounts = Pick<ClusterSummary, 'hosts' | 'vms' | 'transits' | 'failures' | 'capacity'>;

interface Sizes {
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
}

interface HostTally extends Sizes {
  readonly isUp: boolean;
}

interface VmTally extends Sizes {
  readonly state: VmState;
  readonly isPlaced: boolean;
  readonly isMoving: boolean;
  readonly hasFailed: boolean;
}

/** What is counted of each entity, so that a frame changes the numbers without reading all of them again. */
export class Tally {
  readonly #hosts = new Map<HostName, HostTally>();
  readonly #vms = new Map<VmId, VmTally>();

  constructor(hosts: readonly Host[], vms: readonly Vm[]) {
    this.apply({ hosts, vms });
  }

  apply({ hosts = [], vms = [], goneHosts = [], goneVms = [] }: Pick<Frame, 'hosts' | 'vms' | 'goneHosts' | 'goneVms'>): void {
    for (const name of goneHosts) this.#hosts.delete(name);
    for (const id of goneVms) this.#vms.delete(id);
    for (const host of hosts) this.#hosts.set(host.name, { isUp: isHostUp(host), cpu: host.cpu, memory: host.memory });
    for (const { id, state, host, cpu, memory, transit, lastMigration } of vms) {
      const isMoving = transit !== undefined;
      this.#vms.set(id, { state, isPlaced: host !== null, cpu, memory, isMoving, hasFailed: lastMigration?.outcome === 'failed' });
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
    const up = [...this.#hosts.values()].filter(({ isUp }) => isUp);
    const placed = [...this.#vms.values()].filter(({ isPlaced }) => isPlaced);
    return {
      hosts: { total: this.#hosts.size, up: up.length },
      vms: { total: this.#vms.size, byState },
      transits,
      failures,
      capacity: { cpu: sumOf(up, placed, 'cpu'), memory: sumOf(up, placed, 'memory') },
    };
  }
}

function sumOf(hosts: readonly Sizes[], vms: readonly Sizes[], size: keyof Sizes): CapacitySum {
  const known = vms.flatMap((vm) => vm[size] ?? []);
  const allocatable = hosts.flatMap((host) => host[size] ?? []);
  const unknown = vms.length - known.length;
  return { allocatable: allocatable.length < hosts.length ? null : add(allocatable), given: add(known), ...(unknown > 0 && { unknown }) };
}

/** Cores come in thousandths: in whatever order they are added, the sum is one. */
const add = (sizes: readonly number[]): number => Math.round(1_000 * sizes.reduce((sum, size) => sum + size, 0)) / 1_000;

export const summarize = (hosts: readonly Host[], vms: readonly Vm[]): SummaryCounts => new Tally(hosts, vms).counts;
