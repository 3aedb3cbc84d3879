/**
 * The names of a migration's object updates, the row of the timeline each belongs to, and what a migration is planned from.
 *
 *   row  1 VMIM created · 2 Pending · 3 target pod · 4 Scheduling, Scheduled · 5 hand-off: VMI.migrationState is replaced ·
 *        6 PreparingTarget · 7 target address, TargetReady · 8 started, Running · 9 the target has the guest ·
 *       10 nodeName flips (≥ 1.6), or the end is mirrored first (≤ 1.5) · 11 completed · 12 target label off ·
 *       13 VMIM final · 14 one pod again, Harvester's annotations off
 */
import type { MigrationPriority, StringMap } from './objects.ts';
import type { Step } from './steps.ts';
import type { KubeVirtVersion } from './traits.ts';

/** Every step's name and its row in the timeline; 0 for the steps of an abort, which the table does not have. */
export const MIGRATION_ROWS = {
  TargetRequested: 1,
  Created: 1,
  HarvesterPending: 1,
  VmTouchedPending: 1,
  Pending: 2,
  PodCreated: 3,
  TargetPodCreated: 3,
  Scheduling: 4,
  HarvesterMigrating: 4,
  VmTouchedMigrating: 4,
  PodUnschedulable: 4,
  PodPlaced: 4,
  TargetPodScheduled: 4,
  PodReady: 4,
  Scheduled: 4,
  HandedOver: 5,
  PreparingTarget: 6,
  TargetAddressKnown: 7,
  TargetReady: 7,
  Started: 8,
  Running: 8,
  VmMigrating: 8,
  TargetDomainDetected: 9,
  TargetDomainReady: 9,
  /** Up to 1.5: the source mirrors the end, completed included, while nodeName is still the source. */
  SourceEnded: 10,
  Switched: 10,
  VmRunning: 10,
  Completed: 11,
  TargetLabelRemoved: 12,
  Succeeded: 13,
  StateCopied: 13,
  FinalizerRemoved: 13,
  SourcePodGone: 14,
  PodsSettled: 14,
  HarvesterCleared: 14,
  VmTouchedCleared: 14,
  SourceFailed: 10,
  TargetPodDown: 10,
  InstanceLost: 10,
  VmLost: 10,
  Failed: 13,
  TargetPodGone: 14,
  AbortRequested: 0,
  AbortConditionSet: 0,
  HarvesterAborting: 0,
  VmTouchedAborting: 0,
  AbortReachedInstance: 0,
  Aborting: 0,
  Aborted: 0,
  AbortFailed: 0,
  /** KubeVirt's garbage collection takes the oldest of more than five finished VMIMs. */
  Collected: 0,
} as const;
export type MigrationStepName = keyof typeof MIGRATION_ROWS;
export type MigrationStep = Step<MigrationStepName>;

export type MigrationOutcome =
  | 'succeeded'
  | 'failed'
  | 'failed-before-handoff'
  | 'unschedulable'
  /** The target pod goes after the hand-off, before the copy has begun. */
  | 'target-pod-down'
  /** The guest itself is lost, as when post-copy fails. */
  | 'lost'
  | 'aborted'
  | 'aborted-before-handoff'
  /** The abort reaches the source too late, and the migration succeeds. */
  | 'abort-lost';
/** Who asks for it; it decides the VMIM's name and marks. */
export type MigrationCause = 'harvester' | 'virtctl' | 'evacuation' | 'descheduler' | 'workload-update' | 'api';

export interface MigrationInput {
  readonly kubevirt: KubeVirtVersion;
  readonly cause: MigrationCause;
  readonly outcome: MigrationOutcome;
  readonly namespace: string;
  readonly vmName: string;
  readonly vmimName: string;
  /** Used at the creation only; a real API server gives its own, and everything later reads it from the VMIM. */
  readonly vmimUid: string;
  readonly source: string;
  readonly target: string;
  /** The host somebody asked for. */
  readonly requested?: string;
  /** The scheduler has no choice: it is `target`, whatever was asked for and whether there is room. */
  readonly placed?: boolean;
  /** Default: what the cause says (KubeVirt ≥ 1.7). */
  readonly priority?: MigrationPriority;
  /** What the creator put on the VMIM besides. */
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly sourcePod: string;
  readonly targetPod: string;
  readonly targetPodUid: string;
  readonly targetAddress: string;
  readonly copyMs?: number;
  readonly busy?: boolean;
  readonly failureReason?: string;
  /** With outcome `failed`: the step after which it fails. */
  readonly failAfter?: MigrationStepName;
  /** Whether a failed migration is `completed` too; the version's way without it. */
  readonly completesFailed?: boolean;
  /** What the scheduler says where it finds no host. */
  readonly schedulerMessage?: string;
  /** With an abort: the step after which it is asked for. */
  readonly abortAfter?: MigrationStepName;
}

/** The canonical order; a plan may lack some of them. */
const ORDER: readonly string[] = Object.keys(MIGRATION_ROWS);
const orderOf = (name: MigrationStepName): number => ORDER.indexOf(name);
export const isBefore = (name: MigrationStepName, other: MigrationStepName): boolean => orderOf(name) < orderOf(other);
/** Whether a step is part of the way to success, not of a failure or an abort. */
export const isMainStep = (name: MigrationStepName): boolean => isBefore(name, 'SourceFailed');
