/** One change of a VM's power or existence under way. */
import { type Engine, finishSteps, formatVm, makeStep, playSteps, readContext, readLoads } from './engine.ts';
import { parseMemory, selectHost } from './placement.ts';
import type { PowerStep, PowerStepName } from './power-steps.ts';
import type { Change, StepReport, VmRef } from './types.ts';

const DEFAULT_DURATION_MS = 8000;
const STEP_WEIGHTS: Partial<Record<PowerStepName, number>> = {
  InstancePending: 0.5,
  InstanceScheduling: 0.5,
  InstanceScheduled: 3,
  InstanceRunning: 3,
  AgentConnected: 4,
  InstanceSucceeded: 5,
  InstanceGone: 1,
};
const DEFAULT_WEIGHT = 0.2;
const weightOf = (name: PowerStepName | undefined): number => (name === undefined ? 0 : (STEP_WEIGHTS[name] ?? DEFAULT_WEIGHT));

/** `wantedHost`: where a new VM is to start; without it, or when that one has no room, the scheduler chooses. */
export function createChange(engine: Engine, vm: VmRef, plan: readonly PowerStep[], wantedHost: string | null = null): Change {
  let made = 0;
  let playing = false;

  const chooseHost = (): string | null => {
    const { vmi } = readContext(engine, vm, null);
    const bytes = parseMemory(vmi?.spec.domain.memory.guest);
    const loads = readLoads(engine);
    const wanted = loads.find((load) => load.name === wantedHost);
    return wanted === undefined ? selectHost(loads, bytes) : selectHost([wanted], bytes);
  };
  const hasInstance = (): boolean => engine.store.get('virtualmachineinstances', vm.namespace, vm.name) !== undefined;
  const isHeld = (): boolean => plan[made]?.schedules === true && hasInstance() && chooseHost() === null;

  function next(): StepReport<PowerStepName> | null {
    for (let step = plan[made]; step !== undefined; step = plan[made]) {
      const host = step.schedules === true && hasInstance() ? chooseHost() : null;
      if (step.schedules === true && hasInstance() && host === null) return null;
      const report = makeStep(engine, step, readContext(engine, vm, null, host));
      made += 1;
      if (change.done) engine.changes.delete(formatVm(vm));
      if (report !== null) return report;
    }
    return null;
  }

  const running = engine.changes.get(formatVm(vm));
  if (running !== undefined && !running.done) {
    throw new Error(`${formatVm(vm)} is already changing; next would be ${running.remaining[0]}. Finish that change first.`);
  }

  const change: Change = {
    ...vm,
    get done() {
      return made >= plan.length;
    },
    get waitingFor() {
      return isHeld() ? `no host has room for ${formatVm(vm)}` : null;
    },
    get remaining() {
      return plan.slice(made).map(({ name }) => name);
    },
    step: next,
    finish: () => finishSteps(`the change of ${formatVm(vm)}`, change),
    play(durationMs = DEFAULT_DURATION_MS) {
      if (playing) return;
      playing = true;
      const totalWeight = plan.slice(made).reduce((sum, { name }) => sum + weightOf(name), 0) || 1;
      playSteps(
        engine,
        {
          get done() {
            return change.done;
          },
          step: next,
          nextShare: () => weightOf(plan[made]?.name) / totalWeight,
        },
        durationMs,
      );
    },
  };
  engine.changes.set(formatVm(vm), change);
  return change;
}
