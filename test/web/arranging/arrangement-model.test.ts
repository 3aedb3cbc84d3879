/** The order of a board, kept up commit by commit, is what the whole picture says. */
import { effect, signal } from '@preact/signals';
import fc from 'fast-check';
import { h } from 'preact';
import { describe, expect, it } from 'vitest';
import type { Host, Vm, VmId } from '../../../core/model.ts';
import { parseSort } from '../../../web/arranging/sorting.ts';
import { shareOf } from '../../../web/arranging/vm-weight.ts';
import { homeOf } from '../../../web/board/home.ts';
import { frameOrHold, HOSTS, openBoard, SORTS } from '../../support/open-board.ts';

describe('the order of the board', () => {
  const heading = (zone: string | null) => h('h2', null, zone);
  const cardsOf = (board: ReturnType<typeof openBoard>): string[] => {
    const names = board.cluster.hostNames.value;
    const entries = board.arrangement.value?.hosts(names) ?? names;
    return entries.map((entry) => (typeof entry === 'string' ? entry : `# ${entry.props.children}`));
  };

  /** A host's list as a card draws it: with the commit, and then where it is told to. */
  function shownLane({ cluster, arrangement }: ReturnType<typeof openBoard>, host: string) {
    const ordered = () => {
      // Without a card there is no list.
      const ids = cluster.hostNames.value.includes(host) ? cluster.lane('settled', host).value : [];
      return arrangement.value?.vms(ids) ?? ids;
    };
    const ids = signal<readonly VmId[]>([]);
    let draws = 0;
    const stop = effect(() => {
      draws += 1;
      ids.value = ordered();
    });
    return { ids, ordered, stop, draws: () => draws };
  }

  it('is that of the sums of what stands there, and nothing changes places while it is held', () => {
    fc.assert(
      fc.property(fc.array(frameOrHold, { maxLength: 20 }), fc.constantFrom(...SORTS), (steps, text) => {
        const board = openBoard({ sort: text });
        const sort = parseSort(text);
        const stops = [board.order.start(heading), board.picture.start()];
        let isHeld = false;
        let before: readonly string[] = [];
        const lanes = HOSTS.map((name) => shownLane(board, name));
        for (const each of steps) {
          const lanesBefore = lanes.map(({ ids }) => ids.value);
          if (typeof each === 'boolean') {
            board.order.hold(each);
            isHeld = each;
          } else board.commit(each);
          for (const [index, { ids, ordered }] of lanes.entries()) {
            expect(ids.value).toEqual(ordered());
            const old = lanesBefore[index] ?? [];
            const isSame = (id: VmId): boolean => old.includes(id) && ids.value.includes(id);
            if (isHeld) expect(ids.value.filter(isSame)).toEqual(old.filter(isSame));
          }
          const cards = cardsOf(board);
          const names = board.cluster.hostNames.value;
          expect([...cards].sort()).toEqual([...names].sort());
          if (isHeld && sort.key !== 'name') {
            const stayed = cards.filter((name) => before.includes(name));
            expect(stayed).toEqual(before.filter((name) => cards.includes(name)));
          } else {
            const weightAt = (name: string): number =>
              board.vms().reduce((sum, vm) => sum + (homeOf(vm).host === name ? shareOf(vm, sort.key) : 0), 0);
            const weights = cards.map(weightAt);
            if (sort.key !== 'name') expect(weights).toEqual([...weights].sort((a, b) => (sort.isDescending ? b - a : a - b)));
            expect(board.order.isBehind.value).toBe(false);
          }
          before = cards;
        }
        for (const stop of [...stops, ...lanes.map(({ stop }) => stop)]) stop();
        expect(board.arrangement.value).toBeNull();
      }),
    );
  });

  it('costs a commit what it changes: who comes and goes is put in its place in its own list', () => {
    const board = openBoard({ sort: '-memory' });
    const stops = [board.order.start(heading), board.picture.start()];
    const frame = { vms: [], goneVms: [], hosts: [], goneHosts: [], isReplaced: false };
    const vm = (id: string, host: string, memory: number): Vm => {
      const [namespace = '', name = ''] = id.split('/');
      return { id, namespace, name, host, state: 'running', migratable: { ok: true }, memory };
    };
    board.commit({ ...frame, vms: [vm('a/vm-1', 'host-1', 1), vm('a/vm-2', 'host-2', 2)], isReplaced: true });
    const [one, two] = ['host-1', 'host-2'].map((host) => shownLane(board, host));
    board.commit({ ...frame, vms: [vm('b/vm-3', 'host-1', 3)] });
    expect([one?.ids.value, one?.draws(), two?.draws()]).toEqual([['b/vm-3', 'a/vm-1'], 2, 1]);
    board.commit({ ...frame, goneVms: ['a/vm-1'] });
    expect([one?.ids.value, one?.draws(), two?.draws()]).toEqual([['b/vm-3'], 3, 1]);
    // While it is held, one who comes changes nobody else's place, though another one weighs more in the same commit.
    board.commit({ ...frame, vms: [vm('a/vm-1', 'host-1', 1)] });
    board.order.hold(true);
    board.commit({ ...frame, vms: [vm('a/vm-1', 'host-1', 9), vm('c/vm-4', 'host-1', 2)] });
    expect(one?.ids.value).toEqual(['b/vm-3', 'c/vm-4', 'a/vm-1']);
    board.order.hold(false);
    expect(one?.ids.value).toEqual(['a/vm-1', 'b/vm-3', 'c/vm-4']);
    for (const stop of [...stops, one?.stop, two?.stop]) stop?.();
  });

  it('puts hosts under their zones, as these change', () => {
    const board = openBoard({ group: 'zone' });
    const stops = [board.order.start(heading), board.picture.start()];
    const host = (name: string, zone?: string): Host => ({
      name,
      state: 'active',
      reasons: [],
      roles: [],
      ...(zone !== undefined && { zone }),
    });
    const frame = { vms: [], goneVms: [], goneHosts: [], isReplaced: false };
    board.commit({ ...frame, hosts: [host('host-1', 'z10'), host('host-2', 'z2'), host('host-3')] });
    expect(cardsOf(board)).toEqual(['# z2', 'host-2', '# z10', 'host-1', '# null', 'host-3']);
    board.commit({ ...frame, hosts: [host('host-3', 'z2'), host('host-2')] });
    expect(cardsOf(board)).toEqual(['# z2', 'host-3', '# z10', 'host-1', '# null', 'host-2']);
    for (const stop of stops) stop();
  });
});
