/**
 * How far a migration's copy is (SPEC U9): ephemeral. It is in no row, no revision and no digest; whoever shows it drops it when no newer
 * one comes.
 *
 * It goes its own way, outside of the numbered batches: `POST /api/v1/clusters/:cluster/progress`, and then the event `progress` of the
 * stream. A room that takes it says so when a session is opened ({@link ACCEPTS_PROGRESS}); others are not sent any, so it needs no
 * protocol version of its own.
 */
import type { MigrationId, VmId } from './model.ts';

/** How far one migration is, as virt-handler last measured it. What it did not tell is absent. */
export interface Progress {
  readonly vm: VmId;
  /** The transit's id: what is said counts for that migration only. */
  readonly migration: MigrationId;
  /** 0 to 100: copied of copied and remaining. It can go back, since the guest goes on changing its memory. */
  readonly percent?: number;
  /** Bytes that are still to be copied. */
  readonly remaining?: number;
  /** Bytes of memory copied per second. */
  readonly rate?: number;
  /** Bytes of memory that the guest changes per second. */
  readonly dirtyRate?: number;
  /** As it goes, it will not end: what remains does not shrink. */
  readonly stuck?: true;
}

/** What a room says in `accepts` of {@link import('./uplink.ts').SessionOpened} where it takes progress. */
export const ACCEPTS_PROGRESS = 'progress';

/** `POST /api/v1/clusters/:cluster/progress`. Not numbered, not repeated: what was not taken is old by the time it could be. */
export interface ProgressReport {
  readonly session: number;
  readonly progress: readonly Progress[];
}

/** The event `progress` of a stream, without an id. Only of migrations that are in flight at the head of the log. */
export interface ProgressEvent {
  /** The room's clock when it passed this on: what was held up on the way is as old as it is (T6). */
  readonly now: number;
  readonly progress: readonly Progress[];
}

/** How often a migration's progress is measured: virt-handler's own interval (KubeVirt ≥ 1.4). */
export const PROGRESS_INTERVAL_MS = 5_000;
/** Progress that nothing newer has followed for this long must not be shown: two measurements and some grace. */
export const PROGRESS_STALE_AFTER_MS = 15_000;
/** Most migrations that one report tells of; the rest goes without. */
export const MAX_PROGRESS_COUNT = 500;
/** The largest report: {@link MAX_PROGRESS_COUNT} of the longest names fit. */
export const MAX_PROGRESS_BYTES = 524_288;
