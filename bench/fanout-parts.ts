/** The parts of the fan-out benchmark, each for one server that runs. */
import { setTimeout as pause } from 'node:timers/promises';
import { agesShown, countDelivered, latenciesOf } from './fanout-analysis.ts';
import type { Audience } from './fanout-audience.ts';
import { now } from './fanout-clock.ts';
import type { Peer } from './fanout-peers.ts';
import { publishOneByOne, publishSteadily } from './fanout-publisher.ts';
import { readSocketState } from './fanout-sockets.ts';
import type { Workload } from './fanout-workload.ts';

export interface Stage {
  readonly peer: Peer;
  readonly workload: Workload;
  readonly audience: Audience;
}

/** What must not happen, counted in each part. */
export interface Trouble {
  readonly cutOffs: number;
  /** Frames that do not follow what the viewer had. */
  readonly gaps: number;
  readonly malformed: number;
  readonly refused: number;
  /** Viewers that did not have the last change in time. */
  readonly behind: number;
}

const MS_PER_S = 1_000;
const US_PER_MS = 1_000;
const WARM_UP = { changes: 5, vms: 1, everyMs: 200 };
/** How long viewers may take to have the last change once it was sent. */
const CATCH_UP_MS = 20_000;

export interface LatencySample extends Trouble {
  /** Per change, to the last viewer. Milliseconds. */
  readonly last: readonly number[];
  /** Per change and viewer. */
  readonly each: readonly number[];
  /** CPU time per change, milliseconds, by process; the client's too. */
  readonly cpu: Readonly<Record<string, number>>;
}

/** (i) One change a second. The viewers are there already, `viewers` of them. */
export async function measureLatency({ peer, workload, audience }: Stage, viewers: number, changes: number): Promise<LatencySample> {
  await publishOneByOne(peer, workload, WARM_UP);
  await audience.reach(peer.revision, CATCH_UP_MS);
  await audience.take();
  const before = await cpuOf(peer, audience);
  const posts = await publishOneByOne(peer, workload, { changes, vms: 1, everyMs: MS_PER_S });
  const behind = await audience.reach(peer.revision, CATCH_UP_MS);
  const cpu = divide(await cpuOf(peer, audience), before, changes);
  const { deliveries, cutOffs, ...trouble } = await audience.take();
  const latencies = latenciesOf(posts, deliveries);
  return {
    ...trouble,
    cutOffs: cutOffs.length,
    behind,
    last: latencies.filter((each) => each.length === viewers).map((each) => Math.max(...each)),
    each: latencies.flat(),
    cpu,
  };
}

export interface LoadSample extends Trouble {
  /** Changes a second, summed over the viewers, until the last POST. */
  readonly deliveredPerSecond: number;
  /** Of what is shown, milliseconds, by viewer and time. */
  readonly ages: readonly number[];
  /** From the last POST until all had all. */
  readonly catchUpMs: number;
  readonly posts: number;
  readonly eventsPerSecond: number;
  readonly bytesPerEvent: number;
  /** Of a core, by process; the client's too. */
  readonly cpu: Readonly<Record<string, number>>;
}

/** No multiple of the time between two batches: always looking at the same moment between them would show only that one. */
const LOOK_EVERY_MS = 97;

/** (ii) Many changes a second. */
export async function measureLoad(
  { peer, workload, audience }: Stage,
  viewers: number,
  changesPerSecond: number,
  seconds: number,
): Promise<LoadSample> {
  await audience.take();
  const before = await cpuOf(peer, audience);
  const start = now();
  const posts = await publishSteadily(peer, workload, changesPerSecond, seconds);
  const end = now();
  const after = await cpuOf(peer, audience);
  const lastAt = posts.at(-1)?.at ?? end;
  const behind = await audience.reach(peer.revision, CATCH_UP_MS);
  const caughtUpAt = now();
  const { deliveries, cutOffs, ...trouble } = await audience.take();
  const looks = Array.from({ length: Math.floor((lastAt - start) / LOOK_EVERY_MS) }, (_, index) => start + (index + 1) * LOOK_EVERY_MS);
  const events = deliveries.times.length;
  let bytes = 0;
  for (let index = 0; index < events; index++) bytes += deliveries.bytes[index] ?? 0;
  return {
    ...trouble,
    cutOffs: cutOffs.length,
    behind,
    deliveredPerSecond: countDelivered(posts, deliveries, lastAt) / ((lastAt - start) / MS_PER_S),
    ages: agesShown(posts, deliveries, viewers, looks),
    catchUpMs: caughtUpAt - lastAt,
    posts: posts.length,
    eventsPerSecond: events / ((caughtUpAt - start) / MS_PER_S),
    bytesPerEvent: bytes / events,
    cpu: divide(after, before, end - start),
  };
}

/** Milliseconds since each started. */
async function cpuOf(peer: Peer, audience: Audience): Promise<Record<string, number>> {
  const usages = Object.entries(await peer.usages()).map(([name, { cpuMs }]) => [name, cpuMs] as const);
  const { user, system } = process.cpuUsage();
  return { ...Object.fromEntries(usages), viewers: await audience.cpuMs(), publisher: (user + system) / US_PER_MS };
}

/** What was used from one time to another, each divided by the same. */
const divide = (after: Record<string, number>, before: Record<string, number>, by: number): Record<string, number> =>
  Object.fromEntries(Object.entries(after).map(([name, cpuMs]) => [name, (cpuMs - (before[name] ?? 0)) / by]));

export interface FrozenSample extends Trouble {
  /** Per change, to the last of the viewers that read, before one froze and from then on. Milliseconds. */
  readonly before: readonly number[];
  readonly during: readonly number[];
  /** From the freeze until the server said so, or closed the connection; null: neither when the part was over. */
  readonly cutOffAfterMs: number | null;
  /** When it read again: from then until it had the last change, and whether it found its stream cut off on the way. */
  readonly resumedMs: number;
  readonly foundCutOff: boolean;
  readonly bytesPerEvent: number;
}

export interface FrozenPlan {
  readonly viewers: number;
  readonly vms: number;
  readonly everyMs: number;
  readonly secondsBefore: number;
  readonly secondsDuring: number;
}

/** (iii) Large frames; then the last of the viewers does not read any more. */
export async function measureFrozen({ peer, workload, audience }: Stage, plan: FrozenPlan): Promise<FrozenSample> {
  const { vms, everyMs, viewers } = plan;
  const count = (seconds: number): number => Math.max(1, Math.round((seconds * MS_PER_S) / everyMs));
  await publishOneByOne(peer, workload, { ...WARM_UP, vms });
  await audience.reach(peer.revision, CATCH_UP_MS);
  await audience.take();
  const postsBefore = await publishOneByOne(peer, workload, { changes: count(plan.secondsBefore), vms, everyMs });
  await audience.reach(peer.revision, CATCH_UP_MS);
  const before = await audience.take();

  const frozen = await audience.freezeOne();
  const watch = watchCutOff(peer, frozen.port);
  const postsDuring = await publishOneByOne(peer, workload, { changes: count(plan.secondsDuring), vms, everyMs });
  const behind = await audience.reach(peer.revision, CATCH_UP_MS);
  const cutOffAfterMs = await watch.stop();
  const during = await audience.take();
  const thawedAt = now();
  await audience.thaw();
  const stillBehind = await audience.reach(peer.revision, CATCH_UP_MS);
  const resumedMs = now() - thawedAt;
  const after = await audience.take();
  const lastOf = (latencies: number[][], expected: number): number[] =>
    latencies.filter((each) => each.length >= expected).map((each) => Math.max(...each));
  return {
    cutOffs: before.cutOffs.length + during.cutOffs.filter(({ viewer }) => viewer !== frozen.viewer).length,
    gaps: before.gaps + during.gaps + after.gaps,
    malformed: before.malformed + during.malformed + after.malformed,
    refused: before.refused + during.refused + after.refused,
    behind: behind + stillBehind,
    before: lastOf(latenciesOf(postsBefore, before.deliveries), viewers),
    during: lastOf(latenciesOf(postsDuring, during.deliveries), viewers - 1),
    cutOffAfterMs,
    resumedMs,
    foundCutOff: after.cutOffs.length > 0,
    bytesPerEvent: (before.deliveries.bytes[0] ?? 0) || (during.deliveries.bytes[0] ?? 0),
  };
}

const ASK_EVERY_MS = 500;

/** The frozen one does not read, so it cannot notice: the server is asked, and the kernel whether the server has closed its end. */
function watchCutOff(peer: Peer, viewerPort: number): { stop(): Promise<number | null> } {
  const start = now();
  let cutOffAfterMs: number | null = null;
  let isOver = false;
  const watching = (async () => {
    const before = await peer.cutOffCount();
    const isCutOff = async (): Promise<boolean> =>
      (await peer.cutOffCount()) !== before || (await readSocketState(peer.port, viewerPort)) !== 'established';
    while (!isOver && cutOffAfterMs === null) {
      if (await isCutOff()) cutOffAfterMs = now() - start;
      else await pause(ASK_EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await watching;
      return cutOffAfterMs;
    },
  };
}
