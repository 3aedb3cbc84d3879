/** VMs that move, and get there. */
import { removeFinalizer, setPhase } from '../migration-changes.ts';
import { vmimOf } from '../stage.ts';
import type { Cluster } from '../types.ts';
import { castMove, hostOf, OTHER_WEB, targetOf, thirdHostOf, WEB } from './casting.ts';
import type { ScenarioParts } from './scenario.ts';
import { planVmim } from './vmims.ts';

const castElsewhere = (cluster: Cluster) => {
  const landed = targetOf(cluster, WEB);
  return { vms: [WEB], hosts: [hostOf(cluster, WEB), landed, thirdHostOf(cluster, WEB, landed)] };
};

/** One more than KubeVirt keeps of a VMI. */
const MOVES_UNTIL_COLLECTED = 6;

export const MOVES = {
  move: {
    summary: 'A VM moves to the host that the scheduler chooses.',
    subjects: castMove(),
    *play(stage) {
      yield* stage.through(stage.cluster.migrate(stage.vm));
    },
  },
  'move-to-host': {
    summary: 'Somebody chooses the host in Harvester, and the VM moves there.',
    subjects: castMove(),
    *play(stage) {
      const [, to = ''] = stage.subjects.hosts;
      yield* stage.through(stage.cluster.migrate({ ...stage.vm, to }));
    },
  },
  'move-elsewhere': {
    summary: 'One host is asked for, and the VM lands on another (harvester#4352).',
    subjects: castElsewhere,
    *play(stage) {
      const [, to = '', requested = ''] = stage.subjects.hosts;
      yield* stage.through(stage.cluster.migrate({ ...stage.vm, to, requested, placed: true }));
    },
  },
  'same-names': {
    summary: 'Two VMs of one name in two namespaces move at the same time, in opposite directions.',
    subjects: (cluster) => ({ vms: [WEB, OTHER_WEB], hosts: [hostOf(cluster, WEB), hostOf(cluster, OTHER_WEB)] }),
    *play(stage) {
      const { cluster } = stage;
      if (hostOf(cluster, WEB) === hostOf(cluster, OTHER_WEB)) yield* stage.through(cluster.migrate(OTHER_WEB));
      const [here, there] = [hostOf(cluster, WEB), hostOf(cluster, OTHER_WEB)];
      yield* stage.together([cluster.migrate({ ...WEB, to: there }), cluster.migrate({ ...OTHER_WEB, to: here })]);
    },
  },
  'second-refused': {
    summary: 'While a VM moves, a second migration of it fails at once; the first one arrives.',
    subjects: castMove(),
    *play(stage) {
      const move = stage.cluster.migrate(stage.vm);
      yield* stage.until(move, 'VmMigrating');
      const second = planVmim(stage, stage.vm, 'kubevirt-migrate-vm-');
      const ref = { ...stage.vm, name: second.metadata.name };
      yield stage.create('virtualmachineinstancemigrations', 'SecondCreated', second);
      yield stage.patchVmim(ref, 'SecondFailed', (vmim, nowMs) => setPhase(vmim, 'Failed', nowMs));
      yield stage.patchVmim(ref, 'SecondReleased', removeFinalizer);
      yield* stage.through(move);
    },
  },
  collected: {
    summary: 'A VM moves six times: KubeVirt keeps five finished migrations, so the oldest is deleted.',
    subjects: castMove(),
    *play(stage) {
      for (let count = 0; count < MOVES_UNTIL_COLLECTED; count += 1) yield* stage.through(stage.cluster.migrate(stage.vm));
    },
  },
  'vmim-removed': {
    summary: 'The migration object is taken away by force while the VM moves; the move ends on the VMI alone.',
    subjects: castMove(),
    *play(stage) {
      const move = stage.cluster.migrate(stage.vm);
      yield* stage.until(move, 'VmMigrating');
      yield stage.patchVmim(vmimOf(move), 'FinalizerTaken', removeFinalizer);
      yield stage.remove('virtualmachineinstancemigrations', vmimOf(move), 'VmimRemoved');
      yield* stage.through(move);
    },
  },
} as const satisfies Record<string, ScenarioParts>;
