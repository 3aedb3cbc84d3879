/** What is said of one cluster among many: how fresh it is, whether somebody has to look after it, what ended lately. Pure. */
import { type Freshness, freshnessOf } from '../../core/freshness.ts';
import { PING_INTERVAL_MS } from '../../core/limits.ts';
import type { ClusterSummary, VmState } from '../../core/model.ts';
import { type LastHour, lastHour } from '../../core/recent.ts';

/**
 * Where a cluster stands, worst first. `attention`: it is live and something in it needs a person · `stale`: it fell silent · `unknown`: the
 * edge did not get an answer about it · `waiting`: it never spoke.
 */
export const STANDINGS = ['attention', 'stale', 'unknown', 'fine', 'waiting'] as const;
export type Standing = (typeof STANDINGS)[number];

export interface FleetCard {
  readonly summary: ClusterSummary;
  /** `unknown`: nothing else of the summary is known (T7). */
  readonly freshness: Freshness | 'unknown';
  readonly standing: Standing;
  /** Before now, or, of a cluster that fell silent, before it did: nobody knows what ended since. */
  readonly hour: LastHour;
}

/** A VM in one of these needs a person; of one that is unknown nothing is known any more (its host does not report, or a defect). */
export const ATTENTION_STATES: readonly VmState[] = ['error', 'unknown'];

/** A ping that is late is not missing yet. */
const FLEET_SILENT_AFTER_MS = PING_INTERVAL_MS + 5_000;

/**
 * The moment for which the cards speak, of times on the server's clock: now; but while the page does not hear the fleet, when it last did
 * (`heard`). From then on nobody here knows whether a cluster has fallen silent, and each would seem to.
 */
export const momentOf = (now: number, heard: number): number => (now - heard <= FLEET_SILENT_AFTER_MS ? now : heard);

/** `now`: as {@link momentOf} has it. */
export function cardOf(summary: ClusterSummary, now: number): FleetCard {
  const freshness = summary.unknown === true ? 'unknown' : freshnessOf(summary.lastHeard, now);
  const hour = lastHour(summary.recent, freshness === 'live' ? now : (summary.lastHeard ?? now));
  return { summary, freshness, standing: standingOf(summary, freshness, hour), hour };
}

function standingOf(summary: ClusterSummary, freshness: FleetCard['freshness'], { failed }: LastHour): Standing {
  if (freshness !== 'live') return freshness;
  return hostsDown(summary) + vmsInTrouble(summary) + failed > 0 ? 'attention' : 'fine';
}

const hostsDown = ({ hosts }: ClusterSummary): number => hosts.total - hosts.up;
const vmsInTrouble = ({ vms }: ClusterSummary): number => ATTENTION_STATES.reduce((sum, state) => sum + (vms.byState[state] ?? 0), 0);

/** Below zero where the first is worse off: more hosts down, else more VMs in trouble, else more failures. */
export const compareTrouble = (a: FleetCard, b: FleetCard): number =>
  hostsDown(b.summary) - hostsDown(a.summary) || vmsInTrouble(b.summary) - vmsInTrouble(a.summary) || b.hour.failed - a.hour.failed;

export const nameOf = ({ displayName, cluster }: Pick<ClusterSummary, 'cluster' | 'displayName'>): string => displayName ?? cluster;
