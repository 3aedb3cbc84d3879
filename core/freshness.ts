/** Whether a picture may be called live (SPEC D5): one function, used by everybody who looks. */
import { LIVE_WITHIN_MS } from './limits.ts';

/** `live` heard within 30 s · `stale` not · `waiting` never. */
export type Freshness = 'live' | 'stale' | 'waiting';

/** Both times on the room's clock, in milliseconds. */
export function freshnessOf(lastHeard: number | null, now: number): Freshness {
  if (lastHeard === null) return 'waiting';
  return now - lastHeard <= LIVE_WITHIN_MS ? 'live' : 'stale';
}
