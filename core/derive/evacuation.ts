/**
 * Whether a VM was asked to leave its host though it has no migration: KubeVirt ≤ 1.8 creates only as many evacuations as may run
 * (domain.md 3.6; virt-controller, evacuation.go).
 */
import type { HostFact, KubeVirtFact, VmiFact } from '../facts.ts';
import type { HostName, Migratable, Wait } from '../model.ts';
import { hasTwoPods } from './waiting.ts';

/** KubeVirt's default for `nodeDrainTaintKey`. */
const DRAIN_TAINT = 'kubevirt.io/drain';

export const hasDrainTaint = (host: HostFact | undefined, kubevirt: KubeVirtFact | undefined): boolean =>
  host?.taints.includes(kubevirt?.drainTaint ?? DRAIN_TAINT) === true;

/** The host that the VMI was asked to leave and has not left. */
export function evacuationOf(
  vmi: VmiFact,
  host: HostFact | undefined,
  kubevirt: KubeVirtFact | undefined,
  { ok }: Migratable,
): HostName | null {
  const { nodeName, evacuatingFrom, phase, deleting } = vmi;
  if (nodeName === null || phase !== 'Running' || deleting) return null;
  if (evacuatingFrom === nodeName) return nodeName;
  return hasDrainTaint(host, kubevirt) && isMovedByTaint(vmi, kubevirt, ok) ? nodeName : null;
}

function isMovedByTaint({ evictionStrategy }: VmiFact, kubevirt: KubeVirtFact | undefined, isMigratable: boolean): boolean {
  const strategy = evictionStrategy ?? kubevirt?.evictionStrategy;
  return strategy === 'LiveMigrate' || (strategy === 'LiveMigrateIfPossible' && isMigratable);
}

/** What holds the evacuation besides KubeVirt's limits. */
export function evacuationWaitOf(vmi: VmiFact, migratable: Migratable, host: HostFact | undefined): Wait | undefined {
  const { maintainStrategy } = vmi;
  // The label is Harvester's, for its maintenance mode alone: an eviction by anybody else moves the VM.
  const isMaintained = host?.drainRequested === true || host?.maintainStatus !== undefined;
  if (isMaintained && maintainStrategy !== undefined && maintainStrategy !== 'Migrate')
    return { reason: 'shutdown', detail: maintainStrategy };
  if (!migratable.ok) return { reason: 'not-migratable', ...(migratable.reason !== undefined && { detail: migratable.reason }) };
  return hasTwoPods(vmi) ? { reason: 'active-pods' } : undefined;
}
