import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCursor } from '../../core/cursor.ts';
import { formatCursor } from '../../core/cursor-format.ts';

test('a cursor survives the wire', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-z]{1,32}$/), fc.nat({ max: Number.MAX_SAFE_INTEGER }), (epoch, revision) => {
      expect(parseCursor(formatCursor({ epoch, revision }))).toEqual({ ok: true, value: { epoch, revision } });
    }),
  );
});

test.each([
  '',
  '-',
  'abc',
  'abc-',
  '-1',
  'abc-01',
  'abc-1.5',
  'abc--1',
  'ABC-1',
  'abc-1 ',
  'abc-1\n',
  'abc-9999999999999999',
  `${'a'.repeat(33)}-1`,
])('what is no cursor is refused: %j', (text) => {
  expect(parseCursor(text).ok).toBe(false);
});
