/** What happens to hosts, and to the guests on them. */
import { cordonNode, labelNode, SCHEDULABLE_LABEL, setNodeCondition, taintNode, uncordonNode, untaintNode } from '../host-objects.ts';
import { changeReady } from '../host-steps.ts';
import { formatTime } from '../objects.ts';
import { isPodOf } from '../pod-objects.ts';
import type { Stage, Updates } from '../stage.ts';
import type { VmRef } from '../types.ts';
import { condition, setCondition, setVmiPhase } from '../vm-objects.ts';
import { castHost, castMove, WEB } from './casting.ts';
import type { ScenarioParts } from './scenario.ts';

const PRESSURE_TAINT = 'node.kubernetes.io/memory-pressure';

/** Somebody deletes the pods of a host that is gone, and virt-controller sees that its guests are gone with it. */
function* loseGuest(stage: Stage, vm: VmRef): Updates {
  const uid = stage.vmiOf(vm).metadata.uid;
  for (const { metadata } of stage.cluster.list('pods').filter((pod) => isPodOf(pod, uid))) {
    yield stage.remove('pods', { namespace: vm.namespace, name: metadata.name }, 'PodForceDeleted');
  }
  yield stage.patchVmi(vm, 'InstanceFailed', (vmi, nowMs) =>
    setVmiPhase(vmi, 'Failed', nowMs, {
      activePods: {},
      reason: 'NodeUnresponsive',
      conditions: setCondition(
        vmi.status.conditions,
        condition('Ready', 'False', nowMs, 'PodNotExists', 'virt-launcher pod has not been found'),
      ),
    }),
  );
}

export const HOSTS = {
  'dead-host': {
    summary: 'A host falls silent: its VMs stay Running, and nothing is known of them until it comes back.',
    subjects: castHost,
    *play(stage) {
      yield* changeReady(stage, stage.host, 'Unknown');
      yield* stage.pause(6);
      yield* changeReady(stage, stage.host, 'True');
    },
  },
  'dead-host-lost': {
    summary: 'A host stays silent; its pods are deleted by force, its VMs are lost there and start elsewhere.',
    subjects: castHost,
    *play(stage) {
      yield* changeReady(stage, stage.host, 'Unknown');
      yield* stage.pause(4);
      yield stage.patchNode(stage.host, 'HandlerSilent', (node) => labelNode(node, SCHEDULABLE_LABEL, 'false'));
      for (const vm of stage.subjects.vms) yield* loseGuest(stage, vm);
      yield* stage.together(stage.subjects.vms.map((vm) => stage.cluster.rerun(vm)));
    },
    *restore(stage) {
      yield* changeReady(stage, stage.host, 'True');
      yield stage.patchNode(stage.host, 'HandlerBack', (node) => labelNode(node, SCHEDULABLE_LABEL, 'true'));
    },
  },
  'not-ready-host': {
    summary: 'A kubelet says that it is not ready, and is again after a while.',
    subjects: castHost,
    *play(stage) {
      yield* changeReady(stage, stage.host, 'False');
      yield* stage.pause(5);
      yield* changeReady(stage, stage.host, 'True');
    },
  },
  cordon: {
    summary: 'A host is cordoned, and uncordoned.',
    subjects: castHost,
    *play(stage) {
      yield stage.patchNode(stage.host, 'Cordoned', cordonNode);
      yield* stage.pause(6);
      yield stage.patchNode(stage.host, 'Uncordoned', uncordonNode);
    },
  },
  'host-pressure': {
    summary: 'A host runs short of memory for a while.',
    subjects: castHost,
    *play(stage) {
      const { host } = stage;
      const short = {
        status: 'True',
        reason: 'KubeletHasInsufficientMemory',
        message: 'kubelet has insufficient memory available',
      } as const;
      const enough = { status: 'False', reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' } as const;
      yield stage.patchNode(host, 'MemoryPressure', (node, nowMs) => setNodeCondition(node, 'MemoryPressure', short, nowMs));
      yield stage.patchNode(host, 'PressureTainted', (node, nowMs) =>
        taintNode(node, { key: PRESSURE_TAINT, effect: 'NoSchedule', timeAdded: formatTime(nowMs) }),
      );
      yield* stage.pause(6);
      yield stage.patchNode(host, 'MemoryEnough', (node, nowMs) => setNodeCondition(node, 'MemoryPressure', enough, nowMs));
      yield stage.patchNode(host, 'PressureUntainted', (node) => untaintNode(node, PRESSURE_TAINT));
    },
  },
  witness: {
    summary: 'A fourth host is a witness that never runs a VM: one moves between the others, the witness falls silent and comes back.',
    cluster: { witness: true },
    subjects: (cluster) => ({ vms: [WEB], hosts: ['harv-4', ...castMove(WEB)(cluster).hosts] }),
    *play(stage) {
      yield* stage.through(stage.cluster.migrate(stage.vm));
      yield* changeReady(stage, stage.host, 'Unknown');
      yield* stage.pause(4);
      yield* changeReady(stage, stage.host, 'True');
    },
  },
} as const satisfies Record<string, ScenarioParts>;
