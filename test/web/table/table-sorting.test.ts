import { describe, expect, it } from 'vitest';
import { formatSort, nextSort, parseSort, type Sort, VM_SORTS, type VmSort } from '../../../web/table/table-sorting.ts';

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
