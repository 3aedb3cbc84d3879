import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRowOrder } from '../../../web/table/table-order.ts';
import type { SortKey } from '../../../web/table/table-sort-keys.ts';

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
});
