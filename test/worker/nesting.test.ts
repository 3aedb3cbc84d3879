import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeeperThan } from '../../worker/nesting.ts';

const deeper = (text: string, max: number): boolean => isDeeperThan(new TextEncoder().encode(text), max);

test.each([
  ['1', 0, false],
  ['[]', 0, true],
  ['[]', 1, false],
  ['[{}]', 1, true],
  ['[{}]', 2, false],
  ['[[],[],[]]', 2, false],
  ['"[[[["', 0, false],
  [String.raw`"\"[[["`, 0, false],
  [String.raw`["\\",[[]]]`, 2, true],
  [String.raw`["\\",[[]]]`, 3, false],
  ['"é[𝕏{"', 0, false],
  ['{"a":{"[":"]"}}', 2, false],
  ['"open [[[', 0, false],
])('%s deeper than %i: %s', (text, max, expected) => {
  expect(deeper(text, max)).toBe(expected);
});

test('any JSON: as deep as a walk of it finds', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, isIndented) => {
      const text = JSON.stringify(value, null, isIndented ? 2 : 0);
      const depth = depthOf(value);
      expect(deeper(text, depth)).toBe(false);
      if (depth > 0) expect(deeper(text, depth - 1)).toBe(true);
    }),
  );
});
