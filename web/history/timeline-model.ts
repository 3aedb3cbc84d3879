/** What the scrubber's scale shows besides the moment: how far back the past goes, and how migrations ended on the way. A shell. */
import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { MigrationBucket, MigrationBuckets } from '../../core/history.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import type { PastFailure } from './past-answer.ts';
import { askPatiently } from './past-patience.ts';
import type { PastQuestion } from './past-question.ts';
import { bucketSecondsFor, type Range, rangeOf, type Scale, type Span, type Stretch, scaleOf } from './past-scale.ts';
import { roomPast } from './past-source.ts';
import { knownSilences } from './silences.ts';

export interface EndsInTime {
  readonly bucketMs: number;
  readonly buckets: readonly MigrationBucket[];
  readonly silences: readonly Stretch[];
  /** How many were left out of them, none longer than those that were over. */
  readonly shorterSilences: number;
}

export interface TimelineModel {
  readonly span: Signal<Span>;
  /** Null before the room was heard. */
  readonly range: ReadonlySignal<Range | null>;
  readonly scale: ReadonlySignal<Scale | null>;
  /** Null where they could not be had. */
  readonly ends: ReadonlySignal<EndsInTime | null>;
  /** While a hand drags on it the scale stands. */
  readonly isHeld: Signal<boolean>;
  /** Reads what it shows, and goes on; answers how to stop. */
  start(): () => void;
}

/** The scale's end goes with the present; less than this much of it would not be seen. */
const LEAST_SHIFT = 1 / 500;
/** How often the newest interval is counted again. */
const RECOUNT_MS = 60_000;
/** How often it is asked how far back the past goes: what was the oldest of it is forgotten meanwhile. */
const OLDEST_MS = 600_000;

/** `question`: where somebody asks for moments on it. */
export function createTimelineModel(
  { name, connection }: Pick<ClusterSession, 'name' | 'connection'>,
  question?: Pick<PastQuestion, 'awaited' | 'problem'>,
): TimelineModel {
  const span = signal<Span>('all');
  const oldestAt = signal<number | null>(null);
  const range = signal<Range | null>(null);
  const scale = signal<Scale | null>(null);
  const ends = signal<EndsInTime | null>(null);
  const isHeld = signal(false);

  function follow(): void {
    const present = connection.present.value;
    if (present === null || isHeld.value) return;
    const nextRange = rangeOf(oldestAt.value, present);
    const before = scale.peek();
    const next = scaleOf(before, span.value, nextRange, question?.awaited.value ?? connection.past.value?.at ?? null);
    range.value = nextRange;
    const isStill =
      before !== null &&
      before.span === next.span &&
      before.isFollowing === next.isFollowing &&
      Math.abs(next.to - before.to) + Math.abs(next.from - before.from) < (next.to - next.from) * LEAST_SHIFT;
    if (!isStill) scale.value = next;
  }

  /** When that was last answered, on the room's clock; null while it is asked for. */
  let toldOldestAt: number | null = null;
  async function readOldest(aborted: AbortSignal): Promise<void> {
    toldOldestAt = null;
    const page = await askPatiently(() => roomPast(name, aborted).oldest(), aborted);
    if (page !== null) oldestAt.value = page.oldestAt;
    toldOldestAt = connection.present.peek() ?? Number.NEGATIVE_INFINITY;
  }

  function readOldestAgain(aborted: AbortSignal): void {
    const present = connection.present.value;
    if (present === null || toldOldestAt === null || document.visibilityState === 'hidden') return;
    if (present - toldOldestAt >= OLDEST_MS) void readOldest(aborted);
  }

  let counted = '';
  let counting = new AbortController();
  async function count(): Promise<void> {
    const shown = scale.value;
    if (shown === null) return;
    const bucket = bucketSecondsFor(shown);
    const key = [bucket, Math.floor(shown.from / bucket / 1_000), Math.floor(shown.to / RECOUNT_MS)].join();
    if (key === counted || document.visibilityState === 'hidden') return;
    counted = key;
    counting.abort();
    counting = new AbortController();
    const { signal: aborted } = counting;
    const told = (failure: PastFailure | null): void => {
      if (failure !== null) ends.value = null;
    };
    const answer = await askPatiently(() => roomPast(name, aborted).buckets(bucket, shown.from, shown.to), aborted, told);
    if (answer !== null) ends.value = endsOf(answer);
  }

  return {
    span,
    range,
    scale,
    ends,
    isHeld,
    start() {
      const closing = new AbortController();
      const { signal: aborted } = closing;
      void readOldest(aborted);
      const stops = [
        effect(() => readOldestAgain(aborted)),
        effect(follow),
        effect(() => void count()),
        effect(() => {
          const told = question?.problem.value;
          if (told?.kind === 'missing' && told.oldest !== null) oldestAt.value = told.oldest;
        }),
      ];
      return () => {
        closing.abort();
        counting.abort();
        counted = '';
        for (const stop of stops) stop();
      };
    },
  };
}

/** An edge that was set back to an older version while the page is open tells of no silences. */
const endsOf = ({ now, bucket, buckets, silences = [], shorterSilences = 0 }: PartlyTold): EndsInTime => ({
  bucketMs: bucket * 1_000,
  buckets,
  silences: knownSilences({ now, silences }),
  shorterSilences,
});
type PartlyTold = Omit<MigrationBuckets, 'silences'> & Partial<Pick<MigrationBuckets, 'silences'>>;
