/** One cluster's room: the authority on what is known of it. A thin shell: it admits, reads the clock, stores and tells the viewers. */
import { DurableObject } from 'cloudflare:workers';
import { formatCursor } from '../core/cursor.ts';
import type { Frame, Pulse, Snapshot } from '../core/downlink.ts';
import { composeHost } from '../core/host-memory.ts';
import { MAX_BODY_BYTES } from '../core/limits.ts';
import { composeVm } from '../core/memory.ts';
import type { ClusterSummary } from '../core/model.ts';
import { MAX_PROGRESS_BYTES } from '../core/progress.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../core/protocol-version.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SummaryCounts } from '../core/summary.ts';
import type { BatchAnswer, SessionOpened, UplinkCheck } from '../core/uplink.ts';
import { UNKNOWN_CLUSTER, UNKNOWN_OR_WRONG_TOKEN } from './access.ts';
import { admitToken, hashToken, NO_TOKENS, parseBearer } from './auth.ts';
import { readJson } from './body.ts';
import { logSettings } from './checkpoints.ts';
import { newEpoch } from './epoch.ts';
import { FleetReporter } from './fleet-reporter.ts';
import { problemResponse, type Refusal } from './problem.ts';
import { selectCurrent } from './progress.ts';
import { ReadBudget, readCostKb } from './read-budget.ts';
import { parseRetention } from './retention.ts';
import { formatFrames, mergeFrames, type RoomFrame, roomFrame, snapshotEvent } from './room-frames.ts';
import { decideCatchUp, headCursor, type LoggedFrame, parseSegment, selectSegments } from './room-log.ts';
import { isOfPast, type ReadContext, readFrames, readMigrations, readPastSnapshot, readVm, readVmHistory } from './room-reads.ts';
import type { ClusterStats, RoomStats } from './room-stats.ts';
import { type RoomConfig, RoomStore } from './room-store.ts';
import { parseBatch, parseOpenSession, parseProgressReport, parseUplinkCheck, type Registration } from './schemas.ts';
import { refuseProgress, refuseSession, type SessionRow } from './session.ts';
import { composeEntities, type Entities, formatSnapshot, isUnchanged, snapshotHeaders } from './snapshot.ts';
import { encodeText, formatFrameEvent, formatOpening, formatProgressEvent, formatPulseEvent } from './sse.ts';
import { takeBatch, takeSession, type UplinkContext } from './uplink.ts';
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

interface Registered {
  config: RoomConfig;
  row: SessionRow;
  /** At the row's revision; made when first asked for. */
  entities: Entities | null;
}

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
    head: () => this.#pulse(),
    send: (news) => this.env.FLEET.getByName('fleet').report(this.#room()?.config.cluster ?? '', news),
  });
  /** Undefined until first needed, so that a fresh constructor costs nothing; null where the room is not registered. */
  #registered: Registered | null | undefined;

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const room = this.#room();
    if (room === null) return UPLINK_PATHS.includes(pathname) ? refusedUplink() : problemResponse(UNKNOWN_CLUSTER);
    switch (pathname) {
      case ROOM_PATHS.sessions:
        return this.#uplink(request, room, (body) => this.#openSession(room, body));
      case ROOM_PATHS.batches:
        return this.#uplink(request, room, (body) => this.#takeBatch(room, body));
      case ROOM_PATHS.progress:
        return this.#uplink(request, room, (body) => this.#takeProgress(room, body), MAX_PROGRESS_BYTES);
      case ROOM_PATHS.uplinkCheck:
        return this.#checkUplink(request, room);
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

  viewerCount(): number {
    return this.#viewers.count;
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

  async #uplink(
    request: Request,
    room: Registered,
    take: (body: unknown) => Result<object, Refusal>,
    maxBytes = MAX_BODY_BYTES,
  ): Promise<Response> {
    const token = parseBearer(request.headers.get('authorization'));
    const hash = token === null ? null : await hashToken(token);
    // The cluster can have been removed while this waited, and its name can have been given away, or its tokens revoked; so too while the
    // body is read.
    if (this.#registered !== room || hash === null) return refusedUplink();
    const hashes = admitToken(room.config.hashes, hash);
    if (hashes === null) return refusedUplink();
    if (hashes !== room.config.hashes) this.#writeHashes(room, hashes);
    const tooFast = this.#meter.admit(Date.now());
    if (tooFast !== null) return this.#refuse(tooFast);
    const body = await this.#meter.read(() => readJson(request, maxBytes));
    if (!body.ok) return this.#refuse(body.error);
    if (this.#registered !== room || admitToken(room.config.hashes, hash) === null) return refusedUplink();
    const taken = take(body.value);
    return taken.ok ? Response.json(taken.value, { headers: { 'cache-control': 'no-store' } }) : this.#refuse(taken.error);
  }

  #refuse(refusal: Refusal): Response {
    this.#meter.refuse(refusal.code);
    return problemResponse(refusal);
  }

  /** Not even a token that is used here for the first time replaces the one before it. */
  async #checkUplink(request: Request, room: Registered): Promise<Response> {
    const token = parseBearer(request.headers.get('authorization'));
    const hash = token === null ? null : await hashToken(token);
    if (this.#registered !== room || hash === null || admitToken(room.config.hashes, hash) === null) return refusedUplink();
    const asked = parseUplinkCheck(new URL(request.url).searchParams);
    if (!asked.ok) return problemResponse(asked.error);
    const refusal = refuseSession(room.row, asked.value);
    if (refusal !== null) return problemResponse(refusal);
    const answer: UplinkCheck = { oldest: OLDEST_PROTOCOL_VERSION, newest: PROTOCOL_VERSION };
    return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
  }

  #openSession(room: Registered, body: unknown): Result<SessionOpened, Refusal> {
    const request = parseOpenSession(body);
    if (!request.ok) return request;
    this.#meter.tellUnknownFields(body, request.value);
    const taken = takeSession(this.#uplinkContext(room), request.value);
    if (!taken.ok) return taken;
    room.row = taken.value.row;
    return ok(taken.value.opened);
  }

  #takeBatch(room: Registered, body: unknown): Result<BatchAnswer, Refusal> {
    const parsed = parseBatch(body);
    if (!parsed.ok) return parsed;
    this.#meter.tellUnknownFields(body, parsed.value);
    const counts = this.#meter.countsWith(room.row.counts);
    const taken = takeBatch(this.#uplinkContext({ ...room, row: { ...room.row, counts } }), parsed.value);
    if (!taken.ok) return err(taken.error);
    this.#meter.settle();
    const { row, answer, frame, heard } = taken.value;
    const from = formatCursor({ epoch: room.config.epoch, revision: room.row.revision });
    room.row = row;
    if (frame !== null) room.entities = taken.value.entities;
    if (frame !== null) this.#viewers.publish(roomFrame(from, frame));
    else if (heard) this.#viewers.hear();
    if (frame !== null) this.#reporter.change(() => JSON.parse(frame.json) as Frame);
    else if (heard) this.#reporter.hear();
    return ok(answer);
  }

  /** Passed on and forgotten: nothing is written, and who comes later waits for the next (U9). */
  #takeProgress(room: Registered, body: unknown): Result<object, Refusal> {
    const report = parseProgressReport(body);
    if (!report.ok) return report;
    this.#meter.tellUnknownFields(body, report.value);
    const refusal = refuseProgress(room.row, report.value);
    if (refusal !== null) return err(refusal);
    if (this.#viewers.count > 0) {
      const { picture } = this.#store;
      const progress = selectCurrent(report.value.progress, (id) => picture.vm(id)?.derived);
      if (progress.length > 0) this.#viewers.tell(formatProgressEvent({ now: Date.now(), progress }));
    }
    return ok({});
  }

  #uplinkContext({ config, row }: Registered): UplinkContext {
    return { store: this.#store, settings: this.#logSettings, epoch: config.epoch, row, now: Date.now() };
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
    const { cursor, lastHeard } = this.#pulse();
    const { cluster, displayName } = config;
    return { cluster, ...(displayName !== null && { displayName }), lastHeard, ...counts, cursor };
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

const refusedUplink = (): Response => problemResponse(UNKNOWN_OR_WRONG_TOKEN, { 'www-authenticate': 'Bearer' });
