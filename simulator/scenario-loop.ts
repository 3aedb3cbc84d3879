/** Plays one scenario on a cluster's clock again and again: the story, the way back, a rest. */
import type { Timer } from './clock.ts';
import { createScenario, STEP_MS } from './scenario-run.ts';
import type { ScenarioName } from './scenarios/registry.ts';
import type { Cluster } from './types.ts';

export interface ScenarioLoopOptions {
  /** Is told when the story begins and ends. */
  readonly log?: (line: string) => void;
  readonly firstMs?: number;
  readonly stepMs?: number;
  readonly restMs?: number;
  /** Kubelets and virt-handlers report; not scaled by speed. */
  readonly beatEveryMs?: number;
}

const DEFAULTS = { firstMs: 3000, stepMs: STEP_MS, restMs: 8000, beatEveryMs: 60_000 } as const;

/** Throws at once where the scenario cannot be played on this cluster. */
export function startScenarioLoop(cluster: Cluster, name: ScenarioName, options: ScenarioLoopOptions = {}): { stop(): void } {
  const { log = () => undefined, ...settings } = { ...DEFAULTS, ...options };
  const { clock, speed } = cluster;
  const timers = new Set<Timer>();
  let stopped = false;
  let run = createScenario(cluster, name);

  const after = (ms: number, callback: () => void): void => {
    if (stopped) return;
    const timer = clock.setTimer(() => {
      timers.delete(timer);
      callback();
    }, ms);
    timers.add(timer);
  };
  const fail = (error: unknown): void => log(`scenario ${name} broke off: ${error instanceof Error ? error.message : String(error)}`);

  const rewind = (): void => {
    log(`scenario ${name} ends`);
    run.restore().play(settings.stepMs, (error) => {
      if (error !== null) return fail(error);
      after(settings.restMs / speed, () => {
        run = createScenario(cluster, name);
        begin();
      });
    });
  };
  const begin = (): void => {
    if (stopped) return;
    log(`scenario ${name} begins`);
    run.play(settings.stepMs, (error) => (error === null ? after(0, rewind) : fail(error)));
  };
  const beat = (): void => {
    cluster.beat();
    after(settings.beatEveryMs, beat);
  };

  after(settings.firstMs / speed, begin);
  after(settings.beatEveryMs, beat);
  return {
    stop() {
      stopped = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
