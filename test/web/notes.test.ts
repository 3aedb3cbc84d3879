import { describe, expect, it } from 'vitest';
import type { LastMigration, Vm } from '../../core/model.ts';
import { ENDED_MARK_MS, isEndRecent, selectNotes } from '../../web/notes.ts';

const vm = (extra: Partial<Vm> = {}): Vm => ({
  id: 'a/b',
  namespace: 'a',
  name: 'b',
  host: 'host-1',
  state: 'running',
  migratable: { ok: true },
  ...extra,
});
const end = (extra: Partial<LastMigration> = {}): LastMigration => ({
  outcome: 'failed',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  endedAt: 1_000,
  ...extra,
});
const kinds = (subject: Vm, now: number | null): string[] => selectNotes(subject, isEndRecent(subject, now)).map(({ kind }) => kind);

describe('what a chip says', () => {
  it('marks a failure for 30 s on the room’s clock, and quietly from then on', () => {
    const failed = vm({ lastMigration: end() });
    expect(kinds(failed, 1_000)).toEqual(['ended']);
    expect(kinds(failed, 999 + ENDED_MARK_MS)).toEqual(['ended']);
    expect(kinds(failed, 1_000 + ENDED_MARK_MS)).toEqual(['failed-earlier']);
    expect(kinds(failed, null)).toEqual(['failed-earlier']);
  });

  it.each([
    ['aborted', 1_000, ['ended']],
    ['unknown', 1_000, ['ended']],
    ['succeeded', 1_000, []],
    ['aborted', null, []],
    ['failed', null, ['failed-earlier']],
  ] as const)('the end of one that %s at %s', (outcome, endedAt, expected) => {
    expect(kinds(vm({ lastMigration: end({ outcome, endedAt }) }), 1_500)).toEqual(expected);
  });

  it('says that a VM is queued, for where, and what it waits for', () => {
    const transit = { id: 'm', stage: 'queued', cause: 'drain', from: 'host-1', to: null, requested: 'host-3', startedAt: 0 } as const;
    expect(selectNotes(vm({ transit: { ...transit, waitingFor: 'its turn' } }), false)).toEqual([
      { kind: 'queued', to: 'host-3', waitingFor: 'its turn' },
    ]);
  });

  it('dangers come first, and a reason is given where the state is no everyday one', () => {
    expect(kinds(vm({ state: 'paused', reason: 'PausedIOError', danger: ['io-error'] }), null)).toEqual(['danger', 'reason']);
    expect(kinds(vm({ state: 'off', reason: 'Stopped' }), null)).toEqual([]);
  });
});
