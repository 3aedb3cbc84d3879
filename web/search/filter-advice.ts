/** What to say where a search finds nothing because a name in it is nobody's. Pure; looks through the whole picture, so only then. */
import { entry } from '../../core/entry.ts';
import type { Host, Vm } from '../../core/model.ts';
import { orderKeyOf } from '../arranging/order-key.ts';
import type { Query, Term } from './query.ts';
import { isListKey, type NameKey } from './query-keys.ts';
import { foldText, isWithinEdits, type Pattern } from './query-text.ts';

export type Advice =
  /** `near`: names that it may have been meant for; with what the query would be. */
  | { readonly kind: 'no-such'; readonly key: NameKey; readonly word: string; readonly near: readonly Suggestion[] }
  | { readonly kind: 'other-cluster'; readonly word: string };

export interface Suggestion {
  readonly word: string;
  readonly query: Pick<Query, 'terms'>;
}

/** Each key of a query looks through it: an iterator would have nothing left for the second one. */
export interface KnownPicture {
  readonly vms: readonly Vm[];
  readonly hosts: readonly Host[];
}

const NEAR_COUNT = 6;
/** An address can name hundreds; who reads about a few of them knows what is wrong. */
const ADVICE_COUNT = 3;
/** What is longer is no slip of the pen, and to compare ten thousand long names would be felt. */
const LONGEST_SLIP_CHARS = 63;
const SLIP_EDITS = 2;

/** Of a query that found nothing: the first few names of it that nobody has, each once. */
export function adviseOn({ terms }: Pick<Query, 'terms'>, picture: KnownPicture): readonly Advice[] {
  const advice: Advice[] = [];
  const namesOfKeys = new Map<NameKey, ReadonlyMap<string, string>>();
  const seen = new Set<string>();
  for (const { key, isNot, values } of terms) {
    if (isNot || key === null || isListKey(key)) continue;
    for (const value of values) {
      if (advice.length >= ADVICE_COUNT) return advice;
      const [word = ''] = value;
      const folded = foldWord(value);
      const name = key === 'cluster' ? key : `${key} ${folded}`;
      if (folded === '' || seen.has(name)) continue;
      seen.add(name);
      if (key === 'cluster') {
        advice.push({ kind: 'other-cluster', word });
        continue;
      }
      const known = entry(namesOfKeys, key, () => knownNames(key, picture));
      if (known.has(folded)) continue;
      const near = nearNames(folded, known).map((other) => ({
        word: other,
        query: { terms: terms.map((term) => (term.key === key && !term.isNot ? replaceWord(term, folded, [other]) : term)) },
      }));
      advice.push({ kind: 'no-such', key, word, near });
    }
  }
  return advice;
}

/** By how a search compares them. Empty for one with wildcards, as for the empty one, which stands for what has no such name. */
const foldWord = ([word = '', ...rest]: Pattern): string => (rest.length > 0 ? '' : foldText(word));

const replaceWord = (term: Term, folded: string, by: Pattern): Term => ({
  ...term,
  values: term.values.map((value) => (foldWord(value) === folded ? by : value)),
});

/** By how a search compares them. */
function knownNames(key: Exclude<NameKey, 'cluster'>, { vms, hosts }: KnownPicture): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (name: string | null | undefined): void => {
    if (name != null && name !== '') names.set(foldText(name), name);
  };
  if (key === 'zone') for (const { zone } of hosts) add(zone);
  else if (key === 'host' || key === 'to') {
    for (const { name, displayName } of hosts) {
      add(name);
      add(displayName);
    }
    // A host can be named although no Node of that name is known.
    for (const { host, transit } of vms) {
      add(host);
      add(transit?.to);
    }
  } else {
    for (const vm of vms) for (const name of namesOf(key, vm)) add(name);
  }
  return names;
}

function namesOf(key: 'name' | 'ns' | 'os' | 'label', { name, displayName, namespace, os, labels }: Vm): readonly (string | undefined)[] {
  if (key === 'name') return [name, displayName];
  if (key === 'label') return Object.entries(labels ?? {}).flatMap(([label, value]) => [label, `${label}=${value}`]);
  return [key === 'ns' ? namespace : os];
}

/** Those that begin with it, contain it, are spelt alike; where there are few names at all, all of them. */
function nearNames(word: string, known: ReadonlyMap<string, string>): string[] {
  const [beginning, containing, alike, others]: [string[], string[], string[], string[]] = [[], [], [], []];
  const groupOf = (folded: string): string[] => {
    if (folded.startsWith(word)) return beginning;
    if (folded.includes(word)) return containing;
    // Nobody would see those that are alike any more.
    if (beginning.length + containing.length >= NEAR_COUNT) return others;
    return word.length <= LONGEST_SLIP_CHARS && isWithinEdits(word, folded, SLIP_EDITS) ? alike : others;
  };
  for (const [folded, name] of known) groupOf(folded).push(name);
  const near = [beginning, containing, alike, ...(known.size <= NEAR_COUNT ? [others] : [])];
  return near.flatMap(selectFirst).slice(0, NEAR_COUNT);
}

/** As many as are shown, in the order of names: to sort ten thousand of them for that would be felt. */
function selectFirst(names: readonly string[]): string[] {
  const first: { readonly name: string; readonly key: string }[] = [];
  for (const name of names) {
    const key = orderKeyOf(name);
    const place = first.findIndex((each) => key < each.key);
    first.splice(place < 0 ? NEAR_COUNT : place, 0, { name, key });
    first.splice(NEAR_COUNT);
  }
  return first.map(({ name }) => name);
}
