/** Chance as a parameter: a seeded generator (the same seed, the same story), and uids that are a function of what they name. */
import { createHash } from 'node:crypto';

export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number;
  /** From `low` up to `high`. */
  between(low: number, high: number): number;
  /** One of a list; null of an empty one. */
  pick<T>(list: readonly T[]): T | null;
  shuffle<T>(list: readonly T[]): T[];
  /** Kubernetes' suffix of a generated name: five letters and digits. */
  suffix(): string;
}

/** Kubernetes leaves out vowels and what looks alike (apimachinery util/rand). */
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_COUNT = 5;

/** Mulberry32: 32 bits of state, one full period, good enough to look like chance. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    pick: (list) => list[below(list.length)] ?? null,
    shuffle: (list) =>
      list
        .map((item) => ({ item, order: next() }))
        .sort((a, b) => a.order - b.order)
        .map(({ item }) => item),
    suffix: () => Array.from({ length: SUFFIX_COUNT }, () => NAME_ALPHABET.charAt(below(NAME_ALPHABET.length))).join(''),
  };
}

/** A version 5-shaped UUID of some text: the same text, the same uid, in every run. */
export function deriveUid(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(parts.join('\u0000')).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
