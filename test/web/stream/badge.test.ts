import { describe, expect, it } from 'vitest';
import type { Freshness } from '../../../core/freshness.ts';
import { type Badge, selectBadge } from '../../../web/stream/badge.ts';
import type { ConnectionState } from '../../../web/stream/connection-state.ts';

const STATES: Record<ConnectionState['name'] | 'loading again' | 'opening again' | 'opening the next', ConnectionState> = {
  loading: { name: 'loading', attempt: 0 },
  'loading again': { name: 'loading', attempt: 2, trouble: 'network' },
  opening: { name: 'opening', attempt: 0 },
  'opening again': { name: 'opening', attempt: 1, trouble: 'silence' },
  'opening the next': { name: 'opening', attempt: 0, isRenewal: true },
  live: { name: 'live', attempt: 0, since: 0 },
  reconnecting: { name: 'reconnecting', attempt: 1, trouble: 'network', until: 9, next: 'open' },
  suspended: { name: 'suspended', next: 'open' },
  refused: { name: 'refused', refusal: 'gone' },
};

const TABLE: Record<keyof typeof STATES, Record<Freshness, Badge['kind']>> = {
  loading: { live: 'connecting', stale: 'connecting', waiting: 'connecting' },
  'loading again': { live: 'reconnecting', stale: 'reconnecting', waiting: 'reconnecting' },
  opening: { live: 'connecting', stale: 'connecting', waiting: 'connecting' },
  'opening again': { live: 'reconnecting', stale: 'reconnecting', waiting: 'reconnecting' },
  'opening the next': { live: 'live', stale: 'stale', waiting: 'waiting' },
  live: { live: 'live', stale: 'stale', waiting: 'waiting' },
  reconnecting: { live: 'reconnecting', stale: 'reconnecting', waiting: 'reconnecting' },
  suspended: { live: 'connecting', stale: 'connecting', waiting: 'connecting' },
  refused: { live: 'refused', stale: 'refused', waiting: 'refused' },
};

describe('the badge (D5)', () => {
  for (const [name, row] of Object.entries(TABLE)) {
    for (const [freshness, kind] of Object.entries(row)) {
      it(`${name}, cluster ${freshness}: ${kind}`, () => {
        expect(selectBadge(STATES[name as keyof typeof STATES], freshness as Freshness, true).kind).toBe(kind);
      });
    }
  }

  it('calls nothing live before there is a picture', () => {
    expect(selectBadge(STATES.live, 'live', false).kind).toBe('connecting');
    expect(selectBadge(STATES['opening the next'], 'live', false).kind).toBe('connecting');
  });
});
