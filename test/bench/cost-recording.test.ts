import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { recordHour } from '../../bench/cost-hour.ts';
import {
  countMerged,
  countPosts,
  countWakes,
  formatRecording,
  heldMs,
  parseRecording,
  type RecordedPost,
} from '../../bench/cost-recording.ts';
import { digestOf, formatDigest } from '../../core/digest.ts';
import type { DerivedHost, DerivedVm } from '../../core/model.ts';
import type { Result } from '../../core/result.ts';

const HEAD = { name: 'test', hosts: 3, vms: 12, kubevirt: '1.6', seed: 1 };
const PLAN = { name: 'test', hosts: 3, vms: 12, seed: 1, life: {}, lengthMs: 90_000 };

function okValue<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

test('a recording is the same after it was written and read, and the same seed makes the same', async () => {
  const recording = await recordHour(PLAN);
  const text = formatRecording(recording);
  expect(okValue(parseRecording(text))).toEqual(recording);
  expect(formatRecording(await recordHour(PLAN))).toBe(text);
});

test('what is recorded is paced as a forwarder paces it: 50 ms between batches, a heartbeat ten seconds after the last', async () => {
  const { hour } = await recordHour(PLAN);
  const batches = hour.flatMap((post) => (post.path === 'batches' ? [{ at: post.at, kind: post.body.kind }] : []));
  const still = (await recordHour({ ...PLAN, life: { firstMoveMs: 1e9, powerEveryMs: 1e9, firstMaintenanceMs: 1e9 } })).hour;
  expect(batches.length).toBeGreaterThan(20);
  for (const [index, { at, kind }] of batches.entries()) {
    const before = batches[index - 1];
    if (before === undefined) continue;
    expect(at - before.at).toBeGreaterThanOrEqual(kind === 'heartbeat' ? 10_000 : 49);
    expect(at - before.at).toBeLessThan(10_100);
  }
  expect(countPosts(still)).toEqual({ changes: 0, heartbeats: 9, progress: 0, entities: 0, migrations: 0 });
});

test.each(['quiet', 'busy'])('the hour %s in the repository has the digests of this version', async (name) => {
  const file = new URL(`../../bench/recordings/${name}.jsonl.gz`, import.meta.url);
  const { sync, hour, head } = okValue(parseRecording(gunzipSync(await readFile(file)).toString()));
  const hosts = new Map<string, DerivedHost>();
  const vms = new Map<string, DerivedVm>();
  const batches = [...sync, ...hour].flatMap((post) => (post.path === 'batches' ? [post.body] : []));
  for (const [index, batch] of batches.entries()) {
    expect(batch.number).toBe(index + 1);
    if ('vms' in batch) for (const host of batch.hosts) hosts.set(host.name, host);
    if ('vms' in batch) for (const vm of batch.vms) vms.set(vm.id, vm);
    if (batch.kind === 'changes') for (const gone of batch.goneHosts) hosts.delete(gone);
    if (batch.kind === 'changes') for (const gone of batch.goneVms) vms.delete(gone);
    const isLooked = index % 50 === 0 || index === batches.length - 1;
    if (isLooked && 'digest' in batch) expect(formatDigest(digestOf(hosts.values(), vms.values()))).toBe(batch.digest);
  }
  expect(hosts.size).toBe(head.hosts);
  expect(hour.at(-1)?.at).toBeGreaterThan(3_580_000);
});

test('a recording without a sync, or out of order, is refused', () => {
  const heartbeat = (at: number) => ({ at, path: 'batches', body: { kind: 'heartbeat', session: 1, number: 2, digest: '' } }) as const;
  const commit = { at: 0, path: 'batches', body: { kind: 'sync-commit', session: 1, number: 1, parts: 0, digest: '' } } as const;
  const text = (sync: readonly RecordedPost[], hour: readonly RecordedPost[]): string => formatRecording({ head: HEAD, sync, hour });
  expect(parseRecording(text([], [heartbeat(10)]))).toMatchObject({ ok: false });
  expect(parseRecording(text([commit], [heartbeat(20), heartbeat(10)]))).toMatchObject({ ok: false });
  expect(parseRecording(text([commit], [heartbeat(10), heartbeat(20)]))).toMatchObject({ ok: true });
});

test('a migration that is told again has ended once', () => {
  const ended = { id: 'a' } as never;
  const changes = (finished: readonly never[]): RecordedPost => ({
    at: 0,
    path: 'batches',
    body: { kind: 'changes', session: 1, number: 1, hosts: [], vms: [], goneHosts: ['h'], goneVms: ['v'], finished, digest: '' },
  });
  expect(countPosts([changes([ended]), changes([ended])])).toMatchObject({ changes: 2, entities: 4, migrations: 1 });
});

test.each([
  [[], 0],
  [[0], 1],
  [[0, 9_999], 1],
  [[0, 10_000, 10_100, 20_100], 3],
])('an object wakes before a post that comes ten seconds after the last: %j', (times, wakes) => {
  expect(countWakes(times, 10_000)).toBe(wakes);
});

test.each([
  [[], 0],
  [[0, 100, 200], 2],
  [[0, 250], 2],
  // The second waits until 250, and takes those until then along; the next waits until 500.
  [[0, 10, 249, 251, 499, 800], 4],
])('reports leave at once after a pause, and else an interval later, merged: %j', (times, reports) => {
  expect(countMerged(times, 250)).toBe(reports);
});

test.each([
  [[], 0],
  [[0], 10],
  [[0, 4], 14],
  [[0, 30], 20],
])('how long an event is no older than ten: %j', (times, held) => {
  expect(heldMs(times, 10)).toBe(held);
});
