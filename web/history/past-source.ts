/** What is asked of the room about its past. A shell: what an answer means is decided in late-answer.ts and past-answer.ts. */
import type { Snapshot } from '../../core/downlink.ts';
import type { FramePage, MigrationBuckets, MigrationPage } from '../../core/history.ts';
import type { ClusterName } from '../../core/model.ts';
import type { Result } from '../../core/result.ts';
import type { ReadFailure } from '../stream/late-answer.ts';
import { readApi } from '../stream/late-api.ts';
import type { PastSource } from './past-load.ts';

export interface RoomPast extends PastSource {
  /** The log's oldest frame, and how far it goes back. */
  oldest(): Promise<Result<FramePage, ReadFailure>>;
  /** Newest first; `before`: as the page before gave it in `next`. */
  migrations(before: string | null, limit: number): Promise<Result<MigrationPage, ReadFailure>>;
  /** `from` and `to` in milliseconds. */
  buckets(bucketSeconds: number, from: number, to: number): Promise<Result<MigrationBuckets, ReadFailure>>;
}

export const roomPast = (cluster: ClusterName, signal: AbortSignal): RoomPast => ({
  // A moment before 1970 is no moment to the room; to its reader it is one that is not kept.
  snapshot: (at) => readApi<Snapshot>(cluster, '', signal, { at: Math.max(0, at) }),
  frames: (from, limit) => readApi<FramePage>(cluster, '/frames', signal, { from, limit }),
  oldest: () => readApi<FramePage>(cluster, '/frames', signal, { limit: 1 }),
  migrations: (before, limit) => readApi<MigrationPage>(cluster, '/migrations', signal, { before, limit }),
  buckets: (bucket, from, to) =>
    readApi<MigrationBuckets>(cluster, '/migrations', signal, { bucket, from: Math.floor(from), to: Math.floor(to) }),
});
