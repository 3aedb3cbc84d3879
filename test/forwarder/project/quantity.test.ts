import { expect, test } from 'vitest';
import { parseQuantity } from '../../../forwarder/project/quantity.ts';

test.each<[unknown, number | undefined]>([
  ['4', 4],
  ['3900m', 3.9],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['5.', 5],
  ['16Gi', 17_179_869_184],
  ['65804980Ki', 67_384_299_520],
  ['1e9', 1_000_000_000],
  ['12E6', 12_000_000],
  ['1e-3', 0.001],
  ['2P', 2e15],
  // Beyond what a number can count exactly; the room takes nothing larger.
  ['2E', undefined],
  ['100k', 100_000],
  ['+3M', 3_000_000],
  ['1500000000n', 1.5],
  ['0', 0],
  [8, 8],
  ['-4', undefined],
  [-4, undefined],
  ['', undefined],
  ['16gi', undefined],
  ['16 Gi', undefined],
  ['1e9Gi', undefined],
  ['Gi', undefined],
  ['1e999', undefined],
  [Number.NaN, undefined],
  [null, undefined],
  [{}, undefined],
])('%o is %s', (quantity, expected) => {
  expect(parseQuantity(quantity)).toBe(expected);
});
