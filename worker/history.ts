/** The past as the log has it: the state at a moment, and pages of frames (SPEC S1–S3). Pure; lines of segments are asked for one by one. */
import { applyFrame, type ClusterState } from '../core/cluster-state.ts';
import { parseCursor } from '../core/cursor.ts';
import { formatCursor } from '../core/cursor-format.ts';
import type { Frame } from '../core/downlink.ts';
import type { Host, Vm } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import { summarize } from '../core/summary.ts';
import { type Checkpoint, joinParts } from './checkpoints.ts';
import type { Refusal } from './problem.ts';
import { type Head, parseSegment, type SegmentMeta } from './room-log.ts';
import { Entities } from './snapshot.ts';
import { encodeText } from './sse.ts';

export type ReadLines = (first: number) => string;

/** The state at a moment: the checkpoint, and the frames after it that were committed by then. */
export function rebuildState(
  epoch: string,
  checkpoint: Checkpoint,
  segments: readonly SegmentMeta[],
  readLines: ReadLines,
  at: number,
): ClusterState {
  const { hosts, vms } = JSON.parse(`{${joinParts(checkpoint.parts)}}`) as { hosts: Host[]; vms: Vm[] };
  const state: ClusterState = {
    cursor: formatCursor({ epoch, revision: checkpoint.revision }),
    digest: checkpoint.digest,
    hosts: new Map(hosts.map((host) => [host.name, host])),
    vms: new Map(vms.map((vm) => [vm.id, vm])),
  };
  for (const segment of segments) {
    if (segment.last <= checkpoint.revision) continue;
    // A hole comes with a checkpoint of its own, so that this one is from before it.
    if (segment.hole) return state;
    for (const { json } of parseSegment(segment.first, readLines(segment.first), checkpoint.revision)) {
      const frame = JSON.parse(json) as Frame;
      if (frame.at > at) return state;
      if (!applyFrame(state, frame).ok)
        throw new Error(`the log has no frame that follows ${state.cursor}, but ${frame.from} to ${frame.to}`);
    }
  }
  return state;
}

/** In the order of the tables, by key: the same state gives the same text. */
export function entitiesOf({ hosts, vms }: Pick<ClusterState, 'hosts' | 'vms'>): Entities {
  const sorted = <Entity>(map: ReadonlyMap<string, Entity>): Entity[] =>
    [...map].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, entity]) => entity);
  const allHosts = sorted(hosts);
  const allVms = sorted(vms);
  return new Entities(`"hosts":${JSON.stringify(allHosts)},"vms":${JSON.stringify(allVms)}`, summarize(allHosts, allVms));
}

/** The oldest revision whose state is known, so that frames can be applied to it; null where nothing is kept. */
export function oldestRevision(segments: readonly SegmentMeta[], checkpoint: { readonly revision: number } | null): number | null {
  const [oldest] = segments;
  if (oldest === undefined) return null;
  if (checkpoint !== null && checkpoint.revision <= oldest.first) return checkpoint.revision;
  return oldest.hole ? oldest.last : Math.max(1, oldest.first - 1);
}

/** Where a page of frames starts. `asked` is untrusted; null: from the oldest. */
export function startOfPage(asked: string | null, head: Head, oldest: number): Result<number, Refusal> {
  if (asked === null) return ok(oldest);
  const cursor = parseCursor(asked);
  // Revision 0 was never handed out: before the first commit there is no cursor.
  if (!cursor.ok || cursor.value.epoch !== head.epoch || cursor.value.revision === 0 || cursor.value.revision > head.revision) {
    return err({ code: 'invalid-cursor', detail: 'The cursor `from` is not of this cluster’s log. Take one of a snapshot or of a frame.' });
  }
  if (cursor.value.revision >= oldest) return ok(cursor.value.revision);
  const extra = { oldest: formatCursor({ epoch: head.epoch, revision: oldest }) };
  return err({ code: 'out-of-range', detail: 'The log does not go back that far; `oldest` is its first cursor.', extra });
}

export interface PageLimits {
  readonly count: number;
  readonly bytes: number;
}

export interface PageOfFrames {
  /** Each on one line. */
  readonly frames: readonly string[];
  /** The revision that the last of them leads to. */
  readonly reached: number;
  /** The hole that stopped it. */
  readonly hole: SegmentMeta | null;
}

/** The frames after a revision, until one of the limits or a hole: at least one, where the log goes on. */
export function pageOfFrames(segments: readonly SegmentMeta[], readLines: ReadLines, from: number, limits: PageLimits): PageOfFrames {
  const frames: string[] = [];
  let reached = from;
  let bytes = 0;
  for (const segment of segments) {
    if (segment.last <= from) continue;
    if (segment.hole) return { frames, reached, hole: segment };
    for (const { revision, json } of parseSegment(segment.first, readLines(segment.first), from)) {
      bytes += encodeText(json).byteLength;
      if (frames.length > 0 && (frames.length >= limits.count || bytes > limits.bytes)) return { frames, reached, hole: null };
      frames.push(json);
      reached = revision;
    }
  }
  return { frames, reached, hole: null };
}

export interface Interval {
  readonly bucketMs: number;
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/**
 * Which buckets are counted: whole ones that cover what was asked for. Without `to` up to now, without `from` as far back as there can be
 * any and as many as are given at most.
 */
export function selectInterval(asked: {
  readonly bucketMs: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly now: number;
  /** Before it nobody watched, and none would not mean that nothing moved. */
  readonly oldest: number;
  readonly most: number;
}): Result<Interval, Refusal> {
  const { bucketMs, now, oldest, most } = asked;
  const to = Math.ceil((asked.to ?? now + 1) / bucketMs) * bucketMs;
  const from = Math.floor((asked.from ?? Math.max(oldest, to - most * bucketMs)) / bucketMs) * bucketMs;
  if (from > to) return err({ code: 'invalid', detail: '`from`: expected a time that is not after to.', extra: { at: 'from' } });
  if ((to - from) / bucketMs > most) {
    return err({ code: 'invalid', detail: `\`bucket\`: expected at most ${most} buckets between from and to.`, extra: { at: 'bucket' } });
  }
  return ok({ bucketMs, from, to });
}
