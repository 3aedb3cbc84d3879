/**
 * What a batch does to a room: which rows change, which frame the viewers get, which migrations have ended (SPEC U3, U6, T8). Pure.
 * It reads only what the batch touches, so that a change costs what changed and not what there is.
 */
import { addDigests, type Digest, digestOfHost, digestOfVm, subtractDigests } from '../core/digest.ts';
import type { Frame } from '../core/downlink.ts';
import { isEqualJson } from '../core/equal.ts';
import { completeEnd, mergeEnds } from '../core/finished.ts';
import { composeHost, EMPTY_HOST_MEMORY, type HostMemory, type HostMoment, rememberHost } from '../core/host-memory.ts';
import {
  amendEnd,
  composeVm,
  EMPTY_MEMORY,
  type EndedMigration,
  forgetTransit,
  rememberDerived,
  rememberFinished,
  type VmMemory,
} from '../core/memory.ts';
import type { DerivedHost, DerivedVm, FinishedMigration, Host, HostName, MigrationId, Vm, VmId } from '../core/model.ts';
import type { Entities } from '../core/uplink.ts';
import { wasForgotten } from './forgetting.ts';
import { FIRST_SESSION, type Forgotten } from './session.ts';

export interface StoredHost {
  readonly derived: DerivedHost;
  readonly memory: HostMemory;
}

export interface StoredVm {
  readonly derived: DerivedVm;
  readonly memory: VmMemory;
}

/** What the room holds, asked entity by entity. */
export interface Picture {
  readonly host: (name: HostName) => StoredHost | undefined;
  readonly vm: (id: VmId) => StoredVm | undefined;
  readonly migration: (id: MigrationId) => EndedMigration | undefined;
}

export interface Delta extends Entities {
  readonly goneHosts: readonly HostName[];
  readonly goneVms: readonly VmId[];
}

/** `shown` is what a frame carries; absent where nothing that a viewer can see has changed. */
export interface Commit {
  readonly hosts: readonly StoredHost[];
  readonly vms: readonly StoredVm[];
  readonly goneHosts: readonly HostName[];
  readonly goneVms: readonly VmId[];
  readonly ended: readonly EndedMigration[];
  /** Of them: those whose outcome is news, so that each migration is counted once under each outcome. */
  readonly concluded: readonly EndedMigration[];
  readonly digest: Digest;
  /** How many more there are than before. */
  readonly hostCount: number;
  readonly vmCount: number;
  readonly shown: Pick<Frame, 'hosts' | 'vms' | 'goneHosts' | 'goneVms'> | null;
}

/** `watched` is false for a full sync: what it tells may have happened while nobody watched. */
export interface CommitContext extends HostMoment {
  /** The digest that held before. */
  readonly digest: Digest;
  /** Absent: no end was ever pruned. */
  readonly forgotten?: Forgotten;
}

/** Turns a full sync into the delta that replaces all that there is: what was not sent is gone (U3). */
export function deltaOfSync(
  parts: readonly Entities[],
  stored: { readonly hosts: Iterable<HostName>; readonly vms: Iterable<VmId> },
): Delta {
  const hosts = new Map(parts.flatMap((part) => part.hosts).map((host) => [host.name, host]));
  const vms = new Map(parts.flatMap((part) => part.vms).map((vm) => [vm.id, vm]));
  return {
    hosts: [...hosts.values()],
    vms: [...vms.values()],
    finished: parts.flatMap((part) => part.finished),
    goneHosts: [...stored.hosts].filter((name) => !hosts.has(name)),
    goneVms: [...stored.vms].filter((id) => !vms.has(id)),
  };
}

export function commitDelta(picture: Picture, delta: Delta, context: CommitContext): Commit {
  const work = new Work(picture, context);
  for (const finished of delta.finished) work.finish(finished);
  for (const name of delta.goneHosts) work.setHost(name, undefined);
  for (const host of delta.hosts) work.setHost(host.name, host);
  for (const id of delta.goneVms) work.setVm(id, undefined);
  for (const vm of delta.vms) work.setVm(vm.id, vm);
  return work.commit();
}

interface WorkingVm {
  readonly before: StoredVm | undefined;
  derived: DerivedVm | undefined;
  memory: VmMemory;
}

/** The touched entities while a delta is applied to them. */
class Work {
  readonly #picture: Picture;
  readonly #context: CommitContext;
  readonly #hosts = new Map<HostName, { readonly before: StoredHost | undefined; after: StoredHost | undefined }>();
  readonly #vms = new Map<VmId, WorkingVm>();
  readonly #ended = new Map<MigrationId, EndedMigration>();
  readonly #concluded = new Set<MigrationId>();

  constructor(picture: Picture, context: CommitContext) {
    this.#picture = picture;
    this.#context = context;
  }

  /** Each migration ends once: only an `unknown` end gives way to a known one, and what a known one lacks is filled in (T8). */
  finish(finished: FinishedMigration): void {
    const known = this.#migration(finished.id);
    if (known === undefined && this.#wasForgotten(finished)) this.#recollect(finished);
    else if (known?.outcome === finished.outcome) this.#amend(known, finished);
    else if (known === undefined || known.outcome === 'unknown') {
      const vm = this.#vm(finished.vm);
      const { memory, ended } = rememberFinished(vm.memory, finished, this.#context);
      vm.memory = memory;
      this.#end(ended);
    }
  }

  #amend(known: EndedMigration, later: FinishedMigration): void {
    const ended = completeEnd(known, later);
    if (isEqualJson(known, ended)) return;
    const vm = this.#vm(ended.vm);
    vm.memory = amendEnd(vm.memory, ended);
    this.#ended.set(ended.id, ended);
  }

  #wasForgotten(finished: FinishedMigration): boolean {
    const { watched, forgotten = FIRST_SESSION.forgotten } = this.#context;
    return wasForgotten(finished, this.#vm(finished.vm).memory, { forgotten, watched });
  }

  /** The row was pruned and stays so; what its VM still shows of it follows the rule of {@link finish}. */
  #recollect(finished: FinishedMigration): void {
    const vm = this.#vm(finished.vm);
    const { last } = vm.memory;
    if (last?.id !== finished.id) return;
    if (last.outcome === finished.outcome) vm.memory = { ...vm.memory, last: completeEnd(last, finished) };
    else if (last.outcome === 'unknown') vm.memory = rememberFinished(vm.memory, finished, this.#context).memory;
  }

  setHost(name: HostName, after: DerivedHost | undefined): void {
    const known = this.#hosts.get(name);
    const before = known === undefined ? this.#picture.host(name) : known.before;
    const present = known === undefined ? before : known.after;
    const memory = after && rememberHost(present?.memory ?? EMPTY_HOST_MEMORY, present?.derived, after, this.#context);
    this.#hosts.set(name, { before, after: after && memory && { derived: after, memory } });
  }

  setVm(id: VmId, after: DerivedVm | undefined): void {
    const vm = this.#vm(id);
    const { memory, ended } = rememberDerived(this.#withoutEndedTransit(vm.memory, after), id, after ?? null, this.#context);
    vm.derived = after;
    vm.memory = after === undefined ? EMPTY_MEMORY : memory;
    this.#end(ended);
  }

  commit(): Commit {
    const hosts = [...this.#hosts].filter(([, { before, after }]) => !isEqualJson(before, after));
    const vms = [...this.#vms].filter(([, { before, derived, memory }]) => !isEqualJson(before, storedVm(derived, memory)));
    const seen = vms.filter(([, { before, derived, memory }]) => !isEqualJson(view(before), view(storedVm(derived, memory))));
    let digest = this.#context.digest;
    for (const [, { before, after }] of hosts) {
      if (before !== undefined) digest = subtractDigests(digest, digestOfHost(before.derived));
      if (after !== undefined) digest = addDigests(digest, digestOfHost(after.derived));
    }
    for (const [, { before, derived }] of vms) {
      if (before !== undefined) digest = subtractDigests(digest, digestOfVm(before.derived));
      if (derived !== undefined) digest = addDigests(digest, digestOfVm(derived));
    }
    const goneHosts = hosts.filter(([, { after }]) => after === undefined).map(([name]) => name);
    const goneVms = vms.filter(([, { derived }]) => derived === undefined).map(([id]) => id);
    return {
      hosts: hosts.flatMap(([, { after }]) => after ?? []),
      vms: vms.flatMap(([, { derived, memory }]) => storedVm(derived, memory) ?? []),
      goneHosts,
      goneVms,
      ended: [...this.#ended.values()],
      concluded: [...this.#ended.values()].filter(({ id }) => this.#concluded.has(id)),
      digest,
      hostCount: hosts.filter(([, { before }]) => before === undefined).length - goneHosts.length,
      vmCount: vms.filter(([, { before }]) => before === undefined).length - goneVms.length,
      shown: shownChanges(
        hosts.flatMap(([, { after }]) => (after === undefined ? [] : composeHost(after.derived, after.memory))),
        seen.flatMap(([, { derived, memory }]) => view(storedVm(derived, memory)) ?? []),
        goneHosts,
        goneVms,
      ),
    };
  }

  #vm(id: VmId): WorkingVm {
    const known = this.#vms.get(id);
    if (known !== undefined) return known;
    const before = this.#picture.vm(id);
    const vm: WorkingVm = { before, derived: before?.derived, memory: before?.memory ?? EMPTY_MEMORY };
    this.#vms.set(id, vm);
    return vm;
  }

  /** A migration whose end is known does not end again, as `unknown`, when the last that spoke of it falls silent (T8). */
  #withoutEndedTransit(memory: VmMemory, after: DerivedVm | undefined): VmMemory {
    const { transit } = memory;
    if (transit === undefined || transit.id === after?.transit?.id) return memory;
    const known = this.#migration(transit.id);
    return known === undefined || known.outcome === 'unknown' ? memory : forgetTransit(memory);
  }

  #migration(id: MigrationId): EndedMigration | undefined {
    return this.#ended.get(id) ?? this.#picture.migration(id);
  }

  #end(ended: EndedMigration | null): void {
    if (ended === null) return;
    const known = this.#migration(ended.id);
    if (known !== undefined && (known.outcome !== 'unknown' || ended.outcome === 'unknown')) return;
    this.#ended.set(ended.id, known === undefined ? ended : mergeEnds(known, ended));
    this.#concluded.add(ended.id);
  }
}

const storedVm = (derived: DerivedVm | undefined, memory: VmMemory): StoredVm | undefined =>
  derived === undefined ? undefined : { derived, memory };

const view = (stored: StoredVm | undefined): Vm | undefined =>
  stored === undefined ? undefined : composeVm(stored.derived, stored.memory);

function shownChanges(
  hosts: readonly Host[],
  vms: readonly Vm[],
  goneHosts: readonly HostName[],
  goneVms: readonly VmId[],
): Commit['shown'] {
  if (hosts.length + vms.length + goneHosts.length + goneVms.length === 0) return null;
  return {
    ...(hosts.length > 0 && { hosts }),
    ...(vms.length > 0 && { vms }),
    ...(goneHosts.length > 0 && { goneHosts }),
    ...(goneVms.length > 0 && { goneVms }),
  };
}
