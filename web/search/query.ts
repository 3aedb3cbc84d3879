/**
 * The query language of the search box: words that must all hold, each `text` or `key:value`.
 *
 *   web            part of a VM's name, display name or namespace          web*  *-db    the whole of one of them, with wildcards
 *   host:host-1    the whole value; `host:host-1*` what begins with it     state:error,paused   one of them
 *   -web  !web     not                                                     "two words"  in quotes all is literal; `os:""` has none
 *
 * No text is refused: what is not understood is told as a problem. A word before a colon that is no key is searched as text, colon
 * and all; a value that a list does not have is had by no VM; a key without a value says nothing yet. The signs of Chinese keyboards
 * (：，、“”＊) do the same. Pure.
 */
import { isListKey, keyOf, type ListKey, listOf, QUERY_KEYS, type QueryKey, type ValueWords, valuesMeant } from './query-keys.ts';
import { nearestWord, type Pattern } from './query-text.ts';
import { joinChars, lexQuery, type QueryChar, splitChars } from './query-tokens.ts';

export interface Term {
  readonly isNot: boolean;
  /** Null for text. */
  readonly key: QueryKey | null;
  /** One of them must fit. Those of a list have their names in the model, and unknown ones as they were typed. */
  readonly values: readonly Pattern[];
}

/** Where it stands in what was typed. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export type QueryProblem = Span &
  (
    | { readonly kind: 'unknown-key'; readonly word: string; readonly nearest: QueryKey | null }
    | { readonly kind: 'unknown-value'; readonly key: QueryKey; readonly word: string; readonly known: readonly string[] }
    | { readonly kind: 'no-value'; readonly key: QueryKey; readonly known: readonly string[] }
    | { readonly kind: 'open-quote' }
  );

export interface Query {
  readonly terms: readonly Term[];
  /** Each once, where it stands first. */
  readonly problems: readonly QueryProblem[];
}

/** `words`: the reader's, by which values of lists are known too. */
export function parseQuery(text: string, words: ValueWords): Query {
  const { tokens, openQuote } = lexQuery(text);
  const terms: Term[] = [];
  const problems: QueryProblem[] = [];
  for (const token of tokens) {
    const term = parseTerm(token, words, problems);
    if (term !== null) terms.push(term);
  }
  if (openQuote !== null) problems.push({ kind: 'open-quote', start: openQuote, end: text.length });
  return { terms, problems: distinct(problems, (problem) => JSON.stringify(problem, ['kind', 'key', 'word'])) };
}

/** A text that is parsed as the same terms, in any language. */
export const formatQuery = ({ terms }: Pick<Query, 'terms'>): string => terms.map(formatTerm).join(' ');

function formatTerm({ isNot, key, values }: Term): string {
  const text = values.map(formatPattern).join(',');
  if (key !== null) return `${isNot ? '-' : ''}${key}:${text}`;
  return `${isNot ? '-' : ''}${text.startsWith('-') ? `""${text}` : text}`;
}

/** The text with another one in the problem's place. */
export const replaceIn = (text: string, { start, end }: Span, by: string): string => text.slice(0, start) + by + text.slice(end);

export const quoteValue = (value: string): string => formatPattern([value]);

const PLAIN = /^[\p{L}\p{M}\p{N}._=/+@#-]+$/u;
const formatPattern = (pattern: Pattern): string =>
  pattern.length === 1 && pattern[0] === ''
    ? '""'
    : pattern.map((piece) => (piece === '' || PLAIN.test(piece) ? piece : quote(piece))).join('*');
const quote = (text: string): string => `"${text.replace(/["“”＂\\]/g, '\\$&')}"`;

const NEGATIONS = '-!－！';
const COLONS = ':：';
const COMMAS = ',，、';
const KEY_LIKE = /^\p{L}[\p{L}-]*$/u;

function parseTerm(token: readonly QueryChar[], words: ValueWords, problems: QueryProblem[]): Term | null {
  const [first] = token;
  const isNot = first !== undefined && !first.isQuoted && NEGATIONS.includes(first.text);
  const chars = isNot ? token.slice(1) : token;
  const colon = chars.findIndex(({ text, isQuoted }) => !isQuoted && text !== '' && COLONS.includes(text));
  const before = chars.slice(0, Math.max(0, colon));
  const word = joinChars(before);
  if (colon <= 0 || before.some(({ isQuoted }) => isQuoted) || !KEY_LIKE.test(word)) return textTerm(isNot, splitChars(chars, COMMAS));
  const key = keyOf(word);
  const [head, sign] = [chars[0], chars[colon]];
  if (head === undefined || sign === undefined) return null;
  if (key === undefined) {
    problems.push({ kind: 'unknown-key', word, nearest: nearestWord(word, QUERY_KEYS), start: head.at, end: sign.at });
    return textTerm(isNot, [chars.map((char) => ({ ...char, isQuoted: true }))]);
  }
  const parts = splitChars(chars.slice(colon + 1), COMMAS).filter((part) => part.length > 0);
  if (parts.length === 0) {
    problems.push({ kind: 'no-value', key, known: listOf(key), start: sign.at + 1, end: sign.at + 1 });
    return null;
  }
  return { isNot, key, values: isListKey(key) ? listed(key, parts, words, problems) : namesIn(key, parts) };
}

function textTerm(isNot: boolean, parts: readonly (readonly QueryChar[])[]): Term | null {
  const values = parts.map(patternOf).filter((pattern) => pattern.some((piece) => piece !== ''));
  return values.length === 0 ? null : { isNot, key: null, values };
}

/** `label:team=web,db`: what follows without a key has that of the value before it. */
function namesIn(key: QueryKey, parts: readonly (readonly QueryChar[])[]): Pattern[] {
  const values = parts.map(patternOf);
  if (key !== 'label') return values;
  let label: Pattern | null = null;
  return values.map((value) => {
    const at = value.findIndex((piece) => piece.includes('='));
    const piece = value[at];
    if (piece !== undefined) {
      const [first = '', ...rest] = [...value.slice(0, at), piece.slice(0, piece.indexOf('=') + 1)];
      label = [first, ...rest];
      return value;
    }
    return label === null ? value : concat(label, value);
  });
}

function concat(first: Pattern, second: Pattern): Pattern {
  const [head, ...tail] = second;
  const [start, ...rest] = [...first.slice(0, -1), `${first.at(-1) ?? ''}${head}`];
  return [start ?? '', ...rest, ...tail];
}

function listed(key: ListKey, parts: readonly (readonly QueryChar[])[], words: ValueWords, problems: QueryProblem[]): Pattern[] {
  const names = parts.flatMap((part): Pattern[] => {
    const typed = patternOf(part);
    const meant = valuesMeant(key, typed, words);
    if (meant.length > 0) return meant.map((name) => [name]);
    const [first, last] = [part[0], part.at(-1)];
    if (first !== undefined && last !== undefined) {
      problems.push({ kind: 'unknown-value', key, word: typed.join('*'), known: listOf(key), start: first.start, end: last.end });
    }
    return [typed];
  });
  return distinct(names, formatPattern);
}

/** The first of each name. */
const distinct = <Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] =>
  items.filter((item, at) => items.findIndex((other) => nameOf(other) === nameOf(item)) === at);

/** Its pieces; wildcards side by side are one. */
function patternOf(part: readonly QueryChar[]): Pattern {
  const [first = '', ...rest] = splitChars(part, '*＊').map(joinChars);
  return [first, ...rest.filter((piece, at) => piece !== '' || at === rest.length - 1)];
}
