/** What may come in from outside, checked: the uplink's messages and the administrator's. Unknown fields are dropped (SPEC U8). */
import * as v from 'valibot';
import type { Login, ShareWish } from '../core/access.ts';
import {
  MAX_ENTITIES_PER_BATCH_COUNT,
  MAX_SHARE_CLUSTERS_COUNT,
  MAX_SYNC_PART_COUNT,
  MAX_TOKEN_CHARS,
  SHARE_LEAST_S,
  SHARE_MOST_S,
} from '../core/limits.ts';
import type { ClusterName } from '../core/model.ts';
import { MAX_PROGRESS_COUNT, type ProgressReport } from '../core/progress.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Batch, OpenSession, ProblemCode } from '../core/uplink.ts';
import {
  counter,
  derivedVm,
  digest,
  finishedMigration,
  host,
  label,
  listUpTo,
  progress,
  subdomain,
  text,
  uid,
  vmId,
} from './entity-schemas.ts';
import type { Refusal } from './problem.ts';

const numbered = { session: counter, number: counter };
const entities = {
  hosts: v.array(host),
  vms: v.array(derivedVm),
  finished: v.array(finishedMigration),
};

export const batch = v.variant('kind', [
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

export const progressReport = v.object({
  session: counter,
  progress: v.pipe(v.array(progress), listUpTo(MAX_PROGRESS_COUNT)),
}) satisfies v.GenericSchema<unknown, ProgressReport>;

export const session = v.object({
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
export const registration = v.object({
  cluster: label,
  displayName: v.exactOptional(v.pipe(text, v.nonEmpty())),
}) satisfies v.GenericSchema<unknown, Registration>;

export const login = v.object({
  token: v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_TOKEN_CHARS, 'text-too-long')),
}) satisfies v.GenericSchema<unknown, Login>;

export const shareWish = v.object({
  clusters: v.exactOptional(v.pipe(v.array(label), v.nonEmpty(), listUpTo(MAX_SHARE_CLUSTERS_COUNT))),
  expiresInSeconds: v.pipe(v.number(), v.safeInteger(), v.minValue(SHARE_LEAST_S), v.maxValue(SHARE_MOST_S)),
  note: v.exactOptional(text),
}) satisfies v.GenericSchema<unknown, ShareWish>;

export function parseBatch(input: unknown): Result<Batch, Refusal> {
  const entityCount = countEntities(input);
  if (entityCount > MAX_ENTITIES_PER_BATCH_COUNT) {
    const detail = `A batch has at most ${MAX_ENTITIES_PER_BATCH_COUNT} entities; this one has ${entityCount}. Send them in parts.`;
    return err({ code: 'too-many-entities', detail });
  }
  return parse(batch, input);
}

const ENTITY_LISTS = ['hosts', 'vms', 'finished', 'goneHosts', 'goneVms'] as const;

/** Before they are looked at one by one. */
function countEntities(input: unknown): number {
  if (typeof input !== 'object' || input === null) return 0;
  const lists = input as Readonly<Partial<Record<(typeof ENTITY_LISTS)[number], unknown>>>;
  return ENTITY_LISTS.reduce((sum, name) => sum + (Array.isArray(lists[name]) ? lists[name].length : 0), 0);
}

export const parseProgressReport = (input: unknown): Result<ProgressReport, Refusal> => parse(progressReport, input);
export const parseOpenSession = (input: unknown): Result<OpenSession, Refusal> => parse(session, input);
export const parseUplinkCheck = (query: URLSearchParams): Result<v.InferOutput<typeof uplinkCheck>, Refusal> =>
  parse(uplinkCheck, { protocol: query.get('protocol'), clusterUid: query.get('clusterUid') });
export const parseLogin = (input: unknown): Result<Login, Refusal> => parse(login, input);
export const parseShareWish = (input: unknown): Result<ShareWish, Refusal> => parse(shareWish, input);
export const parseRegistration = (input: unknown): Result<Registration, Refusal> => parse(registration, input);
export const isClusterName = (name: string): boolean => v.is(label, name);

export function parse<Output>(schema: v.GenericSchema<unknown, Output>, input: unknown): Result<Output, Refusal> {
  const parsed = v.safeParse(schema, input, { abortEarly: true });
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  const at = placeOf(issue);
  const place = at === null ? 'The body' : `\`${at}\``;
  // JSON has no undefined: what has no value was not there.
  const detail = issue.input === undefined ? `${place} is missing.` : `${place}: expected ${expectation(issue)}.`;
  return err({ code: codeOf(issue), detail, extra: { at: at ?? 'the body' } });
}

/** As far as fields go: the key of a label is what came, and is not repeated. Null: the whole. */
const placeOf = (issue: v.BaseIssue<unknown>): string | null => v.getDotPath(issue)?.replace(/^(.*?\.labels)\..*$/s, '$1') ?? null;

const LENGTH_CODES = ['name-too-long', 'text-too-long', 'list-too-long'] as const;
const codeOf = ({ message }: v.BaseIssue<unknown>): ProblemCode => LENGTH_CODES.find((code) => code === message) ?? 'invalid';

/** What the schema wanted, never what came. */
function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'check') return issue.message;
  const wanted = issue.expected ?? 'something else';
  return { max_length: `a length of ${wanted}`, min_length: `a length of ${wanted}`, non_empty: 'some text' }[issue.type] ?? wanted;
}
