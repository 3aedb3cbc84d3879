/**
 * The list of migrations of an open board: what is under way as the painted picture has it, what is over as the room keeps it. A shell: what
 * is listed is decided in migration-list.ts, when it is read again in detail-refresh.ts.
 */
import { batch, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { MigrationPage } from '../../core/history.ts';
import type { Vm, VmId } from '../../core/model.ts';
import type { Result } from '../../core/result.ts';
import type { PictureModel } from '../board/picture-model.ts';
import { DETAIL_INTERVAL_MS, dueAt, NOTHING_READ, nextRefresh, type RefreshEvent } from '../details/detail-refresh.ts';
import { type PastFailure, pastFailureOf } from '../history/past-answer.ts';
import { type RoomPast, roomPast } from '../history/past-source.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { ReadFailure } from '../stream/late-answer.ts';
import {
  cutOff,
  endsAfter,
  type HeldMoves,
  hasEnded,
  joinFirstPage,
  joinOlderPage,
  type RunningMove,
  runningMoves,
} from './migration-list.ts';

export interface MigrationsModel {
  readonly running: ReadonlySignal<readonly RunningMove[]>;
  /** Null before it was read. */
  readonly held: ReadonlySignal<HeldMoves | null>;
  readonly isLoadingOlder: ReadonlySignal<boolean>;
  /** Why the newest reading failed: what was read before stays, and may be old. */
  readonly failure: ReadonlySignal<PastFailure | null>;
  readOlder(): void;
  retry(): void;
  /** Answers how to stop. */
  start(): () => void;
}

const PAGE_COUNT = 100;
/** On the way to a moment of the past nobody reads what lies before it. */
const SEEK_COUNT = 1_000;

export function createMigrations({ name, connection }: ClusterSession, picture: PictureModel): MigrationsModel {
  const running = signal<readonly RunningMove[]>([]);
  const held = signal<HeldMoves | null>(null);
  const isLoadingOlder = signal(false);
  const failure = signal<PastFailure | null>(null);
  let closing = new AbortController();
  let state = NOTHING_READ;
  /** How often the first page was read in vain, in a row. */
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** VMs on their way, by their ids: a commit changes few of them. */
  const moving = new Map<VmId, Vm>();

  /** Up to here, on the room's clock, the first page tells what is over. */
  let toldUntil = Number.NEGATIVE_INFINITY;
  let wasCutOff = false;
  /** Since when the stream is awaited that goes on from the picture that the view was opened with; null once that is over. */
  let openedAt: number | null = null;

  const room = (): RoomPast => roomPast(name, closing.signal);

  function advance(event: RefreshEvent): void {
    state = nextRefresh(state, event, performance.now());
    clearTimeout(timer);
    const at = dueAt(state);
    if (at !== null) timer = setTimeout(() => void read(), Math.max(0, at - performance.now()));
  }

  async function read(): Promise<void> {
    const { signal: aborted } = closing;
    advance({ name: 'begun' });
    const sought = connection.past.peek()?.at ?? null;
    const page = await room().migrations(null, PAGE_COUNT);
    if (aborted.aborted) return;
    const failed = take(page, (value) => {
      const joined = joinFirstPage(held.peek(), value);
      // What is read just now follows what is held.
      return isLoadingOlder.peek() ? joined : cutOff(joined);
    });
    failures = failed === null ? 0 : failures + 1;
    if (page.ok) {
      toldUntil = page.value.now;
      // Painted meanwhile. Of a moment that was painted before the room was asked nothing more would be told.
      const at = connection.past.peek()?.at ?? null;
      if (at !== null && at !== sought && at > toldUntil) advance({ name: 'changed' });
    }
    // Trouble is tried again by itself, as too many reads are: without it the list would stand still and look whole.
    advance({ name: 'ended', retryAfterMs: failed?.kind === 'later' ? failed.waitMs : null });
    if (failed === null) seek();
  }

  function take(page: Result<MigrationPage, ReadFailure>, join: (page: MigrationPage) => HeldMoves | null): PastFailure | null {
    const failed = page.ok ? null : pastFailureOf(page.error, failures);
    batch(() => {
      if (page.ok) held.value = join(page.value);
      failure.value = failed;
    });
    return failed;
  }

  async function readOlder(count: number): Promise<void> {
    const { signal: aborted } = closing;
    const before = held.peek()?.next ?? null;
    if (before === null || isLoadingOlder.peek()) return;
    isLoadingOlder.value = true;
    const page = await room().migrations(before, count);
    if (aborted.aborted) return;
    isLoadingOlder.value = false;
    const failed = take(page, (value) => joinOlderPage(held.peek(), before, value));
    // The log has begun anew: what is held is not of it.
    if (failed?.kind === 'other-log') {
      held.value = null;
      advance({ name: 'asked' });
    }
    if (failed === null) seek();
  }

  /** Down to the moment that is shown. */
  function seek(): void {
    const value = held.peek();
    if (value !== null && endsAfter(value, connection.past.peek()?.at ?? null)) void readOlder(SEEK_COUNT);
  }

  /** A commit shows the end of what it knows; of a VM that moved and went while nobody was told, it shows nothing. */
  function readAfterGap(): void {
    const { kind } = connection.badge.value;
    const isPresent = kind === 'live' || kind === 'stale' || kind === 'waiting';
    // A stream that is opened goes on from the picture, and nothing is missed; unless that takes long, for the page is hidden.
    const isOpening = kind === 'connecting' && openedAt !== null;
    const wasLate = openedAt !== null && performance.now() - openedAt > DETAIL_INTERVAL_MS;
    if (isPresent && (wasCutOff || wasLate)) advance({ name: 'changed' });
    if (!isOpening) openedAt = null;
    wasCutOff = !isPresent && !isOpening;
  }

  function show(): void {
    running.value = runningMoves(moving.values());
  }

  return {
    running,
    held,
    isLoadingOlder,
    failure,
    readOlder: () => void readOlder(PAGE_COUNT),
    retry: () => advance({ name: 'asked' }),
    start() {
      closing = new AbortController();
      state = NOTHING_READ;
      failures = 0;
      wasCutOff = false;
      openedAt = performance.now();
      isLoadingOlder.value = false;
      moving.clear();
      for (const [id, vm] of picture.vms()) if (vm.transit !== undefined) moving.set(id, vm);
      show();
      const unfollow = picture.follow((changes) => {
        let isMoved = false;
        for (const { id, before, after } of changes) {
          if (before?.transit === undefined && after?.transit === undefined) continue;
          isMoved = true;
          if (after?.transit === undefined) moving.delete(id);
          else moving.set(id, after);
        }
        if (isMoved) show();
        // What is painted of the past is no news.
        if (connection.past.peek() === null && changes.some(({ before, after }) => hasEnded(before, after))) advance({ name: 'changed' });
      });
      const stopGaps = effect(readAfterGap);
      const unseek = connection.past.subscribe((past) => {
        if (past !== null && past.at > toldUntil && held.peek() !== null) advance({ name: 'changed' });
        seek();
      });
      advance({ name: 'changed' });
      return () => {
        unfollow();
        stopGaps();
        unseek();
        clearTimeout(timer);
        closing.abort();
      };
    },
  };
}
