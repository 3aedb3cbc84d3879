/** The sums over all clusters. Pure. */
import type { Freshness } from '../../core/freshness.ts';
import type { FleetCard } from './fleet-card.ts';

export interface FleetTotals {
  readonly clusters: number;
  /** Those of which somebody should know: they need a person, or are not heard. */
  readonly troubled: number;
  readonly byFreshness: Readonly<Record<Freshness | 'unknown', number>>;
  readonly hosts: { readonly total: number; readonly up: number };
  readonly vms: number;
  /** Migrations in flight. */
  readonly moving: number;
  /** Of the last hour, in clusters that are live. */
  readonly failed: number;
}

/** What of a silent cluster is counted is its last picture; one of which nothing is known adds nothing. */
export function totalsOf(cards: readonly FleetCard[]): FleetTotals {
  const byFreshness = { live: 0, stale: 0, waiting: 0, unknown: 0 };
  const hosts = { total: 0, up: 0 };
  const sums = { troubled: 0, vms: 0, moving: 0, failed: 0 };
  for (const { summary, freshness, standing, hour } of cards) {
    byFreshness[freshness] += 1;
    if (standing !== 'fine' && standing !== 'waiting') sums.troubled += 1;
    hosts.total += summary.hosts.total;
    hosts.up += summary.hosts.up;
    sums.vms += summary.vms.total;
    sums.moving += summary.transits;
    // Of one that fell silent nobody knows what the last hour was.
    if (freshness === 'live') sums.failed += hour.failed;
  }
  return { clusters: cards.length, byFreshness, hosts, ...sums };
}
