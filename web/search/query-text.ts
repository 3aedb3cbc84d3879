/** Texts as a search compares them: without case, accents and widths. */

/**
 * What a value must look like: the pieces between its wildcards. One piece is the whole text; `['web-', '']` is what begins with it.
 * A single empty piece stands for "has none".
 */
export type Pattern = readonly [string, ...string[]];

const ASCII = /^[\0-\x7f]*$/;
/** Accents of Latin, Greek and Cyrillic letters, taken apart from them; marks that make another letter (か and が) stay. */
const ACCENTS = /[\u0300-\u036f]/g;

export const foldText = (text: string): string =>
  ASCII.test(text) ? text.toLowerCase() : text.normalize('NFKD').toLowerCase().replace(ACCENTS, '').normalize('NFC');

export const foldPattern = ([first, ...rest]: Pattern): Pattern => [foldText(first), ...rest.map(foldText)];

export const isAnything = (pattern: Pattern): boolean => pattern.length > 1 && pattern.every((piece) => piece === '');

/** Whether the whole text is as the pattern has it; both folded. In time linear in the text: a pattern is typed by anybody. */
export function matchesPattern([first, ...rest]: Pattern, text: string): boolean {
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/**
 * Whether so many letters put in, left out, changed or swapped at most make one word of the other. For a few edits in time linear in the texts:
 * who controls the names can have ten thousand that are long and alike.
 */
export function isWithinEdits(from: string, to: string, edits: number): boolean {
  if (Math.abs(from.length - to.length) > edits) return false;
  // What both begin with needs no edit.
  let start = 0;
  while (start < from.length && from[start] === to[start]) start++;
  const left = from.slice(start);
  const right = to.slice(start);
  if (left === '' || right === '' || edits === 0) return left.length + right.length <= edits;
  const follows = (ofLeft: number, ofRight: number): boolean => isWithinEdits(left.slice(ofLeft), right.slice(ofRight), edits - 1);
  // Now they begin with two letters that differ: one is changed to the other, left out, put in, or swapped with the next.
  return follows(1, 1) || follows(1, 0) || follows(0, 1) || (left[0] === right[1] && left[1] === right[0] && follows(2, 2));
}

/** The known word that was probably meant; null where none is near. */
export function nearestWord<Word extends string>(typed: string, known: readonly Word[]): Word | null {
  const folded = foldText(typed);
  for (const edits of [0, 1, 2]) {
    const nearest = known.find((word) => edits < word.length && isWithinEdits(folded, word, edits));
    if (nearest !== undefined) return nearest;
  }
  return null;
}
