/** A host's state from its Node and its power (domain.md 2), with Harvester's precedence as far as it is true. */
import type { HostFact, KubeVirtFact, PowerFact } from '../facts.ts';
import { MAX_LIST_COUNT } from '../limits.ts';
import type { DerivedHost, HostState } from '../model.ts';
import { formatExplanation, shortenText } from '../text.ts';
import { hasDrainTaint } from './evacuation.ts';

export interface HostContext {
  readonly power: PowerFact | undefined;
  readonly kubevirt: KubeVirtFact | undefined;
  /** How many VMIs were asked to leave it (`evacuationNodeName`). */
  readonly evacuatingCount: number;
}

/** Without the drain facts, which need the VMs: drain.ts. */
export function deriveHost(fact: HostFact, context: HostContext): DerivedHost {
  return {
    name: fact.name,
    state: deriveHostState(fact, context),
    reasons: deriveHostReasons(fact),
    roles: fact.roles,
    ...(fact.displayName !== undefined && { displayName: fact.displayName }),
    ...(fact.zone !== undefined && { zone: fact.zone }),
    ...(fact.cpu !== undefined && { cpu: fact.cpu }),
    ...(fact.memory !== undefined && { memory: fact.memory }),
  };
}

/**
 * First what the host's own controller says of its power. Then a host that does not answer: whatever else was planned for it, nothing
 * about it is known (T7; Harvester shows "Cordoned" there, harvester/harvester#9759). Then what people did to it, then what it says.
 */
function deriveHostState(fact: HostFact, { power, kubevirt, evacuatingCount }: HostContext): HostState {
  const powerState = power === undefined ? undefined : powerStateOf(power, fact);
  if (powerState !== undefined) return powerState;
  if (fact.ready.status === 'Unknown') return 'in-progress';
  if (fact.maintainStatus === 'completed') return 'maintenance';
  if (fact.maintainStatus === 'running' || fact.drainRequested) return 'entering-maintenance';
  if (fact.ready.status === 'False') return 'unavailable';
  if (hasDrainTaint(fact, kubevirt) || fact.drained === false || (fact.cordoned && evacuatingCount > 0)) return 'draining';
  if (fact.cordoned) return 'cordoned';
  if (fact.pressures.length > 0) return 'pressure';
  return fact.roles.includes('witness') ? 'witness' : 'active';
}

/** A host whose kubelet reports, be it that it is not ready, is on, whatever the Seeder read last. */
function powerStateOf({ requested, isOff }: PowerFact, { ready }: HostFact): HostState | undefined {
  if (requested === 'shutdown') return 'stopping';
  if (requested === 'poweron') return 'starting';
  if (requested === 'reboot') return 'rebooting';
  return isOff && ready.status === 'Unknown' && ready.reason !== undefined ? 'off' : undefined;
}

/** In Kubernetes' words, as far as something needs saying. */
function deriveHostReasons(fact: HostFact): string[] {
  const reasons = [...(fact.ready.status === 'True' ? [] : [fact.ready]), ...fact.pressures].map(formatExplanation);
  if (fact.etcdAddressConflict !== undefined) reasons.push(shortenText(fact.etcdAddressConflict));
  if (fact.handlerSilent && fact.ready.status === 'True') reasons.push('kubevirt.io/schedulable=false');
  return [...new Set(reasons)].filter((reason) => reason !== '').slice(0, MAX_LIST_COUNT);
}
