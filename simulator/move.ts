/** One migration under way: which step of its plan comes next, what holds it, and how an abort changes the plan. */
import { type Engine, findLimit, finishSteps, formatVm, makeStep, playSteps, readContext } from './engine.ts';
import { isFinal } from './migration-changes.ts';
import { abortSteps, orphanSteps } from './migration-endings.ts';
import { migrationSteps } from './migration-steps.ts';
import { isMainStep, type MigrationInput, type MigrationStep, type MigrationStepName } from './migration-timeline.ts';
import type { VirtualMachineInstanceMigration as Vmim } from './objects.ts';
import { formatUnschedulable, hasRoom, parseMemory, readLoads, selectHost } from './placement.ts';
import type { Move, StepReport, VmRef } from './types.ts';

/** KubeVirt keeps the newest five finished VMIMs of a VMI. */
const KEPT_FINISHED_COUNT = 5;
const DEFAULT_DURATION_MS = 9000;

/** How long KubeVirt takes before a step, relative to the others; the copy of the memory is by far the longest. */
const STEP_WEIGHTS: Partial<Record<MigrationStepName, number>> = {
  Pending: 0.5,
  PodCreated: 0.5,
  PodPlaced: 1.5,
  PodReady: 2,
  HandedOver: 0.6,
  PreparingTarget: 0.4,
  TargetAddressKnown: 1.5,
  Started: 1,
  TargetDomainDetected: 1.5,
  TargetDomainReady: 8,
  SourceEnded: 0.5,
  Switched: 0.6,
  Completed: 0.4,
  TargetLabelRemoved: 0.4,
  Succeeded: 0.6,
  SourcePodGone: 1,
  SourceFailed: 6,
  Failed: 0.6,
  Aborting: 1,
  Aborted: 2,
};
const DEFAULT_WEIGHT = 0.1;
const weightOf = (name: MigrationStepName | undefined): number => (name === undefined ? 0 : (STEP_WEIGHTS[name] ?? DEFAULT_WEIGHT));

/** A hot-plug is over when the target has adjusted the guest; until then its VMIM stays Running. */
const UNFINISHED = ['HotVCPUChange', 'HotMemoryChange', 'MigrationRequired'] as const;

/** Where the scheduler puts the target pod: the host that was asked for, if it has room, else the best other one. */
function chooseTarget(engine: Engine, input: MigrationInput): string | null {
  if (input.placed === true) return input.target;
  const vmi = engine.store.get('virtualmachineinstances', input.namespace, input.vmName);
  const bytes = parseMemory(vmi?.spec.domain.memory.guest);
  const loads = readLoads(engine.store);
  if (input.requested === undefined) return selectHost(loads, bytes, input.source);
  const asked = loads.find((load) => load.name === input.requested);
  return asked !== undefined && asked.name !== input.source && hasRoom(asked, bytes) ? asked.name : null;
}

/** The finished VMIMs of a VMI that garbage collection takes: all but the newest five. */
export function selectExpired<T extends { readonly metadata: { readonly creationTimestamp: string; readonly resourceVersion: string } }>(
  finished: readonly T[],
): readonly T[] {
  const newestFirst = [...finished].sort(
    (a, b) =>
      b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp) ||
      Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion),
  );
  return newestFirst.slice(KEPT_FINISHED_COUNT);
}

function findExpired(engine: Engine, { namespace, name }: VmRef): Vmim | undefined {
  const finished = engine.store
    .list('virtualmachineinstancemigrations')
    .filter((vmim) => vmim.metadata.namespace === namespace && vmim.spec.vmiName === name && isFinal(vmim));
  return selectExpired(finished).at(-1);
}

/** `hold`: something besides KubeVirt's limits that keeps it in Pending, or null. */
export function createMove(engine: Engine, plannedInput: MigrationInput, hold: () => string | null = () => null): Move {
  const vm = { namespace: plannedInput.namespace, name: plannedInput.vmName };
  const runUid = engine.store.get('virtualmachineinstances', vm.namespace, vm.name)?.metadata.uid;
  let input = plannedInput;
  let plan: readonly MigrationStep[] = migrationSteps(input);
  let made = 0;
  let last: MigrationStepName | null = null;
  let done = false;
  let orphaned = false;
  let playing = false;
  let holdsSlot = false;
  let totalWeight = 1;

  const replan = (rest: readonly MigrationStep[]): void => {
    plan = [...plan.slice(0, made), ...rest];
  };
  const end = (): void => {
    done = true;
    holdsSlot = false;
    if (engine.moves.get(formatVm(vm)) === move) engine.moves.delete(formatVm(vm));
  };
  const findHold = (): string | null => {
    const upcoming = plan[made]?.name;
    if (upcoming !== 'PodCreated' && upcoming !== 'Succeeded') return null;
    const status = engine.store.get('virtualmachineinstances', vm.namespace, vm.name)?.status;
    if (upcoming === 'Succeeded') {
      const unfinished = UNFINISHED.find((type) => status?.conditions?.some((found) => found.type === type && found.status === 'True'));
      return unfinished === undefined ? null : `the VMI still has ${unfinished}`;
    }
    const podCount = Object.keys(status?.activePods ?? {}).length;
    if (podCount > 1) return `the VMI has ${podCount} active pods`;
    return hold() ?? findLimit(engine, input.source);
  };

  /** The scheduler decides as late as it does in a cluster: when the target pod is there. */
  const schedule = (): void => {
    const target = chooseTarget(engine, input);
    if (target === input.target) return;
    const schedulerMessage = formatUnschedulable(readLoads(engine.store), { except: input.source, requested: input.requested });
    input = target === null ? { ...input, outcome: 'unschedulable', schedulerMessage } : { ...input, target };
    plan = migrationSteps(input);
  };

  /** The last thing that follows from a migration: the oldest finished VMIM goes, where there are too many. */
  const collect = (): StepReport<MigrationStepName> | null => {
    const expired = findExpired(engine, vm);
    if (expired !== undefined) engine.store.remove('virtualmachineinstancemigrations', vm.namespace, expired.metadata.name);
    if (findExpired(engine, vm) === undefined) end();
    if (expired === undefined) return null;
    return { name: 'Collected', row: 0, verb: 'delete', resource: 'virtualmachineinstancemigrations', object: undefined };
  };

  function next(): StepReport<MigrationStepName> | null {
    const uid = engine.store.get('virtualmachineinstances', vm.namespace, vm.name)?.metadata.uid;
    if (!orphaned && uid !== runUid) {
      orphaned = true;
      replan(last === null ? [] : orphanSteps(input));
    }
    while (!done) {
      const upcoming = plan[made];
      if (upcoming === undefined) return collect();
      if (findHold() !== null) return null;
      if (upcoming.name === 'PodPlaced') schedule();
      const step = plan[made] ?? upcoming;
      const report = makeStep(engine, step, readContext(engine, vm, input.vmimName));
      made += 1;
      last = step.name;
      if (step.name === 'PodCreated') holdsSlot = true;
      if (step.name === 'Succeeded' || step.name === 'Failed') holdsSlot = false;
      if (made === plan.length && findExpired(engine, vm) === undefined) end();
      if (report !== null) return report;
    }
    return null;
  }

  const move: Move & { readonly holdsSlot: boolean } = {
    ...vm,
    vmimName: input.vmimName,
    get from() {
      return input.source;
    },
    get to() {
      return input.target;
    },
    get done() {
      return done;
    },
    get holdsSlot() {
      return holdsSlot;
    },
    get waitingFor() {
      return done ? null : findHold();
    },
    get copyMs() {
      return input.copyMs ?? null;
    },
    get busy() {
      return input.busy === true;
    },
    get at() {
      return last;
    },
    get remaining() {
      return done ? [] : plan.slice(made).map(({ name }) => name);
    },
    step: next,
    stepTo(name) {
      if (!move.remaining.includes(name)) {
        throw new Error(`${name} will not come; the remaining steps are: ${move.remaining.join(', ') || 'none'}`);
      }
      for (;;) {
        const report = next();
        if (report?.name === name) return report;
        if (report === null) throw new Error(`${name} was not reached: ${move.waitingFor ?? `the move is over at ${last}`}`);
      }
    },
    finish: () => finishSteps(`the migration of ${formatVm(vm)}`, move),
    abort() {
      if (done || plan.slice(0, made).some(({ name }) => name === 'AbortRequested')) return;
      const rest = plan.slice(made);
      const created = plan.slice(0, made).some(({ name }) => name === 'Created');
      if (!created || last === null) {
        // Nobody but Harvester has heard of it: its mark goes, and that is all.
        replan(last === null ? [] : rest.filter(({ name }) => name === 'HarvesterCleared' || name === 'VmTouchedCleared'));
        if (last === null) end();
        return;
      }
      const gone = plan.slice(0, made).some(({ name }) => name === 'FinalizerRemoved' || !isMainStep(name));
      // Deleting a VMIM that has no finalizer any more removes it; the rest of the story goes on.
      replan(gone ? abortSteps(input, 'VmTouchedCleared', rest) : abortSteps(input, last, rest));
    },
    play(durationMs = DEFAULT_DURATION_MS) {
      if (playing || done) return;
      playing = true;
      totalWeight = plan.slice(made).reduce((sum, { name }) => sum + weightOf(name), 0) || 1;
      const lengthOf = (name: MigrationStepName | undefined): number =>
        name === 'TargetDomainReady' && input.copyMs !== undefined ? input.copyMs : (durationMs * weightOf(name)) / totalWeight;
      playSteps(engine, move, () => lengthOf(plan[made]?.name));
    },
  };
  engine.moves.set(formatVm(vm), move);
  return move;
}
