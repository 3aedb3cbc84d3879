/**
 * One migration, as one virt-handler measures it again and again → how far it is, and whether it will ever end. Pure.
 *
 * Which measurements are fresh is told by their own times alone: one is when it is newer than the one before (T6: a handler's clock is
 * compared with nothing but itself). What the very first answer holds may be left from a migration of last week, for a handler keeps
 * its last ten measurements until somebody asks; so it only sets the mark.
 */
import { PROGRESS_STALE_AFTER_MS, type Progress } from '../../core/progress.ts';
import type { Reading } from './reading.ts';

/** `seenAt`: when it was first seen, on this forwarder's clock. */
interface Measurement {
  readonly reading: Reading;
  readonly seenAt: number;
}

export interface ProgressTrack {
  /** The newest measurement's time on the handler's clock; undefined before the first answer, null where it has none. */
  readonly mark: number | null | undefined;
  readonly newest: Measurement | null;
  /** The least that has remained so far, and when that was first so; null while nothing is known to remain. */
  readonly least: { readonly remaining: number; readonly since: number } | null;
  /** Fresh measurements in a row, up to the newest, in which the guest changed memory at least as fast as it was copied. */
  readonly outrunCount: number;
}

export const UNTRACKED: ProgressTrack = { mark: undefined, newest: null, least: null, outrunCount: 0 };

/** Less of a decrease than this share is none: counters of a guest that changes what was just copied go up and down. */
const SHRINK_SHARE = 0.01;
/** Dirty rate ≥ copy rate in so many measurements in a row, five seconds apart: no round of the copy can be shorter than the last. */
export const OUTRUN_COUNT = 3;
/** What remains has not shrunk for this long although copying goes on: it will not end by itself, unless rounds become shorter. */
export const STUCK_AFTER_MS = 30_000;
/**
 * A guest that changes less than this share of what is copied makes every round of the copy shorter than the last. Then it does end,
 * though what remains grows whenever a round begins.
 */
const CONVERGING_SHARE = 0.8;

/** `reading`: what the handler's answer says of the VMI; undefined where it says nothing. `now`: this forwarder's clock. */
export function observeReading(track: ProgressTrack, reading: Reading | undefined, now: number): ProgressTrack {
  // An answer without it sets the mark too: whatever comes next is new.
  if (reading === undefined) return track.mark === undefined ? { ...track, mark: Number.NEGATIVE_INFINITY } : track;
  if (reading.at !== null && (track.mark === undefined || (track.mark !== null && reading.at <= track.mark))) {
    return track.mark === undefined ? { ...track, mark: reading.at } : track;
  }
  const { remaining, rate, dirtyRate } = reading;
  const isOutrun = rate !== undefined && dirtyRate !== undefined && rate > 0 && dirtyRate >= rate;
  return {
    mark: reading.at,
    newest: { reading, seenAt: now },
    least: remaining === undefined ? track.least : shrink(track.least, remaining, now),
    outrunCount: isOutrun ? track.outrunCount + 1 : 0,
  };
}

function shrink(least: ProgressTrack['least'], remaining: number, now: number): ProgressTrack['least'] {
  return least === null || remaining < least.remaining * (1 - SHRINK_SHARE) ? { remaining, since: now } : least;
}

/**
 * What there is to tell at this time; null where nothing is known that is fresh. `endsAnyway`: KubeVirt forces the end (post-copy, or it
 * holds the guest), so whatever the rates were, it is not stuck.
 */
export function progressOf(track: ProgressTrack, endsAnyway: boolean, now: number): Omit<Progress, 'vm' | 'migration'> | null {
  const { newest } = track;
  if (newest === null || now - newest.seenAt > PROGRESS_STALE_AFTER_MS) return null;
  const { processed, remaining, rate, dirtyRate } = newest.reading;
  const total = processed === undefined || remaining === undefined ? 0 : processed + remaining;
  const told = {
    // Before the copy begins all of them are zero, and that is not "done".
    ...(total > 0 && processed !== undefined && { percent: Math.floor((processed / total) * 1_000) / 10 }),
    ...(total > 0 && remaining !== undefined && { remaining: Math.round(remaining) }),
    ...(rate !== undefined && rate > 0 && { rate: Math.round(rate) }),
    ...(dirtyRate !== undefined && total > 0 && { dirtyRate: Math.round(dirtyRate) }),
  };
  if (Object.keys(told).length === 0) return null;
  return !endsAnyway && isStuck(track, newest) ? { ...told, stuck: true } : told;
}

/** It goes by what was measured, not by the time that has passed since: silence is no sign of anything. */
function isStuck({ least, outrunCount }: ProgressTrack, { reading, seenAt }: Measurement): boolean {
  const { remaining = 0, rate = 0, dirtyRate } = reading;
  if (remaining === 0) return false;
  if (outrunCount >= OUTRUN_COUNT) return true;
  if (rate === 0 || (dirtyRate !== undefined && dirtyRate < rate * CONVERGING_SHARE)) return false;
  return least !== null && seenAt - least.since >= STUCK_AFTER_MS;
}
