/**
 * Facts: the few fields of Kubernetes objects that the model is derived from. `forwarder/projector.ts` makes them;
 * it alone knows Kubernetes JSON. Absent strings are absent, never empty.
 *
 * `malformed`: what of the object cannot be understood (a field of another type, no status at all). Such an object is never
 * guessed at: what it says is unknown, and says so (T7).
 */
import type { Labels } from './labels.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

/** A Kubernetes Node. */
export interface HostFact {
  readonly name: string;
  readonly displayName?: string;
  /** Condition Ready. `Unknown` with a reason: the kubelet has stopped reporting; without one: the Node has no such condition. */
  readonly ready: Condition;
  /** Conditions that say that it runs out of something, as far as they are True. */
  readonly pressures: readonly Condition[];
  /** `spec.unschedulable` */
  readonly cordoned: boolean;
  /** Annotation `harvesterhci.io/maintain-status`. */
  readonly maintainStatus?: 'running' | 'completed';
  /** Annotation `harvesterhci.io/drain-requested`. */
  readonly drainRequested: boolean;
  /** Keys of the taints of effect NoSchedule or NoExecute. */
  readonly taints: readonly string[];
  /** Harvester's condition Drained: false while it waits for the VMs of a dead host. */
  readonly drained?: boolean;
  /** Label `kubevirt.io/schedulable` is `false`: virt-handler does not report, or the host cannot run VMs. */
  readonly handlerSilent: boolean;
  /** etcd was set up with another address than the host now has (Harvester calls that an error). */
  readonly etcdAddressConflict?: string;
  readonly roles: readonly string[];
  /** Its role, or Harvester's witness label, says that it runs etcd; or that it is a control plane, which may. */
  readonly votes?: 'etcd' | 'control-plane';
  readonly zone?: string;
  /** Allocatable, in cores. */
  readonly cpu?: number;
  /** Allocatable, in bytes. */
  readonly memory?: number;
}

/** What Harvester's Seeder knows of a host's power (`inventories.metal.harvesterhci.io` in harvester-system, named as the Node). */
export interface PowerFact {
  readonly name: string;
  /** `spec.powerActionRequested`, while `status.powerAction.actionStatus` is missing. */
  readonly requested?: 'shutdown' | 'poweron' | 'reboot';
  /** `status.machinePowerState` */
  readonly isOff: boolean;
}

/** A VirtualMachine: the wish. */
export interface VmFact {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly deleting: boolean;
  /** Whether it is meant to run; null where the object does not say (run strategies Manual, RerunOnFailure, Once). */
  readonly wantsRunning: boolean | null;
  readonly printableStatus?: string;
  readonly conditions: readonly Condition[];
  /** Annotation `restore.harvesterhci.io/name`: the restore it was made by, which may be over. */
  readonly restore?: string;
  /** Annotation `harvesterhci.io/clone-backend-storage-status`. */
  readonly cloning?: 'cloning' | 'failed';
  /** Annotation `harvesterhci.io/insufficient-resource-quota`: why Harvester does not let it start. */
  readonly quotaMessage?: string;
  readonly displayName?: string;
  readonly os?: string;
  readonly cpu?: number;
  readonly memory?: number;
  /** Of the keys that are asked for: its own labels, or its template's ("instance labels") where it has no such label of its own. */
  readonly labels?: Labels;
  readonly malformed?: string;
}

/** `status.migrationState` of a VMI, or of a VMIM that is over. It counts only for the migration whose uid it carries (T2). */
export interface MigrationStateFact {
  /** `migrationUid`; null where the object does not carry one (VMIM before 1.6 copies). */
  readonly migrationUid: string | null;
  readonly sourceNode: string | null;
  readonly targetNode: string | null;
  /** startTimestamp is set. */
  readonly started: boolean;
  /** targetNodeDomainReadyTimestamp is set: the guest was resumed on the target. */
  readonly targetReady: boolean;
  /** endTimestamp is set. */
  readonly ended: boolean;
  readonly completed: boolean;
  readonly failed: boolean;
  readonly abortRequested: boolean;
  readonly abortStatus?: string;
  readonly failureReason?: string;
  readonly mode?: string;
  /** `sourceState` and `targetState` name two different VMIs: the guest moves from one to the other (KubeVirt ≥ 1.6). */
  readonly sourceVmi?: string;
  readonly targetVmi?: string;
}

/** A VirtualMachineInstance: the fact. */
export interface VmiFact {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** metadata.creationTimestamp, on the API server's clock: a migration older than the VMI belongs to an earlier run (T4). */
  readonly createdAt: number | null;
  readonly deleting: boolean;
  /** `status.phase`; empty before the first status. */
  readonly phase: string;
  readonly reason?: string;
  /** `status.nodeName` (T1). */
  readonly nodeName: string | null;
  readonly conditions: readonly Condition[];
  readonly migration?: MigrationStateFact;
  /** For each entry of `status.activePods` its host, empty where there is none. The list can be stale (kubevirt#12773). */
  readonly podHosts: readonly string[];
  /** `status.evacuationNodeName` */
  readonly evacuatingFrom?: string;
  /** `spec.evictionStrategy` */
  readonly evictionStrategy?: string;
  /** Annotation `kubevirt.io/eviction-source`. */
  readonly evictionSource?: string;
  /** Annotation `harvesterhci.io/migrationUID`. */
  readonly harvesterMigrationUid?: string;
  /** Annotation `harvesterhci.io/migrationTargetNodeName`. */
  readonly harvesterTarget?: string;
  /** Label `harvesterhci.io/maintain-mode-strategy`: what maintenance of its host does with it. */
  readonly maintainStrategy?: string;
  /** `spec.nodeSelector["kubernetes.io/hostname"]`: it can run nowhere else. */
  readonly pinnedTo?: string;
  /** `status.migratedVolumes` is not empty, or condition VolumesChange holds: a storage migration. */
  readonly volumesChange: boolean;
  /** Label `kubevirt.io/outdatedLauncherImage`: KubeVirt was upgraded under it. */
  readonly outdatedLauncher: boolean;
  readonly displayName?: string;
  readonly os?: string;
  readonly cpu?: number;
  readonly memory?: number;
  /** Of the keys that are asked for: its own labels. They count where there is no VirtualMachine. */
  readonly labels?: Labels;
  readonly malformed?: string;
}

/** A VirtualMachineInstanceMigration. */
export interface VmimFact {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly vmiName: string;
  /** `status.phase`; empty before the first status. */
  readonly phase: string;
  /** The phases that `status.phaseTransitionTimestamps` lists; empty where it is missing. */
  readonly phases: readonly string[];
  readonly deleting: boolean;
  /** metadata.creationTimestamp, on the API server's clock. */
  readonly createdAt: number | null;
  /** When it became Succeeded or Failed, on virt-controller's clock, which writes all of them. */
  readonly overAt: number | null;
  /** Condition migrationAbortRequested is True. */
  readonly abortRequested: boolean;
  readonly conditions: readonly Condition[];
  /** `spec.addedNodeSelector["kubernetes.io/hostname"]` (KubeVirt ≥ 1.6). */
  readonly requestedHost?: string;
  /** Annotation `kubevirt.io/evacuationMigration`: the host that is being emptied. */
  readonly evacuatingFrom?: string;
  /** Annotation `kubevirt.io/workloadUpdateMigration` is set. */
  readonly workloadUpdate: boolean;
  /** Label `kubevirt.io/volume-update-migration` is set. */
  readonly volumeUpdate: boolean;
  /** `spec.priority` (KubeVirt ≥ 1.7). */
  readonly priority?: string;
  /** `out`: `spec.sendTo` is set; `in`: `spec.receive` is. */
  readonly direction?: 'out' | 'in';
  /** `migrationID` of sendTo or receive, which both sides share. */
  readonly pair?: string;
  /** `status.migrationState`: in flight it holds only sourcePod (kubevirt#12260), so it counts only once the VMIM is over. */
  readonly migration?: MigrationStateFact;
  readonly malformed?: string;
}

/** The virt-launcher pod of a migration's target (label `kubevirt.io/migrationJobUID`). */
export interface PodFact {
  readonly namespace: string;
  readonly name: string;
  readonly migrationUid: string;
  /** Label `kubevirt.io/created-by`: the VMI's uid. */
  readonly vmiUid?: string;
  /** Its phase is Succeeded or Failed: nothing runs in it any more. */
  readonly ended: boolean;
  /** `spec.nodeName`: where the scheduler has put it. */
  readonly nodeName: string | null;
  /** Condition PodScheduled is False with reason Unschedulable: the scheduler's words. */
  readonly unschedulable?: string;
}

/** The KubeVirt object: how many migrations may run at once. */
export interface KubeVirtFact {
  readonly namespace: string;
  readonly name: string;
  /** `spec.configuration.migrations.parallelMigrationsPerCluster` */
  readonly perCluster?: number;
  /** `spec.configuration.migrations.parallelOutboundMigrationsPerNode` */
  readonly perHost?: number;
  /** `spec.configuration.migrations.nodeDrainTaintKey` */
  readonly drainTaint?: string;
  /** `spec.configuration.evictionStrategy`: of VMs that name none. */
  readonly evictionStrategy?: string;
}

/** An upgrade of Harvester (`upgrades.harvesterhci.io`). */
export interface UpgradeFact {
  readonly namespace: string;
  readonly name: string;
  /** Condition Completed is Unknown: it goes on. */
  readonly active: boolean;
  /** `status.nodeStatuses`: host and state, such as Pre-draining. */
  readonly hostStates: readonly { readonly host: string; readonly state: string }[];
}

/** A restore of a VM from a backup (`virtualmachinerestores.harvesterhci.io`). */
export interface RestoreFact {
  readonly namespace: string;
  readonly name: string;
  /** `status.complete` */
  readonly complete: boolean;
}

export interface FactOf {
  readonly host: HostFact;
  readonly vm: VmFact;
  readonly vmi: VmiFact;
  readonly vmim: VmimFact;
  readonly pod: PodFact;
  readonly kubevirt: KubeVirtFact;
  readonly power: PowerFact;
  readonly upgrade: UpgradeFact;
  readonly restore: RestoreFact;
}
export type FactKind = keyof FactOf;

/** Without these there is no picture. */
export const REQUIRED_KINDS = ['host', 'vm', 'vmi', 'vmim'] as const satisfies readonly FactKind[];
/** What makes it richer where the cluster has them and the role allows it. */
export const OPTIONAL_KINDS = ['pod', 'kubevirt', 'power', 'upgrade', 'restore'] as const satisfies readonly FactKind[];
export type OptionalKind = (typeof OPTIONAL_KINDS)[number];
