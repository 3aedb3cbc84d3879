/** Steps from frame to frame through the past, by hand or as a film. A shell: how the log is walked is in past-window.ts and past-load.ts. */
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { Result } from '../../core/result.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { ReadFailure } from '../stream/late-answer.ts';
import type { PastFailure } from './past-answer.ts';
import { loadAfter, loadBefore, loadMoment } from './past-load.ts';
import type { PastPainter } from './past-painter.ts';
import { askPatiently } from './past-patience.ts';
import { nextPlay, type Rate } from './past-play.ts';
import { roomPast } from './past-source.ts';
import { changesBetween, momentOf, type PastWindow, replacedBy, stepBack, stepForward } from './past-window.ts';

export interface PastWalk {
  /** A step that way found nothing more. */
  readonly edge: ReadonlySignal<'newest' | 'oldest' | null>;
  /** Null while no film runs. */
  readonly rate: ReadonlySignal<Rate | null>;
  step(direction: 1 | -1): void;
  play(rate: Rate): void;
  /** Stops where it is; what is under way is given up. */
  stop(): void;
  /** Tries at once what waits to be tried again. Answers whether something did. */
  retry(): boolean;
}

export interface WalkReader {
  /** The present on the room's clock; null before the room was heard. */
  present(): number | null;
  begun(): void;
  painted(): void;
  /** Why it does not go on; null: it does again. */
  told(failure: PastFailure | null): void;
  /** The film has come to its end. */
  ended(): void;
}

/** Whoever holds a key down is not to walk on long after. */
const MOST_QUEUED_STEPS = 3;

export function createPastWalk({ name }: Pick<ClusterSession, 'name'>, painter: PastPainter, reader: WalkReader): PastWalk {
  const edge = signal<'newest' | 'oldest' | null>(null);
  const rate = signal<Rate | null>(null);
  let trip = new AbortController();
  let queued = 0;
  let isWalking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What is done, from its beginning; and whether it waits to be tried again. */
  let again = (): void => {};
  let isWaiting = false;

  function stop(): void {
    trip.abort();
    trip = new AbortController();
    clearTimeout(timer);
    queued = 0;
    isWaiting = false;
    batch(() => {
      edge.value = null;
      rate.value = null;
    });
  }

  const ask = <Value>(load: () => Promise<Result<Value, ReadFailure>>, aborted: AbortSignal): Promise<Value | null> =>
    askPatiently(load, aborted, (failure) => {
      isWaiting = failure?.kind === 'later';
      reader.told(failure);
    });

  /** From the present, the first step goes back from the moment at which it is taken. */
  async function startOf(aborted: AbortSignal): Promise<PastWindow | null> {
    const at = reader.present();
    return at === null ? null : ask(() => loadMoment(roomPast(name, aborted), at), aborted);
  }

  /** Answers whether something was painted. */
  async function walk(count: number, aborted: AbortSignal): Promise<boolean> {
    const source = roomPast(name, aborted);
    const shown = painter.window();
    let window = shown ?? (count > 0 ? null : await startOf(aborted));
    while (window !== null) {
      const from = window;
      const step = count > 0 ? stepForward(from, count) : stepBack(from);
      if (step.kind === 'there') {
        const changes = shown === null ? replacedBy(step.window) : changesBetween(step.window, from.index);
        return painter.paint(step.window, changes, aborted);
      }
      if (step.kind === 'jump') {
        const after = await ask(() => loadMoment(source, step.at), aborted);
        return after !== null && painter.paint(after, replacedBy(after), aborted);
      }
      const loaded = await ask(() => (step.kind === 'page' ? loadAfter(source, from) : loadBefore(source, from)), aborted);
      if (loaded === 'newest' || loaded === 'oldest') {
        edge.value = loaded;
        return false;
      }
      if (loaded !== null && step.kind === 'before') {
        // What is painted is one frame further on, if that frame was kept.
        const isNext = shown !== null && loaded.frames.length > loaded.index;
        return painter.paint(loaded, isNext ? changesBetween(loaded, loaded.index + 1) : replacedBy(loaded), aborted);
      }
      window = loaded;
    }
    return false;
  }

  async function walkQueued(): Promise<void> {
    if (isWalking) return;
    isWalking = true;
    while (queued !== 0) {
      const direction = queued > 0 ? 1 : -1;
      const { signal: aborted } = trip;
      queued -= direction;
      again = () => step(direction);
      reader.begun();
      edge.value = null;
      if (await walk(direction, aborted)) reader.painted();
      // Where this one found no way, those after it find none.
      else if (!aborted.aborted) queued = 0;
    }
    isWalking = false;
  }

  function step(direction: 1 | -1): void {
    if (rate.peek() !== null) stop();
    queued = Math.max(-MOST_QUEUED_STEPS, Math.min(MOST_QUEUED_STEPS, queued + direction));
    void walkQueued();
  }

  /** The frames that come next must be held: without them it is not known how long to wait. */
  async function nextFrames(aborted: AbortSignal): Promise<PastWindow | 'newest' | null> {
    const window = painter.window();
    if (window === null || window.index < window.frames.length || window.jumpAt !== null) return window;
    const loaded = await ask(() => loadAfter(roomPast(name, aborted), window), aborted);
    if (loaded === null || loaded === 'newest' || loaded === 'oldest') return loaded === 'newest' ? loaded : null;
    painter.hold(loaded);
    return loaded;
  }

  async function playOn(each: Rate, aborted: AbortSignal): Promise<void> {
    const window = await nextFrames(aborted);
    if (aborted.aborted) return;
    if (window === 'newest') return reader.ended();
    if (window === null) return stop();
    const { waitMs, count } = nextPlay(momentOf(window).at, window.frames.slice(window.index), each);
    timer = setTimeout(async () => {
      const isPainted = await walk(count, aborted);
      if (aborted.aborted) return;
      if (!isPainted) return stop();
      reader.painted();
      void playOn(each, aborted);
    }, waitMs);
  }

  function play(next: Rate): void {
    stop();
    again = () => play(next);
    reader.begun();
    rate.value = next;
    void playOn(next, trip.signal);
  }

  return {
    edge,
    rate,
    step,
    play,
    stop,
    retry() {
      if (!isWaiting) return false;
      stop();
      again();
      return true;
    },
  };
}
