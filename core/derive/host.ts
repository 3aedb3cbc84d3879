/** A host's state from its Node (domain.md 2), Harvester's precedence: maintenance before cordoned before what the kubelet says. */
import type { HostFact } from '../facts.ts';
import type { Host, HostState } from '../model.ts';
import { formatExplanation } from '../text.ts';

export function deriveHost(fact: HostFact): Host {
  return {
    name: fact.name,
    state: deriveHostState(fact),
    reasons: deriveHostReasons(fact),
    roles: fact.roles,
    ...(fact.displayName !== undefined && { displayName: fact.displayName }),
    ...(fact.zone !== undefined && { zone: fact.zone }),
    ...(fact.cpu !== undefined && { cpu: fact.cpu }),
    ...(fact.memory !== undefined && { memory: fact.memory }),
  };
}

/**
 * A host that does not answer comes first: whatever else was planned for it, nothing about it is known (T7; Harvester shows
 * "Cordoned" there, harvester/harvester#9759). Then what people did to it, then readiness.
 */
function deriveHostState(fact: HostFact): HostState {
  if (fact.ready.status === 'Unknown') return 'in-progress';
  if (fact.maintainStatus === 'completed') return 'maintenance';
  if (fact.maintainStatus === 'running' || fact.drainRequested) return 'entering-maintenance';
  if (fact.ready.status === 'False') return 'unavailable';
  if (fact.drainTaint) return 'draining';
  return fact.cordoned ? 'cordoned' : 'active';
}

function deriveHostReasons(fact: HostFact): string[] {
  if (fact.ready.status === 'True') return [];
  const text = formatExplanation(fact.ready);
  return text === '' ? [] : [text];
}
