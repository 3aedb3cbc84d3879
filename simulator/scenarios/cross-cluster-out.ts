/**
 * A VM that is sent to another cluster (KubeVirt ≥ 1.6, decentralized live migration). Its nodeName never flips: there the guest
 * goes on under another VMI, here the VMI ends.
 */
import { copyState, removeFinalizer, setPhase, setVmiCondition } from '../migration-changes.ts';
import { formatTime, type MigrationState, type VmimPhase } from '../objects.ts';
import { formatPodName } from '../pod-objects.ts';
import { type Stage, setVmPrintable, type Updates } from '../stage.ts';
import type { Cluster, VmRef } from '../types.ts';
import { condition, setVmiPhase } from '../vm-objects.ts';
import { hostOf, targetOf, WEB } from './casting.ts';
import { describeOwn, describePeer, type Peer, setState } from './cross-cluster-objects.ts';
import type { ScenarioParts } from './scenario.ts';
import { forgetMigrations, planVmim } from './vmims.ts';
import { planCopies } from './volume-changes.ts';

const CONNECT_URL = '192.168.40.11:9185';
const LOST_CONNECTION = 'Live migration failed: connection to the target cluster was lost';
const FAILURE_CONDITION = 'DecentralizedLiveMigrationFailure';

/** The second host is only the name that a node of the other cluster happens to have. */
const castSender = (cluster: Cluster) => ({ vms: [WEB], hosts: [hostOf(cluster, WEB), targetOf(cluster, WEB)] });

interface Sending {
  readonly stage: Stage;
  readonly vmim: VmRef;
  readonly vmimUid: string;
  readonly peer: Peer;
}

const reach = ({ stage, vmim }: Sending, phase: VmimPhase) =>
  stage.patchVmim(vmim, phase, (current, nowMs) => setPhase(current, phase, nowMs));

const writeState = ({ stage }: Sending, step: string, change: (state: MigrationState, time: string) => MigrationState) =>
  stage.patchVmi(stage.vm, step, (vmi, nowMs) => setState(vmi, (state) => change(state, formatTime(nowMs))));

/** From the VMIM to the copy that runs. */
function* begin(sending: Sending, create: () => ReturnType<Stage['create']>): Updates {
  const { stage, vmimUid, peer } = sending;
  const source = stage.vmiOf(stage.vm).status.nodeName ?? '';
  const podUid = Object.keys(stage.vmiOf(stage.vm).status.activePods ?? {})[0] ?? '';
  const own = { node: source, pod: formatPodName(stage.vm.name, podUid) };
  yield create();
  yield reach(sending, 'Synchronizing');
  yield* stage.pause(2);
  yield stage.patchVmi(stage.vm, 'OwnSideWritten', (vmi) =>
    setState(vmi, () => ({ migrationUid: vmimUid, sourceState: describeOwn(vmi, vmimUid, own) })),
  );
  yield stage.patchVmi(stage.vm, 'PeerSynchronized', (vmi) =>
    setState(vmi, (state) => ({ ...state, targetState: describePeer(vmi, peer, false) })),
  );
  yield reach(sending, 'Pending');
  yield reach(sending, 'Scheduling');
  yield stage.patchVmi(stage.vm, 'CopyRequested', (vmi) => ({
    ...vmi,
    status: { ...vmi.status, migratedVolumes: planCopies(`${stage.vm.name}-disk-0`, `${stage.vm.name}-disk-0`) },
  }));
  yield stage.patchVmi(stage.vm, 'PeerScheduled', (vmi) =>
    setState(vmi, (state) => ({ ...state, targetState: describePeer(vmi, peer, true) })),
  );
  yield reach(sending, 'Scheduled');
  yield writeState(sending, 'HandedOver', (state) => ({
    ...state,
    migrationNetworkType: 'pod',
    sourceNode: source,
    sourcePod: own.pod,
    targetNode: peer.node,
    targetPod: peer.pod,
  }));
  yield reach(sending, 'PreparingTarget');
  yield writeState(sending, 'TargetAddressKnown', (state) => ({ ...state, targetNodeAddress: '10.60.2.17' }));
  yield reach(sending, 'TargetReady');
  yield writeState(sending, 'Started', (state, time) => ({ ...state, startTimestamp: time, mode: 'PreCopy' }));
  yield reach(sending, 'Running');
  yield stage.patchVm(stage.vm, 'VmMigrating', (vm) => setVmPrintable(vm, 'Migrating'));
  yield* stage.pause(3);
}

function* succeed(sending: Sending): Updates {
  yield writeState(sending, 'TargetDomainReady', (state, time) => ({
    ...state,
    targetNodeDomainDetected: true,
    targetNodeDomainReadyTimestamp: time,
  }));
  yield writeState(sending, 'Ended', (state, time) => ({ ...state, endTimestamp: time }));
  yield sending.stage.patchVm(sending.stage.vm, 'VmNotMigrating', (vm) => setVmPrintable(vm, 'Running'));
  yield writeState(sending, 'Completed', (state) => ({ ...state, completed: true }));
  yield reach(sending, 'Succeeded');
}

function* fail(sending: Sending): Updates {
  const { stage } = sending;
  const { completesFailed, hasDecentralizedFailure } = stage.traits;
  yield stage.patchVmi(stage.vm, 'SourceFailed', (vmi, nowMs) => {
    const { migratedVolumes: _copied, ...status } = vmi.status;
    const failed = setState({ ...vmi, status }, (state) => ({
      ...state,
      endTimestamp: formatTime(nowMs),
      failed: true,
      failureReason: LOST_CONNECTION,
      ...(completesFailed ? { completed: true } : {}),
    }));
    return hasDecentralizedFailure
      ? setVmiCondition(failed, condition(FAILURE_CONDITION, 'True', nowMs, 'MigrationFailed', LOST_CONNECTION))
      : failed;
  });
  yield stage.patchVm(stage.vm, 'VmNotMigrating', (vm) => setVmPrintable(vm, 'Running'));
  yield reach(sending, 'Failed');
}

function* release({ stage, vmim }: Sending): Updates {
  yield stage.patchVmim(vmim, 'StateCopied', (current) => copyState(current, stage.vmiOf(stage.vm)));
  yield stage.patchVmim(vmim, 'FinalizerRemoved', removeFinalizer);
}

/** The guest lives on elsewhere: here its VMI has Succeeded, and the VM is wanted no more. */
function* leave({ stage }: Sending): Updates {
  yield stage.patchVmi(stage.vm, 'InstanceSucceeded', (vmi, nowMs) => setVmiPhase(vmi, 'Succeeded', nowMs));
  yield* stage.pause(2);
  yield* stage.through(stage.cluster.stop(stage.vm));
}

function* send(stage: Stage, finish: (sending: Sending) => Updates): Updates {
  const { cluster, vm } = stage;
  const [, node = ''] = stage.subjects.hosts;
  const planned = planVmim(stage, vm, `${vm.name}-send-`);
  const migrationID = cluster.createUid('migration');
  const vmim = { ...planned, spec: { ...planned.spec, sendTo: { migrationID, connectURL: CONNECT_URL } } };
  const peerPodUid = cluster.createUid('peer pod');
  const sending: Sending = {
    stage,
    vmim: { namespace: vm.namespace, name: vmim.metadata.name },
    vmimUid: vmim.metadata.uid,
    peer: {
      node,
      pod: formatPodName(vm.name, peerPodUid),
      vmiUid: cluster.createUid('peer vmi'),
      vmimUid: cluster.createUid('peer vmim'),
      syncAddress: CONNECT_URL,
    },
  };
  yield* begin(sending, () => stage.create('virtualmachineinstancemigrations', 'Created', vmim));
  yield* finish(sending);
}

export const CROSS_CLUSTER_OUT = {
  'cross-cluster-out': {
    summary: 'A VM is sent to another cluster, one of whose nodes is called like one of ours; here it ends.',
    since: '1.6',
    subjects: castSender,
    play: (stage) =>
      send(stage, function* (sending) {
        yield* succeed(sending);
        yield* release(sending);
        yield* leave(sending);
      }),
    *restore(stage) {
      yield* stage.through(stage.cluster.start(stage.vm));
      yield* forgetMigrations(stage, stage.vm);
    },
  },
  'cross-cluster-out-failed': {
    summary: 'Sending a VM to another cluster fails in the middle of the copy; it stays.',
    since: '1.6',
    subjects: castSender,
    play: (stage) =>
      send(stage, function* (sending) {
        yield* fail(sending);
        yield* release(sending);
      }),
    *restore(stage) {
      yield* stage.through(stage.cluster.restart(stage.vm));
      yield* forgetMigrations(stage, stage.vm);
    },
  },
  'cross-cluster-out-stuck': {
    summary: 'The migration to another cluster has succeeded, and the VMI that was sent stays Running here (kubevirt#15299).',
    since: '1.6',
    subjects: castSender,
    play: (stage) =>
      send(stage, function* (sending) {
        yield* succeed(sending);
        yield* release(sending);
        yield* stage.pause(4);
      }),
    *restore(stage) {
      yield* stage.through(stage.cluster.restart(stage.vm));
      yield* forgetMigrations(stage, stage.vm);
    },
  },
} as const satisfies Record<string, ScenarioParts>;
