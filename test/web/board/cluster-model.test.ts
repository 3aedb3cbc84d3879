import { batch, effect } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { type ClusterState, stateOf } from '../../../core/cluster-state.ts';
import type { Host, Vm } from '../../../core/model.ts';
import { createClusterModel } from '../../../web/board/cluster-model.ts';
import { movesOf } from '../../../web/motion/motion.ts';
import { travellersOf } from '../../../web/motion/trails-model.ts';
import { happeningsOf } from '../../../web/news/happenings.ts';
import type { Changes } from '../../../web/rendering/frame.ts';

const host = (name: string): Host => ({ name, state: 'active', reasons: [], roles: [] });
const ubuntu = (at: string, extra: Partial<Vm> = {}): Vm => ({
  id: 'default/ubuntu',
  namespace: 'default',
  name: 'ubuntu',
  host: at,
  state: 'running',
  migratable: { ok: true },
  ...extra,
});
const inTransit = ubuntu('host-1', {
  transit: { id: 'm', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2', startedAt: 0 },
});
const stateWith = (cursor: string, vms: readonly Vm[]): ClusterState =>
  stateOf({ cursor, digest: '', hosts: [host('host-1'), host('host-2')], vms });
const change = (state: ClusterState, isReplaced = false): Changes => ({
  state,
  isReplaced,
  vms: new Set(['default/ubuntu', ...state.vms.keys()]),
  hosts: new Set(state.hosts.keys()),
});

function painted(...vms: readonly Vm[]) {
  const model = createClusterModel();
  model.paint(change(stateWith('e-1', vms), true));
  return model;
}

const lanes = (model: ReturnType<typeof createClusterModel>): string[] =>
  (['host-1', 'host-2'] as const).flatMap((name) =>
    (['settled', 'leaving', 'arriving'] as const).flatMap((lane) =>
      model
        .lane(lane, name)
        .peek()
        .map((id) => `${name} ${lane} ${id}`),
    ),
  );

describe('the painted cluster', () => {
  it('shows a migration from its start to its end (L1, T1)', () => {
    const model = painted(ubuntu('host-1'));
    expect(lanes(model)).toEqual(['host-1 settled default/ubuntu']);
    model.paint(change(stateWith('e-2', [inTransit])));
    expect(lanes(model)).toEqual(['host-1 leaving default/ubuntu', 'host-2 arriving default/ubuntu']);
    expect(travellersOf(model)).toEqual(['default/ubuntu']);
    expect(model.counts.peek()).toMatchObject({ vms: 1, running: 1, moving: 1, hosts: 2, hostsUp: 2 });
    model.paint(change(stateWith('e-3', [ubuntu('host-2')])));
    expect(lanes(model)).toEqual(['host-2 settled default/ubuntu']);
    expect(travellersOf(model)).toEqual([]);
    expect(model.cursor.peek()).toBe('e-3');
  });

  it('tells the chip of a VM each change of it, and none that changes nothing; of one that is gone its list says so', () => {
    const model = painted(ubuntu('host-1'));
    const shown: Vm[] = [];
    model.chips.set('default/ubuntu', { show: (vm) => shown.push(vm) });
    const paused = ubuntu('host-1', { state: 'paused' });
    model.paint(change(stateWith('e-2', [paused])));
    model.paint(change(stateWith('e-3', [ubuntu('host-1', { state: 'paused' })])));
    model.paint(change(stateWith('e-4', [ubuntu('host-1')]), true));
    model.paint(change(stateWith('e-5', [])));
    expect(shown).toEqual([paused, ubuntu('host-1')]);
  });

  it('tells the other chips with the next commit where one of them fails', () => {
    const [ubuntu1, debian] = [ubuntu('host-1'), ubuntu('host-1', { id: 'default/debian', name: 'debian' })];
    const model = painted(ubuntu1, debian);
    const shown: string[] = [];
    const show = (vm: Vm): void => {
      shown.push(`${vm.name} ${vm.state}`);
      if (shown.length === 1) throw new Error('cannot be shown');
    };
    for (const { id } of [ubuntu1, debian]) model.chips.set(id, { show });
    const paused = stateWith('e-2', [ubuntu('host-1', { state: 'paused' }), { ...debian, state: 'paused' }]);
    expect(() => model.paint(change(paused))).toThrow('cannot be shown');
    model.paint(change(paused, true));
    model.paint(change(paused, true));
    expect(shown).toEqual(['ubuntu paused', 'debian paused']);
  });

  it('a change that changes nothing wakes nobody', () => {
    const model = painted(ubuntu('host-1'));
    let woken = 0;
    const stop = effect(() => {
      model.vm('default/ubuntu');
      model.host('host-1');
      model.lane('settled', 'host-1').value;
      model.counts.value;
      woken++;
    });
    model.paint(change(stateWith('e-2', [ubuntu('host-1')])));
    expect(woken).toBe(1);
    model.paint(change(stateWith('e-3', [ubuntu('host-1', { state: 'paused' })])));
    expect(woken).toBeGreaterThan(1);
    stop();
  });

  it('tells what moves, but never of a picture that was replaced', () => {
    const model = painted(ubuntu('host-1'));
    const toLeaving = change(stateWith('e-2', [inTransit]));
    expect(movesOf(toLeaving, model.vm)).toEqual([{ id: 'default/ubuntu', from: 'host-1', to: 'host-1', isToOtherHost: false }]);
    expect(movesOf({ ...toLeaving, isReplaced: true }, model.vm)).toEqual([]);
    expect(happeningsOf(toLeaving, model)).toMatchObject([{ kind: 'started', vm: 'default/ubuntu' }]);
    model.paint(toLeaving);
    const arrived = change(stateWith('e-3', [ubuntu('host-2')]));
    expect(movesOf(arrived, model.vm)).toEqual([{ id: 'default/ubuntu', from: 'host-1', to: 'host-2', isToOtherHost: true }]);
    expect(happeningsOf({ ...toLeaving, isReplaced: true }, model)).toEqual([]);
    expect(happeningsOf(arrived, model)).toMatchObject([{ kind: 'moved', from: 'host-1', to: 'host-2' }]);
  });

  it('announces a migration that failed once', () => {
    const model = painted(inTransit);
    const failed = ubuntu('host-1', {
      lastMigration: { outcome: 'failed', cause: 'user', from: 'host-1', to: 'host-2', endedAt: 9, reason: 'evicted' },
    });
    const end = change(stateWith('e-2', [failed]));
    expect(happeningsOf(end, model)).toMatchObject([{ kind: 'failed', reason: 'evicted' }]);
    model.paint(end);
    expect(happeningsOf(change(stateWith('e-3', [{ ...failed, state: 'paused' }])), model)).toEqual([]);
    expect(model.counts.peek().failed).toBe(1);
  });

  it('forgets a VM that is gone', () => {
    const model = painted(ubuntu('host-1'));
    model.paint(change(stateWith('e-2', [])));
    expect(lanes(model)).toEqual([]);
    expect(model.vm('default/ubuntu')).toBeUndefined();
    expect(model.counts.peek().vms).toBe(0);
  });

  it('another picture in its place names nothing, and nothing of the old one stays', () => {
    const model = painted(ubuntu('host-1'));
    const other = stateOf({ cursor: 'f-1', digest: '', hosts: [host('host-2')], vms: [{ ...ubuntu('host-2'), id: 'default/suse' }] });
    model.paint({ state: other, isReplaced: true, vms: new Set(), hosts: new Set() });
    expect(lanes(model)).toEqual(['host-2 settled default/suse']);
    expect(model.hostNames.peek()).toEqual(['host-2']);
    expect(model.host('host-1')).toBeUndefined();
    expect(model.vm('default/ubuntu')).toBeUndefined();
    expect(model.counts.peek()).toMatchObject({ vms: 1, hosts: 1 });
  });

  it('tells whoever looks at a VM or a host that is gone when it is back', () => {
    const model = painted(ubuntu('host-1'));
    const seen: string[] = [];
    const stop = effect(() => {
      seen.push(`${model.vm('default/ubuntu')?.host ?? 'gone'} ${model.host('host-2')?.state ?? 'gone'}`);
    });
    const paint = (state: ClusterState): void => batch(() => model.paint({ ...change(state), hosts: new Set(['host-1', 'host-2']) }));
    paint(stateOf({ cursor: 'e-2', digest: '', hosts: [host('host-1')], vms: [] }));
    expect(seen.at(-1)).toBe('gone gone');
    paint(stateWith('e-3', []));
    paint(stateWith('e-4', [ubuntu('host-2')]));
    expect(seen.at(-1)).toBe('host-2 active');
    // A picture that had lacked them is replaced by the right one at the same cursor (D6).
    paint(stateOf({ cursor: 'e-5', digest: '', hosts: [], vms: [] }));
    expect(seen.at(-1)).toBe('gone gone');
    batch(() => model.paint(change(stateWith('e-5', [ubuntu('host-1')]), true)));
    expect(seen.at(-1)).toBe('host-1 active');
    stop();
  });

  it('lets a host’s lists go with its card, and fills new ones when it is back', () => {
    const model = painted(ubuntu('host-1'));
    const first = model.lane('settled', 'host-1');
    model.paint({ ...change(stateOf({ cursor: 'e-2', digest: '', hosts: [host('host-2')], vms: [] })), hosts: new Set(['host-1']) });
    expect(model.lane('settled', 'host-1')).not.toBe(first);
    model.paint(change(stateWith('e-3', [ubuntu('host-1')])));
    expect(lanes(model)).toEqual(['host-1 settled default/ubuntu']);
  });

  it.each(['host-2', 'host-9'])('tells whoever looks at the lists of %s when it comes, be it back or for the first time', (name) => {
    const model = painted(ubuntu('host-1'));
    const seen: string[] = [];
    const stop = effect(() => void seen.push(model.lane('settled', name).value.join()));
    const paint = (state: ClusterState): void => batch(() => model.paint(change(state, true)));
    // Its list was empty, and nothing changes in it when it goes.
    paint(stateOf({ cursor: 'e-2', digest: '', hosts: [host('host-1')], vms: [ubuntu('host-1')] }));
    paint(stateOf({ cursor: 'e-3', digest: '', hosts: [host('host-1')], vms: [ubuntu(name)] }));
    expect(seen.at(-1)).toBe('default/ubuntu');
    paint(stateWith('e-4', []));
    expect(seen.at(-1)).toBe('');
    stop();
  });

  it('a card comes and goes with the VMs of a host whose Node nobody knows', () => {
    const model = painted(ubuntu('host-1'));
    let woken = 0;
    const stop = effect(() => {
      model.hostNames.value;
      woken++;
    });
    model.paint(change(stateWith('e-2', [ubuntu('host-2')])));
    expect([woken, model.countAt('host-1'), model.countAt('host-2')]).toEqual([1, 0, 1]);
    model.paint(change(stateWith('e-3', [ubuntu('host-10')])));
    expect(model.hostNames.peek()).toEqual(['host-1', 'host-2', 'host-10']);
    model.paint(change(stateWith('e-4', [inTransit])));
    expect([model.hostNames.peek(), model.countAt('host-1'), model.countAt('host-2')]).toEqual([['host-1', 'host-2'], 1, 0]);
    model.paint({ ...change(stateOf({ cursor: 'e-5', digest: '', hosts: [], vms: [inTransit] })), hosts: new Set(['host-1', 'host-2']) });
    expect(model.hostNames.peek()).toEqual(['host-1', 'host-2']);
    expect(model.counts.peek()).toMatchObject({ hosts: 0, hostsUp: 0 });
    stop();
  });

  it('forgets a VM that was on no host', () => {
    const off = { ...ubuntu('host-1'), id: 'default/off', name: 'off', host: null, state: 'off' as const };
    const model = painted(ubuntu('host-1'), off);
    expect(model.lane('unplaced', null).peek()).toEqual(['default/off']);
    model.paint({ ...change(stateWith('e-2', [ubuntu('host-1')])), vms: new Set(['default/off']) });
    expect(model.lane('unplaced', null).peek()).toEqual([]);
  });
});
