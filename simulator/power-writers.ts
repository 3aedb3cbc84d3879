/** The names of a change's object updates, what a change is planned from, and how its steps are written: one object each. */
import type { RunStrategy, VirtualMachine, VirtualMachineInstance as Vmi } from './objects.ts';
import { formatPodName, type Pod } from './pod-objects.ts';
import type { Step, StepContext } from './steps.ts';
import type { KubeVirtVersion } from './traits.ts';
import { condition, setCondition } from './vm-objects.ts';

export type PowerStepName =
  | 'VmCreated'
  | 'StartRequested'
  | 'InstanceCreated'
  | 'VmStarting'
  | 'InstancePending'
  | 'PodCreated'
  | 'InstanceScheduling'
  | 'PodPlaced'
  | 'InstancePlaced'
  | 'PodReady'
  | 'InstanceScheduled'
  | 'InstanceRunning'
  | 'VmRunning'
  | 'AgentConnected'
  | 'StopRequested'
  | 'VmStopping'
  | 'InstanceDeleted'
  | 'InstanceSucceeded'
  | 'PodGone'
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
  readonly kubevirt: KubeVirtVersion;
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
  /** The launcher pod of the instance that a start makes. */
  pod(name: PowerStepName, verb: 'update' | 'update-status', change: (pod: Pod, context: StepContext) => Pod): PowerStep;
  remove(name: PowerStepName, resource: 'virtualmachines' | 'virtualmachineinstances'): PowerStep;
}

export function createPowerWriters(input: PowerInput): Writers {
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
    pod: (name, verb, change) => ({
      ...base,
      name,
      resource: 'pods',
      objectName: formatPodName(input.vmName, input.podUid),
      verb,
      apply: (pod: Pod | undefined, context: StepContext) => (pod === undefined ? undefined : change(pod, context)),
    }),
    remove: (name, resource) => ({ ...base, name, resource, verb: 'delete', apply: () => undefined }),
  };
}

export function setRunStrategy(vm: VirtualMachine, runStrategy: RunStrategy, annotations: PowerInput['annotations']): VirtualMachine {
  const merged: Record<string, string> = { ...vm.metadata.annotations };
  for (const [key, value] of Object.entries(annotations ?? {})) {
    if (value === undefined) delete merged[key];
    else merged[key] = value;
  }
  return { ...vm, metadata: { ...vm.metadata, annotations: merged }, spec: { ...vm.spec, runStrategy } };
}

export const setStatus = (vm: VirtualMachine, status: Partial<VirtualMachine['status']>): VirtualMachine => ({
  ...vm,
  status: { ...vm.status, runStrategy: vm.spec.runStrategy, ...status },
});

export const notReady = (vm: VirtualMachine, nowMs: number, message: string) =>
  setCondition(
    (vm.status.conditions ?? []).filter(({ type }) => type === 'Ready'),
    condition('Ready', 'False', nowMs, 'GuestNotRunning', message),
  );
