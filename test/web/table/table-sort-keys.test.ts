import { describe, expect, it } from 'vitest';
import type { Host, Vm } from '../../../core/model.ts';
import { createRowOrder } from '../../../web/table/table-order.ts';
import { hostSortKey, type SortKey, vmSortKey } from '../../../web/table/table-sort-keys.ts';
import { type HOST_SORTS, parseSort, type Sort, VM_SORTS, type VmSort } from '../../../web/table/table-sorting.ts';

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
