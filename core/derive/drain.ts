/**
 * Whether a host is being emptied, how far that has come, and whether it may be powered off (harvester/harvester#2539, #2945, #4888,
 * #5339). Every VM counts, also one that has no migration yet.
 */
import { drainPartOf } from '../drain-part.ts';
import type { HostFact, KubeVirtFact } from '../facts.ts';
import { type DerivedDrain, type DerivedHost, type DerivedVm, type DrainAnswer, type HostName, type HostState, isSafe } from '../model.ts';
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
  /** How many VMs have this for another reason among their hosts (presence.ts): most of them are on their way here. */
  readonly arriving: number;
  /** There is a guest whose host cannot be told. */
  readonly hasUnplaced: boolean;
  readonly voters: readonly Voter[];
}

export function deriveDrain(context: DrainContext): DerivedDrain {
  const counts = { moving: 0, stopping: 0, waiting: 0, stuck: 0 };
  for (const vm of context.residents) {
    const part = drainPartOf(vm, context.host.name);
    if (part !== null) counts[part] += 1;
  }
  const because = answerOf(context);
  return { here: context.residents.length, ...counts, arriving: context.arriving, safe: isSafe(because), because };
}

function answerOf({ fact, host, residents, arriving, hasUnplaced, voters }: DrainContext): DrainAnswer {
  if (fact.ready.status === 'Unknown' && host.state !== 'off') return 'not-reporting';
  if (residents.length > 0) return 'vms-here';
  if (arriving > 0) return 'vms-arriving';
  if (host.state === 'off') return 'off';
  if (hasUnplaced) return 'vms-unplaced';
  if (!fact.cordoned) return 'schedulable';
  if (fact.drainRequested || fact.maintainStatus === 'running') return 'maintenance-under-way';
  return isNeededByEtcd(host.name, voters) ? 'etcd-quorum' : 'empty';
}

/** A host that votes in etcd. */
export interface Voter {
  readonly name: HostName;
  readonly isUp: boolean;
  readonly isBeingEmptied: boolean;
}

/**
 * etcd stops without a majority of all its voters, those that are down included. What the host itself says does not matter: its
 * etcd can vote while its kubelet is not ready. Others that are being emptied count as gone: people follow more than one answer, and
 * what they switch off answers for a while.
 */
function isNeededByEtcd(name: HostName, voters: readonly Voter[]): boolean {
  if (!voters.some((voter) => voter.name === name)) return false;
  const left = voters.filter((voter) => voter.name !== name && voter.isUp && !voter.isBeingEmptied);
  return left.length < Math.floor(voters.length / 2) + 1;
}

export interface VoterFacts {
  readonly fact: HostFact;
  readonly state: HostState;
  readonly isBeingEmptied: boolean;
}

const GOING_HOST_STATES: readonly HostState[] = ['stopping', 'rebooting', 'starting', 'off'];

/** Where no host has the role etcd, as kubeadm sets it up, each control plane runs one. */
export function listEtcdVoters(hosts: Iterable<VoterFacts>): readonly Voter[] {
  const all = [...hosts];
  const role = all.some(({ fact }) => fact.votes === 'etcd') ? 'etcd' : 'control-plane';
  return all
    .filter(({ fact }) => fact.votes === role)
    .map(({ fact, state, ...rest }) => ({
      name: fact.name,
      isUp: fact.ready.status === 'True' && !GOING_HOST_STATES.includes(state),
      isBeingEmptied: rest.isBeingEmptied,
    }));
}
