/**
 * The room's clock as the page knows it, from the `now` that pulses and snapshots carry (SPEC T6, D5).
 *
 * A message is read after it was written, so every sample makes the room's clock look late, by its time on the way. The
 * largest of the recent offsets is the one with the shortest way, and a burst that was held up on the way does no harm.
 */
const SAMPLES_KEPT_COUNT = 8;

/** Offsets from the local steady clock to the room's, in milliseconds, oldest first. */
export type ServerClock = readonly number[];

export const UNSET_CLOCK: ServerClock = [];

export const observeServerTime = (clock: ServerClock, serverNow: number, localNow: number): ServerClock => [
  ...clock.slice(1 - SAMPLES_KEPT_COUNT),
  serverNow - localNow,
];

/** The time on the room's clock; null before the room was heard. */
export const serverTimeAt = (clock: ServerClock, localNow: number): number | null =>
  clock.length === 0 ? null : localNow + Math.max(...clock);
