/** What the answers to `--check` mean, as a table, as JSON and as a last line that says what to do. Pure. */
import { PROTOCOL_VERSION } from '../core/protocol-version.ts';
import type { Attempt } from './check-plan.ts';
import type { EdgeAnswer } from './edge-client.ts';
import type { KubeFailure } from './kube-failure.ts';
import { isRecord } from './project/json.ts';
import { parseUplinkAnswer, type UplinkPlace } from './uplink-answer.ts';
import { outcomeOf } from './uplink-outcome.ts';

export interface CheckRow {
  readonly what: string;
  readonly neededFor: string;
  readonly isOptional: boolean;
  /** `absent`: the cluster has no such kind. `not tried`: something before it failed. */
  readonly result: 'ok' | 'missing' | 'absent' | 'failed' | 'not tried';
  /** What was answered where it is not ok. */
  readonly detail?: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** `failure`: null where the request succeeded. */
export function judgeAttempt(attempt: Attempt, failure: KubeFailure | null): CheckRow {
  const { neededFor, isOptional } = attempt;
  const row = { what: `${attempt.verb} ${attempt.resource}`, neededFor, isOptional };
  if (failure === null) return { ...row, result: 'ok' };
  if (failure.kind !== 'status') return { ...row, result: 'failed', detail: detailOf(failure), remedy: remedyOf(failure) };
  const { status } = failure;
  if (attempt.goodStatuses?.includes(status) === true) return { ...row, result: 'ok' };
  const detail = detailOf(failure);
  if (status === 403) return { ...row, result: 'missing', detail, remedy: `grant ${attempt.verb} on ${attempt.resource}` };
  if (status === 404 && isOptional) return { ...row, result: 'absent', detail };
  const remedy = status === 404 && attempt.isKubeVirt === true ? 'install KubeVirt' : remedyOf(failure);
  return { ...row, result: 'failed', detail, remedy };
}

export const notTried = ({ verb, resource, neededFor, isOptional }: Attempt): CheckRow => ({
  what: `${verb} ${resource}`,
  neededFor,
  isOptional,
  result: 'not tried',
});

/** Nothing else needs to be asked of an API server that cannot be reached, or that does not know who is asking. */
export const isHopeless = (failure: KubeFailure): boolean =>
  failure.kind === 'unreachable' || failure.kind === 'credentials' || (failure.kind === 'status' && failure.status === 401);

function detailOf(failure: KubeFailure): string {
  switch (failure.kind) {
    case 'status':
      return failure.message === '' ? String(failure.status) : `${failure.status}: ${failure.message}`;
    case 'unreachable':
      return failure.reason;
    case 'credentials':
    case 'malformed':
      return failure.detail;
    default:
      return failure.kind;
  }
}

function remedyOf(failure: KubeFailure): string {
  if (failure.kind === 'credentials' || (failure.kind === 'status' && failure.status === 401)) {
    return 'correct the kubeconfig’s user, or the service account';
  }
  return failure.kind === 'unreachable' ? 'make the API server reachable from here' : 'look at the API server';
}

/** Which of the edge's rows an answer ends; those before it are ok, those after it were not tried. */
export function judgeEdge(answer: EdgeAnswer, { edge, cluster }: UplinkPlace): readonly CheckRow[] {
  const rows = [
    { what: `reach ${edge}`, neededFor: 'to send anything' },
    { what: `token for ${cluster}`, neededFor: 'to be let in' },
    { what: `protocol ${PROTOCOL_VERSION}`, neededFor: 'to be understood' },
    { what: `name ${cluster}`, neededFor: 'not to be taken for another cluster' },
  ].map((row) => ({ ...row, isOptional: false }));
  const { at, ...end } = endOf(answer, cluster);
  return rows.map((row, index) => {
    if (index < at) return { ...row, result: 'ok' as const };
    return index === at ? { ...row, ...end } : { ...row, result: 'not tried' as const };
  });
}

const [REACH, TOKEN, PROTOCOL, NAME, NONE] = [0, 1, 2, 3, 4];
type End = Pick<CheckRow, 'result' | 'detail' | 'remedy'> & { readonly at: number };

function endOf(answer: EdgeAnswer, cluster: string): End {
  const reach = (detail: string, remedy: string): End => ({ at: REACH, result: 'failed', detail, remedy });
  if (!answer.ok) return reach(answer.reason, 'make the edge reachable from here, or correct --edge');
  const { status, body } = answer.raw;
  if (status >= 200 && status <= 299) {
    return isUplinkCheck(body) ? { at: NONE, result: 'ok' } : reach('its answer is not the one that was asked for', 'correct --edge');
  }
  const parsed = parseUplinkAnswer(answer.raw, 'session', 0);
  const said = parsed.type === 'refused' && parsed.detail !== null ? `${status}: ${parsed.detail}` : String(status);
  switch (outcomeOf(parsed)) {
    case 'unauthorized':
      return {
        at: TOKEN,
        result: 'missing',
        detail: said,
        remedy: `give the token of ${cluster} (HOSTVIEW_TOKEN or --token-file), or register it`,
      };
    case 'unknown-cluster':
      return { at: TOKEN, result: 'missing', detail: said, remedy: `register ${cluster} at the edge, or correct --cluster` };
    case 'protocol':
      return { at: PROTOCOL, result: 'failed', detail: said, remedy: 'upgrade the forwarder or the edge' };
    case 'other-cluster':
      return { at: NAME, result: 'failed', detail: said, remedy: 'register this cluster under a name of its own' };
    case 'not-found':
      return reach(said, 'correct --edge, or upgrade the edge: it cannot be asked this');
    default:
      return reach(said, 'look at the edge, and at what is in front of it');
  }
}

function isUplinkCheck(body: string): boolean {
  try {
    const json: unknown = JSON.parse(body);
    return isRecord(json) && typeof json.oldest === 'number' && typeof json.newest === 'number';
  } catch {
    return false;
  }
}

/** Whether the forwarder could do its work. */
export const isUsable = (rows: readonly CheckRow[]): boolean => rows.every(({ isOptional, result }) => isOptional || result === 'ok');

const HEAD = ['WHAT', 'NEEDED FOR', 'RESULT'] as const;
/** An API server's sentence can be long; all of it is in the JSON. */
const MAX_DETAIL_CHARS = 160;

/** Aligned, one row a line, and the verdict as the last line. */
export function formatCheckTable(rows: readonly CheckRow[]): string {
  const cells = rows.map(({ what, neededFor, isOptional, result, detail }) => [
    what,
    isOptional ? `${neededFor} (optional)` : neededFor,
    detail === undefined ? result : `${result}: ${shorten(toOneLine(detail))}`,
  ]);
  const lines = [HEAD, ...cells];
  const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).map((line) => line.trimEnd());
  return `${table.join('\n')}\n\n${formatVerdict(rows)}\n`;
}

export function formatVerdict(rows: readonly CheckRow[]): string {
  const lacking = rows.filter(({ isOptional, result }) => !isOptional && result !== 'ok');
  const without = [...new Set(rows.filter(({ isOptional, result }) => isOptional && result !== 'ok').map(({ neededFor }) => neededFor))];
  const advice = mergeRemedies(rows.filter(({ isOptional }) => !isOptional));
  const optional = mergeRemedies(rows.filter(({ isOptional }) => isOptional));
  const going = without.length === 0 ? '' : `; without: ${without.join(', ')}${optional === '' ? '' : ` (to have it: ${optional})`}`;
  if (lacking.length === 0) return `OK: all that is needed is there${going}`;
  const needed = rows.filter(({ isOptional }) => !isOptional).length;
  return `NOT OK: ${lacking.length} of ${needed} that are needed failed or were not tried; ${advice}`;
}

/** `grant list on nodes`, `grant watch on nodes` → `grant list, watch on nodes`. */
function mergeRemedies(rows: readonly CheckRow[]): string {
  const verbs = new Map<string, string[]>();
  const others = new Set<string>();
  for (const { remedy } of rows) {
    const [, verb = '', resource] = /^grant (\S+) on (.+)$/.exec(remedy ?? '') ?? [];
    if (resource !== undefined) verbs.set(resource, [...(verbs.get(resource) ?? []), verb]);
    else if (remedy !== undefined) others.add(remedy);
  }
  return [...[...verbs].map(([resource, granted]) => `grant ${granted.join(', ')} on ${resource}`), ...others].join('; ');
}

/** For machines. */
export function formatCheckJson(rows: readonly CheckRow[]): string {
  const checks = rows.map(({ what, neededFor, isOptional, result, detail, remedy }) => ({
    what,
    neededFor,
    optional: isOptional,
    result,
    ...(detail !== undefined && { detail: toOneLine(detail) }),
    ...(remedy !== undefined && { remedy }),
  }));
  return `${JSON.stringify({ ok: isUsable(rows), verdict: formatVerdict(rows), checks }, null, 2)}\n`;
}

const shorten = (text: string): string => (text.length <= MAX_DETAIL_CHARS ? text : `${text.slice(0, MAX_DETAIL_CHARS - 1)}…`);

/** What servers say can hold line breaks and escape sequences. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const toOneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
