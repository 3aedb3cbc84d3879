/** One cluster's room: the authority on what is known of it. A thin shell: it admits, reads the clock, stores and tells the viewers. */
import { DurableObject } from 'cloudflare:workers';
import type { Pulse, Snapshot } from '../core/downlink.ts';
import { MAX_BODY_BYTES } from '../core/limits.ts';
import type { ClusterSummary } from '../core/model.ts';
import { MAX_PROGRESS_BYTES } from '../core/progress.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../core/protocol-version.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { BatchAnswer, SessionOpened, UplinkCheck } from '../core/uplink.ts';
import { admitToken, hashToken, parseBearer } from './auth.ts';
import { readJson } from './body.ts';
import { problemResponse, type Refusal } from './problem.ts';
import { selectCurrent } from './progress.ts';
import { decideCatchUp, headCursor, type LoggedFrame, parseSegment, selectSegments } from './room-log.ts';
import { type RoomConfig, RoomStore } from './room-store.ts';
import { parseBatch, parseOpenSession, parseProgressReport, parseUplinkCheck, type Registration } from './schemas.ts';
import { refuseProgress, refuseSession, type SessionRow } from './session.ts';
import { composeEntities, type Entities, formatSnapshot, isUnchanged, snapshotHeaders } from './snapshot.ts';
import { encodeText, formatFrameEvent, formatOpening, formatProgressEvent, formatPulseEvent, formatSnapshotEvent } from './sse.ts';
import { takeBatch, takeSession, type UplinkContext } from './uplink.ts';
import { Viewers } from './viewers.ts';

/** The room's own addresses, which only the Worker can reach. */
export const ROOM_PATHS = {
  sessions: '/sessions',
  batches: '/batches',
  progress: '/progress',
  uplinkCheck: '/uplink',
  snapshot: '/snapshot',
  direct: '/direct',
  bridge: '/bridge',
} as const;

const EPOCH_BYTES = 6;

interface Registered {
  config: RoomConfig;
  row: SessionRow;
  /** At the row's revision; made when first asked for. */
  entities: Entities | null;
}

export class ClusterRoom extends DurableObject<Env> {
  readonly #store = new RoomStore(this.ctx.storage);
  readonly #viewers = new Viewers({ ctx: this.ctx, now: Date.now, pulse: () => this.#pulse() });
  /** Undefined until first needed, so that a fresh constructor costs nothing; null where the room is not registered. */
  #registered: Registered | null | undefined;

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const room = this.#room();
    if (room === null) return problemResponse(UNKNOWN);
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
        return this.#snapshotResponse(request, room);
      case ROOM_PATHS.direct:
      case ROOM_PATHS.bridge:
        return this.#attach(request, room, pathname === ROOM_PATHS.bridge);
      default:
        return problemResponse({ code: 'not-found', detail: 'The room has no such address.' });
    }
  }

  /** Registers the room, or hands it another token, valid beside the present one until it is first used. */
  setToken({ cluster, displayName }: Registration, hash: string): void {
    const room = this.#room();
    if (room === null) {
      const config: RoomConfig = { cluster, displayName: displayName ?? null, epoch: newEpoch(), hashes: { current: hash, next: null } };
      this.#store.create(config);
      this.#registered = undefined;
      return;
    }
    this.#writeHashes(room, { ...room.config.hashes, next: hash });
  }

  /** Removes the cluster with all that is known of it. */
  async remove(): Promise<void> {
    this.#registered = null;
    this.#viewers.endAll();
    await this.ctx.storage.deleteAll();
  }

  /** Null where the room is not registered. */
  summary(): ClusterSummary | null {
    const room = this.#room();
    if (room === null) return null;
    const { cluster, displayName } = room.config;
    const { cursor, lastHeard } = this.#pulse();
    return { cluster, ...(displayName !== null && { displayName }), lastHeard, ...this.#entities(room).counts, cursor };
  }

  viewerCount(): number {
    return this.#viewers.count;
  }

  /** The runtime answers pings itself, and a bridge says nothing else. */
  override webSocketMessage(): void {}

  override webSocketClose(socket: WebSocket): void {
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
    // The cluster can have been removed while this waited, and its name can have been given away; so too while the body is read.
    if (this.#registered !== room) return problemResponse(UNKNOWN);
    const hashes = hash === null ? null : admitToken(room.config.hashes, hash);
    if (hashes === null) return problemResponse(UNAUTHORIZED, { 'www-authenticate': 'Bearer' });
    if (hashes !== room.config.hashes) this.#writeHashes(room, hashes);
    const body = await readJson(request, maxBytes);
    if (!body.ok) return problemResponse(body.error);
    if (this.#registered !== room) return problemResponse(UNKNOWN);
    const taken = take(body.value);
    return taken.ok ? Response.json(taken.value, { headers: { 'cache-control': 'no-store' } }) : problemResponse(taken.error);
  }

  /** Not even a token that is used here for the first time replaces the one before it. */
  async #checkUplink(request: Request, room: Registered): Promise<Response> {
    const token = parseBearer(request.headers.get('authorization'));
    const hash = token === null ? null : await hashToken(token);
    if (this.#registered !== room) return problemResponse(UNKNOWN);
    if (hash === null || admitToken(room.config.hashes, hash) === null) {
      return problemResponse(UNAUTHORIZED, { 'www-authenticate': 'Bearer' });
    }
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
    const taken = takeSession(this.#uplinkContext(room), request.value);
    if (!taken.ok) return taken;
    room.row = taken.value.row;
    return ok(taken.value.opened);
  }

  #takeBatch(room: Registered, body: unknown): Result<BatchAnswer, Refusal> {
    const batch = parseBatch(body);
    if (!batch.ok) return batch;
    const taken = takeBatch(this.#uplinkContext(room), batch.value);
    if (!taken.ok) return err(taken.error);
    const { row, answer, frame, heard } = taken.value;
    room.row = row;
    if (frame !== null) room.entities = null;
    if (frame?.first) this.#viewers.broadcast(this.#snapshotEvent(room));
    else if (frame) this.#viewers.broadcast(formatFrameEvent(frame.to, frame.json));
    else if (heard) this.#viewers.broadcast(formatPulseEvent('heard', this.#pulse()));
    return ok(answer);
  }

  /** Passed on and forgotten: nothing is written, and who comes later waits for the next (U9). */
  #takeProgress(room: Registered, body: unknown): Result<object, Refusal> {
    const report = parseProgressReport(body);
    if (!report.ok) return report;
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
    return { store: this.#store, epoch: config.epoch, row, now: Date.now() };
  }

  #attach(request: Request, room: Registered, isBridge: boolean): Response {
    if (this.#viewers.isFull) {
      return problemResponse({ code: 'too-many-viewers', detail: 'Come again later.' }, { 'retry-after': '10' });
    }
    // What a browser remembers by itself is newer than what the page wrote into the address (D1).
    const asked = request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('cursor');
    const due = encodeText(formatOpening(Math.random()) + this.#catchUp(room, asked));
    return isBridge ? this.#viewers.attachBridge(due) : this.#viewers.attachDirect(due);
  }

  #catchUp(room: Registered, asked: string | null): string {
    const heard = (): string => formatPulseEvent('heard', this.#pulse());
    const decided = decideCatchUp(asked, { epoch: room.config.epoch, revision: room.row.revision });
    if (decided.kind === 'heard') return heard();
    const frames = decided.kind === 'frames' ? this.#framesAfter(room, decided.revision) : null;
    if (frames === null) return this.#snapshotEvent(room);
    const cursorOf = (revision: number): string => headCursor({ epoch: room.config.epoch, revision }) ?? '';
    return frames.map(({ revision, json }) => formatFrameEvent(cursorOf(revision), json)).join('') + heard();
  }

  #framesAfter({ row }: Registered, revision: number): LoggedFrame[] | null {
    const firsts = selectSegments(this.#store.readSegments(), revision, row.revision);
    return firsts?.flatMap((first) => parseSegment(first, this.#store.readLines(first), revision)) ?? null;
  }

  #snapshotResponse(request: Request, room: Registered): Response {
    const head = this.#head(room);
    const headers = snapshotHeaders(head);
    const etag = headers.get('etag');
    if (etag !== null && isUnchanged(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
    return new Response(formatSnapshot(head, this.#entities(room)), { headers });
  }

  #snapshotEvent(room: Registered): string {
    const head = this.#head(room);
    return formatSnapshotEvent(head.cursor, formatSnapshot(head, this.#entities(room)));
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

const UNKNOWN: Refusal = { code: 'unknown-cluster', detail: 'Register it first (POST /api/v1/clusters), or check its name.' };
const UNAUTHORIZED: Refusal = {
  code: 'unauthorized',
  detail: 'Send the token of this cluster: Authorization: Bearer TOKEN. POST /api/v1/clusters/:cluster/token makes a new one.',
};

function newEpoch(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(EPOCH_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
