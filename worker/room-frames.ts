/** What a room sends its viewers: its frames, merged where several leave at once (SPEC D4), and the event `snapshot`. Pure. */
import { composeFrames } from '../core/cluster-state.ts';
import type { Frame, Snapshot } from '../core/downlink.ts';
import type { PacedFrame } from './pacer.ts';
import { type Entities, snapshotChunks } from './snapshot.ts';
import { formatFrameEvent, wrapEvent } from './sse.ts';

/** A committed frame. */
export interface RoomFrame extends PacedFrame {
  readonly json: string;
  /** What the JSON says, read once: several compositions may need it. */
  readonly read: () => Frame;
}

export function roomFrame(from: string, { to, json }: { readonly to: string; readonly json: string }, value?: Frame): RoomFrame {
  let known = value;
  const read = (): Frame => {
    known ??= JSON.parse(json) as Frame;
    return known;
  };
  return { from, to, size: json.length, json, read };
}

/** One frame that does what all of them do; they follow each other, and there is at least one. */
export function mergeFrames(frames: readonly RoomFrame[]): RoomFrame {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) return only;
  const composite = frames.map(({ read }) => read()).reduce(compose);
  return roomFrame(composite.from, { to: composite.to, json: JSON.stringify(composite) }, composite);
}

/** The event that does what all of them do. */
export function formatFrames(frames: readonly RoomFrame[]): string {
  const { to, json } = mergeFrames(frames);
  return formatFrameEvent(to, json);
}

function compose(first: Frame, second: Frame): Frame {
  const composed = composeFrames(first, second);
  if (!composed.ok) throw new Error(`${second.from} does not follow ${first.to}`);
  return composed.value;
}

/** The large piece is shared by all who are sent the same revision. */
export const snapshotEvent = (head: Omit<Snapshot, 'hosts' | 'vms'>, entities: Entities): readonly Uint8Array[] =>
  wrapEvent('snapshot', head.cursor, snapshotChunks(head, entities));
