import { expect, test } from 'vitest';
import { DEFAULT_RETENTION, parseRetention } from '../../worker/retention.ts';

const HOUR_MS = 3_600_000;
const MB_BYTES = 1_048_576;

test('without settings: a week, and 64 MB', () => {
  expect(parseRetention({ days: undefined, megabytes: undefined })).toEqual({ ageMs: 7 * 24 * HOUR_MS, bytes: 64 * MB_BYTES });
});

test.each<[string, number | null]>([
  ['1', 24],
  ['0.5', 12],
  ['0.041667', 1],
  ['3650', 87_600],
  ['3651', null],
  ['0', null],
  ['0.01', null],
  ['-1', null],
  ['1e3', null],
  [' 7', null],
  ['7 days', null],
  ['', null],
  ['NaN', null],
])('%j days', (days, hours) => {
  const { ageMs, bytes } = parseRetention({ days, megabytes: undefined });
  expect(Math.round(ageMs / HOUR_MS)).toBe(hours ?? DEFAULT_RETENTION.ageMs / HOUR_MS);
  expect(bytes).toBe(DEFAULT_RETENTION.bytes);
});

test.each<[string, number | null]>([
  ['1', 1],
  ['0.5', null],
  ['8192', 8_192],
  ['8193', null],
  ['0x40', null],
  ['64MB', null],
])('%j MB', (megabytes, expected) => {
  expect(parseRetention({ days: undefined, megabytes }).bytes).toBe((expected ?? 64) * MB_BYTES);
});
