/** What the rooms tell the fleet and when, what removing a cluster leaves, and how many clusters there may be. */
import { evictDurableObject, listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { MAX_CLUSTERS_COUNT, REPORT_INTERVAL_MS } from '../../core/limits.ts';
import type { ClusterName, ClusterSummary } from '../../core/model.ts';
import { lastHour } from '../../core/recent.ts';
import type { SummaryNews } from '../../worker/fleet-overview.ts';
import { reportWaitMs } from '../../worker/fleet-reporter.ts';
import { type ClusterRoom, Fleet } from '../../worker/worker.ts';
import { FleetViewer, fleet, listed, removeCluster } from './fleet-support.ts';
import { ADMIN, bearer, call, finished, freshName, liveCluster, problemOf, roomOf, TestViewer, until, vm } from './support.ts';

/** Each report that a room has sent since. */
function spyOnReports(): readonly (readonly [ClusterName, SummaryNews])[] {
  const spy = vi.spyOn(Fleet.prototype, 'report');
  return spy.mock.calls;
}

describe('what rooms report', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const followedUntil = (cluster: string): Promise<number | undefined> =>
    runInDurableObject(roomOf(cluster), (_room, { storage }) => storage.kv.get<number>('followed-until'));
  const viewers = (): Promise<number> =>
    runInDurableObject(fleet(), (instance: Fleet) => instance.stats().viewers.direct + instance.stats().viewers.bridge);

  test('nothing while nobody watches, and no room is asked for it', async () => {
    await until(async () => (await viewers()) === 0);
    const reports = spyOnReports();
    const forwarder = await liveCluster();
    await forwarder.heartbeat();
    await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    await listed();
    expect(reports).toEqual([]);
    expect(await followedUntil(forwarder.cluster)).toBeUndefined();
  });

  test('they stop when the last viewer has left, at the first report that is not wanted', async () => {
    const forwarder = await liveCluster();
    const viewer = await FleetViewer.watch('bridge');
    await viewer.take();
    expect(await followedUntil(forwarder.cluster)).toBeGreaterThan(Date.now());
    await viewer.close();
    const reports = spyOnReports();
    await until(async () => {
      await forwarder.heartbeat();
      return (await viewers()) === 0 && (await followedUntil(forwarder.cluster)) === undefined;
    });
    const before = reports.length;
    await forwarder.heartbeat();
    expect(reports.length).toBe(before);
    const again = await FleetViewer.watch('bridge');
    await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    await again.see((summary) => summary?.cursor?.endsWith('-2') === true, forwarder.cluster);
    await again.close();
  });

  test('a room that was evicted goes on reporting, and a heartbeat reads no entities for it', async () => {
    const forwarder = await liveCluster();
    const viewer = await FleetViewer.watch('bridge');
    const before = await viewer.see((summary) => summary?.vms.total === 1, forwarder.cluster);
    await evictDurableObject(roomOf(forwarder.cluster));
    const reports = spyOnReports();
    await scheduler.wait(2);
    await forwarder.heartbeat();
    const after = await viewer.see((summary) => summary?.lastHeard !== before?.lastHeard, forwarder.cluster);
    expect(after).toEqual({ ...before, lastHeard: expect.any(Number) });
    expect(reports).toEqual([[forwarder.cluster, { cursor: before?.cursor, lastHeard: after?.lastHeard, recent: null, counts: null }]]);
    await viewer.close();
  });

  test('how migrations ended is told too, survives sleep, and is told where no VM changes by it', async () => {
    const forwarder = await liveCluster();
    const viewer = await FleetViewer.watch('bridge');
    await viewer.see((summary) => summary?.vms.total === 1, forwarder.cluster);
    await forwarder.change({ finished: [finished('m1', 'ubuntu')] });
    expect(await viewer.see((summary) => summary?.recent !== null, forwarder.cluster)).toMatchObject({ recent: { succeeded: [1] } });
    await evictDurableObject(roomOf(forwarder.cluster));
    await forwarder.change({ finished: [finished('m2', 'long-gone', { outcome: 'failed' })] });
    const failedOf = (summary: ClusterSummary | undefined): number => lastHour(summary?.recent ?? null, Date.now()).failed;
    const after = await viewer.see((summary) => failedOf(summary) === 1, forwarder.cluster);
    expect(lastHour(after?.recent ?? null, Date.now())).toMatchObject({ succeeded: 1, failed: 1 });
    expect(after).toEqual((await listed()).find(({ cluster }) => cluster === forwarder.cluster));
    await viewer.close();
  });

  test('a report that was lost is made good by the next', async () => {
    const forwarder = await liveCluster();
    const viewer = await FleetViewer.watch('bridge');
    await viewer.take();
    const reports = vi.spyOn(Fleet.prototype, 'report').mockImplementationOnce(() => {
      throw new Error('lost');
    });
    await forwarder.change({ vms: [vm('ubuntu', 'host-2'), vm('second', null)] });
    await until(() => reports.mock.calls.length === 1);
    await evictDurableObject(roomOf(forwarder.cluster));
    await forwarder.heartbeat();
    expect(await viewer.see((summary) => summary?.vms.total === 2, forwarder.cluster)).toMatchObject({
      vms: { byState: { running: 1, off: 1 } },
    });
    await viewer.close();
  });

  test('many changes are merged to at most four reports a second, and the last one is told', async () => {
    const forwarder = await liveCluster();
    const viewer = await FleetViewer.watch('bridge');
    await viewer.take();
    const reports = spyOnReports();
    const startedAt = Date.now();
    let cursor: string | null = null;
    for (let round = 0; round < 20; round++) ({ cursor } = await forwarder.change({ vms: [vm(`vm-${round}`, null)] }));
    await viewer.see((summary) => summary?.cursor === cursor && summary?.vms.total === 21, forwarder.cluster);
    expect(reports.length).toBeLessThanOrEqual(2 + (Date.now() - startedAt) / REPORT_INTERVAL_MS);
    await viewer.close();
  });

  test.each([
    [Number.NEGATIVE_INFINITY, 1_000, 0],
    [1_000, 1_000, REPORT_INTERVAL_MS],
    [1_000, 1_100, REPORT_INTERVAL_MS - 100],
    [1_000, 1_000 + REPORT_INTERVAL_MS, 0],
    [1_000, 500, REPORT_INTERVAL_MS],
  ])('sent at %d, at %d the next waits %d ms', (sentAt, now, wait) => {
    expect(reportWaitMs(sentAt, now)).toBe(wait);
  });

  test('of a name that is not registered nothing is taken', async () => {
    const viewer = await FleetViewer.watch('bridge');
    await viewer.take();
    const news: SummaryNews = { cursor: 'e-1', lastHeard: 1, recent: null, counts: null };
    expect(await fleet().report('nobody', news)).toBe(false);
    await viewer.close();
  });
});

describe('removing', () => {
  test('deletes everything of the cluster, and ends its streams', async () => {
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    const watching = await FleetViewer.watch('direct');
    await watching.see((summary) => summary?.vms.total === 1, cluster);
    const streams = [await TestViewer.open('direct', cluster), await TestViewer.open('bridge', cluster)];
    for (const stream of streams) await stream.expect('snapshot');
    expect((await removeCluster(cluster)).status).toBe(204);
    for (const stream of streams) expect(await stream.next()).toBeNull();
    const left = await runInDurableObject(roomOf(cluster), (_room: ClusterRoom, { storage }) => [
      storage.sql.exec(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'`).toArray(),
      [...storage.kv.list()],
    ]);
    expect(left).toEqual([[], []]);
    await watching.see((summary) => summary === undefined, cluster);
    await watching.close();
  });

  test('no request about a name that is not registered makes an object', async () => {
    await listed();
    const before = (await listDurableObjectIds(env.ROOMS)).length;
    const cluster = freshName();
    const base = `/api/v1/clusters/${cluster}`;
    for (const path of [
      '',
      '/stream',
      '/frames',
      '/migrations',
      '/vms/a/b',
      '/vms/a/b/history',
      '/uplink?protocol=1',
      `/install.yaml?code=${'A'.repeat(43)}`,
    ]) {
      // As a viewer's, and as a forwarder's with what could be a token.
      for (const headers of [{}, bearer('x'.repeat(43))]) {
        expect([401, 404]).toContain((await call(base + path, { headers: { accept: 'application/json', ...headers } })).status);
      }
    }
    for (const path of ['/sessions', '/batches', '/progress']) {
      expect((await call(base + path, { method: 'POST', headers: bearer('x'.repeat(43)), body: '{}' })).status).toBe(401);
    }
    for (const [method, path] of [
      ['POST', '/token'],
      ['DELETE', '/token'],
      ['DELETE', ''],
    ] as const) {
      expect((await call(base + path, { method, headers: bearer(ADMIN) })).status).toBe(404);
    }
    expect((await listDurableObjectIds(env.ROOMS)).length).toBe(before);
  });
});

test('clusters: the last one that fits is registered, and one more is not', async () => {
  const fill = (count: number): Promise<void> =>
    runInDurableObject(fleet(), (_fleet, { storage }) => {
      storage.sql.exec(`DELETE FROM clusters WHERE cluster LIKE 'filler-%'`);
      const others = Number(storage.sql.exec('SELECT count(*) AS n FROM clusters').one().n);
      for (let number = others; number < count; number++) {
        storage.sql.exec('INSERT INTO clusters (cluster, created_at) VALUES (?, 0)', `filler-${number}`);
      }
    });
  const create = (): Promise<Response> =>
    call('/api/v1/clusters', { method: 'POST', headers: bearer(ADMIN), body: JSON.stringify({ cluster: freshName() }) });
  await fill(MAX_CLUSTERS_COUNT - 1);
  expect((await create()).status).toBe(201);
  const refused = await create();
  expect(refused.status).toBe(409);
  expect(await problemOf(refused)).toMatchObject({ code: 'too-many-clusters' });
  await fill(0);
});
