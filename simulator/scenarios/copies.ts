/** Migrations whose copy takes its time: what virt-handler measures meanwhile is in handler-measurements.ts. */
import { castMove } from './casting.ts';
import type { ScenarioParts } from './scenario.ts';

/** A turn in which nothing happens takes a second. */
const LONG_COPY_TURNS = 45;
/** KubeVirt's progressTimeout. */
const STUCK_TURNS = 150;

export const COPIES = {
  'copy-long': {
    summary: 'A guest with much memory moves: the copy takes most of a minute, and its progress can be seen.',
    subjects: castMove(),
    *play(stage) {
      const move = stage.cluster.migrate({ ...stage.vm, copyMs: LONG_COPY_TURNS * 1_000 });
      yield* stage.until(move, 'TargetDomainDetected');
      yield* stage.pause(LONG_COPY_TURNS);
      yield* stage.through(move);
    },
  },
  'copy-stuck': {
    summary: 'A guest changes its memory as fast as it is copied: after 150 s without progress KubeVirt gives the migration up.',
    subjects: castMove(),
    *play(stage) {
      const move = stage.cluster.migrate({
        ...stage.vm,
        busy: true,
        copyMs: LONG_COPY_TURNS * 1_000,
        outcome: 'failed',
        failureReason: `Live migration stuck for ${STUCK_TURNS} seconds and has been aborted`,
      });
      yield* stage.until(move, 'TargetDomainDetected');
      yield* stage.pause(STUCK_TURNS);
      yield* stage.through(move);
    },
  },
} as const satisfies Record<string, ScenarioParts>;
