/**
 * The life of one kind's watch, as a pure machine. The loop is client-go's: list, replace, watch from that version, on any doubt
 * list again.
 *
 *   idle ─start─▶ listing ─listed─▶ watching ⟲ ended (resumed at once); open from the start where the list came as a stream
 *                  ▲   ▲ │failed       │ │
 *          waited  │   │ └──▶ backing-off ◀─┘ failed (resumes from the last version; from a list where that is in doubt)
 *                  │   └─────────┘ waited
 *                expired ◀── gone (410)                 stop: any ─▶ stopped
 */
import { askedWaitMs, type Backoff, backoffMs, retryWaitMs } from './backoff.ts';

export type ReflectorState =
  | { readonly name: 'idle' }
  | { readonly name: 'listing'; readonly failures: number }
  /** `isOpen`: the server has accepted the watch. Not while one that ended is being resumed: the server may never answer (U10). */
  | {
      readonly name: 'watching';
      readonly failures: number;
      readonly resourceVersion: string;
      /** The version is a list's, and nothing was heard since. */
      readonly isListed: boolean;
      readonly isOpen: boolean;
    }
  /** The version is too old: everything must be listed again. The first time at once. */
  | { readonly name: 'expired'; readonly failures: number; readonly waitMs: number }
  /** `resourceVersion`: where to resume watching; null to list again. */
  | BackingOff
  | { readonly name: 'stopped' };

export interface BackingOff {
  readonly name: 'backing-off';
  readonly failures: number;
  readonly waitMs: number;
  /**
   * How much of it the server asked for: that much is kept when another watch finds it there again. A server that starts refuses
   * connections, then answers 503, then 403 until it has read its roles (seen on 1.20), so that the kind of failure says nothing.
   */
  readonly leastMs: number;
  readonly resourceVersion: string | null;
}

export type ReflectorEvent =
  | { readonly type: 'start' }
  /** `isOpen`: the list came as a stream, which now is the watch. */
  | { readonly type: 'listed'; readonly resourceVersion: string; readonly isOpen: boolean }
  | { readonly type: 'opened' }
  /** An event or a bookmark was taken in. */
  | { readonly type: 'advanced'; readonly resourceVersion: string }
  /** The server ended the watch in order, after it had been of use. */
  | { readonly type: 'ended' }
  /** 410 in either form, from a list or a watch. */
  | { readonly type: 'gone' }
  | {
      readonly type: 'failed';
      readonly retryAfterMs: number | null;
      /** What was read cannot be trusted, or not any more, so the next step is a list. */
      readonly isDoubtful: boolean;
      /** It had worked for a while, so this failure is the first of its row. */
      readonly wasHealthy: boolean;
    }
  /** The wait of `expired` or `backing-off` is over. */
  | { readonly type: 'waited' }
  | { readonly type: 'stop' };

export const RETRY: Backoff = { baseMs: 500, capMs: 15_000 };
/** How often an optional kind that is absent or forbidden is looked for: its definition can be installed, the role can be given. */
export const OPTIONAL_RETRY_MS = 60_000;
/** Waits that are cut short end within this: a server that has just started is not met by all watches at once. */
export const HURRY_WITHIN_MS = 1_000;
/** A watch that ends sooner and without an event was no watch (client-go's "very short watch"). */
export const SHORT_WATCH_MS = 1_000;
/** A watch that lasted this long was healthy, even if it fails in the end. */
export const HEALTHY_WATCH_MS = 5_000;
/**
 * A watch mostly brings an event or a bookmark (about every minute) well within this. One that does not may be dead, and is resumed over
 * another connection; where that one is not accepted, it is a failure.
 */
export const WATCH_SILENCE_MS = 180_000;
/** Once a watch has told something it brings a bookmark each minute, whether or not anything changes (seen on 1.20). */
export const TOLD_WATCH_SILENCE_MS = 90_000;
/** Each watch asks for its own end at a random time between these, so that a restarted API server is not met all at once. */
export const WATCH_MIN_SECONDS = 240;
export const WATCH_MAX_SECONDS = 290;
export const PAGE_COUNT = 500;

export const INITIAL_REFLECTOR_STATE: ReflectorState = { name: 'idle' };

/** `random`: 0 ≤ random < 1. An event that means nothing in a state leaves it as it is. */
export function nextReflectorState(state: ReflectorState, event: ReflectorEvent, random: number): ReflectorState {
  if (state.name === 'stopped') return state;
  if (event.type === 'stop') return { name: 'stopped' };
  switch (state.name) {
    case 'idle':
      return event.type === 'start' ? { name: 'listing', failures: 0 } : state;
    case 'listing':
      if (event.type === 'listed') return { ...watchFrom(event.resourceVersion, state.failures), isListed: true, isOpen: event.isOpen };
      if (event.type === 'gone') return expire(state.failures, random);
      return event.type === 'failed' ? backOff(state.failures, event, null, random) : state;
    case 'watching':
      return nextWhileWatching(state, event, random);
    case 'expired':
      return event.type === 'waited' ? { name: 'listing', failures: state.failures } : state;
    case 'backing-off':
      if (event.type !== 'waited') return state;
      if (state.resourceVersion === null) return { name: 'listing', failures: state.failures };
      return watchFrom(state.resourceVersion, state.failures);
  }
}

function nextWhileWatching(state: ReflectorState & { name: 'watching' }, event: ReflectorEvent, random: number): ReflectorState {
  switch (event.type) {
    case 'opened':
      return { ...state, isOpen: true };
    case 'advanced':
      return { ...state, resourceVersion: event.resourceVersion, failures: 0, isListed: false };
    case 'ended':
      return { ...state, failures: 0, isListed: false, isOpen: false };
    case 'gone':
      // A version from before an outage: the failures of the outage say nothing of what will be listed.
      return expire(state.isListed ? state.failures : 0, random);
    case 'failed':
      return backOff(state.failures, event, event.isDoubtful ? null : state.resourceVersion, random);
    default:
      return state;
  }
}

const watchFrom = (resourceVersion: string, failures: number): ReflectorState & { name: 'watching' } => ({
  name: 'watching',
  resourceVersion,
  failures,
  isListed: false,
  isOpen: false,
});

/** Once is a matter of course; a server that keeps answering 410 to what it has just listed is given time. */
function expire(failures: number, random: number): ReflectorState {
  return { name: 'expired', failures: failures + 1, waitMs: failures === 0 ? 0 : backoffMs(RETRY, failures, random) };
}

function backOff(
  before: number,
  { retryAfterMs, wasHealthy }: ReflectorEvent & { type: 'failed' },
  resourceVersion: string | null,
  random: number,
): ReflectorState {
  const failures = wasHealthy ? 1 : before + 1;
  const waitMs = retryWaitMs(RETRY, failures, retryAfterMs, random);
  return { name: 'backing-off', failures, waitMs, leastMs: retryAfterMs === null ? 0 : askedWaitMs(retryAfterMs, random), resourceVersion };
}

/** Whether a wait is worth being cut short when another watch is accepted. */
export const mayHurry = (state: ReflectorState): state is BackingOff =>
  state.name === 'backing-off' && state.waitMs - state.leastMs > HURRY_WITHIN_MS;

/** What is left of a wait that is cut short after `waitedMs`; never more than was left anyway. `random`: 0 ≤ random < 1. */
export function hurriedWaitMs({ waitMs, leastMs }: BackingOff, waitedMs: number, random: number): number {
  const leftMs = Math.max(0, leastMs - waitedMs) + Math.round(HURRY_WITHIN_MS * random);
  return Math.min(leftMs, Math.max(0, waitMs - waitedMs));
}

/** Whether every change of this kind is being heard now. */
export const isWatching = (state: ReflectorState): boolean => state.name === 'watching' && state.isOpen;
