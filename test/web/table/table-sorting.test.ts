import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host, Vm } from '../../../core/model.ts';
import { createRowOrder, holdRows } from '../../../web/table/table-order.ts';
import {
  formatSort,
  type HOST_SORTS,
  hostSortKey,
  nextSort,
  parseSort,
  type Sort,
  type SortKey,
  VM_SORTS,
  type VmSort,
  vmSortKey,
} from '../../../web/table/table-sorting.ts';

const vm = (name: string, extra: Partial<Vm> = {}): Vm => ({
  id: `default/${name}`,
  namespace: 'default',
  name,
  host: 'host-1',
  state: 'running',
  migratable: { ok: true },
  ...extra,
});
const moving = (startedAt: number): Partial<Vm> => ({
  transit: { id: 'm', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt },
});
const ended = (outcome: 'failed' | 'succeeded', endedAt: number | null): Partial<Vm> => ({
  lastMigration: { outcome, cause: 'user', from: 'host-2', to: 'host-1', endedAt },
});

function namesBy(sort: Sort<VmSort>, vms: readonly Vm[]): string[] {
  const order = createRowOrder<Vm>((each) => vmSortKey(each, sort.column), sort.isDescending);
  for (const each of vms) order.put(each.id, each);
  return order.ids().map((id) => id.slice('default/'.length));
}

describe('the sort in an address', () => {
  it.each<[string, Sort<string>]>([
    ['', { column: 'name', isDescending: false }],
    ['-name', { column: 'name', isDescending: true }],
    ['memory', { column: 'memory', isDescending: false }],
    ['-memory', { column: 'memory', isDescending: true }],
    // Of the hosts' table, of the board, of nobody: it leaves this table as it is.
    ['-vms', { column: 'name', isDescending: false }],
    ['--memory', { column: 'name', isDescending: false }],
    ['-', { column: 'name', isDescending: false }],
    ['Memory', { column: 'name', isDescending: false }],
    ['toString', { column: 'name', isDescending: false }],
  ])('%j is read', (text, sort) => {
    expect(parseSort(text, VM_SORTS)).toEqual(sort);
  });

  it('is written as it is read', () => {
    for (const column of VM_SORTS) {
      for (const isDescending of [false, true])
        expect(parseSort(formatSort({ column, isDescending }), VM_SORTS)).toEqual({ column, isDescending });
    }
    expect(formatSort({ column: 'name', isDescending: false })).toBe('');
  });

  it('changes with a click on a head: first what one looks for, then the other way round', () => {
    const byName = parseSort('', VM_SORTS);
    expect(formatSort(nextSort<VmSort>(byName, 'name'))).toBe('-name');
    expect(formatSort(nextSort<VmSort>(byName, 'host'))).toBe('host');
    expect(formatSort(nextSort<VmSort>(byName, 'memory'))).toBe('-memory');
    expect(formatSort(nextSort<VmSort>(parseSort('-memory', VM_SORTS), 'memory'))).toBe('memory');
  });
});

describe('VMs', () => {
  it.each<[string, Partial<Vm>[], string[]]>([
    ['name', [{ name: 'web-10' }, { name: 'web-9' }, { displayName: 'WEB-8' }], ['c', 'b', 'a']],
    ['namespace', [{ namespace: 'b' }, { namespace: 'a-10' }, { namespace: 'a-9' }], ['c', 'b', 'a']],
    ['host', [{ host: null }, { host: 'host-10' }, { host: 'host-9' }], ['c', 'b', 'a']],
    ['-host', [{ host: null }, { host: 'host-10' }, { host: 'host-9' }], ['b', 'c', 'a']],
    ['state', [{ state: 'off' }, {}, { state: 'unknown' }, { state: 'error' }], ['d', 'c', 'b', 'a']],
    [
      'news',
      [{}, ended('succeeded', 1), ended('failed', 1), moving(1), { danger: ['post-copy'] }, { state: 'error' }],
      ['f', 'e', 'd', 'c', 'b', 'a'],
    ],
    ['-when', [ended('failed', null), ended('failed', 5), moving(7), {}], ['c', 'b', 'a', 'd']],
    ['when', [ended('failed', null), ended('failed', 5), moving(7), {}], ['b', 'c', 'a', 'd']],
    ['cpu', [{ cpu: 10 }, {}, { cpu: 9 }], ['c', 'a', 'b']],
    ['-memory', [{ memory: 9 }, {}, { memory: 10 }], ['c', 'a', 'b']],
    ['-migratable', [{}, { migratable: { ok: false } }, {}], ['b', 'a', 'c']],
    ['os', [{ os: 'windows' }, {}, { os: 'Linux' }], ['c', 'a', 'b']],
  ])('by %s', (text, facts, names) => {
    const vms = facts.map((fact, index) => ({ ...vm('abcdef'.charAt(index)), ...fact, id: `default/${'abcdef'.charAt(index)}` }));
    expect(namesBy(parseSort(text, VM_SORTS), vms)).toEqual(names);
  });

  it('that are equal stand by their ids in either direction', () => {
    const vms = ['web-10', 'web-9', 'web-1'].map((name) => vm(name, { memory: 4 }));
    expect(namesBy({ column: 'memory', isDescending: false }, vms)).toEqual(['web-1', 'web-9', 'web-10']);
    expect(namesBy({ column: 'memory', isDescending: true }, vms)).toEqual(['web-1', 'web-9', 'web-10']);
  });
});

describe('hosts', () => {
  const host: Host = { name: 'host-1', displayName: 'Rack 1', state: 'active', reasons: [], roles: [], cpu: 4 };
  it.each<[(typeof HOST_SORTS)[number], SortKey]>([
    ['name', hostSortKey({ name: 'Rack 1', host: undefined, vms: 0, arriving: 0, leaving: 0 }, 'name')],
    ['vms', 3],
    ['arriving', 1],
    ['leaving', 2],
    ['cpu', 4],
    ['memory', null],
  ])('by %s', (column, key) => {
    expect(hostSortKey({ name: 'host-1', host, vms: 3, arriving: 1, leaving: 2 }, column)).toBe(key);
  });

  it('of which no Node is known have no state', () => {
    expect(hostSortKey({ name: 'host-9', host: undefined, vms: 0, arriving: 0, leaving: 0 }, 'state')).toBe(null);
  });
});

describe('the order of rows', () => {
  const key = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(null));
  const step = fc.record({
    id: fc.constantFrom(...'abcdefgh'),
    item: fc.option(fc.record({ key }), { nil: undefined }),
    isRead: fc.boolean(),
  });

  it('after any changes is the one that sorting all of them makes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, isDescending) => {
        const order = createRowOrder<{ key: SortKey }>((item) => item.key, isDescending);
        const items = new Map<string, { key: SortKey }>();
        for (const { id, item, isRead } of steps) {
          const before = isRead ? order.ids() : null;
          const isChanged = order.put(id, item);
          if (item === undefined) items.delete(id);
          else items.set(id, item);
          if (before !== null && !isChanged) expect(order.ids()).toBe(before);
        }
        const fresh = createRowOrder<{ key: SortKey }>((item) => item.key, isDescending);
        for (const [id, item] of items) fresh.put(id, item);
        expect(order.ids()).toEqual(fresh.ids());
        expect([...'abcdefgh'].filter(order.has)).toEqual([...items.keys()].sort());
      }),
    );
  });

  it('is held: nothing changes its place, nothing goes, and what comes stands at the end', () => {
    expect(holdRows(['b', 'a', 'c'], ['a', 'b', 'd', 'e'])).toEqual(['b', 'a', 'c', 'd', 'e']);
    const shown = ['b', 'a'];
    expect(holdRows(shown, ['a'])).toBe(shown);
  });
});
