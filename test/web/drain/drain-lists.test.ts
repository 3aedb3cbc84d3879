import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveDrain } from '../../../core/derive/drain.ts';
import type { HostFact } from '../../../core/facts.ts';
import type { Vm } from '../../../core/model.ts';
import { selectBar } from '../../../web/drain/drain-bar.ts';
import { countHindered, hindranceOf, selectDrainLine } from '../../../web/drain/drain-line.ts';
import { selectDrainLists } from '../../../web/drain/drain-lists.ts';
import { anyVmHere, HOST, moving, vmHere, waiting } from '../../support/drain-vms.ts';

const drainOf = (residents: readonly Vm[]) =>
  deriveDrain({
    fact: { name: HOST, ready: { status: 'True' }, cordoned: true } as HostFact,
    host: { name: HOST, state: 'draining' },
    residents: residents.map((vm) => ({ ...vm, uid: null })),
    arriving: 0,
    hasUnplaced: false,
    voters: [],
  });

describe('the lists of a drain', () => {
  it('add up to what the forwarder counted, whatever the VMs are, and so does the bar', () => {
    fc.assert(
      fc.property(fc.array(anyVmHere, { maxLength: 40 }), fc.nat(20), (residents, gone) => {
        const lists = selectDrainLists(residents, HOST);
        const drain = drainOf(residents);
        const sum = (groups: typeof lists.waiting): number => groups.reduce((total, { vms }) => total + vms.length, 0);
        const told = {
          moving: lists.moving.length,
          stopping: lists.stopping.length,
          waiting: sum(lists.waiting),
          stuck: sum(lists.stuck),
        };
        expect(told).toEqual({ moving: drain.moving, stopping: drain.stopping, waiting: drain.waiting, stuck: drain.stuck });
        const listed = [
          ...lists.moving,
          ...lists.stopping,
          ...lists.unasked,
          ...[...lists.waiting, ...lists.stuck].flatMap(({ vms }) => vms),
        ];
        expect(listed.map(({ id }) => id).sort()).toEqual(residents.map(({ id }) => id).sort());

        const bar = selectBar({ ...drain, were: drain.here + gone });
        const vmsOf = (part: string): number => bar.find((each) => each.part === part)?.vms ?? 0;
        expect(bar.reduce((total, { vms }) => total + vms, 0)).toBe(drain.here + gone);
        expect(vmsOf('unasked')).toBe(lists.unasked.length);
        expect(bar.reduce((total, { share }) => total + share, 0)).toBeCloseTo(residents.length + gone === 0 ? 0 : 1);
        expect(countHindered(selectDrainLine(residents, HOST)) + selectDrainLine(residents, HOST).going).toBe(drain.here);
      }),
    );
  });

  it('group those that wait by what for, each in the order of its line', () => {
    const limit = { reason: 'host-limit', host: HOST, used: 2, limit: 2 } as const;
    const { waiting: groups } = selectDrainLists(
      [
        waiting('c', { ...limit, place: 3 }),
        waiting('d', { reason: 'quota', detail: 'exceeded' }),
        waiting('a', { ...limit, place: 1, used: 1 }),
        moving('q', { stage: 'queued', to: null, waitingFor: { ...limit, place: 2, failures: 1 } }),
        waiting('e', { reason: 'quota', detail: 'another' }),
        moving('r', { stage: 'queued', to: null }),
      ],
      HOST,
    );
    expect(groups.map(({ wait, vms }) => [wait.reason, wait.detail, vms.map(({ name }) => name).join('')])).toEqual([
      ['host-limit', undefined, 'aqc'],
      ['quota', 'exceeded', 'd'],
      ['quota', 'another', 'e'],
      ['no-migration', undefined, 'r'],
    ]);
    expect(groups[0]?.wait).toEqual(limit);
  });

  it('group those that cannot move by why', () => {
    const device = 'HostDeviceNotLiveMigratable: VMI uses a PCI host devices';
    const { stuck } = selectDrainLists(
      [
        vmHere('a', { migratable: { ok: false, reason: device } }),
        waiting('b', { reason: 'not-migratable', detail: device }, { migratable: { ok: false, reason: device } }),
        waiting('c', { reason: 'not-migratable' }, { migratable: { ok: false } }),
      ],
      HOST,
    );
    expect(stuck.map(({ wait, vms }) => [wait.detail, vms.map(({ name }) => name).join('')])).toEqual([
      [device, 'ab'],
      [undefined, 'c'],
    ]);
  });
});

describe('what hinders a VM', () => {
  it.each<readonly [what: string, vm: Vm, hindrance: ReturnType<typeof hindranceOf>]>([
    ['on its way', moving('a'), null],
    ['in line', waiting('a', { reason: 'host-limit' }), null],
    ['in line, without a reason', moving('a', { stage: 'queued', to: null }), null],
    ['tried again after a while', waiting('a', { reason: 'backoff', failures: 1 }), null],
    ['shut down for the maintenance', waiting('a', { reason: 'shutdown' }), null],
    ['shutting down', vmHere('a', { state: 'stopping' }), null],
    ['not asked', vmHere('a'), 'unasked'],
    ['cannot move', vmHere('a', { migratable: { ok: false, reason: 'pinned to host-1' } }), 'stuck'],
    ['no host takes it', moving('a', { stage: 'scheduling', to: null, waitingFor: { reason: 'unschedulable' } }), 'held'],
    ['waits for a quota', waiting('a', { reason: 'quota' }), 'held'],
    ['does not converge', moving('a', {}, { danger: ['not-converging'] }), 'failing'],
    [
      'fails again and again',
      waiting(
        'a',
        { reason: 'backoff' },
        { lastMigration: { outcome: 'failed', cause: 'drain', from: HOST, to: null, endedAt: 1, loop: true } },
      ),
      'failing',
    ],
  ])('%s', (_, vm, hindrance) => {
    expect(hindranceOf(vm, HOST)).toBe(hindrance);
  });
});
