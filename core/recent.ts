/**
 * How migrations ended lately, counted in intervals of five minutes: enough for whoever looks to work out the last hour from the server's
 * time, without being told anew when something grows old (as SPEC D5). Only ends that somebody watched count: the others have no time (T6).
 */
import { RECENT_INTERVAL_MS, RECENT_INTERVALS_COUNT } from './limits.ts';
import type { Outcome, RecentEnds } from './model.ts';

/** `at`: when they ended, on the room's clock. Outcomes that are neither of {@link RecentEnds} count for nothing. */
export interface EndCount {
  readonly at: number;
  readonly outcome: Outcome;
  readonly count: number;
}

interface Sums {
  succeeded: number;
  failed: number;
}

const NONE: Readonly<Sums> = { succeeded: 0, failed: 0 };
const indexOf = (at: number): number => Math.floor(at / RECENT_INTERVAL_MS);

/** With these ends too, and without what is older than the hour before the newest of all. */
export function addEnds(recent: RecentEnds | null, ends: readonly EndCount[]): RecentEnds | null {
  const sums = new Map<number, Sums>(
    [...intervalsOf(recent)].map(({ at, succeeded, failed }) => [indexOf(at), { succeeded, failed }] as const),
  );
  for (const [index, { succeeded, failed }] of sums) if (succeeded + failed === 0) sums.delete(index);
  for (const { at, outcome, count } of ends) {
    if (outcome !== 'succeeded' && outcome !== 'failed') continue;
    const sum = sums.get(indexOf(at)) ?? { ...NONE };
    sum[outcome] += count;
    sums.set(indexOf(at), sum);
  }
  const newest = Math.max(...sums.keys());
  const kept = [...sums.keys()].filter((index) => index > newest - RECENT_INTERVALS_COUNT);
  if (kept.length === 0) return null;
  const first = Math.min(...kept);
  const all = Array.from({ length: newest - first + 1 }, (_, offset) => sums.get(first + offset) ?? NONE);
  return { from: first * RECENT_INTERVAL_MS, succeeded: all.map((sum) => sum.succeeded), failed: all.map((sum) => sum.failed) };
}

/** An interval that begins at `at`, in milliseconds. */
export interface RecentInterval extends Readonly<Sums> {
  readonly at: number;
}

export interface LastHour extends Readonly<Sums> {
  /** Every interval that has a part in the hour, oldest first: the first one reaches up to five minutes further back, the last one is now's. */
  readonly intervals: readonly RecentInterval[];
}

/** What ended in the hour before `now`, on the server's clock. What may be a moment older counts; nothing that is younger is left out. */
export function lastHour(recent: RecentEnds | null, now: number): LastHour {
  const first = indexOf(now) - RECENT_INTERVALS_COUNT + 1;
  const intervals = Array.from({ length: RECENT_INTERVALS_COUNT }, (_, offset) => ({ at: (first + offset) * RECENT_INTERVAL_MS, ...NONE }));
  const hour = { ...NONE };
  for (const { at, succeeded, failed } of intervalsOf(recent)) {
    // Of the room's clock and the fleet's one can be in the next interval already.
    const own = indexOf(at) === first + RECENT_INTERVALS_COUNT ? intervals.at(-1) : intervals[indexOf(at) - first];
    if (own === undefined) continue;
    own.succeeded += succeeded;
    own.failed += failed;
    hour.succeeded += succeeded;
    hour.failed += failed;
  }
  return { ...hour, intervals };
}

function* intervalsOf(recent: RecentEnds | null): Generator<RecentInterval> {
  for (const [index, succeeded] of (recent?.succeeded ?? []).entries()) {
    yield { at: (recent?.from ?? 0) + index * RECENT_INTERVAL_MS, succeeded, failed: recent?.failed[index] ?? 0 };
  }
}
