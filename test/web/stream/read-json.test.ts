import { describe, expect, it } from 'vitest';
import { readJson } from '../../../web/stream/read-json.ts';

const read = (value: unknown): unknown => readJson(JSON.stringify(value));
const escaped = (value: unknown): string =>
  JSON.stringify(value).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('the JSON of a room', () => {
  it.each([
    ['plain', 'host-1', 'host-1'],
    ['Chinese', '虚拟机（一）…', '虚拟机（一）…'],
    ['turned round', 'x\u202eetaler ton', '\u2068xetaler ton\u2069'],
    ['with a way out of its fence', 'x\u2069\u202ey', '\u2068xy\u2069'],
    ['Hebrew', 'שרת 1', '\u2068שרת 1\u2069'],
    ['Arabic', 'خادم', '\u2068خادم\u2069'],
    ['Adlam', '𞤀𞤣', '\u2068𞤀𞤣\u2069'],
  ])('a text that is %s', (_, text, expected) => {
    const vm = { id: text, facts: [{ reason: text, count: 1, none: null }] };
    const fenced = { id: expected, facts: [{ reason: expected, count: 1, none: null }] };
    expect(read(vm)).toEqual(fenced);
    expect(readJson(escaped(vm))).toEqual(fenced);
  });

  it('is refused where it is none', () => {
    expect(() => readJson('<html>')).toThrow(SyntaxError);
  });
});
