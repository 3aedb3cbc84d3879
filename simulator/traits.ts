/**
 * What KubeVirt's versions do differently, as far as one who watches can see it. The only place where versions are compared;
 * everything else asks for a trait by its name.
 */

export const KUBEVIRT_VERSIONS = ['1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '1.8', '1.9'] as const;
export type KubeVirtVersion = (typeof KUBEVIRT_VERSIONS)[number];

/** What Harvester 1.7 bundles. */
export const DEFAULT_KUBEVIRT: KubeVirtVersion = '1.6';

/** The release of each version that Harvester bundles, or the last one where it bundles none. */
const RELEASES: Readonly<Record<KubeVirtVersion, string>> = {
  '1.2': '1.2.2',
  '1.3': '1.3.1',
  '1.4': '1.4.0',
  '1.5': '1.5.2',
  '1.6': '1.6.3',
  '1.7': '1.7.0',
  '1.8': '1.8.4',
  '1.9': '1.9.0',
};

export interface Traits {
  /** The source mirrors the end, completed included, while nodeName still names it; later nodeName flips first. */
  readonly endsBeforeSwitch: boolean;
  /** migrationState has sourceState, targetState and migrationNetworkType. */
  readonly hasSides: boolean;
  /** A VMIM asks for a host itself; before, Harvester pins the VMI with a nodeSelector. */
  readonly hasAddedNodeSelector: boolean;
  /** A VMIM that nobody asked for carries `spec.priority`. */
  readonly hasPriority: boolean;
  /** A VMI that is to leave has the condition EvictionRequested beside evacuationNodeName. */
  readonly hasEvictionRequested: boolean;
  /** A VMIM that waits for a backup says so in a condition. */
  readonly hasBlockedByBackup: boolean;
  /** A migration that failed is `completed` too. */
  readonly completesFailed: boolean;
  /** All evacuations of a host are created at once and queue in Pending; before, only as many as there are free slots. */
  readonly evacuatesAllAtOnce: boolean;
  /** The reason of a target pod that was lost before the start reaches the VMI; before, only an event has it. */
  readonly persistsTargetPodDown: boolean;
  /** A VM can be sent to another cluster. */
  readonly hasDecentralized: boolean;
  /** A VMI says in a condition that sending it away has failed. */
  readonly hasDecentralizedFailure: boolean;
}

export const isKubeVirtVersion = (text: string): text is KubeVirtVersion => KUBEVIRT_VERSIONS.some((version) => version === text);

export const isSince = (version: KubeVirtVersion, first: KubeVirtVersion): boolean =>
  KUBEVIRT_VERSIONS.indexOf(version) >= KUBEVIRT_VERSIONS.indexOf(first);

export const releaseOf = (version: KubeVirtVersion): string => RELEASES[version];

export function traitsOf(version: KubeVirtVersion): Traits {
  const since = (first: KubeVirtVersion): boolean => isSince(version, first);
  return {
    endsBeforeSwitch: !since('1.6'),
    hasSides: since('1.6'),
    hasAddedNodeSelector: since('1.6'),
    hasPriority: since('1.7'),
    hasEvictionRequested: since('1.7'),
    hasBlockedByBackup: since('1.8'),
    completesFailed: !since('1.6') || since('1.9'),
    evacuatesAllAtOnce: since('1.9'),
    persistsTargetPodDown: since('1.9'),
    hasDecentralized: since('1.6'),
    hasDecentralizedFailure: since('1.8'),
  };
}
