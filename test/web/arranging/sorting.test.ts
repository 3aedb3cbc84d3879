import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vm } from '../../../core/model.ts';
import { createCardWeights } from '../../../web/arranging/card-weights.ts';
import { firstSortBy, formatSort, parseSort, SORT_KEYS, type Sort, sortNames } from '../../../web/arranging/sorting.ts';
import { shareOf, UNKNOWN_WEIGHT, weightOf } from '../../../web/arranging/vm-weight.ts';

describe('an order', () => {
  it.each<[text: string, sort: Sort, formatted?: string]>([
    ['', { key: 'name', isDescending: false }],
    ['-name', { key: 'name', isDescending: true }],
    ['memory', { key: 'memory', isDescending: false }],
    ['-vms', { key: 'vms', isDescending: true }],
    ['cpu', { key: 'cpu', isDescending: false }],
    ['state', { key: 'name', isDescending: false }, ''],
    ['-toString', { key: 'name', isDescending: false }, ''],
    ['--memory', { key: 'name', isDescending: false }, ''],
  ])('%j', (text, sort, formatted = text) => {
    expect(parseSort(text)).toEqual(sort);
    expect(formatSort(sort)).toBe(formatted);
  });

  it('begins with the largest, or with A', () => {
    expect(SORT_KEYS.map((key) => formatSort(firstSortBy(key)))).toEqual(['', '-memory', '-cpu', '-vms']);
  });

  const weights: Readonly<Record<string, number>> = { a: 2, b: 1, c: 2, d: UNKNOWN_WEIGHT, e: 0, f: UNKNOWN_WEIGHT };
  it.each([
    ['name', 'abcdef'],
    ['-name', 'fedcba'],
    ['memory', 'ebacdf'],
    ['-memory', 'acbedf'],
  ])('by %s is stable, with what is not known at its end', (text, order) => {
    expect(sortNames([...'abcdef'], parseSort(text), (name) => weights[name] ?? 0).join('')).toBe(order);
  });
});

const vm = (id: string, host: string | null, memory: number | undefined): Vm => ({
  id,
  namespace: 'default',
  name: id,
  host,
  state: 'running',
  migratable: { ok: true },
  ...(memory !== undefined && { memory }),
});

describe('the weights of cards', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const change = fc.record({
    id,
    host: fc.option(fc.constantFrom('h1', 'h2', 'h3')),
    memory: fc.option(fc.nat(2), { nil: undefined }),
    isGone: fc.boolean(),
  });
  // The order is held for some changes.
  const step = fc.oneof({ weight: 5, arbitrary: change }, { weight: 1, arbitrary: fc.boolean() });
  const HOSTS = ['h1', 'h2', 'h3'];
  const IDS = ['a', 'b', 'c', 'd'];

  it('are the sums of their VMs, and stay while the order is held', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom(...SORT_KEYS), (steps, key) => {
        const vms = new Map<string, Vm>();
        const weights = createCardWeights(
          key,
          ({ host }) => host,
          (each) => vms.get(each),
        );
        const sumAt = (host: string): number =>
          [...vms.values()].reduce((sum, each) => sum + (each.host === host ? shareOf(each, key) : 0), 0);
        let held: { readonly cards: readonly number[]; readonly own: Map<string, number> } | null = null;
        for (const each of steps) {
          const before = { cards: HOSTS.map(weights.card), own: new Map([...vms.keys()].map((known) => [known, weights.vm(known)])) };
          let changed: { readonly ofCards: boolean; readonly ofVms: boolean };
          if (typeof each === 'boolean') {
            changed = weights.hold(each);
            held = each ? (held ?? before) : null;
          } else {
            const next = each.isGone ? undefined : vm(each.id, each.host, each.memory);
            const old = vms.get(each.id);
            if (next === undefined) vms.delete(each.id);
            else vms.set(each.id, next);
            changed = weights.replace(each.id, old, next);
            // Who comes or goes has not changed under anybody's eyes; from then on it stays, too.
            if (next === undefined) held?.own.delete(each.id);
            else if (old === undefined) held?.own.set(each.id, weightOf(next, key));
          }
          const cards = HOSTS.map(weights.card);
          const actual = HOSTS.map(sumAt);
          expect(cards).toEqual(held === null ? actual : held.cards);
          for (const [known, own] of vms) expect(weights.vm(known)).toBe(held?.own.get(known) ?? weightOf(own, key));
          // What is as it was is not waited for, and not remembered.
          const isOther =
            held !== null &&
            (held.cards.some((weight, at) => weight !== actual[at]) ||
              [...held.own].some(([known, weight]) => weight !== weightOf(vms.get(known) ?? {}, key)));
          expect(weights.isBehind()).toBe(isOther);
          if (cards.some((weight, at) => weight !== before.cards[at])) expect(changed.ofCards).toBe(true);
          const isMoved = IDS.some((known) => before.own.has(known) && vms.has(known) && before.own.get(known) !== weights.vm(known));
          if (isMoved && typeof each === 'boolean') expect(changed.ofVms).toBe(true);
          if (isMoved && typeof each !== 'boolean') expect(changed.ofVms).toBe(held === null);
        }
      }),
    );
  });
});
