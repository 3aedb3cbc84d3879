/**
 * The model: what Hostview says about a cluster. Terms as in SPEC.md, section 1; one word per thing.
 *
 * Two kinds of fields, never mixed (T8): *derived* ones come from the forwarder and are a pure function of the
 * Kubernetes objects that exist now; *remembered* ones are added by the room, on the room's clock.
 *
 * All times are milliseconds since the Unix epoch on the room's clock, unless a field says otherwise.
 */

import type { Cause, Danger, DrainAnswer, HostState, Outcome, TransitStage, WaitReason } from './kinds.ts';

export * from './kinds.ts';

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

/**
 * A host that is being emptied: cordoned, draining, or on its way into maintenance. Every VM that is `here` counts once: in one of
 * `moving`, `stopping`, `waiting` and `stuck`, or in none of them where nobody has asked it to leave.
 */
export interface DerivedDrain {
  /** VMs whose host this is. */
  readonly here: number;
  /** Of them: on the way to another host. */
  readonly moving: number;
  /** Of them: shutting down. */
  readonly stopping: number;
  /** Of them: asked to leave, and waiting. */
  readonly waiting: number;
  /** Of them: cannot be moved; each VM says why. */
  readonly stuck: number;
  /** VMs that are not here, but on their way, or still need this host. */
  readonly arriving: number;
  /** Whether the host may be powered off as far as VMs and etcd are concerned. Volumes are not looked at. */
  readonly safe: boolean;
  readonly because: DrainAnswer;
}

/** With what the room remembers of it. */
export interface Drain extends DerivedDrain {
  /** How many VMs were here while it was being emptied; at least, where it began unwatched. */
  readonly were: number;
  /** When it began; null where it began while nobody was watching. */
  readonly since: number | null;
  /** When VMs left, oldest first: the last {@link MAX_LEAVING_COUNT}, and since some last left unseen. Absent where none did. */
  readonly leftAt?: readonly number[];
}

interface HostFacts {
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

/** What the forwarder says of a host. */
export interface DerivedHost extends HostFacts {
  readonly drain?: DerivedDrain;
}

/** A host as everybody sees it. */
export interface Host extends HostFacts {
  readonly drain?: Drain;
}

/** What a VM that is to move waits for. */
export interface Wait {
  readonly reason: WaitReason;
  /** As Kubernetes words it. */
  readonly detail?: string;
  /** With a limit: how many migrations run or are about to. */
  readonly used?: number;
  readonly limit?: number;
  /** The limit is KubeVirt's default, because the cluster's own setting may not be read. */
  readonly assumed?: true;
  /** Whose limit it is. */
  readonly host?: HostName;
  /** With `backoff`: how many tries failed in a row, and how long KubeVirt waits after the last of them. */
  readonly failures?: number;
  readonly seconds?: number;
  /** Place among the migrations that wait for a slot, from 1: by priority, then by age. KubeVirt promises no order, so it is an estimate. */
  readonly place?: number;
}

/** The other side of a cross-cluster migration (KubeVirt ≥ 1.6, VEP-24). */
export interface Peer {
  /** `out`: the guest leaves this cluster (`spec.sendTo`); `in`: it comes (`spec.receive`). */
  readonly direction: 'out' | 'in';
  /** The `migrationID` that both sides share. */
  readonly pair?: string;
  /** The host over there, a name of the other cluster: it may equal one of this cluster's by chance. */
  readonly host?: HostName;
}

/** A migration in flight, as derived from the objects that exist now. */
export interface DerivedTransit {
  readonly id: MigrationId;
  readonly stage: TransitStage;
  readonly cause: Cause;
  /** What the cause was read from, `field=value` (harvester/harvester#8924). */
  readonly evidence?: string;
  /** Null where it comes from another cluster. */
  readonly from: HostName | null;
  /** Where it goes; null until KubeVirt has chosen, and where it leaves the cluster. */
  readonly to: HostName | null;
  /** The host somebody asked for, which may differ from `to` (harvester/harvester#4352). */
  readonly requested?: HostName;
  /** KubeVirt has suspended the guest so that the migration can finish (mode Paused). */
  readonly suspended?: true;
  readonly peer?: Peer;
  /** Why it waits, where it can be known. */
  readonly waitingFor?: Wait;
}

export interface Transit extends DerivedTransit {
  /** Remembered: when the room first saw it. */
  readonly startedAt: number;
  /** Remembered: the cause that the objects showed before, where they now show less (a VMIM that is gone, a condition that went). */
  readonly remembered?: { readonly cause: Cause; readonly evidence?: string };
}

/** The best that is known of why it moves. */
export const causeOf = (transit: Transit): { readonly cause: Cause; readonly evidence?: string } => transit.remembered ?? transit;

/** A VM that was asked to leave its host and has no migration yet (KubeVirt ≤ 1.8 creates only as many as may run). */
export interface Evacuation {
  readonly from: HostName;
  readonly waitingFor: Wait;
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
  readonly evacuation?: Evacuation;
  readonly danger?: readonly Danger[];
  /** Virtual CPUs. */
  readonly cpu?: number;
  /** Guest memory, in bytes. */
  readonly memory?: number;
  readonly os?: string;
  /**
   * Those of its Kubernetes labels whose keys the forwarder was told to send (U7); absent where it has none of them. A value can be empty,
   * and a key can be called as what every object inherits (`toString`): look with `Object.hasOwn`.
   */
  readonly labels?: Readonly<Record<string, string>>;
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
  readonly evidence?: string;
  readonly from: HostName | null;
  /** Null where it left the cluster, and where no object that was seen named a target: there may have been none. */
  readonly to: HostName | null;
  readonly requested?: HostName;
  /** One line, from wherever it was recorded. */
  readonly reason?: string;
  /** Null when it ended while nobody was watching: the room's clock cannot say when (T6). */
  readonly endedAt: number | null;
  /** How many in a row did not succeed, this one included. Absent when it is none or one. */
  readonly tries?: number;
  /** It failed again and again, and nobody but the cluster asks for it: it will go on until a person steps in (harvester/harvester#5306). */
  readonly loop?: true;
  /** How long the guest stood still. Absent where that is not known. */
  readonly blackoutMs?: number;
}

/** Where a VM was before it was where it is. */
export interface PreviousPlace {
  readonly host: HostName;
  /** When it was no longer seen there; null where it left while nobody was watching. */
  readonly until: number | null;
}

/** A VM as everybody sees it: derived and remembered fields together. */
export interface Vm extends VmFacts {
  readonly transit?: Transit;
  readonly lastMigration?: LastMigration;
  readonly previous?: PreviousPlace;
}

/** A migration that is over, sent by the forwarder once per VMIM uid, and again where more of it has become known (T8). */
export interface FinishedMigration {
  readonly id: MigrationId;
  readonly vm: VmId;
  readonly outcome: Outcome;
  readonly cause: Cause;
  readonly evidence?: string;
  readonly from: HostName | null;
  readonly to: HostName | null;
  readonly requested?: HostName;
  readonly reason?: string;
  /** The VMIM's creation, on the API server's clock; orders migrations of one VM, never a duration (T6). Null where the VMIM is gone. */
  readonly createdAt: number | null;
  /** Its end, on virt-controller's clock, which ends all of them: the better order where it is known. Never a duration (T6). */
  readonly overAt?: number;
}

/**
 * How migrations ended within about an hour, in intervals of five minutes that begin at multiples of it (recent.ts reads them). Only those
 * whose end was watched: the others have no time (T6).
 */
export interface RecentEnds {
  /** When the first interval began. */
  readonly from: number;
  /** Of each interval, oldest first; both are of one length. */
  readonly succeeded: readonly number[];
  readonly failed: readonly number[];
}

/** What hosts can give to VMs, and what the VMs are given: no measure of use. */
export interface CapacitySum {
  /** Of the hosts that are up; null where that of one of them is not known. */
  readonly allocatable: number | null;
  /** Of the VMs that are on a host. */
  readonly given: number;
  /** How many of these have a size that is not known, and are left out; absent where none has. */
  readonly unknown?: number;
}

export interface ClusterCapacity {
  /** In cores, and in virtual CPUs. */
  readonly cpu: CapacitySum;
  /** In bytes. */
  readonly memory: CapacitySum;
}

export interface ClusterSummary {
  readonly cluster: ClusterName;
  readonly displayName?: string;
  /** Its room did not answer: nothing of what follows is known (T7). */
  readonly unknown?: true;
  readonly lastHeard: number | null;
  readonly hosts: { readonly total: number; readonly up: number };
  readonly vms: { readonly total: number; readonly byState: Readonly<Partial<Record<VmState, number>>> };
  /** Migrations in flight, queued ones included. */
  readonly transits: number;
  /** VMs whose newest finished migration failed. */
  readonly failures: number;
  /** Absent where nobody has summed it. */
  readonly capacity?: ClusterCapacity;
  /** Null where none ended; what of it lies within the last hour is for whoever looks to say. */
  readonly recent: RecentEnds | null;
  /** Null until the first sync was committed. */
  readonly cursor: string | null;
}

export const vmIdOf = (namespace: string, name: string): VmId => `${namespace}/${name}`;
