import { describe, expect, it } from 'vitest';
import { holdRows } from '../../../web/table/table-hold.ts';

describe('rows that are held', () => {
  it('stay where they are, also those that are gone, and what comes stands at the end', () => {
    expect(holdRows(['b', 'a', 'c'], ['a', 'b', 'd', 'e'], 3)).toEqual(['b', 'a', 'c', 'd', 'e']);
    const shown = ['b', 'a'];
    expect(holdRows(shown, ['a'], 2)).toBe(shown);
  });

  it('that have come and gone since give their places to what comes next', () => {
    expect(holdRows(['b', 'a', 'new-1', 'new-2'], ['a', 'new-2', 'new-3', 'new-4'], 2)).toEqual(['b', 'a', 'new-3', 'new-2', 'new-4']);
  });

  it('are never more than there were and there are, however long somebody points at them', () => {
    let shown: readonly string[] = ['a', 'b'];
    for (let turn = 0; turn < 1_000; turn++) shown = holdRows(shown, ['a', `new-${turn}`, `new-${turn + 1}`], 2);
    expect(shown).toHaveLength(4);
  });
});
