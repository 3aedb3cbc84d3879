import { describe, expect, it } from 'vitest';
import type { MigrationRecord } from '../../../core/history.ts';
import { firstFinishedRow, isPartOnly, lastRow, listMoves } from '../../../web/migrations/listed-moves.ts';
import type { HeldMoves, RunningMove } from '../../../web/migrations/migration-list.ts';

const over = (id: string, recordedAt: number): MigrationRecord => ({
  id,
  vm: `default/${id}`,
  outcome: 'succeeded',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  startedAt: recordedAt - 5,
  endedAt: recordedAt,
  recordedAt,
  stages: [],
  tries: 0,
});
const underWay = (id: string): RunningMove => ({
  id,
  vm: `default/${id}`,
  stage: 'transferring',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  startedAt: 1,
});
const held = (next: string | null, ...finished: readonly MigrationRecord[]): HeldMoves => ({
  finished,
  next,
  ends: new Map(),
  asked: finished.length,
  stages: new Map(),
});
const listed = (running: readonly string[], at: number | null, only?: string): string => {
  const moves = listMoves({
    running: running.map(underWay),
    held: held(null, over('m-3', 30), over('m-2', 20), over('m-1', 10)),
    at,
    matcher: only === undefined ? null : ({ id }) => id === only,
  });
  const ids = (list: readonly { readonly id: string }[]): string => list.map(({ id }) => id).join(' ');
  return `${ids(moves.running)} | ${ids(moves.finished)} of ${moves.of.running} + ${moves.of.finished}`;
};

describe('the list of migrations', () => {
  it.each([
    ['is what is under way and what is over', ['m-4'], null, undefined, 'm-4 | m-3 m-2 m-1 of 1 + 3'],
    // The room can be ahead of the picture: by a frame, or by the whole time that a page has lost its stream.
    ['has one once whose end the picture does not show yet', ['m-3'], null, undefined, 'm-3 | m-2 m-1 of 1 + 2'],
    ['has of the past what was over by then', [], 20, undefined, ' | m-2 m-1 of 0 + 2'],
    ['has of the past what was under way then', ['m-2'], 20, undefined, 'm-2 | m-1 of 1 + 1'],
    ['is what the search leaves, of all that there are', ['m-4'], null, 'm-2', ' | m-2 of 1 + 3'],
  ] as const)('%s', (_, running, at, only, expected) => expect(listed(running, at, only)).toBe(expected));

  it('is the same list where only what is under way changes', () => {
    const moves = held(null, over('m-1', 10));
    const finishedWith = (id: string) => listMoves({ running: [underWay(id)], held: moves, at: null, matcher: null }).finished;
    expect(finishedWith('m-2')).toBe(finishedWith('m-3'));
  });

  it('is a part only where there can be others', () => {
    expect([isPartOnly(null, false), isPartOnly(held('e.1'), false), isPartOnly(held(null), true), isPartOnly(held(null), false)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('counts its rows with its headings, and a note where a group has none', () => {
    expect([firstFinishedRow({ running: [] }), lastRow({ running: [], finished: [] })]).toEqual([5, 5]);
    const running = [underWay('m-2'), underWay('m-3')];
    expect([firstFinishedRow({ running }), lastRow({ running, finished: [over('m-1', 10)] })]).toEqual([6, 6]);
  });
});
