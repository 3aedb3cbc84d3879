/**
 * The fleet as its viewers see it: the newest summary of each cluster, and the last changes as frames, from which a viewer resumes. It is kept
 * in memory: another life of the object has another epoch, and a snapshot for everybody. Pure: each change makes another overview.
 */
import { parseCursor } from '../core/cursor.ts';
import { formatCursor } from '../core/cursor-format.ts';
import { isEqualJson } from '../core/equal.ts';
import { composeFleetFrames, type FleetFrame, type FleetSnapshot } from '../core/fleet.ts';
import { FLEET_FRAMES_COUNT } from '../core/limits.ts';
import type { ClusterName, ClusterSummary } from '../core/model.ts';
import type { SummaryCounts } from '../core/summary.ts';
import { decideCatchUp } from './room-log.ts';
import type { Registration } from './schemas.ts';
import { maySee, partialOf, scopeOf } from './scope.ts';

export interface Overview {
  readonly epoch: string;
  readonly revision: number;
  readonly clusters: ReadonlyMap<ClusterName, ClusterSummary>;
  /** The newest frames, each following the one before it, up to the head. */
  readonly recent: readonly FleetFrame[];
}

export interface FleetChange {
  readonly clusters?: readonly ClusterSummary[];
  readonly gone?: readonly ClusterName[];
}

/** What a room knows of itself without counting: it goes with every report. */
export type SummaryHead = Pick<ClusterSummary, 'cursor' | 'lastHeard' | 'recent'>;

/** What a room tells of itself. */
export interface SummaryNews extends SummaryHead {
  /** Null: those of this cursor were told before. */
  readonly counts: SummaryCounts | null;
}

/** Of a cluster that has not spoken yet. */
export const unheardSummary = ({ cluster, displayName }: Registration): ClusterSummary => ({
  cluster,
  ...(displayName !== undefined && { displayName }),
  lastHeard: null,
  hosts: { total: 0, up: 0 },
  vms: { total: 0, byState: {} },
  transits: 0,
  failures: 0,
  recent: null,
  cursor: null,
});

/** Of a cluster whose room has not answered: it may well have spoken (T7). */
export const unknownSummary = (registration: Registration): ClusterSummary => ({ ...unheardSummary(registration), unknown: true });

/** Nothing is known of any cluster yet. */
export const openOverview = (epoch: string, registrations: readonly Registration[]): Overview => ({
  epoch,
  revision: 1,
  clusters: new Map(registrations.map((registration) => [registration.cluster, unknownSummary(registration)])),
  recent: [],
});

export const overviewCursor = ({ epoch, revision }: Pick<Overview, 'epoch' | 'revision'>): string => formatCursor({ epoch, revision });

/** Null where the change changes nothing. `now`: the fleet's clock. */
export function changeOverview(overview: Overview, change: FleetChange, now: number): { overview: Overview; frame: FleetFrame } | null {
  const gone = (change.gone ?? []).filter((cluster) => overview.clusters.has(cluster));
  const changed = (change.clusters ?? []).filter((summary) => !isEqualJson(summary, overview.clusters.get(summary.cluster)));
  if (gone.length === 0 && changed.length === 0) return null;
  const clusters = new Map(overview.clusters);
  for (const cluster of gone) clusters.delete(cluster);
  for (const summary of changed) clusters.set(summary.cluster, summary);
  const revision = overview.revision + 1;
  const frame: FleetFrame = {
    from: overviewCursor(overview),
    to: overviewCursor({ epoch: overview.epoch, revision }),
    at: Math.max(now, overview.recent.at(-1)?.at ?? 0),
    ...(changed.length > 0 && { clusters: changed }),
    ...(gone.length > 0 && { gone }),
  };
  return { overview: { ...overview, revision, clusters, recent: [...overview.recent, frame].slice(-FLEET_FRAMES_COUNT) }, frame };
}

/**
 * What a cluster's summary is after its room's news. `outdated`: what is known is newer. `incomplete`: the counts that the news leaves out are
 * not known here, so the room has to be asked.
 */
export function mergeNews(known: ClusterSummary, news: SummaryNews): ClusterSummary | 'outdated' | 'incomplete' {
  if (isOutdated(known, news)) return 'outdated';
  const { counts, ...heard } = news;
  const { unknown, ...rest } = known;
  if (counts === null && (unknown === true || news.cursor !== known.cursor)) return 'incomplete';
  return { ...rest, ...heard, ...counts };
}

type Heard = Pick<SummaryHead, 'cursor' | 'lastHeard'>;

/** Calls can overtake each other. A log of another epoch is another life of the room, which only comes after the one that is known. */
export function isOutdated(known: Heard, news: Heard): boolean {
  const before = parse(known.cursor);
  const after = parse(news.cursor);
  if (before !== null && after === null) return true;
  if (before !== null && after !== null) {
    if (before.epoch !== after.epoch) return false;
    if (before.revision !== after.revision) return after.revision < before.revision;
  }
  return (news.lastHeard ?? 0) < (known.lastHeard ?? 0);
}

const parse = (cursor: string | null) => {
  const parsed = cursor === null ? null : parseCursor(cursor);
  return parsed?.ok === true ? parsed.value : null;
};

/** For an audience as scope.ts writes it. */
export function snapshotFor(overview: Overview, audience: string, now: number): FleetSnapshot {
  const scope = scopeOf(audience);
  const clusters = [...overview.clusters.values()].filter(({ cluster }) => maySee(scope, cluster));
  clusters.sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
  return { cursor: overviewCursor(overview), now, ...partialOf(scope), clusters };
}

/** One frame that does for this audience what all of them do, one after the other; it may well be empty. There is at least one. */
export function frameFor(frames: readonly FleetFrame[], audience: string): FleetFrame {
  const { from, to, at, clusters = [], gone = [] } = frames.reduce(compose);
  const scope = scopeOf(audience);
  const seen = clusters.filter(({ cluster }) => maySee(scope, cluster));
  const seenGone = gone.filter((cluster) => maySee(scope, cluster));
  return { from, to, at, ...(seen.length > 0 && { clusters: seen }), ...(seenGone.length > 0 && { gone: seenGone }) };
}

function compose(first: FleetFrame, second: FleetFrame): FleetFrame {
  const composed = composeFleetFrames(first, second);
  if (!composed.ok) throw new Error(`${second.from} does not follow ${first.to}`);
  return composed.value;
}

/** What a viewer that names this cursor lacks, or null where only a snapshot will do. `asked` is untrusted. */
export function framesSince(overview: Overview, asked: string | null): readonly FleetFrame[] | null {
  const decided = decideCatchUp(asked, overview);
  if (decided.kind === 'heard') return [];
  if (decided.kind === 'snapshot') return null;
  const missing = overview.revision - decided.revision;
  return missing <= overview.recent.length ? overview.recent.slice(-missing) : null;
}
