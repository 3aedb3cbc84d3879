/** What a room answers of migrations and of one VM (SPEC S4, S5). */
import { describe, expect, test } from 'vitest';
import type { MigrationBuckets, MigrationPage, VmDetail, VmHistory } from '../../core/history.ts';
import { LIVE_WITHIN_MS, MAX_SILENCES_COUNT } from '../../core/limits.ts';
import { selectInterval } from '../../worker/history.ts';
import { inLogRoom, movedRoom, transit } from './log-room.ts';
import { finished, vm } from './support.ts';

describe('migrations', () => {
  test('newest first, page by page; those under way on the first only', () =>
    inLogRoom(async (room) => {
      movedRoom(room);
      for (const id of ['m2', 'm3', 'm4']) {
        room.now += 1_000;
        room.change({ finished: [finished(id, 'b', { outcome: 'failed' })] });
      }
      room.change({ vms: [vm('a', 'host-2', { transit: transit('m5') })] });
      room.now += 1_000;
      room.change({ vms: [vm('b', 'host-1', { transit: transit('m6', 'queued') })] });
      const first = await room.ok<MigrationPage>('migrations', { limit: 3 });
      expect(first.now).toBe(room.now);
      expect(first.running).toMatchObject([
        { id: 'm6', vm: 'default/b', stages: [{ stage: 'queued', durationMs: null }], startedAt: room.now },
        { id: 'm5', vm: 'default/a' },
      ]);
      expect(first.finished.map(({ id }) => id)).toEqual(['m4', 'm3', 'm2']);
      const second = await room.ok<MigrationPage>('migrations', { limit: 3, before: first.next ?? '' });
      expect(second).toMatchObject({ running: [], next: null });
      expect(second.finished).toEqual([
        {
          ...{ id: 'm1', vm: 'default/a', outcome: 'succeeded', cause: 'user', from: 'host-1', to: 'host-2', tries: 0, blackoutMs: null },
          startedAt: 1_002_000,
          endedAt: 1_004_000,
          recordedAt: 1_004_000,
          stages: [
            { stage: 'scheduling', at: 1_002_000, durationMs: 1_000 },
            { stage: 'transferring', at: 1_003_000, durationMs: 1_000 },
          ],
        },
      ]);
    }));

  test('of one VM', () =>
    inLogRoom(async (room) => {
      movedRoom(room);
      room.change({ vms: [vm('b', 'host-1', { transit: transit('m6') })], finished: [finished('m2', 'b')] });
      expect(await room.ok('migrations', { vm: 'default/b' })).toMatchObject({ running: [{ id: 'm6' }], finished: [{ id: 'm2' }] });
      expect(await room.ok('migrations', { vm: 'default/a' })).toMatchObject({ running: [], finished: [{ id: 'm1' }] });
      expect(await room.ok('migrations', { vm: 'default/c' })).toMatchObject({ running: [], finished: [] });
    }));

  test('one that is amended keeps its place and when it was learnt', () =>
    inLogRoom(async (room) => {
      movedRoom(room);
      const learnt = room.now;
      room.change({ finished: [finished('m2', 'b', { outcome: 'failed' })] });
      room.now += 60_000;
      room.change({ finished: [finished('m1', 'a', { requested: 'host-2' })] });
      const page = await room.ok<MigrationPage>('migrations');
      expect(page.finished).toMatchObject([{ id: 'm2' }, { id: 'm1', requested: 'host-2', recordedAt: learnt }]);
    }));

  test.each(['', 'nonsense', 'e-1', 'x.1', 'e.9'])('a page that never was: %j', (before) =>
    inLogRoom(async (room) => {
      movedRoom(room);
      expect((await room.read('migrations', { before })).body).toMatchObject({ code: 'invalid-cursor', status: 400 });
    }),
  );

  test('by intervals', () =>
    inLogRoom(async (room) => {
      movedRoom(room);
      room.change({ finished: [finished('m2', 'b', { outcome: 'failed' }), finished('m3', 'b', { outcome: 'aborted' })] });
      room.now += 120_000;
      room.change({ finished: [finished('m4', 'b', { outcome: 'unknown' })] });
      const none = { succeeded: 0, failed: 0, aborted: 0, unknown: 0 };
      const { buckets, ...rest } = await room.ok<MigrationBuckets>('migrations', { bucket: 60, from: 960_000, to: 1_140_000 });
      expect(rest).toEqual({ now: room.now, bucket: 60, silences: [{ from: room.now - 120_000, to: room.now }] });
      expect(buckets).toEqual([
        { at: 960_000, ...none, succeeded: 1, failed: 1, aborted: 1 },
        { at: 1_020_000, ...none },
        { at: 1_080_000, ...none, unknown: 1 },
      ]);
      const all = await room.ok<MigrationBuckets>('migrations', { bucket: 60, vm: 'default/a' });
      expect(all.buckets.at(-1)?.at).toBe(1_080_000);
      expect(all.buckets[0]?.at, 'nothing is counted of the time before the room').toBeGreaterThanOrEqual(900_000);
      expect(all.buckets.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0)).toBe(1);
    }));

  test('when the cluster was not heard, and that it is not: what an interval without any does not tell', () =>
    inLogRoom(async (room) => {
      movedRoom(room);
      const silencesOf = async (query: Record<string, number> = {}) =>
        (await room.ok<MigrationBuckets>('migrations', { bucket: 60, ...query })).silences;
      const began = room.now;
      room.now += LIVE_WITHIN_MS;
      room.heartbeat();
      expect(await silencesOf()).toEqual([]);
      const lost = room.now;
      room.now += LIVE_WITHIN_MS + 1;
      expect(await silencesOf()).toEqual([{ from: lost, to: null }]);
      room.heartbeat();
      const found = room.now;
      expect(await silencesOf()).toEqual([{ from: lost, to: found }]);
      room.now += 300_000;
      expect(await silencesOf()).toEqual([
        { from: lost, to: found },
        { from: found, to: null },
      ]);
      // Of a part of the time, those that have a part in it.
      expect(await silencesOf({ from: began - 600_000, to: began - 300_000 })).toEqual([]);
      expect(await silencesOf({ from: room.now - 60_000, to: room.now })).toEqual([{ from: found, to: null }]);
    }));

  test('of very many silences the longest are told, and how many are not', () =>
    inLogRoom(async (room) => {
      movedRoom(room);
      const lengths = Array.from({ length: MAX_SILENCES_COUNT + 50 }, (_, index) => LIVE_WITHIN_MS + 1 + ((index * 37) % 251) * 100);
      for (const length of lengths) {
        room.now += length;
        room.heartbeat();
      }
      const lengthsOf = ({ silences }: MigrationBuckets): number[] => silences.map(({ from, to }) => (to ?? room.now) - from);
      const longest = [...lengths].sort((a, b) => b - a);
      const told = await room.ok<MigrationBuckets>('migrations', { bucket: 600 });
      expect(lengthsOf(told).sort((a, b) => b - a)).toEqual(longest.slice(0, MAX_SILENCES_COUNT));
      expect(told.silences.map(({ from }) => from)).toEqual(told.silences.map(({ from }) => from).sort((a, b) => a - b));
      expect(told.shorterSilences).toBe(50);
      room.now += LIVE_WITHIN_MS + 1;
      const lasting = await room.ok<MigrationBuckets>('migrations', { bucket: 600 });
      expect(lasting.silences).toHaveLength(MAX_SILENCES_COUNT);
      expect([lasting.silences.at(-1)?.to, lasting.shorterSilences]).toEqual([null, 51]);
    }));

  const asked = { bucketMs: 100, from: undefined, to: undefined, now: 5_050, oldest: 3_050, most: 10 };
  test.each<[string, Partial<typeof asked> | { from?: number; to?: number }, unknown]>([
    ['as many as there can be, up to now', {}, { value: { from: 4_100, to: 5_100 } }],
    ['not further back than there are any', { oldest: 4_720 }, { value: { from: 4_700, to: 5_100 } }],
    ['whole ones', { from: 4_950, to: 5_001 }, { value: { from: 4_900, to: 5_100 } }],
    ['as many as are given', { from: 4_000, to: 5_000 }, { value: { from: 4_000, to: 5_000 } }],
    ['one more', { from: 4_000, to: 5_001 }, { error: { code: 'invalid' } }],
    ['turned round', { from: 5_001, to: 4_000 }, { error: { code: 'invalid' } }],
  ])('intervals: %s', (_name, rest, expected) => {
    expect(selectInterval({ ...asked, ...rest })).toMatchObject(expected as object);
  });
});

describe('one VM', () => {
  test('in detail: what is shown, its uid, the stages under way, where it was', () =>
    inLogRoom(async (room) => {
      const { times } = movedRoom(room);
      room.now += 1_000;
      room.change({ vms: [vm('a', 'host-2', { transit: { ...transit('m2', 'preparing'), from: 'host-2', to: 'host-1' } })] });
      const detail = await room.ok<VmDetail>('vm', { namespace: 'default', name: 'a' });
      expect(detail).toMatchObject({
        now: room.now,
        id: 'default/a',
        host: 'host-2',
        uid: 'uid-a',
        lastMigration: { outcome: 'succeeded' },
      });
      expect(detail.stages).toEqual([{ stage: 'preparing', at: room.now, durationMs: null }]);
      expect(detail.places).toEqual([
        { host: 'host-1', since: null, until: times[3] },
        { host: 'host-2', since: times[3], until: null, present: true, broughtBy: 'm1' },
      ]);
      // The migration still under way brings it there.
      room.now += 1_000;
      room.change({ vms: [vm('a', 'host-1', { transit: { ...transit('m2', 'finishing'), from: 'host-2', to: 'host-1' } })] });
      expect((await room.ok<VmDetail>('vm', { namespace: 'default', name: 'a' })).places.at(-1)).toMatchObject({ broughtBy: 'm2' });
    }));

  test('at rest it has no stages', () =>
    inLogRoom(async (room) => {
      movedRoom(room);
      expect((await room.ok<VmDetail>('vm', { namespace: 'default', name: 'a' })).stages).toEqual([]);
    }));

  test('its history goes on when it is gone, as long as its migrations are kept', () =>
    inLogRoom(async (room) => {
      movedRoom(room);
      const of = (name: string) => ({ namespace: 'default', name });
      room.change({ finished: [finished('m2', 'a', { outcome: 'failed', createdAt: 2 })] });
      const history = await room.ok<VmHistory>('vm-history', of('a'));
      expect(history).toMatchObject({ now: room.now, vm: 'default/a', places: [{ host: 'host-1' }, { host: 'host-2', broughtBy: 'm1' }] });
      expect(history.migrations.map(({ id }) => id)).toEqual(['m2', 'm1']);
      room.change({ goneVms: ['default/a'] });
      expect(await room.ok<VmHistory>('vm-history', of('a'))).toMatchObject({ places: [], migrations: [{ id: 'm2' }, { id: 'm1' }] });
      expect((await room.read('vm', of('a'))).body).toMatchObject({ code: 'unknown-vm', status: 404 });
      expect(await room.ok<VmHistory>('vm-history', of('b'))).toMatchObject({
        places: [{ host: 'host-1', present: true }],
        migrations: [],
      });
      for (const name of ['never', 'Not a name', '']) {
        expect((await room.read('vm-history', of(name))).body).toMatchObject({ code: 'unknown-vm', status: 404 });
      }
    }));
});
