/** One replica's view of the Lease: every event in every state. A missing cell does not compile. leadership-safety.test.ts runs many. */
import { describe, expect, test } from 'vitest';
import {
  type Holding,
  holderOf,
  INITIAL_LEADERSHIP,
  type LeadershipState,
  type LeaseEvent,
  LOOK_INTERVAL_MS,
  MAX_LEASE_RETRY_AFTER_MS,
  mayHold,
  nextLeadership,
  RENEW_DEADLINE_MS,
  RENEW_INTERVAL_MS,
  RETURN_GRACE_MS,
  roleOf,
  type Standby,
  timeoutMsOf,
} from '../../forwarder/leadership.ts';
import { LEASE_DURATION_MS, type Lease } from '../../forwarder/lease.ts';
import { LEASE_ATTEMPTED_WITHIN_MS } from '../../forwarder/probes.ts';

const NOW = 100_000;
const ME = 'me';
const moment = { now: NOW, random: 0.5, identity: ME };

const leaseOf = (holder: string, renewTime = 't1'): Lease => ({
  record: { holder, durationMs: LEASE_DURATION_MS, acquireTime: 't0', renewTime, transitions: 1 },
  source: {},
});
const mine = leaseOf(ME);
const other = leaseOf('other');
const free = leaseOf('');

const standby: Standby = { ...INITIAL_LEADERSHIP, seen: { lease: other, since: NOW - 5_000 }, lookedAt: NOW - 2_000 };
const holding: Holding = { name: 'holding', next: 'renew', notBefore: 0, failures: 0, lease: mine, provenAt: NOW - 5_000 };

const EVENTS = {
  'seen, mine': { type: 'seen', lease: mine },
  'seen, another’s': { type: 'seen', lease: other },
  'seen, free': { type: 'seen', lease: free },
  absent: { type: 'absent' },
  'written, mine': { type: 'written', lease: mine, sentAt: NOW - 100 },
  'written, but another’s': { type: 'written', lease: other, sentAt: NOW - 100 },
  conflict: { type: 'conflict' },
  failed: { type: 'failed', sentAt: NOW - 3_000, retryAfterMs: null },
  'failed with Retry-After': { type: 'failed', sentAt: NOW - 100, retryAfterMs: 4_000 },
  stop: { type: 'stop' },
} as const satisfies Record<string, LeaseEvent>;

/** The state's name, what is done next, and in how long. */
type Outcome = readonly [name: LeadershipState['name'], next: string, waitMs: number];
const outcomeOf = (state: LeadershipState): Outcome =>
  state.name === 'stopped' ? ['stopped', '', 0] : [state.name, state.next, Math.max(0, state.notBefore - NOW)];

describe('every event in every state', () => {
  const STATES = {
    'a new one': INITIAL_LEADERSHIP,
    'standing by': standby,
    'taking, an answer lost': { ...standby, next: 'take', claimedAt: NOW - 4_000 },
    holding,
    stopped: { name: 'stopped' },
  } as const satisfies Record<string, LeadershipState>;
  const stopped: Outcome = ['stopped', '', 0];
  const renewWait = RENEW_INTERVAL_MS * 0.95 - 100;
  const onStandby = {
    'seen, another’s': ['standby', 'look', LOOK_INTERVAL_MS],
    'seen, free': ['standby', 'take', 0],
    'written, mine': ['holding', 'renew', renewWait],
    'written, but another’s': ['standby', 'look', 250],
    conflict: ['standby', 'look', 250],
    failed: ['standby', 'look', 250],
    'failed with Retry-After': ['standby', 'look', 4_500],
    stop: stopped,
  } as const satisfies Partial<Record<keyof typeof EVENTS, Outcome>>;
  const TABLE: Record<keyof typeof STATES, Record<keyof typeof EVENTS, Outcome>> = {
    // Its own name, which it did not write: another's, for all it knows.
    'a new one': { ...onStandby, 'seen, mine': ['standby', 'look', LOOK_INTERVAL_MS], absent: ['standby', 'create', 0] },
    // A deleted Lease does not end what its holder was promised.
    'standing by': { ...onStandby, 'seen, mine': ['standby', 'look', LOOK_INTERVAL_MS], absent: ['standby', 'look', LOOK_INTERVAL_MS] },
    'taking, an answer lost': { ...onStandby, 'seen, mine': ['holding', 'renew', 0], absent: ['standby', 'look', LOOK_INTERVAL_MS] },
    holding: {
      'seen, mine': ['holding', 'renew', 0],
      'seen, another’s': ['standby', 'look', LOOK_INTERVAL_MS],
      'seen, free': ['standby', 'take', 0],
      absent: ['standby', 'create', 0],
      'written, mine': ['holding', 'renew', renewWait],
      'written, but another’s': ['holding', 'look', 250],
      conflict: ['holding', 'look', 250],
      failed: ['holding', 'renew', 250],
      'failed with Retry-After': ['holding', 'renew', 4_500],
      stop: stopped,
    },
    stopped: {
      'seen, mine': stopped,
      'seen, another’s': stopped,
      'seen, free': stopped,
      absent: stopped,
      'written, mine': stopped,
      'written, but another’s': stopped,
      conflict: stopped,
      failed: stopped,
      'failed with Retry-After': stopped,
      stop: stopped,
    },
  };
  for (const [stateName, row] of Object.entries(TABLE)) {
    test.each(Object.entries(row))(`${stateName}: %s`, (eventName, expected) => {
      const state = STATES[stateName as keyof typeof STATES];
      expect(outcomeOf(nextLeadership(state, EVENTS[eventName as keyof typeof EVENTS], moment))).toEqual(expected);
    });
  }
});

describe('the role is read off the clock', () => {
  test('leading until the deadline after the last write was sent, then doubtful', () => {
    expect(roleOf(holding, holding.provenAt + RENEW_DEADLINE_MS - 1)).toBe('leading');
    expect(roleOf(holding, holding.provenAt + RENEW_DEADLINE_MS)).toBe('doubtful');
    expect(roleOf(standby, NOW)).toBe('standby');
  });

  test('an answer that was long under way proves what was so when the request left', () => {
    const late = nextLeadership(standby, { type: 'written', lease: mine, sentAt: NOW - RENEW_DEADLINE_MS }, moment);
    expect([late.name, roleOf(late, NOW)]).toEqual(['holding', 'doubtful']);
  });

  test('of a taking whose answer was lost only the first try’s start is certain', () => {
    let state: LeadershipState = { ...standby, next: 'take' };
    state = nextLeadership(state, { type: 'failed', sentAt: NOW - 9_000, retryAfterMs: null }, moment);
    state = nextLeadership({ ...(state as Standby), next: 'take' }, { type: 'failed', sentAt: NOW - 4_000, retryAfterMs: null }, moment);
    expect(mayHold(state)).toBe(true);
    expect(nextLeadership(state, EVENTS['seen, mine'], moment)).toMatchObject({ name: 'holding', provenAt: NOW - 9_000 });
  });

  test('a renewal that is only seen to have arrived proves nothing until the next is written', () => {
    const state = { ...holding, provenAt: NOW - 12_000, failures: 2 };
    const seen = nextLeadership(state, { type: 'seen', lease: leaseOf(ME, 't2') }, moment);
    expect([roleOf(seen, NOW), seen]).toMatchObject(['doubtful', { lease: { record: { renewTime: 't2' } }, next: 'renew' }]);
    expect(roleOf(nextLeadership(seen, { type: 'written', lease: mine, sentAt: NOW }, moment), NOW)).toBe('leading');
  });
});

describe('when a Lease is free', () => {
  const lookAt = (state: LeadershipState, now: number, lease: Lease): LeadershipState =>
    nextLeadership(state, { type: 'seen', lease }, { ...moment, now });
  /** Looks every 2 s, and tells when it would take it. */
  function untilTaken(state: LeadershipState, from: number, leaseAt: (now: number) => Lease): number {
    let now = from;
    for (let count = 0; count < 100; count += 1) {
      state = lookAt(state, now, leaseAt(now));
      if (state.name !== 'standby') throw new Error(state.name);
      if (state.next === 'take') return now - from;
      now = state.notBefore;
    }
    throw new Error('never');
  }

  test('a dead holder’s, exactly its duration after it was first seen so', () => {
    expect(untilTaken(INITIAL_LEADERSHIP, NOW, () => other)).toBe(LEASE_DURATION_MS);
  });

  test('as long as its holder promises, not as long as this replica would', () => {
    const longer = { ...other, record: { ...other.record, durationMs: 40_000 } };
    expect(untilTaken(INITIAL_LEADERSHIP, NOW, () => longer)).toBe(40_000);
  });

  test('the times in it are on another clock, and say nothing (T6)', () => {
    const ancient = { ...other, record: { ...other.record, renewTime: '1970-01-01T00:00:00.000000Z' } };
    expect(untilTaken(INITIAL_LEADERSHIP, NOW, () => ancient)).toBe(LEASE_DURATION_MS);
  });

  test('each renewal begins the wait anew', () => {
    const renewedUntil = NOW + 31_000;
    const leaseAt = (now: number): Lease => leaseOf('other', `t${Math.min(now, renewedUntil)}`);
    expect(untilTaken(INITIAL_LEADERSHIP, NOW, leaseAt)).toBeGreaterThanOrEqual(31_000 + LEASE_DURATION_MS - LOOK_INTERVAL_MS);
  });

  test('a label that somebody writes on it does not', () => {
    expect(untilTaken(INITIAL_LEADERSHIP, NOW, (now) => ({ ...other, source: { metadata: { resourceVersion: String(now) } } }))).toBe(
      LEASE_DURATION_MS,
    );
  });

  test('after an outage a living holder is given the time to come back, a dead one no more than that', () => {
    const before = lookAt(INITIAL_LEADERSHIP, NOW, other);
    const cutOff = nextLeadership(before, EVENTS.failed, { ...moment, now: NOW + 2_000 });
    expect(untilTaken(cutOff, NOW + 60_000, () => other)).toBe(RETURN_GRACE_MS);
    expect(untilTaken(cutOff, NOW + 8_000, () => other)).toBe(LEASE_DURATION_MS - 8_000);
  });

  test('a deleted one, once its last holder’s promise has ended', () => {
    const seen = lookAt(INITIAL_LEADERSHIP, NOW, other);
    const absentAt = (now: number): LeadershipState => nextLeadership(seen, EVENTS.absent, { ...moment, now });
    expect(absentAt(NOW + LEASE_DURATION_MS - 1)).toMatchObject({ next: 'look', notBefore: NOW + LEASE_DURATION_MS });
    expect(absentAt(NOW + LEASE_DURATION_MS)).toMatchObject({ next: 'create' });
    expect(nextLeadership(lookAt(INITIAL_LEADERSHIP, NOW, free), EVENTS.absent, moment)).toMatchObject({ next: 'create' });
  });
});

test('a server that refuses every taking is asked ever more seldom', () => {
  let state: LeadershipState = lookFree(INITIAL_LEADERSHIP);
  const waits = Array.from({ length: 5 }, () => {
    state = nextLeadership(state, EVENTS.conflict, moment);
    const waitMs = state.name === 'standby' ? state.notBefore - NOW : -1;
    state = lookFree(state);
    return waitMs;
  });
  expect(waits).toEqual([250, 500, 1_000, 1_000, 1_000]);
});
const lookFree = (state: LeadershipState): LeadershipState => nextLeadership(state, EVENTS['seen, free'], moment);

test('the first try is short, a slow server is given its time', () => {
  expect([timeoutMsOf(holding), timeoutMsOf({ ...holding, failures: 1 })]).toEqual([3_000, 5_000]);
});

test('who holds it, and whether it is to be released', () => {
  const states: readonly LeadershipState[] = [INITIAL_LEADERSHIP, standby, { ...standby, claimedAt: NOW }, holding, { name: 'stopped' }];
  expect(states.map(holderOf)).toEqual([null, 'other', 'other', ME, null]);
  expect(states.map(mayHold)).toEqual([false, false, true, true, false]);
});

test('a gateway that asks for ten minutes does not silence the Lease for as long, nor make a probe restart the replica', () => {
  const failed = { type: 'failed', sentAt: NOW, retryAfterMs: 600_000 } as const;
  const state = nextLeadership(INITIAL_LEADERSHIP, failed, { now: NOW, random: 0.999, identity: 'me' }) as Standby;
  expect(state.notBefore - NOW).toBeGreaterThanOrEqual(MAX_LEASE_RETRY_AFTER_MS);
  expect(state.notBefore - NOW + timeoutMsOf(state)).toBeLessThan(LEASE_ATTEMPTED_WITHIN_MS / 2);
});
