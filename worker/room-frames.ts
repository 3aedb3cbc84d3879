/** What a room sends its viewers: its frames, merged where several leave at once (SPEC D4), and the event `snapshot`. Pure. */
import { composeFrames } from '../core/cluster-state.ts';
import type { Frame, Snapshot } from '../core/downlink.ts';
import type { PacedFrame } from './pacer.ts';
import { type Entities, snapshotChunks } from './snapshot.ts';
import { formatFrameEvent, wrapEvent } from './sse.ts';

/** A committed frame, as its JSON. */
export interface RoomFrame extends PacedFrame {
  readonly json: string;
}

export const roomFrame = (from: string, { to, json }: { readonly to: string; readonly json: string }): RoomFrame => ({
  from,
  to,
  size: json.length,
  json,
});

/** One event that does what all of them do; they follow each other, and there is at least one. */
export function formatFrames(frames: readonly RoomFrame[]): string {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) return formatFrameEvent(only.to, only.json);
  const composite = frames.map(({ json }) => JSON.parse(json) as Frame).reduce(compose);
  return formatFrameEvent(composite.to, JSON.stringify(composite));
}

function compose(first: Frame, second: Frame): Frame {
  const composed = composeFrames(first, second);
  if (!composed.ok) throw new Error(`${second.from} does not follow ${first.to}`);
  return composed.value;
}

/** The large piece is shared by all who are sent the same revision. */
export const snapshotEvent = (head: Omit<Snapshot, 'hosts' | 'vms'>, entities: Entities): readonly Uint8Array[] =>
  wrapEvent('snapshot', head.cursor, snapshotChunks(head, entities));
