/** Appends a commit's frame to the log, within the commit's transaction. Decisions are in room-log.ts, checkpoints.ts and forgetting.ts. */
import { formatCursor } from '../core/cursor-format.ts';
import type { Frame } from '../core/downlink.ts';
import { cutParts, isCheckpointDue, keptFrom, type LogSettings } from './checkpoints.ts';
import type { Commit } from './commit.ts';
import { forgetEnds, isLookDue } from './forgetting.ts';
import { canExtend } from './room-log.ts';
import type { RoomStore } from './room-store.ts';
import type { LogState, SessionRow } from './session.ts';
import { composeEntities, type Entities } from './snapshot.ts';
import { encodeText } from './sse.ts';

export interface LogContext {
  readonly store: RoomStore;
  readonly epoch: string;
  readonly settings: LogSettings;
}

export interface LoggedFrame {
  readonly to: string;
  /** The frame, on one line. */
  readonly json: string;
}

/** How many finished migrations go at a time: the rest goes with the next segment. */
const FORGET_AT_ONCE_COUNT = 1_000;

/**
 * `row` is the session after the batch, with the frame's revision and time; the entities are stored already. The row that it answers is
 * stored with the frame. `entities` are those that a checkpoint had to read, for others to use.
 */
export function appendFrame(
  { store, epoch, settings }: LogContext,
  row: SessionRow,
  shown: NonNullable<Commit['shown']>,
): { readonly row: SessionRow; readonly frame: LoggedFrame; readonly entities: Entities | null } {
  const { revision, frameAt: at, digest } = row;
  const to = formatCursor({ epoch, revision });
  const frame: Frame = { from: formatCursor({ epoch, revision: revision - 1 }), to, at, digest, ...shown };
  const json = JSON.stringify(frame);
  const bytes = encodeText(json).byteLength;
  const isDue = isCheckpointDue(row.log, bytes, at, settings);
  const newest = store.readNewestSegment();
  if (!isDue && newest !== undefined && canExtend(newest, bytes, settings.segmentBytes)) {
    const session = { ...row, log: growLog(row.log, bytes) };
    store.extendSegment(newest.first, { revision, at, bytes, line: json, session });
    return { row: session, frame: { to, json }, entities: null };
  }
  const entities = isDue ? composeEntities(store.readHosts(), store.readVms()) : null;
  if (entities !== null) store.history.writeCheckpoint({ revision, at, digest }, cutParts(entities.bytes, settings.checkpointPartBytes));
  const log = entities === null ? growLog(row.log, bytes) : { checkpoint: { at, bytes: entities.bytes.byteLength }, bytesSince: 0 };
  const session = { ...pruneEnds(store, row, settings), log };
  store.openSegment({ revision, at, bytes, line: bytes > settings.largestFrameBytes ? null : json, session });
  pruneLog(store, at, settings);
  return { row: session, frame: { to, json }, entities };
}

const growLog = (log: LogState, bytes: number): LogState => ({ ...log, bytesSince: log.bytesSince + bytes });

function pruneLog(store: RoomStore, now: number, { retention }: LogSettings): void {
  const segments = store.readSegments();
  const checkpoints = store.history.readCheckpoints();
  const from = keptFrom(segments, checkpoints, now, retention);
  if (!segments.some(({ first }) => first < from) && !checkpoints.some(({ revision }) => revision < from)) return;
  store.history.deleteBefore(from, checkpoints.find(({ revision }) => revision >= from)?.at ?? 0);
}

/** The row after it. Where there are more than go at once, the next segment looks again. */
function pruneEnds(store: RoomStore, row: SessionRow, settings: LogSettings): SessionRow {
  const { frameAt, endCount, forgotten, endsLook } = row;
  if (!isLookDue(endsLook, row, settings)) return row;
  const old = store.history.readOldEnds(frameAt - settings.retention.ageMs, endCount - settings.endsCount, FORGET_AT_ONCE_COUNT);
  const { picture } = store;
  const forget = forgetEnds(old, ({ id, vm }) => picture.vm(vm)?.memory.transit?.id === id, forgotten);
  store.history.deleteEnds(forget.ids);
  const isDone = old.length < FORGET_AT_ONCE_COUNT;
  return { ...row, forgotten: forget.forgotten, ...(isDone && { endsLook: { at: frameAt, endCount } }) };
}
