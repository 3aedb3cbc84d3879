import { describe, expect, it } from 'vitest';
import { pastFailureOf } from '../../../web/history/past-answer.ts';
import {
  ASK_INTERVAL_MS,
  type Asking,
  type AskingEvent,
  askAt,
  awaitedMoment,
  NOTHING_ASKED,
  nextAsking,
} from '../../../web/history/past-asking.ts';
import { readFailureOf } from '../../../web/stream/late-answer.ts';

const asked = (at: number, isSettled = false): AskingEvent => ({ name: 'asked', at, isSettled });
const play = (...events: readonly (readonly [number, AskingEvent])[]): Asking =>
  events.reduce((state, [now, event]) => nextAsking(state, event, now), NOTHING_ASKED);

describe('which moment is asked for', () => {
  it('the first at once', () => expect(askAt(play([0, asked(5)]))).toBeLessThanOrEqual(0));

  it('while a hand moves one question at a time, then the newest moment, and not too soon', () => {
    const moving = play([0, asked(5)], [0, { name: 'begun' }], [10, asked(6)], [20, asked(7)]);
    expect(askAt(moving)).toBeNull();
    const answered = nextAsking(moving, { name: 'answered' }, 30);
    expect(askAt(answered)).toBe(ASK_INTERVAL_MS);
    expect(awaitedMoment(answered)).toBe(7);
  });

  it('one that is settled does not wait for what is under way', () => {
    expect(askAt(play([0, asked(5)], [0, { name: 'begun' }], [200, asked(6, true)]))).toBeLessThanOrEqual(200);
  });

  it('too many reads: waits as long as the room says, whatever else is asked for meanwhile, and says so', () => {
    const busy = { kind: 'later', why: 'busy', waitMs: 4_000 } as const;
    const waiting = play([0, asked(5, true)], [0, { name: 'begun' }], [50, { name: 'failed', failure: busy }], [100, asked(6, true)]);
    expect(askAt(waiting)).toBe(4_050);
    expect(waiting.problem).toMatchObject({ kind: 'later', why: 'busy' });
    expect(awaitedMoment(waiting)).toBe(6);
    expect(play([0, asked(5)], [0, { name: 'begun' }], [9, { name: 'answered' }]).problem).toBeNull();
  });

  it('trouble is tried again by itself, and at once where a moment is asked for by hand', () => {
    const trouble = { kind: 'later', why: 'trouble', waitMs: 8_000 } as const;
    const waiting = play([0, asked(5, true)], [0, { name: 'begun' }], [50, { name: 'failed', failure: trouble }]);
    expect([askAt(waiting), awaitedMoment(waiting), waiting.failures]).toEqual([8_050, 5, 1]);
    const again = nextAsking(waiting, asked(5, true), 1_000);
    expect(askAt(again)).toBeLessThanOrEqual(1_000 + ASK_INTERVAL_MS);
    expect(again.problem).toBeNull();
  });

  it('one that is not kept: a hand at the end of the scale gets the oldest, a settled moment is told', () => {
    const missing = { kind: 'missing', oldest: 100 } as const;
    const dragged = play([0, asked(5)], [0, { name: 'begun' }], [50, { name: 'failed', failure: missing }]);
    expect([awaitedMoment(dragged), dragged.problem]).toEqual([100, null]);
    const settled = play([0, asked(5, true)], [0, { name: 'begun' }], [50, { name: 'failed', failure: missing }]);
    expect([awaitedMoment(settled), settled.problem]).toEqual([null, { kind: 'missing', oldest: 100, at: 5 }]);
  });
});

describe('what an answer means', () => {
  const problem = (status: number, body: object, retryAfter: string | null = null) =>
    pastFailureOf(readFailureOf(status, JSON.stringify(body), retryAfter), 0);
  it.each([
    [404, { code: 'out-of-range', oldest: 17 }, { kind: 'missing', oldest: 17 }],
    [404, { code: 'out-of-range' }, { kind: 'missing', oldest: null }],
    [404, { code: 'out-of-range', oldest: 'e-1' }, { kind: 'missing', oldest: null }],
    [400, { code: 'invalid', at: 'at' }, { kind: 'future' }],
    [400, { code: 'invalid', at: 'limit' }, { kind: 'refused' }],
    [400, { code: 'invalid-cursor' }, { kind: 'other-log' }],
    [401, { code: 'login-required' }, { kind: 'refused' }],
    [404, { code: 'unknown-cluster' }, { kind: 'refused' }],
    [503, { code: 'unavailable' }, { kind: 'later', why: 'trouble', waitMs: 1_000 }],
  ] as const)('%d %o', (status, body, expected) => expect(problem(status, body)).toEqual(expected));

  it('a 429 is waited out as long as it says', () => {
    expect(problem(429, { code: 'too-many-reads' }, '7')).toEqual({ kind: 'later', why: 'busy', waitMs: 7_000 });
  });

  it.each([
    // A timer that is set for weeks goes off at once, and one for nothing is a storm.
    [429, 'too-many-reads', '99999999999', 600_000],
    [503, 'unavailable', '99999999999', 600_000],
    [429, 'too-many-reads', '0', 5_000],
    [429, 'slow-down', '0', 1_000],
  ])('%d %s, to be asked again in %s s, is asked in %d ms', (status, code, retryAfter, waitMs) => {
    expect(problem(status, { code }, retryAfter)).toMatchObject({ kind: 'later', waitMs });
  });

  it('no answer is tried again, later and later', () => {
    const waits = [0, 1, 2, 9].map((failures) => pastFailureOf({ kind: 'trouble', trouble: 'network' }, failures));
    expect(waits.map((failure) => (failure.kind === 'later' ? failure.waitMs : null))).toEqual([1_000, 2_000, 4_000, 30_000]);
  });
});
