/** A VM that arrives from another cluster (KubeVirt ≥ 1.6): it waits for its sender, and then runs here with a nodeName of its own. */
import { annotateVmi, copyState, labelVmi, removeFinalizer, setPhase, setPods } from '../migration-changes.ts';
import { formatTime, omit, type VirtualMachineInstance as Vmi, type VmimPhase } from '../objects.ts';
import { readLoads, selectHost } from '../placement.ts';
import { createLauncherPod, formatLauncherImage, formatPodName, placePod, runPod } from '../pod-objects.ts';
import { type Stage, setVmPrintable, type Updates } from '../stage.ts';
import { releaseOf } from '../traits.ts';
import type { Cluster, VmRef } from '../types.ts';
import { createVm, createVmi, deriveRunningStatus, NODE_NAME_LABEL, setVmiPhase } from '../vm-objects.ts';
import { describeOwn, describePeer, type Peer, setState } from './cross-cluster-objects.ts';
import type { ScenarioParts } from './scenario.ts';
import { forgetMigrations, planVmim } from './vmims.ts';

const ARRIVAL: VmRef = { namespace: 'default', name: 'fedora-travel-1' };
const ARRIVAL_GIB = 2;
const TARGET_ANNOTATION = 'kubevirt.io/create-migration-target';
const RESTORE_STRATEGY = 'kubevirt.io/restore-run-strategy';
const LOST_CONNECTION = 'Live migration failed: connection to the source cluster was lost';

function castReceiver(cluster: Cluster) {
  const host = selectHost(readLoads(cluster), ARRIVAL_GIB * 1024 ** 3);
  if (host === null) throw new Error('no host has room for a VM that arrives');
  return { vms: [ARRIVAL], hosts: [host] };
}

interface Receiving {
  readonly stage: Stage;
  readonly vmim: VmRef;
  readonly vmimUid: string;
  readonly podUid: string;
  readonly pod: VmRef;
  readonly peer: Peer;
}

const reach = ({ stage, vmim }: Receiving, phase: VmimPhase) =>
  stage.patchVmim(vmim, phase, (current, nowMs) => setPhase(current, phase, nowMs));
const writeVmi = ({ stage }: Receiving, step: string, change: (vmi: Vmi, nowMs: number) => Vmi) => stage.patchVmi(stage.vm, step, change);

/** What somebody (Forklift, say) creates before anything moves: a VM that waits. */
function* createReceiver(stage: Stage): Updates {
  const { cluster, vm, nowMs } = stage;
  const plan = { ...vm, os: 'fedora', cpuCores: 1, memoryGiB: ARRIVAL_GIB, power: 'running', hostDevice: false } as const;
  const made = createVm(plan, cluster.createUid('vm'), nowMs);
  const waiting = {
    ...made,
    metadata: { ...made.metadata, annotations: { ...made.metadata.annotations, [RESTORE_STRATEGY]: 'Always' } },
    spec: { ...made.spec, runStrategy: 'WaitAsReceiver' as const },
  };
  yield stage.create('virtualmachines', 'VmCreated', waiting);
  const vmi = annotateVmi(createVmi(stage.vmOf(vm), cluster.createUid('vmi'), nowMs), { [TARGET_ANNOTATION]: 'true' });
  yield stage.create('virtualmachineinstances', 'InstanceCreated', vmi);
  yield stage.patchVmi(vm, 'InstanceWaitingForSync', (current, at) => setVmiPhase(current, 'WaitingForSync', at));
  yield stage.patchVm(vm, 'VmWaitingForReceiver', (current) => ({
    ...setVmPrintable(current, 'WaitingForReceiver'),
    status: { ...current.status, created: true, printableStatus: 'WaitingForReceiver' },
  }));
  yield* stage.pause(2);
}

/** From the VMIM to a target pod that is ready for the copy. */
function* prepare(receiving: Receiving, create: () => ReturnType<Stage['create']>): Updates {
  const { stage, vmimUid, pod, podUid, peer } = receiving;
  const { host, cluster } = stage;
  const image = formatLauncherImage(releaseOf(cluster.kubevirt));
  yield create();
  yield reach(receiving, 'WaitingForSync');
  yield* stage.pause(2);
  yield writeVmi(receiving, 'SidesSynchronized', (vmi) =>
    setState(vmi, () => ({
      migrationUid: vmimUid,
      sourceState: describePeer(vmi, peer, true),
      targetState: describeOwn(vmi, vmimUid),
    })),
  );
  yield reach(receiving, 'Pending');
  const vmim = { name: receiving.vmim.name, uid: vmimUid };
  const launcher = createLauncherPod({ name: pod.name, uid: podUid, vmi: stage.vmiOf(stage.vm), vmim, image }, stage.nowMs);
  yield stage.create('pods', 'PodCreated', launcher);
  yield writeVmi(receiving, 'InstanceScheduling', (vmi, nowMs) => setVmiPhase(vmi, 'Scheduling', nowMs, { activePods: { [podUid]: '' } }));
  yield reach(receiving, 'Scheduling');
  yield stage.patchPod(pod, 'PodPlaced', (current, nowMs) => placePod(current, host, nowMs));
  yield writeVmi(receiving, 'InstancePlaced', (vmi) =>
    setPods(vmi, (pods) => {
      pods[podUid] = host;
    }),
  );
  yield stage.patchPod(pod, 'PodReady', runPod);
  yield writeVmi(receiving, 'InstanceScheduled', (vmi, nowMs) =>
    setVmiPhase(labelVmi(vmi, NODE_NAME_LABEL, host), 'Scheduled', nowMs, { nodeName: host }),
  );
  yield reach(receiving, 'Scheduled');
  yield writeVmi(receiving, 'HandedOver', (vmi) =>
    setState(vmi, (state) => ({
      ...state,
      migrationNetworkType: 'pod',
      sourceNode: peer.node,
      sourcePod: peer.pod,
      targetNode: host,
      targetPod: pod.name,
      targetState: describeOwn(vmi, vmimUid, { node: host, pod: pod.name }),
    })),
  );
  yield reach(receiving, 'PreparingTarget');
  yield writeVmi(receiving, 'TargetAddressKnown', (vmi) => setState(vmi, (state) => ({ ...state, targetNodeAddress: '10.52.1.7' })));
  yield reach(receiving, 'TargetReady');
  yield writeVmi(receiving, 'Started', (vmi, nowMs) =>
    setState(vmi, (state) => ({ ...state, startTimestamp: formatTime(nowMs), mode: 'PreCopy' })),
  );
  yield reach(receiving, 'Running');
  yield* stage.pause(3);
}

function* arrive(receiving: Receiving): Updates {
  const { stage } = receiving;
  yield writeVmi(receiving, 'TargetDomainReady', (vmi, nowMs) =>
    setState(vmi, (state) => ({ ...state, targetNodeDomainDetected: true, targetNodeDomainReadyTimestamp: formatTime(nowMs) })),
  );
  yield writeVmi(receiving, 'InstanceRunning', (vmi, nowMs) =>
    setState(setVmiPhase(vmi, 'Running', nowMs, deriveRunningStatus(vmi, nowMs)), (state) => ({
      ...state,
      endTimestamp: formatTime(nowMs),
    })),
  );
  yield writeVmi(receiving, 'Completed', (vmi) => setState(vmi, (state) => ({ ...state, completed: true })));
  yield reach(receiving, 'Succeeded');
  yield writeVmi(receiving, 'TargetAnnotationRemoved', (vmi) => annotateVmi(vmi, { [TARGET_ANNOTATION]: undefined }));
  yield stage.patchVm(stage.vm, 'StrategyRestored', (vm) => {
    const { [RESTORE_STRATEGY]: _strategy, ...annotations } = vm.metadata.annotations ?? {};
    return { ...vm, metadata: { ...vm.metadata, annotations }, spec: { ...vm.spec, runStrategy: 'Always' } };
  });
  yield stage.patchVm(stage.vm, 'VmRunning', (vm) => ({ ...vm, status: { ...vm.status, ready: true, printableStatus: 'Running' } }));
}

/** The VMI does not fail with its migration: it waits for the next attempt. */
function* fallBack(receiving: Receiving): Updates {
  const { stage, pod, podUid } = receiving;
  yield writeVmi(receiving, 'TargetFailed', (vmi, nowMs) =>
    setState(vmi, (state) => ({
      ...state,
      endTimestamp: formatTime(nowMs),
      failed: true,
      failureReason: LOST_CONNECTION,
      ...(stage.traits.completesFailed ? { completed: true } : {}),
    })),
  );
  yield reach(receiving, 'Failed');
  yield stage.remove('pods', pod, 'PodGone');
  yield writeVmi(receiving, 'InstanceWaitingForSync', (vmi, nowMs) => {
    const gone = setPods(labelVmi(vmi, NODE_NAME_LABEL, undefined), (pods) => {
      delete pods[podUid];
    });
    return setVmiPhase({ ...gone, status: omit(gone.status, 'nodeName') }, 'WaitingForSync', nowMs);
  });
}

function* receive(stage: Stage, finish: (receiving: Receiving) => Updates): Updates {
  const { cluster, vm } = stage;
  yield* createReceiver(stage);
  const planned = planVmim(stage, vm, `${vm.name}-receive-`);
  const vmim = { ...planned, spec: { ...planned.spec, receive: { migrationID: cluster.createUid('migration') } } };
  const podUid = cluster.createUid('pod');
  const receiving: Receiving = {
    stage,
    vmim: { namespace: vm.namespace, name: vmim.metadata.name },
    vmimUid: vmim.metadata.uid,
    podUid,
    pod: { namespace: vm.namespace, name: formatPodName(vm.name, podUid) },
    peer: {
      node: stage.host,
      pod: formatPodName(vm.name, cluster.createUid('peer pod')),
      vmiUid: cluster.createUid('peer vmi'),
      vmimUid: cluster.createUid('peer vmim'),
      syncAddress: '192.168.40.11:9185',
    },
  };
  yield* prepare(receiving, () => stage.create('virtualmachineinstancemigrations', 'Created', vmim));
  yield* finish(receiving);
  yield stage.patchVmim(receiving.vmim, 'StateCopied', (current) => copyState(current, stage.vmiOf(vm)));
  yield stage.patchVmim(receiving.vmim, 'FinalizerRemoved', removeFinalizer);
}

function* restore(stage: Stage): Updates {
  yield* stage.through(stage.cluster.deleteVm(stage.vm));
  yield* forgetMigrations(stage, stage.vm);
}

export const CROSS_CLUSTER_IN = {
  'cross-cluster-in': {
    summary: 'A VM waits for its sender in another cluster, arrives, and runs here.',
    since: '1.6',
    subjects: castReceiver,
    play: (stage) => receive(stage, arrive),
    restore,
  },
  'cross-cluster-in-failed': {
    summary: 'A VM that is to arrive from another cluster does not; it waits for the next attempt.',
    since: '1.6',
    subjects: castReceiver,
    play: (stage) => receive(stage, fallBack),
    restore,
  },
} as const satisfies Record<string, ScenarioParts>;
