/**
 * What a simulated cluster offers to those who drive it: tests, the demo, a benchmark. Made by `createCluster` (cluster.ts),
 * served by `serveCluster` (api-server.ts), moved on its own by `startAutopilot` (autopilot.ts).
 *
 * Nothing here waits for a timer: a move, a change of power, or a drain is a list of object updates, and each `step()` makes
 * exactly the next one visible to lists and watches.
 */
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { MigrationCause, MigrationOutcome, MigrationStepName } from './migration-timeline.ts';
import type { ObjectStore } from './object-store.ts';
import type {
  ClusterObject,
  MigrationPriority,
  ObjectTypes,
  ResourceName,
  RunStrategy,
  StringMap,
  VirtualMachineInstanceMigration,
} from './objects.ts';
import type { PowerStepName } from './power-writers.ts';
import type { Random } from './random.ts';
import type { KubeVirtVersion, Traits } from './traits.ts';

export interface ClusterOptions {
  /** The cluster's name; the uid of kube-system is a pure function of it. Default `harvester`. */
  readonly name?: string;
  readonly hosts?: number;
  readonly vms?: number;
  /** Seed of names, sizes, and everything that looks like chance. */
  readonly seed?: number;
  /** 2 moves twice as fast. Timers only; timestamps stay those of the clock. */
  readonly speed?: number;
  /** Default 1.6, which Harvester 1.7 bundles. */
  readonly kubevirt?: KubeVirtVersion;
  /** How many of the VMs beyond the first twelve have a device of their host, and so cannot move. Default: one in a hundred. */
  readonly deviceShare?: number;
  /** Tells one run's uids from another's. Default: the clock's time at the start. */
  readonly runId?: string;
  readonly clock?: Clock;
  /** Namespaces besides those of the VMs, default, harvester-system and kube-system. */
  readonly namespaces?: readonly string[];
  /** How many past writes of each resource a watch can start from. */
  readonly historyCount?: number;
  /** KubeVirt's limits; the defaults are KubeVirt's own. */
  readonly parallelMigrationsPerCluster?: number;
  readonly parallelOutboundMigrationsPerNode?: number;
  /** Harvester's Seeder knows the hosts' hardware: one Inventory each. */
  readonly inventories?: boolean;
  /** One more host, which is a third voice in etcd and runs no VM. */
  readonly witness?: boolean;
}

export interface VmRef {
  readonly namespace: string;
  readonly name: string;
}

/** What one `step()` made visible. */
export interface StepReport<Name extends string = string> {
  readonly name: Name;
  /** Row of the migration timeline, 1 to 14 (migration-timeline.ts); 0 where the step is not part of a migration. */
  readonly row: number;
  readonly verb: 'create' | 'update' | 'update-status' | 'delete';
  readonly resource: ResourceName;
  /** The object as it is now; undefined when it is gone. */
  readonly object: ClusterObject | undefined;
}

export interface MigrateInput extends VmRef {
  /** The host that is asked for. Without it the scheduler chooses. */
  readonly to?: string;
  /** Default `succeeded`. */
  readonly outcome?: MigrationOutcome;
  /** Default `harvester` (somebody chose a host in Harvester's page) with `to`, else `virtctl`. */
  readonly cause?: MigrationCause;
  /** It lands on `to`, whatever the scheduler would say; `requested` is then only Harvester's note of what was asked for. */
  readonly placed?: boolean;
  readonly requested?: string;
  readonly priority?: MigrationPriority;
  readonly labels?: StringMap;
  readonly failureReason?: string;
  /** How long its memory takes to be copied where it plays by itself, at speed 1; else a share of the whole. */
  readonly copyMs?: number;
  /** The guest changes its memory as fast as it is copied. It decides the numbers only, not how it ends. */
  readonly busy?: boolean;
  /** With outcome `failed`: the step after which it fails. */
  readonly failAfter?: MigrationStepName;
  readonly completesFailed?: boolean;
  readonly schedulerMessage?: string;
  /** Something besides KubeVirt's limits that keeps it in Pending, in words; null when nothing does. */
  readonly hold?: () => string | null;
  /** With outcome `aborted` or `aborted-before-handoff`: the step after which the VMIM is deleted. */
  readonly abortAfter?: MigrationStepName;
}

/** Anything that is made of object updates, one at a time. */
export interface Playable {
  readonly done: boolean;
  /** Null when it is over, or while it has to wait. */
  step(): StepReport | null;
}

/** Each report is one object update that has just become visible; null means that time has to pass. */
export type Updates = Generator<StepReport | null, void>;

export interface Move extends VmRef {
  readonly vmimName: string;
  readonly from: string;
  /** The host it goes to; it may still change while the migration waits in Pending. */
  readonly to: string;
  readonly done: boolean;
  /** Why the next step cannot be made now (KubeVirt's limits on parallel migrations), else null. */
  readonly waitingFor: string | null;
  /** How long the copy of its memory takes at speed 1; null where nobody has said. */
  readonly copyMs: number | null;
  readonly busy: boolean;
  /** The step made last. */
  readonly at: MigrationStepName | null;
  /** The steps still to come, in order. */
  readonly remaining: readonly MigrationStepName[];
  /** Makes the next object update visible. Null when the move is over, or while `waitingFor` holds it. */
  step(): StepReport<MigrationStepName> | null;
  /** Steps until `name` has been made. Throws where that will not happen. */
  stepTo(name: MigrationStepName): StepReport<MigrationStepName>;
  /** Makes all remaining steps. Throws while `waitingFor` holds it. */
  finish(): readonly StepReport<MigrationStepName>[];
  /** Deletes the VMIM, as a person aborts a migration; too late after the switch-over, as in KubeVirt. */
  abort(): void;
  /** Plays the remaining steps on the cluster's clock, spread over about `durationMs` (divided by the cluster's speed). */
  play(durationMs?: number): void;
}

/** A VirtualMachineInstanceMigration as a client sends it. */
export interface SubmittedMigration {
  readonly namespace: string;
  /** Ends in `-` where Kubernetes is to complete it. */
  readonly generateName?: string;
  readonly name?: string;
  readonly vmiName: string;
  readonly requested?: string;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
}

/** A change of a VM's power or existence, in steps. */
export interface Change extends VmRef {
  readonly done: boolean;
  /** Why the next step cannot be made now (no host has room), else null. */
  readonly waitingFor: string | null;
  readonly remaining: readonly PowerStepName[];
  step(): StepReport<PowerStepName> | null;
  finish(): readonly StepReport<PowerStepName>[];
  play(durationMs?: number): void;
  /** The rest of it will not happen; the objects stay as they are. */
  cancel(): void;
}

/** Harvester's maintenance mode of a host, in steps: request, cordon, evacuation, completed. */
export interface Drain {
  readonly host: string;
  /** `refused`: a VM cannot leave and nothing says to shut it down, as Harvester checks first. */
  readonly state: 'entering' | 'evacuating' | 'completed' | 'refused' | 'cancelled';
  /** The evacuation's moves that are not over. */
  readonly moves: readonly Move[];
  readonly done: boolean;
  /** One object update; null when there is nothing to do now. */
  step(): StepReport | null;
  finish(): readonly StepReport[];
  /** On the cluster's clock; the evacuation's moves play by themselves. `outcomeOf` decides how each of them ends. */
  play(outcomeOf?: (vm: VmRef) => MigrationOutcome): void;
}

export interface EvacuationOptions {
  /** Default true: the guests are evicted, which marks them. KubeVirt's drain taint does without. */
  readonly evicts?: boolean;
  readonly outcomeOf?: (vm: VmRef) => MigrationOutcome;
  /** What keeps the evacuation of a VM in Pending besides KubeVirt's limits. */
  readonly holdOf?: (vm: VmRef) => string | null;
}

export interface DrainOptions extends Pick<EvacuationOptions, 'outcomeOf' | 'holdOf'> {
  readonly force?: boolean;
}

export interface StartOptions {
  /** Where it is to start; the scheduler chooses without it. */
  readonly host?: string | undefined;
}

export interface NewVm extends VmRef {
  readonly os?: string;
  readonly cpuCores?: number;
  readonly memoryGiB?: number;
  readonly runStrategy?: RunStrategy;
  /** Where it starts; the scheduler chooses without it. */
  readonly host?: string;
}

export interface Cluster {
  readonly name: string;
  readonly kubevirt: KubeVirtVersion;
  readonly traits: Traits;
  readonly speed: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly store: ObjectStore;
  readonly faults: Faults;

  /** A uid that no earlier run of this cluster has used. */
  createUid(what: string): string;
  get<R extends ResourceName>(resource: R, namespace: string | undefined, name: string): ObjectTypes[R] | undefined;
  list<R extends ResourceName>(resource: R): readonly ObjectTypes[R][];
  /** Every migration that is not over. */
  readonly moves: readonly Move[];
  /** Every change of power that is not over. */
  readonly changes: readonly Change[];

  /** Starts a migration: nothing is visible until the first step. */
  migrate(input: MigrateInput): Move;
  /** Why KubeVirt's admission would refuse a migration of this VM now, in its words; null when it would not. */
  refusalOf(vm: VmRef): string | null;
  /** A VMIM that came over HTTP: created at once, then played by itself. The caller has asked `refusalOf` before. */
  submit(migration: SubmittedMigration): VirtualMachineInstanceMigration;
  /** A DELETE of a VMIM: an abort where it is in flight. Undefined when the object is gone. */
  removeMigration(namespace: string, name: string): VirtualMachineInstanceMigration | undefined;
  /** The running move of a VM, also of a VMIM that came over HTTP. */
  moveOf(vm: VmRef): Move | null;
  /** A migration or a change of power is at it. */
  isBusy(vm: VmRef): boolean;

  start(vm: VmRef, options?: StartOptions): Change;
  stop(vm: VmRef): Change;
  /** Stop and start: a new VMI of the same name, with a new uid. */
  restart(vm: VmRef, options?: StartOptions): Change;
  /** What the VM controller does with a VMI that Failed: deletes it and starts another one. */
  rerun(vm: VmRef, options?: StartOptions): Change;
  pause(vm: VmRef): Change;
  unpause(vm: VmRef): Change;
  createVm(input: NewVm): Change;
  deleteVm(vm: VmRef): Change;
  /** A VMI that no VM owns. */
  createInstance(input: NewVm): Change;
  deleteInstance(vm: VmRef): Change;

  /** Condition Ready of a host, and its taint; its pods and VMIs lose or regain Ready with it. Visible at once. */
  setHostReady(host: string, status: 'True' | 'False' | 'Unknown'): void;
  cordon(host: string): void;
  uncordon(host: string): void;
  drain(host: string, options?: DrainOptions): Drain;
  /** KubeVirt's part of it alone: whoever can leave the host does. */
  evacuate(host: string, options?: EvacuationOptions): Playable;
  /** Out of maintenance: annotations off, uncordoned, and what the drain shut down is started again. */
  endMaintenance(host: string): readonly Change[];
  /** Cancels everything that plays, the autopilot included. The objects stay as they are. */
  halt(): void;
  /** One round of virt-handler and kubelet heartbeats: noise on every Node. */
  beat(): void;
}
