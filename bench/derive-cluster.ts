/** A cluster of facts for the benchmark of the derivation: as the projector makes them of the simulator's objects, at rest. */
import { Inventory } from '../core/derive/inventory.ts';
import type { FactKind, FactOf, HostFact, VmiFact } from '../core/facts.ts';
import { PROJECTORS } from '../forwarder/projector.ts';
import { createVirtualClock } from '../simulator/clock.ts';
import { createCluster } from '../simulator/cluster.ts';
import type { ResourceName } from '../simulator/objects.ts';

export interface BenchCluster {
  readonly inventory: Inventory;
  /** What it was filled with. */
  lists(): readonly (readonly [FactKind, readonly unknown[]])[];
  /** A VMI whose readiness is another than it was. */
  readiness(turn: number): VmiFact;
  /** A VMI that is on another host than it was. */
  move(turn: number): VmiFact;
  /** A VMI of which nothing has changed. */
  same(turn: number): VmiFact;
  /** A host whose kubelet has stopped reporting. */
  silent(index: number): HostFact;
  /** Cordons a host and asks its VMs to leave. */
  drain(index: number): void;
}

const LISTS: readonly (readonly [FactKind, ResourceName])[] = [
  ['host', 'nodes'],
  ['vm', 'virtualmachines'],
  ['vmi', 'virtualmachineinstances'],
  ['kubevirt', 'kubevirts'],
];

export function createBenchCluster(vms: number, hosts: number): BenchCluster {
  const cluster = createCluster({ vms, hosts, clock: createVirtualClock(), runId: 'bench' });
  const lists = LISTS.map(([kind, resource]) => [kind, cluster.list(resource).map((object) => factOf(kind, object))] as const);
  const inventory = new Inventory();
  for (const [kind, facts] of lists) inventory.replace(kind, facts as never);
  inventory.takeChanges();

  const listed = <Kind extends FactKind>(kind: Kind) => (lists.find(([name]) => name === kind)?.[1] ?? []) as readonly FactOf[Kind][];
  const hostNames = listed('host').map(({ name }) => name);
  const running = listed('vmi').filter(({ phase }) => phase === 'Running');
  const present = new Map(running.map((vmi) => [vmi.uid, vmi]));
  /** The VMs in turn, each with what it is now. */
  const pick = (turn: number): VmiFact => {
    const listedVmi = running[(turn * 7_919) % running.length];
    const vmi = present.get(listedVmi?.uid ?? '');
    if (vmi === undefined) throw new Error('the cluster has no VM that runs');
    return vmi;
  };
  const keep = (vmi: VmiFact): VmiFact => {
    present.set(vmi.uid, vmi);
    return vmi;
  };
  return {
    inventory,
    lists: () => lists,
    readiness(turn) {
      const vmi = pick(turn);
      const conditions = vmi.conditions.map((condition) =>
        condition.type === 'Ready'
          ? { ...condition, status: condition.status === 'True' ? ('False' as const) : ('True' as const) }
          : condition,
      );
      return keep({ ...vmi, conditions });
    },
    move(turn) {
      const vmi = pick(turn);
      return keep({ ...vmi, nodeName: hostNames[(hostNames.indexOf(vmi.nodeName ?? '') + 1) % hostNames.length] ?? null });
    },
    same: (turn) => structuredClone(pick(turn)),
    silent(index) {
      const host = listed('host')[index];
      if (host === undefined) throw new Error(`there is no host ${index}`);
      return { ...host, ready: { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' } };
    },
    drain(index) {
      const host = listed('host')[index];
      if (host === undefined) throw new Error(`there is no host ${index}`);
      inventory.set('host', { ...host, cordoned: true });
      for (const vmi of present.values()) if (vmi.nodeName === host.name) inventory.set('vmi', keep({ ...vmi, evacuatingFrom: host.name }));
    },
  };
}

function factOf(kind: FactKind, object: unknown): unknown {
  const fact = PROJECTORS[kind](object);
  if (!fact.ok) throw new Error(fact.error);
  return fact.value;
}
