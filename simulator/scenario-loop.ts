/** Plays one scenario on a cluster's clock again and again: the story, the way back, a rest. Whatever breaks, it goes on. */
import type { Timer } from './clock.ts';
import { createScenario, type ScenarioRun, STEP_MS } from './scenario-run.ts';
import type { ScenarioName } from './scenarios/registry.ts';
import type { Cluster } from './types.ts';

export interface ScenarioLoopOptions {
  /** Is told when the story begins and ends, and once what broke it off. */
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
  /** What was said since the last round that went well: it is said once. */
  const complaints = new Set<string>();
  let playing: Timer | null = null;
  let stopped = false;

  const after = (ms: number, callback: () => void): void => {
    if (stopped) return;
    const timer = clock.setTimer(() => {
      timers.delete(timer);
      callback();
    }, ms);
    timers.add(timer);
  };
  const complain = (error: unknown): void => {
    const line = `scenario ${name} broke off: ${error instanceof Error ? error.message : String(error)}`;
    if (!complaints.has(line)) log(`${line}; it is tried again`);
    complaints.add(line);
  };
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      complain(error);
      rest();
    }
  };

  const rest = (): void => after(settings.restMs / speed, () => attempt(() => begin(createScenario(cluster, name))));
  /** Half a story leaves nothing that nobody carries on. */
  const settle = (): void => {
    for (const move of cluster.moves) {
      move.abort();
      move.play();
    }
    for (const change of cluster.changes) change.waitingFor === null ? change.play() : change.cancel();
  };
  const rewind = (run: ScenarioRun, went: boolean): void => {
    if (went) log(`scenario ${name} ends`);
    else settle();
    playing = run.restore().play(settings.stepMs, (error) => {
      if (error !== null) complain(error);
      else if (went) complaints.clear();
      if (error !== null) settle();
      rest();
    });
  };
  const begin = (run: ScenarioRun): void => {
    if (stopped) return;
    log(`scenario ${name} begins`);
    playing = run.play(settings.stepMs, (error) => {
      if (error !== null) complain(error);
      after(0, () => attempt(() => rewind(run, error === null)));
    });
  };
  const beat = (): void => {
    try {
      cluster.beat();
    } catch (error) {
      complain(error);
    }
    after(settings.beatEveryMs, beat);
  };

  const first = createScenario(cluster, name);
  after(settings.firstMs / speed, () => begin(first));
  after(settings.beatEveryMs, beat);
  return {
    stop() {
      stopped = true;
      playing?.cancel();
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
