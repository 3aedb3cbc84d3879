/** The fleet's stream, end to end, once for each fan-out (SPEC D1–D3). */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ClusterList } from '../../core/downlink.ts';
import { type FleetFrame, type FleetSnapshot, fleetStateOf } from '../../core/fleet.ts';
import { FOLLOW_ARRIVAL_MS, FOLLOW_MS, FOLLOW_PATIENCE_MS } from '../../core/limits.ts';
import type { ClusterName, ClusterSummary } from '../../core/model.ts';
import { unheardSummary, unknownSummary } from '../../worker/fleet-overview.ts';
import { FleetStream } from '../../worker/fleet-stream.ts';
import { ClusterRoom, Fleet } from '../../worker/worker.ts';
import { FleetViewer, fleet, listed, removeCluster } from './fleet-support.ts';
import { ADMIN, bearer, call, type FanOut, freshName, liveCluster, problemOf, register, roomOf, TestViewer, until, vm } from './support.ts';

/** What this room says by itself is lost from now on; it can still be asked. */
function muteReports(mute: ClusterName): void {
  const { report } = Fleet.prototype;
  vi.spyOn(Fleet.prototype, 'report').mockImplementation(function (this: Fleet, cluster, news) {
    return cluster === mute || report.call(this, cluster, news);
  });
}

/** The fleet asks rooms as this says, until it is called again. */
const bendFollow = (follow: ((cluster: ClusterName) => Promise<ClusterSummary | null>) | null): Promise<void> =>
  runInDurableObject(fleet(), (instance: Fleet) => {
    const holder = instance as unknown as { env: Env };
    holder.env = env;
    if (follow === null) return;
    const ROOMS = {
      getByName: (cluster: ClusterName) =>
        new Proxy(env.ROOMS.getByName(cluster), {
          get: (stub, name) => (name === 'follow' ? () => follow(cluster) : Reflect.get(stub, name, stub)),
        }),
    };
    holder.env = { ...env, ROOMS } as unknown as Env;
  });

const LAB = { cluster: 'lab', displayName: 'Lab' };

/** A stream of a fleet of its own, with one cluster and a clock that can be turned on. */
const inOwnStream = (
  follow: (cluster: ClusterName) => Promise<ClusterSummary | null>,
  run: (stream: FleetStream, turnOn: (ms: number) => void, now: () => number) => Promise<void>,
): Promise<void> =>
  runInDurableObject(env.FLEET.getByName('of its own'), async (_fleet, ctx) => {
    let at = 1_000_000;
    const now = (): number => at;
    const stream = new FleetStream({ ctx, now, random: () => 0, epoch: () => 'e', registrations: () => [LAB], follow });
    const turnOn = (ms: number): void => {
      at += ms;
    };
    await run(stream, turnOn, now);
    await ctx.storage.deleteAlarm();
  });

test('T7: of a room that has not answered nothing is known, whatever it told another viewer long ago', async () => {
  const told: ClusterSummary = { ...unheardSummary(LAB), cursor: 'e1-7', lastHeard: 999_000, transits: 3 };
  let answer: () => Promise<ClusterSummary> = async () => told;
  await inOwnStream(
    () => answer(),
    async (stream, turnOn) => {
      const shown = async () => (await stream.snapshot('')).clusters;
      expect(await shown()).toEqual([told]);
      answer = () => Promise.reject(new Error('no answer'));
      // It reports still, so that it is known how it is.
      turnOn(FOLLOW_MS - 1);
      expect(await shown()).toEqual([told]);
      turnOn(1);
      expect(await shown()).toEqual([unknownSummary(LAB)]);
      const later = { ...told, cursor: 'e1-8' };
      answer = async () => later;
      expect(await shown()).toEqual([later]);
    },
  );
});

test('a page that has read the list and does not come keeps no room reporting', async () => {
  const asked: ClusterName[] = [];
  const follow = async (cluster: ClusterName) => {
    asked.push(cluster);
    return unheardSummary({ cluster });
  };
  await inOwnStream(follow, async (stream, turnOn, now) => {
    const report = (): boolean => stream.take('lab', { cursor: null, lastHeard: now(), recent: null, counts: null });
    expect(report()).toBe(false);
    expect(await stream.snapshot('')).toMatchObject({ cursor: 'e-2', clusters: [{ cluster: 'lab', lastHeard: null }] });
    expect(report()).toBe(true);
    turnOn(FOLLOW_ARRIVAL_MS);
    expect(report()).toBe(false);
    await stream.snapshot('');
    expect(asked).toEqual(['lab', 'lab']);
  });
});

describe.each<FanOut>(['direct', 'bridge'])('the stream of the fleet, %s', (fanOut) => {
  const open = (query?: string, headers?: Record<string, string>): Promise<FleetViewer> => FleetViewer.watch(fanOut, query, headers);

  afterEach(async () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    await bendFollow(null);
  });

  test('a snapshot of all clusters comes first, then what changes', async () => {
    const forwarder = await liveCluster();
    const viewer = await open();
    const first = await viewer.next();
    const snapshot = first?.data as FleetSnapshot;
    expect(first).toMatchObject({ event: 'snapshot', id: snapshot.cursor });
    expect(snapshot.clusters).toEqual(await listed());
    expect(snapshot).not.toHaveProperty('partial');
    expect(viewer.response.headers.get('content-type')).toContain('text/event-stream');
    const answer = await forwarder.change({ vms: [vm('ubuntu', 'host-2'), vm('other', null)] });
    const frame = (await viewer.next()) as { event: string; id: string; data: FleetFrame };
    expect(frame).toMatchObject({
      event: 'frame',
      id: frame.data.to,
      data: { from: snapshot.cursor, clusters: [{ cluster: forwarder.cluster, cursor: answer.cursor, vms: { total: 2 } }] },
    });
    await viewer.close();
  });

  test('a page that reads the list and then opens the stream asks each room once, and is told each summary once', async () => {
    const forwarder = await liveCluster();
    // Nobody has watched before.
    await evictDurableObject(fleet(), { webSockets: 'close' });
    const asked: string[] = [];
    for (const name of ['follow', 'summary'] as const) {
      const ask = ClusterRoom.prototype[name] as (...given: unknown[]) => unknown;
      vi.spyOn(ClusterRoom.prototype, name).mockImplementation(async function (this: ClusterRoom, ...given: unknown[]) {
        const answer = (await ask.apply(this, given)) as ClusterSummary | null;
        if (answer?.cluster === forwarder.cluster) asked.push(name);
        return answer;
      } as never);
    }
    const list = await (await call('/api/v1/clusters?follow=true', {}, { FAN_OUT: fanOut })).json<ClusterList>();
    expect(list.clusters.find(({ cluster }) => cluster === forwarder.cluster)).toMatchObject({ vms: { total: 1 } });
    // What happens before the stream is there comes with it.
    const moved = await forwarder.change({ vms: [vm('second', null)] });
    const viewer = await open(`?cursor=${list.cursor}`);
    viewer.state = fleetStateOf({ cursor: list.cursor ?? '', clusters: list.clusters });
    expect(await viewer.take()).toBe('frame');
    expect(await viewer.see((summary) => summary?.cursor === moved.cursor, forwarder.cluster)).toMatchObject({ vms: { total: 2 } });
    expect(asked).toEqual(['follow']);
    expect(await problemOf(await call('/api/v1/clusters?follow=perhaps'))).toMatchObject({ code: 'invalid' });
    await viewer.close();
  });

  test('each time that a cluster speaks its summary says so, counts unharmed', async () => {
    const forwarder = await liveCluster();
    const viewer = await open();
    const before = await viewer.see((summary) => summary !== undefined, forwarder.cluster);
    await scheduler.wait(2);
    await forwarder.heartbeat();
    const after = await viewer.see((summary) => summary?.lastHeard !== before?.lastHeard, forwarder.cluster);
    expect(after).toEqual({ ...before, lastHeard: expect.any(Number) });
    await viewer.close();
  });

  test('it ends up at what GET /clusters says, also while much happens in several clusters', async () => {
    const forwarders = [await liveCluster(), await liveCluster(), await liveCluster()];
    const viewer = await open();
    for (let round = 0; round < 12; round++) {
      await Promise.all(
        forwarders.map((forwarder, index) => forwarder.change({ vms: [vm(`vm-${round % (index + 2)}`, round % 2 ? 'host-1' : null)] })),
      );
    }
    for (const { cluster } of forwarders) {
      const last = (await listed()).find((summary) => summary.cluster === cluster);
      expect(await viewer.see((summary) => summary?.cursor === last?.cursor && summary?.lastHeard === last?.lastHeard, cluster)).toEqual(
        last,
      );
    }
    await viewer.close();
  });

  test('D1: a viewer that comes back gets what it missed in one frame, then a ping, and no snapshot', async () => {
    const forwarder = await liveCluster();
    const stays = await open();
    const leaves = await open();
    const { cursor } = await leaves.first();
    await leaves.close();
    for (const on of ['host-2', 'host-3']) {
      const answer = await forwarder.change({ vms: [vm('ubuntu', on), vm(`on-${on}`, on)] });
      await stays.see((summary) => summary?.cursor === answer.cursor, forwarder.cluster);
    }
    const back = await open(`?cursor=${cursor}`);
    const frame = (await back.expect('frame')) as unknown as FleetFrame;
    expect(frame).toMatchObject({ from: cursor, to: stays.state?.cursor });
    expect(frame.clusters?.find(({ cluster }) => cluster === forwarder.cluster)).toMatchObject({ vms: { total: 3 } });
    expect(await back.expect('ping')).toMatchObject({ cursor: stays.state?.cursor, now: expect.any(Number) });
    const atHead = await open('?cursor=nonsense', { 'last-event-id': frame.to });
    expect(await atHead.expect('ping')).toMatchObject({ cursor: frame.to });
    for (const viewer of [stays, back, atHead]) await viewer.close();
  });

  test.each(['feedfacecafe-1', 'EPOCH-9999999', 'EPOCH-0', 'EPOCH-01', '%00'])('D1: the cursor %s means a snapshot', async (forged) => {
    const viewer = await open();
    const { cursor } = await viewer.first();
    const other = await open(`?cursor=${forged.replace('EPOCH', cursor.split('-')[0] ?? '')}`);
    expect(await other.expect('snapshot')).toMatchObject({ cursor });
    for (const one of [viewer, other]) await one.close();
  });

  test('a cluster that is registered is shown as waiting, one that is removed as gone', async () => {
    const viewer = await open();
    await viewer.take();
    const cluster = freshName();
    await register(cluster);
    expect(await viewer.see((summary) => summary !== undefined, cluster)).toMatchObject({ cluster, lastHeard: null, cursor: null });
    expect((await removeCluster(cluster)).status).toBe(204);
    await viewer.see((summary) => summary === undefined, cluster);
    await viewer.close();
  });

  test('a cluster that is registered while somebody watches is followed', async () => {
    const viewer = await open();
    await viewer.take();
    const { cluster } = await liveCluster();
    expect(await viewer.see((summary) => summary?.vms.total === 1, cluster)).toMatchObject({ hosts: { total: 3, up: 3 } });
    await viewer.close();
  });

  test('who may see only some clusters gets only those, under everybody’s cursors', async () => {
    const mine = await liveCluster();
    const other = await liveCluster();
    const query = new URLSearchParams({ audience: `${mine.cluster},nobody` });
    const init = fanOut === 'bridge' ? { headers: { upgrade: 'websocket' } } : {};
    const all = await open();
    await all.take();
    const response = await fleet().fetch(`https://fleet/${fanOut}?${query}`, init);
    const seen: { event: string; data: FleetSnapshot | FleetFrame }[] = [];
    const viewer = new TestViewer(fanOut === 'bridge' ? bridged(response) : response);
    const take = async () => seen.push((await viewer.next()) as (typeof seen)[number]);
    await take();
    const moved = await other.change({ vms: [vm('secret', null)] });
    await all.see((summary) => summary?.cursor === moved.cursor, other.cluster);
    await take();
    const { cursor } = await mine.change({ vms: [vm('visible', null)] });
    await all.see((summary) => summary?.cursor === cursor, mine.cluster);
    await removeCluster(other.cluster);
    await take();
    await take();
    expect(JSON.stringify(seen)).not.toContain(other.cluster);
    expect(seen.map(({ data }) => data.clusters?.map(({ cluster }) => cluster))).toEqual([
      [mine.cluster],
      undefined,
      [mine.cluster],
      undefined,
    ]);
    const [first, ...frames] = seen.map(({ data }) => data) as [FleetSnapshot, ...FleetFrame[]];
    expect(frames.map(({ from }) => from)).toEqual([first.cursor, ...frames.slice(0, -1).map(({ to }) => to)]);
    await viewer.close();
    await all.close();
  });

  test('a share’s scope holds for the list and the stream alike', async () => {
    const [mine, other] = [await liveCluster(), await liveCluster()];
    const settings = { VIEWER_ACCESS: 'token', VIEWER_TOKEN: 'long-enough-for-a-token', FAN_OUT: fanOut };
    const wish = { clusters: [mine.cluster], expiresInSeconds: 60 };
    const made = await call('/api/v1/shares', { method: 'POST', headers: bearer(ADMIN), body: JSON.stringify(wish) }, settings);
    const headers = bearer((await made.json<{ url: string }>()).url.split('#share=')[1] ?? '');
    const list = await (await call('/api/v1/clusters', { headers }, settings)).json<ClusterList>();
    expect(list.partial).toBe(true);
    expect(list.clusters.map(({ cluster }) => cluster)).toEqual([mine.cluster]);
    const viewer = new FleetViewer(await call('/api/v1/stream', { headers }, settings));
    expect(await viewer.first()).toMatchObject({ partial: true, clusters: list.clusters });
    await other.change({ vms: [vm('secret', null)] });
    const frame = (await viewer.expect('frame')) as unknown as FleetFrame;
    expect([frame.clusters, frame.gone]).toEqual([undefined, undefined]);
    await viewer.close();
  });

  test('a room that does not answer is shown as not known, and does not hold up the others', async () => {
    const silent = await liveCluster();
    const forwarder = await liveCluster();
    muteReports(silent.cluster);
    await evictDurableObject(fleet(), { webSockets: 'close' });
    await bendFollow((cluster) =>
      cluster === silent.cluster ? Promise.reject(new Error('no answer')) : roomOf(cluster).follow(Date.now() + FOLLOW_MS),
    );
    const viewer = await open();
    expect(await viewer.see((summary) => summary?.vms.total === 1, forwarder.cluster)).toBeDefined();
    expect(viewer.state?.clusters.get(silent.cluster)).toMatchObject({ unknown: true, lastHeard: null, cursor: null });
    await bendFollow(null);
    expect(await runDurableObjectAlarm(fleet())).toBe(true);
    expect(await viewer.see((summary) => summary?.vms.total === 1, silent.cluster)).not.toHaveProperty('unknown');
    await viewer.close();
  });

  test('a room that hangs is waited for with patience, and taken when it answers after all', async () => {
    const hanging = await liveCluster();
    const forwarder = await liveCluster();
    muteReports(hanging.cluster);
    await evictDurableObject(fleet(), { webSockets: 'close' });
    const hang = Promise.withResolvers<void>();
    const asked: ClusterName[] = [];
    await bendFollow(async (cluster) => {
      asked.push(cluster);
      if (cluster === hanging.cluster) await hang.promise;
      return roomOf(cluster).follow(Date.now() + FOLLOW_MS);
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const opening = open();
    await until(() => asked.includes(hanging.cluster) && asked.includes(forwarder.cluster));
    await runInDurableObject(fleet(), () => void vi.advanceTimersByTime(FOLLOW_PATIENCE_MS));
    const viewer = await opening;
    expect(await viewer.see((summary) => summary?.vms.total === 1, forwarder.cluster)).toBeDefined();
    expect(viewer.state?.clusters.get(hanging.cluster)).toMatchObject({ lastHeard: null });
    vi.useRealTimers();
    await runInDurableObject(fleet(), () => hang.resolve());
    expect(await viewer.see((summary) => summary?.vms.total === 1, hanging.cluster)).toBeDefined();
    await viewer.close();
  });

  test('the list does not wait for a room that hangs', async () => {
    const hanging = await liveCluster();
    const other = await liveCluster();
    const asked: ClusterName[] = [];
    const ROOMS = {
      getByName: (cluster: ClusterName) => {
        asked.push(cluster);
        return cluster === hanging.cluster ? { summary: () => new Promise(() => {}) } : env.ROOMS.getByName(cluster);
      },
    };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = call('/api/v1/clusters', {}, { ROOMS } as unknown as Record<string, undefined>);
    await until(() => asked.includes(hanging.cluster) && asked.includes(other.cluster));
    vi.advanceTimersByTime(FOLLOW_PATIENCE_MS);
    const { clusters } = await (await answer).json<ClusterList>();
    const find = (name: string) => clusters.find(({ cluster }) => cluster === name);
    expect(find(hanging.cluster)).toMatchObject({ unknown: true });
    expect(find(other.cluster)).toMatchObject({ vms: { total: 1 } });
  });

  test('the head of a stream opens none', async () => {
    expect((await call('/api/v1/stream', { method: 'HEAD' }, { FAN_OUT: fanOut })).status).toBe(405);
  });

  test('it is closed to whom GET /clusters is closed', async () => {
    const response = await call('/api/v1/stream', {}, { FAN_OUT: fanOut, VIEWER_ACCESS: undefined });
    expect(response.status).toBe(403);
    expect(await problemOf(response)).toMatchObject({ code: 'viewer-access-closed' });
  });
});

/** The viewer's end of a bridge, without the Worker's clock: its binary messages are the stream. */
function bridged({ webSocket }: Response): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  if (webSocket === null) throw new Error('no socket');
  writer.closed.catch(() => webSocket.close());
  webSocket.binaryType = 'arraybuffer';
  webSocket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string') writer.write(new Uint8Array(data as ArrayBuffer)).catch(() => {});
  });
  webSocket.accept();
  return new Response(readable);
}

describe('the fleet was evicted under its viewers', () => {
  test('D1: they get a snapshot of another epoch before any frame, whole, and go on', async () => {
    const forwarder = await liveCluster();
    const other = await liveCluster();
    const viewer = await FleetViewer.watch('bridge');
    const { cursor } = await viewer.first();
    await evictDurableObject(fleet());
    const answer = await forwarder.change({ vms: [vm('ubuntu', 'host-2')] });
    const snapshot = (await viewer.expect('snapshot')) as unknown as FleetSnapshot;
    expect(snapshot.cursor.split('-')[0]).not.toBe(cursor.split('-')[0]);
    const find = (name: string) => snapshot.clusters.find(({ cluster }) => cluster === name);
    expect(find(forwarder.cluster)).toMatchObject({ cursor: answer.cursor });
    expect(find(other.cluster)).toMatchObject({ vms: { total: 1 } });
    await other.change({ goneVms: ['default/ubuntu'] });
    expect(await viewer.expect('frame')).toMatchObject({
      from: snapshot.cursor,
      clusters: [{ cluster: other.cluster, vms: { total: 0 } }],
    });
    await viewer.close();
  });

  test('the alarm finds them too', async () => {
    const forwarder = await liveCluster();
    const viewer = await FleetViewer.watch('bridge');
    await viewer.take();
    await evictDurableObject(fleet());
    expect(await runDurableObjectAlarm(fleet())).toBe(true);
    expect(await viewer.expect('snapshot')).toMatchObject({
      clusters: expect.arrayContaining([expect.objectContaining({ cluster: forwarder.cluster })]),
    });
    await viewer.close();
  });
});
