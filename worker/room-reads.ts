/** The room's answers about the past (SPEC S1–S5). A thin shell: what is read, and the texts; decisions are in history.ts and core/history.ts. */
import { formatCursor } from '../core/cursor-format.ts';
import type { Snapshot } from '../core/downlink.ts';
import { freshnessOf } from '../core/freshness.ts';
import {
  fillBuckets,
  joinPlaces,
  lastHeardAt,
  type MigrationBuckets,
  type MigrationPage,
  type MigrationRecord,
  moveOf,
  type RunningMigration,
  recordOf,
  stageSpans,
  tellSilences,
  type VmDetail,
  type VmHistory,
} from '../core/history.ts';
import { MAX_BUCKETS_COUNT, MAX_PAGE_COUNT, MAX_SILENCES_COUNT, RESUME_BYTES } from '../core/limits.ts';
import { composeVm } from '../core/memory.ts';
import { type VmId, vmIdOf } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { LogSettings } from './checkpoints.ts';
import type { StoredVm } from './commit.ts';
import { entitiesOf, type Interval, oldestRevision, pageOfFrames, rebuildState, selectInterval, startOfPage } from './history.ts';
import type { RecordedEnd } from './history-store.ts';
import { problemResponse, type Refusal } from './problem.ts';
import {
  formatPageToken,
  type MigrationsQuery,
  parseFramesQuery,
  parseMigrationsQuery,
  parsePageToken,
  parseSnapshotQuery,
  parseVmQuery,
} from './query-schemas.ts';
import { headCursor } from './room-log.ts';
import type { RoomConfig, RoomStore } from './room-store.ts';
import type { SessionRow } from './session.ts';
import { type Entities, formatSnapshot, snapshotHeaders } from './snapshot.ts';

export interface ReadContext {
  readonly store: RoomStore;
  readonly settings: LogSettings;
  readonly config: RoomConfig;
  readonly row: SessionRow;
  readonly now: number;
  /** At the row's revision. */
  readonly entities: () => Entities;
}

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'private, no-cache' } as const;
const json = (value: object): Response => new Response(JSON.stringify(value), { headers: HEADERS });
const textResponse = (text: string): Response => new Response(text, { headers: HEADERS });
const refused = (refusal: Refusal): Response => problemResponse(refusal);

/** Whether a snapshot is not of the present. */
export const isOfPast = (request: Request): boolean => new URL(request.url).searchParams.has('at');

/** The snapshot of a past moment; of this one where none is named. */
export function readPastSnapshot(context: ReadContext, request: Request): Response {
  const query = parseSnapshotQuery(request.url);
  if (!query.ok) return refused(query.error);
  const past = pastAt(context, query.value.at ?? context.now);
  if (!past.ok) return refused(past.error);
  return new Response(formatSnapshot(past.value.head, past.value.entities), { headers: snapshotHeaders(past.value.head) });
}

interface Past {
  readonly head: Omit<Snapshot, 'hosts' | 'vms'>;
  readonly entities: Entities;
}

function pastAt(context: ReadContext, at: number): Result<Past, Refusal> {
  const { store, config, row, now } = context;
  if (at > now) return err({ code: 'invalid', detail: '`at`: expected a time that is not in the future.', extra: { at: 'at' } });
  const oldest = oldestMoment(context);
  if (oldest === null || at < oldest) return err(outOfRange(oldest));
  const { cluster, displayName, epoch } = config;
  const lastHeard = lastHeardAt(at, row.lastHeard ?? at, store.history.readSilence(at));
  const head = { cluster, ...(displayName !== null && { displayName }), now: at, lastHeard };
  if (at >= row.frameAt) {
    const cursor = headCursor({ epoch, revision: row.revision });
    return ok({ head: { ...head, cursor, digest: row.digest }, entities: context.entities() });
  }
  const checkpoint = store.history.readCheckpointAt(at);
  if (checkpoint === null) return err(outOfRange(oldest));
  const segments = store.readSegments(checkpoint.revision);
  const state = rebuildState(epoch, checkpoint, segments, (first) => store.readLines(first), at);
  return ok({ head: { ...head, cursor: state.cursor, digest: state.digest }, entities: entitiesOf(state) });
}

/**
 * The oldest moment of which all is known: that of the oldest checkpoint. A room of an older version has none before its next frame, and what
 * it knows of silences begins with when it was last heard. Null: before the first commit.
 */
function oldestMoment({ store, row }: ReadContext): number | null {
  if (row.revision === 0) return null;
  return store.history.readOldestCheckpoint()?.at ?? Math.max(row.frameAt, row.lastHeard ?? row.frameAt);
}

const outOfRange = (oldest: number | null): Refusal => ({
  code: 'out-of-range',
  detail: oldest === null ? 'Nothing is known of this cluster yet.' : 'The past is kept from `oldest` on (milliseconds since 1970).',
  ...(oldest !== null && { extra: { oldest } }),
});

export function readFrames(context: ReadContext, request: Request): Response {
  const { store, config, row } = context;
  const { epoch } = config;
  const query = parseFramesQuery(request.url);
  if (!query.ok) return refused(query.error);
  const { from: asked = null, limit } = query.value;
  const head = { epoch, revision: row.revision };
  const segments = store.readSegments();
  const oldest = oldestRevision(segments, store.history.readOldestCheckpoint());
  const from = startOfPage(asked, head, oldest ?? 0);
  if (!from.ok) return refused(from.error);
  const page = pageOfFrames(segments, (first) => store.readLines(first), from.value, { count: limit, bytes: RESUME_BYTES });
  const { hole } = page;
  const isMore = hole === null && page.reached < row.revision;
  const answer = JSON.stringify({
    cursor: headCursor(head),
    oldest: oldest === null ? null : formatCursor({ epoch, revision: oldest }),
    oldestAt: oldestMoment(context),
    next: isMore ? formatCursor({ epoch, revision: page.reached }) : null,
    ...(hole !== null && { jump: { to: formatCursor({ epoch, revision: hole.last }), at: hole.lastAt } }),
  });
  return textResponse(`${answer.slice(0, -1)},"frames":[${page.frames.join(',')}]}`);
}

export function readMigrations(context: ReadContext, request: Request): Response {
  const query = parseMigrationsQuery(request.url);
  if (!query.ok) return refused(query.error);
  const { bucket } = query.value;
  return bucket === undefined ? migrationPage(context, query.value) : migrationBuckets(context, query.value, bucket);
}

function migrationPage({ store, config, row, now }: ReadContext, { limit, before, vm: asked }: MigrationsQuery): Response {
  const vm = asked ?? null;
  const { epoch } = config;
  const start = before === undefined ? null : parsePageToken(before, epoch, row.endCount);
  if (start?.ok === false) return refused(start.error);
  const ends = store.history.readEnds({ before: start?.value ?? row.endCount + 1, vm, limit: limit + 1 });
  const page = ends.slice(0, limit);
  const last = page.at(-1);
  const running = start === null ? runningOf(store, vm) : [];
  const next = ends.length > limit && last !== undefined ? formatPageToken(epoch, last.number) : null;
  return json({ now, running, finished: page.map(toRecord), next } satisfies MigrationPage);
}

const toRecord = ({ ended, recordedAt }: RecordedEnd): MigrationRecord => recordOf(ended, recordedAt);

function runningOf(store: RoomStore, vm: VmId | null): RunningMigration[] {
  const stored = vm === null ? store.readVmsInTransit() : [store.picture.vm(vm)].flatMap((one) => one ?? []);
  return stored
    .flatMap(({ derived, memory }) => {
      const { transit } = composeVm(derived, memory);
      return transit === undefined ? [] : [{ ...transit, vm: derived.id, stages: stageSpans(memory.transit?.stages ?? [], null) }];
    })
    .sort((left, right) => right.startedAt - left.startedAt);
}

function migrationBuckets(context: ReadContext, { vm, from, to }: MigrationsQuery, bucket: number): Response {
  const { store, now } = context;
  const oldest = oldestMoment(context) ?? now;
  const interval = selectInterval({ bucketMs: bucket * 1_000, from, to, now, oldest, most: MAX_BUCKETS_COUNT });
  if (!interval.ok) return refused(interval.error);
  const { bucketMs } = interval.value;
  const counts = store.history.countEnds(bucketMs, interval.value.from, interval.value.to, vm ?? null);
  const silences = silencesIn(context, interval.value);
  return json({ now, bucket, buckets: fillBuckets(interval.value, counts), ...silences } satisfies MigrationBuckets);
}

function silencesIn({ store, row: { lastHeard }, now }: ReadContext, { from, to }: Interval): ReturnType<typeof tellSilences> {
  const { longest, total } = store.history.readSilences(from, to, MAX_SILENCES_COUNT);
  const isLasting = lastHeard !== null && lastHeard < to && now > from && freshnessOf(lastHeard, now) !== 'live';
  return tellSilences(longest, total, isLasting ? { from: lastHeard, to: null } : null);
}

const UNKNOWN_VM: Refusal = {
  code: 'unknown-vm',
  detail: 'Check namespace and name; a VM that is gone has a history as long as its migrations are kept.',
};

export function readVm({ store, now }: ReadContext, request: Request): Response {
  const id = vmOf(request);
  const stored = id === null ? undefined : store.picture.vm(id);
  if (stored === undefined) return refused(UNKNOWN_VM);
  const { derived, memory } = stored;
  return json({
    now,
    ...composeVm(derived, memory),
    uid: derived.uid,
    stages: stageSpans((derived.transit && memory.transit?.stages) ?? [], null),
    places: placesOf(stored, store.history.readEnds(endsOf(derived.id)).map(toRecord)),
  } satisfies VmDetail);
}

export function readVmHistory({ store, now }: ReadContext, request: Request): Response {
  const id = vmOf(request);
  if (id === null) return refused(UNKNOWN_VM);
  const stored = store.picture.vm(id);
  const migrations = store.history.readEnds(endsOf(id)).map(toRecord);
  if (stored === undefined && migrations.length === 0) return refused(UNKNOWN_VM);
  const places = stored === undefined ? [] : placesOf(stored, migrations);
  return json({ now, vm: id, places, migrations } satisfies VmHistory);
}

function vmOf(request: Request): VmId | null {
  const names = parseVmQuery(request.url);
  return names === null ? null : vmIdOf(names.namespace, names.name);
}

/** The longest list there is: a VM's own migrations within the retention are few. */
const endsOf = (vm: VmId) => ({ vm, before: Number.MAX_SAFE_INTEGER, limit: MAX_PAGE_COUNT });

function placesOf({ derived, memory }: StoredVm, migrations: readonly MigrationRecord[]): VmDetail['places'] {
  const { transit } = memory;
  const running = transit === undefined || derived.transit === undefined ? [] : [{ ...transit, until: null }];
  return joinPlaces(memory.places ?? [], [...migrations.map(moveOf), ...running]);
}
