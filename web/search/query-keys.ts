/** The words of the query language that stand before a colon, and what may follow those that take a value of a list. */
import { CAUSES, OUTCOMES, TRANSIT_STAGES, VM_STATES } from '../../core/model.ts';
import { foldPattern, foldText, matchesPattern, type Pattern } from './query-text.ts';

/** What can be said of a VM with `is:`; the header counts most of them. */
export const MARKS = ['moving', 'queued', 'failed', 'danger', 'stuck', 'attention'] as const;
export type Mark = (typeof MARKS)[number];

/** Keys whose values are names that somebody gave: compared as a whole. */
const NAME_KEYS = ['name', 'ns', 'host', 'to', 'zone', 'os', 'label', 'cluster'] as const;
const LISTS = { state: VM_STATES, stage: TRANSIT_STAGES, cause: CAUSES, outcome: OUTCOMES, is: MARKS } as const;

export type ListKey = keyof typeof LISTS;
export type NameKey = (typeof NAME_KEYS)[number];
export type QueryKey = NameKey | ListKey;

export const isListKey = (key: string): key is ListKey => Object.hasOwn(LISTS, key);
export const QUERY_KEYS: readonly QueryKey[] = [...NAME_KEYS, ...Object.keys(LISTS).filter(isListKey)];

/** What people type who come from elsewhere. */
const ALIASES: Readonly<Record<string, QueryKey>> = { namespace: 'ns', node: 'host', status: 'state', labels: 'label', vm: 'name' };

export function keyOf(word: string): QueryKey | undefined {
  const folded = foldText(word);
  return QUERY_KEYS.find((key) => key === folded) ?? (Object.hasOwn(ALIASES, folded) ? ALIASES[folded] : undefined);
}

/** Empty for a key whose values are names. */
export const listOf = (key: QueryKey): readonly string[] => (isListKey(key) ? LISTS[key] : []);

/** The reader's words for the values of lists. */
export type ValueWords = { readonly [Key in ListKey]: Readonly<Record<(typeof LISTS)[Key][number], string>> };

/**
 * The values of a list that were meant: that of exactly this name or word, else all that begin with it or fit its wildcards; none where
 * it is unknown.
 */
export function valuesMeant(key: ListKey, typed: Pattern, words: ValueWords): readonly string[] {
  const list: readonly string[] = LISTS[key];
  const wordOf: Readonly<Record<string, string>> = words[key];
  const pattern = foldPattern(typed);
  const fits = (wanted: Pattern) => (value: string) =>
    matchesPattern(wanted, value) || matchesPattern(wanted, foldText(wordOf[value] ?? value));
  if (pattern.length > 1) return list.filter(fits(pattern));
  const exact = list.find((value) => value === pattern[0]) ?? list.find(fits(pattern));
  if (exact !== undefined) return [exact];
  return pattern[0] === '' ? [] : list.filter(fits([pattern[0], '']));
}
