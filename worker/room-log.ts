/**
 * The room's log: what a viewer that names a cursor gets (SPEC D1), and how frames lie in segments. Pure.
 *
 * A segment is a row of lines, one frame a line, one revision a line: the revision is the segment's first plus the line's index.
 * A frame too large to be worth keeping leaves a hole: a segment without lines, over which nobody can resume. What is pruned, and how the
 * past is rebuilt, is in checkpoints.ts.
 */
import { parseCursor } from '../core/cursor.ts';
import { formatCursor } from '../core/cursor-format.ts';
import { RESUME_BYTES } from '../core/limits.ts';

export interface Head {
  readonly epoch: string;
  /** 0 before the first commit. */
  readonly revision: number;
}

export const headCursor = ({ epoch, revision }: Head): string | null => (revision === 0 ? null : formatCursor({ epoch, revision }));

/** What a viewer is sent first. `heard`: it has everything; `frames`: those after `revision`, if the log still has them. */
export type CatchUp = { readonly kind: 'snapshot' } | { readonly kind: 'heard' } | { readonly kind: 'frames'; readonly revision: number };

/** `asked` is what the viewer sent, untrusted; null where it sent none. Anything but a place in this very log means a snapshot. */
export function decideCatchUp(asked: string | null, head: Head): CatchUp {
  if (asked === null || head.revision === 0) return { kind: 'snapshot' };
  const cursor = parseCursor(asked);
  if (!cursor.ok) return { kind: 'snapshot' };
  const { epoch, revision } = cursor.value;
  // Revision 0 was never handed out: before the first commit there is no cursor.
  if (epoch !== head.epoch || revision > head.revision || revision === 0) return { kind: 'snapshot' };
  return revision === head.revision ? { kind: 'heard' } : { kind: 'frames', revision };
}

export interface SegmentMeta {
  readonly first: number;
  readonly last: number;
  /** When its newest frame was committed. */
  readonly lastAt: number;
  /** Bytes of its lines; for a hole those of the frame that was not kept. */
  readonly bytes: number;
  readonly hole: boolean;
}

/** The `first`s of the segments that carry every revision after `revision` up to `head`, or null where they do not or are too much. */
export function selectSegments(segments: readonly SegmentMeta[], revision: number, head: number): number[] | null {
  const firsts: number[] = [];
  let reached = revision;
  let bytes = 0;
  for (const segment of segments) {
    if (segment.last <= revision) continue;
    bytes += segment.bytes;
    if (segment.hole || segment.first > reached + 1 || bytes > RESUME_BYTES) return null;
    firsts.push(segment.first);
    reached = segment.last;
  }
  return reached === head ? firsts : null;
}

export interface LoggedFrame {
  readonly revision: number;
  /** The frame's JSON, on one line. */
  readonly json: string;
}

/** The frames of a segment that are later than `revision`. */
export function parseSegment(first: number, lines: string, revision: number): LoggedFrame[] {
  return lines
    .split('\n')
    .map((json, index) => ({ revision: first + index, json }))
    .filter((frame) => frame.revision > revision);
}

/** Whether the next frame goes into the newest segment; else it opens one, which is the moment to forget the oldest. */
export const canExtend = (newest: SegmentMeta, frameBytes: number, segmentBytes: number): boolean =>
  !newest.hole && newest.bytes + frameBytes < segmentBytes;
