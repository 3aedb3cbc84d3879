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

/** How many letters must be put in, left out, changed or swapped to make one word of the other; infinitely many where it is more than `most`. */
export function editDistance(from: string, to: string, most = Number.POSITIVE_INFINITY): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    let least = row;
    for (let at = 1; at <= to.length; at++) {
      const isSame = from[row - 1] === to[at - 1];
      const isSwapped = row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1];
      const distance = Math.min(
        (above[at] ?? 0) + 1,
        (line[at - 1] ?? 0) + 1,
        (above[at - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (before[at - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
      line.push(distance);
      least = Math.min(least, distance);
    }
    // No line has less than the one before it, not even where letters are swapped: to change both is one more.
    if (least > most) return Number.POSITIVE_INFINITY;
    before = above;
    above = line;
  }
  const distance = above[to.length] ?? 0;
  return distance > most ? Number.POSITIVE_INFINITY : distance;
}

/** The known word that was probably meant; null where none is near. */
export function nearestWord<Word extends string>(typed: string, known: readonly Word[]): Word | null {
  const folded = foldText(typed);
  const nearest = known
    .map((word) => ({ word, distance: editDistance(folded, word) }))
    .filter(({ word, distance }) => distance <= 2 && distance < word.length)
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest?.word ?? null;
}
