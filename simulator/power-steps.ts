/**
 * Starting, stopping, restarting, pausing, creating and deleting a VM, as ordered object updates. Pure.
 *
 *   start    VM wanted → VMI created → Pending → its pod → Scheduling → the pod is bound (activePods) → Scheduled (nodeName) → Running
 *            → VM Running → guest agent
 *   stop     VM halted → VMI deleted → Succeeded → its pod gone → gone → VM Stopped
 *   restart  stop and start; the new VMI has the same name and a new uid (migration-timeline.ts)
 *   rerun    the VM controller's own: a VMI that Failed is deleted, and another one started
 */
import { createInstanceStep, endInstanceSteps, startSteps } from './instance-steps.ts';
import { omit, type VirtualMachine, type VirtualMachineInstance as Vmi } from './objects.ts';
import { createPowerWriters, notReady, type PowerInput, type PowerStep, setRunStrategy, setStatus } from './power-writers.ts';
import { condition, createVmi, setCondition } from './vm-objects.ts';

const stoppingStep = (input: PowerInput): PowerStep =>
  createPowerWriters(input).vm('VmStopping', 'update-status', (current, { nowMs }) =>
    setStatus(current, {
      ready: false,
      printableStatus: 'Stopping',
      conditions: notReady(current, nowMs, 'virt-launcher pod is terminating'),
    }),
  );

export function planStart(input: PowerInput): readonly PowerStep[] {
  const { vm } = createPowerWriters(input);
  return [vm('StartRequested', 'update', (current) => setRunStrategy(current, 'RerunOnFailure', input.annotations)), ...startSteps(input)];
}

export function planStop(input: PowerInput): readonly PowerStep[] {
  const { vm } = createPowerWriters(input);
  const [deleted, ...rest] = endInstanceSteps(input);
  return [
    vm('StopRequested', 'update', (current) => setRunStrategy(current, 'Halted', input.annotations)),
    ...(deleted === undefined ? [] : [deleted]),
    stoppingStep(input),
    ...rest,
    vm('VmStopped', 'update-status', (current, { nowMs }) => ({
      ...current,
      status: {
        ...omit(current.status, 'created', 'ready', 'stateChangeRequests'),
        printableStatus: 'Stopped',
        runStrategy: current.spec.runStrategy,
        conditions: [condition('Ready', 'False', nowMs, 'VMINotExists', 'VMI does not exist')],
      },
    })),
  ];
}

export function planRestart(input: PowerInput): readonly PowerStep[] {
  const { vm } = createPowerWriters(input);
  const [deleted, ...rest] = endInstanceSteps(input);
  return [
    vm('RestartRequested', 'update-status', (current, { vmi }) =>
      setStatus(current, {
        stateChangeRequests: [
          vmi === undefined ? { action: 'Stop' as const } : { action: 'Stop' as const, uid: vmi.metadata.uid },
          { action: 'Start' as const },
        ],
      }),
    ),
    ...(deleted === undefined ? [] : [deleted]),
    stoppingStep(input),
    ...rest,
    ...startSteps(input),
  ];
}

export function planRerun(input: PowerInput): readonly PowerStep[] {
  return [...endInstanceSteps(input).filter(({ name }) => name !== 'InstanceSucceeded'), ...startSteps(input)];
}

/** An instance that no VM owns; `vm` is its template only. */
export function planInstance(input: PowerInput, vm: VirtualMachine): readonly PowerStep[] {
  const created = createInstanceStep(input, ({ nowMs }) => {
    const vmi = createVmi(vm, input.vmiUid, nowMs);
    return { ...vmi, metadata: omit(vmi.metadata, 'ownerReferences') };
  });
  return [created, ...startSteps(input).filter(({ name }) => name !== 'InstanceCreated')];
}

export const planInstanceDeletion = (input: PowerInput): readonly PowerStep[] => endInstanceSteps(input);

export function planPause(input: PowerInput): readonly PowerStep[] {
  const { vm, vmi } = createPowerWriters(input);
  const paused = (nowMs: number) => condition('Paused', 'True', nowMs, 'PausedByUser', 'VMI was paused by user');
  return [
    vmi('InstancePaused', (current, { nowMs }) => ({
      ...current,
      status: { ...current.status, conditions: setCondition(current.status.conditions, paused(nowMs)) },
    })),
    vm('VmPaused', 'update-status', (current, { nowMs }) =>
      setStatus(current, { printableStatus: 'Paused', conditions: setCondition(current.status.conditions, paused(nowMs)) }),
    ),
  ];
}

export function planUnpause(input: PowerInput): readonly PowerStep[] {
  const { vm, vmi } = createPowerWriters(input);
  const withoutPaused = (conditions: Vmi['status']['conditions']) => (conditions ?? []).filter(({ type }) => type !== 'Paused');
  return [
    vmi('InstanceUnpaused', (current) => ({
      ...current,
      status: { ...current.status, conditions: withoutPaused(current.status.conditions) },
    })),
    vm('VmUnpaused', 'update-status', (current) =>
      setStatus(current, { printableStatus: 'Running', conditions: withoutPaused(current.status.conditions) }),
    ),
  ];
}

/** A new VM; it starts when its run strategy says so. */
export function planCreation(input: PowerInput, vm: VirtualMachine): readonly PowerStep[] {
  const created: PowerStep = {
    name: 'VmCreated',
    row: 0,
    resource: 'virtualmachines',
    namespace: input.namespace,
    objectName: input.vmName,
    verb: 'create',
    apply: () => vm,
  };
  return vm.spec.runStrategy === 'Halted' ? [created] : [created, ...startSteps(input)];
}

export function planDeletion(input: PowerInput): readonly PowerStep[] {
  const { vm, remove } = createPowerWriters(input);
  const [deleted, ...rest] = endInstanceSteps(input);
  return [
    remove('VmDeleted', 'virtualmachines'),
    vm('VmTerminating', 'update-status', (current) => setStatus(current, { ready: false, printableStatus: 'Terminating' })),
    ...(deleted === undefined ? [] : [deleted]),
    ...rest,
    vm('VmGone', 'update', (current) => ({ ...current, metadata: omit(current.metadata, 'finalizers') })),
  ];
}
