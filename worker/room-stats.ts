/** What a room tells of itself to whoever operates it; nothing of it is about the cluster. Counters begin anew with each object. */
import type { ViewerCounts } from './pacer.ts';
import type { RoomCounts } from './uplink-meter.ts';

export interface ViewerStats {
  readonly viewers: ViewerCounts;
  /** Frames that are committed and wait for their turn (D4). */
  readonly waitingFrames: number;
  /** Bytes that are held for direct viewers that have not read them yet, shared ones counted once. */
  readonly heldBytes: number;
  /** Viewers that were cut off because they did not read. */
  readonly cutOff: number;
  /** Streams that were ended because their time was over. */
  readonly recycled: number;
}

export interface RoomStats extends ViewerStats {
  /** When this object was made, on its own clock: it moves on each time that the room has slept. */
  readonly constructedAt: number;
  /** Null where no cluster is registered here. */
  readonly cluster: ClusterStats | null;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** What the database takes on disk. */
  readonly storedBytes: number;
}

/** What is known of the cluster, in numbers. */
export interface ClusterStats {
  readonly lastHeard: number | null;
  readonly revision: number;
  readonly hosts: number;
  readonly vms: number;
  readonly transits: number;
  /** Digests of the forwarder that differed from the room's (SPEC U5). */
  readonly drifts: number;
  readonly counts: RoomCounts;
}
