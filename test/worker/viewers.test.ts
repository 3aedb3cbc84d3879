/** The stream, end to end, once for each fan-out (SPEC D1–D4). */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { applyFrame, type ClusterState, stateOf } from '../../core/cluster-state.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import {
  FRAME_INTERVAL_MOST_MS,
  MAX_VIEWERS_PER_CLUSTER_COUNT,
  PING_INTERVAL_MS,
  STREAM_LIFE_LEAST_MS,
  STREAM_LIFE_SPREAD_MS,
  VIEWER_STALL_MS,
  VIEWER_WINDOW_BYTES,
} from '../../core/limits.ts';
import type { RoomStats } from '../../worker/room-stats.ts';
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

const statsOf = (cluster: string): Promise<RoomStats> => runInDurableObject(roomOf(cluster), (room: ClusterRoom) => room.stats());

/** Adds as many viewers as it says, whose sockets lead nowhere. */
async function addCrowd(cluster: string, count: number): Promise<void> {
  const socket = { bufferedAmount: 0, send: () => {}, serializeAttachment: () => {}, deserializeAttachment: () => null };
  const crowd = Array.from({ length: count }, () => ({ ...socket }) as unknown as WebSocket);
  await runInDurableObject(roomOf(cluster), (_room, state) => {
    const real = state.getWebSockets.bind(state);
    state.getWebSockets = () => [...real(), ...crowd];
  });
}

/** Lets the frames that wait leave. */
const passFrameInterval = (cluster: string): Promise<void> =>
  runInDurableObject(roomOf(cluster), () => void vi.advanceTimersByTime(FRAME_INTERVAL_MOST_MS));

/** So many that frames are merged, and so few that no test waits for them. */
const CROWD_COUNT = 4_000;

async function viewerCount(cluster: string): Promise<number> {
  const { viewers } = await roomOf(cluster).stats();
  return viewers.direct + viewers.bridge;
}

/** How many of the Workers have said so. */
const behindCount = (cluster: string): Promise<number> =>
  runInDurableObject(
    roomOf(cluster),
    (_room, state) => state.getWebSockets().filter((socket) => socket.deserializeAttachment().isBehind).length,
  );

/** Lets the time of a ping pass, in the object whose timer it is: one object may not do another's I/O. */
async function passPingInterval(fanOut: FanOut, cluster: string, ms = PING_INTERVAL_MS): Promise<void> {
  if (fanOut === 'bridge') vi.advanceTimersByTime(ms);
  else await runInDurableObject(roomOf(cluster), () => void vi.advanceTimersByTime(ms));
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

  describe('D4: where there are many viewers', () => {
    /** A viewer in a crowd that was just sent a frame, so that the next ones wait. */
    async function crowded(): Promise<{ forwarder: TestForwarder; viewer: TestViewer; sent: string | null }> {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'Date'] });
      const forwarder = await liveCluster();
      const viewer = await open(forwarder);
      await viewer.expect('snapshot');
      await addCrowd(forwarder.cluster, CROWD_COUNT);
      const { cursor } = await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
      expect((await viewer.expect('frame')).to).toBe(cursor);
      return { forwarder, viewer, sent: cursor };
    }

    test('the first frame leaves at once; those that follow are merged into one, behind one timer', async () => {
      const { forwarder, viewer, sent } = await crowded();
      const timers = vi.getTimerCount();
      await forwarder.change({ vms: [vm('ubuntu', 'host-3'), vm('debian', 'host-1')] });
      const { cursor } = await forwarder.change({ vms: [vm('ubuntu', 'host-1')], goneVms: ['default/debian'] });
      expect((await statsOf(forwarder.cluster)).waitingFrames).toBe(2);
      expect(vi.getTimerCount()).toBe(timers + 1);
      await passFrameInterval(forwarder.cluster);
      const frame = await viewer.expect('frame');
      expect(frame).toMatchObject({ from: sent, to: cursor, vms: [{ id: 'default/ubuntu', host: 'host-1' }], goneVms: ['default/debian'] });
      expect((await statsOf(forwarder.cluster)).waitingFrames).toBe(0);
      expect(vi.getTimerCount()).toBe(timers);
      await viewer.close();
    });

    test('D3: what waits leaves before the cluster is heard', async () => {
      const { forwarder, viewer, sent } = await crowded();
      const timers = vi.getTimerCount();
      const { cursor } = await forwarder.change({ vms: [vm('ubuntu', 'host-3')] });
      await forwarder.heartbeat();
      expect(vi.getTimerCount()).toBe(timers);
      expect(await viewer.expect('frame')).toMatchObject({ from: sent, to: cursor });
      expect((await viewer.expect('heard')).cursor).toBe(cursor);
      await viewer.close();
    });

    test('D3: a ping names no cursor whose frame still waits', async () => {
      const { forwarder, viewer } = await crowded();
      // So that the ping comes before the frame's turn does.
      const shortly = FRAME_INTERVAL_MOST_MS / 2;
      await passPingInterval(fanOut, forwarder.cluster, PING_INTERVAL_MS - shortly);
      const { cursor: sent } = await forwarder.change({ vms: [vm('ubuntu', 'host-1')] });
      expect((await viewer.expect('frame')).to).toBe(sent);
      const { cursor } = await forwarder.change({ vms: [vm('ubuntu', 'host-3')] });
      const late = await open(forwarder);
      await late.expect('snapshot');
      await passPingInterval(fanOut, forwarder.cluster, shortly);
      expect((await viewer.expect('ping')).cursor).toBe(sent);
      await passFrameInterval(forwarder.cluster);
      expect((await viewer.expect('frame')).to).toBe(cursor);
      await passPingInterval(fanOut, forwarder.cluster);
      expect((await viewer.expect('ping')).cursor).toBe(cursor);
      await viewer.close();
      await late.close();
    });

    test('D1: who comes while frames wait gets everything up to the head, and none of it again', async () => {
      const { forwarder, viewer, sent } = await crowded();
      const { cursor: second } = await forwarder.change({ vms: [vm('ubuntu', 'host-3')] });
      const fresh = await open(forwarder);
      expect((await fresh.expect('snapshot')).cursor).toBe(second);
      const { cursor: third } = await forwarder.change({ vms: [vm('debian', 'host-1')] });
      const resumed = await open(forwarder, `?cursor=${sent}`);
      expect([await resumed.expect('frame'), await resumed.expect('frame')]).toMatchObject([{ to: second }, { to: third }]);
      expect((await resumed.expect('heard')).cursor).toBe(third);
      await passFrameInterval(forwarder.cluster);
      expect(await viewer.expect('frame')).toMatchObject({ from: sent, to: third });
      expect(await fresh.expect('frame')).toMatchObject({ from: second, to: third, vms: [{ id: 'default/debian' }] });
      const { cursor: fourth } = await forwarder.change({ vms: [vm('ubuntu', 'host-1')] });
      await passFrameInterval(forwarder.cluster);
      for (const each of [viewer, fresh, resumed]) expect(await each.expect('frame')).toMatchObject({ from: third, to: fourth });
      for (const each of [viewer, fresh, resumed]) await each.close();
    });

    test('a cluster that is removed while frames wait sends them to nobody', async () => {
      const { forwarder, viewer } = await crowded();
      await forwarder.change({ vms: [vm('ubuntu', 'host-3')] });
      await call(`/api/v1/clusters/${forwarder.cluster}`, { method: 'DELETE', headers: bearer(ADMIN) });
      expect((await statsOf(forwarder.cluster)).waitingFrames).toBe(0);
      await passFrameInterval(forwarder.cluster);
      expect(await viewer.next()).toBeNull();
    });
  });

  test('D4: fifty viewers that do not read cost what one does, catch up with one frame, or are cut off in the end', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    const late = await open(forwarder);
    const frozen = await Promise.all(Array.from({ length: 49 }, () => call(`/api/v1/clusters/${cluster}/stream`, {}, { FAN_OUT: fanOut })));
    const viewer = await open(forwarder);
    await viewer.expect('snapshot');
    let mostHeld = 0;
    let frameBytes = 0;
    const change = async (step: number): Promise<string | null> => {
      const reason = `${step} ${'x'.repeat(500)}`;
      const vms = Array.from({ length: 100 }, (_, index) => vm(`vm-${index}`, 'host-1', { reason }));
      const { cursor } = await forwarder.change({ vms });
      const frame = await viewer.expect('frame');
      expect(frame.to).toBe(cursor);
      frameBytes = JSON.stringify(frame).length;
      mostHeld = Math.max(mostHeld, (await statsOf(cluster)).heldBytes);
      return cursor;
    };
    const FRAMES_COUNT = 12;
    let head: string | null = null;
    for (let step = 0; step < FRAMES_COUNT; step++) {
      head = await change(step);
      // A Worker has to say first that its viewer is behind.
      if (fanOut === 'bridge' && step === FRAMES_COUNT / 2) await until(async () => (await behindCount(cluster)) === 50);
    }
    await forwarder.heartbeat();
    await viewer.expect('heard');
    expect(await statsOf(cluster)).toMatchObject({ viewers: { [fanOut]: 51 }, cutOff: 0 });
    // Shared by all, so that they cost together what one of them does.
    expect(mostHeld).toBeLessThan(VIEWER_WINDOW_BYTES + 3 * frameBytes);

    let state = stateOf(await late.expect('snapshot'));
    let frames = 0;
    for (; state.cursor !== head; frames++) {
      const event = await late.next();
      // A bridged room may have been put to sleep meanwhile, and remembers of its sockets only that they are behind.
      if (fanOut === 'bridge' && event?.event === 'snapshot') state = stateOf(event.data as Snapshot);
      else expect(applyFrame(state, event?.data as Frame).ok).toBe(true);
    }
    expect(frames).toBeLessThan(fanOut === 'direct' ? 4 : FRAMES_COUNT / 2 + 3);
    expect((await late.expect('heard')).cursor).toBe(head);
    expect(byId(state)).toEqual(byId(stateOf(await snapshotOf(cluster))));
    head = await change(FRAMES_COUNT);
    expect((await late.expect('frame')).to).toBe(head);

    vi.setSystemTime(Date.now() + VIEWER_STALL_MS + 1);
    const [reads, alsoReads] = [viewer.next(), late.next()];
    await passPingInterval(fanOut, cluster);
    expect([await reads, await alsoReads]).toMatchObject([{ event: 'ping' }, { event: 'ping' }]);
    await until(async () => (await viewerCount(cluster)) === 2);
    if (fanOut === 'direct') expect((await statsOf(cluster)).cutOff).toBe(49);
    await viewer.close();
    await late.close();
    await Promise.all(frozen.map((response) => response.body?.cancel().catch(() => {})));
  });

  test('a stream ends after ten to fifteen minutes with a time to come back, and the viewer goes on from its cursor', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    const forwarder = await liveCluster();
    const viewer = await open(forwarder);
    const { cursor } = await viewer.expect('snapshot');
    viewer.retry = undefined;
    const mostPings = (STREAM_LIFE_LEAST_MS + STREAM_LIFE_SPREAD_MS) / PING_INTERVAL_MS;
    let pings = 0;
    for (; pings <= mostPings; pings++) {
      // A viewer that reads is always asking for what comes next.
      const next = viewer.next();
      await passPingInterval(fanOut, forwarder.cluster);
      const event = await next;
      if (event === null) break;
      expect(event.event).toBe('ping');
    }
    expect(pings).toBeGreaterThanOrEqual(STREAM_LIFE_LEAST_MS / PING_INTERVAL_MS - 1);
    expect(pings).toBeLessThanOrEqual(mostPings);
    expect(viewer.retry).toBeGreaterThanOrEqual(1_000);
    await until(async () => (await viewerCount(forwarder.cluster)) === 0);
    if (fanOut === 'direct') expect((await statsOf(forwarder.cluster)).recycled).toBe(1);
    const again = await open(forwarder, '', { 'last-event-id': cursor ?? '' });
    expect((await again.expect('heard')).cursor).toBe(cursor);
    await again.close();
  });

  test('as many may watch as the limit says, and not one more', async () => {
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    await addCrowd(cluster, MAX_VIEWERS_PER_CLUSTER_COUNT - 1);
    const last = await open(forwarder);
    await last.expect('snapshot');
    const response = await call(`/api/v1/clusters/${cluster}/stream`, {}, { FAN_OUT: fanOut });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
    expect(await response.json()).toMatchObject({ code: 'too-many-viewers' });
    await last.close();
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

  test.each(['change', 'heartbeat'] as const)('one that was evicted while frames waited sends a snapshot at its next %s', async (next) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const forwarder = await liveCluster();
    const viewer = await TestViewer.open('bridge', forwarder.cluster);
    await viewer.expect('snapshot');
    await addCrowd(forwarder.cluster, CROWD_COUNT);
    const { cursor: sent } = await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    expect((await viewer.expect('frame')).to).toBe(sent);
    await forwarder.change({ vms: [vm('ubuntu', 'host-3')] });
    expect((await statsOf(forwarder.cluster)).waitingFrames).toBe(1);
    await evictDurableObject(roomOf(forwarder.cluster));
    vi.useRealTimers();
    const { cursor } = await (next === 'heartbeat' ? forwarder.heartbeat() : forwarder.change({ vms: [vm('debian', 'host-1')] }));
    const snapshot = await viewer.expect('snapshot');
    expect(snapshot.cursor).toBe(cursor);
    expect(snapshot.vms).toContainEqual(expect.objectContaining({ id: 'default/ubuntu', host: 'host-3' }));
    if (next === 'heartbeat') expect((await viewer.expect('heard')).cursor).toBe(cursor);
    const after = await forwarder.change({ vms: [vm('ubuntu', 'host-1')] });
    expect(await viewer.expect('frame')).toMatchObject({ from: cursor, to: after.cursor });
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
