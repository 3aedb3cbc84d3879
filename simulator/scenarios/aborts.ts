/** Migrations that somebody aborts: their VMIM is deleted, and at the end of it there is none. */
import type { MigrationStepName } from '../migration-timeline.ts';
import type { Stage, Updates } from '../stage.ts';
import type { Cluster } from '../types.ts';
import { castMove, hostOf, movableOn, WEB } from './casting.ts';
import type { ScenarioParts } from './scenario.ts';

function* abortAfter(stage: Stage, name: MigrationStepName): Updates {
  const move = stage.cluster.migrate(stage.vm);
  yield* stage.until(move, name);
  move.abort();
  yield* stage.through(move);
}

/** The VM that waits, and another guest of its host that has the only slot. */
const castQueue = (cluster: Cluster) => {
  const host = hostOf(cluster, WEB);
  const other = movableOn(cluster, host).find(({ namespace, name }) => namespace !== WEB.namespace || name !== WEB.name);
  return { vms: other === undefined ? [WEB] : [WEB, other], hosts: [host] };
};

export const ABORTS = {
  'abort-queued': {
    summary: 'A migration waits for a slot of its host, and is aborted before it has begun.',
    cluster: { parallelOutboundMigrationsPerNode: 1 },
    subjects: castQueue,
    *play(stage) {
      const [vm = WEB, other] = stage.subjects.vms;
      const first = other === undefined ? null : stage.cluster.migrate(other);
      if (first !== null) yield* stage.until(first, 'VmMigrating');
      const queued = stage.cluster.migrate(vm);
      yield* stage.until(queued, 'Pending');
      yield* stage.wait(queued, 3);
      queued.abort();
      yield* stage.through(queued);
      if (first !== null) yield* stage.through(first);
    },
    *restore(stage) {
      const [, other] = stage.subjects.vms;
      if (other !== undefined) yield* stage.through(stage.cluster.migrate({ ...other, to: stage.host }));
    },
  },
  'abort-scheduling': {
    summary: 'A migration is aborted while its target pod is being placed.',
    subjects: castMove(),
    play: (stage) => abortAfter(stage, 'TargetPodScheduled'),
  },
  'abort-preparing': {
    summary: 'A migration is aborted after the hand-off, before the copy has begun.',
    subjects: castMove(),
    play: (stage) => abortAfter(stage, 'PreparingTarget'),
  },
  'abort-transferring': {
    summary: 'A migration is aborted in the middle of the copy.',
    subjects: castMove(),
    play: (stage) => abortAfter(stage, 'VmMigrating'),
  },
  'abort-too-late': {
    summary: 'An abort loses the race: the VM arrives, and the migration object disappears all the same.',
    subjects: castMove(),
    *play(stage) {
      yield* stage.through(stage.cluster.migrate({ ...stage.vm, outcome: 'abort-lost', abortAfter: 'TargetDomainDetected' }));
    },
  },
} as const satisfies Record<string, ScenarioParts>;
