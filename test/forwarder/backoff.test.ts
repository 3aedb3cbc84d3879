import { describe, expect, test } from 'vitest';
import { askedWaitMs, backoffMs, parseRetryAfter } from '../../forwarder/backoff.ts';

test('full jitter: anything between nothing and the ceiling, which doubles up to the cap', () => {
  const backoff = { baseMs: 100, capMs: 1_000 };
  expect([1, 2, 3, 4, 5, 5_000].map((failures) => backoffMs(backoff, failures, 0.999999))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoffMs(backoff, 3, 0)).toBe(0);
});

test('a wait that was asked for is never shortened', () => {
  expect([0, 0.5, 0.99].map((random) => askedWaitMs(1_000, random))).toEqual([1_000, 1_125, 1_248]);
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');
  test.each<[string | null | undefined, number | null]>([
    ['5', 5_000],
    [' 0 ', 0],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['999999999', 600_000],
    ['soon', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%o is %s ms', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});
