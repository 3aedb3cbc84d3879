/**
 * The objects that exist now, and what is derived from them, kept up to date one object at a time.
 *
 * What is derived depends on the present objects alone and not on how they came (T5): `replace` with everything and any order of
 * `set` and `remove` that leads to the same objects end in the same hosts, VMs and digest. Only the list of finished migrations is
 * a memory, of what was reported already; it holds no more of them than there are migrations.
 *
 *   dirty hosts ─▶ states of hosts ─▶ dirty VMs ─▶ VMs ─▶ slots (who waits for a limit) ─▶ drains of hosts
 */
import { addDigests, digestOfHost, digestOfVm, EMPTY_DIGEST, formatDigest, subtractDigests } from '../digest.ts';
import { isEqualJson } from '../equal.ts';
import type { FactKind, FactOf, HostFact, OptionalKind, VmiFact, VmimFact } from '../facts.ts';
import type { DerivedHost, DerivedVm, FinishedMigration, HostName, VmId, Wait } from '../model.ts';
import { vmIdOf } from '../model.ts';
import { deriveDrain, isBeingEmptied, listEtcdVoters, type Voter } from './drain.ts';
import { deriveEnd } from './ending.ts';
import { FactStore, factKeyOf } from './fact-store.ts';
import { FinishedReports } from './finished-reports.ts';
import { deriveHost } from './host.ts';
import type { Presence } from './presence.ts';
import { SetIndex } from './set-index.ts';
import { deriveSlotWaits, limitsOf, type SlotUser } from './slots.ts';
import { deriveVm, type VmContext } from './vm.ts';

/** What changed; null means gone. */
export interface InventoryChanges {
  readonly hosts: ReadonlyMap<HostName, DerivedHost | null>;
  readonly vms: ReadonlyMap<VmId, DerivedVm | null>;
  /** Migrations that were found to be over, each reported once, and again where more has become known; oldest first per VM. */
  readonly finished: readonly FinishedMigration[];
}

export class Inventory {
  readonly #facts = new FactStore();
  /** Hosts without their drains. */
  readonly #bases = new Map<HostName, DerivedHost>();
  readonly #hosts = new Map<HostName, DerivedHost>();
  readonly #vms = new Map<VmId, DerivedVm>();
  readonly #reports = new FinishedReports();
  #digest = EMPTY_DIGEST;

  /** VMs that use or need a slot, with what they are apart from that. */
  readonly #users = new Map<VmId, { readonly user: SlotUser; readonly vm: DerivedVm }>();
  /** Which VMs need a host, whether they are shown on it or not. */
  readonly #present = new SetIndex<HostName, VmId>();
  readonly #unplaced = new Set<VmId>();
  /** Which VMs depend on a host: those that are on it, and those that were sent away from it. */
  readonly #dependents = new SetIndex<HostName, VmId>();
  #voters: readonly Voter[] = [];

  readonly #dirtyHosts = new Set<HostName>();
  /** Of them: whose Node itself has changed. */
  readonly #changedFacts = new Set<HostName>();
  readonly #dirtyVms = new Set<VmId>();
  readonly #dirtyDrains = new Set<HostName>();
  #areSlotsDirty = false;
  #areVotersDirty = false;
  /** With whether it was there when changes were last taken: what came and went since then is no change, and not remembered (U4). */
  readonly #changedHosts = new Map<HostName, boolean>();
  readonly #changedVms = new Map<VmId, boolean>();

  readonly #context: VmContext;
  #isWhole: boolean;
  #showsLabels = true;

  /**
   * `isWhole`: every kind is known from the beginning. Else nothing is derived until `complete`: while the migrations are still being
   * listed, one that is under way looks like one whose object is gone, and its end would be told before it ends (T8).
   */
  constructor({ isWhole } = { isWhole: true }) {
    this.#isWhole = isWhole;
    const facts = this.#facts;
    const showsLabels = (): boolean => this.#showsLabels;
    this.#context = {
      hostOf: (name) => facts.get('host', name),
      podOf: (uid) => facts.podOf(uid),
      podsOfVmi: (uid) => facts.podsOfVmi(uid),
      restoreOf: (namespace, name) => facts.restoreOf(namespace, name),
      get kubevirt() {
        return facts.kubevirt;
      },
      get upgrades() {
        return facts.upgrades;
      },
      get showsLabels() {
        return showsLabels();
      },
    };
  }

  /** The present hosts. */
  get hosts(): ReadonlyMap<HostName, DerivedHost> {
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

  /** Where KubeVirt is installed; undefined where its object is not known. */
  get kubeVirtNamespace(): string | undefined {
    return this.#facts.kubevirt?.namespace;
  }

  /** Every kind that can be known is known by now. */
  complete(): void {
    this.#isWhole = true;
  }

  /** Takes a whole list: what is not in it is gone. */
  replace<Kind extends FactKind>(kind: Kind, facts: readonly FactOf[Kind][]): void {
    const present = new Set(facts.map((fact) => factKeyOf(kind, fact)));
    for (const [key, fact] of [...this.#facts.entries(kind)]) if (!present.has(key)) this.#forget(kind, key, fact);
    for (const fact of facts) this.set(kind, fact);
  }

  set<Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): void {
    const before = this.#facts.put(kind, fact);
    if (before === null) return;
    if (before !== undefined) this.#markDirty(kind, before);
    this.#markDirty(kind, fact);
  }

  /** Takes an object's deletion with its last state, which for a migration is often the only place that tells how it ended. */
  remove<Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): void {
    if (kind === 'vmim') {
      this.set(kind, fact);
      const { namespace, vmiName } = fact as VmimFact;
      const id = vmIdOf(namespace, vmiName);
      if (this.#isWhole && this.#dirtyVms.delete(id)) this.#deriveVm(id);
      this.#reportLastWord(fact as VmimFact);
    }
    this.#forget(kind, factKeyOf(kind, fact), fact);
  }

  /** Whether an optional kind's changes are being heard; else it is left out of everything that is derived. */
  trust(kind: OptionalKind, isTrusted: boolean): void {
    this.#facts.trust(kind, isTrusted);
    for (const fact of this.#facts.values(kind)) this.#markDirty(kind, fact);
  }

  /** Whether labels are part of what is derived: a room that does not take them has another digest with them (U8). */
  showLabels(isShown: boolean): void {
    if (isShown === this.#showsLabels) return;
    this.#showsLabels = isShown;
    for (const kind of ['vm', 'vmi'] as const) {
      for (const [id, { labels }] of this.#facts.entries(kind)) if (labels !== undefined) this.#dirtyVms.add(id);
    }
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
    return this.#reports.take();
  }

  #forget<Kind extends FactKind>(kind: Kind, key: string, fact: FactOf[Kind]): void {
    this.#markDirty(kind, this.#facts.delete(kind, key) ?? fact);
  }

  /** Whatever depends on the fact is to be derived again. */
  #markDirty<Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): void {
    const { namespace, name } = fact as { readonly namespace: string; readonly name: string };
    switch (kind) {
      case 'host':
        this.#dirtyHosts.add(name);
        this.#changedFacts.add(name);
        if ((fact as HostFact).votes !== undefined) this.#areVotersDirty = true;
        break;
      case 'power':
        this.#dirtyHosts.add(name);
        break;
      case 'vm':
        this.#dirtyVms.add(vmIdOf(namespace, name));
        break;
      case 'vmi':
        this.#dirtyVms.add(vmIdOf(namespace, name));
        this.#markEvacuated(fact as VmiFact);
        break;
      case 'vmim':
        this.#dirtyVms.add(vmIdOf(namespace, (fact as VmimFact).vmiName));
        break;
      case 'pod':
        this.#markVm(this.#facts.vmOfMigration((fact as FactOf['pod']).migrationUid));
        this.#markVm(this.#facts.vmOfVmi((fact as FactOf['pod']).vmiUid));
        break;
      case 'upgrade':
        for (const id of this.#facts.vmsWithMigrations()) this.#dirtyVms.add(id);
        break;
      case 'restore':
        for (const id of this.#facts.vmsOfRestore(namespace, name)) this.#dirtyVms.add(id);
        break;
      case 'kubevirt':
        this.#markAll();
        break;
    }
  }

  #markVm(id: VmId | undefined): void {
    if (id !== undefined) this.#dirtyVms.add(id);
  }

  #markEvacuated({ evacuatingFrom }: VmiFact): void {
    if (evacuatingFrom !== undefined && this.#facts.get('host', evacuatingFrom) !== undefined) this.#dirtyHosts.add(evacuatingFrom);
  }

  #markAll(): void {
    for (const [name] of this.#facts.entries('host')) this.#dirtyHosts.add(name);
    for (const kind of ['vm', 'vmi'] as const) for (const [id] of this.#facts.entries(kind)) this.#dirtyVms.add(id);
    this.#areSlotsDirty = true;
  }

  #derive(): void {
    if (!this.#isWhole) return;
    for (const name of this.#dirtyHosts) this.#deriveBase(name);
    this.#dirtyHosts.clear();
    this.#changedFacts.clear();
    if (this.#areVotersDirty) this.#listVoters();
    for (const id of this.#dirtyVms) this.#deriveVm(id);
    this.#dirtyVms.clear();
    if (this.#areSlotsDirty) this.#deriveSlots();
    for (const name of this.#dirtyDrains) this.#deriveDrain(name);
    this.#dirtyDrains.clear();
  }

  #deriveBase(name: HostName): void {
    const fact = this.#facts.get('host', name);
    const before = this.#bases.get(name);
    const { kubevirt } = this.#facts;
    const context = { power: this.#facts.powerOf(name), kubevirt, evacuatingCount: this.#facts.evacuatingCount(name) };
    const after = fact === undefined ? undefined : deriveHost(fact, context);
    if (after === undefined) this.#bases.delete(name);
    else this.#bases.set(name, after);
    this.#dirtyDrains.add(name);
    if (fact?.votes !== undefined && before?.state !== after?.state) this.#areVotersDirty = true;
    // VMs look at the Node itself and not at the state that is made of it: its silence, its maintenance, its taint.
    if (!this.#changedFacts.has(name)) return;
    for (const id of this.#dependents.get(name)) this.#dirtyVms.add(id);
  }

  #listVoters(): void {
    this.#areVotersDirty = false;
    const voters = listEtcdVoters(
      [...this.#facts.values('host')].flatMap((fact) => {
        const base = this.#bases.get(fact.name);
        return base === undefined ? [] : { fact, state: base.state, isBeingEmptied: isBeingEmptied(fact, base, this.#facts.kubevirt) };
      }),
    );
    if (isEqualJson(voters, this.#voters)) return;
    this.#voters = voters;
    this.#markDrains();
  }

  #markDrains(): void {
    for (const [name, { drain }] of this.#hosts) if (drain !== undefined) this.#dirtyDrains.add(name);
  }

  #deriveVm(id: VmId): void {
    const vm = this.#facts.get('vm', id);
    const vmi = this.#facts.get('vmi', id);
    const vmims = this.#facts.vmimsOf(id);
    this.#dependents.set(id, hostsThatMatter(vmi, vmims));
    const derived = deriveVm({ vm, vmi, vmims }, this.#context);
    this.#reports.report(id, derived.finished);
    this.#place(id, derived.presence);
    const hadSlot = this.#users.delete(id);
    if (derived.slot === undefined || derived.vm === null) {
      if (hadSlot) this.#areSlotsDirty = true;
      this.#putVm(id, derived.vm ?? undefined);
      return;
    }
    // Shown when all of them are known: what it waits for depends on the others.
    this.#users.set(id, { user: derived.slot, vm: derived.vm });
    this.#areSlotsDirty = true;
  }

  #place(id: VmId, { hosts, isUnplaced }: Presence): void {
    for (const name of this.#present.set(id, hosts)) this.#dirtyDrains.add(name);
    const had = this.#unplaced.size > 0;
    if (isUnplaced) this.#unplaced.add(id);
    else this.#unplaced.delete(id);
    if (had !== this.#unplaced.size > 0) this.#markDrains();
  }

  #deriveSlots(): void {
    this.#areSlotsDirty = false;
    const waits = deriveSlotWaits(
      [...this.#users.values()].map(({ user }) => user),
      limitsOf(this.#facts.kubevirt),
    );
    for (const [id, { vm }] of this.#users) this.#putVm(id, withWait(vm, waits.get(id)));
  }

  #putVm(id: VmId, after: DerivedVm | undefined): void {
    const before = this.#vms.get(id);
    if (isEqualJson(before, after)) return;
    if (before !== undefined) this.#digest = subtractDigests(this.#digest, digestOfVm(before));
    if (after === undefined) this.#vms.delete(id);
    else {
      this.#digest = addDigests(this.#digest, digestOfVm(after));
      this.#vms.set(id, after);
    }
    for (const name of this.#present.keysOf(id)) this.#dirtyDrains.add(name);
    markChanged(this.#changedVms, id, before, after);
  }

  #deriveDrain(name: HostName): void {
    const fact = this.#facts.get('host', name);
    const base = this.#bases.get(name);
    if (fact === undefined || base === undefined || !isBeingEmptied(fact, base, this.#facts.kubevirt)) {
      this.#putHost(name, base);
      return;
    }
    const present = [...this.#present.get(name)].flatMap((id) => this.#vms.get(id) ?? []);
    const residents = present.filter(({ host }) => host === name);
    const arriving = present.length - residents.length;
    const around = { residents, arriving, hasUnplaced: this.#unplaced.size > 0, voters: this.#voters };
    this.#putHost(name, { ...base, drain: deriveDrain({ fact, host: base, ...around }) });
  }

  #putHost(name: HostName, after: DerivedHost | undefined): void {
    const before = this.#hosts.get(name);
    if (isEqualJson(before, after)) return;
    if (before !== undefined) this.#digest = subtractDigests(this.#digest, digestOfHost(before));
    if (after !== undefined) this.#digest = addDigests(this.#digest, digestOfHost(after));
    if (after === undefined) this.#hosts.delete(name);
    else this.#hosts.set(name, after);
    markChanged(this.#changedHosts, name, before, after);
  }

  /** Also where the VMI has not caught up and still shows it under way (T5): with the VMIM gone, nobody else may be left to tell. */
  #reportLastWord(vmim: VmimFact): void {
    const id = vmIdOf(vmim.namespace, vmim.vmiName);
    const end = deriveEnd(vmim, this.#facts.get('vmi', id), this.#context);
    if (end !== undefined) this.#reports.reportLast(id, end);
  }
}

const hostsThatMatter = (vmi: VmiFact | undefined, vmims: readonly VmimFact[]): HostName[] =>
  [vmi?.nodeName, ...vmims.map(({ evacuatingFrom }) => evacuatingFrom)].filter((name) => name != null);

function withWait(vm: DerivedVm, wait: Wait | undefined): DerivedVm {
  if (wait === undefined) return vm;
  if (vm.evacuation !== undefined) return { ...vm, evacuation: { ...vm.evacuation, waitingFor: wait } };
  return vm.transit === undefined ? vm : { ...vm, transit: { ...vm.transit, waitingFor: wait } };
}

function markChanged(changed: Map<string, boolean>, key: string, before: unknown, after: unknown): void {
  const wasThere = changed.get(key) ?? before !== undefined;
  if (after === undefined && !wasThere) changed.delete(key);
  else changed.set(key, wasThere);
}

function pick<Entity>(changed: ReadonlyMap<string, boolean>, present: ReadonlyMap<string, Entity>): Map<string, Entity | null> {
  return new Map([...changed.keys()].map((key) => [key, present.get(key) ?? null]));
}
