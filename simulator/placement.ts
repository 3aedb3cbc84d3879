/** The scheduler, as far as it matters here: which host has room. Pure. */
import { readReady } from './host-objects.ts';
import type { Node, VirtualMachineInstance } from './objects.ts';

const GIB = 1024 ** 3;
const UNITS: Readonly<Record<string, number>> = { '': 1, Ki: 1024, Mi: 1024 ** 2, Gi: GIB, Ti: 1024 ** 4 };

/** Bytes of a Kubernetes quantity like `4Gi`; 0 of what is none. */
export function parseMemory(quantity: string | undefined): number {
  const match = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti)?$/.exec(quantity ?? '');
  return match === null ? 0 : Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
}

export interface HostLoad {
  readonly name: string;
  /** Ready, not cordoned, and KubeVirt may place VMs on it. */
  readonly open: boolean;
  readonly ready: boolean;
  readonly memoryBytes: number;
  readonly usedBytes: number;
  readonly vmCount: number;
}

const isAlive = (vmi: VirtualMachineInstance): boolean => vmi.status.phase !== 'Succeeded' && vmi.status.phase !== 'Failed';

/** What every host carries: the guests that are there, and those that a target pod has room reserved for. */
export function deriveLoads(nodes: readonly Node[], vmis: readonly VirtualMachineInstance[]): readonly HostLoad[] {
  const used = new Map<string, { bytes: number; count: number }>();
  const add = (host: string, bytes: number, count: number): void => {
    const before = used.get(host) ?? { bytes: 0, count: 0 };
    used.set(host, { bytes: before.bytes + bytes, count: before.count + count });
  };
  for (const vmi of vmis) {
    if (!isAlive(vmi)) continue;
    const bytes = parseMemory(vmi.spec.domain.memory.guest);
    const owner = vmi.status.nodeName ?? '';
    if (owner !== '') add(owner, bytes, 1);
    for (const host of new Set(Object.values(vmi.status.activePods ?? {}))) {
      if (host !== '' && host !== owner) add(host, bytes, 0);
    }
  }
  return nodes.map((node) => {
    const ready = readReady(node) === 'True';
    const load = used.get(node.metadata.name);
    return {
      name: node.metadata.name,
      open: ready && node.spec.unschedulable !== true && node.metadata.labels?.['kubevirt.io/schedulable'] === 'true',
      ready,
      memoryBytes: parseMemory(node.status.allocatable.memory),
      usedBytes: load?.bytes ?? 0,
      vmCount: load?.count ?? 0,
    };
  });
}

export const hasRoom = (load: HostLoad, bytes: number): boolean => load.open && load.usedBytes + bytes <= load.memoryBytes;
const shareOf = (load: HostLoad): number => (load.memoryBytes === 0 ? 1 : load.usedBytes / load.memoryBytes);

/** The least loaded host with room, by share of memory, then by name; null where none has. */
export function selectHost(loads: readonly HostLoad[], bytes: number, except: string | null = null): string | null {
  let best: HostLoad | null = null;
  for (const load of loads) {
    if (load.name === except || !hasRoom(load, bytes)) continue;
    if (best === null || shareOf(load) < shareOf(best) || (shareOf(load) === shareOf(best) && load.name < best.name)) best = load;
  }
  return best?.name ?? null;
}

/** Allocatable memory in GiB for each of `hostCount` hosts, so that all but one of them can carry everything with room to move. */
export function planHostMemoryGiB(totalGiB: number, hostCount: number, largestGiB: number): number {
  const needed = Math.max((totalGiB / Math.max(1, hostCount - 1)) * 1.3, largestGiB * 2);
  const sizes = [64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096];
  return sizes.find((size) => size >= needed) ?? Math.ceil(needed / 1024) * 1024;
}
