import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEqualJson } from '../../core/equal.ts';

test.each([
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1, b: 2 }, { a: 1 }, false],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [{}, [], false],
  [{}, { toString: {} }, false],
  [null, {}, false],
  [null, undefined, false],
  [{ a: [{ b: null }] }, { a: [{ b: null }] }, true],
])('%j and %j', (a, b, isEqual) => {
  expect(isEqualJson(a, b)).toBe(isEqual);
});

test('a copy equals, and any changed leaf does not', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.jsonValue(), (value, key, leaf) => {
      expect(isEqualJson(value, structuredClone(value))).toBe(true);
      const changed = { ...value, [key]: [leaf, 'changed'] };
      if (JSON.stringify(value[key]) !== JSON.stringify([leaf, 'changed'])) expect(isEqualJson(value, changed)).toBe(false);
    }),
  );
});
