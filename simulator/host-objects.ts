/** Nodes as Harvester 1.7 has them, and the namespaces of the cluster. */
import { type Condition, formatTime, type Namespace, type Node, omit, type StringMap, type Taint } from './objects.ts';

export const MAINTAIN_STATUS = 'harvesterhci.io/maintain-status';
export const DRAIN_REQUESTED = 'harvesterhci.io/drain-requested';
export const DRAIN_FORCED = 'harvesterhci.io/drain-forced';
/** virt-handler patches it about once a minute. */
export const HEARTBEAT = 'kubevirt.io/heartbeat';
const HOSTNAME_LABEL = 'kubernetes.io/hostname';
/** KubeVirt's own: whoever puts it on a node asks for all of its guests to leave. */
export const DRAIN_TAINT = 'kubevirt.io/drain';
export const SCHEDULABLE_LABEL = 'kubevirt.io/schedulable';
export const WITNESS_LABEL = 'node-role.harvesterhci.io/witness';
const UNSCHEDULABLE_TAINT = 'node.kubernetes.io/unschedulable';
const CONTROL_PLANE_COUNT = 3;
const ZONES = ['zone-a', 'zone-b', 'zone-c'] as const;

export interface HostPlan {
  readonly name: string;
  /** From 0. */
  readonly index: number;
  readonly cpuCores: number;
  readonly memoryGiB: number;
  readonly uid: string;
}

/** `harv-1` … `harv-3`, or `harv-001` … `harv-100`: as wide as the last one, so they sort. */
export const formatHostName = (index: number, count: number): string => `harv-${String(index + 1).padStart(String(count).length, '0')}`;

const readyReason = { True: 'KubeletReady', False: 'KubeletNotReady', Unknown: 'NodeStatusUnknown' } as const;
const readyMessage = {
  True: 'kubelet is posting ready status',
  False: 'container runtime is down',
  Unknown: 'Kubelet stopped posting node status.',
} as const;

function deriveConditions(ready: 'True' | 'False' | 'Unknown', time: string, since: string): readonly Condition[] {
  const pressure = (type: string, reason: string, message: string): Condition =>
    ready === 'Unknown'
      ? {
          type,
          status: 'Unknown',
          reason: readyReason.Unknown,
          message: readyMessage.Unknown,
          lastHeartbeatTime: time,
          lastTransitionTime: since,
        }
      : { type, status: 'False', reason, message, lastHeartbeatTime: time, lastTransitionTime: since };
  return [
    pressure('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    pressure('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    pressure('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    {
      type: 'Ready',
      status: ready,
      reason: readyReason[ready],
      message: readyMessage[ready],
      lastHeartbeatTime: time,
      lastTransitionTime: since,
    },
    {
      type: 'EtcdIsVoter',
      status: 'True',
      reason: 'MemberNotLearner',
      message: 'Node is a voting member of the etcd cluster',
      lastHeartbeatTime: time,
      lastTransitionTime: since,
    },
  ];
}

export function createNode(plan: HostPlan, nowMs: number): Node {
  const time = formatTime(nowMs);
  const address = `192.168.${10 + Math.floor(plan.index / 200)}.${11 + (plan.index % 200)}`;
  const controlPlane: StringMap =
    plan.index < CONTROL_PLANE_COUNT
      ? {
          'node-role.kubernetes.io/control-plane': 'true',
          'node-role.kubernetes.io/etcd': 'true',
          'node-role.kubernetes.io/master': 'true',
        }
      : {};
  const capacity: StringMap = {
    cpu: String(plan.cpuCores),
    memory: `${(plan.memoryGiB + 2) * 1024 * 1024}Ki`,
    'ephemeral-storage': '149527126718',
    'devices.kubevirt.io/kvm': '1k',
    pods: '200',
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: plan.name,
      uid: plan.uid,
      resourceVersion: '',
      creationTimestamp: time,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        cpumanager: 'false',
        'harvesterhci.io/managed': 'true',
        'kubernetes.io/arch': 'amd64',
        [HOSTNAME_LABEL]: plan.name,
        'kubernetes.io/os': 'linux',
        [SCHEDULABLE_LABEL]: 'true',
        ...controlPlane,
        'topology.kubernetes.io/zone': ZONES[plan.index % ZONES.length] ?? ZONES[0],
      },
      annotations: {
        'etcd.rke2.cattle.io/node-address': address,
        [HEARTBEAT]: time,
        'node.alpha.kubernetes.io/ttl': '0',
        'rke2.io/internal-ip': address,
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: { podCIDR: `10.52.${plan.index % 256}.0/24`, providerID: `rke2://${plan.name}` },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: plan.name },
      ],
      allocatable: { ...capacity, memory: `${plan.memoryGiB * 1024 * 1024}Ki` },
      capacity,
      conditions: deriveConditions('True', time, time),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: 'amd64',
        bootID: plan.uid,
        containerRuntimeVersion: 'containerd://2.1.4-k3s2',
        kernelVersion: '6.4.0-150600.23.60-default',
        kubeProxyVersion: 'v1.34.2+rke2r1',
        kubeletVersion: 'v1.34.2+rke2r1',
        machineID: plan.uid.replaceAll('-', ''),
        operatingSystem: 'linux',
        osImage: 'Harvester v1.7.0',
        systemUUID: plan.uid,
      },
    },
  };
}

export function createNamespace(name: string, uid: string, nowMs: number): Namespace {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid,
      resourceVersion: '',
      creationTimestamp: formatTime(nowMs),
      labels: { 'kubernetes.io/metadata.name': name },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

/** A copy with some annotations set, or (null) removed. */
export function annotate(node: Node, changes: Readonly<Record<string, string | null>>): Node {
  const annotations: Record<string, string> = { ...node.metadata.annotations };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete annotations[key];
    else annotations[key] = value;
  }
  return { ...node, metadata: { ...node.metadata, annotations } };
}

/** Without any of the marks of Harvester's maintenance. */
export const clearMaintenance = (node: Node): Node =>
  annotate(node, { [MAINTAIN_STATUS]: null, [DRAIN_REQUESTED]: null, [DRAIN_FORCED]: null });

/** `kubectl cordon`: the wish in spec, and the taint the node controller adds for it. */
export function cordonNode(node: Node, nowMs: number): Node {
  if (node.spec.unschedulable === true) return node;
  const taint: Taint = { key: UNSCHEDULABLE_TAINT, effect: 'NoSchedule', timeAdded: formatTime(nowMs) };
  return { ...node, spec: { ...node.spec, unschedulable: true, taints: [...(node.spec.taints ?? []), taint] } };
}

export function uncordonNode(node: Node): Node {
  if (node.spec.unschedulable !== true) return node;
  const taints = (node.spec.taints ?? []).filter((taint) => taint.key !== UNSCHEDULABLE_TAINT);
  const spec = omit(node.spec, 'unschedulable', 'taints');
  return { ...node, spec: taints.length === 0 ? spec : { ...spec, taints } };
}

export function setNodeReady(node: Node, ready: 'True' | 'False' | 'Unknown', nowMs: number): Node {
  const time = formatTime(nowMs);
  return { ...node, status: { ...node.status, conditions: deriveConditions(ready, time, time) } };
}

/** A third voice in etcd and nothing else: no VM ever runs there, and virt-handler does not either. */
export function makeWitness(node: Node): Node {
  const { [SCHEDULABLE_LABEL]: _schedulable, ...labels } = node.metadata.labels ?? {};
  const roles = { 'node-role.kubernetes.io/etcd': 'true', [WITNESS_LABEL]: 'true' };
  const { [HEARTBEAT]: _heartbeat, ...annotations } = node.metadata.annotations ?? {};
  const taint: Taint = { key: 'node-role.kubernetes.io/etcd', value: 'true', effect: 'NoExecute' };
  return {
    ...node,
    metadata: { ...node.metadata, annotations, labels: { ...labels, ...roles } },
    spec: { ...node.spec, taints: [taint] },
  };
}

export const labelNode = (node: Node, key: string, value: string): Node => ({
  ...node,
  metadata: { ...node.metadata, labels: { ...node.metadata.labels, [key]: value } },
});

export function taintNode(node: Node, taint: Taint): Node {
  return { ...node, spec: { ...node.spec, taints: [...(node.spec.taints ?? []), taint] } };
}

export function untaintNode(node: Node, key: string): Node {
  const taints = (node.spec.taints ?? []).filter((taint) => taint.key !== key);
  if (taints.length === (node.spec.taints ?? []).length) return node;
  const spec = omit(node.spec, 'taints');
  return { ...node, spec: taints.length === 0 ? spec : { ...spec, taints } };
}

export const setNodeCondition = (node: Node, type: string, change: Partial<Condition>, nowMs: number): Node => {
  const time = formatTime(nowMs);
  const conditions = node.status.conditions.map((found) =>
    found.type === type ? { ...found, ...change, lastHeartbeatTime: time, lastTransitionTime: time } : found,
  );
  return { ...node, status: { ...node.status, conditions } };
};

export const readReady = (node: Node): 'True' | 'False' | 'Unknown' =>
  node.status.conditions.find((condition) => condition.type === 'Ready')?.status ?? 'Unknown';

/** The kubelet's heartbeat; a kubelet that stopped has none. */
export function beatNode(node: Node, nowMs: number): Node {
  if (readReady(node) === 'Unknown') return node;
  const lastHeartbeatTime = formatTime(nowMs);
  return {
    ...node,
    status: { ...node.status, conditions: node.status.conditions.map((condition) => ({ ...condition, lastHeartbeatTime })) },
  };
}
