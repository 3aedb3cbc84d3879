/** Makes something that was right wrong, or odd, in one place. */
import type { Random } from '../simulation/random.ts';

/** Values that have been trouble somewhere. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324],
  ...[
    '',
    ' ',
    '0',
    'null',
    '__proto__',
    'constructor',
    '../..',
    '\u0000',
    '\ud800',
    '\u202e',
    '💥',
    '%00',
    "' OR 1=1 --",
    '<b>',
    '{{7*7}}',
  ],
  ...['a'.repeat(64), 'a'.repeat(254), 'é'.repeat(513), 'x'.repeat(70_000)],
  ...[[], {}, [[]], [null], { length: 1 }, { toString: 1 }, Array(33).fill('a'), Array(2_000).fill(0)],
];

type Holder = Record<string, unknown>;

/** Where values are: each with the object or list that holds it. */
function* placesIn(value: unknown): Generator<readonly [Holder, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    yield [value as Holder, key];
    yield* placesIn((value as Holder)[key]);
  }
}

/** Text of JSON: the value with one place bent. */
export function bendJson(value: unknown, random: Random): string {
  const bent = structuredClone(value);
  const places = [...placesIn(bent)];
  if (places.length === 0 || random.chance(0.05)) return JSON.stringify(random.pick(ODD_VALUES)) ?? '';
  const [holder, key] = random.pick(places);
  switch (random.weighted({ replace: 6, drop: 2, add: 2, double: 1, poison: 1, deep: 1 })) {
    case 'replace':
      holder[key] = random.pick(ODD_VALUES);
      break;
    case 'drop':
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 'add':
      if (Array.isArray(holder)) holder.push(random.pick(ODD_VALUES));
      else holder[`x-${key}`] = random.pick(ODD_VALUES);
      break;
    case 'double':
      // The same name twice: the later one counts, for every parser alike.
      return JSON.stringify(bent).replace('{', `{${JSON.stringify(key)}:${JSON.stringify(random.pick(ODD_VALUES)) ?? 0},`);
    case 'poison':
      return JSON.stringify(bent).replace('{', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":1},');
    case 'deep': {
      const depth = random.pick([15, 16, 17, 1_000, 20_000]);
      holder[key] = '@';
      return JSON.stringify(bent).replace('"@"', `${'['.repeat(depth)}${']'.repeat(depth)}`);
    }
  }
  return JSON.stringify(bent);
}

const ODD_TEXTS: readonly string[] = [
  ...[
    '',
    '%',
    '%zz',
    '%00',
    '%2e%2e',
    '..',
    '%2F',
    'a%20b',
    '%F0%9F%92%A5',
    '-',
    'A',
    'a.b',
    "'",
    '*',
    'null',
    '0',
    '-1',
    '1e9',
    '99999999999999999',
  ],
  ...['x'.repeat(64), 'x'.repeat(300), 'x'.repeat(4_000), '0-0', 'zz-1', '1969-12-31T00:00:00Z', '2999-01-01T00:00:00Z', 'NaN'],
];
export const oddText = (random: Random): string => random.pick(ODD_TEXTS);

/** Bytes of any kind, or what looks like something for a while. */
export function rawBytes(random: Random): Uint8Array<ArrayBuffer> {
  const length = random.pick([0, 1, 2, 7, 64, 1_000, 20_000]);
  const bytes = Uint8Array.from({ length }, () => random.below(256));
  const head = random.pick(['', '{', '[', '{"kind":"heartbeat"', '\u001f\u008b\u0008', '"', '\ufeff{}', '[1,', '{"a":1}{"b":2}']);
  const start = Uint8Array.from(head, (character) => character.charCodeAt(0) & 255);
  return Uint8Array.from([...start, ...bytes]);
}
