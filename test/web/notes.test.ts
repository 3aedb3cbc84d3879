import { describe, expect, it } from 'vitest';
import type { LastMigration, Vm } from '../../core/model.ts';
import { ENDED_MARK_MS, isEndRecent, selectMovingNotes, selectNotes } from '../../web/notes.ts';

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
const CALM = { isEndRecent: false, isHostEmptied: false };
const kinds = (subject: Vm, now: number | null): string[] =>
  selectNotes(subject, { ...CALM, isEndRecent: isEndRecent(subject, now) }).map(({ kind }) => kind);

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
    const wait = { reason: 'cluster-limit', used: 5, limit: 5, place: 2 } as const;
    expect(selectNotes(vm({ transit: { ...transit, waitingFor: wait } }), CALM)).toEqual([{ kind: 'queued', to: 'host-3', wait }]);
    expect(selectNotes(vm({ transit }), CALM)).toEqual([{ kind: 'queued', to: 'host-3', wait: undefined }]);
  });

  it('says that a VM is to leave its host though it has no migration (KubeVirt ≤ 1.8)', () => {
    const wait = { reason: 'no-migration' } as const;
    expect(selectNotes(vm({ evacuation: { from: 'host-1', waitingFor: wait } }), CALM)).toEqual([
      { kind: 'evacuation', from: 'host-1', wait },
    ]);
  });

  const stays: Partial<Vm> = { migratable: { ok: false, reason: 'PCI device' } };
  const stuck = (from: string | undefined, detail: string | undefined): object => ({
    kind: 'stuck',
    from,
    wait: { reason: 'not-migratable', ...(detail !== undefined && { detail }) },
  });
  const asked = (reason: 'not-migratable' | 'shutdown' | 'active-pods', detail?: string): Partial<Vm> => ({
    evacuation: { from: 'host-1', waitingFor: { reason, ...(detail !== undefined && { detail }) } },
  });
  it.each<readonly [what: string, extra: Partial<Vm>, isHostEmptied: boolean, notes: readonly object[]]>([
    ['asked to leave', { ...stays, ...asked('not-migratable', 'GPU') }, true, [stuck('host-1', 'GPU')]],
    ['asked to leave, the reason only on the VM', { ...stays, ...asked('not-migratable') }, true, [stuck('host-1', 'PCI device')]],
    ['asked to leave, no reason known', { migratable: { ok: false }, ...asked('not-migratable') }, true, [stuck('host-1', undefined)]],
    ['not asked, its host is being emptied', stays, true, [stuck(undefined, 'PCI device')]],
    ['not asked, its host is not being emptied', stays, false, []],
    ['it can be migrated', {}, true, []],
    ['no reason known', { migratable: { ok: false } }, true, []],
    ['shutting down already', { ...stays, state: 'stopping' }, true, []],
    ['to be shut down', { ...stays, ...asked('shutdown') }, true, [{ kind: 'evacuation', from: 'host-1', wait: { reason: 'shutdown' } }]],
    [
      'something else besides',
      { ...stays, ...asked('active-pods', 'two') },
      true,
      [{ kind: 'evacuation', from: 'host-1', wait: { reason: 'active-pods', detail: 'two' } }, stuck('host-1', 'PCI device')],
    ],
  ])('a VM that cannot be moved: %s', (_, extra, isHostEmptied, notes) => {
    expect(selectNotes(vm(extra), { isEndRecent: false, isHostEmptied })).toEqual(notes);
  });

  it('a migration that fails again and again stays marked, and one note is enough', () => {
    const loop = vm({ lastMigration: end({ cause: 'drain', tries: 5, loop: true }) });
    expect(kinds(loop, 1_000)).toEqual(['loop']);
    expect(kinds(loop, 1_000 + 10 * ENDED_MARK_MS)).toEqual(['loop']);
    expect(selectMovingNotes(loop).map(({ kind }) => kind)).toEqual(['loop']);
  });

  it('a VM on its way says what holds it up', () => {
    const wait = { reason: 'unschedulable', detail: '0/3 nodes' } as const;
    const transit = { id: 'm', stage: 'scheduling', cause: 'drain', from: 'host-1', to: null, startedAt: 0, waitingFor: wait } as const;
    const held = vm({ transit, danger: ['not-converging'], lastMigration: end() });
    expect(selectMovingNotes(held)).toEqual([
      { kind: 'danger', danger: 'not-converging' },
      { kind: 'wait', wait },
    ]);
  });

  it('a VM that comes from another cluster says so, where it waits or stands', () => {
    const transit = { id: 'm', cause: 'cross-cluster', from: null, to: 'host-1', startedAt: 0, peer: { direction: 'in' } } as const;
    const wait = { reason: 'peer' } as const;
    expect(kinds(vm({ transit: { ...transit, stage: 'transferring' } }), null)).toEqual(['peer']);
    expect(kinds(vm({ transit: { ...transit, stage: 'queued', waitingFor: wait } }), null)).toEqual(['peer', 'queued']);
    expect(kinds(vm({ transit: { ...transit, stage: 'scheduling', waitingFor: wait } }), null)).toEqual(['peer', 'wait']);
  });

  it('dangers come first, and a reason is given where the state is no everyday one', () => {
    expect(kinds(vm({ state: 'paused', reason: 'PausedIOError', danger: ['io-error'] }), null)).toEqual(['danger', 'reason']);
    expect(kinds(vm({ state: 'off', reason: 'Stopped' }), null)).toEqual([]);
  });
});
