/** What is done to hosts by hand: their condition, cordon and uncordon, maintenance and its end. Each is visible at once. */
import { createDrain, type DrainCluster } from './drain.ts';
import { createPlayable, type Engine, formatVm } from './engine.ts';
import { createEvacuation, type Evacuation } from './evacuation.ts';
import { annotate, beatNode, cordonNode, HEARTBEAT, uncordonNode } from './host-objects.ts';
import { changeReady, endMaintenance, selectShutDown } from './host-steps.ts';
import { formatTime, type Node } from './objects.ts';
import { createPatch } from './patch.ts';
import type { Cluster, Drain, Updates, VmRef } from './types.ts';

/** What the controls ask of the cluster around them. */
export interface HostCluster extends DrainCluster {
  start(vm: VmRef): ReturnType<Cluster['start']>;
}

export type HostControls = Pick<Cluster, 'setHostReady' | 'cordon' | 'uncordon' | 'drain' | 'evacuate' | 'endMaintenance' | 'beat'>;

export function getNode({ store }: Engine, host: string): Node {
  const node = store.get('nodes', undefined, host);
  if (node !== undefined) return node;
  const known = store.list('nodes').map(({ metadata }) => metadata.name);
  throw new Error(`No host ${host}; there are ${known.join(', ')}`);
}

function* empty(evacuation: Evacuation): Updates {
  while (evacuation.hasWork) yield* evacuation.round(false);
}

/** All of it at once. */
const make = (updates: Updates): void => {
  while (updates.next().done !== true);
};

export function createHostControls(engine: Engine, cluster: HostCluster): HostControls {
  const { store, clock } = engine;
  const drains = new Map<string, Drain & { cancel(): void }>();
  const nodeOf = (host: string): Node => getNode(engine, host);
  const hands = { cluster: store, patch: createPatch(store, clock) };

  return {
    setHostReady(host, status) {
      nodeOf(host);
      make(changeReady(hands, host, status));
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
    evacuate(host, options = {}) {
      nodeOf(host);
      return createPlayable(empty(createEvacuation(engine, cluster.evacuate, host, options)));
    },
    endMaintenance(host) {
      drains.get(host)?.cancel();
      drains.delete(host);
      nodeOf(host);
      make(endMaintenance(hands, host));
      return selectShutDown(store, host)
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
