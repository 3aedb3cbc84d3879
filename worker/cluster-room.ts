/** One cluster's room: the authority on what is known of it. A thin shell that wires its parts, holds its state and answers viewers. */
import { DurableObject } from 'cloudflare:workers';
import type { Pulse, Snapshot } from '../core/downlink.ts';
import { composeHost } from '../core/host-memory.ts';
import { composeVm } from '../core/memory.ts';
import type { ClusterSummary } from '../core/model.ts';
import type { SummaryCounts } from '../core/summary.ts';
import { UNKNOWN_CLUSTER } from './access.ts';
import { NO_TOKENS } from './auth.ts';
import { logSettings } from './checkpoints.ts';
import { newEpoch } from './epoch.ts';
import type { SummaryHead } from './fleet-overview.ts';
import { FleetReporter } from './fleet-reporter.ts';
import { problemResponse } from './problem.ts';
import { ReadBudget, readCostKb } from './read-budget.ts';
import type { Registered } from './registered.ts';
import { parseRetention } from './retention.ts';
import { formatFrames, mergeFrames, type RoomFrame, snapshotEvent } from './room-frames.ts';
import { decideCatchUp, headCursor, type LoggedFrame, parseSegment, selectSegments } from './room-log.ts';
import { isOfPast, type ReadContext, readFrames, readMigrations, readPastSnapshot, readVm, readVmHistory } from './room-reads.ts';
import type { ClusterStats, RoomStats } from './room-stats.ts';
import { type RoomConfig, RoomStore } from './room-store.ts';
import { RoomUplink, refusedUplink } from './room-uplink.ts';
import type { Registration } from './schemas.ts';
import { composeEntities, type Entities, formatSnapshot, isUnchanged, snapshotHeaders } from './snapshot.ts';
import { encodeText, formatFrameEvent, formatOpening, formatPulseEvent } from './sse.ts';
import { UplinkMeter } from './uplink-meter.ts';
import { Viewers } from './viewers.ts';

/** The room's own addresses, which only the Worker can reach. */
export const ROOM_PATHS = {
  sessions: '/sessions',
  batches: '/batches',
  progress: '/progress',
  uplinkCheck: '/uplink',
  snapshot: '/snapshot',
  frames: '/frames',
  migrations: '/migrations',
  vm: '/vm',
  vmHistory: '/vm-history',
  direct: '/direct',
  bridge: '/bridge',
} as const;

const UPLINK_PATHS: readonly string[] = [ROOM_PATHS.sessions, ROOM_PATHS.batches, ROOM_PATHS.progress, ROOM_PATHS.uplinkCheck];

export class ClusterRoom extends DurableObject<Env> {
  readonly #store = new RoomStore(this.ctx.storage);
  readonly #viewers = new Viewers<RoomFrame>({
    ctx: this.ctx,
    now: Date.now,
    random: Math.random,
    pulse: () => this.#pulse(),
    merge: mergeFrames,
    format: formatFrames,
    snapshot: () => this.#snapshotEvent(this.#room()),
  });
  readonly #logSettings = logSettings(parseRetention({ days: this.env.RETENTION_DAYS, megabytes: this.env.RETENTION_MB }));
  readonly #constructedAt = Date.now();
  readonly #meter = new UplinkMeter();
  readonly #reads = new ReadBudget();
  readonly #reporter = new FleetReporter({
    storage: this.ctx.storage,
    now: Date.now,
    entities: () => ({
      hosts: this.#store.readHosts().map(({ derived, memory }) => composeHost(derived, memory)),
      vms: this.#store.readVms().map(({ derived, memory }) => composeVm(derived, memory)),
    }),
    head: () => this.#summaryHead(),
    send: (news) => this.env.FLEET.getByName('fleet').report(this.#room()?.config.cluster ?? '', news),
  });
  readonly #uplink = new RoomUplink({
    store: this.#store,
    settings: this.#logSettings,
    now: () => Date.now(),
    meter: this.#meter,
    isRegistered: (room) => this.#registered === room,
    writeHashes: (room, hashes) => this.#writeHashes(room, hashes),
    viewers: this.#viewers,
    reporter: this.#reporter,
  });
  /** Undefined until first needed, so that a fresh constructor costs nothing; null where the room is not registered. */
  #registered: Registered | null | undefined;

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const room = this.#room();
    if (room === null) return UPLINK_PATHS.includes(pathname) ? refusedUplink() : problemResponse(UNKNOWN_CLUSTER);
    switch (pathname) {
      case ROOM_PATHS.sessions:
        return this.#uplink.openSession(request, room);
      case ROOM_PATHS.batches:
        return this.#uplink.takeBatch(request, room);
      case ROOM_PATHS.progress:
        return this.#uplink.takeProgress(request, room);
      case ROOM_PATHS.uplinkCheck:
        return this.#uplink.check(request, room);
      case ROOM_PATHS.snapshot:
        return isOfPast(request) ? this.#readPast(room, request, readPastSnapshot) : this.#snapshotResponse(request, room);
      case ROOM_PATHS.frames:
        return this.#readPast(room, request, readFrames);
      case ROOM_PATHS.migrations:
        return this.#readPast(room, request, readMigrations);
      case ROOM_PATHS.vm:
        return this.#readPast(room, request, readVm);
      case ROOM_PATHS.vmHistory:
        return this.#readPast(room, request, readVmHistory);
      case ROOM_PATHS.direct:
      case ROOM_PATHS.bridge:
        return this.#attach(request, room, pathname === ROOM_PATHS.bridge);
      default:
        return problemResponse({ code: 'not-found', detail: 'The room has no such address.' });
    }
  }

  /** Makes the room, where it is not there yet, without any token. */
  register({ cluster, displayName }: Registration): void {
    if (this.#room() !== null) return;
    this.#store.create({
      cluster,
      displayName: displayName ?? null,
      epoch: newEpoch((bytes) => crypto.getRandomValues(bytes)),
      hashes: NO_TOKENS,
    });
    this.#registered = undefined;
  }

  /** Hands the room another token, valid beside the present one until it is first used. */
  setToken(registration: Registration, hash: string): void {
    this.register(registration);
    const room = this.#room();
    if (room !== null) this.#writeHashes(room, { ...room.config.hashes, next: hash });
  }

  /** From now on no token is good, not even for a request whose body is under way. */
  revokeTokens(): void {
    const room = this.#room();
    if (room !== null) this.#writeHashes(room, NO_TOKENS);
  }

  /** Removes the cluster with all that is known of it. Where that fails, the room is as it was. */
  async remove(): Promise<void> {
    this.#registered = null;
    this.#reporter.end();
    this.#viewers.endAll();
    try {
      await this.ctx.storage.deleteAll();
    } catch (error) {
      this.#registered = undefined;
      throw error;
    }
  }

  /** Null where the room is not registered. */
  summary(): ClusterSummary | null {
    const room = this.#room();
    return room === null ? null : this.#summaryOf(room, this.#entities(room).counts);
  }

  /** As {@link summary}, and from now on the fleet is told of changes, until that time on this object's clock. */
  follow(until: number): ClusterSummary | null {
    const room = this.#room();
    return room === null ? null : this.#summaryOf(room, this.#reporter.follow(until));
  }

  stats(): RoomStats {
    const room = this.#room();
    return {
      constructedAt: this.#constructedAt,
      ...this.#viewers.stats,
      cluster: room === null ? null : this.#clusterStats(room),
      ...this.#store.counters,
      storedBytes: this.ctx.storage.sql.databaseSize,
    };
  }

  #clusterStats(room: Registered): ClusterStats {
    const { lastHeard, revision, hostCount, vmCount, drift } = room.row;
    const { transits } = this.#entities(room).counts;
    return {
      lastHeard,
      revision,
      hosts: hostCount,
      vms: vmCount,
      transits,
      drifts: drift.count,
      counts: this.#meter.counts(room.row.counts),
    };
  }

  /** The runtime answers pings itself. */
  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    if (typeof message === 'string') this.#viewers.noteSaid(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#viewers.noteClosed(code);
    socket.close();
  }

  #room(): Registered | null {
    if (this.#registered === undefined) {
      const config = this.#store.readConfig();
      this.#registered = config === null ? null : { config, row: this.#store.readSession(), entities: null };
    }
    return this.#registered;
  }

  #readContext(room: Registered): ReadContext {
    const { config, row } = room;
    return { store: this.#store, settings: this.#logSettings, config, row, now: Date.now(), entities: () => this.#entities(room) };
  }

  #readPast(room: Registered, request: Request, read: (context: ReadContext, request: Request) => Response): Response {
    const refusal = this.#reads.admit(Date.now());
    if (refusal !== null) return problemResponse(refusal);
    const before = readCostKb(this.#store.read);
    const response = read(this.#readContext(room), request);
    this.#reads.spend(readCostKb(this.#store.read) - before);
    return response;
  }

  #attach(request: Request, room: Registered, isBridge: boolean): Response {
    if (this.#viewers.isFull) {
      return problemResponse({ code: 'too-many-viewers', detail: 'Come again later.' }, { 'retry-after': '10' });
    }
    // What a browser remembers by itself is newer than what the page wrote into the address (D1).
    const asked = request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('cursor');
    const opening = [encodeText(formatOpening(Math.random())), ...this.#catchUp(room, asked)];
    return this.#viewers.attach(isBridge ? 'bridge' : 'direct', opening);
  }

  #catchUp(room: Registered, asked: string | null): readonly Uint8Array[] {
    const heard = (): string => formatPulseEvent('heard', this.#pulse());
    const decided = decideCatchUp(asked, { epoch: room.config.epoch, revision: room.row.revision });
    if (decided.kind === 'heard') return [encodeText(heard())];
    const frames = decided.kind === 'frames' ? this.#framesAfter(room, decided.revision) : null;
    if (frames === null) return this.#snapshotEvent(room);
    const cursorOf = (revision: number): string => headCursor({ epoch: room.config.epoch, revision }) ?? '';
    return [encodeText(frames.map(({ revision, json }) => formatFrameEvent(cursorOf(revision), json)).join('') + heard())];
  }

  #framesAfter({ row }: Registered, revision: number): LoggedFrame[] | null {
    const firsts = selectSegments(this.#store.readSegments(revision), revision, row.revision);
    return firsts?.flatMap((first) => parseSegment(first, this.#store.readLines(first), revision)) ?? null;
  }

  #snapshotResponse(request: Request, room: Registered): Response {
    if (request.headers.has('x-hostview-drift')) this.#meter.tellViewerDrift();
    const head = this.#head(room);
    const headers = snapshotHeaders(head);
    const etag = headers.get('etag');
    if (etag !== null && isUnchanged(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
    return new Response(formatSnapshot(head, this.#entities(room)), { headers });
  }

  #snapshotEvent(room: Registered | null): readonly Uint8Array[] {
    return room === null ? [] : snapshotEvent(this.#head(room), this.#entities(room));
  }

  #summaryOf({ config }: Registered, counts: SummaryCounts): ClusterSummary {
    const { cursor, lastHeard, recent } = this.#summaryHead();
    const { cluster, displayName } = config;
    return { cluster, ...(displayName !== null && { displayName }), lastHeard, ...counts, recent, cursor };
  }

  #summaryHead(): SummaryHead {
    const { cursor, lastHeard } = this.#pulse();
    return { cursor, lastHeard, recent: this.#room()?.row.recent ?? null };
  }

  #head({ config, row }: Registered): Omit<Snapshot, 'hosts' | 'vms'> {
    const { cluster, displayName } = config;
    return { cluster, ...(displayName !== null && { displayName }), ...this.#pulse(), digest: row.digest };
  }

  #entities(room: Registered): Entities {
    room.entities ??= composeEntities(this.#store.readHosts(), this.#store.readVms());
    return room.entities;
  }

  #pulse(): Pulse {
    const room = this.#room();
    if (room === null) return { cursor: null, now: Date.now(), lastHeard: null };
    const { config, row } = room;
    return { cursor: headCursor({ epoch: config.epoch, revision: row.revision }), now: Date.now(), lastHeard: row.lastHeard };
  }

  #writeHashes(room: Registered, hashes: RoomConfig['hashes']): void {
    this.#store.writeHashes(hashes);
    room.config = { ...room.config, hashes };
  }
}
