import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Host, VM_STATES, type Vm } from '../../../core/model.ts';
import { isHostUp } from '../../../core/summary.ts';
import { type Board, emptyBoard, needsPerson, replaceVm, selectHostNames, selectIds } from '../../../web/board/board.ts';
import { homeOf } from '../../../web/board/home.ts';
import { arbitraryVm } from '../../support/arbitraries.ts';

const boardOf = (vms: Iterable<Vm>): Board => {
  const board = emptyBoard();
  for (const vm of vms) replaceVm(board, undefined, vm);
  return board;
};

const vmOn = (host: string | null, extra: Partial<Vm> = {}): Vm => ({
  id: 'default/ubuntu',
  namespace: 'default',
  name: 'ubuntu',
  host,
  state: 'running',
  migratable: { ok: true },
  ...extra,
});
const moving = vmOn('host-1', { transit: { id: 'm', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt: 0 } });

describe('the board', () => {
  it('kept up change by change is the board made anew (L1)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(arbitraryVm, fc.boolean()), { maxLength: 40 }), (changes) => {
        const vms = new Map<string, Vm>();
        const board = emptyBoard();
        for (const [vm, isGone] of changes) {
          replaceVm(board, vms.get(vm.id), isGone ? undefined : vm);
          if (isGone) vms.delete(vm.id);
          else vms.set(vm.id, vm);
        }
        expect(board).toEqual(boardOf(vms.values()));
      }),
    );
  });

  it('its cards add up to its header, and no VM stands in two of them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(arbitraryVm, { selector: (vm) => vm.id }), (vms) => {
        const board = boardOf(vms);
        const homes = [...board.lanes.values()].flatMap(({ settled, leaving }) => [...settled, ...leaving]).concat(...board.unplaced);
        expect(homes).toHaveLength(board.counts.vms);
        expect(new Set(homes)).toEqual(new Set(vms.map((vm) => vm.id)));
        const leaving = [...board.lanes.values()].reduce((sum, lanes) => sum + lanes.leaving.size, 0);
        expect(board.counts.moving).toBe(leaving);
        expect(VM_STATES.reduce((sum, state) => sum + board.counts[state], 0)).toBe(board.counts.vms);
      }),
    );
  });

  it('names the hosts that a change touches', () => {
    const board = boardOf([moving]);
    expect([...replaceVm(board, moving, vmOn('host-2'))].sort()).toEqual(['host-1', 'host-2']);
    expect([...board.lanes.keys()]).toEqual(['host-2']);
    expect([...replaceVm(board, vmOn('host-2'), vmOn(null))]).toEqual(['host-2', null]);
    expect([...replaceVm(board, vmOn(null), vmOn(null, { state: 'error' }))]).toEqual([]);
  });

  it('a target that is chosen later, or another one, has the twin', () => {
    const to = (host: string | null): Vm =>
      vmOn('host-1', { transit: { id: 'm', stage: 'scheduling', cause: 'user', from: 'host-1', to: host, startedAt: 0 } });
    const board = boardOf([to(null)]);
    for (const [before, after] of [
      [null, 'host-2'],
      ['host-2', 'host-3'],
    ] as const) {
      expect(replaceVm(board, to(before), to(after)).has(after)).toBe(true);
      expect(board).toEqual(boardOf([to(after)]));
    }
  });

  it('has a card for a host whose Node nobody knows', () => {
    const hosts = new Map<string, Host>([['host-10', { name: 'host-10', state: 'active', reasons: [], roles: [] }]]);
    expect(selectHostNames(hosts, boardOf([moving]))).toEqual(['host-1', 'host-2', 'host-10']);
  });

  it('sorts names as people count', () => {
    expect(selectIds(new Set(['a/vm-10', 'a/vm-9', 'a/vm-1']))).toEqual(['a/vm-1', 'a/vm-9', 'a/vm-10']);
  });

  it.each([
    ['settled', vmOn('host-1'), { lane: 'settled', host: 'host-1' }],
    ['under way', moving, { lane: 'leaving', host: 'host-1' }],
    ['on no host', vmOn(null), { lane: 'unplaced', host: null }],
  ] as const)('the home of a VM that is %s', (_, vm, home) => {
    expect(homeOf(vm)).toEqual(home);
  });

  it.each([
    ['running', [], false],
    ['error', [], true],
    ['running', ['dead-host'], true],
    ['paused', ['io-error'], true],
    ['running', ['manual-recovery'], true],
    ['running', ['post-copy'], false],
    ['running', ['not-converging'], false],
  ] as const)('%s with %j needs a person: %s', (state, danger, expected) => {
    expect(needsPerson({ state, danger })).toBe(expected);
  });

  it('a VM whose migration fails again and again needs a person (harvester#5306)', () => {
    const end = { outcome: 'failed', cause: 'drain', from: 'host-1', to: 'host-2', endedAt: 1, tries: 5 } as const;
    expect(needsPerson({ state: 'running', lastMigration: end })).toBe(false);
    expect(needsPerson({ state: 'running', lastMigration: { ...end, loop: true } })).toBe(true);
    expect(boardOf([vmOn('host-1', { lastMigration: { ...end, loop: true } })]).counts.attention).toBe(1);
  });

  it.each([
    ['active', true],
    ['cordoned', true],
    ['maintenance', true],
    ['pressure', true],
    ['witness', true],
    ['unavailable', false],
    ['in-progress', false],
    ['off', false],
  ] as const)('a host that is %s is up: %s', (state, expected) => {
    expect(isHostUp({ state })).toBe(expected);
  });
});
