import { describe, expect, test } from 'vitest';
import { countEtcdVoters, deriveDrain, isBeingEmptied } from '../../../core/derive/drain.ts';
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

const drainOf = (
  residents: readonly DerivedVm[],
  fact: Partial<HostFact> = {},
  { state = 'cordoned' as HostState, arriving = 0, etcd = { total: 3, up: 3 } } = {},
) => deriveDrain({ fact: hostFact({ cordoned: true, ...fact }), host: { name: 'host-1', state }, residents, arriving, etcd });

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
  const etcd = { roles: ['etcd'] };
  type Row = readonly [string, readonly DerivedVm[], Partial<HostFact>, Parameters<typeof drainOf>[2], boolean, DrainAnswer];
  const rows: readonly Row[] = [
    ['empty and cordoned', [], {}, {}, true, 'empty'],
    ['empty, in maintenance', [], { maintainStatus: 'completed' }, {}, true, 'empty'],
    ['a VM is here', [vm()], {}, {}, false, 'vms-here'],
    ['the last VM is moving', [vm(transit('switching'))], {}, {}, false, 'vms-here'],
    ['a VM is still coming', [], {}, { arriving: 1 }, false, 'vms-arriving'],
    ['a VM can still be placed on it', [], { cordoned: false }, {}, false, 'schedulable'],
    ['Harvester has not finished', [], { maintainStatus: 'running' }, {}, false, 'maintenance-under-way'],
    ['Harvester has not begun', [], { drainRequested: true }, {}, false, 'maintenance-under-way'],
    ['its kubelet is silent: who knows', [], { ready: silent }, {}, false, 'not-reporting'],
    ['it is off', [], { ready: silent }, { state: 'off' }, true, 'off'],
    ['etcd, all are up', [], etcd, { etcd: { total: 3, up: 3 } }, true, 'empty'],
    ['etcd, another one is down', [], etcd, { etcd: { total: 3, up: 2 } }, false, 'etcd-quorum'],
    ['etcd, five of them', [], etcd, { etcd: { total: 5, up: 4 } }, true, 'empty'],
    ['etcd, the only one', [], etcd, { etcd: { total: 1, up: 1 } }, false, 'etcd-quorum'],
    ['etcd, it is down itself', [], { ...etcd, ready: { type: 'Ready', status: 'False' } }, { etcd: { total: 3, up: 2 } }, true, 'empty'],
    ['a witness votes too', [], { roles: ['witness'] }, { etcd: { total: 3, up: 2 } }, false, 'etcd-quorum'],
    ['no etcd host', [], {}, { etcd: { total: 3, up: 2 } }, true, 'empty'],
  ];
  test.each(rows)('%s', (_what, residents, fact, around, safe, because) => {
    expect(drainOf(residents, fact, around)).toMatchObject({ safe, because });
  });

  test('who votes in etcd', () => {
    const hosts = [['etcd'], ['etcd', 'control-plane'], ['witness'], ['worker']].map((roles) => hostFact({ roles }));
    expect(countEtcdVoters([...hosts, hostFact({ roles: ['etcd'], ready: { type: 'Ready', status: 'False' } })])).toEqual({
      total: 4,
      up: 3,
    });
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
