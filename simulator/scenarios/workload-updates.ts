/** Migrations that nobody asked for: hot-plug, changed volumes, a new launcher. */
import { labelVmi, removeVmiCondition, setVmiCondition } from '../migration-changes.ts';
import { formatLauncherImage } from '../pod-objects.ts';
import { removeVmCondition, type Stage, setVmCondition, type Updates } from '../stage.ts';
import { SYSTEM_NAMESPACE } from '../system-objects.ts';
import { releaseOf } from '../traits.ts';
import type { MigrateInput, Move } from '../types.ts';
import { condition } from '../vm-objects.ts';
import { castMove, DATABASE, movableOn } from './casting.ts';
import { setMemory, setSockets } from './hot-plug.ts';
import type { ScenarioParts } from './scenario.ts';
import { beginVolumeChange, endVolumeChange, setDisk, VOLUME_UPDATE_LABEL } from './volume-changes.ts';

const OUTDATED_LABEL = 'kubevirt.io/outdatedLauncherImage';
const FAILED_COPIES = 4;
const UPGRADED_COUNT = 3;
const COPY_FAILED =
  "Live migration failed error encountered during MigrateToURI3 libvirt api call: virError(Code=1, Domain=10, Message='internal error: unable to execute QEMU command 'blockdev-mirror': No space left on device')";

const update = (stage: Stage, more: Partial<MigrateInput> = {}): Move =>
  stage.cluster.migrate({ ...stage.vm, cause: 'workload-update', ...more });

/** The migration of a hot-plug: Running until the target has adjusted the guest, which `adjust` shows. */
function* plug(stage: Stage, adjust: () => ReturnType<Stage['patchVmi']>): Updates {
  const move = update(stage);
  while (move.remaining[0] !== 'Succeeded') yield move.step();
  yield* stage.pause(3);
  yield adjust();
  yield* stage.through(move);
}

const copyVolumes = (stage: Stage, more: Partial<MigrateInput> = {}): Move =>
  update(stage, { labels: { [VOLUME_UPDATE_LABEL]: stage.vm.name }, ...more });

export const WORKLOAD_UPDATES = {
  'hotplug-cpu': {
    summary: 'A VM gets another CPU socket while it runs, which takes a migration.',
    subjects: castMove(),
    *play(stage) {
      const { vm } = stage;
      yield stage.patchVm(vm, 'SocketsChanged', (current) => setSockets.vm(current, 2));
      yield stage.patchVmi(vm, 'SocketsPlugged', (vmi, nowMs) =>
        setVmiCondition(setSockets.vmi(vmi, 2), condition('HotVCPUChange', 'True', nowMs)),
      );
      yield* plug(stage, () =>
        stage.patchVmi(vm, 'SocketsAdjusted', (vmi) => removeVmiCondition(setSockets.guest(vmi, 2), 'HotVCPUChange')),
      );
    },
    *restore(stage) {
      yield stage.patchVm(stage.vm, 'SocketsReset', (vm) => setSockets.vm(vm, 1));
      yield stage.patchVmi(stage.vm, 'InstanceSocketsReset', (vmi) => setSockets.guest(setSockets.vmi(vmi, 1), 1));
    },
  },
  'hotplug-memory': {
    summary: 'A VM gets more memory while it runs, which takes a migration.',
    subjects: castMove(),
    *play(stage) {
      const { vm } = stage;
      yield stage.patchVm(vm, 'MemoryChanged', (current) => setMemory.vm(current, '6Gi'));
      yield stage.patchVmi(vm, 'MemoryPlugged', (vmi, nowMs) =>
        setVmiCondition(setMemory.vmi(vmi, '6Gi'), condition('HotMemoryChange', 'True', nowMs)),
      );
      yield* plug(stage, () =>
        stage.patchVmi(vm, 'MemoryAdjusted', (vmi) => removeVmiCondition(setMemory.guest(vmi, '6Gi'), 'HotMemoryChange')),
      );
    },
    *restore(stage) {
      yield stage.patchVm(stage.vm, 'MemoryReset', (vm) => setMemory.vm(vm, '4Gi'));
      yield stage.patchVmi(stage.vm, 'InstanceMemoryReset', (vmi) => setMemory.guest(setMemory.vmi(vmi, '4Gi'), '4Gi'));
    },
  },
  'storage-migration': {
    summary: 'The disk of a VM is copied to another storage class, by a live migration.',
    since: '1.3',
    subjects: castMove(DATABASE),
    *play(stage) {
      yield* beginVolumeChange(stage);
      yield* stage.through(copyVolumes(stage));
      yield* endVolumeChange(stage);
    },
    restore: resetDisk,
  },
  'storage-loop': {
    summary: 'The copy of a disk fails and is tried again and again; the fifth attempt gets through.',
    since: '1.3',
    subjects: castMove(DATABASE),
    *play(stage) {
      yield* beginVolumeChange(stage);
      for (let attempt = 1; attempt <= FAILED_COPIES; attempt += 1) {
        yield* stage.through(copyVolumes(stage, { outcome: 'failed', failureReason: COPY_FAILED }));
        yield* stage.pause(attempt);
      }
      yield* stage.through(copyVolumes(stage));
      yield* endVolumeChange(stage);
    },
    restore: resetDisk,
  },
  'manual-recovery': {
    summary: 'The copy of a disk fails when it may already be complete: somebody has to look at the VM.',
    since: '1.3',
    subjects: castMove(DATABASE),
    *play(stage) {
      yield* beginVolumeChange(stage);
      yield* stage.through(copyVolumes(stage, { outcome: 'failed', failAfter: 'TargetDomainReady', failureReason: COPY_FAILED }));
      yield stage.patchVm(stage.vm, 'RecoveryRequired', (vm, nowMs) =>
        setVmCondition(
          vm,
          'ManualRecoveryRequired',
          'True',
          nowMs,
          'VolumeMigrationFailed',
          'the volumes may or may not have been migrated',
        ),
      );
    },
    *restore(stage) {
      yield stage.patchVm(stage.vm, 'Recovered', (vm) => removeVmCondition(vm, 'ManualRecoveryRequired'));
      yield* endVolumeChange(stage);
      yield* resetDisk(stage);
    },
  },
  'kubevirt-upgrade': {
    summary: 'KubeVirt was updated: guests with an old launcher move so that they get the new one.',
    subjects: (cluster) => {
      const hosts = cluster.list('nodes').map(({ metadata }) => metadata.name);
      return { vms: hosts.flatMap((host) => movableOn(cluster, host)).slice(0, UPGRADED_COUNT), hosts };
    },
    *play(stage) {
      const { cluster, subjects } = stage;
      const kubevirt = { namespace: SYSTEM_NAMESPACE, name: 'kubevirt' };
      const image = formatLauncherImage(releaseOf(cluster.kubevirt));
      yield stage.patch('kubevirts', kubevirt, 'KubeVirtDeploying', (kv) => ({
        ...kv,
        status: { ...kv.status, phase: 'Deploying' as const },
      }));
      for (const vm of subjects.vms) {
        yield stage.patchVmi(vm, 'LauncherOutdated', (vmi) => {
          const outdated = labelVmi(vmi, OUTDATED_LABEL, '');
          return { ...outdated, status: { ...outdated.status, launcherContainerImageVersion: `${image}-old` } };
        });
      }
      const moves = subjects.vms.map((vm) => cluster.migrate({ ...vm, cause: 'workload-update', priority: 'system-critical' }));
      yield* stage.together(moves);
      for (const vm of subjects.vms) {
        yield stage.patchVmi(vm, 'LauncherUpdated', (vmi) => {
          const updated = labelVmi(vmi, OUTDATED_LABEL, undefined);
          return { ...updated, status: { ...updated.status, launcherContainerImageVersion: image } };
        });
      }
      yield stage.patch('kubevirts', kubevirt, 'KubeVirtDeployed', (kv) => ({
        ...kv,
        status: { ...kv.status, phase: 'Deployed' as const },
      }));
    },
  },
} as const satisfies Record<string, ScenarioParts>;

function* resetDisk(stage: Stage): Updates {
  yield stage.patchVm(stage.vm, 'DiskReset', (vm) => setDisk.vm(vm, `${vm.metadata.name}-disk-0`));
  yield stage.patchVmi(stage.vm, 'InstanceDiskReset', (vmi) => setDisk.vmi(vmi, `${vmi.metadata.name}-disk-0`));
}
