import { describe, expect, it } from 'vitest';
import type { MigrationPage, MigrationRecord, RunningMigration } from '../../../core/history.ts';
import type { LastMigration, Transit, Vm } from '../../../core/model.ts';
import {
  cutOff,
  endedBy,
  endsAfter,
  hasEnded,
  joinFirstPage,
  joinOlderPage,
  runningMoves,
  stagesOver,
} from '../../../web/migrations/migration-list.ts';
import { loggedVm } from '../../support/past-log.ts';

const record = (number: number, extra: Partial<MigrationRecord> = {}): MigrationRecord => ({
  id: `m-${number}`,
  vm: 'default/ubuntu',
  outcome: 'succeeded',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  startedAt: number * 10,
  endedAt: number * 10 + 5,
  recordedAt: number * 10 + 5,
  stages: [],
  tries: 0,
  ...extra,
});
const page = (numbers: readonly number[], next: string | null, running: readonly RunningMigration[] = []): MigrationPage => ({
  now: 0,
  running,
  finished: numbers.map((number) => record(number)),
  next,
});
const ids = ({ finished }: { readonly finished: readonly MigrationRecord[] }): string[] => finished.map(({ id }) => id.slice(2));
const transit: Transit = { id: 'm-9', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt: 90 };

describe('pages', () => {
  it('older ones are put behind, none twice', () => {
    const first = joinFirstPage(null, page([9, 8, 7], 'e.7'));
    const both = joinOlderPage(first, 'e.7', page([7, 6, 5], 'e.5')) ?? first;
    expect([ids(both), both.next]).toEqual([['9', '8', '7', '6', '5'], 'e.5']);
    expect(joinOlderPage(both, 'e.5', page([], null))?.next).toBeNull();
  });

  it('an older one that comes when another end is held is not put behind it: between them would be a gap', () => {
    const renewed = joinFirstPage(joinFirstPage(null, page([9, 8, 7], 'e.7')), page([30, 29, 28], 'e.28'));
    expect(joinOlderPage(renewed, 'e.7', page([6, 5], 'e.5'))).toBe(renewed);
    expect(joinOlderPage(null, 'e.7', page([6, 5], 'e.5'))).toBeNull();
  });

  it('a first page read anew is put before, and what it knows better is taken over', () => {
    const held = joinOlderPage(joinFirstPage(null, page([9, 8, 7], 'e.7')), 'e.7', page([6, 5], 'e.5'));
    const joined = joinFirstPage(held, { ...page([10, 9, 8], 'e.8'), finished: [record(10), record(9, { reason: 'because' }), record(8)] });
    expect([ids(joined), joined.next]).toEqual([['10', '9', '8', '7', '6', '5'], 'e.5']);
    expect(joined.finished[1]?.reason).toBe('because');
  });

  it('what it does not reach is let go: nobody knows what lies between', () => {
    const held = joinFirstPage(null, page([9, 8, 7], 'e.7'));
    const joined = joinFirstPage(held, page([30, 29, 28], 'e.28'));
    expect([ids(joined), joined.next]).toEqual([['30', '29', '28'], 'e.28']);
  });

  it('what is not kept any more goes, where the page is all that is', () => {
    const held = joinFirstPage(null, page([9, 8, 7], null));
    expect(ids(joinFirstPage(held, page([10, 9], null)))).toEqual(['10', '9']);
  });

  it('where nothing older is held, the next page is the new one’s', () => {
    expect(joinFirstPage(joinFirstPage(null, page([9], 'e.9')), page([10, 9], 'e.9x')).next).toBe('e.9x');
  });

  it('is cut off where a page ended, once it is twice as long as the reader has asked for; older ones follow there', () => {
    let held = joinFirstPage(null, page([9, 8, 7], 'e.7'));
    for (let newest = 10; newest < 1_000; newest++) {
      held = cutOff(joinFirstPage(held, page([newest, newest - 1, newest - 2], `e.${newest - 2}`)));
    }
    expect([ids(held), held.next]).toEqual([['999', '998', '997', '996', '995', '994'], 'e.994']);
    expect(held.ends.size).toBeLessThanOrEqual(held.finished.length);
    const longer = joinOlderPage(held, 'e.994', page([993, 992, 991], 'e.991')) ?? held;
    expect(cutOff(joinFirstPage(longer, page([1000, 999, 998], 'e.998'))).finished).toHaveLength(10);
  });

  it('is cut off at none but the end of a page, and else left as it is', () => {
    const held = joinOlderPage(joinFirstPage(null, page([9], 'e.9')), 'e.9', page([8, 7, 6], 'e.6'));
    const ahead = joinFirstPage(held, page([11, 10, 9], 'e.9'));
    expect(ids(ahead)).toEqual(['11', '10', '9', '8', '7', '6']);
    expect(ids(cutOff({ ...ahead, asked: 1 }))).toEqual(['11', '10', '9']);
    expect(cutOff(ahead)).toBe(ahead);
  });

  it('keeps the stages of those under way', () => {
    const stages = [{ stage: 'scheduling', at: 90, durationMs: 2 }] as const;
    expect(joinFirstPage(null, page([], null, [{ ...transit, vm: 'default/ubuntu', stages }])).stages.get('m-9')).toBe(stages);
  });
});

describe('at a moment of the past', () => {
  const held = joinFirstPage(null, page([9, 8, 7], 'e.7'));
  it('lists what was over then', () => {
    expect(ids({ finished: endedBy(held.finished, null) })).toEqual(['9', '8', '7']);
    expect(ids({ finished: endedBy(held.finished, 85) })).toEqual(['8', '7']);
    expect(ids({ finished: endedBy(held.finished, 84) })).toEqual(['7']);
  });
  it.each([
    [null, false],
    [95, false],
    [75, false],
    [74, true],
  ])('knows whether what is held reaches %s', (at, expected) => expect(endsAfter(held, at)).toBe(expected));
  it('a stage that ended later was not over', () => {
    const stages = [
      { stage: 'scheduling', at: 90, durationMs: 2 },
      { stage: 'preparing', at: 92, durationMs: 5 },
      { stage: 'transferring', at: 97, durationMs: null },
    ] as const;
    expect([null, 97, 96, 91].map((at) => stagesOver(stages, at).length)).toEqual([2, 2, 1, 0]);
  });
  it('at the end of what is kept there is no further', () => expect(endsAfter(joinFirstPage(null, page([9], null)), 1)).toBe(false));
});

describe('what a commit tells', () => {
  const end: LastMigration = { outcome: 'failed', cause: 'user', from: 'host-1', to: 'host-2', endedAt: 95 };
  const still = loggedVm('ubuntu', 'host-1');
  const moving: Vm = { ...still, transit };
  it.each([
    ['a start', still, moving, false],
    ['a stage', moving, { ...moving, transit: { ...transit, stage: 'switching' } }, false],
    ['an end', moving, { ...still, lastMigration: end }, true],
    ['an end of which nothing is known', moving, still, true],
    ['one after the other', moving, { ...moving, transit: { ...transit, id: 'm-10' } }, true],
    ['more of an old one', { ...still, lastMigration: end }, { ...still, lastMigration: { ...end, reason: 'timeout' } }, true],
    ['nothing of it', { ...still, lastMigration: end }, { ...still, lastMigration: { ...end }, memory: 1 }, false],
    ['a VM that goes while it moves', moving, undefined, true],
    ['a VM that goes', still, undefined, false],
    ['a VM that comes', undefined, still, false],
  ] as const)('%s', (_, before, after, expected) => expect(hasEnded(before, after)).toBe(expected));

  it('those under way are listed newest first', () => {
    const other = { ...loggedVm('debian', 'host-1'), transit: { ...transit, id: 'm-10', startedAt: 95 } };
    const third = { ...loggedVm('arch', 'host-1'), transit: { ...transit, id: 'm-11' } };
    expect(runningMoves([moving, still, other, third]).map(({ vm }) => vm)).toEqual(['default/debian', 'default/arch', 'default/ubuntu']);
  });
});
