/** An hour of a cluster, as its forwarder posted it: how it is kept, and what can be counted in it without sending it anywhere. Pure. */
import { err, ok, type Result } from '../core/result.ts';
import type { Batch } from '../core/uplink.ts';

export const HOUR_MS = 3_600_000;

export interface RecordingHead {
  readonly name: string;
  readonly hosts: number;
  readonly vms: number;
  readonly kubevirt: string;
  readonly seed: number;
}

/** A post, and when it left: milliseconds since the sync was committed. What belongs to the sync is at 0. */
export type RecordedPost =
  | { readonly at: number; readonly path: 'batches'; readonly body: Batch }
  | { readonly at: number; readonly path: 'progress'; readonly body: object };

export interface Recording {
  readonly head: RecordingHead;
  /** The sync with which the session begins; not part of the hour. */
  readonly sync: readonly RecordedPost[];
  /** In the order in which they left. */
  readonly hour: readonly RecordedPost[];
}

/** The head, then a post a line. */
export function formatRecording({ head, sync, hour }: Recording): string {
  return `${[head, ...sync, ...hour].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

export function parseRecording(text: string): Result<Recording> {
  const [head, ...posts] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const parsed = posts as RecordedPost[];
  const first = parsed.findIndex((post) => post.path === 'batches' && post.body.kind === 'sync-commit') + 1;
  if (first === 0) return err('a recording begins with a sync');
  if (parsed.some(({ at }, index) => at < (parsed[index - 1]?.at ?? 0))) return err('the posts are not in the order of their times');
  return ok({ head: head as RecordingHead, sync: parsed.slice(0, first), hour: parsed.slice(first) });
}

export interface PostCounts {
  /** Batches of changes. */
  readonly changes: number;
  readonly heartbeats: number;
  /** Reports of how far migrations are (SPEC U9), beside the batches. */
  readonly progress: number;
  /** Values of hosts and VMs in the batches, those that are gone included. */
  readonly entities: number;
  /** Migrations that ended. */
  readonly migrations: number;
}

export function countPosts(posts: readonly RecordedPost[]): PostCounts {
  const batches = posts.flatMap((post) => (post.path === 'batches' ? [post.body] : []));
  const changes = batches.filter((batch) => batch.kind === 'changes');
  const sum = (count: (batch: (typeof changes)[number]) => number): number => changes.reduce((total, batch) => total + count(batch), 0);
  return {
    changes: changes.length,
    heartbeats: batches.filter(({ kind }) => kind === 'heartbeat').length,
    progress: posts.filter(({ path }) => path === 'progress').length,
    entities: sum(({ hosts, vms, goneHosts, goneVms }) => hosts.length + vms.length + goneHosts.length + goneVms.length),
    migrations: new Set(changes.flatMap(({ finished }) => finished.map(({ id }) => id))).size,
  };
}

/** Before how many of these events an object has been idle for so long that it may sleep. `times`: ascending, milliseconds. */
export const countWakes = (times: readonly number[], idleMs: number): number =>
  times.filter((at, index) => at - (times[index - 1] ?? Number.NEGATIVE_INFINITY) >= idleMs).length;

/**
 * How many reports are made of these events where one leaves at once after a pause, and else an interval after the one before it, merged
 * with what comes meanwhile (worker/fleet-reporter.ts).
 */
export function countMerged(times: readonly number[], intervalMs: number): number {
  let count = 0;
  let leavesAt = Number.NEGATIVE_INFINITY;
  for (const at of times) {
    // It is in the report that has not left yet.
    if (at <= leavesAt) continue;
    leavesAt = Math.max(at, leavesAt + intervalMs);
    count += 1;
  }
  return count;
}

/** For how long at least one of these events was less than `heldMs` ago, from the first event on. */
export function heldMs(times: readonly number[], holdMs: number): number {
  return times.reduce((sum, at, index) => sum + Math.min(holdMs, (times[index + 1] ?? Number.POSITIVE_INFINITY) - at), 0);
}
