/** What was measured of the replays of an hour, and what is counted in it → the facts that the model takes. Pure. */
import {
  HEARTBEAT_INTERVAL_MS,
  LOG_RETENTION_BYTES,
  LOG_RETENTION_MS,
  MAX_MIGRATIONS_COUNT,
  MIGRATIONS_LOOKS_COUNT,
  REPORT_INTERVAL_MS,
} from '../core/limits.ts';
import type { StoredRoom } from './cost-edge.ts';
import type { HourFacts, UnitFacts } from './cost-model.ts';
import { countMerged, countPosts, countWakes, HOUR_MS, heldMs, type RecordedPost } from './cost-recording.ts';
import type { Replayed, SleepFacts } from './cost-replay.ts';
import { quantile } from './statistics.ts';

const MS_PER_S = 1_000;
const GIGABYTE = 1e9;
const END_BYTES = 1_024;
const KEPT_HOURS = LOG_RETENTION_MS / HOUR_MS;

/** `replays` with one fan-out, one of them without viewers; `stored` is what that one left. Throws where they contradict each other. */
export function hourFactsOf(hour: readonly RecordedPost[], replays: readonly Replayed[], stored: StoredRoom): HourFacts {
  const alone = aloneOf(replays);
  // What is written does not depend on who looks: else something else was measured.
  for (const { viewers, rowsWritten } of replays) {
    if (rowsWritten !== alone.rowsWritten) {
      throw new Error(`${rowsWritten} rows were written with ${viewers} viewers, and ${alone.rowsWritten} without`);
    }
  }
  const { changes, heartbeats, progress } = countPosts(hour);
  const times = hour.map(({ at }) => at);
  const batchTimes = hour.flatMap(({ at, path }) => (path === 'batches' ? [at] : []));
  return {
    batches: changes + heartbeats,
    progress,
    rowsRead: Math.max(...replays.map(({ rowsRead }) => rowsRead)),
    rowsWritten: alone.rowsWritten,
    // A segment and a checkpoint are the sync's.
    rowsPruned: stored.segments - 1 + (stored.checkpoints - 1) + stored.migrations,
    rowsScanned: scannedOf(stored),
    wakes: countWakes(times, HEARTBEAT_INTERVAL_MS),
    reports: countMerged(batchTimes, REPORT_INTERVAL_MS),
    events: eachOf(replays, 'events'),
    storedGb: storedGbOf(stored),
    handlerSeconds: new Map(replays.map(({ viewers, handlerSeconds }) => [viewers, handlerSeconds])),
    warmSeconds: Math.min(HOUR_MS, heldMs(times, HEARTBEAT_INTERVAL_MS)) / MS_PER_S,
  };
}

export interface UnitMeasurements {
  readonly sleep: SleepFacts;
  readonly requestCpuMs: number;
  /** All of them, and those of the busiest hour. */
  readonly replays: readonly Replayed[];
  readonly busiest: readonly Replayed[];
}

export function unitFactsOf({ sleep, requestCpuMs, replays, busiest }: UnitMeasurements): UnitFacts {
  const [none, all] = [aloneOf(busiest), mostOf(busiest)];
  const opened = replays.flatMap(({ openedMs }) => openedMs);
  return {
    // And until when it is followed (FleetReporter), which the room's counters do not see.
    wakeRows: sleep.wakeRows + 1,
    snapshotRows: sleep.snapshotRows,
    connectRows: sleep.connectRows,
    snapshotSeconds: sleep.snapshotMs / MS_PER_S,
    connectSeconds: (opened.length === 0 ? sleep.connectMs : quantile(opened, 0.5)) / MS_PER_S,
    requestCpuMs,
    deliveryCpuMs: all.events === 0 ? 0 : Math.max(0, all.cpuMs - none.cpuMs) / all.events,
  };
}

/** The replay without viewers. */
export function aloneOf(replays: readonly Replayed[]): Replayed {
  const alone = replays.find(({ viewers }) => viewers === 0);
  if (alone === undefined) throw new Error('it was not played without viewers');
  return alone;
}

const mostOf = (replays: readonly Replayed[]): Replayed =>
  replays.reduce((one, other) => (other.viewers > one.viewers ? other : one), aloneOf(replays));

/** What each viewer was sent. */
export function eachOf(replays: readonly Replayed[], what: 'events' | 'bytes'): number {
  const most = mostOf(replays);
  return most.viewers === 0 ? 0 : most[what] / most.viewers;
}

/** How many finished migrations are kept once the hour's kind of life has filled what may be kept. */
const endsKept = ({ migrations }: StoredRoom): number => Math.min(migrations * KEPT_HOURS, MAX_MIGRATIONS_COUNT);

/** How much is kept of the log by then, as a multiple of the hour's: it grows until it is too old or too large. */
const hoursOfLog = ({ logBytes }: StoredRoom): number => Math.min(KEPT_HOURS, LOG_RETENTION_BYTES / logBytes);

/**
 * At each new segment all segments and checkpoints are looked through, and at some of them all finished migrations. The first segment is the
 * sync's.
 */
function scannedOf(stored: StoredRoom): number {
  const opened = stored.segments - 1;
  const looks = Math.max(MIGRATIONS_LOOKS_COUNT / KEPT_HOURS, (stored.migrations * MIGRATIONS_LOOKS_COUNT) / MAX_MIGRATIONS_COUNT);
  return Math.min(opened, looks) * endsKept(stored) + opened * (stored.segments + stored.checkpoints) * hoursOfLog(stored);
}

/** A kilobyte for each finished migration is plenty. */
const storedGbOf = (stored: StoredRoom): number =>
  (stored.logBytes * hoursOfLog(stored) + stored.otherBytes + endsKept(stored) * END_BYTES) / GIGABYTE;
