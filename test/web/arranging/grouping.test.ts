import { describe, expect, it } from 'vitest';
import { formatGrouping, type Grouping, groupByZone, groupOf, hasHostCards, parseGrouping } from '../../../web/arranging/grouping.ts';

describe('a grouping', () => {
  it.each<[text: string, grouping: Grouping, formatted?: string]>([
    ['', { by: 'host' }],
    ['zone', { by: 'zone' }],
    ['namespace', { by: 'namespace' }],
    ['none', { by: 'none' }],
    ['label:team', { by: 'label', key: 'team' }],
    ['label:a:b', { by: 'label', key: 'a:b' }],
    ['label:', { by: 'host' }, ''],
    ['colour', { by: 'host' }, ''],
    ['host', { by: 'host' }, ''],
  ])('%j', (text, grouping, formatted = text) => {
    expect(parseGrouping(text)).toEqual(grouping);
    expect(formatGrouping(grouping)).toBe(formatted);
    expect(hasHostCards(grouping)).toBe(grouping.by === 'host' || grouping.by === 'zone');
  });

  it.each<[grouping: Grouping, group: string | null]>([
    [{ by: 'namespace' }, 'default'],
    [{ by: 'none' }, null],
    [{ by: 'label', key: 'team' }, 'db'],
    [{ by: 'label', key: 'empty' }, ''],
    [{ by: 'label', key: 'other' }, null],
    [{ by: 'label', key: 'toString' }, null],
  ])('%j puts a VM into one group', (grouping, group) => {
    expect(groupOf({ namespace: 'default', labels: { team: 'db', empty: '' } }, grouping)).toBe(group);
  });

  it('has no label where a VM has none', () => {
    expect(groupOf({ namespace: 'default' }, { by: 'label', key: 'team' })).toBeNull();
  });

  it('by zone keeps the order within each, and has those without one last', () => {
    const zones: Readonly<Record<string, string | undefined>> = { a: 'z2', b: undefined, c: 'z10', d: 'z2', e: '' };
    const compare = (one: string, other: string): number => one.length - other.length;
    expect(groupByZone(['d', 'b', 'c', 'e', 'a'], (name) => zones[name], compare)).toEqual([
      { zone: 'z2', names: ['d', 'a'] },
      { zone: 'z10', names: ['c'] },
      { zone: null, names: ['b', 'e'] },
    ]);
  });
});
