/** The groups of a board, kept up commit by commit, are what the whole picture says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VmId } from '../../../core/model.ts';
import { createGroups, type Group } from '../../../web/arranging/group-model.ts';
import { groupOf, parseGrouping } from '../../../web/arranging/grouping.ts';
import { parseSort } from '../../../web/arranging/sorting.ts';
import { frameOrHold, openBoard, SORTS } from '../../support/open-board.ts';

describe('groups', () => {
  it('have each VM exactly once, in the order of a board that was just opened', () => {
    const placesOf = (groups: readonly Group[]): string[] => groups.map(({ key, ids }) => `${key}: ${ids.value.join()}`);
    fc.assert(
      fc.property(
        fc.array(frameOrHold, { maxLength: 20 }),
        fc.constantFrom('namespace', 'none', 'label:team'),
        fc.constantFrom(...SORTS),
        (steps, by, sort) => {
          const board = openBoard({ group: by, sort });
          const create = () => createGroups(board.picture, board.order, parseGrouping(by), parseSort(sort));
          const stopPicture = board.picture.start();
          const groups = create();
          const stop = groups.start();
          let isHeld = false;
          let before: ReadonlyMap<string, readonly VmId[]> = new Map();
          for (const each of steps) {
            if (typeof each === 'boolean') {
              board.order.hold(each);
              isHeld = each;
            } else board.commit(each);
            const shown = groups.groups.value;
            const places = shown.flatMap(({ name, ids }) => ids.value.map((id) => `${id} in ${name}`)).sort();
            expect(places).toEqual(
              board
                .vms()
                .map((vm) => `${vm.id} in ${groupOf(vm, parseGrouping(by))}`)
                .sort(),
            );
            const stayed = (one: readonly VmId[], other: readonly VmId[]): VmId[] => one.filter((id) => other.includes(id));
            for (const { key, ids } of isHeld ? shown : []) {
              const old = before.get(key) ?? [];
              expect(stayed(ids.value, old)).toEqual(stayed(old, ids.value));
            }
            before = new Map(shown.map(({ key, ids }) => [key, ids.value]));
            if (isHeld) continue;
            const fresh = create();
            const stopFresh = fresh.start();
            expect(placesOf(shown)).toEqual(placesOf(fresh.groups.value));
            stopFresh();
          }
          stop();
          stopPicture();
        },
      ),
    );
  });
});

it('a group that goes in the commit in which another comes is not there any more', () => {
  const board = openBoard();
  const stops = [board.picture.start()];
  const groups = createGroups(board.picture, board.order, { by: 'label', key: 'team' }, parseSort(''));
  stops.push(groups.start());
  const frame = { goneVms: [], hosts: [], goneHosts: [], isReplaced: false };
  const vm = { id: 'a/vm-1', namespace: 'a', name: 'vm-1', host: null, state: 'off', migratable: { ok: true } } as const;
  for (const team of ['db', 'web']) {
    board.commit({ ...frame, vms: [{ ...vm, labels: { team } }] });
    expect(groups.groups.value.map(({ name }) => name)).toEqual([team]);
  }
  for (const stop of stops) stop();
});
