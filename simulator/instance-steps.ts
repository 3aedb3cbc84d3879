/** How an instance comes to run and how it ends, as ordered object updates: what every change of power is made of. Pure. */
import { removeVmiCondition, setPods } from './migration-changes.ts';
import { omit, type VirtualMachine, type VirtualMachineInstance as Vmi } from './objects.ts';
import { createLauncherPod, formatLauncherImage, formatPodName, placePod, runPod } from './pod-objects.ts';
import { createPowerWriters, notReady, type PowerInput, type PowerStep, setStatus } from './power-writers.ts';
import type { StepContext } from './steps.ts';
import { releaseOf } from './traits.ts';
import {
  condition,
  createVmi,
  deriveAgentStatus,
  deriveRunningStatus,
  NODE_NAME_LABEL,
  setCondition,
  setVmiPhase,
  VMI_FINALIZER,
} from './vm-objects.ts';

export function startSteps(input: PowerInput): readonly PowerStep[] {
  const { vm, vmi, pod } = createPowerWriters(input);
  const release = releaseOf(input.kubevirt);
  return [
    createInstanceStep(input, ({ vm: owner, nowMs }) => (owner === undefined ? undefined : createVmi(owner, input.vmiUid, nowMs))),
    vm('VmStarting', 'update-status', (current, { nowMs }) =>
      setStatus(omitRequests(current), {
        created: true,
        ready: false,
        printableStatus: 'Starting',
        conditions: notReady(current, nowMs, 'Guest VM is not reported as running'),
      }),
    ),
    vmi('InstancePending', (current, { nowMs }) => setVmiPhase(current, 'Pending', nowMs)),
    {
      name: 'PodCreated',
      row: 0,
      resource: 'pods',
      namespace: input.namespace,
      objectName: formatPodName(input.vmName, input.podUid),
      verb: 'create',
      apply: (_current, { vmi: owner, nowMs }) =>
        owner === undefined
          ? undefined
          : createLauncherPod(
              { name: formatPodName(input.vmName, input.podUid), uid: input.podUid, vmi: owner, image: formatLauncherImage(release) },
              nowMs,
            ),
    },
    vmi('InstanceScheduling', (current, { nowMs }) =>
      setVmiPhase(current, 'Scheduling', nowMs, {
        activePods: { [input.podUid]: '' },
        conditions: [condition('Ready', 'False', nowMs, 'GuestNotRunning', 'Guest VM is not reported as running')],
        launcherContainerImageVersion: formatLauncherImage(release),
        qosClass: 'Burstable',
        runtimeUser: 107,
      }),
    ),
    {
      ...pod('PodPlaced', 'update', (current, { nowMs, host }) => (host === null ? current : placePod(current, host, nowMs))),
      schedules: true,
    },
    // virt-controller lists where each pod is as soon as it is bound; nodeName comes with Scheduled only.
    vmi('InstancePlaced', (current, { host }) =>
      host === null
        ? current
        : setPods(current, (pods) => {
            pods[input.podUid] = host;
          }),
    ),
    pod('PodReady', 'update-status', (current, { nowMs }) => runPod(current, nowMs)),
    vmi('InstanceScheduled', (current, { nowMs, host }) => {
      if (host === null) return current;
      const labels = { ...current.metadata.labels, [NODE_NAME_LABEL]: host };
      const placed = removeVmiCondition({ ...current, metadata: { ...current.metadata, labels } }, 'PodScheduled');
      return setVmiPhase(placed, 'Scheduled', nowMs, { nodeName: host });
    }),
    vmi('InstanceRunning', (current, { nowMs }) => setVmiPhase(current, 'Running', nowMs, deriveRunningStatus(current, nowMs))),
    vm('VmRunning', 'update-status', (current, { nowMs, vmi: instance }) =>
      setStatus(
        { ...current, status: omit(current.status, 'startFailure') },
        {
          created: true,
          ready: true,
          printableStatus: 'Running',
          conditions: [condition('Ready', 'True', nowMs), ...(instance?.status.conditions ?? []).filter(({ type }) => type !== 'Ready')],
        },
      ),
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

export const createInstanceStep = (input: PowerInput, create: (context: StepContext) => Vmi | undefined): PowerStep => ({
  name: 'InstanceCreated',
  row: 0,
  resource: 'virtualmachineinstances',
  namespace: input.namespace,
  objectName: input.vmName,
  verb: 'create',
  apply: (_current, context) => create(context),
});

/** Every launcher pod of the instance goes, one at a time: change.ts finds them. */
export const podGoneStep = (input: PowerInput): PowerStep => ({
  name: 'PodGone',
  row: 0,
  resource: 'pods',
  namespace: input.namespace,
  objectName: '',
  verb: 'delete',
  apply: () => undefined,
});

/** The instance goes: deletionTimestamp, Succeeded, no finalizer, gone. */
export function endInstanceSteps(input: PowerInput): readonly PowerStep[] {
  const { vmi, remove } = createPowerWriters(input);
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
    podGoneStep(input),
    vmi('InstanceGone', (current) => {
      const finalizers = (current.metadata.finalizers ?? []).filter((finalizer) => finalizer !== VMI_FINALIZER);
      return { ...current, metadata: { ...current.metadata, finalizers } };
    }),
  ];
}
