import { describe, expect, it } from 'vitest';
import type { LastMigration, Vm } from '../../../core/model.ts';
import { ENDED_MARK_MS, isEndRecent, selectMovingNotes, selectNotes } from '../../../web/board/notes.ts';

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
const COMING = { id: 'm', cause: 'cross-cluster', from: null, to: 'host-1', startedAt: 0, peer: { direction: 'in' } } as const;
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
    expect(selectNotes(vm({ evacuation: { from: 'host-1', waitingFor: wait } }), CALM)).toEqual([{ kind: 'evacuation', wait }]);
  });

  it('does not name the host on whose card it stands', () => {
    const full = { reason: 'host-limit', used: 2, limit: 2 } as const;
    const transit = { id: 'm', cause: 'drain', from: 'host-1', to: null, startedAt: 0 } as const;
    const noted = (host: string): object => {
      const waitingFor = { ...full, host };
      return [
        selectNotes(vm({ evacuation: { from: 'host-1', waitingFor } }), CALM),
        selectNotes(vm({ transit: { ...transit, stage: 'queued', waitingFor } }), CALM),
        selectMovingNotes(vm({ transit: { ...transit, stage: 'scheduling', waitingFor } })),
      ];
    };
    const notes = (wait: object): object => [
      [{ kind: 'evacuation', wait }],
      [{ kind: 'queued', to: undefined, wait }],
      [{ kind: 'wait', wait }],
    ];
    expect(noted('host-1')).toEqual(notes(full));
    expect(noted('host-2')).toEqual(notes({ ...full, host: 'host-2' }));
  });

  const stays: Partial<Vm> = { migratable: { ok: false, reason: 'PCI device' } };
  const stuck = (isAsked: boolean, detail: string | undefined): object => ({
    kind: 'stuck',
    isAsked,
    wait: { reason: 'not-migratable', ...(detail !== undefined && { detail }) },
  });
  const asked = (reason: 'not-migratable' | 'shutdown' | 'active-pods', detail?: string): Partial<Vm> => ({
    evacuation: { from: 'host-1', waitingFor: { reason, ...(detail !== undefined && { detail }) } },
  });
  it.each<readonly [what: string, extra: Partial<Vm>, isHostEmptied: boolean, notes: readonly object[]]>([
    ['asked to leave', { ...stays, ...asked('not-migratable', 'GPU') }, true, [stuck(true, 'GPU')]],
    ['asked to leave, the reason only on the VM', { ...stays, ...asked('not-migratable') }, true, [stuck(true, 'PCI device')]],
    ['asked to leave, no reason known', { migratable: { ok: false }, ...asked('not-migratable') }, true, [stuck(true, undefined)]],
    ['not asked, its host is being emptied', stays, true, [stuck(false, 'PCI device')]],
    ['not asked, its host is not being emptied', stays, false, []],
    ['it can be migrated', {}, true, []],
    ['no reason known', { migratable: { ok: false } }, true, []],
    ['shutting down already', { ...stays, state: 'stopping' }, true, []],
    ['to be shut down', { ...stays, ...asked('shutdown') }, true, [{ kind: 'evacuation', wait: { reason: 'shutdown' } }]],
    [
      'something else besides',
      { ...stays, ...asked('active-pods', 'two') },
      true,
      [{ kind: 'evacuation', wait: { reason: 'active-pods', detail: 'two' } }, stuck(true, 'PCI device')],
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
    expect(selectMovingNotes(vm({ transit, lastMigration: end() }))).toEqual([{ kind: 'wait', wait }]);
  });

  it('a VM that comes from another cluster says so, where it waits or stands', () => {
    const wait = { reason: 'peer' } as const;
    expect(kinds(vm({ transit: { ...COMING, stage: 'transferring' } }), null)).toEqual(['peer']);
    expect(kinds(vm({ transit: { ...COMING, stage: 'queued', waitingFor: wait } }), null)).toEqual(['peer', 'queued']);
    expect(kinds(vm({ transit: { ...COMING, stage: 'scheduling', waitingFor: wait } }), null)).toEqual(['peer', 'wait']);
  });

  it.each([
    ['paused', ['reason']],
    ['off', ['reason']],
    ['running', []],
  ] as const)('a VM that is %s gives its reason: %j', (state, expected) => {
    expect(kinds(vm({ state, reason: 'because' }), null)).toEqual(expected);
  });

  const away = end({ outcome: 'succeeded', cause: 'cross-cluster', to: null });
  it.each<readonly [what: string, extra: Partial<Vm>, expected: readonly string[]]>([
    ['as its last move says', { lastMigration: away }, ['moved-away']],
    ['as its reason says', { reason: 'moved to another cluster' }, ['moved-away']],
    ['as both say', { lastMigration: away, reason: 'moved to another cluster' }, ['moved-away']],
    ['and has a reason besides', { lastMigration: away, reason: 'FailedCreate' }, ['moved-away', 'reason']],
    ['but runs here again', { lastMigration: away, state: 'running', host: 'host-1' }, []],
    ['but comes back', { lastMigration: away, transit: { ...COMING, stage: 'transferring' } }, ['peer']],
    ['no: to a host here', { lastMigration: { ...away, to: 'host-2' } }, []],
    ['no: by hand', { lastMigration: { ...away, cause: 'user' } }, []],
    ['no: it failed', { lastMigration: { ...away, outcome: 'failed' } }, ['failed-earlier']],
  ])('a VM that went to another cluster, %s', (_, extra, expected) => {
    expect(kinds(vm({ state: 'off', host: null, ...extra }), null)).toEqual(expected);
  });
});
