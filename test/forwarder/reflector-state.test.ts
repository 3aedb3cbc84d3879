/** The table of a reflector's life: every state with every event; a missing cell does not compile. */
import { describe, expect, test } from 'vitest';
import {
  type BackingOff,
  hurriedWaitMs,
  isWatching,
  mayHurry,
  nextReflectorState,
  RETRY,
  type ReflectorEvent,
  type ReflectorState,
} from '../../forwarder/reflector-state.ts';

const STATES = {
  idle: { name: 'idle' },
  listing: { name: 'listing', failures: 2 },
  'watching, asked for': { name: 'watching', failures: 2, resourceVersion: '7', isListed: true, isOpen: false },
  'watching, resumed after failures': { name: 'watching', failures: 2, resourceVersion: '7', isListed: false, isOpen: true },
  'watching, open': { name: 'watching', failures: 0, resourceVersion: '7', isListed: true, isOpen: true },
  expired: { name: 'expired', failures: 1, waitMs: 0 },
  'backing off, to resume': { name: 'backing-off', failures: 3, waitMs: 10, leastMs: 0, resourceVersion: '7' },
  'backing off, to list': { name: 'backing-off', failures: 3, waitMs: 10, leastMs: 0, resourceVersion: null },
  stopped: { name: 'stopped' },
} as const satisfies Record<string, ReflectorState>;

const failed = { type: 'failed', retryAfterMs: null, isDoubtful: false, wasHealthy: false } as const;
const EVENTS = {
  start: { type: 'start' },
  listed: { type: 'listed', resourceVersion: '9', isOpen: false },
  'listed as a stream': { type: 'listed', resourceVersion: '9', isOpen: true },
  opened: { type: 'opened' },
  advanced: { type: 'advanced', resourceVersion: '8' },
  ended: { type: 'ended' },
  gone: { type: 'gone' },
  failed,
  doubtful: { ...failed, isDoubtful: true },
  'failed after a healthy while': { ...failed, wasHealthy: true },
  'failed, told to wait 8 s': { ...failed, retryAfterMs: 8_000 },
  waited: { type: 'waited' },
  stop: { type: 'stop' },
} as const satisfies Record<string, ReflectorEvent>;

const STOPPED: ReflectorState = { name: 'stopped' };
/** With random = 0.5: half of base × 2^(failures − 1), up to the cap. */
const wait = (failures: number): number => Math.min(RETRY.capMs, RETRY.baseMs * 2 ** (failures - 1)) / 2;
const backing = (failures: number, resourceVersion: string | null, waitMs = wait(failures), leastMs = 0): ReflectorState => ({
  name: 'backing-off',
  failures,
  waitMs,
  leastMs,
  resourceVersion,
});
const watching = (failures: number, resourceVersion: string, isOpen: boolean, isListed = false): ReflectorState => ({
  name: 'watching',
  failures,
  resourceVersion,
  isListed,
  isOpen,
});
/** Everything that means nothing in a state leaves it as it is. */
const same = (state: ReflectorState): Record<keyof typeof EVENTS, ReflectorState> => ({
  start: state,
  listed: state,
  'listed as a stream': state,
  opened: state,
  advanced: state,
  ended: state,
  gone: state,
  failed: state,
  doubtful: state,
  'failed after a healthy while': state,
  'failed, told to wait 8 s': state,
  waited: state,
  stop: STOPPED,
});

const TABLE: Record<keyof typeof STATES, Record<keyof typeof EVENTS, ReflectorState>> = {
  idle: { ...same(STATES.idle), start: { name: 'listing', failures: 0 } },
  listing: {
    ...same(STATES.listing),
    listed: watching(2, '9', false, true),
    // The failures before count until an event has come: a server that answers 410 to what it has just streamed is given time.
    'listed as a stream': watching(2, '9', true, true),
    gone: { name: 'expired', failures: 3, waitMs: wait(2) },
    failed: backing(3, null),
    doubtful: backing(3, null),
    'failed after a healthy while': backing(1, null),
    'failed, told to wait 8 s': backing(3, null, 9_000, 9_000),
  },
  'watching, asked for': {
    ...same(STATES['watching, asked for']),
    opened: watching(2, '7', true, true),
    advanced: watching(0, '8', false),
    ended: watching(0, '7', false),
    gone: { name: 'expired', failures: 3, waitMs: wait(2) },
    failed: backing(3, '7'),
    doubtful: backing(3, null),
    'failed after a healthy while': backing(1, '7'),
    'failed, told to wait 8 s': backing(3, '7', 9_000, 9_000),
  },
  'watching, resumed after failures': {
    ...same(STATES['watching, resumed after failures']),
    advanced: watching(0, '8', true),
    ended: watching(0, '7', false),
    // The failures were an outage's. What is listed now is new, so that there is nothing to wait for.
    gone: { name: 'expired', failures: 1, waitMs: 0 },
    failed: backing(3, '7'),
    doubtful: backing(3, null),
    'failed after a healthy while': backing(1, '7'),
    'failed, told to wait 8 s': backing(3, '7', 9_000, 9_000),
  },
  'watching, open': {
    ...same(STATES['watching, open']),
    advanced: watching(0, '8', true),
    ended: watching(0, '7', false),
    gone: { name: 'expired', failures: 1, waitMs: 0 },
    failed: backing(1, '7'),
    doubtful: backing(1, null),
    'failed after a healthy while': backing(1, '7'),
    'failed, told to wait 8 s': backing(1, '7', 9_000, 9_000),
  },
  expired: { ...same(STATES.expired), waited: { name: 'listing', failures: 1 } },
  'backing off, to resume': { ...same(STATES['backing off, to resume']), waited: watching(3, '7', false) },
  'backing off, to list': { ...same(STATES['backing off, to list']), waited: { name: 'listing', failures: 3 } },
  stopped: same(STATES.stopped),
};

describe.each(Object.entries(TABLE))('%s', (state, row) => {
  test.each(Object.entries(row))('%s', (event, expected) => {
    expect(nextReflectorState(STATES[state as keyof typeof STATES], EVENTS[event as keyof typeof EVENTS], 0.5)).toEqual(expected);
  });
});

test('only an open watch is one that hears every change', () => {
  expect(Object.entries(STATES).flatMap(([name, state]) => (isWatching(state) ? [name] : []))).toEqual([
    'watching, resumed after failures',
    'watching, open',
  ]);
});

test('backoff never passes its cap, however long the row of failures', () => {
  const state = nextReflectorState({ name: 'listing', failures: 10_000 }, EVENTS.failed, 0.999);
  expect(state.name === 'backing-off' && state.waitMs).toBeLessThanOrEqual(RETRY.capMs);
});

test('a Retry-After of nothing (or of a clock that is behind) is still a backoff', () => {
  expect(nextReflectorState(STATES['watching, open'], { ...failed, retryAfterMs: 0 }, 0.5)).toEqual(backing(1, '7'));
});

test('a server that answers 410 to what it has just listed is given time, the first list after an outage not', () => {
  let state: ReflectorState = STATES['watching, resumed after failures'];
  const waits = [1, 2, 3].map(() => {
    state = nextReflectorState(state, EVENTS.gone, 0.5);
    const waitMs = state.name === 'expired' ? state.waitMs : null;
    for (const event of [EVENTS.waited, EVENTS.listed, EVENTS.opened]) state = nextReflectorState(state, event, 0.5);
    return waitMs;
  });
  expect(waits).toEqual([0, wait(1), wait(2)]);
});

describe('another watch was accepted', () => {
  const away = (waitMs: number, leastMs: number): BackingOff => ({
    name: 'backing-off',
    failures: 3,
    waitMs,
    leastMs,
    resourceVersion: '7',
  });
  test.each<[string, ReflectorState, boolean]>([
    ['a long wait for the server', away(2_000, 0), true],
    ['a short one', away(1_000, 0), false],
    ['one that the server asked for', away(9_000, 9_000), false],
    ['no wait', STATES.listing, false],
  ])('%s', (_what, state, expected) => {
    expect(mayHurry(state)).toBe(expected);
  });

  test.each<[string, BackingOff, number, number]>([
    ['at its begin', away(15_000, 0), 0, 500],
    ['what was asked for is kept', away(15_000, 3_000), 1_000, 2_500],
    ['what was asked for is over', away(15_000, 3_000), 8_000, 500],
    ['its end is nearer', away(15_000, 0), 14_900, 100],
  ])('what is left: %s', (_what, state, waitedMs, expected) => {
    expect(hurriedWaitMs(state, waitedMs, 0.5)).toBe(expected);
  });
});
