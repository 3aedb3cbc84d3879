/**
 * What a host can give to VMs, and what its VMs are: allocatable CPU and memory against virtual CPUs and guest memory. It is no measure of
 * use: a guest can leave its share idle, KubeVirt adds some memory for itself, and pods that are no VMs are not counted. Pure.
 */
import type { Host, Vm } from '../../core/model.ts';

/** A sum over VMs. */
export interface Share {
  readonly sum: number;
  /** VMs whose size is not known, which the sum leaves out. */
  readonly unknown: number;
}

export interface Capacity {
  /** Null: not known. */
  readonly allocatable: number | null;
  /** Of the VMs whose host it is, those that are leaving included. */
  readonly here: Share;
  /** Of those on their way here. */
  readonly arriving: Share;
}

export interface HostCapacity {
  /** In cores, and in virtual CPUs. */
  readonly cpu: Capacity;
  /** In bytes. */
  readonly memory: Capacity;
}

type Sizes = Pick<Vm, 'cpu' | 'memory'>;

/** `host` undefined: no Node of that name is known. */
export function capacityOf(
  host: Pick<Host, 'cpu' | 'memory'> | undefined,
  here: readonly Sizes[],
  arriving: readonly Sizes[],
): HostCapacity {
  const of = (part: 'cpu' | 'memory'): Capacity => ({
    allocatable: usable(host?.[part]) ?? null,
    here: shareOf(here, part),
    arriving: shareOf(arriving, part),
  });
  return { cpu: of('cpu'), memory: of('memory') };
}

function shareOf(vms: readonly Sizes[], part: 'cpu' | 'memory'): Share {
  const known = vms.flatMap((vm) => usable(vm[part]) ?? []);
  return { sum: known.reduce((sum, size) => sum + size, 0), unknown: vms.length - known.length };
}

/** What clusters say is not believed blindly. */
const usable = (size: number | undefined): number | undefined =>
  size !== undefined && Number.isFinite(size) && size >= 0 ? size : undefined;

/** Parts of a bar's whole length, from 0 to 1. */
export interface Bar {
  readonly here: number;
  readonly arriving: number;
  /** Where what is allocatable ends: 1 unless there is more than that. */
  readonly allocatable: number;
}

/** A bar is as long as what is allocatable, or as all that is there where that is more. Null where it would have no scale. */
export function barOf({ allocatable, here, arriving }: Capacity): Bar | null {
  if (allocatable === null) return null;
  const whole = Math.max(allocatable, here.sum + arriving.sum);
  if (whole === 0) return null;
  return { here: here.sum / whole, arriving: arriving.sum / whole, allocatable: allocatable / whole };
}

/** The share of what is allocatable that its VMs are; over 1 where it is overcommitted. Null where it is not known, or nothing is allocatable. */
export const shareOfAllocatable = ({ allocatable, here }: Pick<Capacity, 'allocatable' | 'here'>): number | null =>
  allocatable === null || allocatable === 0 ? null : here.sum / allocatable;
