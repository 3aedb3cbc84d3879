/** VirtualMachines and VirtualMachineInstances as Harvester 1.7 makes them, and the small changes KubeVirt writes to them. */
import { GUEST_OS, isOsName, type VmPlan } from './inventory.ts';
import { type Condition, formatTime, type JsonObject, type VirtualMachine, type VirtualMachineInstance, type VmiSpec } from './objects.ts';
import { deriveUid } from './random.ts';
import { instanceLabelsOf, vmLabelsOf } from './vm-labels.ts';

export const VM_FINALIZER = 'kubevirt.io/virtualMachineControllerFinalize';
export const VMI_FINALIZER = 'foregroundDeleteVirtualMachine';
export const NODE_NAME_LABEL = 'kubevirt.io/nodeName';
/** What Harvester does with a VM that cannot be migrated when its host goes into maintenance. */
export const MAINTAIN_STRATEGY = 'harvesterhci.io/maintain-mode-strategy';
export const SHUTDOWN_AND_RESTART = 'ShutdownAndRestartAfterDisable';
/** The host that a drain shut a VM down on. */
export const MAINTAIN_STRATEGY_NODE = 'harvesterhci.io/maintain-mode-strategy-node-name';
const HOST_DEVICE = 'nvidia.com/AD104GL_L4';

const macOf = (key: string): string => {
  const hex = deriveUid('mac', key).replaceAll('-', '');
  return `0e:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}:${hex.slice(8, 10)}`;
};

function createVmiSpec(plan: VmPlan): VmiSpec {
  const key = `${plan.namespace}/${plan.name}`;
  const memory = `${plan.memoryGiB}Gi`;
  const hostDevices: JsonObject = plan.hostDevice ? { hostDevices: [{ deviceName: HOST_DEVICE, name: 'gpu-0' }] } : {};
  return {
    architecture: 'amd64',
    domain: {
      cpu: { cores: plan.cpuCores, sockets: 1, threads: 1, maxSockets: 4, model: 'host-model' },
      memory: { guest: memory },
      devices: {
        disks: [
          { bootOrder: 1, disk: { bus: 'virtio' }, name: 'disk-0' },
          { disk: { bus: 'virtio' }, name: 'cloudinitdisk' },
        ],
        ...hostDevices,
        inputs: [{ bus: 'usb', name: 'tablet', type: 'tablet' }],
        interfaces: [{ bridge: {}, macAddress: macOf(key), model: 'virtio', name: 'default' }],
      },
      features: { acpi: { enabled: true } },
      firmware: { serial: deriveUid('serial', key), uuid: deriveUid('firmware', key) },
      machine: { type: 'q35' },
      resources: {
        limits: { cpu: String(plan.cpuCores), memory },
        requests: { cpu: `${Math.ceil((plan.cpuCores * 1000) / 16)}m`, memory: `${Math.ceil((plan.memoryGiB * 1024) / 1.5)}Mi` },
      },
    },
    evictionStrategy: 'LiveMigrateIfPossible',
    hostname: plan.name,
    networks: [{ multus: { networkName: 'default/vlan-10' }, name: 'default' }],
    terminationGracePeriodSeconds: 120,
    volumes: [
      { name: 'disk-0', persistentVolumeClaim: { claimName: `${plan.name}-disk-0` } },
      // In the open, as many templates have it: whoever watches this cluster must not pass it on.
      {
        cloudInitNoCloud: { userData: `#cloud-config\nhostname: ${plan.name}\nchpasswd: { list: ['${plan.os}:not-a-real-password'] }\n` },
        name: 'cloudinitdisk',
      },
    ],
  };
}

/** A VirtualMachine that is off and has no instance yet. */
export function createVm(plan: VmPlan, uid: string, nowMs: number): VirtualMachine {
  const running = plan.power !== 'off';
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      uid,
      resourceVersion: '',
      generation: 1,
      creationTimestamp: formatTime(nowMs),
      annotations: {
        'harvesterhci.io/vmRunStrategy': 'RerunOnFailure',
        'harvesterhci.io/volumeClaimTemplates': '[]',
        'network.harvesterhci.io/ips': '[]',
      },
      finalizers: [VM_FINALIZER, 'wrangler.cattle.io/VMController.CleanupPVCAndSnapshot'],
      labels: {
        'harvesterhci.io/creator': 'harvester',
        'harvesterhci.io/os': plan.os,
        ...vmLabelsOf(plan.name),
        ...(plan.hostDevice ? { [MAINTAIN_STRATEGY]: SHUTDOWN_AND_RESTART } : {}),
      },
    },
    spec: {
      runStrategy: running ? 'RerunOnFailure' : 'Halted',
      template: {
        metadata: {
          annotations: { 'harvesterhci.io/sshNames': '[]' },
          labels: {
            'harvesterhci.io/vmName': plan.name,
            ...instanceLabelsOf(plan.name, plan.namespace),
            ...(plan.hostDevice ? { [MAINTAIN_STRATEGY]: SHUTDOWN_AND_RESTART } : {}),
          },
        },
        spec: createVmiSpec(plan),
      },
    },
    status: {
      printableStatus: 'Stopped',
      conditions: [condition('Ready', 'False', nowMs, 'VMINotExists', 'VMI does not exist')],
      volumeSnapshotStatuses: [
        { enabled: true, name: 'disk-0' },
        { enabled: false, name: 'cloudinitdisk', reason: 'Snapshot is not supported for this volumeSource type [cloudinitdisk]' },
      ],
    },
  };
}

/** A fresh run of a VM: the instance before anything has happened to it. */
export function createVmi(vm: VirtualMachine, uid: string, nowMs: number): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name: vm.metadata.name,
      ...(vm.metadata.namespace === undefined ? {} : { namespace: vm.metadata.namespace }),
      uid,
      resourceVersion: '',
      generation: 1,
      creationTimestamp: formatTime(nowMs),
      annotations: {
        ...vm.spec.template.metadata.annotations,
        'kubevirt.io/latest-observed-api-version': 'v1',
        'kubevirt.io/storage-observed-api-version': 'v1',
      },
      finalizers: [VMI_FINALIZER],
      labels: { ...vm.spec.template.metadata.labels, 'harvesterhci.io/creator': 'harvester' },
      ownerReferences: [
        {
          apiVersion: 'kubevirt.io/v1',
          blockOwnerDeletion: true,
          controller: true,
          kind: 'VirtualMachine',
          name: vm.metadata.name,
          uid: vm.metadata.uid,
        },
      ],
    },
    spec: vm.spec.template.spec,
    status: {},
  };
}

export function condition(type: string, status: Condition['status'], nowMs: number, reason?: string, message?: string): Condition {
  return {
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    lastProbeTime: null,
    lastTransitionTime: formatTime(nowMs),
  };
}

/** Conditions with one of a type set, in the place of an older one of that type. */
export const setCondition = (conditions: readonly Condition[] | undefined, next: Condition): readonly Condition[] => [
  ...(conditions ?? []).filter(({ type }) => type !== next.type),
  next,
];

export const setVmiPhase = (
  vmi: VirtualMachineInstance,
  phase: string,
  nowMs: number,
  more: Partial<VirtualMachineInstance['status']> = {},
): VirtualMachineInstance => ({
  ...vmi,
  status: {
    ...vmi.status,
    ...more,
    phase,
    phaseTransitionTimestamps: [...(vmi.status.phaseTransitionTimestamps ?? []), { phase, phaseTransitionTimestamp: formatTime(nowMs) }],
  },
});

/** A VMI's Ready as its pod's: False on a host that is not ready, while the phase stays Running. */
export const deriveVmiReady = (status: 'True' | 'False', nowMs: number): Condition =>
  status === 'True'
    ? condition('Ready', 'True', nowMs)
    : condition('Ready', 'False', nowMs, 'PodConditionFalse', 'the virt-launcher pod is not ready: its node is not');

export const hasDevice = (spec: VmiSpec): boolean => Array.isArray(spec.domain.devices.hostDevices);

/** What virt-handler reports of a guest that has just started. */
export function deriveRunningStatus(vmi: VirtualMachineInstance, nowMs: number): Partial<VirtualMachineInstance['status']> {
  const { cpu, memory, machine } = vmi.spec.domain;
  const migratable = hasDevice(vmi.spec)
    ? condition('LiveMigratable', 'False', nowMs, 'HostDeviceNotLiveMigratable', 'VMI uses a PCI host devices')
    : condition('LiveMigratable', 'True', nowMs);
  return {
    conditions: [condition('Ready', 'True', nowMs), migratable, condition('StorageLiveMigratable', 'True', nowMs)],
    currentCPUTopology: { cores: cpu.cores, sockets: cpu.sockets, threads: cpu.threads },
    memory: { guestAtBoot: memory.guest, guestCurrent: memory.guest, guestRequested: memory.guest },
    ...(machine === undefined ? {} : { machine: { type: 'pc-q35-9.2' } }),
    ...(hasDevice(vmi.spec) ? {} : { migrationMethod: 'LiveMigration' }),
    migrationTransport: 'Unix',
    volumeStatus: [
      { name: 'cloudinitdisk', size: 1048576, target: 'vdb' },
      {
        name: 'disk-0',
        persistentVolumeClaimInfo: {
          accessModes: ['ReadWriteMany'],
          capacity: { storage: '40Gi' },
          claimName: `${vmi.metadata.name}-disk-0`,
          requests: { storage: '40Gi' },
          volumeMode: 'Block',
        },
        target: 'vda',
      },
    ],
  };
}

/** What the guest agent adds a little later. */
export function deriveAgentStatus(vmi: VirtualMachineInstance, os: string, nowMs: number): Partial<VirtualMachineInstance['status']> {
  const name = isOsName(os) ? os : 'ubuntu';
  const hex = deriveUid('ip', vmi.metadata.namespace ?? '', vmi.metadata.name);
  const ipAddress = `10.10.${Number.parseInt(hex.slice(0, 2), 16)}.${2 + (Number.parseInt(hex.slice(2, 4), 16) % 250)}`;
  return {
    conditions: setCondition(vmi.status.conditions, condition('AgentConnected', 'True', nowMs)),
    guestOSInfo: GUEST_OS[name],
    interfaces: [
      {
        infoSource: 'domain, guest-agent, multus-status',
        interfaceName: 'enp1s0',
        ipAddress,
        ipAddresses: [ipAddress],
        linkState: 'up',
        mac: macOf(`${vmi.metadata.namespace}/${vmi.metadata.name}`),
        name: 'default',
        queueCount: 1,
      },
    ],
  };
}
