/** The machine's clock, so many times as fast: waits of seconds take fractions of one. */
import { type Clock, systemClock } from '../../forwarder/clock.ts';

export const fastClock = (factor: number): Clock => ({
  now: () => systemClock.now() * factor,
  after: (delayMs, callback) => systemClock.after(delayMs / factor, callback),
});
