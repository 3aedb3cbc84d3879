/** The cluster that changes: what a forwarder would send of it, and what a viewer gets for it. Pure, the chance is a parameter. */
import { addDigests, type Digest, digestOf, digestOfVm, formatDigest, subtractDigests } from '../core/digest.ts';
import type { Frame } from '../core/downlink.ts';
import { composeVm, EMPTY_MEMORY } from '../core/memory.ts';
import type { DerivedHost, DerivedVm } from '../core/model.ts';

const GIGABYTE = 2 ** 30;

export class Workload {
  readonly hosts: readonly DerivedHost[];
  readonly #vms: DerivedVm[];
  readonly #below: (end: number) => number;
  #digest: Digest;

  /** `below(end)`: a whole number from 0 up to, not including, `end`. */
  constructor(vms: number, hosts: number, below: (end: number) => number) {
    this.hosts = Array.from({ length: hosts }, (_, index) => hostOf(index));
    this.#vms = Array.from({ length: vms }, (_, index) => vmOf(index, index % hosts));
    this.#below = below;
    this.#digest = digestOf(this.hosts, this.#vms);
  }

  get vms(): readonly DerivedVm[] {
    return this.#vms;
  }

  /** Of the state as it is now. */
  get digest(): string {
    return formatDigest(this.#digest);
  }

  /** As many other VMs become not ready, or ready again. */
  change(count: number): DerivedVm[] {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(count, this.#vms.length)) chosen.add(this.#below(this.#vms.length));
    return [...chosen].flatMap((index) => {
      const before = this.#vms[index];
      if (before === undefined) return [];
      const { reason: _reason, ...rest } = before;
      const after: DerivedVm =
        before.state === 'running' ? { ...rest, state: 'not-ready', reason: 'GuestNotRunning' } : { ...rest, state: 'running' };
      this.#vms[index] = after;
      this.#digest = addDigests(subtractDigests(this.#digest, digestOfVm(before)), digestOfVm(after));
      return after;
    });
  }
}

/** The frame that the room makes of such changes, byte for byte but for its times and cursors. */
export function frameOf(vms: readonly DerivedVm[], revision: number, at: number, digest: string): Frame {
  const cursor = (of: number): string => `0123456789ab-${of}`;
  return { from: cursor(revision - 1), to: cursor(revision), at, digest, vms: vms.map((vm) => composeVm(vm, EMPTY_MEMORY)) };
}

const hostOf = (index: number): DerivedHost => ({
  name: `harvester-${index + 1}`,
  state: 'active',
  reasons: [],
  roles: ['worker'],
  cpu: 64,
  memory: 512 * GIGABYTE,
});

function vmOf(index: number, host: number): DerivedVm {
  const name = `ubuntu-web-${index + 1}`;
  return {
    id: `default/${name}`,
    namespace: 'default',
    name,
    uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    host: `harvester-${host + 1}`,
    state: 'running',
    migratable: { ok: true },
    cpu: 4,
    memory: 8 * GIGABYTE,
    os: 'Ubuntu 24.04',
  };
}
