/** The scheduler, as far as it matters here: which host has room. Pure. */
import { readReady, SCHEDULABLE_LABEL } from './host-objects.ts';
import type { ObjectStore } from './object-store.ts';
import type { Node, VirtualMachineInstance } from './objects.ts';
import { CREATED_BY_LABEL, type Pod } from './pod-objects.ts';

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

/** Its guest is, or may be, running. An instance without a status is one that nothing has happened to, or that is malformed. */
export const isAlive = ({ status }: VirtualMachineInstance): boolean =>
  status != null && status.phase !== 'Succeeded' && status.phase !== 'Failed';

/** Neither cordoned nor tainted: a launcher pod tolerates none of the taints that matter here. */
const isInvited = ({ spec }: Node): boolean =>
  spec.unschedulable !== true && (spec.taints ?? []).every(({ effect }) => effect === 'PreferNoSchedule');

/** The hosts on which pods stand, by the uid of their instance. */
function findPodHosts(pods: readonly Pod[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { metadata, spec } of pods) {
    const uid = metadata.labels?.[CREATED_BY_LABEL];
    if (uid === undefined || spec.nodeName === undefined) continue;
    found.set(uid, [...(found.get(uid) ?? []), spec.nodeName]);
  }
  return found;
}

/** What every host carries: the guests that are there, and those that a pod has room reserved for. */
export function deriveLoads(
  nodes: readonly Node[],
  vmis: readonly VirtualMachineInstance[],
  pods: readonly Pod[] = [],
): readonly HostLoad[] {
  const podHosts = findPodHosts(pods);
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
    for (const host of new Set([...Object.values(vmi.status.activePods ?? {}), ...(podHosts.get(vmi.metadata.uid) ?? [])])) {
      if (host !== '' && host !== owner) add(host, bytes, 0);
    }
  }
  return nodes.map((node) => {
    const ready = readReady(node) === 'True';
    const load = used.get(node.metadata.name);
    return {
      name: node.metadata.name,
      open: ready && isInvited(node) && node.metadata.labels?.[SCHEDULABLE_LABEL] === 'true',
      ready,
      memoryBytes: parseMemory(node.status.allocatable.memory),
      usedBytes: load?.bytes ?? 0,
      vmCount: load?.count ?? 0,
    };
  });
}

/** The same of a cluster or its store as it is now. */
export const readLoads = ({ list }: Pick<ObjectStore, 'list'>): readonly HostLoad[] =>
  deriveLoads(list('nodes'), list('virtualmachineinstances'), list('pods'));

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

/** Why no host takes a pod, in the scheduler's words. `except`: where the instance is; `requested`: the one host that is asked for. */
export function formatUnschedulable(
  loads: readonly HostLoad[],
  { except, requested }: { readonly except?: string | undefined; readonly requested?: string | undefined } = {},
): string {
  const reasons = new Map<string, number>();
  for (const load of loads) {
    let reason = 'Insufficient memory';
    if (load.name === except) reason = "node(s) didn't match pod anti-affinity rules";
    else if (requested !== undefined && load.name !== requested) reason = "node(s) didn't match Pod's node affinity/selector";
    else if (!load.open) reason = 'node(s) were unschedulable';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const none = `0/${loads.length} nodes are available`;
  const counted = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `${none}: ${counted.join(', ')}. preemption: ${none}: ${loads.length} Preemption is not helpful for scheduling.`;
}

/** Allocatable memory in GiB for each of `hostCount` hosts, so that all but one of them can carry everything with room to move. */
export function planHostMemoryGiB(totalGiB: number, hostCount: number, largestGiB: number): number {
  const needed = Math.max((totalGiB / Math.max(1, hostCount - 1)) * 1.3, largestGiB * 2);
  const sizes = [64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096];
  return sizes.find((size) => size >= needed) ?? Math.ceil(needed / 1024) * 1024;
}
