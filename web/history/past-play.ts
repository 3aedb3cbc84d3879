/** The past as a film: how soon the next frame follows, and how many are shown as one. */
import type { Frame } from '../../core/downlink.ts';

export const RATES = [1, 10, 60] as const;
export type Rate = (typeof RATES)[number];

/** More often than this nobody can follow; what is due within it is one commit. */
const LEAST_WAIT_MS = 100;
/** Quiet stretches are cut short: what is played are the changes. */
const MOST_WAIT_MS = 1_500;

export interface NextPlay {
  readonly waitMs: number;
  /** How many frames are then shown at once; at least one. */
  readonly count: number;
}

/** `at`: the moment that is shown; `frames`: those after it that are held, oldest first, at least one. */
export function nextPlay(at: number, frames: readonly Pick<Frame, 'at'>[], rate: Rate): NextPlay {
  const [first] = frames;
  if (first === undefined) return { waitMs: 0, count: 1 };
  const waitMs = Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, (first.at - at) / rate));
  const late = frames.findIndex((frame) => frame.at - first.at >= LEAST_WAIT_MS * rate);
  return { waitMs, count: late < 0 ? frames.length : Math.max(1, late) };
}
