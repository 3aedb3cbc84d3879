import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, foldText, matchesPattern, nearestWord, type Pattern } from '../../../web/search/query-text.ts';

const asRegExp = (pattern: Pattern): RegExp => new RegExp(`^${pattern.map((piece) => piece.replace(/[^\w]/g, '\\$&')).join('[^]*')}$`);

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
  it.each([
    ['state', 'state', 0],
    ['sate', 'state', 1],
    ['tsate', 'state', 1],
    ['stat', 'state', 1],
    ['host', 'ns', 3],
    ['', 'ns', 2],
  ])('%s is as far from %s as %i letters', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  it('is not measured further than is asked', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 7 });
    fc.assert(
      fc.property(word, word, fc.nat(4), (from, to, most) => {
        const distance = editDistance(from, to);
        expect(editDistance(from, to, most)).toBe(distance <= most ? distance : Number.POSITIVE_INFINITY);
      }),
      { numRuns: 2_000 },
    );
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
