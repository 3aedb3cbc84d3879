import { describe, expect, test } from 'vitest';
import type { MigrationPage } from '../../core/history.ts';
import type { VmMemory } from '../../core/memory.ts';
import { forgetEnds, isLookDue, type OldEnd, wasForgotten } from '../../worker/forgetting.ts';
import { inLogRoom, type LogRoom } from './log-room.ts';
import { finished, host, vm } from './support.ts';

const NOTHING = { overAt: 0, createdAt: 0 };

describe('T8: what goes', () => {
  const end = (id: string, rest: Partial<OldEnd> = {}): OldEnd => ({
    id,
    vm: 'default/a',
    recordedAt: 1_000,
    overAt: 900,
    createdAt: 800,
    ...rest,
  });

  test('one that its VM still shows stays', () => {
    expect(forgetEnds([end('m1'), end('m2')], ({ id }) => id === 'm1', NOTHING).ids).toEqual(['m2']);
    expect(forgetEnds([end('m1')], () => true, NOTHING).forgotten).toEqual(NOTHING);
  });

  test.each<[string, OldEnd[], { overAt: number; createdAt: number }]>([
    ['the newest counts', [end('m1'), end('m2', { overAt: 950, createdAt: 700 })], { overAt: 950, createdAt: 800 }],
    ['without times nothing is known', [end('m1', { overAt: null, createdAt: null })], { overAt: 500, createdAt: 500 }],
    ['a clock that is years ahead counts up to when it was learnt', [end('m1', { overAt: 9e12 })], { overAt: 1_000, createdAt: 800 }],
  ])('%s', (_name, old, expected) => {
    expect(forgetEnds(old, () => false, { overAt: 500, createdAt: 500 }).forgotten).toEqual(expected);
  });
});

test.each<[string, Parameters<typeof isLookDue>[0], boolean]>([
  ['the first time', undefined, true],
  ['at once again', { at: 10_000, endCount: 500 }, false],
  ['just before a fortieth of the retention', { at: 9_901, endCount: 500 }, false],
  ['a fortieth of it later', { at: 9_900, endCount: 500 }, true],
  ['not quite a fortieth of what is kept has come', { at: 10_000, endCount: 491 }, false],
  ['a fortieth of what is kept has come', { at: 10_000, endCount: 490 }, true],
])('looking for what is to go: %s', (_name, look, expected) => {
  const settings = { retention: { ageMs: 4_000, bytes: 1 }, endsCount: 400 };
  expect(isLookDue(look, { frameAt: 10_000, endCount: 500 }, settings)).toBe(expected);
});

describe('T8: whether an end without a row had one', () => {
  const last = { id: 'm', outcome: 'failed', cause: 'user', from: null, to: null, endedAt: null, createdAt: null } as const;
  const transit = { id: 'm', startedAt: 1, cause: 'user', from: null, to: null, stages: [] } as const;
  const forgotten = { overAt: 100, createdAt: 50 };
  test.each<[string, { overAt?: number; createdAt: number | null }, VmMemory, boolean, boolean]>([
    ['the last one of its VM', { overAt: 999, createdAt: 999 }, { last }, true, true],
    ['one under way, whatever its times', { overAt: 1, createdAt: 1 }, { transit }, false, false],
    ['over before one that was pruned', { overAt: 100, createdAt: 99 }, {}, false, true],
    ['over after it, though created before', { overAt: 101, createdAt: 1 }, {}, false, false],
    ['told while the cluster is watched', { overAt: 1, createdAt: 1 }, {}, true, false],
    ['created before one that was pruned, its end has no time', { createdAt: 50 }, {}, false, true],
    ['created after it', { createdAt: 51 }, {}, false, false],
    ['nothing is known of its times', { createdAt: null }, {}, false, false],
  ])('%s', (_name, times, memory, watched, expected) => {
    expect(wasForgotten({ id: 'm', ...times }, memory, { forgotten, watched })).toBe(expected);
  });
});

describe('T8: a forwarder tells again what was pruned', () => {
  const DAY_MS = 24 * 3_600_000;
  const old = finished('m1', 'a', { createdAt: 10, overAt: 20, outcome: 'failed', reason: 'r' });
  const last = finished('m2', 'a', { createdAt: 30, overAt: 40, outcome: 'failed' });
  const settings = { segmentBytes: 1, retention: { ageMs: 7 * DAY_MS, bytes: 1e9 } };
  const idsOf = (room: LogRoom): unknown[] => room.rows('SELECT id FROM migrations ORDER BY number').map(({ id }) => id);

  /** Two failed, and eight days later the next segment is opened. */
  function agedRoom(room: LogRoom): void {
    room.sync({ hosts: [host('host-1')], vms: [vm('a', 'host-1')] });
    room.change({ finished: [old, last] });
    room.now += 8 * DAY_MS;
    expect(idsOf(room)).toEqual(['m1', 'm2']);
    room.change({ hosts: [host('host-1', { cpu: 1 })] });
    expect(idsOf(room)).toEqual([]);
  }

  test('none of it is news: no row, no frame, no more tries', () =>
    inLogRoom((room) => {
      agedRoom(room);
      const before = room.shown;
      expect(room.sync({ finished: [old, last] }).frame).toBeNull();
      expect(idsOf(room)).toEqual([]);
      expect(room.shown).toEqual(before);
      room.wake();
      expect(room.sync({ finished: [old, last] }).frame).toBeNull();
      expect(idsOf(room)).toEqual([]);
    }, settings));

  test('what the last one lacked is still filled in where its VM shows it', () =>
    inLogRoom((room) => {
      agedRoom(room);
      room.sync({ finished: [{ ...last, reason: 'timed out' }] });
      expect(room.shown).toMatchObject({ vms: [{ lastMigration: { outcome: 'failed', reason: 'timed out', tries: 2 } }] });
      expect(idsOf(room)).toEqual([]);
    }, settings));

  test('of too many the oldest go, however young', () =>
    inLogRoom(
      (room) => {
        room.sync({ hosts: [host('host-1')] });
        room.change({ finished: ['m4', 'm3', 'm2', 'm1'].map((id) => finished(id, 'gone')) });
        room.change({ hosts: [host('host-1', { cpu: 1 })] });
        expect(idsOf(room)).toEqual(['m2', 'm1']);
      },
      { ...settings, endsCount: 2 },
    ));

  test('a new one counts, and goes on from what is remembered', () =>
    inLogRoom(async (room) => {
      agedRoom(room);
      room.sync({ finished: [old, last, finished('m3', 'a', { createdAt: 50, overAt: 60, outcome: 'failed' })] });
      expect((await room.ok<MigrationPage>('migrations')).finished).toMatchObject([{ id: 'm3', tries: 3, recordedAt: room.now }]);
    }, settings));

  test('one that a VMI still shows after eight days is not ended once more when it vanishes', () =>
    inLogRoom((room) => {
      const transit = { id: 'm1', stage: 'finishing', cause: 'user', from: 'host-1', to: 'host-2' } as const;
      room.sync({ hosts: [host('host-1')], vms: [vm('a', 'host-2', { transit })] });
      room.change({ vms: [vm('a', 'host-2', { transit })], finished: [{ ...old, outcome: 'succeeded' }] });
      room.change({ finished: [last] });
      room.now += 8 * DAY_MS;
      room.change({ hosts: [host('host-1', { cpu: 1 })] });
      expect(idsOf(room)).toEqual(['m1']);
      room.change({ vms: [vm('a', 'host-2')] });
      expect(room.shown).toMatchObject({ vms: [{ lastMigration: { outcome: 'failed' } }] });
    }, settings));
});
