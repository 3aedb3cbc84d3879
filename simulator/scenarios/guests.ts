/** What happens to guests that stay where they are, or that move in an unusual way. */
import type { VmRef } from '../types.ts';
import { castMove, castVm, hostOf, targetOf, WEB } from './casting.ts';
import { pauseVm, pauseVmi, resumeVm, resumeVmi, setMode } from './modes.ts';
import type { ScenarioParts } from './scenario.ts';

const BARE: VmRef = { namespace: 'default', name: 'bare-instance-1' };
const DELETED = { namespace: 'default', name: 'debian-mail-1', os: 'debian', cpuCores: 2, memoryGiB: 4 } as const;

export const GUESTS = {
  'post-copy': {
    summary: 'A busy guest is switched to post-copy: it runs on the target before the VMI says so, and arrives.',
    subjects: castMove(),
    *play(stage) {
      const move = stage.cluster.migrate(stage.vm);
      yield* stage.until(move, 'TargetDomainDetected');
      yield stage.patchVmi(stage.vm, 'PostCopy', (vmi) => setMode(vmi, 'PostCopy'));
      yield* stage.pause(3);
      yield* stage.through(move);
    },
  },
  'paused-to-finish': {
    summary: 'KubeVirt pauses a busy guest so that its migration can finish; it arrives and runs on.',
    subjects: castMove(),
    *play(stage) {
      const move = stage.cluster.migrate(stage.vm);
      yield* stage.until(move, 'TargetDomainDetected');
      yield stage.patchVmi(stage.vm, 'ModePaused', (vmi) => setMode(vmi, 'Paused'));
      yield stage.patchVmi(stage.vm, 'PausedToFinish', (vmi, nowMs) => pauseVmi(vmi, 'PausedByMigrationMonitor', nowMs));
      yield stage.patchVm(stage.vm, 'VmPausedToFinish', (vm, nowMs) => pauseVm(vm, 'PausedByMigrationMonitor', nowMs));
      yield* stage.pause(3);
      yield* stage.until(move, 'Switched');
      yield stage.patchVmi(stage.vm, 'Resumed', resumeVmi);
      yield stage.patchVm(stage.vm, 'VmResumed', (vm) => resumeVm(vm));
      yield* stage.through(move);
    },
  },
  'user-pause': {
    summary: 'Somebody pauses a VM, and lets it go on.',
    subjects: castVm(WEB),
    *play(stage) {
      yield* stage.through(stage.cluster.pause(stage.vm));
      yield* stage.pause(4);
      yield* stage.through(stage.cluster.unpause(stage.vm));
    },
  },
  'io-error': {
    summary: 'The storage fails under a guest, which KubeVirt pauses; the storage comes back.',
    subjects: castVm(WEB),
    *play(stage) {
      yield stage.patchVmi(stage.vm, 'PausedIOError', (vmi, nowMs) => pauseVmi(vmi, 'PausedIOError', nowMs));
      yield stage.patchVm(stage.vm, 'VmPausedIOError', (vm, nowMs) => pauseVm(vm, 'PausedIOError', nowMs, 'Paused'));
      yield* stage.pause(5);
      yield stage.patchVmi(stage.vm, 'Resumed', resumeVmi);
      yield stage.patchVm(stage.vm, 'VmResumed', (vm) => resumeVm(vm, 'Running'));
    },
  },
  'restart-elsewhere': {
    summary: 'A VM is restarted and starts on another host: the same name, another run.',
    subjects: castMove(),
    *play(stage) {
      const [, host] = stage.subjects.hosts;
      yield* stage.through(stage.cluster.restart(stage.vm, { host }));
    },
  },
  'stop-start': {
    summary: 'A VM is stopped, stays off for a while, and is started.',
    subjects: castVm(WEB),
    *play(stage) {
      yield* stage.through(stage.cluster.stop(stage.vm));
      yield* stage.pause(4);
      yield* stage.through(stage.cluster.start(stage.vm));
    },
  },
  delete: {
    summary: 'A VM is deleted and gone.',
    subjects: (cluster) => ({ vms: [{ namespace: DELETED.namespace, name: DELETED.name }], hosts: [hostOf(cluster, DELETED)] }),
    *play(stage) {
      yield* stage.through(stage.cluster.deleteVm(stage.vm));
    },
    *restore(stage) {
      yield* stage.through(stage.cluster.createVm(DELETED));
    },
  },
  'vmi-without-vm': {
    summary: 'An instance that no VM owns is created, moves, and is deleted.',
    subjects: castVm(BARE),
    *play(stage) {
      const { cluster, vm } = stage;
      yield* stage.through(cluster.createInstance({ ...vm, memoryGiB: 2 }));
      yield* stage.pause(2);
      yield* stage.through(cluster.migrate({ ...vm, to: targetOf(cluster, vm) }));
      yield* stage.through(cluster.deleteInstance(vm));
    },
  },
} as const satisfies Record<string, ScenarioParts>;
