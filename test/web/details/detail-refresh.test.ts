import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DETAIL_INTERVAL_MS,
  dueAt,
  NOTHING_READ,
  nextRefresh,
  type RefreshEvent,
  type RefreshState,
} from '../../../web/details/detail-refresh.ts';

const stateAfter = (...events: readonly (readonly [at: number, event: RefreshEvent])[]): RefreshState =>
  events.reduce((state, [at, event]) => nextRefresh(state, event, at), NOTHING_READ);
const CHANGED = { name: 'changed' } as const;
const ASKED = { name: 'asked' } as const;
const BEGUN = { name: 'begun' } as const;
const ENDED = { name: 'ended', retryAfterMs: null } as const;

describe('reading details again', () => {
  it('is not due by itself, and at once when something changes', () => {
    expect(dueAt(NOTHING_READ)).toBeNull();
    expect(dueAt(stateAfter([0, CHANGED]))).toBe(Number.NEGATIVE_INFINITY);
    expect(dueAt(stateAfter([0, CHANGED], [0, BEGUN], [9, ENDED]))).toBeNull();
  });

  it('waits while one is under way, and takes in afterwards what changed meanwhile', () => {
    expect(dueAt(stateAfter([0, CHANGED], [0, BEGUN], [5, CHANGED]))).toBeNull();
    expect(dueAt(stateAfter([0, CHANGED], [0, BEGUN], [5, CHANGED], [9, ENDED]))).toBe(DETAIL_INTERVAL_MS);
  });

  it('is done by the reader’s hand at once', () => {
    expect(dueAt(stateAfter([0, CHANGED], [0, BEGUN], [9, ENDED], [50, ASKED]))).toBe(50);
  });

  it('follows by itself where the room says when, and not before, whatever changes', () => {
    const limited = stateAfter([0, CHANGED], [0, BEGUN], [9, { name: 'ended', retryAfterMs: 10_000 }]);
    expect(dueAt(limited)).toBe(10_009);
    expect(dueAt(nextRefresh(limited, CHANGED, 20))).toBe(10_009);
  });

  it('in a storm of frames is one at a time, and none too soon after the other', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 50, maxLength: 300 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5_000 }), (waits, tookMs) => {
        let state = NOTHING_READ;
        let now = 0;
        let endsAt: number | null = null;
        const begun: number[] = [];
        for (const wait of waits) {
          now += wait;
          if (endsAt !== null && endsAt <= now) {
            state = nextRefresh(state, ENDED, now);
            endsAt = null;
          }
          state = nextRefresh(state, CHANGED, now);
          const due = dueAt(state);
          if (due === null || due > now) continue;
          expect(endsAt).toBeNull();
          state = nextRefresh(state, BEGUN, now);
          begun.push(now);
          endsAt = now + tookMs;
        }
        for (const [index, at] of begun.entries())
          if (index > 0) expect(at - (begun[index - 1] ?? 0)).toBeGreaterThanOrEqual(DETAIL_INTERVAL_MS);
      }),
    );
  });
});
