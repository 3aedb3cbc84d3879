/** A query in its words, each in characters that know whether they were quoted. Pure. */

export interface QueryChar {
  /** Empty for a pair of quotes with nothing between: they stand for an empty text. */
  readonly text: string;
  /** In quotes every sign stands for itself. */
  readonly isQuoted: boolean;
  /** Where it stands in the query. */
  readonly at: number;
  /** The same, with a quote or a backslash that belongs to it. */
  readonly start: number;
  readonly end: number;
}

const QUOTES = '"“”＂';
const SPACE = /\s/;

export interface QueryTokens {
  readonly tokens: readonly (readonly QueryChar[])[];
  /** Where a quote was opened and not closed: it reaches to the end. */
  readonly openQuote: number | null;
}

export function lexQuery(query: string): QueryTokens {
  const tokens: QueryChar[][] = [];
  let token: QueryChar[] = [];
  let quotedFrom: number | null = null;
  let start = 0;
  const end = (): void => {
    if (token.length > 0) tokens.push(token);
    token = [];
  };
  for (let at = 0; at < query.length; at++) {
    const sign = query[at] ?? '';
    if (QUOTES.includes(sign)) {
      if (quotedFrom === null) {
        quotedFrom = at;
        start = at;
        continue;
      }
      const last = token.at(-1);
      if (last === undefined || last.at < quotedFrom)
        token.push({ text: '', isQuoted: true, at: quotedFrom, start: quotedFrom, end: at + 1 });
      else token[token.length - 1] = { ...last, end: at + 1 };
      quotedFrom = null;
    } else if (quotedFrom === null && SPACE.test(sign)) {
      end();
      start = at + 1;
      continue;
    } else {
      const next = query[at + 1] ?? '';
      const isEscape = quotedFrom !== null && sign === '\\' && (next === '\\' || (next !== '' && QUOTES.includes(next)));
      if (isEscape) at += 1;
      token.push({ text: isEscape ? next : sign, isQuoted: quotedFrom !== null, at, start, end: at + 1 });
    }
    start = at + 1;
  }
  end();
  return { tokens, openQuote: quotedFrom };
}

export const joinChars = (chars: readonly QueryChar[]): string => chars.map(({ text }) => text).join('');

/** What stands between those of the signs that are not quoted. */
export function splitChars(chars: readonly QueryChar[], signs: string): QueryChar[][] {
  const parts: QueryChar[][] = [[]];
  for (const char of chars) {
    if (!char.isQuoted && char.text !== '' && signs.includes(char.text)) parts.push([]);
    else parts.at(-1)?.push(char);
  }
  return parts;
}
