import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText, isWithinEdits, matchesPattern, nearestWord, type Pattern } from '../../../web/search/query-text.ts';

const asRegExp = (pattern: Pattern): RegExp => new RegExp(`^${pattern.map((piece) => piece.replace(/[^\w]/g, '\\$&')).join('[^]*')}$`);

/** How many letters must be put in, left out, changed or swapped to make one word of the other. The plain one, which takes all pairs of letters. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let at = 1; at <= to.length; at++) {
      const isSame = from[row - 1] === to[at - 1];
      const isSwapped = row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1];
      line.push(
        Math.min(
          (above[at] ?? 0) + 1,
          (line[at - 1] ?? 0) + 1,
          (above[at - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (before[at - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = above;
    above = line;
  }
  return above[to.length] ?? 0;
}

describe('a pattern', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '\n'), maxLength: 8 });
  it('matches what the regular expression does', () => {
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), (name, [first = '', ...rest]) => {
        expect(matchesPattern([first, ...rest], name)).toBe(asRegExp([first, ...rest]).test(name));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not let its ends overlap', () => {
    expect(matchesPattern(['ab', 'ba'], 'aba')).toBe(false);
    expect(matchesPattern(['ab', 'ba'], 'abba')).toBe(true);
  });
});

it.each([
  ['Web-1', 'web-1'],
  ['ÄRGER', 'arger'],
  ['ＷＥＢ', 'web'],
  ['が', 'が'],
  // What becomes a capital letter only by being taken apart.
  ['4 ㎇ ㎆', '4 gb mb'],
])('%s is compared as %s', (text, folded) => {
  expect(foldText(text)).toBe(folded);
  expect(foldText(folded)).toBe(folded);
});

describe('a mistyped word', () => {
  it.each<[from: string, to: string, distance: number]>([
    ['state', 'state', 0],
    ['sate', 'state', 1],
    ['tsate', 'state', 1],
    ['stat', 'state', 1],
    ['host', 'ns', 3],
    ['', 'ns', 2],
  ])('%s is as far from %s as %i letters', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect([0, 1, 2, 3, 4].map((edits) => isWithinEdits(from, to, edits))).toEqual([0, 1, 2, 3, 4].map((edits) => edits >= distance));
  });

  it('is within so many edits as its distance says, swaps beside what both have too', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 6 });
    fc.assert(
      fc.property(part, part, part, part, fc.nat(3), (beginning, from, to, end, edits) => {
        const [left, right] = [beginning + from + end, beginning + to + end];
        expect(isWithinEdits(left, right, edits), `${left} ${right}`).toBe(editDistance(left, right) <= edits);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['at their end', (name: string, number: string) => name + number],
    ['at both ends', (name: string, number: string) => number + name + number],
  ])('is looked for among long names that differ %s, and is not measured', (_, nameOf) => {
    const names = Array.from({ length: 500 }, (_, index) => nameOf('ab'.repeat(29), String.fromCharCode(0x4e00 + index)));
    const shortest = (run: (name: string) => void): number =>
      Math.min(
        ...Array.from({ length: 3 }, () => {
          const begun = performance.now();
          for (const name of names) run(name);
          return performance.now() - begun;
        }),
      );
    const word = nameOf('ab'.repeat(29), 'x');
    expect(names.every((name) => isWithinEdits(word, name, 2))).toBe(true);
    const plain = shortest((name) => editDistance(word, name));
    // A hundredth, where nothing else runs.
    expect(shortest((name) => isWithinEdits(word, name, 2))).toBeLessThan(plain / 10);
  });

  it('means the nearest known one, or none', () => {
    const known = ['state', 'stage', 'ns', 'is'];
    expect(['Stat', 'stgae', 'sn', 'x', 'elephant'].map((typed) => nearestWord(typed, known))).toEqual([
      'state',
      'stage',
      'ns',
      null,
      null,
    ]);
  });
});
