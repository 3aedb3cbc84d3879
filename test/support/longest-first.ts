/**
 * The order of a lane's files. Vitest begins with the largest where it has no times of an earlier run, as in CI; a small file that takes
 * long would come last, and be waited for by the other worker.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { ROOT } from '../../local/paths.ts';

/** Those that take more than their size tells, the longest first. */
const LONGEST = [
  'test/e2e/axe.test.ts',
  'test/e2e/black-hole.test.ts',
  'test/e2e/progress.test.ts',
  'test/apiserver/faults.test.ts',
  'test/apiserver/outage.test.ts',
  'test/apiserver/lease.test.ts',
  'test/apiserver/leader-kill.test.ts',
  'test/e2e/heap.test.ts',
  'test/e2e/chips.test.ts',
  'test/scenarios/sleep.test.ts',
  'test/e2e/edge-restart.test.ts',
  'test/e2e/gone.test.ts',
  'test/e2e/npm-start.test.ts',
  'test/forwarder/main.test.ts',
].map((file) => {
  const path = join(ROOT, file);
  if (!existsSync(path)) throw new Error(`${file} is said to take long, and is not there`);
  return path;
});

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = LONGEST.indexOf(moduleId);
      return rank < 0 ? LONGEST.length : rank;
    };
    // Stays within its lane: lanes run one after another.
    const lanes = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    return [...lanes.values()].flatMap((lane) => lane.toSorted((one, other) => rankOf(one) - rankOf(other)));
  }
}
