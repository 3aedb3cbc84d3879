/**
 * Starting, stopping, restarting, pausing, creating and deleting a VM, as ordered object updates. Pure.
 *
 *   start    VM wanted → VMI created → Pending → Scheduling → Scheduled (nodeName) → Running → VM Running → guest agent
 *   stop     VM halted → VMI deleted → Succeeded → gone → VM Stopped
 *   restart  stop and start; the new VMI has the same name and a new uid (migration-timeline.ts)
 */
import { formatTime, omit, type RunStrategy, type VirtualMachine, type VirtualMachineInstance as Vmi } from './objects.ts';
import type { Step, StepContext } from './steps.ts';
import {
  condition,
  createVmi,
  deriveAgentStatus,
  deriveRunningStatus,
  NODE_NAME_LABEL,
  setCondition,
  VMI_FINALIZER,
} from './vm-objects.ts';

export type PowerStepName =
  | 'VmCreated'
  | 'StartRequested'
  | 'InstanceCreated'
  | 'VmStarting'
  | 'InstancePending'
  | 'InstanceScheduling'
  | 'InstanceScheduled'
  | 'InstanceRunning'
  | 'VmRunning'
  | 'AgentConnected'
  | 'StopRequested'
  | 'VmStopping'
  | 'InstanceDeleted'
  | 'InstanceSucceeded'
  | 'InstanceGone'
  | 'VmStopped'
  | 'RestartRequested'
  | 'InstancePaused'
  | 'VmPaused'
  | 'InstanceUnpaused'
  | 'VmUnpaused'
  | 'VmDeleted'
  | 'VmTerminating'
  | 'VmGone';
export type PowerStep = Step<PowerStepName>;

export interface PowerInput {
  readonly namespace: string;
  readonly vmName: string;
  /** The uid of the instance a start makes, and of its pod. */
  readonly vmiUid: string;
  readonly podUid: string;
  /** Written by a drain that shuts the VM down, and taken off by the start after it (harvester maintain-mode-strategy). */
  readonly annotations?: Readonly<Record<string, string | undefined>>;
}

interface Writers {
  vm(
    name: PowerStepName,
    verb: 'update' | 'update-status',
    change: (vm: VirtualMachine, context: StepContext) => VirtualMachine,
  ): PowerStep;
  vmi(name: PowerStepName, change: (vmi: Vmi, context: StepContext) => Vmi): PowerStep;
  remove(name: PowerStepName, resource: 'virtualmachines' | 'virtualmachineinstances'): PowerStep;
}

function createWriters(input: PowerInput): Writers {
  const base = { row: 0, namespace: input.namespace, objectName: input.vmName };
  return {
    vm: (name, verb, change) => ({
      ...base,
      name,
      resource: 'virtualmachines',
      verb,
      apply: (vm: VirtualMachine | undefined, context: StepContext) => (vm === undefined ? undefined : change(vm, context)),
    }),
    vmi: (name, change) => ({
      ...base,
      name,
      resource: 'virtualmachineinstances',
      verb: 'update',
      apply: (vmi: Vmi | undefined, context: StepContext) => (vmi === undefined ? undefined : change(vmi, context)),
    }),
    remove: (name, resource) => ({ ...base, name, resource, verb: 'delete', apply: () => undefined }),
  };
}

function setRunStrategy(vm: VirtualMachine, runStrategy: RunStrategy, annotations: PowerInput['annotations']): VirtualMachine {
  const merged: Record<string, string> = { ...vm.metadata.annotations };
  for (const [key, value] of Object.entries(annotations ?? {})) {
    if (value === undefined) delete merged[key];
    else merged[key] = value;
  }
  return { ...vm, metadata: { ...vm.metadata, annotations: merged }, spec: { ...vm.spec, runStrategy } };
}

const setStatus = (vm: VirtualMachine, status: Partial<VirtualMachine['status']>): VirtualMachine => ({
  ...vm,
  status: { ...vm.status, runStrategy: vm.spec.runStrategy, ...status },
});

const setVmiPhase = (vmi: Vmi, phase: string, nowMs: number, more: Partial<Vmi['status']> = {}): Vmi => ({
  ...vmi,
  status: {
    ...vmi.status,
    ...more,
    phase,
    phaseTransitionTimestamps: [...(vmi.status.phaseTransitionTimestamps ?? []), { phase, phaseTransitionTimestamp: formatTime(nowMs) }],
  },
});

const notReady = (vm: VirtualMachine, nowMs: number, message: string) =>
  setCondition(
    (vm.status.conditions ?? []).filter(({ type }) => type === 'Ready'),
    condition('Ready', 'False', nowMs, 'GuestNotRunning', message),
  );

function startSteps(input: PowerInput): readonly PowerStep[] {
  const { vm, vmi } = createWriters(input);
  return [
    {
      name: 'InstanceCreated',
      row: 0,
      resource: 'virtualmachineinstances',
      namespace: input.namespace,
      objectName: input.vmName,
      verb: 'create',
      apply: (_current: unknown, context: StepContext) =>
        context.vm === undefined ? undefined : createVmi(context.vm, input.vmiUid, context.nowMs),
    },
    vm('VmStarting', 'update-status', (current, { nowMs }) =>
      setStatus(omitRequests(current), {
        created: true,
        ready: false,
        printableStatus: 'Starting',
        conditions: notReady(current, nowMs, 'Guest VM is not reported as running'),
      }),
    ),
    vmi('InstancePending', (current, { nowMs }) => setVmiPhase(current, 'Pending', nowMs)),
    vmi('InstanceScheduling', (current, { nowMs }) =>
      setVmiPhase(current, 'Scheduling', nowMs, {
        activePods: { [input.podUid]: '' },
        conditions: [condition('Ready', 'False', nowMs, 'GuestNotRunning', 'Guest VM is not reported as running')],
        launcherContainerImageVersion: 'virt-launcher:1.6.3-150700.3.16.1',
        qosClass: 'Burstable',
        runtimeUser: 107,
      }),
    ),
    {
      ...vmi('InstanceScheduled', (current, { nowMs, host }) => {
        if (host === null) return current;
        const labels = { ...current.metadata.labels, [NODE_NAME_LABEL]: host };
        const placed = { ...current, metadata: { ...current.metadata, labels } };
        return setVmiPhase(placed, 'Scheduled', nowMs, { activePods: { [input.podUid]: host }, nodeName: host });
      }),
      schedules: true,
    },
    vmi('InstanceRunning', (current, { nowMs }) => setVmiPhase(current, 'Running', nowMs, deriveRunningStatus(current, nowMs))),
    vm('VmRunning', 'update-status', (current, { nowMs, vmi: instance }) =>
      setStatus(current, {
        created: true,
        ready: true,
        printableStatus: 'Running',
        conditions: [condition('Ready', 'True', nowMs), ...(instance?.status.conditions ?? []).filter(({ type }) => type !== 'Ready')],
      }),
    ),
    vmi('AgentConnected', (current, { nowMs, vm: owner }) => ({
      ...current,
      status: { ...current.status, ...deriveAgentStatus(current, owner?.metadata.labels?.['harvesterhci.io/os'] ?? '', nowMs) },
    })),
  ];
}

function omitRequests(vm: VirtualMachine): VirtualMachine {
  return vm.status.stateChangeRequests === undefined ? vm : { ...vm, status: omit(vm.status, 'stateChangeRequests') };
}

/** The instance goes: deletionTimestamp, Succeeded, no finalizer, gone. */
function endInstanceSteps(input: PowerInput): readonly PowerStep[] {
  const { vmi, remove } = createWriters(input);
  return [
    remove('InstanceDeleted', 'virtualmachineinstances'),
    vmi('InstanceSucceeded', (current, { nowMs }) =>
      setVmiPhase(current, 'Succeeded', nowMs, {
        conditions: setCondition(
          current.status.conditions,
          condition('Ready', 'False', nowMs, 'PodTerminating', 'virt-launcher pod is terminating'),
        ),
      }),
    ),
    vmi('InstanceGone', (current) => {
      const finalizers = (current.metadata.finalizers ?? []).filter((finalizer) => finalizer !== VMI_FINALIZER);
      return { ...current, metadata: { ...current.metadata, finalizers } };
    }),
  ];
}

const stoppingStep = (input: PowerInput): PowerStep =>
  createWriters(input).vm('VmStopping', 'update-status', (current, { nowMs }) =>
    setStatus(current, {
      ready: false,
      printableStatus: 'Stopping',
      conditions: notReady(current, nowMs, 'virt-launcher pod is terminating'),
    }),
  );

export function planStart(input: PowerInput): readonly PowerStep[] {
  const { vm } = createWriters(input);
  return [vm('StartRequested', 'update', (current) => setRunStrategy(current, 'RerunOnFailure', input.annotations)), ...startSteps(input)];
}

export function planStop(input: PowerInput): readonly PowerStep[] {
  const { vm } = createWriters(input);
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
  const { vm } = createWriters(input);
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

export function planPause(input: PowerInput): readonly PowerStep[] {
  const { vm, vmi } = createWriters(input);
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
  const { vm, vmi } = createWriters(input);
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
  const { vm, remove } = createWriters(input);
  const [deleted, ...rest] = endInstanceSteps(input);
  return [
    remove('VmDeleted', 'virtualmachines'),
    vm('VmTerminating', 'update-status', (current) => setStatus(current, { ready: false, printableStatus: 'Terminating' })),
    ...(deleted === undefined ? [] : [deleted]),
    ...rest,
    vm('VmGone', 'update', (current) => ({ ...current, metadata: omit(current.metadata, 'finalizers') })),
  ];
}
