import { expect, test } from 'vitest';
import { isLifeOver, streamEndsAt } from '../../worker/recycle.ts';

const MINUTE = 60_000;

test.each([
  { random: 0, minutes: 10 },
  { random: 0.5, minutes: 12.5 },
  { random: 0.999_999, minutes: 15 },
])('a stream lives 10 to 15 minutes: $minutes', ({ random, minutes }) => {
  const endsAt = streamEndsAt(1_000, random);
  expect(Math.abs(endsAt - 1_000 - minutes * MINUTE)).toBeLessThanOrEqual(1);
  expect(isLifeOver(endsAt, endsAt - 1)).toBe(false);
  expect(isLifeOver(endsAt, endsAt)).toBe(true);
});
