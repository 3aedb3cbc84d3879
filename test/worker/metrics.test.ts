/** GET /metrics: what is in it, that it parses, and that a room which is broken does not take it along. */
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { withLimit } from '../../worker/deadline.ts';
import { composeMetrics } from '../../worker/metrics.ts';
import { formatMetrics } from '../../worker/prometheus.ts';
import { addCounts, NO_COUNTS } from '../../worker/uplink-meter.ts';
import { parsePrometheus } from '../support/prometheus.ts';
import { ADMIN, bearer, call, freshName, liveCluster, problemOf, register, roomOf, TestViewer, vm } from './support.ts';

async function scrape(settings: Record<string, string | undefined> = {}): Promise<ReturnType<typeof parsePrometheus>> {
  const response = await call('/metrics', { headers: bearer(ADMIN) }, settings);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parsePrometheus(await response.text());
}

test('only for administrators', async () => {
  expect(await problemOf(await call('/metrics'))).toMatchObject({ status: 401, code: 'unauthorized' });
  expect(await problemOf(await call('/metrics', { headers: bearer(ADMIN) }, { ADMIN_TOKEN: undefined }))).toMatchObject({ status: 403 });
  expect(await problemOf(await call('/metrics', { method: 'POST' }))).toMatchObject({ status: 405 });
});

describe('a room', () => {
  test('tells of its cluster, its viewers and its uplink', async () => {
    const begunAt = Date.now();
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    const viewer = await TestViewer.open('direct', cluster);
    const bridged = await TestViewer.open('bridge', cluster);
    await forwarder.change({
      vms: [vm('a', 'host-1', { transit: { id: 'm', stage: 'queued', cause: 'user', from: 'host-1', to: null } })],
    });
    await forwarder.send({ kind: 'heartbeat', digest: forwarder.digest, weather: 'fine', mood: {} });
    await forwarder.send({ kind: 'heartbeat', digest: '0000000000000000' });
    await forwarder.post('batches', { kind: 'heartbeat', session: 1, number: 99, digest: forwarder.digest });
    await forwarder.post('batches', 'gossip');
    await forwarder.post('sessions', {});
    await forwarder.post('progress', { session: forwarder.session, progress: [{ vm: 'a/b', migration: 'm', wind: 3 }] });
    await (await call(`/api/v1/clusters/${cluster}`, { headers: { 'x-hostview-drift': 'x' } })).body?.cancel();
    const { value } = await scrape();
    expect(value('hostview_room_up', { cluster })).toBe(1);
    for (const name of ['hostview_cluster_last_heard_seconds', 'hostview_room_constructed_seconds']) {
      const at = (value(name, { cluster }) ?? 0) * 1_000;
      expect(at, name).toBeGreaterThanOrEqual(begunAt - 1);
      expect(at, name).toBeLessThanOrEqual(Date.now() + 1);
    }
    expect(value('hostview_cluster_revision', { cluster })).toBe(2);
    expect(value('hostview_cluster_hosts', { cluster })).toBe(3);
    expect(value('hostview_cluster_vms', { cluster })).toBe(2);
    expect(value('hostview_cluster_transits', { cluster })).toBe(1);
    expect(value('hostview_room_viewers', { cluster, way: 'direct' })).toBe(1);
    expect(value('hostview_room_viewers', { cluster, way: 'bridge' })).toBe(1);
    expect(value('hostview_cluster_batches_total', { cluster })).toBe(5);
    expect(value('hostview_cluster_unknown_fields_total', { cluster })).toBe(3);
    expect(value('hostview_cluster_refused_total', { cluster, code: 'gap' })).toBe(1);
    expect(value('hostview_cluster_refused_total', { cluster, code: 'invalid' })).toBe(2);
    expect(value('hostview_cluster_drifts_total', { cluster, found_by: 'forwarder' })).toBe(1);
    expect(value('hostview_cluster_drifts_total', { cluster, found_by: 'viewer' })).toBe(1);
    for (const name of ['room_rows_read_total', 'room_rows_written_total', 'room_stored_bytes']) {
      expect(value(`hostview_${name}`, { cluster })).toBeGreaterThan(0);
    }
    for (const name of ['room_cut_off_total', 'room_recycled_total', 'room_waiting_frames'])
      expect(value(`hostview_${name}`, { cluster })).toBe(0);
    await Promise.all([viewer.close(), bridged.close()]);
  });

  test('U2: counts a batch once, however often it is answered', async () => {
    const forwarder = await liveCluster();
    const { cluster, session, number, digest } = forwarder;
    const batch = { kind: 'heartbeat', session, number: number + 1, digest };
    for (let count = 0; count < 3; count += 1) expect((await forwarder.post('batches', batch)).status).toBe(200);
    expect((await scrape()).value('hostview_cluster_batches_total', { cluster })).toBe(3);
  });

  test('that slept has not forgotten what it counted before its newest batch', async () => {
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    await forwarder.post('batches', 'gossip');
    await forwarder.send({ kind: 'heartbeat', digest: forwarder.digest, weather: 'fine' });
    await forwarder.heartbeat();
    await evictDurableObject(roomOf(cluster));
    const { value } = await scrape();
    expect(value('hostview_cluster_batches_total', { cluster })).toBe(4);
    expect(value('hostview_cluster_unknown_fields_total', { cluster })).toBe(1);
    expect(value('hostview_cluster_refused_total', { cluster, code: 'invalid' })).toBe(1);
  });

  test('that does not answer is down, and the others are told of', async () => {
    const { cluster } = await liveCluster();
    const dead = freshName();
    await register(dead);
    const rooms = {
      getByName: (name: string) => (name === dead ? { stats: () => Promise.reject(new Error('gone')) } : env.ROOMS.getByName(name)),
    };
    const { value } = await scrape({ ROOMS: rooms as unknown as string });
    expect(value('hostview_room_up', { cluster: dead })).toBe(0);
    expect(value('hostview_cluster_vms', { cluster: dead })).toBeUndefined();
    expect(value('hostview_room_up', { cluster })).toBe(1);
    expect(value('hostview_cluster_vms', { cluster })).toBe(1);
  });

  test('that was never heard has no time', async () => {
    const cluster = freshName();
    await register(cluster);
    const { value } = await scrape();
    expect(value('hostview_cluster_last_heard_seconds', { cluster })).toBeUndefined();
    expect(value('hostview_cluster_revision', { cluster })).toBe(0);
  });
});

test('the isolate’s requests, by pattern and class of status', async () => {
  const before = (await scrape()).value('hostview_worker_requests_total', { method: 'GET', route: '/healthz', status: '2xx' }) ?? 0;
  await call('/healthz');
  await call('/api/v1/clusters/who-knows');
  const { value, families } = await scrape();
  expect(value('hostview_worker_requests_total', { method: 'GET', route: '/healthz', status: '2xx' })).toBe(before + 1);
  const routes = families.get('hostview_worker_requests_total')?.samples.map(({ labels }) => labels.route);
  expect(routes).toContain('/api/v1/clusters/:cluster');
  expect(routes?.join()).not.toContain('who-knows');
});

test('the fleet', async () => {
  const { value } = await scrape();
  expect(value('hostview_fleet_clusters', {})).toBeGreaterThan(0);
  expect(value('hostview_fleet_shares', {})).toBe(0);
  expect(value('hostview_fleet_viewers', { way: 'direct' })).toBe(0);
});

test('labels are escaped, and families without samples are left out', () => {
  const odd = 'a"b\\c\nd}';
  const text = formatMetrics([
    { name: 'm', help: 'with \\ and\nlines', type: 'gauge', samples: [{ labels: { odd }, value: 1.5 }, { value: -2 }] },
    { name: 'none', help: 'h', type: 'counter', samples: [] },
  ]);
  expect(text.split('\n')).toHaveLength(5);
  const { value, families } = parsePrometheus(text);
  expect(value('m', { odd })).toBe(1.5);
  expect(value('m', {})).toBe(-2);
  expect([...families.keys()]).toEqual(['m']);
  expect(families.get('m')?.help).toBe('with \\ and\nlines');
});

test('counts add up', () => {
  const a = { ...NO_COUNTS, batches: 1, refused: { gap: 1 } };
  const b = { batches: 2, unknownFields: 3, viewerDrifts: 1, refused: { gap: 1, invalid: 2 } };
  expect(addCounts(a, b)).toEqual({ batches: 3, unknownFields: 3, viewerDrifts: 1, refused: { gap: 2, invalid: 2 } });
  expect(a.refused).toEqual({ gap: 1 });
});

test('nothing at all is still a page', () => {
  const view = { rooms: [], fleet: { shares: 0, viewers: { direct: 0, bridge: 0 } }, requests: [] };
  expect(parsePrometheus(formatMetrics(composeMetrics(view))).value('hostview_fleet_clusters', {})).toBe(0);
});

test('a limit: what is in time comes through, its failure too, and what is late is an error', async () => {
  expect(await withLimit(Promise.resolve(1), 1_000)).toBe(1);
  await expect(withLimit(Promise.reject(new Error('own')), 1_000)).rejects.toThrow('own');
  await expect(withLimit(new Promise(() => {}), 1)).rejects.toThrow('no answer within 1 ms');
});
