/** The seeded simulation with an oracle (SPEC U1–U8, D1–D3, D6): HOSTVIEW_SEED=N plays one seed, `npm run test:long` 10,000 of them. */
import { describe, test } from 'vitest';
import { givenSeed, isLong } from './runs.ts';
import { playStory } from './simulation/story.ts';

const SEEDS_COUNT = isLong ? 10_000 : 200;
const SEEDS_PER_TEST_COUNT = 20;
const SEED_TIMEOUT_MS = 20_000;

describe('forwarders, room and viewers agree with the oracle at every quiet point', () => {
  if (givenSeed !== null) {
    test(`seed ${givenSeed}`, () => playStory(givenSeed ?? 0), SEED_TIMEOUT_MS);
    return;
  }
  for (let first = 0; first < SEEDS_COUNT; first += SEEDS_PER_TEST_COUNT) {
    const last = first + SEEDS_PER_TEST_COUNT - 1;
    test(
      `seeds ${first} to ${last}`,
      async () => {
        for (let seed = first; seed <= last; seed++) await playStory(seed);
      },
      SEEDS_PER_TEST_COUNT * SEED_TIMEOUT_MS,
    );
  }
});
