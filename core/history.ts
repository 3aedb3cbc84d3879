/**
 * What the room tells of the past (SPEC S1–S5): answers of the read API, and what is worked out for them. All times are the room's clock,
 * in milliseconds.
 */
import type { Frame } from './downlink.ts';
import { MAX_SILENCES_COUNT } from './limits.ts';
import type { EndedMigration, Place, StageSeen } from './memory.ts';
import type { HostName, MigrationId, Transit, TransitStage, Vm, VmId } from './model.ts';

/** A stage of a migration, as the room saw it. */
export interface StageSpan {
  readonly stage: TransitStage;
  /** When the room first saw it. */
  readonly at: number;
  /** It was entered while nobody was watching, at `at` or before. */
  readonly unwatched?: true;
  /** How long it took; null while it lasts, and where nobody watched its beginning or its end. */
  readonly durationMs: number | null;
}

/** A migration that is over. */
export interface MigrationRecord extends Omit<EndedMigration, 'createdAt' | 'overAt' | 'stages'> {
  readonly stages: readonly StageSpan[];
  /** When the room learnt that it was over; stays where more becomes known later. */
  readonly recordedAt: number;
}

/** A migration in flight. */
export interface RunningMigration extends Transit {
  readonly vm: VmId;
  readonly stages: readonly StageSpan[];
}

/** `GET …/migrations`: newest first. The running ones are on the first page only. */
export interface MigrationPage {
  readonly now: number;
  readonly running: readonly RunningMigration[];
  readonly finished: readonly MigrationRecord[];
  /** What `before` takes to go on; null at the end. */
  readonly next: string | null;
}

/** How migrations ended that the room learnt of from `at` on, for a bucket's width. */
export interface MigrationBucket {
  readonly at: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly aborted: number;
  readonly unknown: number;
}

/**
 * The cluster was not heard for longer than what counts as live (D5), and at both ends it was: of what happened between only what it told
 * afterwards is known.
 */
export interface Silence {
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
}

/** `GET …/migrations?bucket=`: every interval, also those without any, oldest first. */
export interface MigrationBuckets {
  readonly now: number;
  /** In seconds. */
  readonly bucket: number;
  readonly buckets: readonly MigrationBucket[];
  /** Those that have a part in the intervals, oldest first; of more than {@link MAX_SILENCES_COUNT} the longest. */
  readonly silences: readonly Silence[];
  /** How many of those that are over are left out, none longer than any of these that is told; absent where none is. */
  readonly shorterSilences?: number;
}

/** `GET …/frames`: the log after a cursor. */
export interface FramePage {
  /** The room's head; null before the first commit. */
  readonly cursor: string | null;
  /** The oldest cursor from which the log goes on, and the oldest time that `?at=` takes; null where nothing is kept. */
  readonly oldest: string | null;
  readonly oldestAt: number | null;
  readonly frames: readonly Frame[];
  /** The `from` of the next page; null at the head and at a gap. */
  readonly next: string | null;
  /** A frame that was too large to be kept comes next: take the snapshot at that time, and go on from its cursor. */
  readonly jump?: { readonly to: string; readonly at: number };
}

/** `GET …/vms/:namespace/:name` */
export interface VmDetail extends Vm {
  readonly now: number;
  /** The VMI's: one run of the VM. Null when it has none. */
  readonly uid: string | null;
  /** Of the migration in flight. */
  readonly stages: readonly StageSpan[];
  /** Where it has been, newest last. */
  readonly places: readonly PlaceRecord[];
}

export interface PlaceRecord {
  readonly host: HostName;
  /** When the room first saw it there; null where it came while nobody was watching. */
  readonly since: number | null;
  /** When it was no longer there; null while it is, and where it left while nobody was watching (then another place follows, or it is off). */
  readonly until: number | null;
  /** It is there. */
  readonly present?: true;
  /** The migration that brought it there, where that is certain. */
  readonly broughtBy?: MigrationId;
}

/** `GET …/vms/:namespace/:name/history` */
export interface VmHistory {
  readonly now: number;
  readonly vm: VmId;
  /** Newest last; empty for a VM that is gone. */
  readonly places: readonly PlaceRecord[];
  /** Newest first. */
  readonly migrations: readonly MigrationRecord[];
}

/** `endedAt`: when the last stage ended; null while it lasts, and where nobody watched. */
export function stageSpans(stages: readonly StageSeen[], endedAt: number | null): StageSpan[] {
  return stages.map((seen, index) => {
    const next = stages[index + 1];
    const nextAt = next?.unwatched === true ? null : next?.at;
    const until = next === undefined ? endedAt : (nextAt ?? null);
    return { ...seen, durationMs: seen.unwatched === true || until === null ? null : until - seen.at };
  });
}

/** What orders migrations stays between forwarder and room: it is on the cluster's clocks (T6). */
export function recordOf(ended: EndedMigration, recordedAt: number): MigrationRecord {
  const { createdAt: _createdAt, overAt: _overAt, stages, ...told } = ended;
  return { ...told, stages: stageSpans(stages, ended.endedAt), recordedAt };
}

/** A migration as far as it can have brought a VM somewhere. `until`: null while it is under way. */
export interface Move {
  readonly id: MigrationId;
  readonly from: HostName | null;
  readonly to: HostName | null;
  /** When the room first saw it under way; null where it did not. */
  readonly startedAt: number | null;
  readonly until: number | null;
}

/** Where the end was not watched, the room learnt of it afterwards: it was over by then. */
export const moveOf = ({ id, from, to, startedAt, endedAt, recordedAt }: MigrationRecord): Move => ({
  id,
  from,
  to,
  startedAt,
  until: endedAt ?? recordedAt,
});

/**
 * Joins the places of a VM with the migrations that brought it there. That is certain only where the room saw the VM leave the one host for
 * the other in one moment, while exactly one migration from the one to the other was under way.
 */
export function joinPlaces(places: readonly Place[], moves: readonly Move[]): PlaceRecord[] {
  return places.map((place, index) => {
    const [move, ...others] = movesThatFit(place, places[index - 1], moves);
    return {
      host: place.host,
      since: place.since,
      until: place.until ?? null,
      ...(place.until === undefined && { present: true as const }),
      ...(move !== undefined && others.length === 0 && { broughtBy: move.id }),
    };
  });
}

function movesThatFit({ host, since }: Place, before: Place | undefined, moves: readonly Move[]): Move[] {
  if (before === undefined || since === null || before.until !== since) return [];
  return moves.filter(
    ({ from, to, startedAt, until }) =>
      to === host && from === before.host && startedAt !== null && startedAt <= since && (until === null || since <= until),
  );
}

/** Epoch-aligned intervals of that width which cover `from` to `to` (not included); counts of what falls into them, zeros for the rest. */
export function fillBuckets(
  { bucketMs, from, to }: { readonly bucketMs: number; readonly from: number; readonly to: number },
  counts: readonly { readonly bucket: number; readonly outcome: keyof Omit<MigrationBucket, 'at'>; readonly count: number }[],
): MigrationBucket[] {
  const first = Math.floor(from / bucketMs);
  const buckets = Array.from({ length: Math.max(0, Math.ceil(to / bucketMs) - first) }, (_, index) => ({
    at: (first + index) * bucketMs,
    succeeded: 0,
    failed: 0,
    aborted: 0,
    unknown: 0,
  }));
  for (const { bucket, outcome, count } of counts) {
    const into = buckets[bucket - first];
    if (into !== undefined) into[outcome] += count;
  }
  return buckets;
}

/** The longest silences of those that are over and the one that lasts, if one does. `over`: the longest of `total`, longest first. */
export function tellSilences(
  over: readonly Silence[],
  total: number,
  lasting: Silence | null,
): Pick<MigrationBuckets, 'silences' | 'shorterSilences'> {
  const told = over.slice(0, MAX_SILENCES_COUNT - (lasting === null ? 0 : 1));
  const silences = [...told].sort((left, right) => left.from - right.from);
  const left = total - told.length;
  return { silences: lasting === null ? silences : [...silences, lasting], ...(left > 0 && { shorterSilences: left }) };
}

/**
 * When the cluster had last spoken at a past moment. A silence is a span in which it was not heard for longer than what counts as live, heard at
 * both ends; outside of them it was live, and then the moment itself is as good as any time within the last seconds (D5).
 */
export function lastHeardAt(at: number, lastHeard: number, silence: { readonly began: number; readonly ended: number } | null): number {
  if (at >= lastHeard) return lastHeard;
  return silence !== null && silence.began <= at && at < silence.ended ? silence.began : at;
}
