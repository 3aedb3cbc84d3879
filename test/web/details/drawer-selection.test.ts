import { describe, expect, it } from 'vitest';
import { isSameSelection, selectDrawer, selecting, selectionKey, standingIds } from '../../../web/details/drawer-selection.ts';
import { PLAIN_STATE } from '../../../web/page/page-state.ts';

describe('the drawer', () => {
  it.each([
    ['nothing is selected', {}, null],
    ['a VM', { vm: 'default/a' }, { kind: 'vm', id: 'default/a' }],
    ['a host', { host: 'h-1' }, { kind: 'host', name: 'h-1' }],
    ['a host in the table', { host: 'h-1', picture: 'table' }, { kind: 'host', name: 'h-1' }],
    ['the drain board of a host, which is its details', { host: 'h-1', picture: 'drain' }, null],
    ['a VM beside the drain boards', { vm: 'default/a', picture: 'drain' }, { kind: 'vm', id: 'default/a' }],
    ['a wall', { vm: 'default/a', wall: 20 }, null],
  ] as const)('%s', (_, change, selection) => {
    expect(selectDrawer({ ...PLAIN_STATE, ...change })).toEqual(selection);
  });

  it('of a VM opens and closes beside a drain board, and else instead of a host', () => {
    expect(selecting({ picture: 'drain' }, 'default/a')).toEqual({ vm: 'default/a' });
    expect(selecting({ picture: 'drain' }, null)).toEqual({ vm: null });
    expect(selecting({ picture: 'board' }, 'default/a')).toEqual({ vm: 'default/a', host: null });
  });

  it('tells a VM from a host of the same name, and finds each by the ids of the board', () => {
    expect(selectionKey({ kind: 'vm', id: 'a/b' })).not.toBe(selectionKey({ kind: 'host', name: 'a/b' }));
    expect(isSameSelection({ kind: 'vm', id: 'a/b' }, { kind: 'vm', id: 'a/b' })).toBe(true);
    expect(isSameSelection({ kind: 'vm', id: 'a/b' }, { kind: 'host', name: 'a/b' })).toBe(false);
    expect(isSameSelection(null, null)).toBe(false);
    expect(standingIds({ kind: 'vm', id: 'a/b' })).toEqual(['vm/a/b', 'arriving/a/b']);
    expect(standingIds({ kind: 'host', name: 'h-1' })).toEqual(['host/h-1']);
  });
});
