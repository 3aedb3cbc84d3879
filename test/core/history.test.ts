import { describe, expect, test } from 'vitest';
import { fillBuckets, joinPlaces, lastHeardAt, type Move, moveOf, recordOf, stageSpans } from '../../core/history.ts';
import type { EndedMigration, Place, StageSeen } from '../../core/memory.ts';

describe('how long a stage took', () => {
  const seen = (stage: StageSeen['stage'], at: number, unwatched?: true): StageSeen => ({ stage, at, ...(unwatched && { unwatched }) });
  test.each<[string, StageSeen[], number | null, (number | null)[]]>([
    ['none', [], 9, []],
    ['up to the next, the last up to the end', [seen('queued', 1), seen('scheduling', 4), seen('switching', 9)], 11, [3, 5, 2]],
    ['the last one lasts, or its end was not watched', [seen('queued', 1), seen('scheduling', 4)], null, [3, null]],
    ['its beginning was not watched', [seen('queued', 1, true), seen('scheduling', 4)], 5, [null, 1]],
    ['nor that of the next', [seen('queued', 1), seen('scheduling', 4, true), seen('switching', 9)], 10, [null, null, 1]],
  ])('%s', (_name, stages, endedAt, expected) => {
    const spans = stageSpans(stages, endedAt);
    expect(spans.map(({ durationMs }) => durationMs)).toEqual(expected);
    expect(spans.map(({ durationMs: _ms, ...rest }) => rest)).toEqual(stages);
  });
});

const ended: EndedMigration = {
  id: 'm1',
  vm: 'default/a',
  outcome: 'succeeded',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  createdAt: 5,
  overAt: 6,
  startedAt: 100,
  endedAt: 200,
  stages: [{ stage: 'transferring', at: 100 }],
  tries: 0,
};

test('T6: what is on the cluster’s clocks is not told', () => {
  const { createdAt: _createdAt, overAt: _overAt, ...told } = ended;
  expect(recordOf(ended, 300)).toEqual({ ...told, stages: [{ stage: 'transferring', at: 100, durationMs: 100 }], recordedAt: 300 });
});

test('a migration whose end was not watched was over when the room learnt of it', () => {
  expect(moveOf(recordOf(ended, 300)).until).toBe(200);
  expect(moveOf(recordOf({ ...ended, endedAt: null }, 300)).until).toBe(300);
});

describe('which migration brought a VM where it is', () => {
  const before: Place = { host: 'host-1', since: 10, until: 150 };
  const there: Place = { host: 'host-2', since: 150 };
  const move = (rest: Partial<Move> = {}): Move => ({ id: 'm1', from: 'host-1', to: 'host-2', startedAt: 100, until: 200, ...rest });
  test.each<[string, Place[], Move[], string | undefined]>([
    ['the one that was under way', [before, there], [move()], 'm1'],
    ['at its first moment', [before, there], [move({ startedAt: 150 })], 'm1'],
    ['at its last', [before, there], [move({ until: 150 })], 'm1'],
    ['one that is still under way', [before, there], [move({ until: null })], 'm1'],
    ['one that had ended', [before, there], [move({ until: 149 })], undefined],
    ['one that had not begun', [before, there], [move({ startedAt: 151 })], undefined],
    ['one whose beginning nobody saw', [before, there], [move({ startedAt: null })], undefined],
    ['one to elsewhere', [before, there], [move({ to: 'host-3' })], undefined],
    ['one from elsewhere', [before, there], [move({ from: 'host-3' })], undefined],
    ['one of which it is not known from where', [before, there], [move({ from: null })], undefined],
    ['two that fit', [before, there], [move(), move({ id: 'm2' })], undefined],
    ['two, of which one fits', [before, there], [move({ id: 'm2', until: 149 }), move()], 'm1'],
    [
      'it came while nobody watched',
      [
        { ...before, until: null },
        { host: 'host-2', since: null },
      ],
      [move()],
      undefined,
    ],
    ['it was off in between, and started there', [{ ...before, until: 140 }, there], [move()], undefined],
    ['the first place that is known', [there], [move()], undefined],
    ['no migration', [before, there], [], undefined],
  ])('%s', (_name, places, moves, expected) => {
    expect(joinPlaces(places, moves).at(-1)?.broughtBy).toBe(expected);
  });

  test('places keep their times, and which is the present one', () => {
    expect(joinPlaces([before, there], [])).toEqual([
      { host: 'host-1', since: 10, until: 150 },
      { host: 'host-2', since: 150, until: null, present: true },
    ]);
    expect(joinPlaces([{ host: 'host-1', since: null, until: null }], [])).toEqual([{ host: 'host-1', since: null, until: null }]);
  });
});

describe('buckets', () => {
  const zero = { succeeded: 0, failed: 0, aborted: 0, unknown: 0 };
  test('cover what was asked for, with zeros', () => {
    const counts = [
      { bucket: 2, outcome: 'failed', count: 3 },
      { bucket: 2, outcome: 'succeeded', count: 1 },
      { bucket: 9, outcome: 'unknown', count: 7 },
    ] as const;
    expect(fillBuckets({ bucketMs: 100, from: 150, to: 301 }, counts)).toEqual([
      { at: 100, ...zero },
      { at: 200, ...zero, failed: 3, succeeded: 1 },
      { at: 300, ...zero },
    ]);
    expect(fillBuckets({ bucketMs: 100, from: 200, to: 200 }, counts)).toEqual([]);
  });
});

describe('D5: when the cluster had last spoken, at a past moment', () => {
  const silence = { began: 100, ended: 200 };
  test.each<[string, number, typeof silence | null, number]>([
    ['there was never a silence', 50, null, 50],
    ['it began just then', 100, silence, 100],
    ['within it', 150, silence, 100],
    ['it ends just then', 200, silence, 200],
    ['after it', 250, silence, 250],
    ['since it was last heard', 350, silence, 300],
    ['as it was last heard', 300, null, 300],
  ])('%s', (_name, at, known, expected) => {
    expect(lastHeardAt(at, 300, known)).toBe(expected);
  });
});
