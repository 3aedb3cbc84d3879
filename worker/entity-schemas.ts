/** Names, numbers and entities, as they may come in: what messages are made of (schemas.ts), and answers (wire-schemas.ts). */
import * as v from 'valibot';
import { LABEL_KEY, LABEL_VALUE } from '../core/labels.ts';
import {
  MAX_LABEL_CHARS,
  MAX_LABEL_KEY_CHARS,
  MAX_LABEL_VALUE_CHARS,
  MAX_LABELS_COUNT,
  MAX_LIST_COUNT,
  MAX_NAME_CHARS,
  MAX_TEXT_CHARS,
  MAX_UID_CHARS,
} from '../core/limits.ts';
import {
  CAUSES,
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
import type { Progress } from '../core/progress.ts';

/** The message of a limit is its code: what is refused for its length has a code of its own. */
const nameUpTo = (chars: number) => v.maxLength<string, number, 'name-too-long'>(chars, 'name-too-long');
export const listUpTo = <Item>(count: number) => v.maxLength<Item[], number, 'list-too-long'>(count, 'list-too-long');

export const label = v.pipe(v.string(), nameUpTo(MAX_LABEL_CHARS), v.regex(LABEL));
export const subdomain = v.pipe(v.string(), nameUpTo(MAX_NAME_CHARS), v.regex(SUBDOMAIN));
export const uid = v.pipe(v.string(), v.nonEmpty(), nameUpTo(MAX_UID_CHARS));
export const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_CHARS, 'text-too-long'));
export const texts = v.pipe(v.array(text), listUpTo(MAX_LIST_COUNT));
export const quantity = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
export const counter = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
/** Where a VM of a namespace can be: `namespace/name`, not checked further than its length, for it is only compared. */
export const vmId = v.pipe(v.string(), nameUpTo(MAX_LABEL_CHARS + 1 + MAX_NAME_CHARS), v.regex(/^[^/]+\/[^/]+$/));

export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What drains of both directions say. */
export const drainFacts = {
  here: count,
  moving: count,
  stopping: count,
  waiting: count,
  stuck: count,
  arriving: count,
  safe: v.boolean(),
  because: v.picklist(DRAIN_ANSWERS),
};

export const drain = v.pipe(
  v.object(drainFacts),
  v.check(
    ({ safe, because, here, arriving }) => safe === isSafe(because) && (!safe || here + arriving === 0),
    'safe to be what because says',
  ),
  v.check(({ here, moving, stopping, waiting, stuck }) => moving + stopping + waiting + stuck <= here, 'its parts to be of here'),
) satisfies v.GenericSchema<unknown, DerivedDrain>;

/** What hosts of both directions say. */
export const hostFacts = {
  name: subdomain,
  displayName: v.exactOptional(text),
  state: v.picklist(HOST_STATES),
  reasons: texts,
  roles: texts,
  zone: v.exactOptional(text),
  cpu: v.exactOptional(quantity),
  memory: v.exactOptional(quantity),
};

export const host = v.object({ ...hostFacts, drain: v.exactOptional(drain) }) satisfies v.GenericSchema<unknown, DerivedHost>;

export const wait = v.object({
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

export const peer = v.object({
  direction: v.picklist(['out', 'in']),
  pair: v.exactOptional(text),
  host: v.exactOptional(subdomain),
}) satisfies v.GenericSchema<unknown, Peer>;

export const transit = v.object({
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

const labelKey = v.pipe(v.string(), nameUpTo(MAX_LABEL_KEY_CHARS), v.regex(LABEL_KEY));
const labelValue = v.pipe(v.string(), nameUpTo(MAX_LABEL_VALUE_CHARS), v.regex(LABEL_VALUE));
/** The keys that the forwarder was told to send, and of them what the VM has. */
export const labels = v.pipe(
  v.record(labelKey, labelValue),
  v.minEntries(1),
  v.maxEntries<Record<string, string>, number, 'list-too-long'>(MAX_LABELS_COUNT, 'list-too-long'),
);

/** What VMs of both directions say. */
export const vmFacts = {
  id: vmId,
  namespace: label,
  name: subdomain,
  displayName: v.exactOptional(text),
  host: v.nullable(subdomain),
  state: v.picklist(VM_STATES),
  reason: v.exactOptional(text),
  migratable: v.object({ ok: v.boolean(), reason: v.exactOptional(text) }),
  evacuation: v.exactOptional(v.object({ from: subdomain, waitingFor: wait })),
  danger: v.exactOptional(v.pipe(v.array(v.picklist(DANGERS)), listUpTo(DANGERS.length))),
  cpu: v.exactOptional(quantity),
  memory: v.exactOptional(quantity),
  os: v.exactOptional(text),
  labels: v.exactOptional(labels),
};

export const derivedVm = v.pipe(
  v.object({ ...vmFacts, uid: v.nullable(uid), transit: v.exactOptional(transit) }),
  v.check((vm) => vm.id === vmIdOf(vm.namespace, vm.name), 'its id to be namespace/name'),
) satisfies v.GenericSchema<unknown, DerivedVm>;

export const finishedMigration = v.object({
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

export const progress = v.object({
  vm: vmId,
  migration: uid,
  percent: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  remaining: v.exactOptional(quantity),
  rate: v.exactOptional(quantity),
  dirtyRate: v.exactOptional(quantity),
  stuck: v.exactOptional(v.literal(true)),
}) satisfies v.GenericSchema<unknown, Progress>;
