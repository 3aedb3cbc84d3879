/**
 * Why one migration waits, from its own objects (domain.md 3.5, 3.6; virt-controller, migration.go, KubeVirt 1.9). Whether a slot is
 * free is a question of all migrations together: slots.ts.
 */
import type { MigrationStateFact, PodFact, VmiFact, VmimFact } from '../facts.ts';
import type { TransitStage, Wait, WaitReason } from '../model.ts';
import { formatExplanation } from '../text.ts';
import { findCondition } from './conditions.ts';

/** KubeVirt waits this long after a first failure, and twice as long after each further one. */
const FIRST_BACKOFF_SECONDS = 20;
/** KubeVirt keeps five finished migrations of a VM, so it cannot count further; a list without end must not make a number without end. */
const MAX_DOUBLINGS_COUNT = 16;

export interface Backoff {
  readonly failures: number;
  readonly seconds: number;
}

export interface WaitingMigration {
  readonly vmim: VmimFact;
  readonly vmi: VmiFact;
  /** Its target pod, where that may be read. */
  readonly pod: PodFact | undefined;
  readonly state: MigrationStateFact | undefined;
  readonly stage: TransitStage;
}

const KNOWN_PHASES = [
  '',
  'WaitingForSync',
  'Synchronizing',
  'Pending',
  'Scheduling',
  'Scheduled',
  'PreparingTarget',
  'TargetReady',
  'Running',
  'Succeeded',
  'Failed',
];

/** What holds it whether a slot is free or not; undefined where nothing of its own does. */
export function deriveWait({ vmim, vmi, pod, state, stage }: WaitingMigration): Wait | undefined {
  if (vmim.malformed !== undefined) return { reason: 'unknown-phase', detail: vmim.malformed };
  if (!KNOWN_PHASES.includes(vmim.phase)) return { reason: 'unknown-phase', detail: vmim.phase };
  switch (stage) {
    case 'queued':
      return waitOfQueued(vmim, vmi, pod);
    case 'scheduling':
      return pod?.unschedulable === undefined || pod.nodeName !== null ? undefined : { reason: 'unschedulable', detail: pod.unschedulable };
    case 'preparing':
      return isOnSource(vmim, state) ? { reason: 'same-host', host: state.targetNode } : undefined;
    default:
      return undefined;
  }
}

/** The target pod was placed on the source host (kubevirt#18946). Between clusters the two names are of different hosts. */
const isOnSource = (
  { direction }: VmimFact,
  state: MigrationStateFact | undefined,
): state is MigrationStateFact & { readonly targetNode: string } =>
  direction === undefined && state?.targetNode != null && state.targetNode === state.sourceNode;

function waitOfQueued(vmim: VmimFact, vmi: VmiFact, pod: PodFact | undefined): Wait | undefined {
  const blocked = blockOf(vmim);
  if (blocked !== undefined) return blocked;
  if (vmim.phase === 'WaitingForSync' || vmim.phase === 'Synchronizing') return { reason: 'peer' };
  return hasTwoPods(vmi) && pod === undefined && vmim.phase === 'Pending' ? { reason: 'active-pods' } : undefined;
}

/** virt-controller makes no target pod while two pods of the VM are alive, or seem to be (kubevirt#12773). */
export const hasTwoPods = ({ podHosts }: VmiFact): boolean => podHosts.length > 1;

const BLOCKING_CONDITIONS: readonly (readonly [type: string, reason: WaitReason])[] = [
  ['migrationRejectedByResourceQuota', 'quota'],
  ['migrationBlockedByBackup', 'backup'],
  ['migrationBlockedByUtilityVolumes', 'utility-volumes'],
  ['decentralizedMigrationBlocked', 'blocked'],
];

function blockOf({ conditions }: VmimFact): Wait | undefined {
  for (const [type, reason] of BLOCKING_CONDITIONS) {
    const condition = findCondition(conditions, type);
    if (condition?.status !== 'True') continue;
    const detail = formatExplanation(condition);
    return detail === '' ? { reason } : { reason, detail };
  }
  return undefined;
}

/**
 * KubeVirt lets only its own migrations wait after failures: those of evacuations and workload updates, and of them the newest. Until
 * when cannot be told here, for that is a time on its clock (T6).
 */
export function deriveBackoff(vmim: VmimFact, siblings: readonly VmimFact[]): Backoff | undefined {
  if (!isRetried(vmim) || vmim.phase !== 'Pending') return undefined;
  const older = siblings.filter((sibling) => sibling.uid !== vmim.uid && isRetried(sibling)).sort(newestFirst);
  if (older.some((sibling) => newestFirst(sibling, vmim) < 0)) return undefined;
  let failures = 0;
  for (const { phase, deleting } of older) {
    if (phase === 'Succeeded') break;
    if (phase === 'Failed' && !deleting) failures += 1;
  }
  return failures === 0 ? undefined : { failures, seconds: FIRST_BACKOFF_SECONDS * 2 ** Math.min(failures - 1, MAX_DOUBLINGS_COUNT) };
}

const isRetried = ({ evacuatingFrom, workloadUpdate }: VmimFact): boolean => evacuatingFrom !== undefined || workloadUpdate;

const newestFirst = (a: VmimFact, b: VmimFact): number =>
  (b.createdAt ?? 0) - (a.createdAt ?? 0) || (a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0);
