/** One change of a VM's power or existence under way. */
import { type Engine, finishSteps, formatVm, makeStep, playSteps, readContext } from './engine.ts';
import { parseMemory, readLoads, selectHost } from './placement.ts';
import { isPodOf } from './pod-objects.ts';
import type { PowerStep, PowerStepName } from './power-writers.ts';
import type { Change, StepReport, VmRef } from './types.ts';

const DEFAULT_DURATION_MS = 8000;
const STEP_WEIGHTS: Partial<Record<PowerStepName, number>> = {
  InstancePending: 0.5,
  InstanceScheduling: 0.5,
  PodPlaced: 1.5,
  PodReady: 1.5,
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
  let cancelled = false;
  /** Once it is scheduled, it stays there. */
  let placedOn: string | null = null;

  const chooseHost = (): string | null => {
    const { vmi } = readContext(engine, vm, null);
    const bytes = parseMemory(vmi?.spec.domain.memory.guest);
    const loads = readLoads(engine.store);
    const wanted = loads.find((load) => load.name === wantedHost);
    return wanted === undefined ? selectHost(loads, bytes) : selectHost([wanted], bytes);
  };
  const hasInstance = (): boolean => engine.store.get('virtualmachineinstances', vm.namespace, vm.name) !== undefined;
  const isHeld = (): boolean => plan[made]?.schedules === true && hasInstance() && chooseHost() === null;

  /** A launcher pod of the instance that is there now. */
  const findPod = (): string | undefined => {
    const uid = readContext(engine, vm, null).vmi?.metadata.uid;
    return uid === undefined ? undefined : engine.store.list('pods').find((pod) => isPodOf(pod, uid))?.metadata.name;
  };

  function next(): StepReport<PowerStepName> | null {
    for (let step = plan[made]; step !== undefined && !cancelled; step = plan[made]) {
      if (step.schedules === true && hasInstance()) {
        placedOn = chooseHost();
        if (placedOn === null) return null;
      }
      const removed = step.name === 'PodGone' ? findPod() : undefined;
      const named = removed === undefined ? step : { ...step, objectName: removed };
      const report = makeStep(engine, named, readContext(engine, vm, null, placedOn));
      // An instance can have several pods; the step is made as often as there are any.
      if (removed === undefined || findPod() === undefined) made += 1;
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
      return cancelled || made >= plan.length;
    },
    get waitingFor() {
      return !cancelled && isHeld() ? `no host has room for ${formatVm(vm)}` : null;
    },
    get remaining() {
      return cancelled ? [] : plan.slice(made).map(({ name }) => name);
    },
    step: next,
    finish: () => finishSteps(`the change of ${formatVm(vm)}`, change),
    cancel() {
      cancelled = true;
      if (engine.changes.get(formatVm(vm)) === change) engine.changes.delete(formatVm(vm));
    },
    play(durationMs = DEFAULT_DURATION_MS) {
      if (playing) return;
      playing = true;
      const totalWeight = plan.slice(made).reduce((sum, { name }) => sum + weightOf(name), 0) || 1;
      playSteps(engine, change, () => (durationMs * weightOf(plan[made]?.name)) / totalWeight);
    },
  };
  engine.changes.set(formatVm(vm), change);
  return change;
}
