import { expect, it } from 'vitest';
import { entry } from '../../core/entry.ts';

it('is made by whoever asks first, once, and never for a key that has one', () => {
  const kept = new Map<string, number[]>([['known', [0]]]);
  const key = {};
  const weak = new WeakMap<object, string>();
  expect(entry(kept, 'known', () => [1])).toEqual([0]);
  expect(entry(kept, 'new', () => [2])).toBe(entry(kept, 'new', () => [3]));
  expect([...kept]).toEqual([
    ['known', [0]],
    ['new', [2]],
  ]);
  expect([entry(weak, key, () => ''), entry(weak, key, () => 'again')]).toEqual(['', '']);
});
