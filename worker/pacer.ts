/**
 * When a frame leaves for the viewers (SPEC D4): at once after a pause, else at the earliest an interval after the one before it, merged
 * with what comes meanwhile. The interval grows with what a round of deliveries costs, so that a crowd sees slightly older, merged frames
 * instead of being cut off. Pure: the clock and the timer are the caller's.
 */
import {
  BATCH_INTERVAL_MS,
  DELIVERY_KB_MS,
  DELIVERY_MS,
  FRAME_INTERVAL_MOST_MS,
  FRAMES_WAITING_BYTES,
  RESUME_BYTES,
} from '../core/limits.ts';

/** What the pacer must know of a frame. */
export interface PacedFrame {
  /** The cursor that it starts from, and the one that it leads to. */
  readonly from: string;
  readonly to: string;
  /** About how many bytes it is. */
  readonly size: number;
}

export interface ViewerCounts {
  readonly direct: number;
  readonly bridge: number;
}

export interface Pacer<F extends PacedFrame> {
  /** When frames last left, on the caller's clock, and about how many bytes they were. */
  readonly sentAt: number;
  readonly sentBytes: number;
  /** Each follows the one before it. */
  readonly waiting: readonly F[];
  /** The last that left, up to those that wait: what a viewer lacks that was behind. */
  readonly recent: readonly F[];
}

export const idlePacer = <F extends PacedFrame>(): Pacer<F> => ({
  sentAt: Number.NEGATIVE_INFINITY,
  sentBytes: 0,
  waiting: [],
  recent: [],
});

/**
 * How long after a frame of `sentBytes` the next one may leave: somewhat more than delivering it takes. A forwarder's batches are
 * {@link BATCH_INTERVAL_MS} apart already, so that an interval below that would only cost timers.
 */
export function frameIntervalMs({ direct, bridge }: ViewerCounts, sentBytes: number): number {
  const kilobytes = sentBytes / 1_000;
  const costMs =
    direct * (DELIVERY_MS.direct + kilobytes * DELIVERY_KB_MS.direct) + bridge * (DELIVERY_MS.bridge + kilobytes * DELIVERY_KB_MS.bridge);
  return costMs < BATCH_INTERVAL_MS ? 0 : Math.min(Math.ceil(costMs), FRAME_INTERVAL_MOST_MS);
}

export const addFrame = <F extends PacedFrame>(pacer: Pacer<F>, frame: F): Pacer<F> => ({ ...pacer, waiting: [...pacer.waiting, frame] });

const bytesOf = (frames: readonly PacedFrame[]): number => frames.reduce((sum, { size }) => sum + size, 0);

/**
 * How long what waits has to wait from `now` on; never longer than the interval, even where the clock was set back. `isBusy`: most
 * viewers are still reading what left last; a crowd is then given as long as may be, for what is merged meanwhile is not sent twice.
 * Few viewers are not: there a slow one would hold up the others.
 */
export function waitMs<F extends PacedFrame>({ sentAt, waiting }: Pacer<F>, intervalMs: number, isBusy: boolean, now: number): number {
  if (intervalMs === 0 || bytesOf(waiting) > FRAMES_WAITING_BYTES) return 0;
  const least = isBusy ? FRAME_INTERVAL_MOST_MS : intervalMs;
  return Math.min(Math.max(0, sentAt + least - now), least);
}

/** All that wait have left, as the one frame that does what they do. */
export function leave<F extends PacedFrame>({ recent }: Pacer<F>, merged: F, now: number): Pacer<F> {
  return { sentAt: now, sentBytes: merged.size, waiting: [], recent: newestWithin([...recent, merged], RESUME_BYTES) };
}

/** Nobody is behind: what has left is not needed again. */
export const forgetRecent = <F extends PacedFrame>(pacer: Pacer<F>): Pacer<F> => ({ ...pacer, recent: [] });

function newestWithin<F extends PacedFrame>(frames: readonly F[], bytes: number): readonly F[] {
  let left = bytes;
  const from = frames.findLastIndex(({ size }) => {
    left -= size;
    return left < 0;
  });
  return frames.slice(from + 1);
}

/** Those of the frames that a viewer lacks which was sent all up to `cursor`; null where they do not tell. */
export function framesAfter<F extends PacedFrame>(frames: readonly F[], cursor: string | null): readonly F[] | null {
  if (frames.at(-1)?.to === cursor) return [];
  const next = frames.findIndex(({ from }) => from === cursor);
  return next === -1 ? null : frames.slice(next);
}
