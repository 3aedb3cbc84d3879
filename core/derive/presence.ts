/**
 * Which hosts a VM's guest needs, or may need in a moment: none of them may be powered off because of it (SPEC H2). This is wider than
 * where the VM is shown, which is nodeName alone (T1).
 */
import type { PodFact, VmiFact } from '../facts.ts';
import type { DerivedTransit, HostName } from '../model.ts';
import { findCondition } from './conditions.ts';
import { directionOf, isPostCopy } from './route.ts';
import { isOver } from './vm-state.ts';

export interface Presence {
  readonly hosts: readonly HostName[];
  /** The guest is or will be somewhere, and where cannot be told: it could be any host. */
  readonly isUnplaced: boolean;
}

const NOWHERE: Presence = { hosts: [], isUnplaced: false };

/** `pod`: the target pod of the transit, where pods may be read. */
export function presenceOf(vmi: VmiFact | undefined, transit: DerivedTransit | undefined, pod: PodFact | undefined): Presence {
  if (vmi === undefined || isOver(vmi)) return NOWHERE;
  const { nodeName, podHosts } = vmi;
  // At rest the list of pods can be stale (kubevirt#12773), and it keeps the source's; it matters while it alone may know where one is.
  const isOnTheWay = nodeName === null || (transit !== undefined && transit.stage !== 'finishing');
  const pods = isOnTheWay ? podHosts.filter((host) => host !== '') : [];
  const hosts = [nodeName, transit?.to ?? null, ...hostsOfMigration(vmi), ...pods].filter((host) => host !== null);
  return {
    hosts: [...new Set(hosts)],
    isUnplaced: nodeName === null ? hosts.length === 0 && isUnplaced(vmi) : isTargetUnplaced(vmi, transit, pod, pods),
  };
}

/**
 * KubeVirt ≤ 1.5 completes a migration before nodeName flips, so the target counts unless it failed. The source counts as long as the
 * guest is on it, and in post-copy until the end: it still has memory of the guest.
 */
function hostsOfMigration({ uid, migration: state }: VmiFact): (HostName | null)[] {
  if (state === undefined || state.failed) return [];
  const direction = directionOf(undefined, state, uid);
  return [direction === 'out' ? null : state.targetNode, direction !== 'in' && isPostCopy(state) ? state.sourceNode : null];
}

/** Phases in which KubeVirt has made no pod yet; the scheduler will put none on a cordoned host. */
const PHASES_WITHOUT_POD = ['', 'Pending', 'WaitingForSync'];

function isUnplaced({ phase, malformed, conditions }: VmiFact): boolean {
  if (malformed !== undefined) return true;
  if (PHASES_WITHOUT_POD.includes(phase)) return false;
  return !(phase === 'Scheduling' && findCondition(conditions, 'PodScheduled')?.status === 'False');
}

/** The target pod may have been bound to a host before that was cordoned, and only the pod would tell. */
function isTargetUnplaced(
  { nodeName }: VmiFact,
  transit: DerivedTransit | undefined,
  pod: PodFact | undefined,
  pods: readonly HostName[],
): boolean {
  if (transit === undefined || transit.to !== null || transit.stage === 'queued' || transit.peer?.direction === 'out') return false;
  return pod === undefined && !pods.some((host) => host !== nodeName);
}
