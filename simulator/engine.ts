/**
 * What moves, changes and drains share: the store, the clock, and KubeVirt's limits. One per cluster; made in cluster.ts.
 * Also the two ways to get through a list of steps: one at a time, or spread over a while on the clock.
 */
import type { Clock } from './clock.ts';
import type { ObjectStore } from './object-store.ts';
import type { Random } from './random.ts';
import { applyStep, type Step, type StepContext } from './steps.ts';
import type { KubeVirtVersion, Traits } from './traits.ts';
import type { Change, Move, Playable, StepReport, Updates, VmRef } from './types.ts';

export interface Engine {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly speed: number;
  readonly kubevirt: KubeVirtVersion;
  readonly traits: Traits;
  readonly parallelMigrationsPerCluster: number;
  readonly parallelOutboundMigrationsPerNode: number;
  /** Moves that are not over, by `namespace/name` of the VM. */
  readonly moves: Map<string, Move & { readonly holdsSlot: boolean }>;
  /** Changes of power that are not over, by `namespace/name` of the VM. */
  readonly changes: Map<string, Change>;
  /** A uid that no run before this one has used. */
  createUid(what: string): string;
}

export const formatVm = ({ namespace, name }: VmRef): string => `${namespace}/${name}`;

export function readContext(engine: Engine, vm: VmRef, vmimName: string | null, host: string | null = null): StepContext {
  const { store } = engine;
  return {
    nowMs: engine.clock.now(),
    vm: store.get('virtualmachines', vm.namespace, vm.name),
    vmi: store.get('virtualmachineinstances', vm.namespace, vm.name),
    vmim: vmimName === null ? undefined : store.get('virtualmachineinstancemigrations', vm.namespace, vmimName),
    host,
  };
}

/** Which of KubeVirt's limits would be broken by one more migration away from a host; null when there is a slot. */
export function findLimit(engine: Engine, from: string): string | null {
  let inCluster = 0;
  let outbound = 0;
  for (const move of engine.moves.values()) {
    if (!move.holdsSlot) continue;
    inCluster += 1;
    if (move.from === from) outbound += 1;
  }
  const { parallelMigrationsPerCluster: perCluster, parallelOutboundMigrationsPerNode: perNode } = engine;
  if (inCluster >= perCluster) return `${inCluster} of ${perCluster} migrations of the cluster are running`;
  if (outbound >= perNode) return `${outbound} of ${perNode} outbound migrations of ${from} are running`;
  return null;
}

/** Applies one step; null when it changed nothing. */
export function makeStep<Name extends string>(engine: Engine, step: Step<Name>, context: StepContext): StepReport<Name> | null {
  const change = applyStep(engine.store, step, context);
  if (change === null) return null;
  return { name: step.name, row: step.row, verb: step.verb, resource: step.resource, object: change.object };
}

/** Asks for the updates one at a time. */
export function createPlayable(updates: Updates): Playable {
  let done = false;
  return {
    get done() {
      return done;
    },
    step() {
      if (done) return null;
      try {
        const result = updates.next();
        done = result.done === true;
        return result.done === true ? null : result.value;
      } catch (error) {
        done = true;
        throw error;
      }
    },
  };
}

/** While something holds a step: how soon virt-controller looks again. */
const HELD_RETRY_MS = 1000;

/** Plays something to its end on the clock, at speed 1 with `waitMs()` before each step. */
export function playSteps(engine: Engine, playable: Playable, waitMs: () => number): void {
  const scheduleNext = (): void => {
    if (playable.done) return;
    engine.clock.setTimer(() => {
      if (playable.done) return;
      const made = playable.step();
      if (made !== null || playable.done) scheduleNext();
      else engine.clock.setTimer(scheduleNext, HELD_RETRY_MS / engine.speed);
    }, waitMs() / engine.speed);
  };
  scheduleNext();
}

/** Steps to the end; throws when something holds it, since without a clock nothing would change that. */
export function finishSteps<Report>(
  what: string,
  playable: { readonly done: boolean; readonly waitingFor: string | null; step(): Report | null },
): readonly Report[] {
  const reports: Report[] = [];
  while (!playable.done) {
    const report = playable.step();
    if (report !== null) reports.push(report);
    else if (!playable.done) throw new Error(`${what} waits: ${playable.waitingFor ?? 'nothing to do'}`);
  }
  return reports;
}
