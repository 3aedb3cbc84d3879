/**
 * The objects that exist now, and what is derived from them, kept up to date one object at a time.
 *
 * What is derived depends on the present objects alone and not on how they came (T5): `replace` with everything and any order of
 * `set` and `remove` that leads to the same objects end in the same hosts, VMs and digest. Only the list of finished migrations is
 * a memory, of which were reported already; it holds no more ids than there are migrations.
 */
import { addDigests, digestOfHost, digestOfVm, EMPTY_DIGEST, formatDigest, subtractDigests } from '../digest.ts';
import { isEqualJson } from '../equal.ts';
import type { HostFact, VmFact, VmiFact, VmimFact } from '../facts.ts';
import type { DerivedVm, FinishedMigration, Host, HostName, MigrationId, VmId } from '../model.ts';
import { vmIdOf } from '../model.ts';
import { deriveHost } from './host.ts';
import { deriveEnd } from './migration.ts';
import { deriveVm } from './vm.ts';

export interface FactOf {
  readonly host: HostFact;
  readonly vm: VmFact;
  readonly vmi: VmiFact;
  readonly vmim: VmimFact;
}
export type FactKind = keyof FactOf;

/** What changed; null means gone. */
export interface InventoryChanges {
  readonly hosts: ReadonlyMap<HostName, Host | null>;
  readonly vms: ReadonlyMap<VmId, DerivedVm | null>;
  /** Migrations that were found to be over, each reported once, oldest first per VM. */
  readonly finished: readonly FinishedMigration[];
}

export class Inventory {
  readonly #facts = {
    host: new Map<string, HostFact>(),
    vm: new Map<string, VmFact>(),
    vmi: new Map<string, VmiFact>(),
    vmim: new Map<string, VmimFact>(),
  };
  readonly #vmimsByVm = new Map<VmId, Map<string, VmimFact>>();
  readonly #vmsByHost = new Map<HostName, Set<VmId>>();
  readonly #hosts = new Map<HostName, Host>();
  readonly #vms = new Map<VmId, DerivedVm>();
  readonly #reported = new Map<VmId, Set<MigrationId>>();
  #digest = EMPTY_DIGEST;

  readonly #dirtyHosts = new Set<HostName>();
  readonly #dirtyVms = new Set<VmId>();
  /** With whether it was there when changes were last taken: what came and went since then is no change, and not remembered (U4). */
  readonly #changedHosts = new Map<HostName, boolean>();
  readonly #changedVms = new Map<VmId, boolean>();
  #finished: FinishedMigration[] = [];

  /** The present hosts. */
  get hosts(): ReadonlyMap<HostName, Host> {
    this.#derive();
    return this.#hosts;
  }

  /** The present VMs. */
  get vms(): ReadonlyMap<VmId, DerivedVm> {
    this.#derive();
    return this.#vms;
  }

  /** The digest of the present hosts and VMs, as text. */
  get digest(): string {
    this.#derive();
    return formatDigest(this.#digest);
  }

  /** Takes a whole list: what is not in it is gone. */
  replace<Kind extends FactKind>(kind: Kind, facts: readonly FactOf[Kind][]): void {
    const present = new Set(facts.map((fact) => keyOf(kind, fact)));
    for (const [key, fact] of this.#mapOf(kind)) if (!present.has(key)) this.#forget(kind, key, fact);
    for (const fact of facts) this.set(kind, fact);
  }

  set<Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): void {
    const key = keyOf(kind, fact);
    const facts = this.#mapOf(kind);
    const before = facts.get(key);
    if (before !== undefined && isEqualJson(before, fact)) return;
    if (before !== undefined) this.#markDirty(kind, before);
    facts.set(key, fact);
    if (kind === 'vmim') this.#indexVmim(key, before as VmimFact | undefined, fact as VmimFact);
    this.#markDirty(kind, fact);
  }

  /** Takes an object's deletion with its last state, which for a migration is often the only place that tells how it ended. */
  remove<Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): void {
    if (kind === 'vmim') {
      this.set(kind, fact);
      this.#derive();
      this.#reportLastWord(fact as VmimFact);
    }
    this.#forget(kind, keyOf(kind, fact), fact);
  }

  /** What changed since the last call, as it is now. */
  takeChanges(): InventoryChanges {
    const finished = this.takeFinished();
    const changes = { hosts: pick(this.#changedHosts, this.#hosts), vms: pick(this.#changedVms, this.#vms), finished };
    this.#changedHosts.clear();
    this.#changedVms.clear();
    return changes;
  }

  /** Only the migrations that were found to be over, which nothing here bounds. */
  takeFinished(): readonly FinishedMigration[] {
    this.#derive();
    const finished = this.#finished;
    this.#finished = [];
    return finished;
  }

  #mapOf<Kind extends FactKind>(kind: Kind): Map<string, FactOf[Kind]> {
    return this.#facts[kind] as unknown as Map<string, FactOf[Kind]>;
  }

  #forget<Kind extends FactKind>(kind: Kind, key: string, fact: FactOf[Kind]): void {
    const before = this.#mapOf(kind).get(key) ?? fact;
    this.#mapOf(kind).delete(key);
    if (kind === 'vmim') this.#indexVmim(key, before as VmimFact, undefined);
    this.#markDirty(kind, before);
  }

  #indexVmim(key: string, before: VmimFact | undefined, after: VmimFact | undefined): void {
    if (before !== undefined) {
      const siblings = this.#vmimsByVm.get(vmIdOf(before.namespace, before.vmiName));
      siblings?.delete(key);
      if (siblings?.size === 0) this.#vmimsByVm.delete(vmIdOf(before.namespace, before.vmiName));
    }
    if (after === undefined) return;
    const id = vmIdOf(after.namespace, after.vmiName);
    const siblings = this.#vmimsByVm.get(id) ?? new Map<string, VmimFact>();
    siblings.set(key, after);
    this.#vmimsByVm.set(id, siblings);
  }

  #markDirty<Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): void {
    if (kind === 'host') this.#dirtyHosts.add((fact as HostFact).name);
    else if (kind === 'vmim') this.#dirtyVms.add(vmIdOf((fact as VmimFact).namespace, (fact as VmimFact).vmiName));
    else this.#dirtyVms.add(vmIdOf((fact as VmFact | VmiFact).namespace, (fact as VmFact | VmiFact).name));
  }

  #derive(): void {
    for (const name of this.#dirtyHosts) this.#deriveHost(name);
    this.#dirtyHosts.clear();
    for (const id of this.#dirtyVms) this.#deriveVm(id);
    this.#dirtyVms.clear();
  }

  #deriveHost(name: HostName): void {
    const fact = this.#facts.host.get(name);
    const before = this.#hosts.get(name);
    const after = fact === undefined ? undefined : deriveHost(fact);
    if (isEqualJson(before, after)) return;
    if (before !== undefined) this.#digest = subtractDigests(this.#digest, digestOfHost(before));
    if (after !== undefined) this.#digest = addDigests(this.#digest, digestOfHost(after));
    if (after === undefined) this.#hosts.delete(name);
    else this.#hosts.set(name, after);
    markChanged(this.#changedHosts, name, before, after);
    // A VM's state depends on whether its host answers (T7).
    if (before?.state !== after?.state) for (const id of this.#vmsByHost.get(name) ?? []) this.#dirtyVms.add(id);
  }

  #deriveVm(id: VmId): void {
    const vmi = this.#facts.vmi.get(id);
    const vmims = [...(this.#vmimsByVm.get(id)?.values() ?? [])];
    const hostState = vmi?.nodeName == null ? undefined : this.#hosts.get(vmi.nodeName)?.state;
    const { vm: after, finished } = deriveVm({ vm: this.#facts.vm.get(id), vmi, vmims }, hostState);
    this.#report(id, finished);
    const before = this.#vms.get(id);
    if (isEqualJson(before, after ?? undefined)) return;
    if (before !== undefined) {
      this.#digest = subtractDigests(this.#digest, digestOfVm(before));
      if (before.host !== null) this.#vmsByHost.get(before.host)?.delete(id);
    }
    if (after === null) this.#vms.delete(id);
    else {
      this.#digest = addDigests(this.#digest, digestOfVm(after));
      this.#vms.set(id, after);
      if (after.host !== null) this.#residents(after.host).add(id);
    }
    markChanged(this.#changedVms, id, before, after ?? undefined);
  }

  #residents(host: HostName): Set<VmId> {
    const residents = this.#vmsByHost.get(host) ?? new Set<VmId>();
    this.#vmsByHost.set(host, residents);
    return residents;
  }

  /** Also where the VMI has not caught up and still shows it under way (T5): with the VMIM gone, nobody else may be left to tell. */
  #reportLastWord(vmim: VmimFact): void {
    const id = vmIdOf(vmim.namespace, vmim.vmiName);
    const end = deriveEnd(vmim, this.#facts.vmi.get(id));
    if (end !== undefined && this.#reported.get(id)?.has(end.id) !== true) this.#finished.push(end);
  }

  #report(id: VmId, finished: readonly FinishedMigration[]): void {
    const before = this.#reported.get(id);
    this.#finished.push(...finished.filter((migration) => before?.has(migration.id) !== true));
    if (finished.length === 0) this.#reported.delete(id);
    else this.#reported.set(id, new Set(finished.map((migration) => migration.id)));
  }
}

const keyOf = <Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): string =>
  kind === 'host' ? (fact as HostFact).name : vmIdOf((fact as VmFact).namespace, (fact as VmFact).name);

function markChanged(changed: Map<string, boolean>, key: string, before: unknown, after: unknown): void {
  const wasThere = changed.get(key) ?? before !== undefined;
  if (after === undefined && !wasThere) changed.delete(key);
  else changed.set(key, wasThere);
}

function pick<Entity>(changed: ReadonlyMap<string, boolean>, present: ReadonlyMap<string, Entity>): Map<string, Entity | null> {
  return new Map([...changed.keys()].map((key) => [key, present.get(key) ?? null]));
}
