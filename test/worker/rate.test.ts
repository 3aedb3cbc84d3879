import { expect, test } from 'vitest';
import { fullBucket, type Rate, takeToken } from '../../worker/rate.ts';

const RATE: Rate = { burst: 3, perSecond: 2 };

/** What each of the requests at these times is told. */
function answersTo(times: readonly number[]): (number | null)[] {
  let bucket = fullBucket(RATE, 1_000);
  return times.map((now) => {
    const taken = takeToken(bucket, RATE, now);
    bucket = taken.bucket;
    return taken.retryAfterS;
  });
}

test.each<[string, number[], (number | null)[]]>([
  ['a burst, and one more', [1_000, 1_000, 1_000, 1_000], [null, null, null, 1]],
  ['refused ones cost nothing', [1_000, 1_000, 1_000, 1_000, 1_000, 1_500], [null, null, null, 1, 1, null]],
  ['half a second is one request', [1_000, 1_000, 1_000, 1_499, 1_500, 1_500], [null, null, null, 1, null, 1]],
  ['a long pause is no more than a burst', [900_000, 900_000, 900_000, 900_000], [null, null, null, 1]],
  ['at the rate it goes on for ever', [1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000], Array(7).fill(null)],
  ['a clock that is set back adds nothing', [1_000, 1_000, 1_000, 0, 0], [null, null, null, 1, 1]],
])('%s', (_what, times, answers) => {
  expect(answersTo(times)).toEqual(answers);
});

test('a slow rate says how long to wait, in whole seconds', () => {
  const slow: Rate = { burst: 1, perSecond: 0.1 };
  const { bucket } = takeToken(fullBucket(slow, 0), slow, 0);
  expect(takeToken(bucket, slow, 0).retryAfterS).toBe(10);
  expect(takeToken(bucket, slow, 1_500).retryAfterS).toBe(9);
});
