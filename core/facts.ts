/**
 * Facts: the few fields of Kubernetes objects that the model is derived from. `forwarder/projector.ts` makes them;
 * it alone knows Kubernetes JSON. Absent strings are absent, never empty.
 */
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
  /** Condition Ready; `Unknown` also when it is missing: the kubelet has stopped reporting. */
  readonly ready: Condition;
  /** `spec.unschedulable` */
  readonly cordoned: boolean;
  /** Annotation `harvesterhci.io/maintain-status`. */
  readonly maintainStatus?: 'running' | 'completed';
  /** Annotation `harvesterhci.io/drain-requested`. */
  readonly drainRequested: boolean;
  /** Taint `kubevirt.io/drain` (KubeVirt's default drain taint): its VMs are to leave. */
  readonly drainTaint: boolean;
  readonly roles: readonly string[];
  readonly zone?: string;
  /** Allocatable, in cores. */
  readonly cpu?: number;
  /** Allocatable, in bytes. */
  readonly memory?: number;
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
  readonly displayName?: string;
  readonly os?: string;
  readonly cpu?: number;
  readonly memory?: number;
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
  /** `status.evacuationNodeName` */
  readonly evacuatingFrom?: string;
  /** Annotation `kubevirt.io/eviction-source`. */
  readonly evictionSource?: string;
  /** Annotation `harvesterhci.io/migrationUID`. */
  readonly harvesterMigrationUid?: string;
  /** Annotation `harvesterhci.io/migrationTargetNodeName`. */
  readonly harvesterTarget?: string;
  /** `status.migratedVolumes` is not empty, or condition VolumesChange holds: a storage migration. */
  readonly volumesChange: boolean;
  readonly displayName?: string;
  readonly os?: string;
  readonly cpu?: number;
  readonly memory?: number;
}

/** A VirtualMachineInstanceMigration. */
export interface VmimFact {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly vmiName: string;
  /** `status.phase`; empty before the first status. */
  readonly phase: string;
  readonly deleting: boolean;
  /** metadata.creationTimestamp, on the API server's clock. */
  readonly createdAt: number | null;
  /** Condition migrationAbortRequested is True. */
  readonly abortRequested: boolean;
  readonly conditions: readonly Condition[];
  /** `spec.addedNodeSelector["kubernetes.io/hostname"]` (KubeVirt ≥ 1.6). */
  readonly requestedHost?: string;
  /** Annotation `kubevirt.io/evacuationMigration`: the host that is being emptied. */
  readonly evacuatingFrom?: string;
  /** Annotation `kubevirt.io/workloadUpdateMigration` is set. */
  readonly workloadUpdate: boolean;
  /** `spec.priority` (KubeVirt ≥ 1.7). */
  readonly priority?: string;
  /** `spec.sendTo` or `spec.receive` is set. */
  readonly crossCluster: boolean;
  /** `status.migrationState`: in flight it holds only sourcePod (kubevirt#12260), so it counts only once the VMIM is over. */
  readonly migration?: MigrationStateFact;
}
