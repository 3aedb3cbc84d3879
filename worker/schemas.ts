/** What may come in from outside, checked: the uplink's messages and the administrator's. Unknown fields are dropped (SPEC U8). */
import * as v from 'valibot';
import { MAX_LABEL_CHARS, MAX_LIST_COUNT, MAX_NAME_CHARS, MAX_SYNC_PART_COUNT, MAX_TEXT_CHARS, MAX_UID_CHARS } from '../core/limits.ts';
import {
  CAUSES,
  type ClusterName,
  DANGERS,
  type DerivedDrain,
  type DerivedHost,
  type DerivedTransit,
  type DerivedVm,
  DRAIN_ANSWERS,
  type FinishedMigration,
  HOST_STATES,
  isSafe,
  OUTCOMES,
  type Peer,
  TRANSIT_STAGES,
  VM_STATES,
  vmIdOf,
  WAIT_REASONS,
  type Wait,
} from '../core/model.ts';
import { LABEL, SUBDOMAIN } from '../core/names.ts';
import { MAX_PROGRESS_COUNT, type Progress, type ProgressReport } from '../core/progress.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Batch, OpenSession } from '../core/uplink.ts';
import type { Refusal } from './problem.ts';

const label = v.pipe(v.string(), v.maxLength(MAX_LABEL_CHARS), v.regex(LABEL));
const subdomain = v.pipe(v.string(), v.maxLength(MAX_NAME_CHARS), v.regex(SUBDOMAIN));
const uid = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_UID_CHARS));
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_CHARS));
const texts = v.pipe(v.array(text), v.maxLength(MAX_LIST_COUNT));
const quantity = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const counter = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
/** Where a VM of a namespace can be: `namespace/name`, not checked further than its length, for it is only compared. */
const vmId = v.pipe(v.string(), v.regex(/^[^/]+\/[^/]+$/), v.maxLength(MAX_LABEL_CHARS + 1 + MAX_NAME_CHARS));

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const drain = v.pipe(
  v.object({
    here: count,
    moving: count,
    stopping: count,
    waiting: count,
    stuck: count,
    arriving: count,
    safe: v.boolean(),
    because: v.picklist(DRAIN_ANSWERS),
  }),
  v.check(
    ({ safe, because, here, arriving }) => safe === isSafe(because) && (!safe || here + arriving === 0),
    'safe to be what because says',
  ),
  v.check(({ here, moving, stopping, waiting, stuck }) => moving + stopping + waiting + stuck <= here, 'its parts to be of here'),
) satisfies v.GenericSchema<unknown, DerivedDrain>;

const host = v.object({
  name: subdomain,
  displayName: v.exactOptional(text),
  state: v.picklist(HOST_STATES),
  reasons: texts,
  roles: texts,
  zone: v.exactOptional(text),
  cpu: v.exactOptional(quantity),
  memory: v.exactOptional(quantity),
  drain: v.exactOptional(drain),
}) satisfies v.GenericSchema<unknown, DerivedHost>;

const wait = v.object({
  reason: v.picklist(WAIT_REASONS),
  detail: v.exactOptional(text),
  used: v.exactOptional(count),
  limit: v.exactOptional(count),
  assumed: v.exactOptional(v.literal(true)),
  host: v.exactOptional(subdomain),
  failures: v.exactOptional(count),
  seconds: v.exactOptional(count),
  place: v.exactOptional(counter),
}) satisfies v.GenericSchema<unknown, Wait>;

const peer = v.object({
  direction: v.picklist(['out', 'in']),
  pair: v.exactOptional(text),
  host: v.exactOptional(subdomain),
}) satisfies v.GenericSchema<unknown, Peer>;

const transit = v.object({
  id: uid,
  stage: v.picklist(TRANSIT_STAGES),
  cause: v.picklist(CAUSES),
  from: v.nullable(subdomain),
  to: v.nullable(subdomain),
  evidence: v.exactOptional(text),
  requested: v.exactOptional(subdomain),
  suspended: v.exactOptional(v.literal(true)),
  peer: v.exactOptional(peer),
  waitingFor: v.exactOptional(wait),
}) satisfies v.GenericSchema<unknown, DerivedTransit>;

const derivedVm = v.pipe(
  v.object({
    id: vmId,
    namespace: label,
    name: subdomain,
    uid: v.nullable(uid),
    displayName: v.exactOptional(text),
    host: v.nullable(subdomain),
    state: v.picklist(VM_STATES),
    reason: v.exactOptional(text),
    transit: v.exactOptional(transit),
    migratable: v.object({ ok: v.boolean(), reason: v.exactOptional(text) }),
    evacuation: v.exactOptional(v.object({ from: subdomain, waitingFor: wait })),
    danger: v.exactOptional(v.pipe(v.array(v.picklist(DANGERS)), v.maxLength(DANGERS.length))),
    cpu: v.exactOptional(quantity),
    memory: v.exactOptional(quantity),
    os: v.exactOptional(text),
  }),
  v.check((vm) => vm.id === vmIdOf(vm.namespace, vm.name), 'its id to be namespace/name'),
) satisfies v.GenericSchema<unknown, DerivedVm>;

const finishedMigration = v.object({
  id: uid,
  vm: vmId,
  outcome: v.picklist(OUTCOMES),
  cause: v.picklist(CAUSES),
  evidence: v.exactOptional(text),
  from: v.nullable(subdomain),
  to: v.nullable(subdomain),
  requested: v.exactOptional(subdomain),
  reason: v.exactOptional(text),
  createdAt: v.nullable(time),
  overAt: v.exactOptional(time),
}) satisfies v.GenericSchema<unknown, FinishedMigration>;

const numbered = { session: counter, number: counter };
const entities = {
  hosts: v.array(host),
  vms: v.array(derivedVm),
  finished: v.array(finishedMigration),
};

const batch = v.variant('kind', [
  v.object({ kind: v.literal('sync-part'), ...numbered, ...entities }),
  v.object({
    kind: v.literal('sync-commit'),
    ...numbered,
    parts: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_SYNC_PART_COUNT)),
    digest,
  }),
  v.object({ kind: v.literal('changes'), ...numbered, ...entities, goneHosts: v.array(subdomain), goneVms: v.array(vmId), digest }),
  v.object({ kind: v.literal('heartbeat'), ...numbered, digest }),
]) satisfies v.GenericSchema<unknown, Batch>;

const progress = v.object({
  vm: vmId,
  migration: uid,
  percent: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  remaining: v.exactOptional(quantity),
  rate: v.exactOptional(quantity),
  dirtyRate: v.exactOptional(quantity),
  stuck: v.exactOptional(v.literal(true)),
}) satisfies v.GenericSchema<unknown, Progress>;

const progressReport = v.object({
  session: counter,
  progress: v.pipe(v.array(progress), v.maxLength(MAX_PROGRESS_COUNT)),
}) satisfies v.GenericSchema<unknown, ProgressReport>;

const session = v.object({
  protocol: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  clusterUid: uid,
  forwarder: text,
}) satisfies v.GenericSchema<unknown, OpenSession>;

const uplinkCheck = v.object({
  protocol: v.pipe(v.string(), v.regex(/^\d{1,6}$/), v.transform(Number)),
  clusterUid: v.nullable(uid),
});

export interface Registration {
  readonly cluster: ClusterName;
  readonly displayName?: string;
}
const registration = v.object({
  cluster: label,
  displayName: v.exactOptional(v.pipe(text, v.nonEmpty())),
}) satisfies v.GenericSchema<unknown, Registration>;

export const parseBatch = (input: unknown): Result<Batch, Refusal> => parse(batch, input);
export const parseProgressReport = (input: unknown): Result<ProgressReport, Refusal> => parse(progressReport, input);
export const parseOpenSession = (input: unknown): Result<OpenSession, Refusal> => parse(session, input);
export const parseUplinkCheck = (query: URLSearchParams): Result<v.InferOutput<typeof uplinkCheck>, Refusal> =>
  parse(uplinkCheck, { protocol: query.get('protocol'), clusterUid: query.get('clusterUid') });
export const parseRegistration = (input: unknown): Result<Registration, Refusal> => parse(registration, input);
export const isClusterName = (name: string): boolean => v.is(label, name);

function parse<Output>(schema: v.GenericSchema<unknown, Output>, input: unknown): Result<Output, Refusal> {
  const parsed = v.safeParse(schema, input, { abortEarly: true });
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  const at = v.getDotPath(issue) ?? 'the body';
  return err({ code: 'invalid', detail: `At ${at}: expected ${expectation(issue)}.`, extra: { at } });
}

/** What the schema wanted, never what came. */
function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'check') return issue.message;
  const wanted = issue.expected ?? 'something else';
  return { max_length: `a length of ${wanted}`, min_length: `a length of ${wanted}`, non_empty: 'some text' }[issue.type] ?? wanted;
}
