/** Asks the room for a moment, and paints it. A shell: which moment is asked for, and when, is decided in past-asking.ts. */
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { ClusterSession } from '../stream/cluster-session.ts';
import { pastFailureOf } from './past-answer.ts';
import { type Asking, type AskingEvent, askAt, awaitedMoment, NOTHING_ASKED, nextAsking, type PastProblem } from './past-asking.ts';
import { loadMoment } from './past-load.ts';
import type { PastPainter } from './past-painter.ts';
import { roomPast } from './past-source.ts';
import { replacedBy } from './past-window.ts';

export interface PastQuestion {
  /** The moment that is on its way; null where none is. */
  readonly awaited: ReadonlySignal<number | null>;
  /** Why the moment that was last asked for is not shown. */
  readonly problem: ReadonlySignal<PastProblem | null>;
  /** `isSettled`: false under a hand that still moves. */
  ask(at: number, isSettled: boolean): void;
  /** What was asked is not wanted any more. */
  drop(): void;
  /** Something else about the past went wrong, or right again. */
  tell(problem: PastProblem | null): void;
}

export function createPastQuestion({ name }: Pick<ClusterSession, 'name'>, painter: Pick<PastPainter, 'paint'>): PastQuestion {
  const awaited = signal<number | null>(null);
  const problem = signal<PastProblem | null>(null);
  let asking: Asking = NOTHING_ASKED;
  let fetching = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function advance(event: AskingEvent): void {
    set(nextAsking(asking, event, performance.now()));
    const at = askAt(asking);
    if (at !== null) timer = setTimeout(fetchNext, Math.max(0, at - performance.now()));
  }

  function set(next: Asking): void {
    clearTimeout(timer);
    asking = next;
    batch(() => {
      awaited.value = awaitedMoment(next);
      problem.value = next.problem;
    });
  }

  async function fetchNext(): Promise<void> {
    advance({ name: 'begun' });
    const at = asking.fetching?.at;
    if (at === undefined) return;
    const { signal: aborted } = fetching;
    const loaded = await loadMoment(roomPast(name, aborted), at);
    if (aborted.aborted) return;
    if (!loaded.ok) return advance({ name: 'failed', failure: pastFailureOf(loaded.error, asking.failures) });
    if (await painter.paint(loaded.value, replacedBy(loaded.value), aborted)) advance({ name: 'answered' });
  }

  function abort(): void {
    fetching.abort();
    fetching = new AbortController();
  }

  return {
    awaited,
    problem,
    ask(at, isSettled) {
      // The answer that is under way would come before that of what is settled now.
      if (isSettled) abort();
      advance({ name: 'asked', at, isSettled });
    },
    drop() {
      abort();
      set(NOTHING_ASKED);
    },
    tell(told) {
      problem.value = told;
    },
  };
}
