/** How long a viewer's stream lives before it is ended on purpose: access is checked again when the viewer comes back. Pure. */
import { STREAM_LIFE_LEAST_MS, STREAM_LIFE_SPREAD_MS } from '../core/limits.ts';

/** When a stream that was opened at `now` is to end. `random` is in [0, 1): viewers that came together do not leave together. */
export const streamEndsAt = (now: number, random: number): number =>
  now + STREAM_LIFE_LEAST_MS + Math.floor(random * STREAM_LIFE_SPREAD_MS);

/** Asked at each ping, so it is up to a ping's interval late. */
export const isLifeOver = (endsAt: number, now: number): boolean => now >= endsAt;
