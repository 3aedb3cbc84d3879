/** Kubernetes objects as clusters have them, shortened only where nothing reads them. */

export const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'harv-2',
    uid: '1b0d6c1e-6f0a-4d8e-9a55-0f0e1c2d3b4a',
    resourceVersion: '8811',
    creationTimestamp: '2026-03-01T08:00:00Z',
    labels: {
      'kubernetes.io/hostname': 'harv-2',
      'topology.kubernetes.io/zone': 'rack-b',
      'node-role.kubernetes.io/etcd': 'true',
      'node-role.kubernetes.io/control-plane': 'true',
      'kubevirt.io/schedulable': 'true',
    },
    annotations: {
      'harvesterhci.io/host-custom-name': 'Rack B, left',
      'harvesterhci.io/maintain-status': 'running',
      'harvesterhci.io/drain-requested': 'true',
      'kubevirt.io/heartbeat': '2026-11-22T10:00:00Z',
    },
  },
  spec: {
    podCIDR: '10.52.1.0/24',
    unschedulable: true,
    taints: [
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
      { key: 'kubevirt.io/drain', effect: 'NoSchedule' },
    ],
  },
  status: {
    allocatable: { cpu: '15600m', memory: '64Gi', pods: '200' },
    conditions: [
      { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' },
      { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
    ],
  },
};

export const VM = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: {
    name: 'ubuntu-web-1',
    namespace: 'default',
    uid: 'e7b0a1a4-0000-4000-8000-000000000001',
    resourceVersion: '9001',
    creationTimestamp: '2026-03-02T08:00:00Z',
    labels: { 'harvesterhci.io/creator': 'harvester', 'harvesterhci.io/os': 'ubuntu' },
    annotations: { 'harvesterhci.io/vmDisplayName': 'Web shop', 'harvesterhci.io/timestamp': '2026-11-22T10:00:00Z' },
  },
  spec: {
    runStrategy: 'RerunOnFailure',
    template: {
      metadata: { labels: { 'harvesterhci.io/vmName': 'ubuntu-web-1' } },
      spec: {
        domain: {
          cpu: { cores: 2, sockets: 1, threads: 2 },
          memory: { guest: '3996Mi' },
          resources: { limits: { cpu: '2', memory: '4Gi' }, requests: { cpu: '125m', memory: '2730Mi' } },
        },
        volumes: [{ name: 'init', cloudInitNoCloud: { userData: '#cloud-config\npassword: not for anybody' } }],
        accessCredentials: [{ sshPublicKey: { source: { secret: { secretName: 'keys' } } } }],
      },
    },
  },
  status: {
    printableStatus: 'Running',
    created: true,
    ready: true,
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'LiveMigratable', status: 'True' },
    ],
  },
};

export const VMI = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  metadata: {
    name: 'ubuntu-web-1',
    namespace: 'default',
    uid: 'e7b0a1a4-0000-4000-8000-000000000002',
    resourceVersion: '9002',
    creationTimestamp: '2026-03-02T08:00:05Z',
    labels: { 'kubevirt.io/nodeName': 'harv-1', 'harvesterhci.io/os': 'ubuntu' },
    annotations: {
      'harvesterhci.io/migrationUID': 'e7b0a1a4-0000-4000-8000-000000000003',
      'harvesterhci.io/migrationState': 'Migrating',
      'harvesterhci.io/migrationTargetNodeName': 'harv-2',
      'kubevirt.io/eviction-source': 'descheduler',
    },
  },
  spec: {
    domain: { cpu: { cores: 2, sockets: 1, threads: 1 }, memory: { guest: '3996Mi' } },
    volumes: [{ name: 'init', cloudInitNoCloud: { userData: '#cloud-config\npassword: not for anybody' } }],
  },
  status: {
    phase: 'Running',
    nodeName: 'harv-1',
    evacuationNodeName: 'harv-1',
    activePods: { a: 'harv-1', b: '' },
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'LiveMigratable', status: 'False', reason: 'HostDeviceNotLiveMigratable', message: 'VMI uses a PCI host devices' },
    ],
    currentCPUTopology: { cores: 2, sockets: 2, threads: 1 },
    memory: { guestAtBoot: '3996Mi', guestCurrent: '8Gi' },
    guestOSInfo: { id: 'ubuntu', prettyName: 'Ubuntu 24.04.3 LTS' },
    interfaces: [{ ipAddress: '10.10.3.4' }],
    migrationState: {
      migrationUid: 'e7b0a1a4-0000-4000-8000-000000000003',
      sourceNode: 'harv-1',
      targetNode: 'harv-2',
      startTimestamp: '2026-11-22T10:00:03Z',
      targetNodeDomainReadyTimestamp: '2026-11-22T10:00:09Z',
      mode: 'PreCopy',
      migrationConfiguration: { bandwidthPerMigration: '0' },
    },
  },
};

export const VMIM = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstanceMigration',
  metadata: {
    name: 'kubevirt-evacuation-abcde',
    namespace: 'default',
    uid: 'e7b0a1a4-0000-4000-8000-000000000003',
    resourceVersion: '9003',
    creationTimestamp: '2026-11-22T10:00:00Z',
    deletionTimestamp: '2026-11-22T10:00:05Z',
    annotations: { 'kubevirt.io/evacuationMigration': 'harv-1', 'kubevirt.io/workloadUpdateMigration': '' },
  },
  spec: { vmiName: 'ubuntu-web-1', addedNodeSelector: { 'kubernetes.io/hostname': 'harv-2' }, priority: 'system-maintenance' },
  status: {
    phase: 'Running',
    conditions: [{ type: 'migrationAbortRequested', status: 'True' }],
    migrationState: { sourcePod: 'virt-launcher-ubuntu-web-1-aaaaa' },
  },
};

type Change = { readonly [field: string]: unknown };
/** A copy in which the fields at `path` are replaced; undefined removes one. */
export function changed(object: unknown, path: readonly string[], fields: Change): unknown {
  const [first, ...rest] = path;
  const base = typeof object === 'object' && object !== null ? { ...(object as Record<string, unknown>) } : {};
  if (first !== undefined) return { ...base, [first]: changed(base[first], rest, fields) };
  return JSON.parse(JSON.stringify({ ...base, ...fields }));
}
