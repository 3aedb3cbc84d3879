import { describe, expect, test } from 'vitest';
import { type DerivedTransit, type DerivedVm, TRANSIT_STAGES, type TransitStage } from '../../../core/model.ts';
import {
  answered,
  asked,
  failed,
  type HandlerState,
  MAX_PARALLEL_COUNT,
  planHandlers,
  selectMoves,
  UNASKED,
} from '../../../forwarder/progress/plan.ts';

const vm = (name: string, transit?: Partial<DerivedTransit>, rest: Partial<DerivedVm> = {}): DerivedVm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  uid: name,
  host: 'host-1',
  state: 'running',
  migratable: { ok: true },
  ...(transit !== undefined && {
    transit: { id: `m-${name}`, stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', ...transit },
  }),
  ...rest,
});
const move = (name: string, ...hosts: string[]) => ({ vm: `default/${name}`, migration: `m-${name}`, hosts, endsAnyway: false });

describe('the migrations that are measured', () => {
  const MEASURED: Record<TransitStage, boolean> = {
    queued: false,
    scheduling: false,
    preparing: true,
    transferring: true,
    switching: true,
    finishing: false,
    aborting: false,
  };
  test.each(TRANSIT_STAGES)('stage %s', (stage) => {
    expect(selectMoves([vm('a', { stage })])).toEqual(MEASURED[stage] ? [move('a', 'host-1', 'host-2')] : []);
  });

  test('a VM that does not move is none', () => {
    expect(selectMoves([vm('a')])).toEqual([]);
  });

  test('the source’s handler comes first; one host is asked once; of a guest that comes from elsewhere only the target is here', () => {
    expect(
      selectMoves([vm('a', { to: 'host-1' }), vm('b', { from: null }), vm('c', { to: null }), vm('d', { from: null, to: null })]),
    ).toEqual([move('a', 'host-1'), move('b', 'host-2'), move('c', 'host-1')]);
  });

  test('one whose end KubeVirt forces says so', () => {
    const moves = selectMoves([
      vm('a', { suspended: true }),
      vm('b', {}, { danger: ['post-copy'] }),
      vm('c', {}, { danger: ['io-error'] }),
    ]);
    expect(moves.map(({ endsAnyway }) => endsAnyway)).toEqual([true, true, false]);
  });
});

describe('which handlers are asked', () => {
  const states = (entries: Record<string, Partial<HandlerState>>): Map<string, HandlerState> =>
    new Map(Object.entries(entries).map(([host, state]) => [host, { ...UNASKED, ...state }]));

  test('none at all while nothing moves', () => {
    expect(planHandlers([], states({ 'host-1': {} }), 0)).toEqual({ ask: [], nextAt: null });
  });

  test('both ends of each move, each host once, at once', () => {
    const moves = [move('a', 'host-1', 'host-2'), move('b', 'host-1', 'host-3')];
    expect(planHandlers(moves, new Map(), 0)).toEqual({ ask: ['host-1', 'host-2', 'host-3'], nextAt: null });
  });

  test('again after five seconds, and not while one is being asked', () => {
    const first = asked(UNASKED, 1_000);
    expect(planHandlers([move('a', 'host-1')], new Map([['host-1', first]]), 60_000)).toEqual({ ask: [], nextAt: null });
    const second = new Map([['host-1', answered(first)]]);
    expect(planHandlers([move('a', 'host-1')], second, 5_999)).toEqual({ ask: [], nextAt: 6_000 });
    expect(planHandlers([move('a', 'host-1')], second, 6_000)).toEqual({ ask: ['host-1'], nextAt: null });
  });

  test('only so many at a time, those that have waited longest first', () => {
    const hosts = Array.from({ length: 20 }, (_, index) => `host-${index}`);
    const waited = states(Object.fromEntries(hosts.map((host, index) => [host, { notBefore: 100 - index }])));
    const { ask } = planHandlers([move('a', ...hosts)], waited, 1_000);
    expect(ask).toEqual(hosts.toReversed().slice(0, MAX_PARALLEL_COUNT));
    waited.set('elsewhere', { ...UNASKED, isBusy: true });
    expect(planHandlers([move('a', ...hosts)], waited, 1_000).ask).toHaveLength(MAX_PARALLEL_COUNT - 1);
  });

  test('one that fails is asked more and more seldom, with jitter, and normally again once it has answered', () => {
    let state: HandlerState = UNASKED;
    const waits = Array.from({ length: 12 }, () => {
      state = failed(asked(state, 0), 0, 0.999);
      return state.notBefore;
    });
    expect(waits.slice(0, 3).map((wait) => Math.round(wait / 1_000))).toEqual([15, 25, 45]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(305_000);
    expect(failed(UNASKED, 0, 0).notBefore).toBe(5_000);
    expect(answered(state)).toMatchObject({ failures: 0, isBusy: false });
  });
});
