/** What hosts go through in several scenarios, one object update at a time: losing and regaining Ready, leaving maintenance. */
import { selectShutDown } from '../host-controls.ts';
import {
  annotate,
  DRAIN_FORCED,
  DRAIN_REQUESTED,
  MAINTAIN_STATUS,
  setNodeReady,
  taintNode,
  uncordonNode,
  untaintNode,
} from '../host-objects.ts';
import { setVmiCondition } from '../migration-changes.ts';
import { formatTime } from '../objects.ts';
import { setPodReady } from '../pod-objects.ts';
import type { Stage, Updates } from '../stage.ts';
import { deriveVmiReady } from '../vm-objects.ts';
import { guestsOf } from './casting.ts';

const TAINTS = { Unknown: 'node.kubernetes.io/unreachable', False: 'node.kubernetes.io/not-ready' } as const;

/** The node controller's: the host's pods are, or are not, ready any more, and their VMIs with them. */
function* spreadReady(stage: Stage, host: string, status: 'True' | 'False'): Updates {
  for (const { metadata, spec } of stage.cluster.list('pods')) {
    if (spec.nodeName !== host) continue;
    const ref = { namespace: metadata.namespace ?? '', name: metadata.name };
    yield stage.patchPod(ref, 'PodReadyChanged', (pod, nowMs) => setPodReady(pod, status, nowMs));
  }
  for (const vm of guestsOf(stage.cluster, host)) {
    yield stage.patchVmi(vm, 'InstanceReadyChanged', (vmi, nowMs) => setVmiCondition(vmi, deriveVmiReady(status, nowMs)));
  }
}

/** `Unknown`: the kubelet is silent. `False`: it says itself that it is not ready. */
export function* loseReady(stage: Stage, host: string, status: 'Unknown' | 'False'): Updates {
  yield stage.patchNode(host, 'HostNotReady', (node, nowMs) => setNodeReady(node, status, nowMs));
  yield stage.patchNode(host, 'HostTainted', (node, nowMs) =>
    taintNode(node, { key: TAINTS[status], effect: 'NoExecute', timeAdded: formatTime(nowMs) }),
  );
  yield* spreadReady(stage, host, 'False');
}

export function* regainReady(stage: Stage, host: string): Updates {
  yield stage.patchNode(host, 'HostReady', (node, nowMs) => setNodeReady(node, 'True', nowMs));
  yield stage.patchNode(host, 'HostUntainted', (node) => Object.values(TAINTS).reduce(untaintNode, node));
  yield* spreadReady(stage, host, 'True');
}

/** Harvester's maintenance ends: the marks go, the host is open again, and what it shut down is started. */
export function* leaveMaintenance(stage: Stage, host: string): Updates {
  const off = { [MAINTAIN_STATUS]: null, [DRAIN_REQUESTED]: null, [DRAIN_FORCED]: null };
  yield stage.patchNode(host, 'MaintenanceDisabled', (node) => annotate(node, off));
  yield stage.patchNode(host, 'Uncordoned', uncordonNode);
  yield* stage.together(selectShutDown(stage.cluster, host).map((vm) => stage.cluster.start(vm)));
}
