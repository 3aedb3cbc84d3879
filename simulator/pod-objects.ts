/**
 * virt-launcher pods: one for each instance, and one more on the target of a migration. Its uid is the key in the VMI's
 * `status.activePods`. The small changes that the scheduler and the kubelets write to them are pure.
 */
import { type Condition, formatTime, type JsonObject, type ObjectMeta, type StringMap, type VirtualMachineInstance } from './objects.ts';
import { condition, setCondition } from './vm-objects.ts';

const LAUNCHER_LABEL = 'kubevirt.io';
const LAUNCHER = 'virt-launcher';
export const CREATED_BY_LABEL = 'kubevirt.io/created-by';
export const VM_NAME_LABEL = 'vm.kubevirt.io/name';
export const MIGRATION_JOB_LABEL = 'kubevirt.io/migrationJobUID';
const MIGRATION_JOB_ANNOTATION = 'kubevirt.io/migrationJobName';

export interface Pod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: ObjectMeta;
  readonly spec: {
    /** Absent until the scheduler has found one. */
    readonly nodeName?: string;
    readonly containers: readonly JsonObject[];
    readonly nodeSelector?: StringMap;
    readonly restartPolicy: 'Never' | 'Always';
    readonly terminationGracePeriodSeconds: number;
  };
  readonly status: {
    readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly JsonObject[];
    readonly qosClass?: string;
    readonly startTime?: string;
    readonly podIP?: string;
  };
}

export interface LauncherPlan {
  readonly name: string;
  readonly uid: string;
  readonly vmi: VirtualMachineInstance;
  /** The migration whose target it is. */
  readonly vmim?: { readonly name: string; readonly uid: string } | undefined;
  readonly image: string;
  readonly nodeSelector?: StringMap | undefined;
}

/** A launcher pod is known by its uid; the name follows from it, so that today's source is yesterday's target. */
export const formatPodName = (vmName: string, podUid: string): string => `virt-launcher-${vmName}-${podUid.slice(0, 5)}`;

export const formatLauncherImage = (release: string): string => `kubevirt/virt-launcher:${release}`;

export function createLauncherPod({ name, uid, vmi, vmim, image, nodeSelector }: LauncherPlan, nowMs: number): Pod {
  const { metadata, spec } = vmi;
  const requests = spec.domain.resources?.requests;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      uid,
      resourceVersion: '',
      creationTimestamp: formatTime(nowMs),
      annotations: {
        'kubevirt.io/domain': metadata.name,
        'kubevirt.io/migrationTransportUnix': 'true',
        ...(vmim === undefined ? {} : { [MIGRATION_JOB_ANNOTATION]: vmim.name }),
      },
      labels: {
        [LAUNCHER_LABEL]: LAUNCHER,
        [CREATED_BY_LABEL]: metadata.uid,
        [VM_NAME_LABEL]: metadata.name,
        ...(vmim === undefined ? {} : { [MIGRATION_JOB_LABEL]: vmim.uid }),
      },
      ownerReferences: [
        {
          apiVersion: 'kubevirt.io/v1',
          blockOwnerDeletion: true,
          controller: true,
          kind: 'VirtualMachineInstance',
          name: metadata.name,
          uid: metadata.uid,
        },
      ],
    },
    spec: {
      containers: [{ name: 'compute', image, ...(requests === undefined ? {} : { resources: { requests } }) }],
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 150,
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}

const withCondition = (pod: Pod, next: Condition): Pod => ({
  ...pod,
  status: { ...pod.status, conditions: setCondition(pod.status.conditions, next) },
});

const containerOf = (pod: Pod, isRunning: boolean, time: string): JsonObject => ({
  name: 'compute',
  image: String(pod.spec.containers[0]?.image ?? ''),
  imageID: '',
  ready: isRunning,
  started: isRunning,
  restartCount: 0,
  state: isRunning ? { running: { startedAt: time } } : { waiting: { reason: 'ContainerCreating' } },
});

/** The scheduler found a host, and the kubelet there begins. */
export function placePod(pod: Pod, host: string, nowMs: number): Pod {
  const time = formatTime(nowMs);
  const placed = withCondition(pod, condition('PodScheduled', 'True', nowMs));
  const containerStatuses = [containerOf(pod, false, time)];
  return {
    ...placed,
    spec: { ...pod.spec, nodeName: host },
    status: {
      ...placed.status,
      conditions: setCondition(
        placed.status.conditions,
        condition('Ready', 'False', nowMs, 'ContainersNotReady', 'containers with unready status: [compute]'),
      ),
      containerStatuses,
      startTime: time,
    },
  };
}

/** The scheduler found none; `message` is its own. */
export const unplacePod = (pod: Pod, message: string, nowMs: number): Pod =>
  withCondition(pod, condition('PodScheduled', 'False', nowMs, 'Unschedulable', message));

export function runPod(pod: Pod, nowMs: number): Pod {
  const ready = withCondition(pod, condition('Ready', 'True', nowMs));
  return { ...ready, status: { ...ready.status, phase: 'Running', containerStatuses: [containerOf(pod, true, formatTime(nowMs))] } };
}

export const isPodReady = ({ status }: Pod): boolean =>
  (status.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');

/** What the node controller writes to the pods of a host that is not ready, and takes back. */
export const setPodReady = (pod: Pod, status: 'True' | 'False', nowMs: number): Pod =>
  withCondition(pod, status === 'True' ? condition('Ready', 'True', nowMs) : condition('Ready', 'False', nowMs, 'NodeNotReady'));

export const isPodOf = (pod: Pod, vmiUid: string): boolean => pod.metadata.labels?.[CREATED_BY_LABEL] === vmiUid;
