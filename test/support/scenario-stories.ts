/** What is to be displayed while each scenario plays: test/fixtures/scenarios, a file for each scenario and KubeVirt. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../local/paths.ts';
import { createVirtualClock, type VirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { clusterOptionsFor, createScenario, type ScenarioRun } from '../../simulator/scenario-run.ts';
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from '../../simulator/scenarios/registry.ts';
import { isSince, type KubeVirtVersion } from '../../simulator/traits.ts';
import type { Cluster } from '../../simulator/types.ts';
import { ScenarioOracle } from './scenario-oracle.ts';

/** An old and a new generation of KubeVirt's migrations. */
const VERSIONS = ['1.5', '1.9'] as const satisfies readonly KubeVirtVersion[];

export interface StoryCase {
  readonly name: ScenarioName;
  readonly kubevirt: KubeVirtVersion;
}

export const STORY_CASES: readonly StoryCase[] = SCENARIO_NAMES.flatMap((name) =>
  VERSIONS.filter((kubevirt) => isSince(kubevirt, SCENARIOS[name].since ?? '1.2')).map((kubevirt) => ({ name, kubevirt })),
);

export interface StagedStory {
  readonly cluster: Cluster;
  readonly run: ScenarioRun;
  /** The next update, seconds after the one before: Kubernetes' times are whole seconds. */
  step(): void;
}

export function stageStory({ name, kubevirt }: StoryCase): StagedStory {
  const clock: VirtualClock = createVirtualClock();
  const cluster = createCluster({ ...clusterOptionsFor(name, { kubevirt, clock, runId: 'story' }), historyCount: 100_000 });
  const run = createScenario(cluster, name);
  return {
    cluster,
    run,
    step: () => {
      clock.advance(1_000);
      run.step();
    },
  };
}

/** What is displayed while it plays, by the derivation and the room's memory alone. */
export function tellStory(story: StoryCase): string {
  const { cluster, run, step } = stageStory(story);
  const oracle = new ScenarioOracle(cluster);
  while (!run.done) {
    step();
    oracle.catchUp();
  }
  return oracle.log.format();
}

const fileOf = ({ name, kubevirt }: StoryCase): string => join(ROOT, 'test/fixtures/scenarios', kubevirt, `${name}.txt`);
export const readStory = (story: StoryCase): string => readFileSync(fileOf(story), 'utf8');

export function writeStory(story: StoryCase): void {
  mkdirSync(dirname(fileOf(story)), { recursive: true });
  writeFileSync(fileOf(story), tellStory(story));
}
