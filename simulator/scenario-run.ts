/** One performance of a scenario on a cluster: step by step, to its end, or on the clock; and the way back to the beginning. */

import type { Timer } from './clock.ts';
import { createPlayable } from './engine.ts';
import { SCENARIOS, type ScenarioName } from './scenarios/registry.ts';
import { createStage, type Subjects, type Updates } from './stage.ts';
import { isSince } from './traits.ts';
import type { Cluster, ClusterOptions, Playable, StepReport } from './types.ts';

/** As a Move: done as soon as there is nothing left to make visible. */
export interface ScenarioPart extends Playable {
  /** How long it has taken so far, as it plays on the clock at speed 1; of a way back, with its story. */
  readonly elapsedMs: number;
  /** All that is left; waiting costs nothing here. Throws where it would wait for ever. */
  finish(): readonly StepReport[];
  /** On the cluster's clock, at its speed. `ended` also when it broke, with the error. */
  play(stepMs?: number, ended?: (error: unknown) => void): Timer;
}

export interface ScenarioRun extends ScenarioPart {
  readonly name: ScenarioName;
  readonly subjects: Subjects;
  /** After the story: back to a state in which it can be played again. */
  restore(): ScenarioPart;
}

/** After an update; of moves that are under way at the same time each makes one in that time, as in a cluster. */
export const STEP_MS = 400;
/** After a turn without an update: time is to pass, so that what there is can be read. */
const WAIT_STEPS_COUNT = 2.5;
/** No scenario lets more time pass than this at a stretch. */
const PATIENCE_TURNS = 1000;

/** How long the turn that was made last takes at speed 1. */
function paceOf(cluster: Cluster, report: StepReport | null, stepMs = STEP_MS): number {
  if (report === null) return stepMs * WAIT_STEPS_COUNT;
  const underWay = [...cluster.moves, ...cluster.changes].filter(({ waitingFor }) => waitingFor === null);
  return stepMs / Math.max(1, underWay.length);
}

/**
 * The options of a cluster on which a scenario can be played, for as long as one likes; what the scenario needs wins over `options`.
 * Only render-gpu-1 cannot move, so whatever was emptied before, there is a host with guests of which every one can (castHost).
 */
export const clusterOptionsFor = (name: ScenarioName, options: ClusterOptions = {}): ClusterOptions => ({
  hosts: 3,
  vms: 12,
  seed: 1,
  deviceShare: 0,
  ...options,
  ...SCENARIOS[name].cluster,
});

function createPart(cluster: Cluster, what: string, updates: Updates, time: { elapsedMs: number }): ScenarioPart {
  const all = createPlayable(updates);
  const step = (): StepReport | null => {
    if (all.done) return null;
    const report = all.step();
    time.elapsedMs += paceOf(cluster, report);
    return report;
  };
  const part: ScenarioPart = {
    get elapsedMs() {
      return time.elapsedMs;
    },
    get done() {
      return all.done;
    },
    step,
    finish() {
      const reports: StepReport[] = [];
      for (let waited = 0; !all.done; ) {
        const report = step();
        if (report !== null) reports.push(report);
        waited = report === null ? waited + 1 : 0;
        if (waited > PATIENCE_TURNS)
          throw new Error(`the scenario ${what} waits for ever after ${reports.at(-1)?.name ?? 'its beginning'}`);
      }
      return reports;
    },
    play(stepMs = STEP_MS, ended = () => undefined) {
      let timer: Timer;
      const next = (delayMs: number): void => {
        timer = cluster.clock.setTimer(() => {
          let pauseMs: number;
          try {
            pauseMs = paceOf(cluster, step(), stepMs);
          } catch (error) {
            return ended(error);
          }
          if (all.done) ended(null);
          else next(pauseMs);
        }, delayMs / cluster.speed);
      };
      next(stepMs);
      return { cancel: () => timer.cancel() };
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
  const time = { elapsedMs: 0 };
  const subjects = scenario.subjects(cluster);
  const stage = createStage(cluster, subjects, () => time.elapsedMs);
  const story = createPart(cluster, name, scenario.play(stage), time);
  return {
    name,
    subjects,
    get elapsedMs() {
      return story.elapsedMs;
    },
    get done() {
      return story.done;
    },
    step: story.step,
    finish: story.finish,
    play: story.play,
    restore: () => createPart(cluster, `${name}, the way back,`, scenario.restore?.(stage) ?? nothing(), time),
  };
}

function* nothing(): Updates {}
