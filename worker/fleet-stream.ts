/**
 * The fleet's stream: keeps the overview while somebody watches, by having the rooms report, and tells the viewers. A thin shell over
 * fleet-overview.ts.
 *
 *   unwatched ──a viewer comes──▶ asking the rooms ──all answered, or patience is over──▶ watched ──the last viewer has left──▶ unwatched
 *
 * While it is watched an alarm asks the rooms again before what they were asked for is over, and soon where one did not answer. An object
 * that was evicted under its viewers' sockets asks them anew at the first report or alarm; the viewers then get a snapshot.
 */
import type { Pulse } from '../core/downlink.ts';
import type { FleetFrame, FleetSnapshot } from '../core/fleet.ts';
import { FOLLOW_ARRIVAL_MS, FOLLOW_MS, FOLLOW_PATIENCE_MS, FOLLOW_RENEWAL_MS, FOLLOW_RETRY_MS } from '../core/limits.ts';
import type { ClusterName, ClusterSummary } from '../core/model.ts';
import { withLimit } from './deadline.ts';
import {
  changeOverview,
  type FleetChange,
  frameFor,
  framesSince,
  mergeNews,
  type Overview,
  openOverview,
  overviewCursor,
  type SummaryNews,
  snapshotFor,
  unheardSummary,
  unknownSummary,
} from './fleet-overview.ts';
import { describeError, log } from './log.ts';
import type { PacedFrame } from './pacer.ts';
import { problemResponse } from './problem.ts';
import { mapBounded } from './room-calls.ts';
import type { ViewerStats } from './room-stats.ts';
import type { Registration } from './schemas.ts';
import { ALL_CLUSTERS, audienceOf } from './scope.ts';
import { encodeText, formatFrameEvent, formatOpening, formatPulseEvent, wrapEvent } from './sse.ts';
import { Viewers, type Way } from './viewers.ts';

/** How many rooms are asked at once. */
const FOLLOW_WIDTH_COUNT = 32;

type PacedFleetFrame = FleetFrame & PacedFrame;
const pacedFrame = (frame: FleetFrame): PacedFleetFrame => ({ ...frame, size: JSON.stringify(frame).length });

export interface FleetStreamOptions {
  readonly ctx: DurableObjectState;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Another one each time. */
  readonly epoch: () => string;
  readonly registrations: () => readonly Registration[];
  /** Asks a room to report until then; null where it is not registered. */
  readonly follow: (cluster: ClusterName, until: number) => Promise<ClusterSummary | null>;
}

export interface FleetViewer {
  readonly way: Way;
  /** The cursor that it names, untrusted. */
  readonly asked: string | null;
  /** What it may see (scope.ts). */
  readonly audience: string;
}

export class FleetStream {
  readonly #options: FleetStreamOptions;
  readonly #viewers: Viewers<PacedFleetFrame>;
  /** Null until somebody watches. */
  #overview: Overview | null = null;
  /** Whether the rooms were asked since; before that the overview is shown to nobody. */
  #isShown = false;
  /** Until when each room reports. */
  readonly #followed = new Map<ClusterName, number>();
  readonly #asked = new Map<ClusterName, Promise<void>>();
  /** Viewers that wait for the overview. */
  #coming = 0;
  /** Until when one may come that has been told what its stream begins with. */
  #expectedUntil = 0;
  /** The alarm that this object has set last. */
  #alarmAt = 0;

  constructor(options: FleetStreamOptions) {
    this.#options = options;
    const { ctx, now, random } = options;
    this.#viewers = new Viewers({
      ctx,
      now,
      random,
      pulse: () => this.#pulse(),
      merge: (frames) => pacedFrame(frameFor(frames, audienceOf(ALL_CLUSTERS))),
      format: (frames, audience) => {
        const frame = frameFor(frames, audience);
        return formatFrameEvent(frame.to, JSON.stringify(frame));
      },
      snapshot: (audience) => (this.#overview === null ? [] : this.#snapshotEvent(this.#overview, audience)),
    });
  }

  get stats(): ViewerStats {
    return this.#viewers.stats;
  }

  async attach({ way, asked, audience }: FleetViewer): Promise<Response> {
    this.#coming += 1;
    try {
      await this.#watch();
      if (this.#viewers.isFull) {
        return problemResponse({ code: 'too-many-viewers', detail: 'Come again later.' }, { 'retry-after': '10' });
      }
      return this.#viewers.attach(way, this.#opening(this.#open(), asked, audience), audience);
    } finally {
      this.#coming -= 1;
    }
  }

  /** Of a viewer that opens the stream next, which then asks no room again: it counts as coming for a while. */
  async snapshot(audience: string): Promise<FleetSnapshot> {
    this.#expectedUntil = this.#options.now() + FOLLOW_ARRIVAL_MS;
    await this.#watch();
    return snapshotFor(this.#open(), audience, this.#options.now());
  }

  /** A room's report; false where nobody watches. */
  take(cluster: ClusterName, news: SummaryNews): boolean {
    if (!this.#isWatched) {
      // The next viewer must not take for followed what has been sent away.
      this.#followed.clear();
      return false;
    }
    if (this.#overview === null) {
      this.#background(this.#watch());
      return true;
    }
    const known = this.#overview.clusters.get(cluster);
    if (known === undefined) return false;
    const merged = mergeNews(known, news);
    if (merged === 'incomplete') this.#background(this.#follow(cluster));
    else if (merged !== 'outdated') this.#change({ clusters: [merged] });
    return true;
  }

  /** A cluster was registered. Its room may not be there yet. */
  add(registration: Registration): void {
    this.#change({ clusters: [unheardSummary(registration)] });
  }

  /** The cluster's room is there. */
  addRoom(cluster: ClusterName): void {
    if (this.#isWatched && this.#followedForMs(cluster) <= 0) this.#background(this.#follow(cluster));
  }

  remove(cluster: ClusterName): void {
    this.#followed.delete(cluster);
    this.#change({ gone: [cluster] });
  }

  async renew(): Promise<void> {
    if (this.#isWatched) await this.#watch();
  }

  noteClosed(code: number): void {
    this.#viewers.noteClosed(code);
  }

  noteSaid(socket: WebSocket, text: string): void {
    this.#viewers.noteSaid(socket, text);
  }

  get #isWatched(): boolean {
    return this.#viewers.count + this.#coming > 0 || this.#options.now() < this.#expectedUntil;
  }

  /** Asks the rooms that do not report, or not for much longer, and waits for them with patience. */
  async #watch(): Promise<void> {
    const { registrations, now, ctx } = this.#options;
    const listed = registrations();
    this.#open();
    const due = listed.filter(({ cluster }) => this.#followedForMs(cluster) <= FOLLOW_MS - FOLLOW_RENEWAL_MS);
    if (due.length > 0) {
      const asking = mapBounded(due, FOLLOW_WIDTH_COUNT, ({ cluster }) => this.#follow(cluster));
      await withLimit(asking, FOLLOW_PATIENCE_MS).catch(() => {});
      this.#disown(due);
    }
    this.#show();
    if (due.length === 0 && now() < this.#alarmAt) return;
    const isWhole = listed.every(({ cluster }) => this.#followedForMs(cluster) > 0);
    this.#alarmAt = now() + (isWhole ? FOLLOW_RENEWAL_MS : FOLLOW_RETRY_MS);
    await ctx.storage.setAlarm(this.#alarmAt);
  }

  #open(): Overview {
    this.#overview ??= openOverview(this.#options.epoch(), this.#options.registrations());
    return this.#overview;
  }

  #followedForMs(cluster: ClusterName): number {
    return (this.#followed.get(cluster) ?? 0) - this.#options.now();
  }

  /** From now on changes are told. Whoever was connected before this object's life gets a snapshot: the frame does not follow what it has. */
  #show(): void {
    if (this.#isShown || this.#overview === null) return;
    this.#isShown = true;
    const { epoch } = this.#overview;
    this.#viewers.publish({ from: overviewCursor({ epoch, revision: 0 }), to: overviewCursor(this.#overview), at: 0, size: 0 });
  }

  /**
   * Of a room that does not report any more and has not answered nothing is known now (T7): by what was known of it, however long ago, its
   * cluster would seem to have fallen silent.
   */
  #disown(registrations: readonly Registration[]): void {
    const lost = registrations.filter(({ cluster }) => this.#followedForMs(cluster) <= 0 && this.#overview?.clusters.has(cluster));
    this.#change({ clusters: lost.map(unknownSummary) });
  }

  /** Asks one room, once at a time. Never throws: a room that does not answer is asked again at the next alarm. */
  #follow(cluster: ClusterName): Promise<void> {
    const asking =
      this.#asked.get(cluster) ??
      this.#ask(cluster)
        .catch((error: unknown) => log('warn', 'a room did not answer the fleet', { cluster, ...describeError(error) }))
        .finally(() => this.#asked.delete(cluster));
    this.#asked.set(cluster, asking);
    return asking;
  }

  async #ask(cluster: ClusterName): Promise<void> {
    const until = this.#options.now() + FOLLOW_MS;
    const summary = await this.#options.follow(cluster, until);
    const known = this.#overview?.clusters.get(cluster);
    if (summary === null || known === undefined) return;
    this.#followed.set(cluster, until);
    const { cursor, lastHeard, recent, ...counts } = summary;
    const merged = mergeNews(known, { cursor, lastHeard, recent, counts });
    if (typeof merged !== 'string') this.#change({ clusters: [merged] });
  }

  #change(change: FleetChange): void {
    if (this.#overview === null) return;
    const changed = changeOverview(this.#overview, change, this.#options.now());
    if (changed === null) return;
    this.#overview = changed.overview;
    if (this.#isShown) this.#viewers.publish(pacedFrame(changed.frame));
  }

  #opening(overview: Overview, asked: string | null, audience: string): readonly Uint8Array[] {
    const { random } = this.#options;
    const retry = encodeText(formatOpening(random()));
    const missed = framesSince(overview, asked);
    if (missed === null) return [retry, ...this.#snapshotEvent(overview, audience)];
    const frame = missed.length === 0 ? null : frameFor(missed, audience);
    const ping = formatPulseEvent('ping', this.#pulse());
    return [retry, encodeText((frame === null ? '' : formatFrameEvent(frame.to, JSON.stringify(frame))) + ping)];
  }

  /** `lastHeard` is each cluster's own, in its summary. */
  #pulse(): Pulse {
    return { cursor: this.#overview === null ? null : overviewCursor(this.#overview), now: this.#options.now(), lastHeard: null };
  }

  #snapshotEvent(overview: Overview, audience: string): readonly Uint8Array[] {
    const snapshot = snapshotFor(overview, audience, this.#options.now());
    return wrapEvent('snapshot', snapshot.cursor, [encodeText(JSON.stringify(snapshot))]);
  }

  #background(work: Promise<unknown>): void {
    work.catch((error: unknown) => log('error', 'the fleet could not ask its rooms', describeError(error)));
  }
}
