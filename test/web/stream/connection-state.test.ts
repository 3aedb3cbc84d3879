import { describe, expect, it } from 'vitest';
import {
  backoffOf,
  type ConnectionEvent,
  type ConnectionState,
  HEALTHY_AFTER_MS,
  INITIAL_CONNECTION,
  LONGEST_BACKOFF_MS,
  nextConnection,
  RENEWED_AFTER_MS,
} from '../../../web/stream/connection-state.ts';

type StateName = ConnectionState['name'];
type EventName = ConnectionEvent['name'];

const STATES: { readonly [Name in StateName]: Extract<ConnectionState, { name: Name }> } = {
  loading: { name: 'loading', attempt: 1 },
  opening: { name: 'opening', attempt: 1 },
  live: { name: 'live', attempt: 1, since: 0 },
  reconnecting: { name: 'reconnecting', attempt: 1, trouble: 'network', until: 5_000, next: 'open' },
  suspended: { name: 'suspended', next: 'open' },
  refused: { name: 'refused', refusal: 'gone' },
};

const EVENTS: { readonly [Name in EventName]: Extract<ConnectionEvent, { name: Name }> } = {
  loaded: { name: 'loaded' },
  'load-failed': { name: 'load-failed', trouble: 'network' },
  refused: { name: 'refused', refusal: 'access-closed' },
  admitted: { name: 'admitted' },
  heard: { name: 'heard' },
  broken: { name: 'broken' },
  silent: { name: 'silent' },
  gap: { name: 'gap' },
  retry: { name: 'retry' },
  hide: { name: 'hide' },
  show: { name: 'show' },
};

/** `same`: the event changes nothing, and the very same state comes back. */
type Outcome = StateName | 'same' | 'reconnecting by load' | 'reconnecting by open';

const TABLE: Record<StateName, Record<EventName, Outcome>> = {
  loading: {
    loaded: 'opening',
    'load-failed': 'reconnecting by load',
    refused: 'refused',
    admitted: 'same',
    heard: 'same',
    broken: 'same',
    silent: 'same',
    gap: 'same',
    retry: 'same',
    hide: 'suspended',
    show: 'same',
  },
  opening: {
    loaded: 'same',
    'load-failed': 'same',
    refused: 'refused',
    admitted: 'same',
    heard: 'live',
    broken: 'reconnecting by load',
    silent: 'reconnecting by load',
    gap: 'reconnecting by load',
    retry: 'same',
    hide: 'suspended',
    show: 'same',
  },
  live: {
    loaded: 'same',
    'load-failed': 'same',
    refused: 'refused',
    admitted: 'same',
    heard: 'same',
    broken: 'reconnecting by open',
    silent: 'reconnecting by open',
    gap: 'reconnecting by load',
    retry: 'same',
    hide: 'suspended',
    show: 'same',
  },
  reconnecting: {
    loaded: 'same',
    'load-failed': 'same',
    refused: 'refused',
    admitted: 'same',
    heard: 'same',
    broken: 'same',
    silent: 'same',
    gap: 'same',
    retry: 'opening',
    hide: 'suspended',
    show: 'same',
  },
  suspended: {
    loaded: 'same',
    'load-failed': 'same',
    refused: 'refused',
    admitted: 'same',
    heard: 'same',
    broken: 'same',
    silent: 'same',
    gap: 'same',
    retry: 'same',
    hide: 'same',
    show: 'opening',
  },
  refused: {
    loaded: 'same',
    'load-failed': 'same',
    refused: 'same',
    admitted: 'loading',
    heard: 'same',
    broken: 'same',
    silent: 'same',
    gap: 'same',
    retry: 'same',
    hide: 'same',
    show: 'same',
  },
};

const AT = { now: 1_000, random: 0.5 };

describe('the connection', () => {
  for (const [stateName, row] of Object.entries(TABLE)) {
    for (const [eventName, outcome] of Object.entries(row)) {
      it(`${stateName}, ${eventName}: ${outcome}`, () => {
        const state = STATES[stateName as StateName];
        const next = nextConnection(state, EVENTS[eventName as EventName], AT);
        if (outcome === 'same') expect(next).toBe(state);
        else if (next.name === 'reconnecting') expect(`reconnecting by ${next.next}`).toBe(outcome);
        else expect(next.name).toBe(outcome);
      });
    }
  }

  it('comes back from hiding the way it was on', () => {
    const hide = (state: ConnectionState): ConnectionState => nextConnection(state, { name: 'hide' }, AT);
    const back = (state: ConnectionState): string => nextConnection(hide(state), { name: 'show' }, AT).name;
    expect(back(INITIAL_CONNECTION)).toBe('loading');
    expect(back(STATES.live)).toBe('opening');
    expect(back({ ...STATES.reconnecting, next: 'load' })).toBe('loading');
  });

  it.each<[string, readonly EventName[]]>([
    ['there is no snapshot', ['load-failed']],
    ['no stream can be opened', ['loaded', 'broken']],
    ['no stream says anything', ['loaded', 'silent']],
    ['no stream follows the snapshot', ['loaded', 'gap']],
    ['each stream breaks off at once', ['loaded', 'heard', 'broken']],
    ['each stream falls silent at once', ['loaded', 'heard', 'silent']],
    ['each stream has a gap at once', ['loaded', 'heard', 'gap']],
  ])('where %s it waits twice as long each time', (_, events) => {
    let state = INITIAL_CONNECTION;
    const waits = Array.from({ length: 4 }, () => {
      for (const name of events) state = nextConnection(state, EVENTS[name], AT);
      const wait = state.name === 'reconnecting' ? state.until - AT.now : null;
      state = nextConnection(state, EVENTS.retry, AT);
      return wait;
    });
    expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
  });

  it('waits longer with each failure, and starts over after a healthy stream', () => {
    const fail = (state: ConnectionState, now: number): ConnectionState => nextConnection(state, { name: 'broken' }, { now, random: 1 });
    const short: ConnectionState = { name: 'live', attempt: 3, since: 0 };
    expect(fail(short, HEALTHY_AFTER_MS - 1)).toMatchObject({ attempt: 4, until: HEALTHY_AFTER_MS - 1 + 8_000 });
    expect(fail(short, HEALTHY_AFTER_MS)).toMatchObject({ attempt: 1, until: HEALTHY_AFTER_MS + 1_000 });
  });

  it('opens the next stream at once where the time of one was over, and asks by GET where that does not speak', () => {
    const live: ConnectionState = { name: 'live', attempt: 0, since: 0 };
    const at = (now: number) => ({ now, random: 1 });
    expect(nextConnection(live, EVENTS.broken, at(RENEWED_AFTER_MS - 1)).name).toBe('reconnecting');
    for (const failure of ['silent', 'gap'] as const) {
      expect(nextConnection(live, EVENTS[failure], at(RENEWED_AFTER_MS)).name).toBe('reconnecting');
    }
    const next = nextConnection(live, EVENTS.broken, at(RENEWED_AFTER_MS));
    expect(next).toEqual({ name: 'opening', attempt: 0, isRenewal: true });
    expect(nextConnection(next, EVENTS.heard, at(RENEWED_AFTER_MS))).toEqual({ name: 'live', attempt: 0, since: RENEWED_AFTER_MS });
    expect(nextConnection(next, EVENTS.broken, at(RENEWED_AFTER_MS))).toMatchObject({ name: 'reconnecting', attempt: 1, next: 'load' });
  });

  it('keeps to what the server asks for, within bounds', () => {
    const waitedFor = (retryAfterMs: number): ConnectionState =>
      nextConnection(INITIAL_CONNECTION, { name: 'load-failed', trouble: 'server', retryAfterMs }, { now: 0, random: 0 });
    expect(waitedFor(7_000)).toMatchObject({ until: 7_000 });
    expect(waitedFor(86_400_000)).toMatchObject({ until: LONGEST_BACKOFF_MS });
  });

  it('never waits longer than the bound, however often it failed', () => {
    expect(backoffOf(5_000, 1)).toBe(LONGEST_BACKOFF_MS);
    expect(backoffOf(0, 0)).toBe(0);
  });
});
