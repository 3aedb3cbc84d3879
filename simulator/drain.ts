/**
 * Harvester's maintenance mode of a host, as a list of object updates that is written while it happens.
 *
 *   drain-requested → (non-migratable VMs: refused, or shut down) → cordoned → maintain-status=running
 *     → VMI.evacuationNodeName and kubevirt-evacuation-* VMIMs, as many as there are slots (KubeVirt ≤ 1.8)
 *     → no VMI left: maintain-status=completed
 */
import { countFreeSlots, type Engine, formatVm, playSteps } from './engine.ts';
import { annotate, cordonNode, DRAIN_FORCED, DRAIN_REQUESTED, MAINTAIN_STATUS } from './host-objects.ts';
import { markEviction, unmarkEviction } from './migration-changes.ts';
import type { MigrationOutcome } from './migration-timeline.ts';
import type { Node, VirtualMachineInstance } from './objects.ts';
import { isAlive } from './placement.ts';
import type { Change, Drain, DrainOptions, Move, StepReport, VmRef } from './types.ts';
import { hasDevice, MAINTAIN_STRATEGY, MAINTAIN_STRATEGY_NODE } from './vm-objects.ts';

/** What a drain asks of the cluster around it. */
export interface DrainCluster {
  /** `hold`: what keeps it in Pending besides KubeVirt's limits. */
  evacuate(vm: VmRef, outcome: MigrationOutcome, hold: () => string | null): Move;
  /** A stop that notes, on the VM, the host it was shut down on. */
  shutDown(vm: VmRef, annotations: Readonly<Record<string, string | undefined>>): Change;
}

/** Between two updates of a drain that is played. */
const STEP_MS = 400;

const refOf = (vmi: VirtualMachineInstance): VmRef => ({ namespace: vmi.metadata.namespace ?? '', name: vmi.metadata.name });
/** Guests of a host, and those whose target pod is on it. */
export const selectGuests = (vmis: readonly VirtualMachineInstance[], host: string): readonly VirtualMachineInstance[] =>
  vmis.filter((vmi) => isAlive(vmi) && (vmi.status.nodeName === host || Object.values(vmi.status.activePods ?? {}).includes(host)));

/** KubeVirt denies its eviction, and nothing else is tried: it cannot move, and its VM asks for a move and nothing but a move. */
const isStuck = (vmi: VirtualMachineInstance): boolean => hasDevice(vmi.spec) && vmi.spec.evictionStrategy === 'LiveMigrate';

export function createDrain(
  engine: Engine,
  cluster: DrainCluster,
  host: string,
  { force = false, holdOf = () => null, ...options }: DrainOptions,
): Drain & { cancel(): void } {
  const { store } = engine;
  let state: Drain['state'] = 'entering';
  let played = false;
  let playing = false;
  let outcomeOf: (vm: VmRef) => MigrationOutcome = options.outcomeOf ?? (() => 'succeeded');
  let moves: readonly Move[] = [];

  const guests = () => selectGuests(store.list('virtualmachineinstances'), host);
  const report = (name: string, object: StepReport['object'], resource: StepReport['resource'] = 'nodes'): StepReport => ({
    name,
    row: 0,
    verb: 'update',
    resource,
    object,
  });
  function* writeNode(name: string, change: (node: Node) => Node): Generator<StepReport | null, void> {
    const node = store.get('nodes', undefined, host);
    if (node === undefined) return;
    const next = change(node);
    if (next !== node) yield report(name, store.update('nodes', next));
  }

  /** Steps by hand, or leaves it to the clock and waits. */
  function* through(changes: readonly Change[]): Generator<StepReport | null, void> {
    if (played) for (const change of changes) change.play();
    while (changes.some((change) => !change.done)) {
      for (const change of changes) if (!change.done) yield played ? null : change.step();
    }
  }

  /** Between two yields others write too, so every turn looks at the cluster afresh. */
  const findUnasked = () =>
    guests().find((vmi) => vmi.status.nodeName === host && vmi.status.evacuationNodeName !== host && !hasDevice(vmi.spec));
  function* askToLeave(): Generator<StepReport | null, void> {
    for (let vmi = findUnasked(); vmi !== undefined; vmi = findUnasked()) {
      const marked = markEviction(vmi, host, engine.traits, engine.clock.now());
      yield report('EvictionMarked', store.update('virtualmachineinstances', marked), 'virtualmachineinstances');
    }
  }

  const findFree = () =>
    guests().find(
      (vmi) =>
        vmi.status.nodeName === host &&
        vmi.status.phase === 'Running' &&
        !hasDevice(vmi.spec) &&
        !engine.moves.has(formatVm(refOf(vmi))) &&
        !engine.changes.has(formatVm(refOf(vmi))),
    );

  const findStuck = () => guests().filter((vmi) => vmi.status.nodeName === host && hasDevice(vmi.spec));
  function* shutDownStuck(): Generator<StepReport | null, void> {
    const idle = findStuck().filter((vmi) => !isStuck(vmi) && !engine.changes.has(formatVm(refOf(vmi))));
    yield* through(idle.map((vmi) => cluster.shutDown(refOf(vmi), { [MAINTAIN_STRATEGY_NODE]: host })));
  }

  function* evacuate(): Generator<StepReport | null, void> {
    while (guests().length > 0) {
      // One that was just restarting when the drain began.
      yield* shutDownStuck();
      yield* askToLeave();
      for (let vmi = findFree(); vmi !== undefined && countFreeSlots(engine, host) > 0; vmi = findFree()) {
        const vm = refOf(vmi);
        const move = cluster.evacuate(vm, outcomeOf(vm), () => holdOf(vm));
        moves = [...moves.filter(({ done }) => !done), move];
        if (played) move.play(engine.random.between(6000, 13_000));
        else yield move.step();
      }
      if (played) yield null;
      else {
        let progress = false;
        moves = moves.filter(({ done }) => !done);
        for (const move of moves) {
          const made = move.step();
          progress ||= made !== null || move.done;
          if (made !== null) yield made;
        }
        if (!progress) yield null;
      }
    }
  }

  function* updates(): Generator<StepReport | null, void> {
    yield* writeNode('DrainRequested', (node) =>
      annotate(node, { [DRAIN_REQUESTED]: 'true', ...(force ? { [DRAIN_FORCED]: 'true' } : {}) }),
    );
    const strategyOf = (vmi: VirtualMachineInstance): string => vmi.metadata.labels?.[MAINTAIN_STRATEGY] ?? 'Migrate';
    if (!force && findStuck().some((vmi) => strategyOf(vmi) === 'Migrate')) {
      yield* writeNode('DrainRefused', (node) => annotate(node, { [DRAIN_REQUESTED]: null, [DRAIN_FORCED]: null }));
      state = 'refused';
      return;
    }
    yield* shutDownStuck();
    yield* writeNode('Cordoned', (node) => cordonNode(node, engine.clock.now()));
    yield* writeNode('MaintenanceRunning', (node) => annotate(node, { [MAINTAIN_STATUS]: 'running' }));
    state = 'evacuating';
    yield* evacuate();
    state = 'completed';
    yield* writeNode('MaintenanceCompleted', (node) =>
      annotate(node, { [MAINTAIN_STATUS]: 'completed', [DRAIN_REQUESTED]: null, [DRAIN_FORCED]: null }),
    );
    // The host is empty before the last migrations are quite over.
    for (const move of moves) while (!played && !move.done) yield move.step();
  }

  const generator = updates();
  let ended = false;
  const next = (): StepReport | null => {
    if (ended) return null;
    const result = generator.next();
    ended = result.done === true;
    return result.done === true ? null : result.value;
  };

  const drain: Drain & { cancel(): void } = {
    host,
    get state() {
      return state;
    },
    get moves() {
      return moves.filter(({ done }) => !done);
    },
    get done() {
      return ended;
    },
    step: next,
    finish() {
      const reports: StepReport[] = [];
      while (!ended) {
        const made = next();
        if (made !== null) reports.push(made);
        else if (!ended)
          throw new Error(
            `The drain of ${host} waits: ${guests()
              .map((vmi) => formatVm(refOf(vmi)))
              .join(', ')} cannot leave now`,
          );
      }
      return reports;
    },
    play(outcomes) {
      if (playing) return;
      playing = true;
      played = true;
      if (outcomes !== undefined) outcomeOf = outcomes;
      playSteps(
        engine,
        {
          get done() {
            return ended;
          },
          step: next,
          nextShare: () => 1,
        },
        STEP_MS,
      );
    },
    cancel() {
      if (state === 'completed' || state === 'refused') return;
      state = 'cancelled';
      ended = true;
      for (const vmi of guests()) {
        if (vmi.status.evacuationNodeName !== host) continue;
        store.update('virtualmachineinstances', unmarkEviction(vmi));
      }
    },
  };
  return drain;
}
