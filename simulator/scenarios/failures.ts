/** Migrations that fail, each at its own point. */
import { removeVmimCondition, setVmimCondition } from '../migration-changes.ts';
import { formatUnschedulable, readLoads } from '../placement.ts';
import { vmimOf } from '../stage.ts';
import { condition } from '../vm-objects.ts';
import { castMove, hostOf, WEB } from './casting.ts';
import { setMode } from './modes.ts';
import type { ScenarioParts } from './scenario.ts';

const QUOTA = 'migrationRejectedByResourceQuota';
/** The wording of KubeVirt, which has nothing to do with the cause (kubevirt#18946). */
const SAME_HOST_REASON = 'Live migration failed: the target node did not become ready in time, the migration proxy could not be reached';

export const FAILURES = {
  'fail-before-handoff': {
    summary: 'A migration fails before the hand-off: only the migration object ever says so (kubevirt#5503).',
    subjects: castMove(),
    *play(stage) {
      yield* stage.through(stage.cluster.migrate({ ...stage.vm, outcome: 'failed-before-handoff' }));
    },
  },
  'fail-unschedulable': {
    summary: 'No host takes the target pod; after a while virt-controller deletes it and the migration fails.',
    subjects: castMove(),
    *play(stage) {
      const { cluster } = stage;
      const [except, to = ''] = stage.subjects.hosts;
      const loads = readLoads(cluster);
      const schedulerMessage = formatUnschedulable(loads, { except, requested: to });
      const move = cluster.migrate({ ...stage.vm, to, outcome: 'unschedulable', schedulerMessage });
      yield* stage.until(move, 'PodUnschedulable');
      yield* stage.pause(4);
      yield* stage.through(move);
    },
  },
  'fail-quota': {
    summary: 'A resource quota keeps the target pod out; the quota is raised, and the VM moves after all.',
    subjects: castMove(),
    *play(stage) {
      let isExceeded = true;
      const move = stage.cluster.migrate({ ...stage.vm, hold: () => (isExceeded ? 'the resource quota is exceeded' : null) });
      yield* stage.until(move, 'Pending');
      yield stage.patchVmim(vmimOf(move), 'QuotaExceeded', (vmim, nowMs) => setVmimCondition(vmim, condition(QUOTA, 'True', nowMs)));
      yield* stage.wait(move, 4);
      isExceeded = false;
      yield* stage.until(move, 'Scheduling');
      yield stage.patchVmim(vmimOf(move), 'QuotaRaised', (vmim) => removeVmimCondition(vmim, QUOTA));
      yield* stage.through(move);
    },
  },
  'fail-transfer': {
    summary: 'The copy of the memory breaks off; the VM stays, and the VMI says why.',
    subjects: castMove(),
    *play(stage) {
      yield* stage.through(stage.cluster.migrate({ ...stage.vm, outcome: 'failed' }));
    },
  },
  'fail-target-pod': {
    summary: 'The target pod is lost after the hand-off, before the copy has begun.',
    subjects: castMove(),
    *play(stage) {
      yield* stage.through(stage.cluster.migrate({ ...stage.vm, outcome: 'target-pod-down' }));
    },
  },
  'failed-without-completed': {
    summary: 'A migration fails and is never marked completed, as KubeVirt 1.6 to 1.8 do it.',
    subjects: castMove(),
    *play(stage) {
      yield* stage.through(stage.cluster.migrate({ ...stage.vm, outcome: 'failed', completesFailed: false }));
    },
  },
  'same-host': {
    summary: 'The target pod lands on the source itself: nothing moves, and the migration fails with a misleading reason (kubevirt#18946).',
    subjects: (cluster) => ({ vms: [WEB], hosts: [hostOf(cluster, WEB), hostOf(cluster, WEB)] }),
    *play(stage) {
      const move = stage.cluster.migrate({
        ...stage.vm,
        to: stage.host,
        placed: true,
        cause: 'virtctl',
        outcome: 'failed',
        failAfter: 'PreparingTarget',
        failureReason: SAME_HOST_REASON,
      });
      yield* stage.until(move, 'PreparingTarget');
      yield* stage.pause(5);
      yield* stage.through(move);
    },
  },
  'post-copy-lost': {
    summary: 'Post-copy breaks off, and the guest is lost with it; the VM controller starts it again.',
    subjects: castMove(),
    *play(stage) {
      const move = stage.cluster.migrate({ ...stage.vm, outcome: 'lost' });
      yield* stage.until(move, 'TargetDomainDetected');
      yield stage.patchVmi(stage.vm, 'PostCopy', (vmi) => setMode(vmi, 'PostCopy'));
      yield* stage.through(move);
      yield* stage.through(stage.cluster.rerun(stage.vm));
    },
  },
} as const satisfies Record<string, ScenarioParts>;
