import { describe, expect, test } from 'vitest';
import { deriveDrain, isBeingEmptied, listEtcdVoters, type Voter, type VoterFacts } from '../../../core/derive/drain.ts';
import type { HostFact } from '../../../core/facts.ts';
import type { DerivedVm, DrainAnswer, HostState } from '../../../core/model.ts';
import { hostFact } from '../../support/facts.ts';

const vm = (changes: Partial<DerivedVm> = {}): DerivedVm => ({
  id: 'a/b',
  namespace: 'a',
  name: 'b',
  uid: 'u',
  host: 'host-1',
  state: 'running',
  migratable: { ok: true },
  ...changes,
});
const transit = (stage: NonNullable<DerivedVm['transit']>['stage']) =>
  ({ transit: { id: 'm', stage, cause: 'drain', from: 'host-1', to: 'host-2' } }) as const;
const evacuation = (reason: NonNullable<DerivedVm['evacuation']>['waitingFor']['reason']) => ({
  evacuation: { from: 'host-1', waitingFor: { reason } },
});

interface Around {
  readonly state?: HostState;
  readonly arriving?: number;
  readonly hasUnplaced?: boolean;
  readonly voters?: readonly Voter[];
}

/** host-1, host-2 …: `+` up, `-` down, `~` up and being emptied as well. */
const votersOf = (...marks: readonly ('+' | '-' | '~')[]): readonly Voter[] =>
  marks.map((mark, index) => ({ name: `host-${index + 1}`, isUp: mark !== '-', isBeingEmptied: mark === '~' }));

const drainOf = (
  residents: readonly DerivedVm[],
  fact: Partial<HostFact> = {},
  { state = 'cordoned', arriving = 0, hasUnplaced = false, voters = [] }: Around = {},
) =>
  deriveDrain({ fact: hostFact({ cordoned: true, ...fact }), host: { name: 'host-1', state }, residents, arriving, hasUnplaced, voters });

describe('where each VM of a host that is being emptied stands', () => {
  test.each([
    ['under way', transit('transferring'), { moving: 1 }],
    ['queued', transit('queued'), { waiting: 1 }],
    ['asked to leave, no migration yet', evacuation('no-migration'), { waiting: 1 }],
    ['asked to leave, waits for the limit', evacuation('host-limit'), { waiting: 1 }],
    ['asked to leave, will be shut down', { ...evacuation('shutdown'), migratable: { ok: false, reason: 'device' } }, { waiting: 1 }],
    ['asked to leave, cannot', { ...evacuation('not-migratable'), migratable: { ok: false, reason: 'device' } }, { stuck: 1 }],
    ['cannot move, and was not asked', { migratable: { ok: false, reason: 'device' } }, { stuck: 1 }],
    ['whether it can move is not known', { migratable: { ok: false } }, {}],
    ['stopping', { state: 'stopping' }, { stopping: 1 }],
    ['restarting', { state: 'restarting' }, { stopping: 1 }],
    ['nobody has asked it', {}, {}],
  ] as const)('%s', (_what, changes, counts) => {
    expect(drainOf([vm(changes)])).toMatchObject({ here: 1, moving: 0, stopping: 0, waiting: 0, stuck: 0, ...counts });
  });

  test('each counts once', () => {
    const residents = [vm(transit('preparing')), vm(transit('queued')), vm(evacuation('not-migratable')), vm({ state: 'stopping' }), vm()];
    expect(drainOf(residents)).toMatchObject({ here: 5, moving: 1, waiting: 1, stuck: 1, stopping: 1, safe: false, because: 'vms-here' });
  });
});

describe('#2539: safe to power off, yes or no, because …', () => {
  const silent = { type: 'Ready', status: 'Unknown' } as const;
  const notReady = { type: 'Ready', status: 'False' } as const;
  type Row = readonly [string, readonly DerivedVm[], Partial<HostFact>, Around, boolean, DrainAnswer];
  const rows: readonly Row[] = [
    ['empty and cordoned', [], {}, {}, true, 'empty'],
    ['empty, in maintenance', [], { maintainStatus: 'completed' }, {}, true, 'empty'],
    ['a VM is here', [vm()], {}, {}, false, 'vms-here'],
    ['the last VM is moving', [vm(transit('switching'))], {}, {}, false, 'vms-here'],
    ['a VM is still coming', [], {}, { arriving: 1 }, false, 'vms-arriving'],
    ['nobody can tell where a VM is', [], {}, { hasUnplaced: true }, false, 'vms-unplaced'],
    ['a VM can still be placed on it', [], { cordoned: false }, {}, false, 'schedulable'],
    ['Harvester has not finished', [], { maintainStatus: 'running' }, {}, false, 'maintenance-under-way'],
    ['Harvester has not begun', [], { drainRequested: true }, {}, false, 'maintenance-under-way'],
    ['its kubelet is silent: who knows', [], { ready: silent }, {}, false, 'not-reporting'],
    ['its kubelet is silent, VMs were here', [vm()], { ready: silent }, {}, false, 'not-reporting'],
    ['it is off', [], { ready: silent }, { state: 'off' }, true, 'off'],
    ['it is off, and a VM somewhere is being placed', [], { ready: silent }, { state: 'off', hasUnplaced: true }, true, 'off'],
    ['it is said to be off, and VMs are here', [vm()], { ready: silent }, { state: 'off' }, false, 'vms-here'],
    ['it is said to be off, and a VM comes', [], { ready: silent }, { state: 'off', arriving: 1 }, false, 'vms-arriving'],
    ['etcd, all are up', [], {}, { voters: votersOf('+', '+', '+') }, true, 'empty'],
    ['etcd, another one is down', [], {}, { voters: votersOf('+', '-', '+') }, false, 'etcd-quorum'],
    ['etcd, five of them, one down', [], {}, { voters: votersOf('+', '-', '+', '+', '+') }, true, 'empty'],
    ['etcd, five of them, two down', [], {}, { voters: votersOf('+', '-', '-', '+', '+') }, false, 'etcd-quorum'],
    ['etcd, the only one', [], {}, { voters: votersOf('+') }, false, 'etcd-quorum'],
    [
      'etcd, its own kubelet is not ready, and another one down',
      [],
      { ready: notReady },
      { voters: votersOf('-', '-', '+') },
      false,
      'etcd-quorum',
    ],
    ['etcd, its own kubelet is not ready, the others up', [], { ready: notReady }, { voters: votersOf('-', '+', '+') }, true, 'empty'],
    ['etcd, another one is being emptied as well', [], {}, { voters: votersOf('~', '~', '+') }, false, 'etcd-quorum'],
    ['etcd, it is the only one that is being emptied', [], {}, { voters: votersOf('~', '+', '+') }, true, 'empty'],
    ['it does not vote', [], {}, { voters: votersOf('+', '-').slice(1) }, true, 'empty'],
  ];
  test.each(rows)('%s', (_what, residents, fact, around, safe, because) => {
    expect(drainOf(residents, fact, around)).toMatchObject({ safe, because });
  });

  const voter = (name: string, votes: HostFact['votes'], changes: Partial<HostFact> = {}, state: HostState = 'active'): VoterFacts => ({
    fact: hostFact({ name, ...(votes !== undefined && { votes }), ...changes }),
    state,
    isBeingEmptied: changes.cordoned === true,
  });
  test('who votes in etcd, and is up', () => {
    const voters = listEtcdVoters([
      voter('a', 'etcd'),
      voter('b', 'etcd', { ready: notReady }),
      voter('c', 'etcd', {}, 'stopping'),
      voter('d', 'etcd', { cordoned: true }),
      voter('e', 'control-plane'),
      voter('f', undefined),
    ]);
    expect(voters).toEqual([
      { name: 'a', isUp: true, isBeingEmptied: false },
      { name: 'b', isUp: false, isBeingEmptied: false },
      { name: 'c', isUp: false, isBeingEmptied: false },
      { name: 'd', isUp: true, isBeingEmptied: true },
    ]);
  });
  test('where no host has the role etcd the control planes do', () => {
    expect(listEtcdVoters([voter('a', 'control-plane'), voter('b', undefined)]).map(({ name }) => name)).toEqual(['a']);
  });
});

test.each([
  ['in use', {}, 'active', false],
  ['cordoned', { cordoned: true }, 'cordoned', true],
  ['asked into maintenance', { drainRequested: true }, 'entering-maintenance', true],
  ['in maintenance', { maintainStatus: 'completed' }, 'maintenance', true],
  ['cordoned, and silent', { cordoned: true }, 'in-progress', true],
  ['tainted', { taints: ['kubevirt.io/drain'] }, 'draining', true],
  ['tainted, and silent', { taints: ['kubevirt.io/drain'] }, 'in-progress', true],
  ['Harvester waits for its VMs', { drained: false }, 'in-progress', true],
  ['off', {}, 'off', true],
  ['silent', {}, 'in-progress', false],
] as const)('being emptied: %s', (_what, fact, state, expected) => {
  expect(isBeingEmptied(hostFact(fact), { state }, undefined)).toBe(expected);
});
