/**
 * The board's past: follows the moment that the address names, asks the room for it, and paints it. A shell: what is asked and when is
 * decided in past-asking.ts; steps are in past-walk.ts.
 */
import { batch, effect, type ReadonlySignal, signal } from '@preact/signals';
import { pastFailureOf } from '../past-answer.ts';
import { type Asking, type AskingEvent, askAt, awaitedMoment, NOTHING_ASKED, nextAsking, type PastProblem } from '../past-asking.ts';
import type { ReadFailure } from '../late-answer.ts';
import { loadMoment } from '../past-load.ts';
import { roomPast } from '../past-source.ts';
import { replacedBy } from '../past-window.ts';
import type { ClusterSession } from './cluster-session.ts';
import type { PageStateModel } from './page-state-model.ts';
import { createPastAddress } from './past-address.ts';
import { createPastPainter, type PastPainter } from './past-painter.ts';
import { createPastWalk, type PastWalk } from './past-walk.ts';

export interface HistoryModel extends Pick<PastWalk, 'edge' | 'rate' | 'step' | 'play'>, Pick<PastPainter, 'news'> {
  /** The moment that is on its way; null where none is. */
  readonly awaited: ReadonlySignal<number | null>;
  /** Why the moment that was last asked for is not shown. */
  readonly problem: ReadonlySignal<PastProblem | null>;
  /** A moment, with an entry in the browser's history. */
  show(at: number): void;
  /** A moment under a hand that still moves: the address waits for its end. */
  drag(at: number): void;
  /** Holds what is shown: a film stands still, the present becomes a moment of the past. */
  pause(): void;
  /** The present, at once; nothing is replayed. */
  live(): void;
  /** Asks again for what could not be had. */
  retry(): void;
  /** Follows the address until what it answers is called. */
  start(): () => void;
}

const opened = signal(false);
/** Whether a picture may be shown though the address names a moment: not before one was painted that the reader asked for. */
export const isPastOpened: ReadonlySignal<boolean> = opened;

export function createHistoryModel(session: ClusterSession, pageState: PageStateModel): HistoryModel {
  const { connection } = session;
  const awaited = signal<number | null>(null);
  const problem = signal<PastProblem | null>(null);
  const painter = createPastPainter(session);
  const address = createPastAddress(pageState);
  let asking: Asking = NOTHING_ASKED;
  let question = new AbortController();
  let askTimer: ReturnType<typeof setTimeout> | undefined;

  /** Not before what is painted: the page's idea of the room's time is a little late, and a frame can have come faster. */
  const present = (): number | null => {
    connection.tick();
    const now = connection.present.peek();
    return now === null ? null : Math.max(Math.floor(now), connection.lastHeard.peek() ?? 0);
  };
  const walk = createPastWalk(session, painter, {
    present,
    begun: dropQuestion,
    painted: noteMoment,
    failed: readFailure,
    ended: live,
  });

  function advance(event: AskingEvent): void {
    setAsking(nextAsking(asking, event, performance.now()));
    const at = askAt(asking);
    if (at !== null) askTimer = setTimeout(ask, Math.max(0, at - performance.now()));
  }

  function setAsking(next: Asking): void {
    clearTimeout(askTimer);
    asking = next;
    batch(() => {
      awaited.value = awaitedMoment(next);
      problem.value = next.problem;
    });
  }

  async function ask(): Promise<void> {
    advance({ name: 'begun' });
    const at = asking.fetching?.at;
    if (at === undefined) return;
    const { signal: aborted } = question;
    const loaded = await loadMoment(roomPast(session.name, aborted), at);
    if (aborted.aborted) return;
    if (!loaded.ok) return advance({ name: 'failed', failure: pastFailureOf(loaded.error, asking.failures) });
    if (!(await painter.paint(loaded.value, replacedBy(loaded.value), aborted))) return;
    opened.value = true;
    advance({ name: 'answered' });
  }

  /** What was asked is not wanted any more. */
  function dropQuestion(): void {
    dropFetch();
    setAsking(NOTHING_ASKED);
  }

  function askFor(at: number, isSettled: boolean): void {
    walk.stop();
    if (isSettled) dropFetch();
    advance({ name: 'asked', at, isSettled });
  }
  /** Its answer would come before that of what is settled now. */
  function dropFetch(): void {
    question.abort();
    question = new AbortController();
  }

  /** A step that failed: where the log was pruned up to here or begun anew, the moment itself says what is to be had. */
  function readFailure(error: ReadFailure): void {
    const failure = pastFailureOf(error, 0);
    const at = connection.past.peek()?.at ?? present();
    if (at === null) return;
    if (failure.kind === 'other-log' || failure.kind === 'missing') askFor(at, true);
    else problem.value = { ...failure, at };
  }

  function noteMoment(): void {
    opened.value = true;
    address.follow(() => connection.past.peek()?.at ?? null);
  }

  function leave(): void {
    walk.stop();
    dropQuestion();
    address.rest();
    opened.value = true;
    painter.clear();
  }

  function live(): void {
    leave();
    address.go(null);
  }

  function show(at: number): void {
    address.go(at);
    const isShown = connection.past.peek()?.at === at && awaited.peek() === null;
    if (isShown) walk.stop();
    else askFor(at, true);
  }

  function retry(): void {
    const at = problem.peek()?.at ?? address.said();
    if (at !== null) askFor(at, true);
  }

  return {
    awaited,
    problem,
    news: painter.news,
    edge: walk.edge,
    rate: walk.rate,
    step: walk.step,
    play: walk.play,
    show,
    drag: (at) => askFor(at, false),
    pause() {
      walk.stop();
      const at = present();
      if (connection.past.peek() !== null) noteMoment();
      else if (at !== null) show(at);
    },
    live,
    retry,
    start() {
      opened.value = pageState.state.peek().at === null;
      const stops = [
        address.watch((at) => (at === null ? leave() : askFor(at, true))),
        effect(() => {
          document.documentElement.toggleAttribute('data-past', connection.past.value !== null);
        }),
        // Whoever was refused has signed in meanwhile.
        effect(() => {
          if (connection.badge.value.kind !== 'refused' && problem.peek()?.kind === 'refused') retry();
        }),
      ];
      return () => {
        for (const stop of stops) stop();
        walk.stop();
        dropQuestion();
        address.rest();
        opened.value = false;
        document.documentElement.removeAttribute('data-past');
      };
    },
  };
}
