/**
 * The board's past: follows the moment that the address names, or the reader asks for. A shell: moments are asked for in past-question.ts,
 * steps are taken in past-walk.ts.
 */
import { batch, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { PageStateModel } from '../page/page-state-model.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import { createPastAddress } from './past-address.ts';
import type { PastFailure } from './past-answer.ts';
import { loadLastFailure } from './past-last-failure.ts';
import { isPastOpened, type PastOpening } from './past-opening.ts';
import { createPastPainter, type PastPainter } from './past-painter.ts';
import { createPastQuestion, type PastQuestion } from './past-question.ts';
import { roomPast } from './past-source.ts';
import { createPastWalk, type PastWalk } from './past-walk.ts';

export interface HistoryModel
  extends Pick<PastWalk, 'edge' | 'rate' | 'step' | 'play'>,
    Pick<PastPainter, 'news'>,
    Pick<PastQuestion, 'awaited' | 'problem'> {
  /** Counts what moves the moment, or stops it: what was asked for before is over with each. Not the frames of a film. */
  readonly acts: ReadonlySignal<number>;
  /** A moment, with an entry in the browser's history. */
  show(at: number): void;
  /** The moment before a migration last failed: answers it, or why it is not shown; null where something else was asked for meanwhile. */
  showLastFailure(): Promise<number | 'none' | 'none-lately' | 'trouble' | null>;
  /** A moment under a hand that still moves: the address waits for its end. */
  drag(at: number): void;
  /** Holds what is shown: a film stands still, the present becomes a moment of the past. */
  pause(): void;
  /** The present, at once; nothing is replayed. */
  live(): void;
  /** Asks again for what could not be had. */
  retry(): void;
  /** Follows the address until what it answers is called; then the present is painted. */
  start(): () => void;
}

export function createHistoryModel(session: ClusterSession, pageState: PageStateModel, opening: PastOpening): HistoryModel {
  const { connection } = session;
  const painter = createPastPainter(session);
  const address = createPastAddress(pageState);
  const question = createPastQuestion(session, painter);
  const { awaited, problem } = question;
  const acts = signal(0);
  let search = new AbortController();

  /** Not before what is painted: the page's idea of the room's time is a little late, and a frame can have come faster. */
  const present = (): number | null => {
    connection.tick();
    const now = connection.present.peek();
    return now === null ? null : Math.max(Math.floor(now), connection.lastHeard.peek() ?? 0);
  };
  const walk = createPastWalk(session, painter, {
    present,
    begun() {
      beginAnew();
      question.drop();
    },
    painted: noteMoment,
    told: readFailure,
    ended: live,
  });

  function beginAnew(): void {
    search.abort();
    search = new AbortController();
    acts.value = acts.peek() + 1;
  }

  function halt(): void {
    walk.stop();
    beginAnew();
  }

  function askFor(at: number, isSettled: boolean): void {
    halt();
    question.ask(at, isSettled);
  }

  /** Of a step: where the log was pruned up to here or begun anew, the moment itself says what is to be had. */
  function readFailure(failure: PastFailure | null): void {
    const at = connection.past.peek()?.at ?? present();
    if (at === null || failure === null) question.tell(null);
    else if (failure.kind === 'other-log' || failure.kind === 'missing') askFor(at, true);
    else question.tell({ ...failure, at });
  }

  function noteMoment(): void {
    address.follow(() => connection.past.peek()?.at ?? null);
  }

  /** The moment that cannot be had is not what is shown (SPEC V1). Where no picture is shown at all, the address stays above the reason. */
  function takeBack(): void {
    const kind = problem.value?.kind;
    if ((kind !== 'missing' && kind !== 'future') || !isPastOpened.peek()) return;
    batch(() => {
      // There the reason is told.
      opening.isOpen.value = true;
      address.settle(connection.past.peek()?.at ?? null);
    });
  }

  function leave(): void {
    halt();
    question.drop();
    address.rest();
    painter.clear();
  }

  function live(): void {
    leave();
    address.go(null);
  }

  function show(at: number): void {
    address.go(at);
    const isShown = connection.past.peek()?.at === at && awaited.peek() === null;
    if (isShown) halt();
    else askFor(at, true);
  }

  function retry(): void {
    if (walk.retry()) return;
    const at = problem.peek()?.at ?? address.said();
    if (at !== null) askFor(at, true);
  }

  return {
    acts,
    awaited,
    problem,
    news: painter.news,
    edge: walk.edge,
    rate: walk.rate,
    step: walk.step,
    play: walk.play,
    show,
    async showLastFailure() {
      halt();
      const { signal: aborted } = search;
      const found = await loadLastFailure(roomPast(session.name, aborted).migrations);
      if (aborted.aborted) return null;
      if (!found.ok) return 'trouble';
      if (typeof found.value === 'number') show(found.value);
      return found.value;
    },
    drag: (at) => askFor(at, false),
    pause() {
      halt();
      const at = present();
      if (connection.past.peek() !== null) noteMoment();
      else if (at !== null) show(at);
    },
    live,
    retry,
    start() {
      // What was asked for before is not wanted any more where the address has changed since: it was not followed then.
      if (pageState.state.peek().at !== address.said()) leave();
      const stops = [
        address.watch((at) => (at === null ? leave() : askFor(at, true))),
        // Closed under a hand that had not settled, which no address knows of.
        effect(() => {
          if (!opening.isWanted.value) leave();
        }),
        effect(() => {
          document.documentElement.toggleAttribute('data-past', connection.past.value !== null);
        }),
        effect(takeBack),
        // Whoever was refused has signed in meanwhile.
        effect(() => {
          if (connection.badge.value.kind !== 'refused' && problem.peek()?.kind === 'refused') retry();
        }),
      ];
      return () => {
        for (const stop of stops) stop();
        leave();
        document.documentElement.removeAttribute('data-past');
      };
    },
  };
}
