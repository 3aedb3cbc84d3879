/** What the edge answered to `npm run cluster`, and how it is told. Pure; an answer is untrusted, whatever the edge may be. */
import type { ClusterList } from '../core/downlink.ts';
import { freshnessOf } from '../core/freshness.ts';
import type { ClusterSummary } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';

export interface Answer {
  readonly status: number;
  /** Of a redirect, which is not followed. */
  readonly location: string | null;
  readonly text: string;
}

/** The JSON of a success (null of an empty one), else a sentence with the problem's own words. */
export function readAnswer({ status, location, text }: Answer): Result<unknown> {
  if (status >= 300 && status < 400) return err(`The edge sends on to ${clean(location ?? 'another address')}; name that one with --edge.`);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && text === '') return ok(null);
  const json = parseJson(text);
  if (isSuccess) return json === undefined ? err(`${NO_EDGE} (it answered ${status} without JSON).`) : ok(json);
  return err(isRecord(json) ? explainProblem(status, json) : `${NO_EDGE} (HTTP ${status}).`);
}

const NO_EDGE = 'This does not look like a Hostview edge; is the address right?';

function explainProblem(status: number, problem: Readonly<Record<string, unknown>>): string {
  const { title, detail, code } = problem;
  const told = [title, detail].filter((text) => typeof text === 'string').map((text) => String(text).replace(/\.$/, ''));
  const what = told.length > 0 ? told.join('. ') : 'The edge refused';
  const hint = code === 'cluster-exists' ? ' Or: npm run cluster -- rotate NAME.' : '';
  return `${clean(what)}.${hint} (HTTP ${status}${typeof code === 'string' ? `, ${clean(code)}` : ''})`;
}

export interface Install {
  readonly code: string;
  readonly expiresAt: number;
  /** The line to be run against the cluster. */
  readonly command: string;
}

export function readInstall(json: unknown): Result<Install> {
  if (!isRecord(json)) return err(`${NO_EDGE} (no install code in its answer).`);
  const { code, command } = json;
  const expiresAt = typeof json.expiresAt === 'string' ? Date.parse(json.expiresAt) : json.expiresAt;
  const isWhole = typeof code === 'string' && typeof command === 'string' && typeof expiresAt === 'number' && Number.isFinite(expiresAt);
  return isWhole ? ok({ code, command: clean(command), expiresAt }) : err(`${NO_EDGE} (no install code in its answer).`);
}

export function readToken(json: unknown): Result<string> {
  if (isRecord(json) && typeof json.token === 'string' && /^[\x21-\x7e]+$/.test(json.token)) return ok(json.token);
  return err(`${NO_EDGE} (no token in its answer).`);
}

export function readList(json: unknown): Result<ClusterList> {
  if (!isRecord(json) || typeof json.now !== 'number' || !Array.isArray(json.clusters) || !json.clusters.every(isSummary))
    return err(`${NO_EDGE} (no clusters in its answer).`);
  return ok({ now: json.now, clusters: json.clusters });
}

function isSummary(value: unknown): value is ClusterSummary {
  if (!isRecord(value)) return false;
  const { cluster, lastHeard, hosts, vms, transits } = value;
  const isHeard = lastHeard === null || typeof lastHeard === 'number';
  const areCounts = isRecord(hosts) && typeof hosts.up === 'number' && isRecord(vms) && typeof vms.total === 'number';
  return typeof cluster === 'string' && isHeard && areCounts && typeof transits === 'number';
}

/** Until when its line works, and why it may not: kubectl shows the status of a refusal alone. `now` in milliseconds. */
export function noteOnInstall({ expiresAt }: Install, now: number): string {
  const minutes = Math.max(0, Math.round((expiresAt - now) / 60_000));
  const until = `It works once, until ${new Date(expiresAt).toISOString()} (${minutes} min).`;
  return `${until}\nWhere kubectl reports 409, the edge has no FORWARDER_IMAGE: set it, or see --token (deploy/edge.md).`;
}

const COLUMNS = ['CLUSTER', 'STATE', 'HOSTS', 'VMS', 'MOVING', 'FAILED', 'NAME'] as const;

export function formatList({ now, clusters }: ClusterList): string {
  if (clusters.length === 0) return 'No cluster is registered.';
  const rows = clusters.map(({ cluster, displayName, unknown, lastHeard, hosts, vms, transits, failures }) => [
    cluster,
    ...(unknown === true
      ? ['unknown', '-', '-', '-', '-']
      : [freshnessOf(lastHeard, now), `${hosts.up}/${hosts.total}`, String(vms.total), String(transits), String(failures)]),
    displayName ?? '',
  ]);
  const table = [COLUMNS, ...rows].map((row) => row.map(clean));
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Why nothing was answered at all. */
export function explainNoAnswer(edge: string, error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
  if (error instanceof Error && error.name === 'TimeoutError') return `${edge} did not answer in time.`;
  return `${edge} could not be reached (${String(code ?? message ?? error)}).`;
}

/** What others wrote must not steer a terminal. */
const clean = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
