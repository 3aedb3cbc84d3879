import { describe, expect, it } from 'vitest';
import type { Drain, Host, LastMigration, Transit, Vm } from '../../../core/model.ts';
import { type Happening, happeningsOf, isHostInTrouble, stillHolds } from '../../../web/news/happenings.ts';
import type { Changes } from '../../../web/rendering/frame.ts';

const vm = (extra: Partial<Vm> = {}): Vm => ({
  id: 'default/ubuntu',
  namespace: 'default',
  name: 'ubuntu',
  host: 'host-1',
  state: 'running',
  migratable: { ok: true },
  ...extra,
});
const transit: Transit = { id: 'm-1', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt: 1 };
const end = (extra: Partial<LastMigration> = {}): LastMigration => ({
  outcome: 'failed',
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  endedAt: 9,
  ...extra,
});
const host = (extra: Partial<Host> = {}): Host => ({ name: 'host-1', state: 'active', reasons: [], roles: [], ...extra });
const drain = (extra: Partial<Drain> = {}): Drain => ({
  here: 1,
  moving: 0,
  stopping: 0,
  waiting: 1,
  stuck: 0,
  arriving: 0,
  safe: false,
  because: 'vms-here',
  were: 2,
  since: 1,
  ...extra,
});
const EMPTY = drain({ here: 0, waiting: 0, safe: true, because: 'empty' });
const OFF = drain({ here: 0, waiting: 0, safe: true, because: 'off' });

const changesTo = (after: { vm?: Vm | undefined; host?: Host | undefined }, isReplaced = false): Changes => ({
  state: {
    cursor: 'e-2',
    digest: '',
    vms: new Map(after.vm === undefined ? [] : [[after.vm.id, after.vm]]),
    hosts: new Map(after.host === undefined ? [] : [[after.host.name, after.host]]),
  },
  isReplaced,
  vms: new Set(['default/ubuntu']),
  hosts: new Set(['host-1']),
});
const between = (before: { vm?: Vm; host?: Host }, after: { vm?: Vm; host?: Host }): readonly Happening[] =>
  happeningsOf(changesTo(after), { vm: () => before.vm, host: () => before.host });
const kindsOf = (happenings: readonly Happening[]): string[] => happenings.map(({ kind }) => kind);

describe('what happened to a VM', () => {
  it.each<[string, Vm, Vm, string[]]>([
    ['nothing', vm(), vm({ state: 'paused' }), []],
    ['it moved', vm(), vm({ host: 'host-2' }), ['moved']],
    ['it was shut down', vm(), vm({ host: null, state: 'off' }), []],
    ['it was started', vm({ host: null, state: 'off' }), vm(), []],
    ['it sets out', vm(), vm({ transit }), ['started']],
    ['it is queued', vm(), vm({ transit: { ...transit, stage: 'queued' } }), []],
    ['it goes on', vm({ transit: { ...transit, stage: 'scheduling' } }), vm({ transit }), []],
    ['it arrives', vm({ transit }), vm({ host: 'host-2', lastMigration: end({ outcome: 'succeeded' }) }), ['moved']],
    ['it failed', vm({ transit }), vm({ lastMigration: end() }), ['failed']],
    ['it failed again', vm({ lastMigration: end() }), vm({ lastMigration: end({ endedAt: 10, tries: 2 }) }), ['failed']],
    ['it was aborted', vm({ transit }), vm({ lastMigration: end({ outcome: 'aborted' }) }), ['aborted']],
    ['it ended unseen', vm({ transit }), vm({ lastMigration: end({ outcome: 'unknown', endedAt: null }) }), ['ended']],
    // kubevirt#13112: recorded as failed, though the VM is on the target.
    ['it failed and is there', vm({ transit }), vm({ host: 'host-2', lastMigration: end() }), ['moved', 'failed']],
    ['the reason is learnt later', vm({ lastMigration: end() }), vm({ lastMigration: end({ reason: 'evicted' }) }), []],
    ['the target is learnt later', vm({ lastMigration: end({ to: null }) }), vm({ lastMigration: end() }), []],
    [
      'an unknown end is known',
      vm({ lastMigration: end({ outcome: 'unknown', endedAt: null }) }),
      vm({ lastMigration: end({ endedAt: null }) }),
      ['failed'],
    ],
    ['an error', vm(), vm({ state: 'error' }), ['danger']],
    ['the same error', vm({ state: 'error' }), vm({ state: 'error', reason: 'x' }), []],
    ['its host died', vm(), vm({ state: 'unknown', danger: ['dead-host'] }), ['danger']],
    ['another danger', vm({ danger: ['io-error'] }), vm({ danger: ['io-error', 'manual-recovery'] }), ['danger']],
    ['dangers that pass by themselves', vm({ transit }), vm({ transit, danger: ['post-copy', 'not-converging'] }), []],
  ])('%s', (_, before, after, kinds) => {
    expect(kindsOf(between({ vm: before }, { vm: after }))).toEqual(kinds);
  });

  it('says where from, where to, why, and what it is called', () => {
    const failed = vm({ displayName: 'Shop', lastMigration: end({ reason: 'evicted', loop: true }) });
    expect(between({ vm: vm() }, { vm: failed })).toEqual([
      { kind: 'failed', vm: 'default/ubuntu', name: 'Shop', from: 'host-1', to: 'host-2', reason: 'evicted', isLoop: true },
    ]);
  });

  it('says nothing of a VM that is new or gone, nor of a picture that was replaced', () => {
    expect(between({}, { vm: vm({ state: 'error' }) })).toEqual([]);
    expect(between({ vm: vm() }, {})).toEqual([]);
    expect(happeningsOf(changesTo({ vm: vm({ host: 'host-2' }) }, true), { vm: () => vm(), host: () => host() })).toEqual([]);
  });
});

describe('what happened to a host', () => {
  it.each<[string, Host, Host, string[]]>([
    ['nothing', host(), host({ state: 'cordoned' }), []],
    ['it fell silent', host(), host({ state: 'in-progress' }), ['down']],
    ['it is not ready', host(), host({ state: 'unavailable' }), ['down']],
    ['from one to the other', host({ state: 'in-progress' }), host({ state: 'unavailable' }), []],
    ['it is back', host({ state: 'unavailable' }), host(), ['up']],
    ['it is back and cordoned', host({ state: 'in-progress' }), host({ state: 'cordoned' }), ['up']],
    ['it was powered off', host({ state: 'in-progress' }), host({ state: 'off' }), []],
    ['its last VM left', host({ drain: drain() }), host({ drain: EMPTY }), ['drained']],
    ['cordoned when it was empty', host(), host({ drain: EMPTY }), ['drained']],
    ['it is off', host({ drain: drain() }), host({ state: 'off', drain: OFF }), []],
    ['it is on again, and empty', host({ state: 'off', drain: OFF }), host({ drain: EMPTY }), []],
    ['a VM came', host({ drain: EMPTY }), host({ drain: drain() }), ['unsafe']],
    ['etcd needs it', host({ drain: EMPTY }), host({ drain: { ...EMPTY, safe: false, because: 'etcd-quorum' } }), ['unsafe']],
    ['it is back in use', host({ drain: EMPTY }), host(), []],
    [
      'it was emptied, and then powered off',
      host({ state: 'maintenance', drain: EMPTY }),
      host({ state: 'in-progress', drain: { ...EMPTY, safe: false, because: 'not-reporting' } }),
      ['down'],
    ],
    ['maintenance is reached', host({ drain: drain() }), host({ state: 'maintenance', drain: drain() }), ['maintained']],
    ['maintenance is reached, and it is safe', host({ drain: drain() }), host({ state: 'maintenance', drain: EMPTY }), ['drained']],
  ])('%s', (_, before, after, kinds) => {
    expect(kindsOf(between({ host: before }, { host: after }))).toEqual(kinds);
  });

  it('tells a host that somebody emptied from one that fails with VMs on it', () => {
    const silent = (extra: Partial<Drain>): Host => host({ state: 'in-progress', drain: drain({ because: 'not-reporting', ...extra }) });
    expect(between({ host: host() }, { host: host({ state: 'in-progress' }) })).toMatchObject([{ isPlanned: false }]);
    expect(between({ host: host() }, { host: silent({ here: 0 }) })).toMatchObject([{ isPlanned: true }]);
    expect(between({ host: host() }, { host: silent({ here: 2 }) })).toMatchObject([{ isPlanned: false }]);
    expect(between({ host: host() }, { host: silent({ here: 0, arriving: 1 }) })).toMatchObject([{ isPlanned: false }]);
    expect([host({ state: 'unavailable' }), silent({ here: 0 }), silent({ here: 2 }), host()].map(isHostInTrouble)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('whether it still holds', () => {
  const of = { host: 'host-1', name: 'host-1' };
  const ofVm = { vm: 'default/ubuntu', name: 'ubuntu', host: 'host-1' };
  it.each<[Happening, { vm?: Vm; host?: Host }, boolean, boolean]>([
    [{ ...of, kind: 'drained' }, { host: host({ drain: EMPTY }) }, true, true],
    [{ ...of, kind: 'drained' }, { host: host({ drain: EMPTY }) }, false, false],
    [{ ...of, kind: 'drained' }, { host: host({ drain: drain() }) }, true, false],
    [{ ...of, kind: 'drained' }, { host: host() }, true, false],
    [{ ...of, kind: 'drained' }, {}, true, false],
    [{ ...of, kind: 'unsafe' }, { host: host({ drain: drain() }) }, true, true],
    [{ ...of, kind: 'unsafe' }, { host: host({ drain: EMPTY }) }, true, false],
    [{ ...of, kind: 'unsafe' }, { host: host() }, true, false],
    [{ ...of, kind: 'maintained' }, { host: host({ state: 'maintenance' }) }, true, true],
    [{ ...of, kind: 'maintained' }, { host: host() }, true, false],
    [{ ...of, kind: 'down', state: 'in-progress', isPlanned: false }, { host: host({ state: 'in-progress' }) }, true, true],
    [{ ...of, kind: 'down', state: 'in-progress', isPlanned: false }, { host: host() }, true, false],
    [{ ...of, kind: 'up' }, { host: host() }, true, true],
    [{ ...of, kind: 'up' }, { host: host({ state: 'unavailable' }) }, true, false],
    [{ ...of, kind: 'up' }, {}, true, false],
    [{ ...ofVm, kind: 'danger', danger: 'io-error' }, { vm: vm({ danger: ['io-error'] }) }, true, true],
    [{ ...ofVm, kind: 'danger', danger: 'io-error' }, { vm: vm() }, true, false],
    [{ ...ofVm, kind: 'danger', danger: 'error' }, { vm: vm({ state: 'error' }) }, true, true],
    [{ ...ofVm, kind: 'danger', danger: 'error' }, {}, true, false],
    [{ ...ofVm, kind: 'moved', from: 'host-1', to: 'host-2' }, { vm: vm() }, false, true],
    [{ ...ofVm, kind: 'failed', from: 'host-1', to: 'host-2', isLoop: false }, { vm: vm() }, false, true],
    [{ ...ofVm, kind: 'failed', from: 'host-1', to: 'host-2', isLoop: false }, {}, true, false],
  ])('%j with %j (live: %j): %j', (happening, picture, isLive, holds) => {
    expect(stillHolds(happening, changesTo(picture).state, isLive)).toBe(holds);
  });
});
