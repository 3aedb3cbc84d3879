/**
 * Which hosts a VM's guest needs, or may need in a moment: none of them may be powered off because of it (SPEC H2, H3). This is wider
 * than where the VM is shown, which is nodeName alone (T1), and than the one migration of it that is shown.
 */
import type { PodFact, VmiFact, VmimFact } from '../facts.ts';
import type { DerivedTransit, HostName } from '../model.ts';
import { findCondition } from './conditions.ts';
import { isFinal } from './ending.ts';
import { directionOf, isPostCopy, stateFor } from './route.ts';
import { isOver } from './vm-state.ts';

export interface Presence {
  readonly hosts: readonly HostName[];
  /** The guest is or will be somewhere, and where cannot be told: it could be any host. */
  readonly isUnplaced: boolean;
}

export interface PresenceFacts {
  readonly vmi: VmiFact | undefined;
  /** All of the VM's namespace and name. */
  readonly vmims: readonly VmimFact[];
  readonly transit: DerivedTransit | undefined;
  /** The VMI's target pods, today's and former ones, as far as pods may be read. */
  readonly pods: readonly PodFact[];
}

export function presenceOf({ vmi, vmims, transit, pods }: PresenceFacts): Presence {
  if (vmi === undefined || isOver(vmi)) return { hosts: [], isUnplaced: false };
  const { nodeName, podHosts, migration: state, malformed } = vmi;
  const open = vmims.filter((vmim) => isOpen(vmim, vmi, vmims));
  // Where the guest has just come from its pod goes on for some seconds.
  const left = state !== undefined && nodeName === state.targetNode && !isPostCopy(state) ? state.sourceNode : null;
  // At rest the list of pods can be stale (kubevirt#12773); it matters while it alone may know where one is.
  const listed = nodeName === null || open.length > 0 ? podHosts : [];
  const all = [
    nodeName,
    transit?.to,
    ...hostsOfMigration(vmi),
    ...open.map(({ migration }) => migration?.targetNode),
    ...pods.filter(({ ended }) => !ended).map((pod) => pod.nodeName),
    ...listed,
  ];
  const hosts = [...new Set(all)].filter((host): host is HostName => host != null && host !== '' && (host !== left || host === nodeName));
  const isUnplaced =
    malformed !== undefined ||
    (nodeName === null && hosts.length === 0 && isBeingPlaced(vmi)) ||
    open.some((vmim) => isTargetUnknown(vmim, vmi, pods));
  return { hosts, isUnplaced };
}

/** Not over; or over with a success that the VMI has not heard of. */
function isOpen(vmim: VmimFact, vmi: VmiFact, vmims: readonly VmimFact[]): boolean {
  if (vmim.direction === 'out') return false;
  if (!isFinal(vmim)) return true;
  const carriedUid = vmi.migration?.migrationUid;
  if (vmim.phase !== 'Succeeded' || vmim.uid === carriedUid) return false;
  const carried = vmims.find(({ uid }) => uid === carriedUid);
  if (vmi.migration !== undefined && carried === undefined) return false;
  return (vmim.createdAt ?? 0) > Math.max(vmi.createdAt ?? 0, carried?.createdAt ?? 0);
}

/**
 * KubeVirt ≤ 1.5 completes a migration before nodeName flips, so the target counts unless the guest was lost on the way there. The
 * source counts as long as the guest is on it, and in post-copy until the end: it still has memory of the guest.
 */
function hostsOfMigration({ uid, migration: state }: VmiFact): (HostName | null)[] {
  if (state === undefined || (state.failed && !state.targetReady)) return [];
  const direction = directionOf(undefined, state, uid);
  return [direction === 'out' ? null : state.targetNode, direction !== 'in' && isPostCopy(state) ? state.sourceNode : null];
}

/** Phases in which KubeVirt has made no pod of a VMI yet; the scheduler will put none on a cordoned host. */
const VMI_PHASES_WITHOUT_POD = ['', 'Pending', 'WaitingForSync'];

/** A pod that is known not to be schedulable is on no host, and will not come to a cordoned one. */
const isBeingPlaced = ({ phase, conditions, podHosts }: VmiFact): boolean =>
  VMI_PHASES_WITHOUT_POD.includes(phase)
    ? podHosts.length > 0
    : !(phase === 'Scheduling' && findCondition(conditions, 'PodScheduled')?.status === 'False');

/** Phases in which KubeVirt has made no target pod yet; one that it has just made is in the VMI's list. */
const VMIM_PHASES_WITHOUT_POD = ['', 'Pending', 'WaitingForSync', 'Synchronizing'];

/** Its target pod may have been bound to a host before that was cordoned, and nobody tells which. */
function isTargetUnknown(vmim: VmimFact, vmi: VmiFact, pods: readonly PodFact[]): boolean {
  if (stateFor(vmi, vmim.uid)?.targetNode != null || vmim.migration?.targetNode != null) return false;
  if (pods.some(({ migrationUid }) => migrationUid === vmim.uid)) return false;
  const hasNoPod = vmim.malformed === undefined && VMIM_PHASES_WITHOUT_POD.includes(vmim.phase) && !vmi.podHosts.includes('');
  return !hasNoPod;
}
