/** VMs that have trouble with starting. */

import { setVmiCondition } from '../migration-changes.ts';
import type { VirtualMachine as Vm } from '../objects.ts';
import { formatUnschedulable, readLoads } from '../placement.ts';
import { isPodOf, unplacePod } from '../pod-objects.ts';
import { type Stage, setVmCondition, setVmPrintable, type Updates } from '../stage.ts';
import { createRestore } from '../system-objects.ts';
import type { VmRef } from '../types.ts';
import { condition, setVmiPhase } from '../vm-objects.ts';
import { ARCHIVE, castVm, WINDOWS_TEST } from './casting.ts';
import type { ScenarioParts } from './scenario.ts';

const TOO_BIG: VmRef = { namespace: 'default', name: 'opensuse-hana-1' };
const TOO_BIG_GIB = 24_576;
const CRASHING: VmRef = { namespace: 'default', name: 'ubuntu-web-2' };
const CRASH_COUNT = 3;
const RESTORE_ANNOTATION = 'restore.harvesterhci.io/name';
const RESTORE_NAME = 'restore-windows-test-1-qk4xz';
const CLONE_STATUS = 'harvesterhci.io/clone-backend-storage-status';

function annotateVm(vm: Vm, key: string, value: string | null): Vm {
  const { [key]: _before, ...others } = vm.metadata.annotations ?? {};
  return { ...vm, metadata: { ...vm.metadata, annotations: value === null ? others : { ...others, [key]: value } } };
}

/** The guest dies; the VM controller waits longer each time before it starts another one. */
function* crash(stage: Stage, count: number): Updates {
  const { cluster, vm } = stage;
  const uid = stage.vmiOf(vm).metadata.uid;
  yield stage.patchVmi(vm, 'InstanceFailed', (vmi, nowMs) => setVmiPhase(vmi, 'Failed', nowMs));
  const rerun = cluster.rerun(vm);
  while (rerun.remaining.includes('InstanceGone')) yield rerun.step();
  yield stage.patchVm(vm, 'CrashLoop', (current, nowMs) => ({
    ...current,
    status: {
      ...current.status,
      printableStatus: 'CrashLoopBackOff',
      ready: false,
      startFailure: {
        consecutiveFailCount: count,
        lastFailedVMIUID: uid,
        retryAfterTimestamp: new Date(nowMs + 10_000 * 2 ** count).toISOString(),
      },
    },
  }));
  yield* stage.pause(2 + count);
  yield* stage.through(rerun);
}

export const STARTS = {
  'start-unschedulable': {
    summary: 'A VM is started that fits on no host: its pod stays Pending, and the scheduler says why.',
    subjects: castVm(TOO_BIG),
    *play(stage) {
      const { cluster, vm } = stage;
      const start = cluster.createVm({ ...vm, os: 'opensuse', cpuCores: 64, memoryGiB: TOO_BIG_GIB });
      while (start.waitingFor === null) yield start.step();
      const message = formatUnschedulable(readLoads(cluster));
      const uid = stage.vmiOf(vm).metadata.uid;
      const pod = cluster.list('pods').find((candidate) => isPodOf(candidate, uid));
      const ref = { namespace: vm.namespace, name: pod?.metadata.name ?? '' };
      yield stage.patchPod(ref, 'PodUnschedulable', (current, nowMs) => unplacePod(current, message, nowMs));
      yield stage.patchVmi(vm, 'InstanceUnschedulable', (vmi, nowMs) =>
        setVmiCondition(vmi, condition('PodScheduled', 'False', nowMs, 'Unschedulable', message)),
      );
      yield stage.patchVm(vm, 'VmUnschedulable', (current, nowMs) =>
        setVmPrintable(setVmCondition(current, 'PodScheduled', 'False', nowMs, 'Unschedulable', message), 'ErrorUnschedulable'),
      );
      yield* stage.pause(5);
      start.cancel();
    },
    *restore(stage) {
      yield* stage.through(stage.cluster.deleteVm(stage.vm));
    },
  },
  'restore-backup': {
    summary: 'A VM is restored from a backup, and starts when that is complete.',
    subjects: castVm(WINDOWS_TEST),
    *play(stage) {
      const { cluster, vm, nowMs } = stage;
      const ref = { namespace: vm.namespace, name: RESTORE_NAME };
      const restore = createRestore({ name: ref.name, uid: cluster.createUid('restore'), nowMs }, vm.namespace, vm.name);
      yield stage.create('virtualmachinerestores', 'RestoreCreated', restore);
      yield stage.patchVm(vm, 'VmRestoring', (current) => annotateVm(current, RESTORE_ANNOTATION, ref.name));
      yield* stage.pause(5);
      yield stage.patch('virtualmachinerestores', ref, 'RestoreCompleted', (current) => ({ ...current, status: { complete: true } }));
      yield* stage.through(cluster.start(vm));
    },
    *restore(stage) {
      yield* stage.through(stage.cluster.stop(stage.vm));
      yield stage.patchVm(stage.vm, 'RestoreForgotten', (current) => annotateVm(current, RESTORE_ANNOTATION, null));
      yield stage.remove('virtualmachinerestores', { ...stage.vm, name: RESTORE_NAME }, 'RestoreRemoved');
    },
  },
  'clone-failed': {
    summary: 'The storage of a VM is being cloned, and that fails.',
    subjects: castVm(ARCHIVE),
    *play(stage) {
      yield stage.patchVm(stage.vm, 'Cloning', (vm) => annotateVm(vm, CLONE_STATUS, 'cloning'));
      yield* stage.pause(4);
      yield stage.patchVm(stage.vm, 'CloneFailed', (vm) => annotateVm(vm, CLONE_STATUS, 'failed'));
    },
    *restore(stage) {
      yield stage.patchVm(stage.vm, 'CloneForgotten', (vm) => annotateVm(vm, CLONE_STATUS, null));
    },
  },
  'crash-loop': {
    summary: 'A guest dies again and again, and KubeVirt waits longer before each new start.',
    subjects: castVm(CRASHING),
    *play(stage) {
      for (let count = 1; count <= CRASH_COUNT; count += 1) yield* crash(stage, count);
    },
  },
} as const satisfies Record<string, ScenarioParts>;
