import { expect, test } from 'vitest';
import { freshnessOf } from '../../core/freshness.ts';
import { LIVE_WITHIN_MS } from '../../core/limits.ts';

test('D5: live within the bound, stale past it, waiting when never heard', () => {
  expect(freshnessOf(null, 5)).toBe('waiting');
  expect(freshnessOf(1_000, 1_000 + LIVE_WITHIN_MS)).toBe('live');
  expect(freshnessOf(1_000, 1_001 + LIVE_WITHIN_MS)).toBe('stale');
});
