/** One migration under way: which step of its plan comes next, what holds it, and how an abort changes the plan. */
import { type Engine, findLimit, finishSteps, formatVm, makeStep, playSteps, readContext, readLoads } from './engine.ts';
import { isFinal } from './migration-changes.ts';
import { abortSteps, orphanSteps } from './migration-endings.ts';
import { migrationSteps } from './migration-steps.ts';
import { isMainStep, type MigrationInput, type MigrationStep, type MigrationStepName } from './migration-timeline.ts';
import { hasRoom, parseMemory, selectHost } from './placement.ts';
import type { Move, StepReport } from './types.ts';

/** KubeVirt keeps the newest five finished VMIMs of a VMI. */
const KEPT_FINISHED_COUNT = 5;
const DEFAULT_DURATION_MS = 9000;

/** How long KubeVirt takes before a step, relative to the others; the copy of the memory is by far the longest. */
const STEP_WEIGHTS: Partial<Record<MigrationStepName, number>> = {
  Pending: 0.5,
  TargetPodCreated: 0.5,
  TargetPodScheduled: 1.5,
  Scheduled: 2,
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
  PodsSettled: 1,
  SourceFailed: 6,
  Failed: 0.6,
  Aborting: 1,
  Aborted: 2,
};
const DEFAULT_WEIGHT = 0.1;
const weightOf = (name: MigrationStepName | undefined): number => (name === undefined ? 0 : (STEP_WEIGHTS[name] ?? DEFAULT_WEIGHT));

/** Where the scheduler puts the target pod: the host that was asked for, if it has room, else the best other one. */
function chooseTarget(engine: Engine, input: MigrationInput): string | null {
  const vmi = engine.store.get('virtualmachineinstances', input.namespace, input.vmName);
  const bytes = parseMemory(vmi?.spec.domain.memory.guest);
  const loads = readLoads(engine);
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

function collectFinished(engine: Engine, namespace: string, vmName: string): void {
  const finished = engine.store
    .list('virtualmachineinstancemigrations')
    .filter((vmim) => vmim.metadata.namespace === namespace && vmim.spec.vmiName === vmName && isFinal(vmim));
  for (const vmim of selectExpired(finished)) engine.store.remove('virtualmachineinstancemigrations', namespace, vmim.metadata.name);
}

export function createMove(engine: Engine, plannedInput: MigrationInput): Move {
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
    collectFinished(engine, vm.namespace, vm.name);
  };
  const findHold = (): string | null => (plan[made]?.name === 'TargetPodCreated' && !holdsSlot ? findLimit(engine, input.source) : null);

  /** The scheduler decides as late as it does in a cluster: when the target pod is there. */
  const schedule = (): void => {
    const target = chooseTarget(engine, input);
    if (target === input.target) return;
    input = target === null ? { ...input, outcome: 'unschedulable' } : { ...input, target };
    plan = migrationSteps(input);
  };

  function next(): StepReport<MigrationStepName> | null {
    const uid = engine.store.get('virtualmachineinstances', vm.namespace, vm.name)?.metadata.uid;
    if (!orphaned && uid !== runUid) {
      orphaned = true;
      replan(last === null ? [] : orphanSteps(input));
    }
    while (!done) {
      const upcoming = plan[made];
      if (upcoming === undefined) {
        end();
        return null;
      }
      if (findHold() !== null) return null;
      if (upcoming.name === 'TargetPodScheduled') schedule();
      const step = plan[made] ?? upcoming;
      const report = makeStep(engine, step, readContext(engine, vm, input.vmimName));
      made += 1;
      last = step.name;
      if (step.name === 'TargetPodCreated') holdsSlot = true;
      if (step.name === 'Succeeded' || step.name === 'Failed') holdsSlot = false;
      if (made === plan.length) end();
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
      playSteps(
        engine,
        {
          get done() {
            return done;
          },
          step: next,
          nextShare: () => weightOf(plan[made]?.name) / totalWeight,
        },
        durationMs,
      );
    },
  };
  engine.moves.set(formatVm(vm), move);
  return move;
}
