import { describe, expect, it } from 'vitest';
import { RECENT_INTERVAL_MS } from '../../../core/limits.ts';
import type { ClusterSummary } from '../../../core/model.ts';
import { cardOf, compareTrouble, momentOf } from '../../../web/fleet/fleet-card.ts';
import { totalsOf } from '../../../web/fleet/fleet-totals.ts';
import { summaryOf } from '../../support/summaries.ts';

const NOW = 1_764_158_400_000;
const HOUR_MS = 3_600_000;
const ended = (at: number, succeeded: number, failed: number): ClusterSummary['recent'] => ({
  from: Math.floor(at / RECENT_INTERVAL_MS) * RECENT_INTERVAL_MS,
  succeeded: [succeeded],
  failed: [failed],
});
const cluster = (rest: Partial<ClusterSummary> = {}) => cardOf(summaryOf('a', NOW, rest), NOW);

describe('where a cluster stands', () => {
  it.each<[string, Partial<ClusterSummary>, string, string]>([
    ['all is well', {}, 'live', 'fine'],
    ['VMs are moving, paused or off', { transits: 2, vms: { total: 3, byState: { paused: 1, off: 2 } } }, 'live', 'fine'],
    ['a host is down', { hosts: { total: 3, up: 2 } }, 'live', 'attention'],
    ['a VM is in error', { vms: { total: 1, byState: { error: 1 } } }, 'live', 'attention'],
    ['of a VM nothing is known', { vms: { total: 1, byState: { unknown: 1 } } }, 'live', 'attention'],
    ['a migration failed lately', { recent: ended(NOW - HOUR_MS / 2, 3, 1) }, 'live', 'attention'],
    ['one failed two hours ago', { recent: ended(NOW - 2 * HOUR_MS, 3, 1), failures: 1 }, 'live', 'fine'],
    ['it fell silent, whatever was wrong', { lastHeard: NOW - 30_001, hosts: { total: 3, up: 0 } }, 'stale', 'stale'],
    ['it was heard just within the time', { lastHeard: NOW - 30_000 }, 'live', 'fine'],
    ['it never spoke', { lastHeard: null, hosts: { total: 0, up: 0 } }, 'waiting', 'waiting'],
    ['T7: its room did not answer', { unknown: true, lastHeard: null }, 'unknown', 'unknown'],
  ])('%s', (_, rest, freshness, standing) => {
    expect(cluster(rest)).toMatchObject({ freshness, standing });
  });

  it('the hour of a silent cluster is the one before it fell silent', () => {
    const lastHeard = NOW - 24 * HOUR_MS;
    expect(cluster({ lastHeard, recent: ended(lastHeard - HOUR_MS / 2, 3, 1) }).hour).toMatchObject({ succeeded: 3, failed: 1 });
    expect(cluster({ lastHeard: NOW, recent: ended(lastHeard - HOUR_MS / 2, 3, 1) }).hour).toMatchObject({ succeeded: 0, failed: 0 });
  });

  it('hosts that are down weigh most, then VMs, then failures', () => {
    const cards = [
      cluster({ recent: ended(NOW, 0, 9) }),
      cluster({ vms: { total: 9, byState: { error: 2 } } }),
      cluster({ hosts: { total: 3, up: 2 } }),
      cluster({ vms: { total: 9, byState: { error: 1, unknown: 2 } } }),
    ];
    expect(cards.toSorted(compareTrouble)).toEqual([cards[2], cards[3], cards[1], cards[0]]);
  });
});

describe('the moment for which the cards speak', () => {
  it.each([
    ['the fleet just spoke', 0, NOW],
    ['the ping is a little late', 20_000, NOW],
    ['the fleet is not heard', 20_001, NOW - 20_001],
    ['for long', HOUR_MS, NOW - HOUR_MS],
    ['its clock is ahead of what the page makes of it', -1_000, NOW],
  ])('%s', (_, agoMs, moment) => {
    expect(momentOf(NOW, NOW - agoMs)).toBe(moment);
  });
});

describe('the sums', () => {
  const recent = ended(NOW, 1, 1);
  const cards = [
    summaryOf('live', NOW, { transits: 2, recent }),
    summaryOf('stale', NOW, { lastHeard: NOW - HOUR_MS, hosts: { total: 2, up: 1 }, transits: 1, recent: ended(NOW - HOUR_MS, 0, 5) }),
    summaryOf('waiting', NOW, { lastHeard: null, hosts: { total: 0, up: 0 }, vms: { total: 0, byState: {} } }),
    summaryOf('unknown', NOW, { unknown: true, lastHeard: null, hosts: { total: 0, up: 0 }, vms: { total: 0, byState: {} } }),
  ].map((summary) => cardOf(summary, NOW));

  it('count a silent cluster as last seen, but what failed in the last hour only where somebody could see it', () => {
    expect(totalsOf(cards)).toEqual({
      clusters: 4,
      troubled: 3,
      byFreshness: { live: 1, stale: 1, waiting: 1, unknown: 1 },
      hosts: { total: 5, up: 4 },
      vms: 20,
      moving: 3,
      failed: 1,
    });
  });
});
