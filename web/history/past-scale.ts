/** The scrubber's scale: which stretch of time it shows, where in it a moment lies, and how far a key goes. */

/** How much of the past the scale shows; `all`: as far back as it is kept. */
export const SPANS = ['1h', '6h', '24h', 'all'] as const;
export type Span = (typeof SPANS)[number];

const HOUR_MS = 3_600_000;
const SPAN_MS: Readonly<Record<Exclude<Span, 'all'>, number>> = { '1h': HOUR_MS, '6h': 6 * HOUR_MS, '24h': 24 * HOUR_MS };
/** A room that has only just begun has a scale too. */
const LEAST_SPAN_MS = 60_000;

/** A stretch of time: in milliseconds on the room's clock. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Scale extends Stretch {
  readonly span: Span;
  /** Its end is the present, and goes with it. */
  readonly isFollowing: boolean;
}

/** The longest scale, and the oldest moment on it that is kept; null where that is not known. */
export interface Range extends Stretch {
  readonly oldest: number | null;
}

export const rangeOf = (oldest: number | null, present: number): Range => ({
  from: Math.min(oldest ?? present, present - LEAST_SPAN_MS),
  to: present,
  oldest,
});

/** The page's idea of the room's time is up to a tick late: a moment that is so little ahead of it has come. */
const AHEAD_MS = 2_000;

/** The newest moment, as far as is known, where `at` is asked for or shown. */
export const newestOf = ({ to }: Stretch, at: number | null): number => (at !== null && at - to <= AHEAD_MS ? Math.max(to, at) : to);

/** The moment, or the oldest that is kept: whole milliseconds. */
export const keptMoment = ({ oldest }: Range, at: number): number => Math.ceil(Math.max(oldest ?? at, at));

/**
 * The scale for a moment (null: the present). It follows the present as long as the moment is within it; else it stands where it stood, if
 * the moment is in there, so that it does not slip away under the hand; else it is laid around the moment. One that is no longer kept is
 * where the past begins.
 */
export function scaleOf(before: Scale | null, span: Span, range: Range, at: number | null): Scale {
  const length = span === 'all' ? range.to - range.from : Math.min(SPAN_MS[span], range.to - range.from);
  const newest = { from: range.to - length, to: range.to };
  if (at === null || keptMoment(range, at) >= newest.from) return { ...newest, span, isFollowing: true };
  const hasPlace = before !== null && before.span === span && !before.isFollowing && at >= before.from && at <= before.to;
  if (hasPlace) return before;
  const from = Math.max(range.from, at - length / 2);
  return { from, to: from + length, span, isFollowing: false };
}

/** Whether a moment is on it. A scale that goes with the present does so in steps: what came since the last one is at its end. */
export const isOnScale = ({ from, to, isFollowing }: Scale, range: Stretch, at: number): boolean =>
  at >= from && at <= (isFollowing ? newestOf(range, at) : to);

/** From 0 to 1; what lies beyond an end is at that end. */
export const fractionOf = ({ from, to }: Stretch, at: number): number => Math.min(1, Math.max(0, (at - from) / (to - from)));

/** Where a moment is marked, from 0 to 1; null: it is not. One that is no longer kept is where the past begins. */
export function markAt(scale: Scale, range: Range, at: number): number | null {
  const marked = isOnScale(scale, range, at) ? at : keptMoment(range, at);
  return isOnScale(scale, range, marked) ? fractionOf(scale, marked) : null;
}

/** A slider's numbers, in whole milliseconds. It begins with the moment (null: the present) where that is no longer kept: it is what is shown. */
export function sliderOf(range: Range, at: number | null): { readonly min: number; readonly max: number; readonly now: number } {
  const max = newestOf(range, at);
  const now = Math.min(max, at ?? max);
  return { min: Math.round(Math.min(range.oldest ?? range.from, now)), max: Math.round(max), now: Math.round(now) };
}

/** Whole milliseconds. */
export const momentAt = ({ from, to }: Stretch, fraction: number): number =>
  Math.round(from + Math.min(1, Math.max(0, fraction)) * (to - from));

/** So near to the present's end a hand that lets go means the present. */
const LIVE_FRACTION = 0.995;
export const isPresentEnd = (scale: Scale, fraction: number): boolean => scale.isFollowing && fraction >= LIVE_FRACTION;

const NICE_S = [1, 5, 10, 30, 60, 300, 600, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400];
const niceMs = (leastMs: number): number => (NICE_S.find((seconds) => seconds * 1_000 >= leastMs) ?? 86_400) * 1_000;

/** Where a key leads from a moment (null: the present). `live`: to the present. Undefined for a key that is none of a slider's. */
export function momentForKey(key: string, scale: Scale, range: Range, at: number | null): number | 'live' | undefined {
  const length = scale.to - scale.from;
  const small = niceMs(length / 200);
  const large = niceMs(length / 20);
  const by = { ArrowLeft: -small, ArrowDown: -small, ArrowRight: small, ArrowUp: small, PageDown: -large, PageUp: large }[key];
  if (key === 'Home') return Math.ceil(range.oldest ?? range.from);
  if (key === 'End') return 'live';
  if (by === undefined) return undefined;
  const next = Math.round((at ?? range.to) + by);
  return next >= range.to ? 'live' : keptMoment(range, next);
}

/** What the API counts in: the finest that gives at most so many intervals. */
const MOST_BUCKETS_COUNT = 160;
export function bucketSecondsFor({ from, to }: Stretch): number {
  const least = (to - from) / 1_000 / MOST_BUCKETS_COUNT;
  return NICE_S.find((seconds) => seconds >= 60 && seconds >= least) ?? 86_400;
}

const MOST_TICKS_COUNT = 6;
/**
 * Round local times on the scale, oldest first; one that comes twice, where clocks are set back, both times, and for one that is skipped the
 * time after it. `offsetAt`: what is to be added to
 * a moment so that UTC's calendar shows the local one, in milliseconds.
 */
export function ticksOf({ from, to }: Stretch, offsetAt: (at: number) => number): number[] {
  const step = niceMs((to - from) / MOST_TICKS_COUNT);
  const over = (at: number, length: number): number => (at + offsetAt(at)) % length;
  // From hour to hour at most: clocks are changed in between.
  const look = Math.min(step, HOUR_MS);
  const ticks: number[] = [];
  let before = Number.POSITIVE_INFINITY;
  for (let at = Math.ceil(from); at <= to; at += look - over(at, look)) {
    const steps = Math.floor((at + offsetAt(at)) / step);
    if (over(at, step) === 0 || steps > before) ticks.push(at);
    before = steps;
  }
  return ticks;
}

export const localOffsetAt = (at: number): number => -new Date(at).getTimezoneOffset() * 60_000;
