/** What was measured and counted of an hour → what a month of so many clusters and viewers uses and costs. Pure arithmetic. */
import { FOLLOW_RENEWAL_MS, STREAM_LIFE_LEAST_MS, STREAM_LIFE_SPREAD_MS } from '../core/limits.ts';
import { PLAN_DOLLARS, PRICES, type Price, type Usage } from './cost-prices.ts';

export type FanOut = 'bridge' | 'direct';

/** Of one cluster's hour; the times are sums over the hour. */
export interface HourFacts {
  /** Batches, heartbeats among them. */
  readonly batches: number;
  readonly progress: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** Rows of the log and of finished migrations that this hour added, each of which is deleted once. */
  readonly rowsPruned: number;
  /** Rows that are read to find what is to be deleted: at each new segment all segments and checkpoints that are kept by then, at some all migrations. */
  readonly rowsScanned: number;
  /** Before how many posts the room can have slept. */
  readonly wakes: number;
  /** Reports that a followed room makes to the fleet. */
  readonly reports: number;
  /** Events that each viewer is sent. */
  readonly events: number;
  /** How much the database takes when the hour's kind of life has filled what is kept. */
  readonly storedGb: number;
  /** How long all requests together took, by the number of viewers: the room is awake no longer than that. Seconds. */
  readonly handlerSeconds: ReadonlyMap<number, number>;
  /** For how much of the hour a post was less than ten seconds ago. */
  readonly warmSeconds: number;
}

/** What single things cost, whatever the cluster does. */
export interface UnitFacts {
  /** Rows that a room reads when it wakes up. */
  readonly wakeRows: number;
  /** Rows that a viewer's coming reads: the whole picture, and what has happened since its cursor. */
  readonly snapshotRows: number;
  readonly connectRows: number;
  /** How long a room is busy with either at most. */
  readonly snapshotSeconds: number;
  readonly connectSeconds: number;
  /** CPU time of a request through the Worker, and of a viewer's event that a Worker passes on. */
  readonly requestCpuMs: number;
  readonly deliveryCpuMs: number;
}

export interface Scene {
  readonly fanOut: FanOut;
  /** Boards that are open all the time, of each cluster. */
  readonly viewers: number;
  readonly clusters: number;
  /** The forwarder asks virt-handlers (`--progress`). */
  readonly progress: boolean;
  /** Where the ten seconds after which an object sleeps were billed as well. */
  readonly isIdleBilled?: boolean;
}

export const HOURS_A_MONTH = 720;
export const HOURS_A_DAY = 24;
const HOUR_S = 3_600;
const HOUR_MS = HOUR_S * 1_000;
/** A stream is recycled after 10 to 15 minutes. */
export const CONNECTS_AN_HOUR = HOUR_MS / (STREAM_LIFE_LEAST_MS + STREAM_LIFE_SPREAD_MS / 2);
/** Assumed: who looks all the time loads the page, or comes back to a tab that was hidden, once an hour: a snapshot and a stream. */
export const LOADS_AN_HOUR = 1;
/** Assumed: how often an isolate of the Worker is new and asks the directory whether the cluster is registered. */
export const ISOLATES_AN_HOUR = 6;
/** Assumed: how long a room waits for the fleet's answer to a report, which may be on another continent. Seconds. */
export const REPORT_SECONDS = 0.1;

/** Of an hour of all the clusters. */
export function usageOf(hour: HourFacts, unit: UnitFacts, { fanOut, viewers, clusters, progress, isIdleBilled = false }: Scene): Usage {
  const posts = hour.batches + (progress ? hour.progress : 0);
  const connects = viewers * (CONNECTS_AN_HOUR + LOADS_AN_HOUR);
  const loads = viewers * LOADS_AN_HOUR;
  const requests = posts + connects + loads;
  const isAwake = fanOut === 'direct' && viewers > 0;
  const handlerSeconds = secondsFor(hour.handlerSeconds, viewers) + connects * unit.connectSeconds + loads * unit.snapshotSeconds;
  const objectSeconds = isAwake ? HOUR_S : isIdleBilled ? Math.max(hour.warmSeconds, handlerSeconds) : handlerSeconds;
  const wakes = isAwake ? 0 : hour.wakes;
  const rowsRead = hour.rowsRead + hour.rowsScanned + wakes * unit.wakeRows;
  const deliveries = fanOut === 'bridge' ? viewers * hour.events : 0;
  const one: Usage = {
    workerRequests: requests,
    workerCpuMs: requests * unit.requestCpuMs + deliveries * unit.deliveryCpuMs,
    objectRequests: requests + ISOLATES_AN_HOUR,
    objectSeconds: Math.min(HOUR_S, objectSeconds),
    rowsRead: rowsRead + connects * unit.connectRows + loads * unit.snapshotRows + ISOLATES_AN_HOUR,
    rowsWritten: hour.rowsWritten + hour.rowsPruned,
    storedGb: hour.storedGb,
  };
  return scaleUsage(one, clusters, clusters);
}

/** Between two numbers of viewers that were measured what lies between them; beyond the last the last. */
function secondsFor(measured: ReadonlyMap<number, number>, viewers: number): number {
  const known = [...measured].sort(([a], [b]) => a - b);
  const above = known.find(([count]) => count >= viewers) ?? known.at(-1);
  const below = known.findLast(([count]) => count <= viewers) ?? above;
  if (above === undefined || below === undefined) throw new Error('nothing was measured');
  if (above[0] === below[0]) return above[1];
  return below[1] + ((viewers - below[0]) / (above[0] - below[0])) * (above[1] - below[1]);
}

/**
 * What an hour of looking at the list of clusters adds, as a stream: reports and renewals are made once, however many look; `viewers` are
 * those of the list.
 */
export function fleetStreamUsage(hour: HourFacts, unit: UnitFacts, clusters: number, viewers: number): Usage {
  const renewals = HOUR_MS / FOLLOW_RENEWAL_MS;
  const connects = viewers * CONNECTS_AN_HOUR;
  return {
    workerRequests: connects,
    workerCpuMs: connects * unit.requestCpuMs + viewers * clusters * hour.reports * unit.deliveryCpuMs,
    objectRequests: connects + renewals + clusters * (renewals + hour.reports),
    // A report holds the room until it is answered, and the fleet for as long as anything else would.
    objectSeconds: (connects + clusters * (2 * renewals + hour.reports)) * unit.connectSeconds + clusters * hour.reports * REPORT_SECONDS,
    rowsRead: (connects + renewals) * clusters + clusters * renewals * unit.wakeRows,
    // An alarm each time, and in each room until when it is followed.
    rowsWritten: renewals * (1 + clusters),
    storedGb: 0,
  };
}

export interface Polling {
  readonly clusters: number;
  readonly pollers: number;
  readonly everyMs: number;
  /** How often the directory is asked each time; each room is asked once. */
  readonly directoryRequests: number;
}

/** What an hour of asking for all clusters every so often adds: the list of clusters as requests, or the metrics. */
export function pollUsage(unit: UnitFacts, { clusters, pollers, everyMs, directoryRequests }: Polling): Usage {
  const polls = pollers * (HOUR_MS / everyMs);
  const objectRequests = polls * (directoryRequests + clusters);
  return {
    workerRequests: polls,
    workerCpuMs: (polls + objectRequests) * unit.requestCpuMs,
    objectRequests,
    objectSeconds: objectRequests * unit.connectSeconds,
    // At most: a room that is awake, and has seen no frame since, reads none.
    rowsRead: polls * clusters * (directoryRequests + unit.snapshotRows),
    rowsWritten: 0,
    storedGb: 0,
  };
}

/** Hours of two kinds; `share` of them are `other`. What lies there is the larger. */
export function blendUsage(usage: Usage, other: Usage, share: number): Usage {
  const one = scaleUsage(usage, 1 - share);
  const two = scaleUsage(other, share);
  return { ...addUsage(one, two), storedGb: Math.max(usage.storedGb, other.storedGb) };
}

export const addUsage = (one: Usage, two: Usage): Usage => ({
  workerRequests: one.workerRequests + two.workerRequests,
  workerCpuMs: one.workerCpuMs + two.workerCpuMs,
  objectRequests: one.objectRequests + two.objectRequests,
  objectSeconds: one.objectSeconds + two.objectSeconds,
  rowsRead: one.rowsRead + two.rowsRead,
  rowsWritten: one.rowsWritten + two.rowsWritten,
  storedGb: one.storedGb + two.storedGb,
});

/** `storage` is not multiplied by hours. */
export const scaleUsage = (usage: Usage, by: number, storage = 1): Usage => ({
  workerRequests: usage.workerRequests * by,
  workerCpuMs: usage.workerCpuMs * by,
  objectRequests: usage.objectRequests * by,
  objectSeconds: usage.objectSeconds * by,
  rowsRead: usage.rowsRead * by,
  rowsWritten: usage.rowsWritten * by,
  storedGb: usage.storedGb * storage,
});

export interface Bill {
  /** Beyond what is included, and not without the plan's own price. */
  readonly dollars: number;
  /** As if nothing were included: what it takes of an account that does other things too. */
  readonly listDollars: number;
  /** What is beyond what is included, the dearest first. */
  readonly beyond: readonly { readonly label: string; readonly dollars: number }[];
}

/** Of a month's usage. */
export function billOf(usage: Usage): Bill {
  const beyond = PRICES.map((price) => ({ label: price.label, dollars: dollarsFor(price, price.billed(usage) - price.included) }))
    .filter(({ dollars }) => dollars > 0)
    .sort((a, b) => b.dollars - a.dollars);
  return {
    dollars: beyond.reduce((sum, { dollars }) => sum + dollars, PLAN_DOLLARS),
    listDollars: PRICES.reduce((sum, price) => sum + dollarsFor(price, price.billed(usage)), 0),
    beyond,
  };
}

const dollarsFor = ({ dollars, per }: Price, amount: number): number => (Math.max(0, amount) / per) * dollars;

export interface FreeShare {
  readonly label: string;
  /** 1: all of it. */
  readonly share: number;
}

/** Of a day's usage: the limit of the free plan that is nearest. */
export function nearestFreeLimit(usage: Usage): FreeShare {
  const shares = PRICES.flatMap(({ label, freeADay, billed }) => (freeADay === null ? [] : [{ label, share: billed(usage) / freeADay }]));
  return shares.reduce((most, one) => (one.share > most.share ? one : most));
}
