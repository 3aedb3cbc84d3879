/** What has to be asked of the room to stand at a place of its log: over a source that is given, so that a table can be one. */
import { parseCursor } from '../../core/cursor.ts';
import { formatCursor } from '../../core/cursor-format.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import type { FramePage } from '../../core/history.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ReadFailure } from '../stream/late-answer.ts';
import { oldestCursorIn, oldestMomentIn } from './past-answer.ts';
import { appendPage, lastCursorOf, openWindow, type PastWindow } from './past-window.ts';

export interface PastSource {
  snapshot(at: number): Promise<Result<Snapshot, ReadFailure>>;
  frames(from: string, limit: number): Promise<Result<FramePage, ReadFailure>>;
}

/** How many frames a page forward brings, and how many are brought at once from before what is held. */
const PAGE_FRAMES_COUNT = 100;
const BACK_FRAMES_COUNT = 50;

/** `newest`, `oldest`: the log has no more that way. */
export type Loaded = PastWindow | 'newest' | 'oldest';

export async function loadMoment(source: PastSource, at: number): Promise<Result<PastWindow, ReadFailure>> {
  const snapshot = await source.snapshot(at);
  return snapshot.ok ? ok(openWindow(snapshot.value)) : snapshot;
}

/** The same position, with the frames that come after what is held. */
export async function loadAfter(source: PastSource, window: PastWindow): Promise<Result<Loaded, ReadFailure>> {
  const from = lastCursorOf(window);
  if (from === null) return ok('newest');
  const page = await source.frames(from, PAGE_FRAMES_COUNT);
  if (!page.ok) return page;
  const longer = appendPage(window, page.value);
  return ok(longer.frames.length === longer.index && longer.jumpAt === null ? 'newest' : longer);
}

/**
 * The position before the frame that led to the window's base. Of a revision only the number is known and not the time, and of the state
 * at a revision only that at a time can be asked for: so a frame some way before it is looked up, then the picture just before that frame,
 * then all frames from there.
 */
export async function loadBefore(source: PastSource, { base }: Pick<PastWindow, 'base'>): Promise<Result<Loaded, ReadFailure>> {
  const target = revisionOf(base.cursor);
  if (target === null) return ok('oldest');
  const first = await firstAround(source, target);
  if (!first.ok) return first;
  if (first.value === null) return ok('oldest');
  let snapshot = await source.snapshot(first.value - 1);
  // The frame can have been committed in the very millisecond with which the log begins.
  const oldest = snapshot.ok ? null : oldestMomentIn(snapshot.error);
  if (oldest !== null) snapshot = await source.snapshot(oldest);
  if (!snapshot.ok) return snapshot;
  return isBefore(snapshot.value.cursor, target) ? collect(source, snapshot.value, target) : ok('oldest');
}

interface Place {
  readonly epoch: string;
  readonly revision: number;
}

function revisionOf(cursor: string | null): Place | null {
  const parsed = cursor === null ? null : parseCursor(cursor);
  return parsed?.ok === true ? parsed.value : null;
}

function isBefore(cursor: string | null, target: Place): boolean {
  const place = revisionOf(cursor);
  return place !== null && place.epoch === target.epoch && place.revision < target.revision;
}

/** When a frame some way before the target was committed; null where the log begins with the target. */
async function firstAround(source: PastSource, { epoch, revision }: Place): Promise<Result<number | null, ReadFailure>> {
  if (revision <= 1) return ok(null);
  let page = await source.frames(formatCursor({ epoch, revision: Math.max(1, revision - BACK_FRAMES_COUNT) }), 1);
  const oldest = page.ok ? null : oldestCursorIn(page.error);
  if (oldest !== null) {
    if (!isBefore(oldest, { epoch, revision })) return ok(null);
    page = await source.frames(oldest, 1);
  }
  if (!page.ok) return page;
  return ok(page.value.frames[0]?.at ?? page.value.jump?.at ?? null);
}

/** All frames from a picture to the one that led to the target; where that one was not kept, up to it. */
async function collect(source: PastSource, snapshot: Snapshot, target: Place): Promise<Result<Loaded, ReadFailure>> {
  let start = snapshot;
  let frames: Frame[] = [];
  for (let from = start.cursor; from !== null; ) {
    const page = await source.frames(from, PAGE_FRAMES_COUNT);
    if (!page.ok) return page;
    const arriving = page.value.frames.findIndex(({ to }) => to === formatCursor(target));
    if (arriving >= 0) {
      frames.push(...page.value.frames.slice(0, arriving + 1));
      return ok(openWindow(start, frames, frames.length - 1));
    }
    frames.push(...page.value.frames);
    const { jump } = page.value;
    if (jump === undefined) {
      from = page.value.next;
      continue;
    }
    const atHole = openWindow(start, frames, frames.length, jump.at);
    if (!isBefore(jump.to, target)) return ok(atHole);
    const after = await source.snapshot(jump.at);
    if (!after.ok) return after;
    // What followed the hole within its millisecond cannot be told apart from it.
    if (!isBefore(after.value.cursor, target)) return ok(atHole);
    start = after.value;
    frames = [];
    from = start.cursor;
  }
  return err({ kind: 'trouble', trouble: 'server' });
}
