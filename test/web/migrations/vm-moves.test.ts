import { describe, expect, it } from 'vitest';
import type { MigrationRecord } from '../../../core/history.ts';
import { endOf, moveLengthMs, selectMoves } from '../../../web/migrations/vm-moves.ts';

const record = (id: string, extra: Partial<MigrationRecord> = {}): MigrationRecord => ({
  id,
  vm: 'default/a',
  outcome: 'failed',
  cause: 'drain',
  from: 'h-1',
  to: 'h-2',
  startedAt: 1_000,
  endedAt: 5_000,
  stages: [],
  tries: 1,
  recordedAt: 5_000,
  ...extra,
});

describe('a VM’s migrations that are over', () => {
  it('are told once: the one that the picture tells is not among the others', () => {
    const records = [record('m-2', { endedAt: 9_000 }), record('m-1')];
    const last = endOf(record('m-2', { endedAt: 9_000 }));
    expect(selectMoves(last, records, null)).toEqual({ last: records[0], others: [records[1]] });
    expect(selectMoves(undefined, records, null)).toEqual({ last: undefined, others: records });
  });

  it('of which none is the painted one are all told', () => {
    const records = [record('m-1')];
    expect(selectMoves(endOf(record('m-1', { endedAt: 7_000 })), records, null)).toEqual({ last: undefined, others: records });
  });

  it('in the past, it is none that came later and ended alike unwatched', () => {
    const records = [record('m-2', { endedAt: null, recordedAt: 9_000 }), record('m-1', { endedAt: null })];
    const last = endOf(record('m-1', { endedAt: null }));
    expect(selectMoves(last, records, 6_000).last?.id).toBe('m-1');
    expect(selectMoves(last, records, null).last?.id).toBe('m-2');
  });

  it('have a length only where both ends were seen, and never a negative one', () => {
    expect(moveLengthMs({ startedAt: 1_000, endedAt: 5_000 })).toBe(4_000);
    expect(moveLengthMs({ startedAt: null, endedAt: 5_000 })).toBeNull();
    expect(moveLengthMs({ startedAt: 1_000, endedAt: null })).toBeNull();
    expect(moveLengthMs({ startedAt: 5_000, endedAt: 4_999 })).toBe(0);
  });

  it('say what held them up where they failed without a reason, and one try is none', () => {
    expect(endOf(record('m-1', { trouble: 'no host takes it', tries: 1, blackoutMs: null }))).toEqual({
      outcome: 'failed',
      cause: 'drain',
      from: 'h-1',
      to: 'h-2',
      endedAt: 5_000,
      reason: 'no host takes it',
    });
    expect(endOf(record('m-1', { tries: 3, blackoutMs: 20 }))).toMatchObject({ tries: 3, blackoutMs: 20 });
  });
});
