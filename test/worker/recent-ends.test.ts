/** How migrations ended lately, as a room counts it: each once, at the time of its end, in rows that are written anyway (T6, R6). */
import { expect, test } from 'vitest';
import { RECENT_INTERVAL_MS } from '../../core/limits.ts';
import { lastHour } from '../../core/recent.ts';
import { inLogRoom, type LogRoom, movedRoom, transit } from './log-room.ts';
import { finished, host, vm } from './support.ts';

const hourOf = (room: LogRoom, now = room.now) => {
  const { succeeded, failed } = lastHour(room.row.recent ?? null, now);
  return { succeeded, failed };
};

test('each migration counts once, however often it is told, and also where its VM is gone', () =>
  inLogRoom((room) => {
    movedRoom(room);
    expect(hourOf(room)).toEqual({ succeeded: 1, failed: 0 });
    room.change({ finished: [finished('m1', 'a', { requested: 'host-2' }), finished('m2', 'gone', { outcome: 'failed' })] });
    room.change({ finished: [finished('m1', 'a'), finished('m2', 'gone', { outcome: 'failed', reason: 'why' })] });
    room.sync({ finished: [finished('m1', 'a'), finished('m2', 'gone', { outcome: 'failed' })] });
    expect(hourOf(room)).toEqual({ succeeded: 1, failed: 1 });
  }));

test('T6: what ended while nobody watched has no time, and counts for nothing', () =>
  inLogRoom((room) => {
    room.now += 1_000;
    room.sync({ hosts: [host('host-1')], vms: [vm('a', 'host-1')], finished: [finished('m1', 'a', { outcome: 'failed' })] });
    expect(room.row.recent).toBeNull();
  }));

test('T8: an end that was not known counts from when it was seen, once its outcome is told', () =>
  inLogRoom((room) => {
    movedRoom(room);
    room.change({ vms: [vm('b', 'host-1', { transit: transit('m2') })] });
    room.now += 1_000;
    const endedAt = room.now;
    room.change({ vms: [vm('b', 'host-1')] });
    expect(hourOf(room)).toEqual({ succeeded: 1, failed: 0 });
    room.now += 4 * RECENT_INTERVAL_MS;
    room.change({ finished: [finished('m2', 'b', { outcome: 'failed' })] });
    expect(hourOf(room)).toEqual({ succeeded: 1, failed: 1 });
    expect(lastHour(room.row.recent ?? null, room.now).intervals.find(({ failed }) => failed > 0)?.at).toBe(
      Math.floor(endedAt / RECENT_INTERVAL_MS) * RECENT_INTERVAL_MS,
    );
  }));

test('a room that wakes knows it from its session’s row; one of a version that did not count makes it up from what it kept', () =>
  inLogRoom((room) => {
    movedRoom(room);
    room.change({ finished: [finished('m2', 'b', { outcome: 'failed' })] });
    room.sync({ finished: [finished('m3', 'b', { outcome: 'failed' })] });
    const { recent } = room.row;
    expect(hourOf(room)).toEqual({ succeeded: 1, failed: 1 });
    room.wake();
    expect(room.row.recent).toEqual(recent);
    const { rowsRead } = room.store.counters;
    room.storage.sql.exec(`UPDATE session SET value = json_remove(value, '$.recent')`);
    room.storage.sql.exec(`UPDATE segments SET session = json_remove(session, '$.recent')`);
    room.wake();
    expect(room.row.recent).toEqual(recent);
    expect(room.store.counters.rowsRead, 'else it reads no migration').toBeGreaterThanOrEqual(rowsRead + 3);
  }));
