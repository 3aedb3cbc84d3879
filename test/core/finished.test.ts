import { describe, expect, test } from 'vitest';
import { completeEnd } from '../../core/finished.ts';
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
