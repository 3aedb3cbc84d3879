import { describe, expect, it } from 'vitest';
import { observeServerTime, serverTimeAt, UNSET_CLOCK } from '../../../web/stream/server-clock.ts';

describe('the server clock (T6)', () => {
  it('is not known before the server was heard', () => {
    expect(serverTimeAt(UNSET_CLOCK, 5)).toBeNull();
  });

  it('runs on with the local clock', () => {
    expect(serverTimeAt(observeServerTime(UNSET_CLOCK, 1_000, 10), 60)).toBe(1_050);
  });

  it('believes the message with the shortest way, whatever was held up before or after it', () => {
    const samples = [
      [1_000, 500],
      [2_000, 1_010],
      [3_000, 2_900],
    ] as const;
    const clock = samples.reduce((clock, [server, local]) => observeServerTime(clock, server, local), UNSET_CLOCK);
    expect(serverTimeAt(clock, 3_000)).toBe(3_990);
  });

  it('follows a server whose clock was set back, once the old samples are gone', () => {
    let clock = observeServerTime(UNSET_CLOCK, 1_000_000, 0);
    for (let sample = 1; sample <= 8; sample++) clock = observeServerTime(clock, 500 + sample, sample);
    expect(serverTimeAt(clock, 8)).toBe(508);
    expect(clock).toHaveLength(8);
  });
});
