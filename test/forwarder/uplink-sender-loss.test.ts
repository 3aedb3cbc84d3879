/** Whatever becomes of a request, nothing is lost and nothing is told twice. */
import { describe, expect, test } from 'vitest';
import { HEARTBEAT_INTERVAL_MS } from '../../core/limits.ts';
import type { Fault } from './edge-double.ts';
import { clock, edge, goLive, hostOf, isShort, kinds, lines, move, warnings } from './uplink-sender-fixture.ts';

describe('nothing is lost, and nothing is told twice', () => {
  const faults: Readonly<Record<string, Fault>> = {
    'the request is lost': 'drop',
    'the answer is lost': 'cut',
    'it is told to slow down': { status: 429, retryAfter: '3' },
    'the edge fails': { status: 500 },
    'the edge is overloaded': { status: 503, retryAfter: '1' },
  };
  test.each(Object.entries(faults))('%s: the same bytes under the same number', async (_what, fault) => {
    await goLive();
    clock.advance(1_000);
    edge.failNext(fault);
    move('a', 'harv-2');
    const wait = await clock.untilWaiting(isShort);
    move('b', 'harv-1');
    clock.advance(wait);
    await edge.until(() => edge.batches.length + edge.repeated.length >= (fault === 'cut' ? 4 : 3));
    await clock.untilWaiting((delayMs) => delayMs > 0);
    clock.advance(50);
    await edge.until(() => hostOf('b') === 'harv-1');
    expect(hostOf('a')).toBe('harv-2');
    // The edge refuses a repetition with other bytes, and a number that is not the next.
    expect(edge.refused.filter((code) => code === 'invalid' || code === 'gap')).toEqual([]);
    expect(edge.sessions).toHaveLength(1);
  });

  test('an edge that is away for long: bounded tries, then the present in one sync, not the past', async () => {
    await goLive();
    clock.advance(1_000);
    edge.goAway();
    move('a', 'harv-2');
    for (let turn = 0; turn < 12; turn += 1) {
      const wait = await clock.untilWaiting(isShort);
      move('a', `harv-${turn % 3}`);
      clock.advance(wait);
    }
    await clock.untilWaiting(isShort);
    move('a', 'harv-9');
    edge.comeBack();
    clock.advance(60_000);
    await edge.until(() => hostOf('a') === 'harv-9');
    expect(edge.sessions).toHaveLength(2);
    expect(kinds(2)).toEqual(['sync-part', 'sync-commit']);
    expect(warnings()).toHaveLength(1);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    expect(lines.at(-1)).toContain('shows the cluster harvester: 2 hosts, 2 VMs');
  });
});
