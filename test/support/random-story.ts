/** What can happen to a cluster while somebody looks: random hosts and VMs, and frames that follow from what there is. Few names, so that they meet again. */
import type { ClusterState } from '../../core/cluster-state.ts';
import {
  CAUSES,
  DANGERS,
  DRAIN_ANSWERS,
  HOST_STATES,
  type Host,
  OUTCOMES,
  TRANSIT_STAGES,
  type Transit,
  VM_STATES,
  type Vm,
  WAIT_REASONS,
} from '../../core/model.ts';
import type { Random } from '../../simulator/random.ts';
import { drainOf, hostNamed } from './entities.ts';
import type { FakeChange } from './fake-edge.ts';

const HOST_NAMES = ['host-1', 'host-2', 'host-10', 'constructor', 'rack.7.example'];
const NAMESPACES = ['default', 'prod', 'constructor'];
const VM_NAMES = ['ubuntu', 'debian', 'suse', 'windows', 'constructor', 'vm-2', 'vm-10', 'web.1', 'a', 'host-1'];
/** In every picture but an empty one. */
const ANCHOR = 'default/anchor';
const TEXTS = [
  '',
  'db',
  '<b>bold</b>',
  '\u202eright-to-left',
  'x'.repeat(300),
  '数据库',
  '  spaces  ',
  '%00"\'`',
  'HostDeviceNotLiveMigratable',
  '__proto__',
];
const LONG_AGO = 1_000_000_000_000;

const oneOf = <Each>(random: Random, list: readonly Each[]): Each => {
  const picked = list[random.below(list.length)];
  if (picked === undefined) throw new Error('nothing to choose from');
  return picked;
};
const chance = (random: Random, likelihood: number): boolean => random.next() < likelihood;

function someHost(random: Random, name: string): Host {
  const isEmptied = chance(random, 0.25);
  const safe = chance(random, 0.3);
  return hostNamed(name, {
    state: isEmptied
      ? oneOf(random, ['cordoned', 'draining', 'entering-maintenance', 'maintenance'])
      : oneOf(random, chance(random, 0.5) ? ['active'] : HOST_STATES),
    reasons: chance(random, 0.2) ? [...new Set([oneOf(random, TEXTS), oneOf(random, TEXTS)])] : [],
    roles: chance(random, 0.2) ? ['control-plane', 'worker'] : ['worker'],
    ...(chance(random, 0.2) && { displayName: oneOf(random, TEXTS) || 'Rack' }),
    ...(chance(random, 0.5) && { zone: oneOf(random, ['zone-a', 'zone-b', '']) }),
    ...(chance(random, 0.7) && { cpu: random.below(64), memory: random.below(512) * 2 ** 30 }),
    ...(isEmptied && {
      drain: drainOf({
        here: random.below(4),
        moving: random.below(2),
        waiting: random.below(2),
        stuck: random.below(2),
        were: 4 + random.below(4),
        since: chance(random, 0.5) ? LONG_AGO : null,
        safe,
        because: safe
          ? 'empty'
          : oneOf(
              random,
              DRAIN_ANSWERS.filter((answer) => answer !== 'empty' && answer !== 'off'),
            ),
      }),
    }),
  });
}

const someWait = (random: Random): NonNullable<Transit['waitingFor']> => ({
  reason: oneOf(random, WAIT_REASONS),
  ...(chance(random, 0.3) && { detail: oneOf(random, TEXTS) }),
  ...(chance(random, 0.3) && { used: 2, limit: 2 }),
  ...(chance(random, 0.3) && { host: oneOf(random, HOST_NAMES) }),
});

function someTransit(random: Random, host: string | null): Transit {
  const to = chance(random, 0.75) ? oneOf(random, HOST_NAMES) : null;
  return {
    id: `m-${random.below(1_000)}`,
    stage: oneOf(random, TRANSIT_STAGES),
    cause: oneOf(random, CAUSES),
    from: chance(random, 0.9) ? host : oneOf(random, HOST_NAMES),
    to,
    startedAt: LONG_AGO,
    ...(chance(random, 0.2) && { requested: oneOf(random, HOST_NAMES) }),
    ...(chance(random, 0.2) && { waitingFor: someWait(random) }),
    ...(chance(random, 0.1) && { peer: { direction: oneOf(random, ['in', 'out']), host: oneOf(random, HOST_NAMES) } }),
  };
}

/** `before`: what stays of it, where it is the same VM. */
function someVm(random: Random, namespace: string, name: string, before: Vm | undefined): Vm {
  const base = { id: `${namespace}/${name}`, namespace, name };
  if (before !== undefined && chance(random, 0.3)) return { ...before, state: oneOf(random, VM_STATES) };
  // The step from moving to having moved.
  if (before?.transit?.to != null && chance(random, 0.5)) {
    const { transit, ...rest } = before;
    const { cause, from, to } = transit;
    const outcome = oneOf(random, OUTCOMES);
    return {
      ...rest,
      host: outcome === 'succeeded' ? to : before.host,
      lastMigration: {
        outcome,
        cause,
        from,
        to,
        endedAt: LONG_AGO,
        ...(chance(random, 0.2) && { loop: true as const, tries: 4 }),
      },
    };
  }
  const host = chance(random, 0.8) ? oneOf(random, HOST_NAMES) : null;
  return {
    ...base,
    host,
    state: chance(random, 0.6) ? (host === null ? 'off' : 'running') : oneOf(random, VM_STATES),
    migratable: chance(random, 0.8) ? { ok: true } : { ok: false, reason: oneOf(random, TEXTS) },
    ...(chance(random, 0.15) && { displayName: oneOf(random, TEXTS) || 'Web' }),
    ...(chance(random, 0.15) && { reason: oneOf(random, TEXTS) }),
    ...(chance(random, 0.15) && { danger: [oneOf(random, DANGERS)] }),
    ...(chance(random, 0.4) && { transit: someTransit(random, host) }),
    ...(chance(random, 0.1) && host !== null && { evacuation: { from: host, waitingFor: someWait(random) } }),
    ...(chance(random, 0.6) && { cpu: 1 + random.below(4), memory: (1 + random.below(8)) * 2 ** 30 }),
    ...(chance(random, 0.3) && { os: oneOf(random, ['linux', 'windows', ...TEXTS]) }),
    ...(chance(random, 0.5) && { labels: { [oneOf(random, ['app', 'team'])]: oneOf(random, ['a', 'b', '']) } }),
    ...(chance(random, 0.2) && {
      lastMigration: {
        outcome: oneOf(random, OUTCOMES),
        cause: oneOf(random, CAUSES),
        from: 'host-1',
        to: 'host-2',
        endedAt: chance(random, 0.8) ? LONG_AGO : null,
      },
    }),
  };
}

export const someHosts = (random: Random): readonly Host[] => HOST_NAMES.slice(0, 3).map((name) => someHost(random, name));
export const someVms = (random: Random): readonly Vm[] => [
  { id: ANCHOR, namespace: 'default', name: 'anchor', host: 'host-1', state: 'running', migratable: { ok: true } },
  ...VM_NAMES.slice(0, 7).map((name) => someVm(random, 'default', name, undefined)),
];

/** A frame on top of what there is. */
export function someChange(random: Random, { hosts, vms }: ClusterState): FakeChange {
  const changed = new Map<string, Vm>();
  const size = chance(random, 0.15) ? 15 : 1 + random.below(3);
  for (let index = 0; index < size; index++) {
    const known = chance(random, 0.7) ? random.pick([...vms.values()]) : null;
    const [namespace, name] = known === null ? [oneOf(random, NAMESPACES), oneOf(random, VM_NAMES)] : [known.namespace, known.name];
    const vm = someVm(random, namespace, name, known ?? undefined);
    changed.set(vm.id, vm);
  }
  const goneVms = [...vms.keys()].filter((id) => id !== ANCHOR && !changed.has(id) && chance(random, 0.06));
  const changedHosts = new Map<string, Host>();
  if (chance(random, 0.35)) {
    const host = someHost(random, oneOf(random, HOST_NAMES));
    changedHosts.set(host.name, host);
  }
  const goneHosts = [...hosts.keys()].filter((name) => !changedHosts.has(name) && chance(random, 0.05));
  return {
    ...(chance(random, 0.92) && { vms: [...changed.values()] }),
    ...(changedHosts.size > 0 && { hosts: [...changedHosts.values()] }),
    ...(goneVms.length > 0 && { goneVms }),
    ...(goneHosts.length > 0 && { goneHosts }),
  };
}
