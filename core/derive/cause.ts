/** Who or what asked for a migration, and what that was read from (domain.md 3.8, harvester/harvester#8924). */
import type { HostFact, UpgradeFact, VmiFact, VmimFact } from '../facts.ts';
import { MAX_EVIDENCE_CHARS } from '../limits.ts';
import type { Cause } from '../model.ts';
import { shortenText } from '../text.ts';
import { isConditionTrue } from './conditions.ts';

export interface DerivedCause {
  readonly cause: Cause;
  /** `field=value`; absent where nothing says it. */
  readonly evidence?: string;
}

/** What of the rest of the cluster says why a host is being emptied. */
export interface CauseContext {
  readonly hostOf: (name: string) => HostFact | undefined;
  readonly upgrades: readonly UpgradeFact[];
}

const NO_CONTEXT: CauseContext = { hostOf: () => undefined, upgrades: [] };

const EVACUATION_PREFIX = 'kubevirt-evacuation-';
const WORKLOAD_UPDATE_PREFIX = 'kubevirt-workload-update-';
const VIRTCTL_PREFIX = 'kubevirt-migrate-vm-';

export function deriveCause(vmim: VmimFact, vmi: VmiFact | undefined, context: CauseContext): DerivedCause {
  if (vmim.direction !== undefined) {
    return because('cross-cluster', `spec.${vmim.direction === 'out' ? 'sendTo' : 'receive'}.migrationID`, vmim.pair ?? '');
  }
  if (vmim.evacuatingFrom !== undefined || vmim.name.startsWith(EVACUATION_PREFIX)) return causeOfEvacuation(vmim, vmi, context);
  if (vmim.workloadUpdate || vmim.name.startsWith(WORKLOAD_UPDATE_PREFIX)) return causeOfUpdate(vmim, vmi);
  return causeOfPerson(vmim, vmi);
}

/**
 * Of one that is over: what its own VMIM says. What else the cluster shows now (an upgrade, a maintenance, a condition of the VMI) may
 * have begun long after it; what was seen while it was under way the room remembers.
 */
export function deriveCauseOfEnded(vmim: VmimFact, vmi: VmiFact | undefined): DerivedCause {
  if (vmi === undefined) return deriveCause(vmim, undefined, NO_CONTEXT);
  const { evictionSource: _since, ...rest } = vmi;
  return deriveCause(vmim, { ...rest, conditions: [], volumesChange: false, outdatedLauncher: false }, NO_CONTEXT);
}

function causeOfEvacuation(vmim: VmimFact, vmi: VmiFact | undefined, { hostOf, upgrades }: CauseContext): DerivedCause {
  if (vmi?.evictionSource === 'descheduler') return because('rebalance', 'kubevirt.io/eviction-source', 'descheduler');
  if (vmim.priority === 'system-maintenance') return because('rebalance', 'spec.priority', vmim.priority);
  const host = vmim.evacuatingFrom;
  if (host === undefined) return because('drain', 'metadata.name', vmim.name);
  const state = upgradeStateOf(host, upgrades);
  if (state !== undefined) return because('upgrade', `nodeStatuses.${host}.state`, state);
  const fact = hostOf(host);
  if (fact?.maintainStatus !== undefined) return because('drain', `harvesterhci.io/maintain-status of ${host}`, fact.maintainStatus);
  if (fact?.drainRequested === true) return because('drain', `harvesterhci.io/drain-requested of ${host}`, 'true');
  return because('drain', 'kubevirt.io/evacuationMigration', host);
}

/** Harvester empties a host before it upgrades it; in the other states of an upgrade somebody else does. */
const DRAINING_STATES = ['Pre-draining', 'Pre-drained'];

function upgradeStateOf(host: string, upgrades: readonly UpgradeFact[]): string | undefined {
  for (const { active, hostStates } of upgrades) {
    const state = hostStates.find((status) => status.host === host)?.state;
    if (active && state !== undefined && DRAINING_STATES.includes(state)) return state;
  }
  return undefined;
}

/** Before 1.7 nothing but the VMI says what the update is for. */
function causeOfUpdate(vmim: VmimFact, vmi: VmiFact | undefined): DerivedCause {
  if (vmim.volumeUpdate) return because('storage', 'kubevirt.io/volume-update-migration', vmim.vmiName);
  if (vmi?.volumesChange === true) return because('storage', 'condition VolumesChange', 'True');
  for (const type of ['HotVCPUChange', 'HotMemoryChange']) {
    if (vmi !== undefined && isConditionTrue(vmi.conditions, type)) return because('hotplug', `condition ${type}`, 'True');
  }
  if (vmim.priority === 'system-critical') return because('upgrade', 'spec.priority', vmim.priority);
  if (vmi?.outdatedLauncher === true) return because('upgrade', 'kubevirt.io/outdatedLauncherImage', 'true');
  if (vmim.priority === 'user-triggered') return because('hotplug', 'spec.priority', vmim.priority);
  return { cause: 'unknown' };
}

function causeOfPerson(vmim: VmimFact, vmi: VmiFact | undefined): DerivedCause {
  if (vmim.requestedHost !== undefined) {
    return because('user', 'spec.addedNodeSelector[kubernetes.io/hostname]', vmim.requestedHost);
  }
  // Harvester < 1.7 writes whom it asked for on the VMI.
  if (vmi?.harvesterMigrationUid === vmim.uid && vmi.harvesterTarget !== undefined) {
    return because('user', 'harvesterhci.io/migrationTargetNodeName', vmi.harvesterTarget);
  }
  const isNamedByPeople = vmim.name.startsWith(VIRTCTL_PREFIX) || vmim.name.startsWith(`${vmim.vmiName}-`);
  return isNamedByPeople ? because('user', 'metadata.name', vmim.name) : { cause: 'unknown' };
}

const because = (cause: Cause, field: string, value: string): DerivedCause => ({
  cause,
  evidence: shortenText(`${field}=${value}`, MAX_EVIDENCE_CHARS),
});
