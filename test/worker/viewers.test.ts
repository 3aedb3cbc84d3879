/** The stream, end to end, once for each fan-out (SPEC D1–D4). */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { applyFrame, type ClusterState, stateOf } from '../../core/cluster-state.ts';
import { MAX_VIEWERS_PER_CLUSTER_COUNT, PING_INTERVAL_MS } from '../../core/limits.ts';
import type { ClusterRoom } from '../../worker/worker.ts';
import {
  ADMIN,
  bearer,
  call,
  type FanOut,
  freshName,
  host,
  liveCluster,
  register,
  roomOf,
  snapshotOf,
  TestForwarder,
  TestViewer,
  until,
  vm,
} from './support.ts';

const byId = (state: Pick<ClusterState, 'hosts' | 'vms'>) => ({
  hosts: [...state.hosts.values()].toSorted((a, b) => a.name.localeCompare(b.name)),
  vms: [...state.vms.values()].toSorted((a, b) => a.id.localeCompare(b.id)),
});

const viewerCount = (cluster: string): Promise<number> => runInDurableObject(roomOf(cluster), (room: ClusterRoom) => room.viewerCount());

/** Lets the time of a ping pass, in the object whose timer it is: one object may not do another's I/O. */
async function passPingInterval(fanOut: FanOut, cluster: string): Promise<void> {
  if (fanOut === 'bridge') vi.advanceTimersByTime(PING_INTERVAL_MS);
  else await runInDurableObject(roomOf(cluster), () => void vi.advanceTimersByTime(PING_INTERVAL_MS));
}

describe.each<FanOut>(['direct', 'bridge'])('the stream, %s', (fanOut) => {
  const open = (forwarder: Pick<TestForwarder, 'cluster'>, query?: string, headers?: Record<string, string>): Promise<TestViewer> =>
    TestViewer.open(fanOut, forwarder.cluster, query, headers);

  afterEach(() => {
    vi.useRealTimers();
  });

  test('D1: without a cursor a snapshot comes first, then each frame with its cursor as id', async () => {
    const forwarder = await liveCluster();
    const viewer = await open(forwarder);
    const first = await viewer.next();
    const snapshot = await snapshotOf(forwarder.cluster);
    expect(first).toMatchObject({ event: 'snapshot', id: snapshot.cursor, data: { ...snapshot, now: expect.any(Number) } });
    const answer = await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    expect(await viewer.next()).toMatchObject({
      event: 'frame',
      id: answer.cursor,
      data: { from: snapshot.cursor, to: answer.cursor, vms: [{ id: 'default/ubuntu', host: 'host-2' }] },
    });
    await viewer.close();
  });

  test('the headers keep proxies from buffering, and the retry time is there', async () => {
    const viewer = await open(await liveCluster());
    const { headers } = viewer.response;
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    await viewer.expect('snapshot');
    expect(viewer.retry).toBeGreaterThanOrEqual(1_000);
    await viewer.close();
  });

  test('D1: a viewer that comes back gets exactly what it missed', async () => {
    const forwarder = await liveCluster();
    const { cursor } = await snapshotOf(forwarder.cluster);
    const missed = [];
    for (const on of ['host-2', 'host-3', 'host-1']) missed.push((await forwarder.change({ vms: [vm('ubuntu', on)] })).cursor);
    const viewer = await open(forwarder, `?cursor=${cursor}`);
    for (const to of missed) expect(await viewer.next()).toMatchObject({ event: 'frame', id: to });
    expect((await viewer.expect('heard')).cursor).toBe(missed.at(-1));
    await forwarder.change({ goneVms: ['default/ubuntu'] });
    expect((await viewer.expect('frame')).goneVms).toEqual(['default/ubuntu']);
    await viewer.close();
  });

  test('D1: a viewer at the head is told so, and nothing is sent again', async () => {
    const forwarder = await liveCluster();
    const { cursor, lastHeard } = await snapshotOf(forwarder.cluster);
    const viewer = await open(forwarder, `?cursor=${cursor}`);
    expect(await viewer.expect('heard')).toMatchObject({ cursor, lastHeard });
    const answer = await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    expect((await viewer.expect('frame')).to).toBe(answer.cursor);
    await viewer.close();
  });

  test.each([
    ['of another epoch', 'feedfacecafe-1'],
    ['of the future', 'EPOCH-999'],
    ['from before the first', 'EPOCH-0'],
    ['that is no cursor', 'EPOCH-01'],
    ['that is forged', "' OR 1=1 --"],
    ['that is empty', ''],
  ])('D1: a cursor %s means a snapshot', async (_name, forged) => {
    const forwarder = await liveCluster();
    const { cursor } = await snapshotOf(forwarder.cluster);
    const epoch = cursor?.split('-')[0] ?? '';
    const viewer = await open(forwarder, `?cursor=${encodeURIComponent(forged.replace('EPOCH', epoch))}`);
    expect((await viewer.expect('snapshot')).cursor).toBe(cursor);
    await viewer.close();
  });

  test('D1: Last-Event-ID beats ?cursor=', async () => {
    const forwarder = await liveCluster();
    const { cursor: old } = await snapshotOf(forwarder.cluster);
    const { cursor: head } = await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    const viewer = await open(forwarder, `?cursor=${old}`, { 'last-event-id': head ?? '' });
    await viewer.expect('heard');
    await viewer.close();
  });

  test('before the first sync there is a snapshot without a cursor; the first sync comes as a snapshot', async () => {
    const cluster = freshName();
    const forwarder = new TestForwarder(cluster, await register(cluster));
    const viewer = await open(forwarder, '?cursor=feedface-3');
    expect(await viewer.next()).toMatchObject({
      event: 'snapshot',
      id: undefined,
      data: { cursor: null, lastHeard: null, hosts: [], vms: [] },
    });
    const answer = await forwarder.sync({ hosts: [host('host-1')] });
    expect(await viewer.next()).toMatchObject({ event: 'snapshot', id: answer.cursor, data: { hosts: [{ name: 'host-1' }] } });
    await viewer.close();
  });

  test('D3: each heartbeat is heard, with the head and the time', async () => {
    const forwarder = await liveCluster();
    const viewer = await open(forwarder);
    const snapshot = await viewer.expect('snapshot');
    await forwarder.heartbeat();
    const heard = await viewer.expect('heard');
    expect(heard.cursor).toBe(snapshot.cursor);
    expect(heard.lastHeard).toBeGreaterThanOrEqual(snapshot.lastHeard ?? Number.POSITIVE_INFINITY);
    await viewer.close();
  });

  test('D3: a ping carries head, time and lastHeard of the room', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const forwarder = await liveCluster();
    const viewer = await open(forwarder);
    await viewer.expect('snapshot');
    const { cursor } = await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    await viewer.expect('frame');
    const { lastHeard } = await snapshotOf(forwarder.cluster);
    await passPingInterval(fanOut, forwarder.cluster);
    const ping = await viewer.expect('ping');
    expect(ping).toMatchObject({ cursor, lastHeard });
    expect(Math.abs(ping.now - Date.now())).toBeLessThan(60_000);
    await viewer.close();
  });

  test('D2: no frame is lost or doubled between snapshot and attach, whenever a viewer comes', async () => {
    const forwarder = await liveCluster();
    const viewers: Promise<TestViewer>[] = [];
    let head: string | null = null;
    for (let step = 0; step < 30; step++) {
      const change = forwarder.change({ vms: [vm(`vm-${step % 7}`, `host-${(step % 3) + 1}`)] });
      viewers.push(open(forwarder));
      head = (await change).cursor;
    }
    const end = stateOf(await snapshotOf(forwarder.cluster));
    expect(end.cursor).toBe(head);
    for (const viewer of await Promise.all(viewers)) {
      const state = stateOf(await viewer.expect('snapshot'));
      while (state.cursor !== head) expect(applyFrame(state, await viewer.expect('frame')).ok).toBe(true);
      expect(byId(state)).toEqual(byId(end));
      expect(state.digest).toBe(end.digest);
      await viewer.close();
    }
  });

  test('D4: a viewer that does not read costs the others nothing', async () => {
    const forwarder = await liveCluster();
    const idle = await call(`/api/v1/clusters/${forwarder.cluster}/stream`, {}, { FAN_OUT: fanOut });
    const viewer = await open(forwarder);
    await viewer.expect('snapshot');
    for (let step = 0; step < 20; step++) {
      const { cursor } = await forwarder.change({ vms: [vm('ubuntu', `host-${(step % 3) + 1}`, { reason: `step ${step}` })] });
      expect((await viewer.expect('frame')).to).toBe(cursor);
    }
    await viewer.close();
    await idle.body?.cancel();
  });

  test('viewers that have left are forgotten', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const forwarder = await liveCluster();
    const viewers = await Promise.all([open(forwarder), open(forwarder), open(forwarder)]);
    for (const viewer of viewers) await viewer.expect('snapshot');
    expect(await viewerCount(forwarder.cluster)).toBe(3);
    const [stays, ...leave] = viewers;
    await Promise.all(leave.map((viewer) => viewer.close()));
    await passPingInterval(fanOut, forwarder.cluster);
    await stays?.expect('ping');
    await until(async () => (await viewerCount(forwarder.cluster)) === 1);
    await stays?.close();
    await passPingInterval(fanOut, forwarder.cluster);
    await until(async () => (await viewerCount(forwarder.cluster)) === 0);
  });

  test('a cluster that is removed ends its streams', async () => {
    const forwarder = await liveCluster();
    const viewer = await open(forwarder);
    await viewer.expect('snapshot');
    const removed = await call(`/api/v1/clusters/${forwarder.cluster}`, { method: 'DELETE', headers: bearer(ADMIN) });
    expect(removed.status).toBe(204);
    expect(await viewer.next()).toBeNull();
  });

  test('there is an end to how many may watch', async () => {
    const { cluster } = await liveCluster();
    await runInDurableObject(roomOf(cluster), (_room, state) => {
      state.getWebSockets = () => Array.from<WebSocket>({ length: MAX_VIEWERS_PER_CLUSTER_COUNT });
    });
    const response = await call(`/api/v1/clusters/${cluster}/stream`, {}, { FAN_OUT: fanOut });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
    expect(await response.json()).toMatchObject({ code: 'too-many-viewers' });
  });

  test('the head of a stream opens none', async () => {
    const forwarder = await liveCluster();
    const path = `/api/v1/clusters/${forwarder.cluster}/stream`;
    expect((await call(path, { method: 'HEAD' }, { FAN_OUT: fanOut })).status).toBe(405);
    expect(await viewerCount(forwarder.cluster)).toBe(0);
  });

  test('an unknown cluster is a problem and not a stream', async () => {
    const response = await call('/api/v1/clusters/nobody/stream', {}, { FAN_OUT: fanOut });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'unknown-cluster' });
  });
});

describe('the bridge lets the room sleep', () => {
  test('a room that was evicted under its viewers wakes and goes on sending', async () => {
    const forwarder = await liveCluster();
    const viewer = await TestViewer.open('bridge', forwarder.cluster);
    const { cursor } = await viewer.expect('snapshot');
    await evictDurableObject(roomOf(forwarder.cluster));
    const answer = await forwarder.change({ vms: [vm('ubuntu', 'host-3')] });
    expect(await viewer.expect('frame')).toMatchObject({ from: cursor, to: answer.cursor });
    await viewer.close();
  });

  test('after an eviction the ping is answered with the newest pulse', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const forwarder = await liveCluster();
    const viewer = await TestViewer.open('bridge', forwarder.cluster);
    const { cursor } = await viewer.expect('snapshot');
    await evictDurableObject(roomOf(forwarder.cluster));
    vi.advanceTimersByTime(PING_INTERVAL_MS);
    expect((await viewer.expect('ping')).cursor).toBe(cursor);
    vi.useRealTimers();
    await viewer.close();
  });

  test('a room that drops its sockets ends the stream, and the viewer resumes by cursor', async () => {
    const forwarder = await liveCluster();
    const viewer = await TestViewer.open('bridge', forwarder.cluster);
    const { cursor } = await viewer.expect('snapshot');
    await evictDurableObject(roomOf(forwarder.cluster), { webSockets: 'close' });
    expect(await viewer.next()).toBeNull();
    await forwarder.change({ vms: [vm('ubuntu', 'host-3')] });
    const again = await TestViewer.open('bridge', forwarder.cluster, '', { 'last-event-id': cursor ?? '' });
    expect((await again.expect('frame')).from).toBe(cursor);
    await again.close();
  });
});
