/**
 * Golden pairs: the Kubernetes objects of each row of the domain's tables (test/fixtures/domain), and what is derived from them, whole.
 * Where a rule is changed on purpose, write-domain-rows.ts writes them anew; their difference is then what a person has to read.
 */
import { describe, expect, test } from 'vitest';
import { lanesOf } from '../../../core/lanes.ts';
import { deriveRow, readDerived, readDomainTables } from '../../support/domain-rows.ts';

describe.each(readDomainTables())('domain $table', (table) => {
  const expected = readDerived(table);

  test.each(table.rows)('$row', (row) => {
    const derived = deriveRow(table, row);
    expect(derived).toEqual(expected[row.row]);
    if (derived.vm?.host != null) {
      const { settled, leaving } = lanesOf(derived.vm);
      expect([settled, leaving].filter((place) => place !== null)).toEqual([derived.vm.host]);
    }
  });

  test('no row is missing, and none is twice', () => {
    expect(Object.keys(expected)).toEqual(table.rows.map(({ row }) => row));
    expect(new Set(table.rows.map(({ row }) => row)).size).toBe(table.rows.length);
  });
});
