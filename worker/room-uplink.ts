/** The forwarder's side of a room. A thin shell: it admits, reads the body, has it taken, and passes on what came of it (SPEC U1–U9). */
import { formatCursor } from '../core/cursor-format.ts';
import type { Frame } from '../core/downlink.ts';
import { MAX_BODY_BYTES } from '../core/limits.ts';
import { MAX_PROGRESS_BYTES } from '../core/progress.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../core/protocol-version.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { BatchAnswer, SessionOpened, UplinkCheck } from '../core/uplink.ts';
import { UNKNOWN_OR_WRONG_TOKEN } from './access.ts';
import { admitToken, hashToken, parseBearer, type TokenHashes } from './auth.ts';
import { readJson } from './body.ts';
import type { LogSettings } from './checkpoints.ts';
import type { FleetReporter } from './fleet-reporter.ts';
import { problemResponse, type Refusal } from './problem.ts';
import { selectCurrent } from './progress.ts';
import type { Registered } from './registered.ts';
import { type RoomFrame, roomFrame } from './room-frames.ts';
import type { RoomStore } from './room-store.ts';
import { parseBatch, parseOpenSession, parseProgressReport, parseUplinkCheck } from './schemas.ts';
import { refuseProgress, refuseSession } from './session.ts';
import { formatProgressEvent } from './sse.ts';
import { takeBatch, takeSession, type UplinkContext } from './uplink.ts';
import type { UplinkMeter } from './uplink-meter.ts';
import type { Viewers } from './viewers.ts';

export interface RoomUplinkOptions {
  readonly store: RoomStore;
  readonly settings: LogSettings;
  readonly now: () => number;
  readonly meter: UplinkMeter;
  /** False where the cluster was removed, even if its name was given away since. */
  readonly isRegistered: (room: Registered) => boolean;
  readonly writeHashes: (room: Registered, hashes: TokenHashes) => void;
  readonly viewers: Pick<Viewers<RoomFrame>, 'count' | 'publish' | 'hear' | 'tell'>;
  readonly reporter: Pick<FleetReporter, 'change' | 'hear'>;
}

export class RoomUplink {
  readonly #options: RoomUplinkOptions;

  constructor(options: RoomUplinkOptions) {
    this.#options = options;
  }

  openSession(request: Request, room: Registered): Promise<Response> {
    return this.#take(request, room, (body) => this.#openSession(room, body));
  }

  takeBatch(request: Request, room: Registered): Promise<Response> {
    return this.#take(request, room, (body) => this.#takeBatch(room, body));
  }

  takeProgress(request: Request, room: Registered): Promise<Response> {
    return this.#take(request, room, (body) => this.#takeProgress(room, body), MAX_PROGRESS_BYTES);
  }

  /** What opening a session would be answered. Not even a token that is used here for the first time replaces the one before it. */
  async check(request: Request, room: Registered): Promise<Response> {
    if (this.#admits(room, await hashOfBearer(request)) === null) return refusedUplink();
    const asked = parseUplinkCheck(new URL(request.url).searchParams);
    if (!asked.ok) return problemResponse(asked.error);
    const refusal = refuseSession(room.row, asked.value);
    if (refusal !== null) return problemResponse(refusal);
    const answer: UplinkCheck = { oldest: OLDEST_PROTOCOL_VERSION, newest: PROTOCOL_VERSION };
    return answerResponse(answer);
  }

  async #take(
    request: Request,
    room: Registered,
    take: (body: unknown) => Result<object, Refusal>,
    maxBytes = MAX_BODY_BYTES,
  ): Promise<Response> {
    const { meter, now, writeHashes } = this.#options;
    const hash = await hashOfBearer(request);
    const hashes = this.#admits(room, hash);
    if (hashes === null) return refusedUplink();
    if (hashes !== room.config.hashes) writeHashes(room, hashes);
    const tooFast = meter.admit(now());
    if (tooFast !== null) return this.#refuse(tooFast);
    const body = await meter.read(() => readJson(request, maxBytes));
    if (!body.ok) return this.#refuse(body.error);
    if (this.#admits(room, hash) === null) return refusedUplink();
    const taken = take(body.value);
    return taken.ok ? answerResponse(taken.value) : this.#refuse(taken.error);
  }

  /**
   * The hashes that hold once this one is used; null where it is not good. To be asked after each wait: meanwhile the cluster can have been
   * removed, and its name given away, or its tokens revoked.
   */
  #admits(room: Registered, hash: string | null): TokenHashes | null {
    return hash !== null && this.#options.isRegistered(room) ? admitToken(room.config.hashes, hash) : null;
  }

  #refuse(refusal: Refusal): Response {
    this.#options.meter.refuse(refusal.code);
    return problemResponse(refusal);
  }

  #openSession(room: Registered, body: unknown): Result<SessionOpened, Refusal> {
    const request = parseOpenSession(body);
    if (!request.ok) return request;
    this.#options.meter.tellUnknownFields(body, request.value);
    const taken = takeSession(this.#context(room), request.value);
    if (!taken.ok) return taken;
    room.row = taken.value.row;
    return ok(taken.value.opened);
  }

  #takeBatch(room: Registered, body: unknown): Result<BatchAnswer, Refusal> {
    const { meter, viewers, reporter } = this.#options;
    const parsed = parseBatch(body);
    if (!parsed.ok) return parsed;
    meter.tellUnknownFields(body, parsed.value);
    const counts = meter.countsWith(room.row.counts);
    const taken = takeBatch(this.#context({ ...room, row: { ...room.row, counts } }), parsed.value);
    if (!taken.ok) return taken;
    const { row, answer, frame, entities, heard } = taken.value;
    // What is answered again (U2) was counted when it was taken.
    if (row.number === room.row.number) return ok(answer);
    meter.settle();
    const from = formatCursor({ epoch: room.config.epoch, revision: room.row.revision });
    room.row = row;
    if (frame !== null) {
      room.entities = entities;
      viewers.publish(roomFrame(from, frame));
      reporter.change(() => JSON.parse(frame.json) as Frame);
    } else if (heard) {
      viewers.hear();
      reporter.hear();
    }
    return ok(answer);
  }

  /** Passed on and forgotten: nothing is written, and who comes later waits for the next (U9). */
  #takeProgress(room: Registered, body: unknown): Result<object, Refusal> {
    const { store, now, meter, viewers } = this.#options;
    const report = parseProgressReport(body);
    if (!report.ok) return report;
    meter.tellUnknownFields(body, report.value);
    const refusal = refuseProgress(room.row, report.value);
    if (refusal !== null) return err(refusal);
    if (viewers.count > 0) {
      const { picture } = store;
      const progress = selectCurrent(report.value.progress, (id) => picture.vm(id)?.derived);
      if (progress.length > 0) viewers.tell(formatProgressEvent({ now: now(), progress }));
    }
    return ok({});
  }

  #context({ config, row }: Registered): UplinkContext {
    const { store, settings, now } = this.#options;
    return { store, settings, epoch: config.epoch, row, now: now() };
  }
}

/** Null where none came. */
async function hashOfBearer(request: Request): Promise<string | null> {
  const token = parseBearer(request.headers.get('authorization'));
  return token === null ? null : await hashToken(token);
}

const answerResponse = (answer: object): Response => Response.json(answer, { headers: { 'cache-control': 'no-store' } });

export const refusedUplink = (): Response => problemResponse(UNKNOWN_OR_WRONG_TOKEN, { 'www-authenticate': 'Bearer' });
