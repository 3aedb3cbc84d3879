/** One trace of each optional kind: what the derived model says where the kind is heard, and what where it is not (SPEC U10, T7). */
import type { OptionalKind } from '../../core/facts.ts';
import type { DerivedHost, DerivedVm } from '../../core/model.ts';
import { vmIdOf } from '../../core/model.ts';
import type { JsonObject, ResourceName } from '../../simulator/objects.ts';
import { MIGRATION_JOB_LABEL, unplacePod } from '../../simulator/pod-objects.ts';
import { createRestore, createUpgrade, requestPower, setNodeState } from '../../simulator/system-objects.ts';
import type { Cluster, VmRef } from '../../simulator/types.ts';

export type Entity = DerivedHost | DerivedVm;

export interface Trace {
  /** Of the host or VM that shows it. */
  readonly id: string;
  view(entity: Entity | undefined): unknown;
  /** What it shows of the object. */
  readonly known: unknown;
  /** What it shows as if the cluster had no such object. */
  readonly unknown: unknown;
  /** The object says something else; then the view is `changed`. */
  change(): void;
  readonly changed: unknown;
}

export const idOf = (entity: Entity): string => ('id' in entity ? entity.id : entity.name);

/** Where the simulator keeps a kind, and what RBAC and the log call it. */
export const OPTIONAL_RESOURCES: Readonly<Record<OptionalKind, { readonly resource: ResourceName; readonly name: string }>> = {
  pod: { resource: 'pods', name: 'pods' },
  kubevirt: { resource: 'kubevirts', name: 'kubevirts.kubevirt.io' },
  power: { resource: 'inventories', name: 'inventories.metal.harvesterhci.io' },
  upgrade: { resource: 'upgrades', name: 'upgrades.harvesterhci.io' },
  restore: { resource: 'virtualmachinerestores', name: 'virtualmachinerestores.harvesterhci.io' },
};

const UBUNTU = { namespace: 'default', name: 'ubuntu-web-1' };
const UBUNTU_ID = 'default/ubuntu-web-1';

/** Makes the objects of a cluster that has just been created with inventories; nothing has happened in it yet. */
export const TRACES: { readonly [Kind in OptionalKind]: (cluster: Cluster) => Trace } = {
  pod(cluster) {
    const move = cluster.migrate({ ...UBUNTU, outcome: 'unschedulable', schedulerMessage: 'no memory' });
    move.stepTo('PodUnschedulable');
    const pod = must(cluster.list('pods').find(({ metadata }) => metadata.labels?.[MIGRATION_JOB_LABEL] !== undefined));
    return {
      id: UBUNTU_ID,
      view: (vm) => transitOf(vm)?.waitingFor?.detail ?? null,
      known: 'Unschedulable: no memory',
      unknown: null,
      change: () => void cluster.store.update('pods', unplacePod(pod, 'no room', cluster.clock.now())),
      changed: 'Unschedulable: no room',
    };
  },

  kubevirt(cluster) {
    const { host, vms } = crowdedHost(cluster);
    const [first, second, third] = vms.map((vm) => cluster.migrate(vm));
    first?.stepTo('Scheduling');
    second?.stepTo('Scheduling');
    must(third).stepTo('Pending');
    const kubevirt = must(cluster.list('kubevirts')[0]);
    const limit = { reason: 'host-limit', host, used: 2, limit: 2, place: 1 };
    return {
      id: vmIdOf(must(third).namespace, must(third).name),
      view: (vm) => transitOf(vm)?.waitingFor,
      known: limit,
      unknown: { ...limit, assumed: true },
      change() {
        const migrations: JsonObject = { ...kubevirt.spec.configuration.migrations, parallelOutboundMigrationsPerNode: 1 };
        cluster.store.update('kubevirts', { ...kubevirt, spec: { configuration: { migrations } } });
      },
      changed: { ...limit, limit: 1 },
    };
  },

  power(cluster) {
    const { name } = must(cluster.list('nodes')[0]).metadata;
    const request = (action: 'shutdown' | 'reboot'): void => {
      const inventory = must(cluster.list('inventories').find(({ metadata }) => metadata.name === name));
      cluster.store.update('inventories', requestPower(inventory, action));
    };
    request('shutdown');
    const change = (): void => request('reboot');
    return { id: name, view: (host) => host?.state, known: 'stopping', unknown: 'active', change, changed: 'rebooting' };
  },

  upgrade(cluster) {
    const move = cluster.migrate({ ...UBUNTU, cause: 'evacuation' });
    move.stepTo('Pending');
    const named = { name: 'hvst-upgrade', uid: cluster.createUid('upgrade'), nowMs: cluster.clock.now() };
    const upgrade = cluster.store.create('upgrades', createUpgrade(named, 'v1.8.0', { [move.from]: { state: 'Pre-draining' } }));
    const evidence = `nodeStatuses.${move.from}.state`;
    return {
      id: UBUNTU_ID,
      view: (vm) => transitOf(vm)?.evidence,
      known: `${evidence}=Pre-draining`,
      unknown: `kubevirt.io/evacuationMigration=${move.from}`,
      change: () => void cluster.store.update('upgrades', setNodeState(upgrade, move.from, 'Pre-drained')),
      changed: `${evidence}=Pre-drained`,
    };
  },

  restore(cluster) {
    const { name, namespace = '' } = must(cluster.list('virtualmachines').find(({ spec }) => spec.runStrategy === 'Halted')).metadata;
    const restoreFrom = (restore: string): void => {
      const vm = must(cluster.get('virtualmachines', namespace, name));
      const annotations = { ...vm.metadata.annotations, 'restore.harvesterhci.io/name': restore };
      cluster.store.update('virtualmachines', { ...vm, metadata: { ...vm.metadata, annotations } });
      const named = { name: restore, uid: cluster.createUid('restore'), nowMs: cluster.clock.now() };
      cluster.store.create('virtualmachinerestores', createRestore(named, namespace, name));
    };
    restoreFrom('monday');
    return {
      id: vmIdOf(namespace, name),
      view: (vm) => [vm?.state, vm !== undefined && 'reason' in vm ? vm.reason : undefined],
      known: ['provisioning', 'restore monday'],
      unknown: ['off', undefined],
      change: () => restoreFrom('tuesday'),
      changed: ['provisioning', 'restore tuesday'],
    };
  },
};

const transitOf = (entity: Entity | undefined): DerivedVm['transit'] =>
  entity !== undefined && 'transit' in entity ? entity.transit : undefined;

/** One more VM that can move than KubeVirt lets leave a host at once. */
function crowdedHost(cluster: Cluster): { readonly host: string; readonly vms: readonly VmRef[] } {
  for (const { metadata } of cluster.list('nodes')) {
    const vms = cluster
      .list('virtualmachineinstances')
      .filter(({ status }) => status.nodeName === metadata.name)
      .map((vmi) => ({ namespace: vmi.metadata.namespace ?? '', name: vmi.metadata.name }))
      .filter((vm) => cluster.refusalOf(vm) === null);
    if (vms.length > 2) return { host: metadata.name, vms: vms.slice(0, 3) };
  }
  throw new Error('no host has three VMs that can move');
}

function must<Value>(found: Value | undefined): Value {
  if (found === undefined) throw new Error('the simulated cluster lacks what this test needs');
  return found;
}
