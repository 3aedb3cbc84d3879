/** The objects that exist now, as facts, and the ways to find them. What is derived from them: inventory.ts. */
import { isEqualJson } from '../equal.ts';
import type {
  FactKind,
  FactOf,
  HostFact,
  KubeVirtFact,
  OptionalKind,
  PodFact,
  PowerFact,
  RestoreFact,
  UpgradeFact,
  VmimFact,
} from '../facts.ts';
import { OPTIONAL_KINDS } from '../facts.ts';
import type { HostName, MigrationId, VmId } from '../model.ts';
import { vmIdOf } from '../model.ts';
import { SetIndex } from './set-index.ts';

const NO_PODS: readonly PodFact[] = [];

export class FactStore {
  readonly #facts: { readonly [Kind in FactKind]: Map<string, FactOf[Kind]> } = {
    host: new Map(),
    vm: new Map(),
    vmi: new Map(),
    vmim: new Map(),
    pod: new Map(),
    kubevirt: new Map(),
    power: new Map(),
    upgrade: new Map(),
    restore: new Map(),
  };
  readonly #vmimsByVm = new Map<VmId, Map<string, VmimFact>>();
  readonly #vmOfMigration = new Map<MigrationId, VmId>();
  readonly #podsByMigration = new Map<MigrationId, Map<string, PodFact>>();
  readonly #evacuating = new Map<HostName, number>();
  readonly #podsByVmi = new SetIndex<string, string>();
  readonly #vmOfVmi = new Map<string, VmId>();
  readonly #vmsByRestore = new SetIndex<string, VmId>();
  readonly #trusted = new Set<FactKind>(OPTIONAL_KINDS);

  get<Kind extends FactKind>(kind: Kind, key: string): FactOf[Kind] | undefined {
    return this.#mapOf(kind).get(key);
  }

  entries<Kind extends FactKind>(kind: Kind): IterableIterator<[string, FactOf[Kind]]> {
    return this.#mapOf(kind).entries();
  }

  values<Kind extends FactKind>(kind: Kind): IterableIterator<FactOf[Kind]> {
    return this.#mapOf(kind).values();
  }

  /** The fact that stood there before; undefined where it was none, null where it is the same now. */
  put<Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): FactOf[Kind] | undefined | null {
    const key = factKeyOf(kind, fact);
    const before = this.get(kind, key);
    if (before !== undefined && isEqualJson(before, fact)) return null;
    this.#mapOf(kind).set(key, fact);
    this.#index(kind, key, before, fact);
    return before;
  }

  delete<Kind extends FactKind>(kind: Kind, key: string): FactOf[Kind] | undefined {
    const before = this.get(kind, key);
    this.#mapOf(kind).delete(key);
    this.#index(kind, key, before, undefined);
    return before;
  }

  /** Whether what is known of an optional kind is heard as it changes; else it is as if the cluster had none of it. */
  trust(kind: OptionalKind, isTrusted: boolean): void {
    if (isTrusted) this.#trusted.add(kind);
    else this.#trusted.delete(kind);
  }

  vmimsOf(id: VmId): readonly VmimFact[] {
    return [...(this.#vmimsByVm.get(id)?.values() ?? [])];
  }

  /** VMs that have a VMIM. */
  vmsWithMigrations(): Iterable<VmId> {
    return this.#vmimsByVm.keys();
  }

  vmOfMigration(uid: MigrationId): VmId | undefined {
    return this.#vmOfMigration.get(uid);
  }

  /** The target pods of a VMI, today's and former ones. */
  podsOfVmi(vmiUid: string): readonly PodFact[] {
    const keys = this.#podsByVmi.get(vmiUid);
    if (keys.size === 0 || !this.#trusted.has('pod')) return NO_PODS;
    return [...keys].sort().flatMap((key) => this.#facts.pod.get(key) ?? []);
  }

  vmOfVmi(uid: string | undefined): VmId | undefined {
    return uid === undefined ? undefined : this.#vmOfVmi.get(uid);
  }

  /** VMs that were made by a restore. */
  vmsOfRestore(namespace: string, name: string): ReadonlySet<VmId> {
    return this.#vmsByRestore.get(vmIdOf(namespace, name));
  }

  /** How many VMIs were asked to leave a host. */
  evacuatingCount(host: HostName): number {
    return this.#evacuating.get(host) ?? 0;
  }

  /** A migration has one target pod; of several the first by name. */
  podOf(migrationUid: MigrationId): PodFact | undefined {
    const pods = this.#trusted.has('pod') ? this.#podsByMigration.get(migrationUid) : undefined;
    return pods === undefined ? undefined : firstByKey(pods);
  }

  powerOf(host: HostName): PowerFact | undefined {
    return this.#trusted.has('power') ? this.#facts.power.get(host) : undefined;
  }

  restoreOf(namespace: string, name: string): RestoreFact | undefined {
    return this.#trusted.has('restore') ? this.#facts.restore.get(vmIdOf(namespace, name)) : undefined;
  }

  /** A cluster has one; of several the first by name, so that the order of arrival does not matter. */
  get kubevirt(): KubeVirtFact | undefined {
    return this.#trusted.has('kubevirt') ? firstByKey(this.#facts.kubevirt) : undefined;
  }

  get upgrades(): readonly UpgradeFact[] {
    return this.#trusted.has('upgrade') ? [...this.#facts.upgrade].sort(byKey).map(([, upgrade]) => upgrade) : [];
  }

  #mapOf<Kind extends FactKind>(kind: Kind): Map<string, FactOf[Kind]> {
    return this.#facts[kind] as unknown as Map<string, FactOf[Kind]>;
  }

  #index(kind: FactKind, key: string, before: FactOf[FactKind] | undefined, after: FactOf[FactKind] | undefined): void {
    if (kind === 'vmim') this.#indexVmim(key, before as VmimFact | undefined, after as VmimFact | undefined);
    if (kind === 'pod') this.#indexPod(key, before as PodFact | undefined, after as PodFact | undefined);
    if (kind === 'vm') {
      const { namespace, restore } = (after ?? {}) as Partial<FactOf['vm']>;
      this.#vmsByRestore.set(key, namespace === undefined || restore === undefined ? [] : [vmIdOf(namespace, restore)]);
    }
    if (kind === 'pod') {
      const { vmiUid } = (after ?? {}) as Partial<PodFact>;
      this.#podsByVmi.set(key, vmiUid === undefined ? [] : [vmiUid]);
    }
    if (kind === 'vmi') {
      this.#indexVmi(key, (before as FactOf['vmi'] | undefined)?.uid, (after as FactOf['vmi'] | undefined)?.uid);
      this.#countEvacuating((before as FactOf['vmi'] | undefined)?.evacuatingFrom, -1);
      this.#countEvacuating((after as FactOf['vmi'] | undefined)?.evacuatingFrom, 1);
    }
  }

  #indexVmi(key: VmId, before: string | undefined, after: string | undefined): void {
    if (before === after) return;
    if (before !== undefined) this.#vmOfVmi.delete(before);
    if (after !== undefined) this.#vmOfVmi.set(after, key);
  }

  #indexVmim(key: string, before: VmimFact | undefined, after: VmimFact | undefined): void {
    if (before !== undefined) {
      const id = vmIdOf(before.namespace, before.vmiName);
      const siblings = this.#vmimsByVm.get(id);
      siblings?.delete(key);
      if (siblings?.size === 0) this.#vmimsByVm.delete(id);
      this.#vmOfMigration.delete(before.uid);
    }
    if (after === undefined) return;
    const id = vmIdOf(after.namespace, after.vmiName);
    const siblings = this.#vmimsByVm.get(id) ?? new Map<string, VmimFact>();
    siblings.set(key, after);
    this.#vmimsByVm.set(id, siblings);
    this.#vmOfMigration.set(after.uid, id);
  }

  #indexPod(key: string, before: PodFact | undefined, after: PodFact | undefined): void {
    if (before !== undefined) {
      const pods = this.#podsByMigration.get(before.migrationUid);
      pods?.delete(key);
      if (pods?.size === 0) this.#podsByMigration.delete(before.migrationUid);
    }
    if (after === undefined) return;
    const pods = this.#podsByMigration.get(after.migrationUid) ?? new Map<string, PodFact>();
    pods.set(key, after);
    this.#podsByMigration.set(after.migrationUid, pods);
  }

  #countEvacuating(host: HostName | undefined, change: 1 | -1): void {
    if (host === undefined) return;
    const count = this.evacuatingCount(host) + change;
    if (count === 0) this.#evacuating.delete(host);
    else this.#evacuating.set(host, count);
  }
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);
const firstByKey = <Fact>(facts: ReadonlyMap<string, Fact>): Fact | undefined => [...facts].sort(byKey)[0]?.[1];

/** A host and its power go by their name, everything else by `namespace/name`. */
export function factKeyOf<Kind extends FactKind>(kind: Kind, fact: FactOf[Kind]): string {
  if (kind === 'host' || kind === 'power') return (fact as HostFact).name;
  const { namespace, name } = fact as { readonly namespace: string; readonly name: string };
  return vmIdOf(namespace, name);
}
