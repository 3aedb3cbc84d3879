/** What hosts go through wherever they do, one object update at a time: losing and regaining Ready, the end of their maintenance. */
import { clearMaintenance, setNodeReady, taintNode, uncordonNode, untaintNode } from './host-objects.ts';
import { setVmiCondition } from './migration-changes.ts';
import { formatTime } from './objects.ts';
import type { Patch } from './patch.ts';
import { isPodReady, setPodReady } from './pod-objects.ts';
import type { Cluster, Updates, VmRef } from './types.ts';
import { deriveVmiReady, MAINTAIN_STRATEGY_NODE } from './vm-objects.ts';

interface Hands {
  readonly cluster: Pick<Cluster, 'list'>;
  readonly patch: Patch;
}

const TAINTS = { Unknown: 'node.kubernetes.io/unreachable', False: 'node.kubernetes.io/not-ready' } as const;

/**
 * `Unknown`: the kubelet is silent. `False`: it says itself that it is not ready. Either way the node controller taints the host and
 * takes Ready from the pods there that have it; a kubelet that is back gives it again to those that run. The VMIs follow their pods,
 * and their phase stays Running (domain.md 3.6, node failure).
 */
export function* changeReady({ cluster, patch }: Hands, host: string, status: 'True' | 'False' | 'Unknown'): Updates {
  const isReady = status === 'True';
  yield patch('nodes', { name: host }, isReady ? 'HostReady' : 'HostNotReady', (node, nowMs) => setNodeReady(node, status, nowMs));
  yield patch('nodes', { name: host }, isReady ? 'HostUntainted' : 'HostTainted', (node, nowMs) => {
    const clean = Object.values(TAINTS).reduce(untaintNode, node);
    return isReady ? clean : taintNode(clean, { key: TAINTS[status], effect: 'NoExecute', timeAdded: formatTime(nowMs) });
  });
  const next = isReady ? 'True' : 'False';
  for (const pod of cluster.list('pods')) {
    if (pod.spec.nodeName !== host || isPodReady(pod) === isReady || (isReady && pod.status.phase !== 'Running')) continue;
    yield patch('pods', pod.metadata, 'PodReadyChanged', (current, nowMs) => setPodReady(current, next, nowMs));
  }
  for (const { metadata, status: vmi } of cluster.list('virtualmachineinstances')) {
    if (vmi?.nodeName !== host || vmi.phase !== 'Running') continue;
    yield patch('virtualmachineinstances', metadata, 'InstanceReadyChanged', (current, nowMs) =>
      setVmiCondition(current, deriveVmiReady(next, nowMs)),
    );
  }
}

/** Harvester's maintenance is over, or called off: its marks go, and the host is open again. */
export function* endMaintenance({ patch }: Hands, host: string): Updates {
  yield patch('nodes', { name: host }, 'MaintenanceDisabled', clearMaintenance);
  yield patch('nodes', { name: host }, 'Uncordoned', uncordonNode);
}

/** The VMs that the drain of a host shut down. */
export const selectShutDown = ({ list }: Pick<Cluster, 'list'>, host: string): readonly VmRef[] =>
  list('virtualmachines')
    .filter(({ metadata }) => metadata.annotations?.[MAINTAIN_STRATEGY_NODE] === host)
    .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));
