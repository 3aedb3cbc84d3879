/**
 * Whether a host is being emptied, how far that has come, and whether it may be powered off (harvester/harvester#2539, #2945, #4888,
 * #5339). Every VM counts, also one that has no migration yet.
 */
import type { HostFact, KubeVirtFact } from '../facts.ts';
import { lanesOf } from '../lanes.ts';
import type { DerivedDrain, DerivedHost, DerivedVm, DrainAnswer, HostName } from '../model.ts';
import { hasDrainTaint } from './evacuation.ts';

/** Somebody keeps VMs away from it, or sends them away; whether it answers or not. */
export const isBeingEmptied = (fact: HostFact, { state }: Pick<DerivedHost, 'state'>, kubevirt: KubeVirtFact | undefined): boolean =>
  fact.cordoned ||
  fact.drainRequested ||
  fact.maintainStatus !== undefined ||
  fact.drained === false ||
  hasDrainTaint(fact, kubevirt) ||
  state === 'off';

export interface DrainContext {
  readonly fact: HostFact;
  readonly host: Pick<DerivedHost, 'name' | 'state'>;
  /** VMs whose host this is. */
  readonly residents: readonly DerivedVm[];
  /** How many VMs go to this host. */
  readonly arriving: number;
  readonly etcd: EtcdVoters;
}

/** How many hosts vote in etcd, and how many of them are ready. */
export interface EtcdVoters {
  readonly total: number;
  readonly up: number;
}

export function deriveDrain(context: DrainContext): DerivedDrain {
  const counts = { moving: 0, stopping: 0, waiting: 0, stuck: 0 };
  for (const vm of context.residents) {
    const part = partOf(vm, context.host.name);
    if (part !== null) counts[part] += 1;
  }
  const because = answerOf(context);
  return { here: context.residents.length, ...counts, arriving: context.arriving, safe: because === 'empty' || because === 'off', because };
}

const GOING_STATES: readonly string[] = ['stopping', 'terminating', 'restarting'];

function partOf(vm: DerivedVm, host: HostName): 'moving' | 'stopping' | 'waiting' | 'stuck' | null {
  if (lanesOf(vm).leaving === host) return 'moving';
  if (GOING_STATES.includes(vm.state)) return 'stopping';
  const wait = vm.evacuation?.waitingFor.reason;
  if (wait === 'not-migratable' || (wait !== 'shutdown' && !vm.migratable.ok && vm.migratable.reason !== undefined)) return 'stuck';
  return wait !== undefined || vm.transit?.stage === 'queued' ? 'waiting' : null;
}

function answerOf({ fact, host, residents, arriving, etcd }: DrainContext): DrainAnswer {
  if (host.state === 'off') return 'off';
  if (fact.ready.status === 'Unknown') return 'not-reporting';
  if (residents.length > 0) return 'vms-here';
  if (arriving > 0) return 'vms-arriving';
  if (!fact.cordoned) return 'schedulable';
  if (fact.drainRequested || fact.maintainStatus === 'running') return 'maintenance-under-way';
  return isNeededByEtcd(fact, etcd) ? 'etcd-quorum' : 'empty';
}

/** etcd stops without a majority of all its voters, those that are down included. */
function isNeededByEtcd(fact: HostFact, { total, up }: EtcdVoters): boolean {
  return votesInEtcd(fact) && fact.ready.status === 'True' && up - 1 < Math.floor(total / 2) + 1;
}

/** Harvester's witness is an etcd host under a label of its own. */
export const votesInEtcd = ({ roles }: Pick<HostFact, 'roles'>): boolean => roles.includes('etcd') || roles.includes('witness');

export function countEtcdVoters(facts: Iterable<HostFact>): EtcdVoters {
  let total = 0;
  let up = 0;
  for (const fact of facts) {
    if (!votesInEtcd(fact)) continue;
    total += 1;
    if (fact.ready.status === 'True') up += 1;
  }
  return { total, up };
}
