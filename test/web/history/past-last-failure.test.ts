import { expect, it } from 'vitest';
import type { MigrationPage, MigrationRecord } from '../../../core/history.ts';
import { ok } from '../../../core/result.ts';
import { loadLastFailure } from '../../../web/history/past-last-failure.ts';

const record = (outcome: MigrationRecord['outcome'], recordedAt: number, endedAt: number | null = recordedAt): MigrationRecord => ({
  id: `m-${recordedAt}`,
  vm: 'default/ubuntu',
  outcome,
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  startedAt: null,
  endedAt,
  recordedAt,
  stages: [],
  tries: 0,
});
const source = (...pages: readonly (readonly MigrationRecord[])[]) => {
  const asked: (string | null)[] = [];
  const read = async (before: string | null) => {
    asked.push(before);
    const number = before === null ? 0 : Number(before);
    const next = number + 1 < pages.length ? String(number + 1) : null;
    return ok<MigrationPage>({ now: 0, running: [], finished: pages[number] ?? [], next });
  };
  return { asked, read };
};

it('is the millisecond before the end of the newest one that failed, however far back', async () => {
  const { asked, read } = source([record('succeeded', 90)], [record('aborted', 80), record('failed', 70), record('failed', 60)]);
  expect(await loadLastFailure(read)).toEqual(ok(69));
  expect(asked).toEqual([null, '1']);
});

it('where nobody watched the end, it is the one before the room learnt of it', async () => {
  expect(await loadLastFailure(source([record('failed', 50, null)]).read)).toEqual(ok(49));
});

it('gives up where there is none, and where none is near: that is not the same', async () => {
  expect(await loadLastFailure(source([]).read)).toEqual(ok('none'));
  const many = source(...Array.from({ length: 50 }, (_, page) => [record('succeeded', 100 - page)]));
  expect(await loadLastFailure(many.read)).toEqual(ok('none-lately'));
  expect(many.asked).toHaveLength(10);
});
