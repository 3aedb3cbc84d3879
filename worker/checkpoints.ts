/**
 * Checkpoints: the whole state after a frame, so that the past can be rebuilt (SPEC S1), and what of the past is kept. Pure.
 *
 *   revision   1 ── 2 ── 3 ── 4 ── 5 ── 6 ── 7        the past at a time: the newest checkpoint that is not later,
 *   checkpoint ■              ■                       and the frames after it up to that time
 *   segment    [1   2]  [3]   [4   5   6] [7]         a checkpoint opens a segment, so that both are pruned as one
 */
import { CHECKPOINT_FLOOR_BYTES, CHECKPOINT_PART_BYTES, MAX_MIGRATIONS_COUNT, RESUME_BYTES, SEGMENT_BYTES } from '../core/limits.ts';
import { DEFAULT_RETENTION, type Retention } from './retention.ts';
import type { SegmentMeta } from './room-log.ts';
import type { LogState } from './session.ts';

/** The sizes of the log; the tests make them small. */
export interface LogSettings {
  readonly retention: Retention;
  readonly segmentBytes: number;
  /** A frame that is larger is not kept: nobody would be resumed over it. */
  readonly largestFrameBytes: number;
  readonly checkpointFloorBytes: number;
  readonly checkpointPartBytes: number;
  /** How many finished migrations are kept, however young. */
  readonly endsCount: number;
}

export const logSettings = (retention: Retention = DEFAULT_RETENTION): LogSettings => ({
  retention,
  segmentBytes: SEGMENT_BYTES,
  largestFrameBytes: RESUME_BYTES,
  checkpointFloorBytes: CHECKPOINT_FLOOR_BYTES,
  checkpointPartBytes: CHECKPOINT_PART_BYTES,
  endsCount: MAX_MIGRATIONS_COUNT,
});

export interface CheckpointMeta {
  /** The state is that after this revision. */
  readonly revision: number;
  readonly at: number;
  readonly bytes: number;
}

export interface Checkpoint {
  readonly revision: number;
  readonly at: number;
  readonly digest: string;
  /** The text of the entities (snapshot.ts) in UTF-8, cut anywhere. */
  readonly parts: readonly ArrayBuffer[];
}

/** Of the time that is kept, so much may lie between two checkpoints: what is too old can be dropped only up to one. */
const CHECKPOINTS_PER_RETENTION = 7;

/**
 * Whether the state is to be written down with this frame: where the frames since the last checkpoint have outgrown it (so writing them
 * costs at most twice what the frames cost), where the last is old, and where the frame itself is not kept, which would cut the past in two.
 */
export function isCheckpointDue({ checkpoint, bytesSince }: LogState, frameBytes: number, now: number, settings: LogSettings): boolean {
  if (checkpoint === null || frameBytes > settings.largestFrameBytes) return true;
  const isOutgrown = bytesSince + frameBytes > Math.max(checkpoint.bytes, settings.checkpointFloorBytes);
  return isOutgrown || now - checkpoint.at > settings.retention.ageMs / CHECKPOINTS_PER_RETENTION;
}

/** Pieces of at most that many bytes, which follow each other. */
export function cutParts(bytes: Uint8Array, partBytes: number): Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.byteLength / partBytes));
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * partBytes, (index + 1) * partBytes));
}

export function joinParts(parts: readonly ArrayBuffer[]): string {
  const decoder = new TextDecoder();
  return parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
}

/**
 * The revision from which on everything is kept; what is older goes. Any moment within the retention stays, so the newest checkpoint
 * from before it stays too; where it is all too large, the oldest goes up to a checkpoint, and the newest checkpoint stays in any case.
 * Segments from before the first checkpoint (a room of an older version) only serve viewers that resume, and go by their own age.
 */
export function keptFrom(
  segments: readonly SegmentMeta[],
  checkpoints: readonly CheckpointMeta[],
  now: number,
  retention: Retention,
): number {
  const oldest = now - retention.ageMs;
  const base = checkpoints.findLast(({ at }) => at <= oldest);
  const firstCheckpoint = checkpoints[0]?.revision ?? Number.POSITIVE_INFINITY;
  const unbased = segments.filter(({ first, lastAt }) => first < firstCheckpoint && base === undefined && lastAt >= oldest);
  const candidates = [
    ...unbased.map(({ first }) => first),
    ...checkpoints.flatMap(({ revision }) => (base === undefined || revision >= base.revision ? revision : [])),
  ];
  const bytesFrom = (revision: number): number => sizeOf(segments, checkpoints, revision);
  return candidates.find((revision) => bytesFrom(revision) <= retention.bytes) ?? candidates.at(-1) ?? 0;
}

function sizeOf(segments: readonly SegmentMeta[], checkpoints: readonly CheckpointMeta[], from: number): number {
  let bytes = 0;
  for (const segment of segments) if (segment.first >= from && !segment.hole) bytes += segment.bytes;
  for (const { revision, bytes: own } of checkpoints) if (revision >= from) bytes += own;
  return bytes;
}
