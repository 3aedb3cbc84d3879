import { describe, expect, test } from 'vitest';
import { completeEnd, mergeEnds } from '../../core/finished.ts';
import type { EndedMigration } from '../../core/memory.ts';
import type { FinishedMigration } from '../../core/model.ts';

const end: FinishedMigration = { id: 'm', vm: 'a/b', outcome: 'failed', cause: 'unknown', from: null, to: null, createdAt: null };
const more: FinishedMigration = {
  ...end,
  cause: 'drain',
  evidence: 'e',
  from: 'host-1',
  to: 'host-2',
  requested: 'host-3',
  reason: 'r',
  createdAt: 1,
  overAt: 2,
};

describe('T8: a later look fills in, and never takes back', () => {
  test('what was not known', () => {
    expect(completeEnd(end, more)).toEqual(more);
  });
  test('what was known stays, whatever is said later', () => {
    expect(completeEnd(more, end)).toEqual(more);
    const other = {
      ...more,
      cause: 'user',
      evidence: 'x',
      from: 'x',
      to: 'x',
      requested: 'x',
      reason: 'x',
      createdAt: 9,
      overAt: 9,
    } as const;
    expect(completeEnd(more, other)).toEqual(more);
  });
  test('evidence belongs to its cause', () => {
    const { evidence: _evidence, ...bare } = more;
    expect(completeEnd(bare, more)).toEqual(more);
    expect(completeEnd(bare, { ...more, cause: 'user', evidence: 'x' })).toEqual(bare);
  });
  test('one that succeeded has no reason', () => {
    expect(completeEnd({ ...end, outcome: 'succeeded' }, more).reason).toBeUndefined();
  });
});

describe('T8: a migration that vanished, and whose end is learned of later', () => {
  const stages = [{ stage: 'transferring', at: 5 }] as const;
  const vanished: EndedMigration = {
    ...end,
    outcome: 'unknown',
    cause: 'upgrade',
    evidence: 'state=Pre-draining',
    from: 'host-1',
    requested: 'host-3',
    startedAt: 3,
    endedAt: 7,
    stages,
    tries: 1,
    blackoutMs: 20,
  };
  const learned: EndedMigration = {
    ...end,
    cause: 'drain',
    evidence: 'e',
    to: 'host-2',
    startedAt: null,
    endedAt: 30,
    stages: [],
    tries: 1,
  };

  test('takes the outcome, and keeps what was seen of it', () => {
    expect(mergeEnds(vanished, learned)).toEqual({
      ...learned,
      cause: 'upgrade',
      evidence: 'state=Pre-draining',
      from: 'host-1',
      requested: 'host-3',
      startedAt: 3,
      endedAt: 7,
      stages,
      blackoutMs: 20,
    });
  });

  test('a cause that says more comes with its own evidence', () => {
    const merged = mergeEnds({ ...vanished, cause: 'unknown' }, learned);
    expect(merged).toMatchObject({ cause: 'drain', evidence: 'e' });
  });
});
