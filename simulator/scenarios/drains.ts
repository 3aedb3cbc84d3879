/** Hosts that everybody is to leave, for whatever reason and with whatever success. */
import { cordonNode, DRAIN_TAINT, taintNode, uncordonNode, untaintNode } from '../host-objects.ts';
import { annotateVmi, EVICTION_SOURCE, labelVmi, markEviction } from '../migration-changes.ts';
import { formatTime, type VirtualMachine as Vm } from '../objects.ts';
import type { Stage, Updates } from '../stage.ts';
import type { VmRef } from '../types.ts';
import { MAINTAIN_STRATEGY, SHUTDOWN_AND_RESTART } from '../vm-objects.ts';
import { castGpuHost, castHost, castMove, guestsOf, hostOf } from './casting.ts';
import { callOff, leaveMaintenance } from './maintenance.ts';
import type { ScenarioParts } from './scenario.ts';

/** From the third on it is called a loop. */
const SHOWN_FAILURES_COUNT = 3;
/** KubeVirt's, doubled after each further failure (domain.md 3.5). */
const FIRST_BACKOFF_MS = 20_000;

const isSame = (a: VmRef, b: VmRef): boolean => a.namespace === b.namespace && a.name === b.name;

/** What Harvester and KubeVirt do with a VM of a host that goes into maintenance. */
function* setStrategy(stage: Stage, vm: VmRef, strategy: string, evictionStrategy: string): Updates {
  const labelVm = (current: Vm): Vm => {
    const { template } = current.spec;
    const labels = { ...template.metadata.labels, [MAINTAIN_STRATEGY]: strategy };
    return {
      ...current,
      metadata: { ...current.metadata, labels: { ...current.metadata.labels, [MAINTAIN_STRATEGY]: strategy } },
      spec: {
        ...current.spec,
        template: { metadata: { ...template.metadata, labels }, spec: { ...template.spec, evictionStrategy } },
      },
    };
  };
  yield stage.patchVm(vm, 'StrategyChanged', labelVm);
  yield stage.patchVmi(vm, 'InstanceStrategyChanged', (vmi) => {
    const labelled = labelVmi(vmi, MAINTAIN_STRATEGY, strategy);
    return { ...labelled, spec: { ...labelled.spec, evictionStrategy } };
  });
}

export const DRAINS = {
  drain: {
    summary: 'A host with many guests goes into maintenance: all of them leave, two at a time.',
    cluster: { vms: 24 },
    subjects: castHost,
    play: (stage) => stage.through(stage.cluster.drain(stage.host)),
    restore: leaveMaintenance,
  },
  'drain-stuck': {
    summary: 'Maintenance is forced though one VM can neither move nor be shut down: all others leave, and the host never gets there.',
    subjects: castGpuHost,
    *play(stage) {
      yield* setStrategy(stage, stage.vm, 'Migrate', 'LiveMigrate');
      const drain = stage.cluster.drain(stage.host, { force: true });
      while (drain.state === 'entering' || drain.moves.length > 0 || guestsOf(stage.cluster, stage.host).length > 1) yield drain.step();
      for (let turn = 0; turn < 6; turn += 1) yield drain.step();
    },
    *restore(stage) {
      yield* leaveMaintenance(stage);
      yield* setStrategy(stage, stage.vm, SHUTDOWN_AND_RESTART, 'LiveMigrateIfPossible');
    },
  },
  'drain-shutdown': {
    summary: 'A VM that cannot move is shut down for the maintenance of its host, and started again after it.',
    subjects: castGpuHost,
    play: (stage) => stage.through(stage.cluster.drain(stage.host)),
    restore: leaveMaintenance,
  },
  'drain-loop': {
    summary:
      'The evacuation of a VM fails again and again; KubeVirt waits 20 s, 40 s, then 80 s before the next try, so the host is never empty.',
    subjects: castHost,
    *play(stage) {
      const { cluster, vm, host } = stage;
      let failures = -1;
      let heldUntil = 0;
      const drain = cluster.drain(host, {
        outcomeOf: (guest) => {
          if (!isSame(guest, vm)) return 'succeeded';
          failures += 1;
          heldUntil = failures === 0 ? 0 : stage.elapsedMs + FIRST_BACKOFF_MS * 2 ** (failures - 1);
          return 'failed';
        },
        holdOf: (guest) =>
          isSame(guest, vm) && stage.elapsedMs < heldUntil ? 'virt-controller backs off after a failed evacuation' : null,
      });
      const isLeft = (): boolean => failures >= SHOWN_FAILURES_COUNT && cluster.moveOf(vm)?.at === 'Pending';
      while (!isLeft() || guestsOf(cluster, host).length > 1) yield drain.step();
      for (let turn = 0; turn < 6; turn += 1) yield drain.step();
    },
    *restore(stage) {
      stage.cluster.moveOf(stage.vm)?.abort();
      yield* stage.together(stage.cluster.moves);
      yield* callOff(stage);
    },
  },
  'kubectl-drain': {
    summary: 'A host is drained with kubectl: cordoned, its guests evicted, and nothing of Harvester’s about it.',
    subjects: castHost,
    *play(stage) {
      yield stage.patchNode(stage.host, 'Cordoned', cordonNode);
      yield* stage.through(stage.cluster.evacuate(stage.host));
    },
    *restore(stage) {
      yield stage.patchNode(stage.host, 'Uncordoned', uncordonNode);
    },
  },
  'drain-taint': {
    summary: 'KubeVirt’s drain taint alone empties a host.',
    subjects: castHost,
    *play(stage) {
      yield stage.patchNode(stage.host, 'DrainTainted', (node, nowMs) =>
        taintNode(node, { key: DRAIN_TAINT, effect: 'NoSchedule', timeAdded: formatTime(nowMs) }),
      );
      yield* stage.through(stage.cluster.evacuate(stage.host, { evicts: false }));
    },
    *restore(stage) {
      yield stage.patchNode(stage.host, 'DrainUntainted', (node) => untaintNode(node, DRAIN_TAINT));
    },
  },
  'drain-abandoned': {
    summary: 'Maintenance is called off in the middle: who is on the way arrives, the others stay.',
    cluster: { vms: 24 },
    subjects: castHost,
    *play(stage) {
      const { cluster, host } = stage;
      const drain = cluster.drain(host);
      while (!drain.moves.some(({ remaining }) => !remaining.includes('VmMigrating'))) yield drain.step();
      yield* callOff(stage);
      yield* stage.together(drain.moves);
    },
  },
  rebalance: {
    summary: 'The descheduler evicts a VM from a crowded host, and KubeVirt moves it instead.',
    subjects: castMove(),
    *play(stage) {
      const { cluster, vm, traits } = stage;
      const host = hostOf(cluster, vm);
      yield stage.patchVmi(vm, 'EvictionMarked', (vmi, nowMs) =>
        annotateVmi(markEviction(vmi, host, traits, nowMs), { [EVICTION_SOURCE]: 'descheduler' }),
      );
      yield* stage.through(cluster.migrate({ ...vm, cause: 'descheduler' }));
    },
  },
} as const satisfies Record<string, ScenarioParts>;
