/**
 * The page's connection to one cluster's stream: a pure machine; stream.ts is the shell that runs it.
 *
 *   loading ──loaded──▶ opening ──heard──▶ live
 *     ▲ │                  │                │ broken, silent, gap
 *     │ └──────┬───────────┴────────────────┘
 *     │        ▼
 *     └── reconnecting ──retry──▶ opening          any ──refused──▶ refused ──admitted──▶ loading
 *                                                  any ──hide──▶ suspended ──show──▶ loading or opening
 *
 * `loading` is one conditional GET of the snapshot: it brings the picture, and it is how the page learns the HTTP status that
 * EventSource hides. A stream that had spoken is resumed by its cursor; one that never did is preceded by such a GET.
 */
import { STREAM_LIFE_LEAST_MS } from '../../core/limits.ts';

/**
 * What a terminal answer means to the person who reads it. `login-required`: the page itself can sign in; `signed-out`: only what
 * stands before it can, and a reload leads there.
 */
export type Refusal = 'login-required' | 'signed-out' | 'access-closed' | 'unknown-cluster' | 'gone' | 'outdated';
/** What stands between the page and the picture: the network, the server, or a hole in the stream. */
export type Trouble = 'network' | 'server' | 'silence' | 'gap';
/** How to come back: by the snapshot, or by the cursor that is held. */
export type Resumption = 'load' | 'open';

export type ConnectionState =
  | { readonly name: 'loading'; readonly attempt: number; readonly trouble?: Trouble }
  | { readonly name: 'opening'; readonly attempt: number; readonly trouble?: Trouble; readonly isRenewal?: true }
  | { readonly name: 'live'; readonly attempt: number; readonly since: number }
  | {
      readonly name: 'reconnecting';
      readonly attempt: number;
      readonly trouble: Trouble;
      readonly until: number;
      readonly next: Resumption;
    }
  | { readonly name: 'suspended'; readonly next: Resumption }
  | { readonly name: 'refused'; readonly refusal: Refusal; readonly detail?: string | undefined };

export type ConnectionEvent =
  | { readonly name: 'loaded' }
  | { readonly name: 'load-failed'; readonly trouble: Trouble; readonly retryAfterMs?: number }
  | { readonly name: 'refused'; readonly refusal: Refusal; readonly detail?: string | undefined }
  | { readonly name: 'admitted' }
  | { readonly name: 'heard' }
  | { readonly name: 'broken' }
  | { readonly name: 'silent' }
  | { readonly name: 'gap' }
  | { readonly name: 'retry' }
  | { readonly name: 'hide' }
  | { readonly name: 'show' };

/** Time (any steadily running clock, in milliseconds) and randomness (0 ≤ `random` < 1) of one step. */
export interface Circumstances {
  readonly now: number;
  readonly random: number;
}

export const FIRST_BACKOFF_MS = 1_000;
export const LONGEST_BACKOFF_MS = 30_000;
/** A stream that lasted this long was healthy: the next failure counts as the first (otherwise accept-and-die would be a storm). */
export const HEALTHY_AFTER_MS = 10_000;
/**
 * One that lasted this long ended because its time was over (D4; a minute's grace for clocks): the next one is opened at once, and if it
 * speaks, nobody sees that there was another.
 */
export const RENEWED_AFTER_MS = STREAM_LIFE_LEAST_MS - 60_000;

export const INITIAL_CONNECTION: ConnectionState = { name: 'loading', attempt: 0 };

/** Full jitter: anywhere between nothing and the doubled limit, so that viewers cut off together do not come back together. */
export const backoffOf = (attempt: number, random: number): number =>
  random * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);

/** What ends a stream, and why. */
const TROUBLES: Readonly<Partial<Record<ConnectionEvent['name'], Trouble>>> = { broken: 'network', silent: 'silence', gap: 'gap' };

/** The next state; the same object where the event changes nothing. */
export function nextConnection(state: ConnectionState, event: ConnectionEvent, at: Circumstances): ConnectionState {
  if (state.name === 'refused') return event.name === 'admitted' ? INITIAL_CONNECTION : state;
  if (event.name === 'refused') return event;
  if (event.name === 'hide') return state.name === 'suspended' ? state : { name: 'suspended', next: resumptionOf(state) };
  const trouble = TROUBLES[event.name];
  switch (state.name) {
    case 'loading':
      if (event.name === 'loaded') return { ...state, name: 'opening' };
      if (event.name === 'load-failed') return backOff(state.attempt, event.trouble, 'load', at, event.retryAfterMs);
      return state;
    case 'opening':
      if (event.name === 'heard') return { name: 'live', attempt: state.attempt, since: at.now };
      return trouble === undefined ? state : backOff(state.attempt, trouble, 'load', at);
    case 'live': {
      if (trouble === undefined) return state;
      const lasted = at.now - state.since;
      if (event.name === 'broken' && lasted >= RENEWED_AFTER_MS) return { name: 'opening', attempt: 0, isRenewal: true };
      return backOff(lasted >= HEALTHY_AFTER_MS ? 0 : state.attempt, trouble, trouble === 'gap' ? 'load' : 'open', at);
    }
    case 'reconnecting':
      if (event.name !== 'retry') return state;
      return { name: state.next === 'load' ? 'loading' : 'opening', attempt: state.attempt, trouble: state.trouble };
    case 'suspended':
      if (event.name !== 'show') return state;
      return { name: state.next === 'load' ? 'loading' : 'opening', attempt: 0 };
  }
}

function backOff(attempt: number, trouble: Trouble, next: Resumption, at: Circumstances, atLeastMs = 0): ConnectionState {
  const delay = Math.max(backoffOf(attempt, at.random), Math.min(atLeastMs, LONGEST_BACKOFF_MS));
  return { name: 'reconnecting', attempt: attempt + 1, trouble, until: at.now + delay, next };
}

const resumptionOf = (state: Exclude<ConnectionState, { name: 'refused' }>): Resumption =>
  'next' in state ? state.next : state.name === 'loading' ? 'load' : 'open';
