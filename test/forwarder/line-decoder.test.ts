import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineDecoder, MAX_LINE_BYTES } from '../../forwarder/line-decoder.ts';

test('however the bytes are cut, the lines are the same', () => {
  const lines = fc.array(fc.string({ unit: 'binary', minLength: 1 }).filter((line) => !line.includes('\n') && line.isWellFormed()));
  fc.assert(
    fc.property(lines, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (expected, sizes) => {
      const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(''));
      const decoder = new LineDecoder();
      const found: string[] = [];
      for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        found.push(...decoder.decode(bytes.subarray(start, start + size)));
        start += size;
      }
      expect(found).toEqual(expected);
      expect(decoder.hasRest).toBe(false);
    }),
  );
});

test('a line that has not ended is a rest; one without end is overlong', () => {
  const decoder = new LineDecoder();
  expect(decoder.decode(Buffer.from('a\n\nb'))).toEqual(['a']);
  expect(decoder.hasRest).toBe(true);
  decoder.decode(Buffer.alloc(MAX_LINE_BYTES, 'x'));
  expect(decoder.isOverlong).toBe(true);
});
