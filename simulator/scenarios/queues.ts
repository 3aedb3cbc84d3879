/** Migrations that wait in Pending, each for another reason. */
import { MIGRATION_CONFIGURATION, removeVmimCondition, setPods, setVmimCondition } from '../migration-changes.ts';
import { vmimOf } from '../stage.ts';
import type { Cluster, VmRef } from '../types.ts';
import { condition } from '../vm-objects.ts';
import { castHost, castMove, movableOn } from './casting.ts';
import type { ScenarioParts } from './scenario.ts';

const BLOCKED_BY_BACKUP = 'migrationBlockedByBackup';
const AT_ONCE = 7;
const PER_HOST = MIGRATION_CONFIGURATION.parallelOutboundMigrationsPerNode;

/** Seven VMs, at most two of a host, so that the limit of the cluster is the one that is met. */
function castMany(cluster: Cluster) {
  const hosts = cluster.list('nodes').map(({ metadata }) => metadata.name);
  const ranks = Array.from({ length: PER_HOST }, (_, rank) => hosts.map((host) => movableOn(cluster, host)[rank]));
  const vms = ranks.flat().filter((vm): vm is VmRef => vm !== undefined);
  return { vms: vms.slice(0, AT_ONCE), hosts };
}

export const QUEUES = {
  'queue-cluster-limit': {
    summary: 'Seven VMs are to move at once: five do, the others wait for the cluster’s limit.',
    cluster: { hosts: 7, vms: 28 },
    subjects: castMany,
    play: (stage) => stage.together(stage.subjects.vms.map((vm) => stage.cluster.migrate(vm))),
  },
  'queue-host-limit': {
    summary: 'Three VMs are to leave one host: two do, the third waits for the host’s limit.',
    cluster: { vms: 24 },
    subjects: (cluster) => {
      const { vms, hosts } = castHost(cluster);
      return { vms: vms.slice(0, PER_HOST + 1), hosts };
    },
    play: (stage) => stage.together(stage.subjects.vms.map((vm) => stage.cluster.migrate(vm))),
  },
  'queue-backup': {
    summary: 'A migration waits until the backup of its VM is complete.',
    since: '1.8',
    subjects: castMove(),
    *play(stage) {
      let isRunning = true;
      const move = stage.cluster.migrate({ ...stage.vm, hold: () => (isRunning ? 'a backup of the VM is running' : null) });
      const blocked = (nowMs: number) =>
        condition(BLOCKED_BY_BACKUP, 'True', nowMs, 'BackupInProgress', 'cannot migrate VMI while a backup is in progress');
      yield* stage.until(move, 'Pending');
      yield stage.patchVmim(vmimOf(move), 'BlockedByBackup', (vmim, nowMs) => setVmimCondition(vmim, blocked(nowMs)));
      yield* stage.wait(move, 5);
      isRunning = false;
      yield stage.patchVmim(vmimOf(move), 'BackupCompleted', (vmim) => removeVmimCondition(vmim, BLOCKED_BY_BACKUP));
      yield* stage.through(move);
    },
  },
  'stale-active-pods': {
    summary: 'The VMI still lists a pod that is long gone, so a migration waits until that is forgotten (kubevirt#12773).',
    subjects: castMove(),
    *play(stage) {
      const { cluster, vm } = stage;
      const [, elsewhere = ''] = stage.subjects.hosts;
      const stale = cluster.createUid('pod');
      yield stage.patchVmi(vm, 'PodStale', (vmi) =>
        setPods(vmi, (pods) => {
          pods[stale] = elsewhere;
        }),
      );
      const move = cluster.migrate(vm);
      yield* stage.until(move, 'Pending');
      yield* stage.wait(move, 5);
      yield stage.patchVmi(vm, 'PodForgotten', (vmi) =>
        setPods(vmi, (pods) => {
          delete pods[stale];
        }),
      );
      yield* stage.through(move);
    },
  },
} as const satisfies Record<string, ScenarioParts>;
