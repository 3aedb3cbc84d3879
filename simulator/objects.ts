/**
 * The Kubernetes objects a simulated cluster holds, as TypeScript types: those fields that the simulator itself reads or
 * changes. Objects are never changed in place; every write makes a new one, so a list or a watch may keep what it was given.
 */

import type { ConfigMap } from './handler-objects.ts';
import type { Pod } from './pod-objects.ts';
import type { Inventory, KubeVirt, Upgrade, VirtualMachineRestore } from './system-objects.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };
export type StringMap = Readonly<Record<string, string>>;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  /** One global, rising number per cluster; empty until the object is stored. */
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
  readonly generation?: number;
  readonly generateName?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastProbeTime?: string | null;
  readonly lastTransitionTime?: string | null;
  readonly lastHeartbeatTime?: string;
}

export interface Taint {
  readonly key: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  readonly value?: string;
  readonly timeAdded?: string;
}

export interface Node {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly podCIDR?: string;
    readonly providerID?: string;
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
  };
  readonly status: {
    readonly capacity: StringMap;
    readonly allocatable: StringMap;
    readonly conditions: readonly Condition[];
    readonly addresses: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo: StringMap;
    readonly daemonEndpoints?: JsonObject;
  };
}

export interface Namespace {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly finalizers: readonly string[] };
  readonly status: { readonly phase: 'Active' };
}

export interface Lease {
  readonly apiVersion: 'coordination.k8s.io/v1';
  readonly kind: 'Lease';
  readonly metadata: ObjectMeta;
  readonly spec: JsonObject;
}

/** `spec` of a VMI and of a VM's template. */
export interface VmiSpec {
  readonly architecture: 'amd64';
  readonly domain: {
    readonly cpu: {
      readonly cores: number;
      readonly sockets: number;
      readonly threads: number;
      readonly maxSockets?: number;
      readonly model?: string;
    };
    readonly memory: { readonly guest: string; readonly maxGuest?: string };
    readonly devices: JsonObject;
    readonly features?: JsonObject;
    readonly firmware?: JsonObject;
    readonly machine?: JsonObject;
    readonly resources?: JsonObject;
  };
  readonly evictionStrategy: string;
  readonly hostname: string;
  readonly networks: readonly JsonObject[];
  readonly nodeSelector?: StringMap;
  readonly terminationGracePeriodSeconds: number;
  readonly volumes: readonly JsonObject[];
}

export type RunStrategy = 'Always' | 'RerunOnFailure' | 'Halted' | 'Manual' | 'WaitAsReceiver';

export interface VirtualMachine {
  readonly apiVersion: 'kubevirt.io/v1';
  readonly kind: 'VirtualMachine';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly runStrategy: RunStrategy;
    /** `Migration`: changed volumes are copied by a live migration (KubeVirt ≥ 1.3). */
    readonly updateVolumesStrategy?: string;
    readonly template: { readonly metadata: { readonly labels: StringMap; readonly annotations?: StringMap }; readonly spec: VmiSpec };
  };
  readonly status: {
    readonly created?: boolean;
    readonly ready?: boolean;
    readonly printableStatus: string;
    readonly runStrategy?: RunStrategy;
    readonly conditions?: readonly Condition[];
    readonly desiredGeneration?: number;
    readonly observedGeneration?: number;
    readonly startFailure?: {
      readonly consecutiveFailCount: number;
      readonly lastFailedVMIUID?: string;
      readonly retryAfterTimestamp?: string;
    };
    readonly stateChangeRequests?: readonly { readonly action: 'Start' | 'Stop'; readonly uid?: string }[];
    readonly volumeSnapshotStatuses?: readonly JsonObject[];
  };
}

/** One side of a migration (KubeVirt ≥ 1.6). */
export interface MigrationSide {
  readonly node?: string;
  /** Of a migration between clusters: where the side's synchronization controller is. */
  readonly syncAddress?: string;
  readonly pod?: string;
  /** Upper-case D here, lower-case d in {@link MigrationState.migrationUid}. */
  readonly migrationUID?: string;
  readonly domainName?: string;
  readonly domainNamespace?: string;
  readonly virtualMachineInstanceUID?: string;
  readonly domainDetected?: boolean;
  readonly domainReadyTimestamp?: string;
  readonly nodeAddress?: string;
  readonly directMigrationNodePorts?: Readonly<Record<string, number>>;
}

/** `status.migrationState` of a VMI; a VMIM that is over carries a copy. Booleans are absent when false. */
export interface MigrationState {
  readonly migrationUid?: string;
  readonly sourceNode?: string;
  readonly sourcePod?: string;
  readonly targetNode?: string;
  readonly targetPod?: string;
  readonly targetNodeAddress?: string;
  readonly targetDirectMigrationNodePorts?: Readonly<Record<string, number>>;
  readonly targetNodeDomainDetected?: boolean;
  readonly targetNodeDomainReadyTimestamp?: string;
  readonly startTimestamp?: string;
  readonly endTimestamp?: string;
  readonly mode?: 'PreCopy' | 'PostCopy' | 'Paused';
  readonly completed?: boolean;
  readonly failed?: boolean;
  readonly failureReason?: string;
  readonly abortRequested?: boolean;
  readonly abortStatus?: 'Aborting' | 'Succeeded' | 'Failed';
  readonly migrationNetworkType?: string;
  readonly migrationConfiguration?: JsonObject;
  readonly sourceState?: MigrationSide;
  readonly targetState?: MigrationSide;
}

export interface PhaseTransition {
  readonly phase: string;
  readonly phaseTransitionTimestamp: string;
}

export interface VirtualMachineInstance {
  readonly apiVersion: 'kubevirt.io/v1';
  readonly kind: 'VirtualMachineInstance';
  readonly metadata: ObjectMeta;
  readonly spec: VmiSpec;
  readonly status: {
    readonly phase?: string;
    readonly reason?: string;
    readonly nodeName?: string;
    readonly evacuationNodeName?: string;
    /** Pod uid to node; an empty node until the pod is scheduled. */
    readonly activePods?: StringMap;
    readonly conditions?: readonly Condition[];
    readonly phaseTransitionTimestamps?: readonly PhaseTransition[];
    readonly migrationMethod?: string;
    readonly migrationTransport?: string;
    readonly migrationState?: MigrationState;
    /** Volumes that a migration is copying. */
    readonly migratedVolumes?: readonly JsonObject[];
    readonly guestOSInfo?: JsonObject;
    readonly currentCPUTopology?: JsonObject;
    readonly memory?: JsonObject;
    readonly machine?: JsonObject;
    readonly interfaces?: readonly JsonObject[];
    readonly volumeStatus?: readonly JsonObject[];
    readonly launcherContainerImageVersion?: string;
    readonly qosClass?: string;
    readonly runtimeUser?: number;
    readonly selinuxContext?: string;
    readonly virtualMachineRevisionName?: string;
  };
}

export type VmimPhase =
  | 'WaitingForSync'
  | 'Synchronizing'
  | 'Pending'
  | 'Scheduling'
  | 'Scheduled'
  | 'PreparingTarget'
  | 'TargetReady'
  | 'Running'
  | 'Succeeded'
  | 'Failed';

export type MigrationPriority = 'system-critical' | 'user-triggered' | 'system-maintenance';

export interface VirtualMachineInstanceMigration {
  readonly apiVersion: 'kubevirt.io/v1';
  readonly kind: 'VirtualMachineInstanceMigration';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly vmiName: string;
    readonly addedNodeSelector?: StringMap;
    readonly priority?: MigrationPriority;
    /** To, or from, another cluster (KubeVirt ≥ 1.6). */
    readonly sendTo?: { readonly migrationID: string; readonly connectURL: string };
    readonly receive?: { readonly migrationID: string };
  };
  /** Absent until virt-controller has seen it. */
  readonly status?: {
    readonly phase?: VmimPhase;
    readonly phaseTransitionTimestamps?: readonly PhaseTransition[];
    readonly conditions?: readonly Condition[];
    /** In flight it holds `sourcePod` only (kubevirt#12260). */
    readonly migrationState?: MigrationState;
  };
}

/** Every resource the cluster serves, by its plural name. */
export interface ObjectTypes {
  readonly nodes: Node;
  readonly namespaces: Namespace;
  readonly configmaps: ConfigMap;
  readonly leases: Lease;
  readonly virtualmachines: VirtualMachine;
  readonly virtualmachineinstances: VirtualMachineInstance;
  readonly virtualmachineinstancemigrations: VirtualMachineInstanceMigration;
  readonly pods: Pod;
  readonly kubevirts: KubeVirt;
  readonly inventories: Inventory;
  readonly upgrades: Upgrade;
  readonly virtualmachinerestores: VirtualMachineRestore;
}

export type ResourceName = keyof ObjectTypes;
export type ClusterObject = ObjectTypes[ResourceName];

/** A copy of a record without some keys. */
export function omit<T extends object, K extends keyof T>(record: T, ...keys: readonly K[]): Omit<T, K> {
  const copy = { ...record };
  for (const key of keys) delete copy[key];
  return copy;
}

/** Kubernetes' metav1.Time: whole seconds. */
export const formatTime = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
