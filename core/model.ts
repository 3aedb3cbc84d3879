/**
 * The model: what Hostview says about a cluster. Terms as in SPEC.md, section 1; one word per thing.
 *
 * Two kinds of fields, never mixed (T8): *derived* ones come from the forwarder and are a pure function of the
 * Kubernetes objects that exist now; *remembered* ones are added by the room, on the room's clock.
 *
 * All times are milliseconds since the Unix epoch on the room's clock, unless a field says otherwise.
 */

/** A cluster's registered name: a DNS label of at most 63 characters. */
export type ClusterName = string;
/** A host's name: `metadata.name` of the Kubernetes Node. */
export type HostName = string;
/** `namespace/name` of a VM. Unique within a cluster; a restarted VM keeps it. */
export type VmId = string;
/** `metadata.uid` of a VirtualMachineInstanceMigration. */
export type MigrationId = string;

export const VM_STATES = [
  'running',
  'paused',
  'starting',
  'stopping',
  'off',
  'not-ready',
  'unschedulable',
  'provisioning',
  'error',
  'terminating',
  'restarting',
  'unknown',
  'waiting-for-receiver',
] as const;
/** What a VM is doing, apart from moving. A migrating VM has a {@link Transit} besides. */
export type VmState = (typeof VM_STATES)[number];

export const TRANSIT_STAGES = ['queued', 'scheduling', 'preparing', 'transferring', 'switching', 'finishing', 'aborting'] as const;
/**
 * How far a migration in flight has come.
 * `queued` waits and has not started · `scheduling` the target pod is being placed · `preparing` the target gets ready ·
 * `transferring` memory is copied · `switching` the guest is handed over · `finishing` it runs on the target, KubeVirt tidies up ·
 * `aborting` an abort was asked for.
 */
export type TransitStage = (typeof TRANSIT_STAGES)[number];

export const CAUSES = ['user', 'drain', 'upgrade', 'hotplug', 'storage', 'rebalance', 'cross-cluster', 'unknown'] as const;
/** Who or what asked for a migration (harvester/harvester#8924). */
export type Cause = (typeof CAUSES)[number];

export const OUTCOMES = ['succeeded', 'failed', 'aborted', 'unknown'] as const;
/** How a migration ended. `unknown` when nothing that is left says so (T3, T7). */
export type Outcome = (typeof OUTCOMES)[number];

export const DANGERS = ['post-copy', 'dead-host', 'io-error', 'manual-recovery', 'not-converging'] as const;
/** Something a person must know before touching the VM or its host. */
export type Danger = (typeof DANGERS)[number];

export const HOST_STATES = ['active', 'cordoned', 'draining', 'entering-maintenance', 'maintenance', 'unavailable', 'in-progress'] as const;
/**
 * A host's state, Harvester's names. `unavailable`: the kubelet says it is not ready. `in-progress`: the kubelet has stopped
 * reporting, so nothing about the host is known (harvester/harvester#1035).
 */
export type HostState = (typeof HOST_STATES)[number];

export interface Host {
  readonly name: HostName;
  /** The annotation `harvesterhci.io/host-custom-name`, where it is set. */
  readonly displayName?: string;
  readonly state: HostState;
  /** Why the state is what it is, as Kubernetes words it. Empty where nothing needs saying. */
  readonly reasons: readonly string[];
  readonly roles: readonly string[];
  readonly zone?: string;
  /** Allocatable CPU, in cores. */
  readonly cpu?: number;
  /** Allocatable memory, in bytes. */
  readonly memory?: number;
}

/** A migration in flight, as derived from the objects that exist now. */
export interface DerivedTransit {
  readonly id: MigrationId;
  readonly stage: TransitStage;
  readonly cause: Cause;
  readonly from: HostName | null;
  /** Where it goes; null until KubeVirt has chosen. */
  readonly to: HostName | null;
  /** The host somebody asked for, which may differ from `to` (harvester/harvester#4352). */
  readonly requested?: HostName;
  /** 0 to 100, where it can be known. Not part of the digest (U9). */
  readonly progress?: number;
  /** Why it waits, where it can be known. */
  readonly waitingFor?: string;
}

export interface Transit extends DerivedTransit {
  /** Remembered: when the room first saw it. */
  readonly startedAt: number;
}

export interface Migratable {
  readonly ok: boolean;
  readonly reason?: string;
}

interface VmFacts {
  readonly id: VmId;
  readonly namespace: string;
  readonly name: string;
  readonly displayName?: string;
  /** T1: `VMI.status.nodeName`, and nothing else; null where there is no guest or no node yet. */
  readonly host: HostName | null;
  readonly state: VmState;
  readonly reason?: string;
  readonly migratable: Migratable;
  readonly danger?: readonly Danger[];
  /** Virtual CPUs. */
  readonly cpu?: number;
  /** Guest memory, in bytes. */
  readonly memory?: number;
  readonly os?: string;
}

/** What the forwarder says of a VM. */
export interface DerivedVm extends VmFacts {
  /** The VMI's uid: one run of the VM (T4). Null when it has none. Stays between forwarder and room. */
  readonly uid: string | null;
  readonly transit?: DerivedTransit;
}

/** The end of a VM's newest finished migration (remembered). */
export interface LastMigration {
  readonly outcome: Outcome;
  readonly cause: Cause;
  readonly from: HostName | null;
  readonly to: HostName | null;
  readonly reason?: string;
  /** Null when it ended while nobody was watching: the room's clock cannot say when (T6). */
  readonly endedAt: number | null;
  /** How many in a row did not succeed, this one included. Absent when it is none or one. */
  readonly tries?: number;
}

/** A VM as everybody sees it: derived and remembered fields together. */
export interface Vm extends VmFacts {
  readonly transit?: Transit;
  readonly lastMigration?: LastMigration;
}

/** A migration that is over, sent by the forwarder once per VMIM uid (T8). */
export interface FinishedMigration {
  readonly id: MigrationId;
  readonly vm: VmId;
  readonly outcome: Outcome;
  readonly cause: Cause;
  readonly from: HostName | null;
  readonly to: HostName | null;
  readonly reason?: string;
  /** The VMIM's creation, on the API server's clock; orders migrations of one VM, never a duration (T6). Null where the VMIM is gone. */
  readonly createdAt: number | null;
}

export interface ClusterSummary {
  readonly cluster: ClusterName;
  readonly displayName?: string;
  readonly lastHeard: number | null;
  readonly hosts: { readonly total: number; readonly up: number };
  readonly vms: { readonly total: number; readonly byState: Readonly<Partial<Record<VmState, number>>> };
  /** Migrations in flight, queued ones included. */
  readonly transits: number;
  /** VMs whose newest finished migration failed. */
  readonly failures: number;
  /** Null until the first sync was committed. */
  readonly cursor: string | null;
}

export const vmIdOf = (namespace: string, name: string): VmId => `${namespace}/${name}`;
