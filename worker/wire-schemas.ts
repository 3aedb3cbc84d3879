/**
 * What the edge answers, as schemas: what the OpenAPI document is made of, and what the tests hold real answers against. Nothing that is
 * sent is checked with them. Names, entities and limits are those of what comes in (entity-schemas.ts).
 */
import * as v from 'valibot';
import type { IssuedShare, Share, ShareList } from '../core/access.ts';
import type { ClusterList, Frame, Pulse, Snapshot } from '../core/downlink.ts';
import type { FleetFrame, FleetSnapshot } from '../core/fleet.ts';
import type {
  FramePage,
  MigrationBuckets,
  MigrationPage,
  MigrationRecord,
  PlaceRecord,
  RunningMigration,
  StageSpan,
  VmDetail,
  VmHistory,
} from '../core/history.ts';
import { MAX_LEAVING_COUNT, MAX_SILENCES_COUNT } from '../core/limits.ts';
import {
  CAUSES,
  type ClusterSummary,
  type Drain,
  type Host,
  type LastMigration,
  OUTCOMES,
  type PreviousPlace,
  type RecentEnds,
  TRANSIT_STAGES,
  type Transit,
  VM_STATES,
  type Vm,
  type VmState,
} from '../core/model.ts';
import type { ProgressEvent } from '../core/progress.ts';
import type { BatchAnswer, Problem, SessionOpened, UplinkCheck } from '../core/uplink.ts';
import {
  count,
  counter,
  transit as derivedTransit,
  digest,
  drainFacts,
  hostFacts,
  label,
  progress,
  subdomain,
  text,
  time,
  uid,
  vmFacts,
  vmId,
} from './entity-schemas.ts';
import type { IssuedCode } from './install-codes.ts';
import { PROBLEM_CODES } from './problem.ts';

/** `epoch-revision`. */
const cursor = v.pipe(v.string(), v.regex(/^[0-9a-z]+-[0-9]+$/));
const cause = v.picklist(CAUSES);
/** Longer than what comes in where the room adds words of its own. */
const words = v.string();

export const drain = v.object({
  ...drainFacts,
  were: count,
  since: v.nullable(time),
  leftAt: v.exactOptional(v.pipe(v.array(time), v.maxLength(MAX_LEAVING_COUNT))),
}) satisfies v.GenericSchema<unknown, Drain>;
export const host = v.object({ ...hostFacts, drain: v.exactOptional(drain) }) satisfies v.GenericSchema<unknown, Host>;

const transitFacts = {
  ...derivedTransit.entries,
  startedAt: time,
  remembered: v.exactOptional(v.object({ cause, evidence: v.exactOptional(words) })),
};
export const transit = v.object(transitFacts) satisfies v.GenericSchema<unknown, Transit>;

export const lastMigration = v.object({
  outcome: v.picklist(OUTCOMES),
  cause,
  evidence: v.exactOptional(words),
  from: v.nullable(subdomain),
  to: v.nullable(subdomain),
  requested: v.exactOptional(subdomain),
  reason: v.exactOptional(words),
  endedAt: v.nullable(time),
  tries: v.exactOptional(count),
  loop: v.exactOptional(v.literal(true)),
  blackoutMs: v.exactOptional(count),
}) satisfies v.GenericSchema<unknown, LastMigration>;

const previous = v.object({ host: subdomain, until: v.nullable(time) }) satisfies v.GenericSchema<unknown, PreviousPlace>;

const shownVmFacts = {
  ...vmFacts,
  transit: v.exactOptional(transit),
  lastMigration: v.exactOptional(lastMigration),
  previous: v.exactOptional(previous),
};
export const vm = v.object(shownVmFacts) satisfies v.GenericSchema<unknown, Vm>;

export const snapshot = v.object({
  cluster: label,
  displayName: v.exactOptional(text),
  cursor: v.nullable(cursor),
  now: time,
  lastHeard: v.nullable(time),
  digest,
  hosts: v.array(host),
  vms: v.array(vm),
}) satisfies v.GenericSchema<unknown, Snapshot>;

export const frame = v.object({
  from: cursor,
  to: cursor,
  at: time,
  digest,
  hosts: v.exactOptional(v.array(host)),
  vms: v.exactOptional(v.array(vm)),
  goneHosts: v.exactOptional(v.array(subdomain)),
  goneVms: v.exactOptional(v.array(vmId)),
}) satisfies v.GenericSchema<unknown, Frame>;

export const pulse = v.object({ cursor: v.nullable(cursor), now: time, lastHeard: v.nullable(time) }) satisfies v.GenericSchema<
  unknown,
  Pulse
>;
export const progressEvent = v.object({ now: time, progress: v.array(progress) }) satisfies v.GenericSchema<unknown, ProgressEvent>;

const byState = v.object(
  Object.fromEntries(VM_STATES.map((state) => [state, v.exactOptional(count)])) as Record<
    VmState,
    v.ExactOptionalSchema<typeof count, undefined>
  >,
);
const recentEnds = v.object({ from: time, succeeded: v.array(count), failed: v.array(count) }) satisfies v.GenericSchema<
  unknown,
  RecentEnds
>;
const sum = v.pipe(v.number(), v.minValue(0));
const capacitySum = v.object({ allocatable: v.nullable(sum), given: sum, unknown: v.exactOptional(count) });
export const clusterSummary = v.object({
  cluster: label,
  displayName: v.exactOptional(text),
  unknown: v.exactOptional(v.literal(true)),
  lastHeard: v.nullable(time),
  hosts: v.object({ total: count, up: count }),
  vms: v.object({ total: count, byState }),
  transits: count,
  failures: count,
  capacity: v.exactOptional(v.object({ cpu: capacitySum, memory: capacitySum })),
  recent: v.nullable(recentEnds),
  cursor: v.nullable(cursor),
}) satisfies v.GenericSchema<unknown, ClusterSummary>;
const partial = v.exactOptional(v.literal(true));
export const clusterList = v.object({
  now: time,
  partial,
  cursor: v.exactOptional(cursor),
  clusters: v.array(clusterSummary),
}) satisfies v.GenericSchema<unknown, ClusterList>;

export const fleetSnapshot = v.object({ cursor, now: time, partial, clusters: v.array(clusterSummary) }) satisfies v.GenericSchema<
  unknown,
  FleetSnapshot
>;
export const fleetFrame = v.object({
  from: cursor,
  to: cursor,
  at: time,
  clusters: v.exactOptional(v.array(clusterSummary)),
  gone: v.exactOptional(v.array(label)),
}) satisfies v.GenericSchema<unknown, FleetFrame>;
export const fleetPulse = v.object({ cursor, now: time });

const stageSpan = v.object({
  stage: v.picklist(TRANSIT_STAGES),
  at: time,
  unwatched: v.exactOptional(v.literal(true)),
  durationMs: v.nullable(count),
}) satisfies v.GenericSchema<unknown, StageSpan>;

export const migrationRecord = v.object({
  id: uid,
  vm: vmId,
  outcome: v.picklist(OUTCOMES),
  cause,
  evidence: v.exactOptional(words),
  from: v.nullable(subdomain),
  to: v.nullable(subdomain),
  requested: v.exactOptional(subdomain),
  reason: v.exactOptional(words),
  startedAt: v.nullable(time),
  endedAt: v.nullable(time),
  stages: v.array(stageSpan),
  tries: count,
  blackoutMs: v.exactOptional(v.nullable(count)),
  trouble: v.exactOptional(words),
  recordedAt: time,
}) satisfies v.GenericSchema<unknown, MigrationRecord>;
export const runningMigration = v.object({ ...transitFacts, vm: vmId, stages: v.array(stageSpan) }) satisfies v.GenericSchema<
  unknown,
  RunningMigration
>;
export const migrationPage = v.object({
  now: time,
  running: v.array(runningMigration),
  finished: v.array(migrationRecord),
  next: v.nullable(v.string()),
}) satisfies v.GenericSchema<unknown, MigrationPage>;
export const migrationBuckets = v.object({
  now: time,
  bucket: counter,
  buckets: v.array(v.object({ at: time, succeeded: count, failed: count, aborted: count, unknown: count })),
  silences: v.pipe(v.array(v.object({ from: time, to: v.nullable(time) })), v.maxLength(MAX_SILENCES_COUNT)),
  shorterSilences: v.exactOptional(counter),
}) satisfies v.GenericSchema<unknown, MigrationBuckets>;
export const migrations = v.union([migrationPage, migrationBuckets]);

export const framePage = v.object({
  cursor: v.nullable(cursor),
  oldest: v.nullable(cursor),
  oldestAt: v.nullable(time),
  frames: v.array(frame),
  next: v.nullable(cursor),
  jump: v.exactOptional(v.object({ to: cursor, at: time })),
}) satisfies v.GenericSchema<unknown, FramePage>;

const placeRecord = v.object({
  host: subdomain,
  since: v.nullable(time),
  until: v.nullable(time),
  present: v.exactOptional(v.literal(true)),
  broughtBy: v.exactOptional(uid),
}) satisfies v.GenericSchema<unknown, PlaceRecord>;
export const vmDetail = v.object({
  ...shownVmFacts,
  now: time,
  uid: v.nullable(uid),
  stages: v.array(stageSpan),
  places: v.array(placeRecord),
}) satisfies v.GenericSchema<unknown, VmDetail>;
export const vmHistory = v.object({
  now: time,
  vm: vmId,
  places: v.array(placeRecord),
  migrations: v.array(migrationRecord),
}) satisfies v.GenericSchema<unknown, VmHistory>;

export const sessionOpened = v.object({
  session: counter,
  protocol: count,
  accepts: v.exactOptional(v.array(v.string())),
}) satisfies v.GenericSchema<unknown, SessionOpened>;
export const batchAnswer = v.object({ number: counter, cursor: v.nullable(cursor), resync: v.boolean() }) satisfies v.GenericSchema<
  unknown,
  BatchAnswer
>;
export const uplinkCheck = v.object({ oldest: counter, newest: counter }) satisfies v.GenericSchema<unknown, UplinkCheck>;
export const nothing = v.object({});
export const openApi = v.looseObject({ openapi: v.string(), paths: v.looseObject({}), components: v.looseObject({}) });
export const health = v.object({ ok: v.literal(true) });

const secret = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
export const issuedCode = v.object({ cluster: label, code: secret, expiresAt: time, command: v.string() }) satisfies v.GenericSchema<
  unknown,
  IssuedCode
>;
export const issuedToken = v.object({ cluster: label, token: secret });

const share = v.object({
  id: v.string(),
  clusters: v.nullable(v.array(label)),
  note: v.exactOptional(text),
  createdAt: time,
  expiresAt: time,
}) satisfies v.GenericSchema<unknown, Share>;
export const shareList = v.object({ now: time, shares: v.array(share) }) satisfies v.GenericSchema<unknown, ShareList>;
export const issuedShare = v.object({ id: v.string(), url: v.string(), expiresAt: time }) satisfies v.GenericSchema<unknown, IssuedShare>;

export const problem = v.looseObject({
  type: v.string(),
  title: v.string(),
  status: count,
  code: v.picklist(PROBLEM_CODES),
  detail: v.exactOptional(v.string()),
  requestId: v.exactOptional(v.string()),
}) satisfies v.GenericSchema<unknown, Problem>;
