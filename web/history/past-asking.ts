/**
 * Which moment of the past is asked for next, and when: a pure machine; history-model.ts is the shell that runs it.
 *
 * One question at a time, and the newest moment wins: a hand that drags names dozens a second, and each answer can be a whole picture. What
 * is under way is waited for while the hand moves, or nothing would be seen before it rests; a moment that is settled does not wait.
 */
import type { PastFailure } from './past-answer.ts';

/** The least time between two questions. */
export const ASK_INTERVAL_MS = 120;

export interface Wanted {
  readonly at: number;
  /** False while the hand still moves. */
  readonly isSettled: boolean;
}

export type PastProblem = PastFailure & { readonly at: number };

/** Times on a steady clock, but for moments. */
export interface Asking {
  /** Asked for, and not begun. */
  readonly wanted: Wanted | null;
  readonly fetching: Wanted | null;
  readonly notBefore: number;
  /** In a row. */
  readonly failures: number;
  /** Why the moment that was last asked for is not shown. */
  readonly problem: PastProblem | null;
}

export const NOTHING_ASKED: Asking = { wanted: null, fetching: null, notBefore: Number.NEGATIVE_INFINITY, failures: 0, problem: null };

export type AskingEvent =
  | ({ readonly name: 'asked' } & Wanted)
  | { readonly name: 'begun' }
  | { readonly name: 'answered' }
  | { readonly name: 'failed'; readonly failure: PastFailure };

export function nextAsking(state: Asking, event: AskingEvent, now: number): Asking {
  switch (event.name) {
    case 'asked': {
      const { at, isSettled } = event;
      // A room that names a time is not asked before; trouble may be over.
      const isHeldBack = state.problem?.kind === 'later' && state.problem.why === 'busy';
      const notBefore = isHeldBack ? state.notBefore : Math.min(state.notBefore, now + ASK_INTERVAL_MS);
      const fetching = isSettled ? null : state.fetching;
      return { wanted: { at, isSettled }, fetching, notBefore, failures: 0, problem: isHeldBack ? state.problem : null };
    }
    case 'begun':
      return { ...state, fetching: state.wanted, wanted: null, notBefore: now + ASK_INTERVAL_MS };
    case 'answered':
      return { ...state, fetching: null, failures: 0, problem: null };
    case 'failed':
      return afterFailure(state, event.failure, now);
  }
}

function afterFailure(state: Asking, failure: PastFailure, now: number): Asking {
  const { fetching, wanted } = state;
  if (fetching === null) return state;
  const problem = { ...failure, at: fetching.at };
  if (failure.kind === 'later') {
    const notBefore = now + failure.waitMs;
    return { wanted: wanted ?? fetching, fetching: null, notBefore, failures: state.failures + 1, problem };
  }
  // The end of the scale goes with the time; the hand is at it.
  const isAtEnd = failure.kind === 'missing' && failure.oldest !== null && !fetching.isSettled;
  const next = wanted ?? (isAtEnd ? { at: failure.oldest ?? fetching.at, isSettled: false } : null);
  return { ...state, fetching: null, wanted: next, problem: next === null ? problem : null };
}

/** When to ask; null: not until something happens. A moment that is settled leaves nothing under way ({@link nextAsking}). */
export const askAt = ({ wanted, fetching, notBefore }: Asking): number | null => (wanted === null || fetching !== null ? null : notBefore);

/** The moment that is on its way; null where none is. */
export const awaitedMoment = ({ wanted, fetching }: Asking): number | null => (wanted ?? fetching)?.at ?? null;
