/**
 * Plays an hour of a simulated cluster in seconds, and keeps what its forwarder posts: the simulator, what is derived, the uplink and the
 * questions to virt-handlers are the real ones, on a clock that is turned by hand. Left out are the network and the list/watch protocol:
 * an object is seen in the moment in which it is written, and each post is answered after {@link ANSWER_AFTER_MS}.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Inventory } from '../core/derive/inventory.ts';
import type { FactKind, FactOf } from '../core/facts.ts';
import type { HostName } from '../core/model.ts';
import { ACCEPTS_PROGRESS } from '../core/progress.ts';
import { PROTOCOL_VERSION } from '../core/protocol-version.ts';
import { ok } from '../core/result.ts';
import type { Batch } from '../core/uplink.ts';
import type { Clock } from '../forwarder/clock.ts';
import type { EdgeClient } from '../forwarder/edge-client.ts';
import { createLog } from '../forwarder/log.ts';
import { sendProgress } from '../forwarder/progress/progress-sender.ts';
import { ProgressWatch } from '../forwarder/progress/progress-watch.ts';
import { ReadingCollector } from '../forwarder/progress/reading.ts';
import { KINDS, PROJECTORS } from '../forwarder/projector.ts';
import { NO_TELEMETRY } from '../forwarder/telemetry.ts';
import { UplinkSender } from '../forwarder/uplink-sender.ts';
import { type AutopilotOptions, startAutopilot } from '../simulator/autopilot.ts';
import { createVirtualClock, type VirtualClock } from '../simulator/clock.ts';
import { createCluster } from '../simulator/cluster.ts';
import { formatMetrics } from '../simulator/handler-measurements.ts';
import { createRandom } from '../simulator/random.ts';
import type { Cluster } from '../simulator/types.ts';
import { RESOURCE_OF } from '../test/support/tape.ts';
import { HOUR_MS, type RecordedPost, type Recording } from './cost-recording.ts';

export interface HourPlan {
  readonly name: string;
  readonly hosts: number;
  readonly vms: number;
  readonly seed: number;
  readonly life: AutopilotOptions;
  /** Default: an hour. */
  readonly lengthMs?: number;
}

/** From the forwarder to the room and back, on another continent's worst day. */
const ANSWER_AFTER_MS = 50;
/** How finely the clock is turned; between two turns promises are settled. */
const TURN_MS = 10;
/** More writes than an hour has, so that no watch of the simulation falls behind. */
const HISTORY_COUNT = 1_000_000;
const SESSION = 1;
const QUIET_LOG = createLog({ level: 'error', format: 'text', write: (line) => console.error(line), now: () => new Date() });

export async function recordHour({ name, hosts, vms, seed, life, lengthMs = HOUR_MS }: HourPlan): Promise<Recording> {
  const clock = createVirtualClock();
  const cluster = createCluster({ name, hosts, vms, seed, clock, historyCount: HISTORY_COUNT });
  const inventory = new Inventory();
  const tape = new Tape(clock);
  const forwarderClock: Clock = { now: clock.now, after: (delayMs, callback) => clock.setTimer(callback, delayMs).cancel };
  const { next: random } = createRandom(seed);
  const common = { clock: forwarderClock, random, log: QUIET_LOG };
  const uplink = new UplinkSender({
    ...common,
    place: { edge: 'http://edge.invalid', cluster: name },
    edge: tape,
    readToken: () => ok('token'),
    picture: { inventory, isWatched: true, readClusterUid: async () => ok('uid-of-kube-system'), isAnswering: async () => true },
    forwarderVersion: 'benchmark',
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const progress = new ProgressWatch({
    ...common,
    vms: () => inventory.vms,
    isWanted: () => uplink.progressSeat !== null,
    // The host's name is all that this address has to tell.
    finder: { find: async (host) => ok({ ip: host, port: 0, authority: null }), forget: () => {} },
    readHandler: async ({ ip }) => ok(readHandler(cluster, ip)),
    send: async (measured) => {
      const seat = uplink.progressSeat;
      if (seat !== null) await sendProgress({ edge: tape, seat, clock: forwarderClock }, measured, signal);
    },
    telemetry: NO_TELEMETRY,
  });
  watch(cluster, inventory, () => {
    uplink.wake();
    progress.wake();
  });
  void uplink.run(signal);
  progress.run(signal);
  const until = (): number => (tape.committedAt ?? clock.now()) + lengthMs;
  let isAlive = false;
  while (clock.now() < until()) {
    clock.advance(TURN_MS);
    await turn();
    if (!isAlive && tape.committedAt !== null) startAutopilot(cluster, life);
    isAlive = tape.committedAt !== null;
  }
  stopping.abort();
  cluster.halt();
  return { head: { name, hosts, vms, kubevirt: cluster.kubevirt, seed }, sync: tape.sync, hour: tape.hour };
}

/** An edge that takes everything, and keeps it. */
class Tape implements EdgeClient {
  readonly #clock: VirtualClock;
  readonly sync: RecordedPost[] = [];
  readonly hour: RecordedPost[] = [];
  committedAt: number | null = null;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async post(path: Parameters<EdgeClient['post']>[0], { bytes, isGzip }: Parameters<EdgeClient['post']>[1]) {
    const sentAt = this.#clock.now();
    const body = JSON.parse((isGzip ? gunzipSync(bytes) : bytes).toString()) as object;
    await new Promise<void>((resolve) => void this.#clock.setTimer(resolve, ANSWER_AFTER_MS));
    const answer =
      path === 'sessions' ? { session: SESSION, protocol: PROTOCOL_VERSION, accepts: [ACCEPTS_PROGRESS] } : this.#take(path, body, sentAt);
    return { ok: true, raw: { status: 200, retryAfter: null, body: JSON.stringify(answer) } } as const;
  }

  async close(): Promise<void> {}

  #take(path: 'batches' | 'progress', body: object, sentAt: number): object {
    const at = this.committedAt === null ? 0 : Math.round(sentAt - this.committedAt);
    if (path === 'progress') {
      this.hour.push({ at, path, body });
      return {};
    }
    const batch = body as Batch;
    (this.committedAt === null ? this.sync : this.hour).push({ at, path, body: batch });
    if (batch.kind === 'sync-commit') this.committedAt = this.#clock.now();
    return { number: batch.number, cursor: null, resync: false };
  }
}

/** Everything that is there, then each write as it is made. */
function watch(cluster: Cluster, inventory: Inventory, onChange: () => void): void {
  for (const kind of KINDS) {
    const resource = RESOURCE_OF[kind];
    inventory.replace(
      kind,
      cluster.list(resource).flatMap((object) => factOf(kind, object) ?? []),
    );
    let { version } = cluster.store;
    cluster.store.subscribe(resource, () => {
      for (const event of cluster.store.eventsAfter(resource, version, Number.MAX_SAFE_INTEGER) ?? []) {
        version = event.version;
        const fact = factOf(kind, event.object);
        if (fact === undefined) continue;
        if (event.type === 'DELETED') inventory.remove(kind, fact);
        else inventory.set(kind, fact);
      }
      onChange();
    });
  }
}

/** Undefined for what is left out: pods that are no target, which on the wire a selector leaves out. */
function factOf<Kind extends FactKind>(kind: Kind, object: unknown): FactOf[Kind] | undefined {
  const fact = PROJECTORS[kind](object);
  return fact.ok ? fact.value : undefined;
}

/** What a host's virt-handler says of the migrations of its guests. */
function readHandler(cluster: Cluster, host: HostName) {
  const moves = cluster.moves.flatMap(({ namespace, name, copyMs, busy }) => {
    const vmi = cluster.get('virtualmachineinstances', namespace, name);
    return vmi?.status.nodeName === host ? [{ vmi, copyMs, busy }] : [];
  });
  const collector = new ReadingCollector();
  for (const line of formatMetrics(cluster.kubevirt, moves, cluster.clock.now()).split('\n')) collector.take(line);
  return collector.readings;
}
