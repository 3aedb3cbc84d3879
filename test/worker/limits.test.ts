/**
 * The limits of core/limits.ts at the edge's own door: at the limit, one past it, and that what is refused changes nothing. Those of single
 * fields are in schemas.test.ts, of the depth nesting.test.ts, of the rate rate.test.ts, of viewers viewers.test.ts, of clusters fleet.test.ts.
 */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, test, vi } from 'vitest';
import {
  MAX_BODY_BYTES,
  MAX_DEPTH,
  MAX_ENTITIES_PER_BATCH_COUNT,
  MAX_HOSTS_PER_CLUSTER_COUNT,
  MAX_SYNC_PART_COUNT,
  MAX_VMS_PER_CLUSTER_COUNT,
  UPLINK_BURST_COUNT,
} from '../../core/limits.ts';
import { MAX_PROGRESS_BYTES } from '../../core/progress.ts';
import { bearer, call, host, liveCluster, problemOf, roomOf, type TestForwarder, vm } from './support.ts';

/** Everything that the room has stored. */
const dump = (cluster: string): Promise<string> =>
  runInDurableObject(roomOf(cluster), (_room, { storage }) => {
    const tables = storage.sql.exec(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`).toArray();
    return JSON.stringify(tables.map(({ name }) => [name, storage.sql.exec(`SELECT * FROM "${name}"`).toArray()]));
  });

const postText = ({ cluster, token }: TestForwarder, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  call(`/api/v1/clusters/${cluster}/batches`, { method: 'POST', headers: { ...bearer(token), ...headers }, body });

const next = ({ session, number }: TestForwarder) => ({ session, number: number + 1 });

/** Refused so, and nothing is changed. */
async function expectRefused(forwarder: TestForwarder, send: () => Promise<Response>, code: string, status: number): Promise<Response> {
  const before = await dump(forwarder.cluster);
  const response = await send();
  expect(await problemOf(response.clone())).toMatchObject({ code, status });
  expect(await dump(forwarder.cluster)).toBe(before);
  return response;
}

/** A heartbeat padded with a field that nobody knows. */
function padded(forwarder: TestForwarder, bytes: number): string {
  const heartbeat = { kind: 'heartbeat', ...next(forwarder), digest: forwarder.digest, padding: '' };
  const rest = bytes - JSON.stringify(heartbeat).length;
  return JSON.stringify({ ...heartbeat, padding: 'x'.repeat(rest) });
}

const gzip = (text: string): Promise<ArrayBuffer> =>
  new Response(new Response(text).body?.pipeThrough(new CompressionStream('gzip'))).arrayBuffer();

describe('a body', () => {
  test('of 1 MB is taken and one of a byte more is not, plain', async () => {
    const forwarder = await liveCluster();
    await expectRefused(forwarder, () => postText(forwarder, padded(forwarder, MAX_BODY_BYTES + 1)), 'too-large', 413);
    expect((await postText(forwarder, padded(forwarder, MAX_BODY_BYTES))).status).toBe(200);
  });

  test('is counted inflated', async () => {
    const forwarder = await liveCluster();
    const headers = { 'content-encoding': 'gzip' };
    const over = await gzip(padded(forwarder, MAX_BODY_BYTES + 1));
    expect(over.byteLength).toBeLessThan(10_000);
    await expectRefused(forwarder, () => postText(forwarder, over, headers), 'too-large', 413);
    const within = await gzip(padded(forwarder, MAX_BODY_BYTES));
    expect((await postText(forwarder, within, headers)).status).toBe(200);
  });

  test('of progress has a limit of its own', async () => {
    const forwarder = await liveCluster();
    const report = (bytes: number): string => {
      const progress = { session: forwarder.session, progress: [], padding: '' };
      return JSON.stringify({ ...progress, padding: 'x'.repeat(bytes - JSON.stringify(progress).length) });
    };
    const post = (bytes: number): Promise<Response> =>
      call(`/api/v1/clusters/${forwarder.cluster}/progress`, { method: 'POST', headers: bearer(forwarder.token), body: report(bytes) });
    await expectRefused(forwarder, () => post(MAX_PROGRESS_BYTES + 1), 'too-large', 413);
    expect((await post(MAX_PROGRESS_BYTES)).status).toBe(200);
  });

  test('is as deep as it may be, and one deeper', async () => {
    const forwarder = await liveCluster();
    const nested = (depth: number): string => {
      const heartbeat = JSON.stringify({ kind: 'heartbeat', ...next(forwarder), digest: forwarder.digest });
      return `${heartbeat.slice(0, -1)},"deep":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    };
    await expectRefused(forwarder, () => postText(forwarder, nested(MAX_DEPTH + 1)), 'too-deep', 400);
    await expectRefused(forwarder, () => postText(forwarder, '['.repeat(MAX_BODY_BYTES)), 'too-deep', 400);
    expect((await postText(forwarder, nested(MAX_DEPTH))).status).toBe(200);
  });
});

test('entities of one batch', async () => {
  const forwarder = await liveCluster();
  const batch = (count: number) => {
    const goneVms = Array.from({ length: count }, (_, index) => `a/${index}`);
    const nothing = { hosts: [], vms: [], finished: [], goneHosts: [] };
    return forwarder.post('batches', { kind: 'changes', ...next(forwarder), ...nothing, goneVms, digest: forwarder.digest });
  };
  await expectRefused(forwarder, () => batch(MAX_ENTITIES_PER_BATCH_COUNT + 1), 'too-many-entities', 413);
  expect((await batch(MAX_ENTITIES_PER_BATCH_COUNT)).status).toBe(200);
});

describe('a cluster', () => {
  test('has so many hosts', async () => {
    const forwarder = await liveCluster();
    const hosts = Array.from({ length: MAX_HOSTS_PER_CLUSTER_COUNT - 3 }, (_, index) => host(`h-${index}`));
    const batch = () => ({ ...next(forwarder), ...forwarder.changes({ hosts: [host('one-more')] }) });
    await forwarder.change({ hosts });
    await expectRefused(forwarder, () => forwarder.post('batches', batch()), 'too-many-hosts', 413);
  });

  test('has so many VMs', async () => {
    const forwarder = await liveCluster();
    for (let from = 1; from < MAX_VMS_PER_CLUSTER_COUNT; from += 4_000) {
      const count = Math.min(4_000, MAX_VMS_PER_CLUSTER_COUNT - from);
      await forwarder.change({ vms: Array.from({ length: count }, (_, index) => vm(`v-${from + index}`, null)) });
    }
    const batch = () => ({ ...next(forwarder), ...forwarder.changes({ vms: [vm('one-more', null)] }) });
    await expectRefused(forwarder, () => forwarder.post('batches', batch()), 'too-many-vms', 413);
  }, 60_000);

  test('syncs in so many parts', async () => {
    const forwarder = await liveCluster();
    await forwarder.open();
    const part = { kind: 'sync-part', hosts: [], vms: [], finished: [] };
    for (let count = 0; count < MAX_SYNC_PART_COUNT; count += 1) await forwarder.send(part);
    await expectRefused(forwarder, () => forwarder.post('batches', { ...part, ...next(forwarder) }), 'too-many-parts', 413);
    expect((await forwarder.send({ kind: 'sync-commit', parts: MAX_SYNC_PART_COUNT, digest: forwarder.digest })).resync).toBe(true);
  });

  test('sends so much at once, is told when to come again, and is heard then; strangers take nothing of that', async () => {
    const forwarder = await liveCluster();
    const { cluster, token } = forwarder;
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      // Far enough for the bucket to be full again.
      vi.setSystemTime(Date.now() + 60_000);
      const post = (as: string) => roomOf(cluster).fetch('https://room/batches', { method: 'POST', headers: bearer(as), body: '[]' });
      for (let count = 0; count < 50; count += 1) expect((await post('wrong')).status).toBe(401);
      for (let count = 0; count < UPLINK_BURST_COUNT; count += 1) expect((await post(token)).status).toBe(400);
      const refused = await expectRefused(forwarder, () => forwarder.post('batches', []), 'too-many-batches', 429);
      expect(refused.headers.get('retry-after')).toBe('1');
      vi.setSystemTime(Date.now() + 1_000);
      await forwarder.heartbeat();
    } finally {
      vi.useRealTimers();
    }
  });
});
