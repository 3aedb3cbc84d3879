/** One performance of a scenario on a cluster: step by step, to its end, or on the clock; and the way back to the beginning. */

import { SCENARIOS, type ScenarioName } from './scenarios/registry.ts';
import { createStage, type Subjects, type Updates } from './stage.ts';
import { isSince } from './traits.ts';
import type { Cluster, ClusterOptions, Playable, StepReport } from './types.ts';

/** As a Move: done as soon as there is nothing left to make visible. */
export interface ScenarioPart extends Playable {
  /** All that is left; waiting costs nothing here. Throws where it would wait for ever. */
  finish(): readonly StepReport[];
  /** On the cluster's clock, one update every `stepMs` (divided by the cluster's speed). `ended` also when it broke, with the error. */
  play(stepMs?: number, ended?: (error: unknown) => void): void;
}

export interface ScenarioRun extends ScenarioPart {
  readonly name: ScenarioName;
  readonly subjects: Subjects;
  /** After the story: back to a state in which it can be played again. */
  restore(): ScenarioPart;
}

export const STEP_MS = 700;
/** No scenario lets more time pass than this at a stretch. */
const PATIENCE_TURNS = 1000;

/** The options of a cluster on which a scenario can be played; what the scenario needs wins over `options`. */
export const clusterOptionsFor = (name: ScenarioName, options: ClusterOptions = {}): ClusterOptions => ({
  hosts: 3,
  vms: 12,
  seed: 1,
  ...options,
  ...SCENARIOS[name].cluster,
});

function createPart(cluster: Cluster, what: string, updates: Updates, onTurn: () => void): ScenarioPart {
  let done = false;
  const step = (): StepReport | null => {
    if (done) return null;
    onTurn();
    const result = updates.next();
    done = result.done === true;
    return result.done === true ? null : result.value;
  };
  const part: ScenarioPart = {
    get done() {
      return done;
    },
    step,
    finish() {
      const reports: StepReport[] = [];
      for (let waited = 0; !done; ) {
        const report = step();
        if (report !== null) reports.push(report);
        waited = report === null ? waited + 1 : 0;
        if (waited > PATIENCE_TURNS)
          throw new Error(`the scenario ${what} waits for ever after ${reports.at(-1)?.name ?? 'its beginning'}`);
      }
      return reports;
    },
    play(stepMs = STEP_MS, ended = () => undefined) {
      const next = (): void => {
        cluster.clock.setTimer(() => {
          try {
            step();
          } catch (error) {
            done = true;
            return ended(error);
          }
          if (done) ended(null);
          else next();
        }, stepMs / cluster.speed);
      };
      next();
    },
  };
  return part;
}

/** Throws where the cluster's KubeVirt does not have it, or where a VM that takes part is missing. */
export function createScenario(cluster: Cluster, name: ScenarioName): ScenarioRun {
  const scenario = SCENARIOS[name];
  if (scenario.since !== undefined && !isSince(cluster.kubevirt, scenario.since)) {
    throw new Error(`the scenario ${name} needs KubeVirt ${scenario.since} or newer; this cluster has ${cluster.kubevirt}`);
  }
  let turns = 0;
  const onTurn = (): void => {
    turns += 1;
  };
  const subjects = scenario.subjects(cluster);
  const stage = createStage(cluster, subjects, () => turns);
  const story = createPart(cluster, name, scenario.play(stage), onTurn);
  return {
    name,
    subjects,
    get done() {
      return story.done;
    },
    step: story.step,
    finish: story.finish,
    play: story.play,
    restore: () => createPart(cluster, `${name}, the way back,`, scenario.restore?.(stage) ?? nothing(), onTurn),
  };
}

function* nothing(): Updates {}
