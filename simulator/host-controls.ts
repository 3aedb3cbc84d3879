/** What is done to hosts by hand: their condition, cordon and uncordon, maintenance and its end. Each is visible at once. */
import { createDrain, type DrainCluster } from './drain.ts';
import { type Engine, formatVm } from './engine.ts';
import {
  annotate,
  beatNode,
  cordonNode,
  DRAIN_FORCED,
  DRAIN_REQUESTED,
  HEARTBEAT,
  MAINTAIN_STATUS,
  setNodeReady,
  uncordonNode,
} from './host-objects.ts';
import { setVmiCondition } from './migration-changes.ts';
import { formatTime, type Node } from './objects.ts';
import { setPodReady } from './pod-objects.ts';
import type { Cluster, Drain, VmRef } from './types.ts';
import { deriveVmiReady, MAINTAIN_STRATEGY_NODE } from './vm-objects.ts';

/** What the controls ask of the cluster around them. */
export interface HostCluster extends DrainCluster {
  start(vm: VmRef): ReturnType<Cluster['start']>;
}

export type HostControls = Pick<Cluster, 'setHostReady' | 'cordon' | 'uncordon' | 'drain' | 'endMaintenance' | 'beat'>;

export function getNode({ store }: Engine, host: string): Node {
  const node = store.get('nodes', undefined, host);
  if (node !== undefined) return node;
  const known = store.list('nodes').map(({ metadata }) => metadata.name);
  throw new Error(`No host ${host}; there are ${known.join(', ')}`);
}

export function createHostControls(engine: Engine, cluster: HostCluster): HostControls {
  const { store, clock } = engine;
  const drains = new Map<string, Drain & { cancel(): void }>();
  const nodeOf = (host: string): Node => getNode(engine, host);

  return {
    setHostReady(host, status) {
      store.update('nodes', setNodeReady(nodeOf(host), status, clock.now()));
      const isReady = status === 'True' ? 'True' : 'False';
      for (const pod of store.list('pods')) {
        if (pod.spec.nodeName === host && pod.status.phase === 'Running') store.update('pods', setPodReady(pod, isReady, clock.now()));
      }
      for (const vmi of store.list('virtualmachineinstances')) {
        if (vmi.status?.nodeName !== host || vmi.status.phase !== 'Running') continue;
        store.update('virtualmachineinstances', setVmiCondition(vmi, deriveVmiReady(isReady, clock.now())));
      }
    },
    cordon: (host) => {
      store.update('nodes', cordonNode(nodeOf(host), clock.now()));
    },
    uncordon: (host) => {
      store.update('nodes', uncordonNode(nodeOf(host)));
    },
    drain(host, options = {}) {
      nodeOf(host);
      drains.get(host)?.cancel();
      const drain = createDrain(engine, cluster, host, options);
      drains.set(host, drain);
      return drain;
    },
    endMaintenance(host) {
      drains.get(host)?.cancel();
      drains.delete(host);
      const off = annotate(nodeOf(host), { [MAINTAIN_STATUS]: null, [DRAIN_REQUESTED]: null, [DRAIN_FORCED]: null });
      store.update('nodes', off);
      store.update('nodes', uncordonNode(nodeOf(host)));
      return selectShutDown(engine, host)
        .filter((vm) => !engine.changes.has(formatVm(vm)))
        .map((vm) => cluster.start(vm));
    },
    beat() {
      const time = formatTime(clock.now());
      for (const node of store.list('nodes')) {
        const beaten = beatNode(node, clock.now());
        // A witness runs no virt-handler.
        const hasHandler = node.metadata.annotations?.[HEARTBEAT] !== undefined;
        if (beaten !== node) store.update('nodes', hasHandler ? annotate(beaten, { [HEARTBEAT]: time }) : beaten);
      }
    },
  };
}

/** The VMs that the drain of a host shut down. */
export const selectShutDown = ({ store }: Pick<Engine, 'store'>, host: string): readonly VmRef[] =>
  store
    .list('virtualmachines')
    .filter(({ metadata }) => metadata.annotations?.[MAINTAIN_STRATEGY_NODE] === host)
    .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
