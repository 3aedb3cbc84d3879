/** What a room answers of its past (SPEC S1–S5). That it is right whatever happened is in history-property.test.ts. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../core/downlink.ts';
import type { FramePage, MigrationPage, VmDetail, VmHistory } from '../../core/history.ts';
import { composeHost } from '../../core/host-memory.ts';
import type { Problem } from '../../core/uplink.ts';
import { entitiesOf, oldestRevision, pageOfFrames, startOfPage } from '../../worker/history.ts';
import type { SegmentMeta } from '../../worker/room-log.ts';
import { inLogRoom, movedRoom, transit } from './log-room.ts';
import { call, finished, freshName, host, liveCluster, roomOf, vm } from './support.ts';

describe('a past moment', () => {
  test('has the cursor, the digest and the time of then', () =>
    inLogRoom(async (room) => {
      const { times } = movedRoom(room);
      const at = (times[1] ?? 0) + 500;
      const past = await room.ok<Snapshot>('snapshot', { at });
      expect(past).toMatchObject({
        cluster: 'lab',
        cursor: 'e-2',
        now: at,
        lastHeard: at,
        vms: [{ id: 'default/a', transit: { id: 'm1' } }, {}],
      });
      expect(past.digest).not.toBe(room.row.digest);
    }));

  test('is taken as ISO 8601 too', () =>
    inLogRoom(async (room) => {
      const { times } = movedRoom(room);
      const at = new Date(times[2] ?? 0).toISOString();
      expect(await room.ok<Snapshot>('snapshot', { at })).toMatchObject({ cursor: 'e-3', now: times[2] });
    }));

  test('that was before anything: nothing is known, or the oldest is named', () =>
    inLogRoom(async (room) => {
      expect((await room.read('snapshot', { at: room.now })).body).toMatchObject({ code: 'out-of-range', status: 404 });
      expect((await room.read('snapshot', { at: room.now })).body.oldest).toBeUndefined();
      const { times } = movedRoom(room);
      expect((await room.read('snapshot', { at: Number(times[0]) - 1 })).body).toMatchObject({ code: 'out-of-range', oldest: times[0] });
    }));

  test('in the future is refused, now is not', () =>
    inLogRoom(async (room) => {
      movedRoom(room);
      expect((await room.read('snapshot', { at: room.now + 1 })).body).toMatchObject({ code: 'invalid', status: 400 });
      expect(await room.ok<Snapshot>('snapshot', { at: room.now })).toMatchObject({ cursor: 'e-4', now: room.now });
    }));

  test('D5: while the cluster was silent, it is stale', () =>
    inLogRoom(async (room) => {
      const { times } = movedRoom(room);
      const heard = times.at(-1) ?? 0;
      room.now = heard + 100_000;
      room.heartbeat();
      room.now += 10_000;
      room.change({ vms: [vm('b', null)] });
      const lastHeard = async (at: number): Promise<number | null> => (await room.ok<Snapshot>('snapshot', { at })).lastHeard;
      expect(await lastHeard(heard)).toBe(heard);
      expect(await lastHeard(heard + 99_999)).toBe(heard);
      expect(await lastHeard(heard + 100_000)).toBe(heard + 100_000);
      expect(await lastHeard(heard + 105_000)).toBe(heard + 105_000);
      expect(room.rows('SELECT * FROM silences')).toEqual([{ began: heard, ended: heard + 100_000 }]);
    }));

  test('the same state is the same text, in the order of the tables', () => {
    const one = composeHost(host('b'), {});
    const two = composeHost(host('a'), {});
    const forth = entitiesOf({
      hosts: new Map([
        ['b', one],
        ['a', two],
      ]),
      vms: new Map(),
    });
    const back = entitiesOf({
      hosts: new Map([
        ['a', two],
        ['b', one],
      ]),
      vms: new Map(),
    });
    expect(forth.json).toBe(back.json);
    expect(forth.json.indexOf('"a"')).toBeLessThan(forth.json.indexOf('"b"'));
  });
});

describe('frames', () => {
  test('go on from a cursor, in pages', () =>
    inLogRoom(async (room) => {
      const { times } = movedRoom(room);
      const first = await room.ok<FramePage>('frames', { limit: 2 });
      expect(first).toMatchObject({ cursor: 'e-4', oldest: 'e-1', oldestAt: times[0], next: 'e-3' });
      expect(first.frames.map(({ from, to, at }) => [from, to, at])).toEqual([
        ['e-1', 'e-2', times[1]],
        ['e-2', 'e-3', times[2]],
      ]);
      const second = await room.ok<FramePage>('frames', { from: 'e-3', limit: 2 });
      expect(second).toMatchObject({ next: null, frames: [{ to: 'e-4' }] });
      expect(second.jump).toBeUndefined();
      expect((await room.ok<FramePage>('frames', { from: 'e-4' })).frames).toEqual([]);
    }));

  test('a room that knows nothing has none', () =>
    inLogRoom(async (room) => {
      expect(await room.ok('frames')).toEqual({ cursor: null, oldest: null, oldestAt: null, next: null, frames: [] });
      expect((await room.read('frames', { from: 'e-1' })).body).toMatchObject({ code: 'invalid-cursor', status: 400 });
    }));

  test('end before one that was not kept, and say where they go on', () =>
    inLogRoom(
      async (room) => {
        movedRoom(room);
        room.now += 1_000;
        room.change({ vms: Array.from({ length: 20 }, (_, index) => vm(`vm-${index}`, 'host-1', { reason: 'x'.repeat(100) })) });
        const at = room.now;
        room.now += 1_000;
        room.change({ vms: [vm('b', null)] });
        const page = await room.ok<FramePage>('frames', { from: 'e-2' });
        expect(page).toMatchObject({ cursor: 'e-6', next: null, jump: { to: 'e-5', at }, frames: [{ to: 'e-3' }, { to: 'e-4' }] });
        expect((await room.ok<Snapshot>('snapshot', { at })).cursor).toBe('e-5');
        expect((await room.ok<FramePage>('frames', { from: 'e-4' })).frames).toEqual([]);
        expect((await room.ok<FramePage>('frames', { from: 'e-5' })).frames).toMatchObject([{ from: 'e-5', to: 'e-6' }]);
        // A page that is full before the hole says nothing of it yet.
        expect(await room.ok<FramePage>('frames', { from: 'e-2', limit: 1 })).toMatchObject({ next: 'e-3', frames: [{ to: 'e-3' }] });
      },
      { largestFrameBytes: 1_500 },
    ));

  const HEAD = { epoch: 'e', revision: 9 };
  test.each([
    [null, { value: 3 }],
    ['e-3', { value: 3 }],
    ['e-9', { value: 9 }],
    ['e-2', { error: { code: 'out-of-range', extra: { oldest: 'e-3' } } }],
    ['e-10', { error: { code: 'invalid-cursor' } }],
    ['e-0', { error: { code: 'invalid-cursor' } }],
    ['x-5', { error: { code: 'invalid-cursor' } }],
    ['', { error: { code: 'invalid-cursor' } }],
    ['e-5 ', { error: { code: 'invalid-cursor' } }],
  ])('from %j', (asked, expected) => {
    expect(startOfPage(asked, HEAD, 3)).toMatchObject(expected);
  });

  const segment = (first: number, last: number, hole = false): SegmentMeta => ({ first, last, lastAt: first, bytes: 1, hole });
  test.each<[string, SegmentMeta[], number | null, number | null]>([
    ['nothing', [], null, null],
    ['its checkpoint', [segment(4, 9)], 4, 4],
    ['a room of an older version: the state before its first frame', [segment(4, 9)], null, 3],
    ['its first checkpoint comes later', [segment(4, 5), segment(6, 9)], 6, 3],
    ['there is no cursor 0', [segment(1, 9)], null, 1],
    ['a hole leads to its end', [segment(4, 4, true), segment(5, 9)], null, 4],
  ])('the oldest: %s', (_name, segments, checkpoint, expected) => {
    expect(oldestRevision(segments, checkpoint === null ? null : { revision: checkpoint })).toBe(expected);
  });

  test('a page is bounded by bytes, but never empty', () => {
    const lines = ['"é234"', '"12345"', '"12345"'].join('\n');
    const page = (bytes: number) => pageOfFrames([segment(5, 7)], () => lines, 4, { count: 9, bytes });
    expect(page(1)).toEqual({ frames: ['"é234"'], reached: 5, hole: null });
    expect(page(13).reached).toBe(5);
    expect(page(14).reached).toBe(6);
    expect(page(21).reached).toBe(7);
  });
});

describe('through the Worker', () => {
  test('each address leads to its answer', async () => {
    const forwarder = await liveCluster();
    await forwarder.change({ vms: [vm('ubuntu', 'host-1', { transit: transit('m1') })] });
    await forwarder.change({ vms: [vm('ubuntu', 'host-2')], finished: [finished('m1', 'ubuntu')] });
    const get = async <Answer>(path: string): Promise<Answer> => (await call(`/api/v1/clusters/${forwarder.cluster}${path}`)).json();
    const frames = await get<FramePage>('/frames?limit=1');
    expect(frames.frames).toHaveLength(1);
    expect((await get<Snapshot>(`?at=${frames.frames[0]?.at}`)).vms).toHaveLength(1);
    expect(await get<MigrationPage>('/migrations?limit=5')).toMatchObject({ finished: [{ id: 'm1' }] });
    expect(await get<VmDetail>('/vms/default/ubuntu')).toMatchObject({ uid: 'uid-ubuntu' });
    expect(await get<VmHistory>('/vms/default/ubuntu/history')).toMatchObject({ migrations: [{ id: 'm1' }] });
    expect(await get<Problem>('/vms/default/other')).toMatchObject({ code: 'unknown-vm' });
    expect(await get<Problem>('?at=tomorrow')).toMatchObject({ code: 'invalid', at: 'at' });
  });

  test('of a cluster that is not registered', async () => {
    const name = freshName();
    for (const path of ['?at=1', '/frames', '/migrations', '/vms/default/a', '/vms/default/a/history']) {
      expect((await call(`/api/v1/clusters/${name}${path}`)).status).toBe(404);
    }
    for (const path of ['snapshot?at=1', 'frames', 'migrations', 'vm?namespace=default&name=a', 'vm-history?namespace=default&name=a']) {
      expect((await roomOf(name).fetch(`https://room/${path}`)).status).toBe(404);
    }
    const tables = await runInDurableObject(roomOf(name), (_room, { storage }) =>
      storage.sql.exec(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'`).toArray(),
    );
    expect(tables).toEqual([]);
  });
});
