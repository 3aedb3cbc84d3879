/**
 * What a screen reader is told at once, because the picture can no longer be trusted: at most once in a while, however often the connection
 * comes and goes; how it stands at the end is always told. Pure.
 */
import type { Badge } from '../stream/badge.ts';

export const WARNING_INTERVAL_MS = 10_000;

/** `back`: what was warned of is over. */
export type Warning = 'back' | 'lost' | 'signed-out' | 'stale';

export interface Warned {
  /** What was told last; the page begins with a picture that nobody has warned of. */
  readonly told: Warning;
  /** When, on a steady clock. */
  readonly at: number;
  /** It still holds, and may be read. */
  readonly isStanding: boolean;
}

export const NOTHING_WARNED: Warned = { told: 'back', at: Number.NEGATIVE_INFINITY, isStanding: false };

/** Null where there is nothing to be told either way: what is shown is not of now, or nothing is yet and says why. */
export function warningOf(badge: Badge, hasPicture: boolean): Warning | null {
  switch (badge.kind) {
    case 'live':
      return 'back';
    case 'stale':
      return 'stale';
    case 'reconnecting':
      return 'lost';
    case 'refused':
      // Before there is a picture, what is shown instead of it says why.
      if (!hasPicture) return null;
      return badge.refusal === 'login-required' ? 'signed-out' : 'lost';
    default:
      return null;
  }
}

/** The same object where nothing changes. What was told and comes back is known to who heard it: nothing took it back meanwhile. */
export function nextWarned(warned: Warned, warning: Warning | null, now: number): Warned {
  if (warning === warned.told) return warned;
  if (warning !== null && now - warned.at >= WARNING_INTERVAL_MS) return { told: warning, at: now, isStanding: true };
  return warned.isStanding ? { ...warned, isStanding: false } : warned;
}
