/**
 * Harvester's maintenance mode of a host, as a list of object updates that is written while it happens (domain.md 2; node-drain-controller):
 *
 *   drain-requested → (non-migratable VMs: refused, or shut down) → cordoned → everybody evicted (evacuation.ts)
 *     → the drain returned: maintain-status=running, and no drain-requested any more
 *     → no VMI left: maintain-status=completed
 */
import { createPlayable, type Engine, formatVm, playSteps } from './engine.ts';
import { createEvacuation, type Evacuate, refOf, selectGuests } from './evacuation.ts';
import { annotate, clearMaintenance, cordonNode, DRAIN_FORCED, DRAIN_REQUESTED, MAINTAIN_STATUS } from './host-objects.ts';
import { unmarkEviction } from './migration-changes.ts';
import type { MigrationOutcome } from './migration-timeline.ts';
import type { Node, VirtualMachineInstance } from './objects.ts';
import { createPatch } from './patch.ts';
import type { Change, Drain, DrainOptions, StepReport, Updates, VmRef } from './types.ts';
import { hasDevice, MAINTAIN_STRATEGY, MAINTAIN_STRATEGY_NODE } from './vm-objects.ts';

/** What a drain asks of the cluster around it. */
export interface DrainCluster {
  readonly evacuate: Evacuate;
  /** A stop that notes, on the VM, the host it was shut down on. */
  shutDown(vm: VmRef, annotations: Readonly<Record<string, string | undefined>>): Change;
}

/** Between two updates of a drain that is played. */
const STEP_MS = 400;

/** KubeVirt denies its eviction, and nothing else is tried: it cannot move, and its VM asks for a move and nothing but a move. */
const isStuck = (vmi: VirtualMachineInstance): boolean => hasDevice(vmi.spec) && vmi.spec.evictionStrategy === 'LiveMigrate';

export function createDrain(
  engine: Engine,
  cluster: DrainCluster,
  host: string,
  { force = false, holdOf = () => null, ...options }: DrainOptions,
): Drain & { cancel(): void } {
  const { store } = engine;
  const patch = createPatch(store, engine.clock);
  let state: Drain['state'] = 'entering';
  let played = false;
  let outcomeOf: (vm: VmRef) => MigrationOutcome = options.outcomeOf ?? (() => 'succeeded');
  const evacuation = createEvacuation(engine, cluster.evacuate, host, { outcomeOf: (vm) => outcomeOf(vm), holdOf });

  const guests = () => selectGuests(store.list('virtualmachineinstances'), host);
  function* writeNode(name: string, change: (node: Node, nowMs: number) => Node): Updates {
    const made = patch('nodes', { name: host }, name, change);
    if (made !== null) yield made;
  }

  /** Steps by hand, or leaves it to the clock and waits. */
  function* through(changes: readonly Change[]): Updates {
    if (played) for (const change of changes) change.play();
    while (changes.some((change) => !change.done)) {
      for (const change of changes) if (!change.done) yield played ? null : change.step();
    }
  }

  const findStuck = () => guests().filter((vmi) => vmi.status.nodeName === host && hasDevice(vmi.spec));
  function* shutDownStuck(): Updates {
    const idle = findStuck().filter((vmi) => !isStuck(vmi) && !engine.changes.has(formatVm(refOf(vmi))));
    yield* through(idle.map((vmi) => cluster.shutDown(refOf(vmi), { [MAINTAIN_STRATEGY_NODE]: host })));
  }

  function* updates(): Updates {
    const requested = { [DRAIN_REQUESTED]: 'true', ...(force ? { [DRAIN_FORCED]: 'true' } : {}) };
    yield* writeNode('DrainRequested', (node) => annotate(node, requested));
    const strategyOf = (vmi: VirtualMachineInstance): string => vmi.metadata.labels?.[MAINTAIN_STRATEGY] ?? 'Migrate';
    if (!force && findStuck().some((vmi) => strategyOf(vmi) === 'Migrate')) {
      yield* writeNode('DrainRefused', clearMaintenance);
      state = 'refused';
      return;
    }
    yield* shutDownStuck();
    yield* writeNode('Cordoned', cordonNode);
    state = 'evacuating';
    while (guests().length > 0) {
      // One that was just restarting when the drain began.
      yield* shutDownStuck();
      yield* evacuation.round(played);
    }
    yield* writeNode('MaintenanceRunning', (node) => annotate(clearMaintenance(node), { [MAINTAIN_STATUS]: 'running' }));
    state = 'completed';
    yield* writeNode('MaintenanceCompleted', (node) => annotate(node, { [MAINTAIN_STATUS]: 'completed' }));
    // The host is empty before the last migrations are quite over.
    for (const move of evacuation.moves) while (!played && !move.done) yield move.step();
  }

  const all = createPlayable(updates());
  const drain: Drain & { cancel(): void } = {
    host,
    get state() {
      return state;
    },
    get moves() {
      return evacuation.moves;
    },
    get done() {
      return state === 'cancelled' || all.done;
    },
    step: () => (drain.done ? null : all.step()),
    finish() {
      const reports: StepReport[] = [];
      while (!drain.done) {
        const made = drain.step();
        if (made !== null) reports.push(made);
        else if (!drain.done) {
          const left = guests().map((vmi) => formatVm(refOf(vmi)));
          throw new Error(`The drain of ${host} waits: ${left.join(', ')} cannot leave now`);
        }
      }
      return reports;
    },
    play(outcomes) {
      if (played) return;
      played = true;
      if (outcomes !== undefined) outcomeOf = outcomes;
      playSteps(engine, drain, () => STEP_MS);
    },
    cancel() {
      if (state === 'completed' || state === 'refused') return;
      state = 'cancelled';
      for (const vmi of guests()) {
        if (vmi.status.evacuationNodeName === host) store.update('virtualmachineinstances', unmarkEviction(vmi));
      }
    },
  };
  return drain;
}
