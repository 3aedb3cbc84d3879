/** Who takes part in a scenario: pure choices over the cluster as it is, so that a test can make the same. */
import { refOf, selectGuests } from '../evacuation.ts';
import type { VirtualMachineInstance } from '../objects.ts';
import { parseMemory, readLoads, selectHost } from '../placement.ts';
import type { Subjects } from '../stage.ts';
import type { Cluster, VmRef } from '../types.ts';
import { hasDevice } from '../vm-objects.ts';

/** The Ubuntu VM of the original report, and the one that has its name in another namespace. */
export const WEB: VmRef = { namespace: 'default', name: 'ubuntu-web-1' };
export const OTHER_WEB: VmRef = { namespace: 'staging', name: 'ubuntu-web-1' };
export const DATABASE: VmRef = { namespace: 'default', name: 'ubuntu-db-1' };
/** Stopped. */
export const ARCHIVE: VmRef = { namespace: 'default', name: 'debian-archive-1' };
export const WINDOWS_TEST: VmRef = { namespace: 'staging', name: 'windows-test-1' };
/** It has a device of its host, so it cannot move. */
export const GPU: VmRef = { namespace: 'default', name: 'render-gpu-1' };

const getVmi = (cluster: Cluster, vm: VmRef): VirtualMachineInstance => {
  const vmi = cluster.get('virtualmachineinstances', vm.namespace, vm.name);
  if (vmi === undefined) throw new Error(`the VM ${vm.namespace}/${vm.name} does not run`);
  return vmi;
};

export const hostOf = (cluster: Cluster, vm: VmRef): string => getVmi(cluster, vm).status.nodeName ?? '';

/** The host that the scheduler would choose for it. */
export function targetOf(cluster: Cluster, vm: VmRef): string {
  const vmi = getVmi(cluster, vm);
  const host = selectHost(readLoads(cluster), parseMemory(vmi.spec.domain.memory.guest), vmi.status.nodeName ?? null);
  if (host === null) throw new Error(`no other host has room for ${vm.namespace}/${vm.name}`);
  return host;
}

/** Another host with room, which is not that one either. */
export function thirdHostOf(cluster: Cluster, vm: VmRef, other: string): string {
  const vmi = getVmi(cluster, vm);
  const loads = readLoads(cluster).filter(({ name }) => name !== other);
  const host = selectHost(loads, parseMemory(vmi.spec.domain.memory.guest), vmi.status.nodeName ?? null);
  if (host === null) throw new Error(`no third host has room for ${vm.namespace}/${vm.name}`);
  return host;
}

/** The VM, where it is, and where the scheduler would put it. */
export const castMove =
  (vm: VmRef = WEB) =>
  (cluster: Cluster): Subjects => ({ vms: [vm], hosts: [hostOf(cluster, vm), targetOf(cluster, vm)] });

/** The VM alone, running or not. */
export const castVm = (vm: VmRef) => (): Subjects => ({ vms: [vm], hosts: [] });

export const movableOn = (cluster: Cluster, host: string): readonly VmRef[] =>
  cluster
    .list('virtualmachineinstances')
    .filter((vmi) => vmi.status?.nodeName === host && vmi.status.phase === 'Running' && !hasDevice(vmi.spec))
    .map(refOf);

export const guestsOf = (cluster: Cluster, host: string): readonly VmRef[] =>
  selectGuests(cluster.list('virtualmachineinstances'), host).map(refOf);

/** The host with the most guests of which every one can move, and those guests; the first by name of several. */
export function castHost(cluster: Cluster): Subjects {
  const candidates = cluster
    .list('nodes')
    .map(({ metadata }) => metadata.name)
    .filter((host) => guestsOf(cluster, host).length > 0 && guestsOf(cluster, host).length === movableOn(cluster, host).length)
    .map((host) => ({ vms: movableOn(cluster, host), hosts: [host] }));
  const [best] = candidates.sort((a, b) => b.vms.length - a.vms.length);
  if (best === undefined) throw new Error('there is no host of which every guest can move');
  return best;
}

/** The VM that cannot move comes first, then whoever else is on its host. */
export function castGpuHost(cluster: Cluster): Subjects {
  const host = hostOf(cluster, GPU);
  const others = guestsOf(cluster, host).filter(({ name }) => name !== GPU.name);
  return { vms: [GPU, ...others], hosts: [host] };
}
