/** `--once`: looks at the whole cluster once and tells what is there, or why that cannot be told. */
import type { FactKind } from '../core/facts.ts';
import { OPTIONAL_KINDS, REQUIRED_KINDS } from '../core/facts.ts';
import type { DerivedHost, DerivedVm } from '../core/model.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Clock } from './clock.ts';
import { ClusterWatch, type KindStatus } from './cluster-watch.ts';
import type { KubeClient } from './kube-client.ts';
import type { Log } from './log.ts';
import { RESOURCES } from './projector.ts';
import { NO_TELEMETRY, type WatchTelemetry } from './telemetry.ts';

export interface OncePicture {
  /** By name. */
  readonly hosts: readonly DerivedHost[];
  /** By id. */
  readonly vms: readonly DerivedVm[];
  /** Of both (U5). */
  readonly digest: string;
  /** What the picture does without, by resource. */
  readonly without: readonly { readonly resource: string; readonly reason: string }[];
  /** Objects that were left out, and those that are shown as unknown (T7). */
  readonly malformed: { readonly refused: number; readonly odd: number };
}

export interface OnceOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  /** The keys of the labels that are told of VMs; none where it is missing. */
  readonly vmLabels?: readonly string[];
}

export const ONCE_TIMEOUT_MS = 60_000;

/** The error is a line for people; null when the signal was aborted. */
export async function takePicture(options: OnceOptions, signal: AbortSignal): Promise<Result<OncePicture, string | null>> {
  // A kind's failure is written down in the turn in which it is told.
  const telemetry: WatchTelemetry = { ...NO_TELEMETRY, failed: () => queueMicrotask(look) };
  const watch = new ClusterWatch({ ...options, telemetry });
  const statusOf = (kind: FactKind): KindStatus => watch.statusOf(kind);
  const stopping = new AbortController();
  const ended = Promise.withResolvers<Result<OncePicture, string | null>>();
  const abort = (): void => ended.resolve(err(null));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  const cancel = options.clock.after(ONCE_TIMEOUT_MS, () => ended.resolve(err(formatTimeout(statusOf))));
  function look(): void {
    const failure = findLastingFailure(statusOf);
    if (failure !== null) ended.resolve(err(failure));
    else if (watch.isWatched) ended.resolve(ok(pictureOf(watch)));
  }
  const watching = watch.run(stopping.signal, look);
  const result = await ended.promise;
  cancel();
  signal.removeEventListener('abort', abort);
  stopping.abort();
  await watching;
  return result;
}

/** What only a person can change about a kind without which there is no picture; trying again is for the rest. */
export function findLastingFailure(statusOf: (kind: FactKind) => KindStatus): string | null {
  for (const kind of REQUIRED_KINDS) {
    const { problem, isLasting } = statusOf(kind);
    if (problem !== null && isLasting) return problem;
  }
  return null;
}

/** What is still missing, and the reason where one is known. */
export function formatTimeout(statusOf: (kind: FactKind) => KindStatus): string {
  const missing = [...REQUIRED_KINDS, ...OPTIONAL_KINDS].filter((kind) => !statusOf(kind).isWatching && !statusOf(kind).isWithheld);
  const names = missing.map((kind) => RESOURCES[kind].name).join(', ');
  const problem = missing.map((kind) => statusOf(kind).problem).find((text) => text !== null);
  return `no whole picture within ${ONCE_TIMEOUT_MS / 1000} s: ${names} did not come${problem === undefined ? '' : `; ${problem}`}`;
}

function pictureOf(watch: ClusterWatch): OncePicture {
  const { hosts, vms, digest } = watch.inventory;
  const without = OPTIONAL_KINDS.filter((kind) => watch.statusOf(kind).isWithheld).map((kind) => ({
    resource: RESOURCES[kind].name,
    reason: watch.statusOf(kind).problem ?? '',
  }));
  return {
    hosts: [...hosts.values()].sort((a, b) => compare(a.name, b.name)),
    vms: [...vms.values()].sort((a, b) => compare(a.id, b.id)),
    digest,
    without,
    malformed: watch.malformedCounts,
  };
}

/** The same on every machine, whatever its language. */
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
