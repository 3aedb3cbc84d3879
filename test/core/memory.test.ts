import { describe, expect, test } from 'vitest';
import { completeEnd } from '../../core/finished.ts';
import { LOOP_FROM_TRIES_COUNT, MAX_PLACES_COUNT } from '../../core/limits.ts';
import {
  amendEnd,
  composeVm,
  EMPTY_MEMORY,
  type EndedMigration,
  isLoop,
  type Moment,
  type Remembered,
  rememberDerived,
  rememberFinished,
  type VmMemory,
} from '../../core/memory.ts';
import type { DerivedTransit, DerivedVm, FinishedMigration } from '../../core/model.ts';

const vm: DerivedVm = { id: 'a/b', namespace: 'a', name: 'b', uid: 'u', host: 'host-1', state: 'running', migratable: { ok: true } };
const transit = (id: string, stage: DerivedTransit['stage'] = 'preparing'): DerivedTransit => ({
  id,
  stage,
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
});
const moving = (id: string, stage?: DerivedTransit['stage']): DerivedVm => ({ ...vm, transit: transit(id, stage) });
const finished = (id: string, outcome: FinishedMigration['outcome'], createdAt: number | null = 1): FinishedMigration => ({
  id,
  vm: 'a/b',
  outcome,
  cause: 'user',
  from: 'host-1',
  to: 'host-2',
  createdAt,
});

const at = (now: number): Moment => ({ now, watched: true });
const late = (now: number): Moment => ({ now, watched: false });
const derive = (memory: VmMemory, after: DerivedVm | null, moment: Moment): Remembered => rememberDerived(memory, 'a/b', after, moment);
const held = (id: string, stage: DerivedTransit['stage'] = 'transferring'): DerivedVm => ({
  ...vm,
  state: 'paused',
  transit: { ...transit(id, stage), suspended: true },
});

type State = 'at rest' | 'moving' | 'suspended' | 'moved' | 'failed' | 'ended unknown' | 'moving again';
type Event =
  | 'nothing moves'
  | 'X moves'
  | 'X is suspended'
  | 'Y moves'
  | 'X succeeded'
  | 'X failed'
  | 'X unknown'
  | 'X failed, and why'
  | 'restarted elsewhere'
  | 'gone';

const STATES: Record<State, VmMemory> = {
  'at rest': derive(EMPTY_MEMORY, vm, at(5)).memory,
  moving: derive(EMPTY_MEMORY, moving('X'), at(10)).memory,
  suspended: derive(EMPTY_MEMORY, held('X'), at(10)).memory,
  moved: rememberFinished(EMPTY_MEMORY, finished('X', 'succeeded'), at(20)).memory,
  failed: rememberFinished(EMPTY_MEMORY, finished('X', 'failed'), at(20)).memory,
  'ended unknown': derive(derive(EMPTY_MEMORY, moving('X'), at(10)).memory, vm, at(20)).memory,
  'moving again': derive(rememberFinished(EMPTY_MEMORY, finished('X', 'failed'), at(20)).memory, moving('Y'), at(25)).memory,
};

const EVENTS: Record<Event, (memory: VmMemory) => Remembered> = {
  'nothing moves': (memory) => derive(memory, vm, at(30)),
  'X moves': (memory) => derive(memory, moving('X'), at(30)),
  'X is suspended': (memory) => derive(memory, held('X'), at(30)),
  'Y moves': (memory) => derive(memory, moving('Y'), at(30)),
  'X succeeded': (memory) => rememberFinished(memory, finished('X', 'succeeded'), at(30)),
  'X failed': (memory) => rememberFinished(memory, finished('X', 'failed'), at(30)),
  'X unknown': (memory) => rememberFinished(memory, finished('X', 'unknown'), at(30)),
  'X failed, and why': (memory) => rememberFinished(memory, { ...finished('X', 'failed'), reason: 'because' }, at(30)),
  'restarted elsewhere': (memory) => derive(memory, { ...vm, uid: 'v', host: 'host-9' }, at(30)),
  gone: (memory) => derive(memory, null, at(30)),
};

/** `under way (held) / last outcome ; ended now`. Every cell, or it does not compile. */
const TABLE: Record<State, Record<Event, string>> = {
  'at rest': {
    'nothing moves': '- / - ; -',
    'X moves': 'X / - ; -',
    'X is suspended': 'X held / - ; -',
    'Y moves': 'Y / - ; -',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X unknown ; X unknown',
    'X failed, and why': '- / X failed because ; X failed because',
    'restarted elsewhere': '- / - ; -',
    gone: '- / - ; -',
  },
  moving: {
    'nothing moves': '- / X unknown ; X unknown',
    'X moves': 'X / - ; -',
    'X is suspended': 'X held / - ; -',
    'Y moves': 'Y / X unknown ; X unknown',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X unknown ; X unknown',
    'X failed, and why': '- / X failed because ; X failed because',
    'restarted elsewhere': '- / X unknown ; X unknown',
    gone: '- / X unknown ; X unknown',
  },
  suspended: {
    'nothing moves': '- / X unknown ; X unknown',
    'X moves': 'X / - ; -',
    'X is suspended': 'X held / - ; -',
    'Y moves': 'Y / X unknown ; X unknown',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X unknown ; X unknown',
    'X failed, and why': '- / X failed because ; X failed because',
    'restarted elsewhere': '- / X unknown ; X unknown',
    gone: '- / X unknown ; X unknown',
  },
  moved: {
    'nothing moves': '- / X succeeded ; -',
    'X moves': 'X / X succeeded ; -',
    'X is suspended': 'X held / X succeeded ; -',
    'Y moves': 'Y / X succeeded ; -',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X succeeded ; -',
    'X failed, and why': '- / X failed because ; X failed because',
    'restarted elsewhere': '- / X succeeded ; -',
    gone: '- / X succeeded ; -',
  },
  failed: {
    'nothing moves': '- / X failed ; -',
    'X moves': 'X / X failed ; -',
    'X is suspended': 'X held / X failed ; -',
    'Y moves': 'Y / X failed ; -',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X failed ; -',
    'X failed, and why': '- / X failed because ; X failed because',
    'restarted elsewhere': '- / X failed ; -',
    gone: '- / X failed ; -',
  },
  'ended unknown': {
    'nothing moves': '- / X unknown ; -',
    'X moves': 'X / X unknown ; -',
    'X is suspended': 'X held / X unknown ; -',
    'Y moves': 'Y / X unknown ; -',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X unknown ; -',
    'X failed, and why': '- / X failed because ; X failed because',
    'restarted elsewhere': '- / X unknown ; -',
    gone: '- / X unknown ; -',
  },
  'moving again': {
    'nothing moves': '- / Y unknown ; Y unknown',
    'X moves': 'X / Y unknown ; Y unknown',
    'X is suspended': 'X held / Y unknown ; Y unknown',
    'Y moves': 'Y / X failed ; -',
    'X succeeded': 'Y / X succeeded ; X succeeded',
    'X failed': 'Y / X failed ; X failed',
    'X unknown': 'Y / X failed ; -',
    'X failed, and why': 'Y / X failed because ; X failed because',
    'restarted elsewhere': '- / Y unknown ; Y unknown',
    gone: '- / Y unknown ; Y unknown',
  },
};

const sayEnd = (end: { readonly id: string; readonly outcome: string; readonly reason?: string } | null | undefined): string =>
  end == null ? '-' : [end.id, end.outcome, end.reason].filter((part) => part !== undefined).join(' ');

describe('T3, T8: the memory machine', () => {
  for (const state of Object.keys(TABLE) as State[]) {
    for (const event of Object.keys(EVENTS) as Event[]) {
      test(`${state} × ${event}`, () => {
        const { memory, ended } = EVENTS[event](STATES[state]);
        const { transit: underWay, last } = memory;
        const isHeld = underWay?.hold !== undefined && underWay.hold.until === undefined;
        expect(`${underWay?.id ?? '-'}${isHeld ? ' held' : ''} / ${sayEnd(last)} ; ${sayEnd(ended)}`).toBe(TABLE[state][event]);
      });
    }
  }
});

describe('what is remembered of a migration', () => {
  test('T6: stages with the room’s times, each as it was first entered, and what was known of the move', () => {
    let { memory } = derive(EMPTY_MEMORY, moving('X', 'queued'), at(10));
    for (const [stage, now] of [
      ['preparing', 20],
      ['preparing', 25],
      ['transferring', 30],
    ] as const) {
      memory = derive(memory, moving('X', stage), at(now)).memory;
    }
    const { ended } = rememberFinished(memory, { ...finished('X', 'aborted'), cause: 'unknown', from: null, to: null }, at(40));
    expect(ended).toMatchObject({ outcome: 'aborted', cause: 'user', from: 'host-1', to: 'host-2', startedAt: 10, endedAt: 40 });
    expect(ended?.stages).toEqual([
      { stage: 'queued', at: 10 },
      { stage: 'preparing', at: 20 },
      { stage: 'transferring', at: 30 },
    ]);
  });

  test('T6: what happened while nobody watched has no time of its own', () => {
    expect(rememberFinished(EMPTY_MEMORY, finished('X', 'failed'), late(40)).ended?.endedAt).toBeNull();
    expect(rememberFinished(STATES.moving, finished('X', 'failed'), late(40)).ended?.endedAt).toBeNull();
    expect(derive(STATES.moving, vm, late(40)).ended?.endedAt).toBeNull();
    expect(derive(STATES.moving, moving('X', 'transferring'), late(40)).memory.transit?.stages).toEqual([
      { stage: 'preparing', at: 10 },
      { stage: 'transferring', at: 40, unwatched: true },
    ]);
  });

  test('a correction keeps the time at which it ended, and is no further try', () => {
    const { memory } = rememberFinished(STATES['ended unknown'], finished('X', 'failed'), at(99));
    expect(memory.last).toMatchObject({ outcome: 'failed', endedAt: 20 });
    expect(memory.last?.tries).toBeUndefined();
  });

  test('tries count what did not succeed in a row, and a success ends the count', () => {
    let memory = EMPTY_MEMORY;
    for (const [index, outcome] of (['failed', 'aborted', 'failed'] as const).entries()) {
      memory = rememberFinished(memory, finished(`M${index}`, outcome, index), at(index)).memory;
    }
    expect(memory.last?.tries).toBe(3);
    memory = rememberFinished(memory, finished('M9', 'succeeded', 9), at(9)).memory;
    expect(memory.last?.tries).toBeUndefined();
  });

  test('#5306: an automatic migration that fails again and again is called a loop; what a person repeats is not', () => {
    const repeats = LOOP_FROM_TRIES_COUNT;
    expect(isLoop({ outcome: 'failed', cause: 'storage', repeats })).toBe(true);
    expect(isLoop({ outcome: 'failed', cause: 'storage', repeats: repeats - 1 })).toBe(false);
    expect(isLoop({ outcome: 'aborted', cause: 'storage', repeats })).toBe(false);
    expect(isLoop({ outcome: 'failed', cause: 'user', repeats })).toBe(false);
    let memory = EMPTY_MEMORY;
    for (let index = 0; index < repeats; index += 1) {
      expect(composeVm(vm, memory).lastMigration?.loop).toBeUndefined();
      memory = rememberFinished(memory, { ...finished(`M${index}`, 'failed', index), cause: 'drain' }, at(index)).memory;
    }
    expect(composeVm(vm, memory).lastMigration).toMatchObject({ tries: repeats, loop: true });
  });

  test('a single automatic failure after others is no loop; what failed before it goes on counting', () => {
    const lastAfter = (...ends: readonly (readonly [FinishedMigration['outcome'], FinishedMigration['cause']])[]) => {
      const memory = ends.reduce(
        (so, [outcome, cause], index) => rememberFinished(so, { ...finished(`M${index}`, outcome, index), cause }, at(index)).memory,
        EMPTY_MEMORY,
      );
      return composeVm(vm, memory).lastMigration;
    };
    expect(lastAfter(['failed', 'user'], ['failed', 'user'], ['failed', 'drain'])).toMatchObject({ tries: 3 });
    expect(lastAfter(['failed', 'user'], ['failed', 'user'], ['failed', 'drain'])).not.toHaveProperty('loop');
    expect(lastAfter(['aborted', 'user'], ['unknown', 'unknown'], ['failed', 'drain'])).not.toHaveProperty('loop');
    expect(lastAfter(['failed', 'drain'], ['aborted', 'user'], ['failed', 'drain'], ['failed', 'drain'])).toMatchObject({ loop: true });
    expect(lastAfter(['failed', 'drain'], ['failed', 'drain'], ['succeeded', 'user'], ['failed', 'drain'])).not.toHaveProperty('loop');
  });

  test('a cause whose signs have gone is still told while the move lasts, beside what the objects show now', () => {
    const seen = (cause: DerivedTransit['cause'], evidence?: string): DerivedVm => ({
      ...vm,
      transit: { ...transit('X'), cause, ...(evidence !== undefined && { evidence }) },
    });
    const known = derive(EMPTY_MEMORY, seen('hotplug', 'HotVCPUChange=True'), at(1)).memory;
    const shown = (now: DerivedVm) => composeVm(now, derive(known, now, at(2)).memory).transit;
    expect(shown(seen('unknown'))).toEqual({
      ...transit('X'),
      cause: 'unknown',
      startedAt: 1,
      remembered: { cause: 'hotplug', evidence: 'HotVCPUChange=True' },
    });
    expect(shown(seen('drain'))?.remembered?.cause).toBe('hotplug');
    expect(shown(seen('hotplug', 'spec.priority=user-triggered'))).toEqual({
      ...transit('X'),
      cause: 'hotplug',
      evidence: 'spec.priority=user-triggered',
      startedAt: 1,
    });
  });

  test('a migration that vanished and is under way after all is not shown as ended', () => {
    const vanished = derive(derive(EMPTY_MEMORY, moving('X'), at(1)).memory, vm, at(2)).memory;
    expect(composeVm(vm, vanished).lastMigration?.outcome).toBe('unknown');
    const back = derive(vanished, moving('X'), at(3)).memory;
    expect(composeVm(moving('X'), back).lastMigration).toBeUndefined();
    expect(composeVm(moving('Y'), derive(vanished, moving('Y'), at(3)).memory).lastMigration?.outcome).toBe('unknown');
  });

  test('an end of which only the hosts were known gets the evidence that its VMIM has', () => {
    const bare = derive(derive(EMPTY_MEMORY, moving('X'), at(1)).memory, vm, at(2)).memory;
    const told = { ...finished('X', 'succeeded'), evidence: 'metadata.name=X' };
    expect(rememberFinished(bare, told, at(3)).ended?.evidence).toBe('metadata.name=X');
    expect(rememberFinished(bare, { ...told, cause: 'drain' }, at(3)).ended).not.toHaveProperty('evidence');
  });

  test('an older migration that is learned of late does not replace the newest', () => {
    const { memory } = rememberFinished(
      rememberFinished(EMPTY_MEMORY, finished('new', 'succeeded', 9), at(1)).memory,
      finished('old', 'failed', 3),
      at(2),
    );
    expect(memory.last?.id).toBe('new');
  });

  test('a second one that was refused while the first ran is younger, and over earlier', () => {
    const first = { ...finished('first', 'succeeded', 1), overAt: 90 };
    const refused = { ...finished('refused', 'failed', 5), overAt: 6 };
    const ends = (order: readonly FinishedMigration[]): string | undefined =>
      order.reduce((memory, end) => rememberFinished(memory, end, at(1)).memory, EMPTY_MEMORY).last?.id;
    expect(ends([refused, first])).toBe('first');
    expect(ends([first, refused])).toBe('first');
  });

  test('the cause that says most stays, though its signs go before the migration does', () => {
    const cause = (...causes: DerivedTransit['cause'][]): string | undefined =>
      causes.reduce(
        (memory, one) => derive(memory, { ...vm, transit: { ...transit('X'), cause: one, evidence: `e-${one}` } }, at(1)).memory,
        EMPTY_MEMORY,
      ).transit?.evidence;
    expect(cause('unknown', 'drain', 'rebalance', 'drain')).toBe('e-rebalance');
    expect(cause('upgrade', 'drain')).toBe('e-upgrade');
    const seen = derive(EMPTY_MEMORY, { ...vm, transit: { ...transit('X'), cause: 'rebalance', evidence: 'seen' } }, at(1)).memory;
    const { ended } = rememberFinished(seen, { ...finished('X', 'succeeded'), cause: 'drain', evidence: 'told' }, at(2));
    expect(ended).toMatchObject({ cause: 'rebalance', evidence: 'seen' });
  });

  test('a failure without a reason is told by what held it up; a recorded reason takes its place', () => {
    const waiting = {
      ...moving('X', 'scheduling'),
      transit: { ...transit('X'), waitingFor: { reason: 'unschedulable', detail: 'no room' } },
    };
    const { memory, ended } = rememberFinished(derive(EMPTY_MEMORY, waiting as DerivedVm, at(1)).memory, finished('X', 'failed'), at(2));
    expect(ended).toMatchObject({ trouble: 'no room' });
    expect(ended?.reason).toBeUndefined();
    expect(composeVm(vm, memory).lastMigration?.reason).toBe('no room');
    const later = completeEnd(ended as EndedMigration, { ...finished('X', 'failed'), reason: 'recorded' });
    expect(composeVm(vm, amendEnd(memory, later)).lastMigration?.reason).toBe('recorded');
  });
});

describe('how long the guest stood still', () => {
  const blackout = (...steps: (readonly [DerivedVm, Moment])[]): EndedMigration | null => {
    const memory = steps.reduce((before, [after, moment]) => derive(before, after, moment).memory, EMPTY_MEMORY);
    return rememberFinished(memory, finished('X', 'succeeded'), at(100)).ended;
  };
  test('from when KubeVirt was seen to hold it until it was seen to run', () => {
    expect(blackout([moving('X'), at(10)], [held('X'), at(20)], [moving('X', 'switching'), at(27)])?.blackoutMs).toBe(7);
  });
  test('until the end, where nothing was seen in between', () => {
    expect(blackout([held('X'), at(20)])?.blackoutMs).toBe(80);
  });
  test('is not known where it was not held, or where either end was not watched', () => {
    expect(blackout([moving('X'), at(10)])?.blackoutMs).toBeNull();
    expect(blackout([held('X'), late(20)], [moving('X', 'switching'), at(27)])?.blackoutMs).toBeNull();
    expect(blackout([held('X'), at(20)], [moving('X', 'switching'), late(27)])?.blackoutMs).toBeNull();
    expect(rememberFinished(STATES.suspended, finished('X', 'succeeded'), late(40)).ended?.blackoutMs).toBeNull();
  });
  test('is told with the last migration, and absent where it is not known', () => {
    const shown = (memory: VmMemory) => composeVm(vm, rememberFinished(memory, finished('X', 'succeeded'), at(40)).memory).lastMigration;
    expect(shown(STATES.suspended)).toMatchObject({ blackoutMs: 30 });
    expect(shown(STATES.moving)).not.toHaveProperty('blackoutMs');
  });
});

describe('where it was before', () => {
  const on = (host: string | null): DerivedVm => ({ ...vm, host });
  const visit = (...steps: (readonly [string | null, Moment])[]): VmMemory =>
    steps.reduce((memory, [host, moment]) => derive(memory, on(host), moment).memory, EMPTY_MEMORY);

  test('each place with the times at which it was seen there, whether it moved, stopped or was started anew', () => {
    expect(visit(['host-1', at(1)], ['host-1', at(2)], ['host-2', at(3)], [null, at(4)], ['host-3', at(5)]).places).toEqual([
      { host: 'host-1', since: 1, until: 3 },
      { host: 'host-2', since: 3, until: 4 },
      { host: 'host-3', since: 5 },
    ]);
  });
  test('T6: not when, where nobody watched', () => {
    expect(visit(['host-1', late(1)], ['host-2', late(3)]).places).toEqual([
      { host: 'host-1', since: null, until: null },
      { host: 'host-2', since: null },
    ]);
  });
  test('what is shown is the last place that is not the present one', () => {
    const previous = (host: string | null, ...steps: Parameters<typeof visit>) => composeVm(on(host), visit(...steps)).previous;
    expect(previous('host-1', ['host-1', at(1)])).toBeUndefined();
    expect(previous('host-2', ['host-1', at(1)], ['host-2', at(3)])).toEqual({ host: 'host-1', until: 3 });
    expect(previous(null, ['host-1', at(1)], [null, at(3)])).toEqual({ host: 'host-1', until: 3 });
    expect(previous('host-1', ['host-1', at(1)], [null, at(3)], ['host-1', at(4)])).toBeUndefined();
    expect(previous('host-2', ['host-1', late(1)], ['host-2', late(3)])).toEqual({ host: 'host-1', until: null });
  });
  test('no more of them than the room has room for, the newest', () => {
    const steps = Array.from({ length: 40 }, (_, index) => [`host-${index}`, at(index)] as const);
    const { places } = visit(...steps);
    expect(places).toHaveLength(MAX_PLACES_COUNT);
    expect(places?.at(-1)?.host).toBe('host-39');
  });
});

test('a VM as everybody sees it has no uid, and its transit the time at which the room saw it start', () => {
  expect(composeVm(moving('X'), STATES.moving)).toEqual({
    id: 'a/b',
    namespace: 'a',
    name: 'b',
    host: 'host-1',
    state: 'running',
    migratable: { ok: true },
    transit: { ...transit('X'), startedAt: 10 },
  });
  expect(composeVm(vm, STATES.moved).lastMigration).toEqual({
    outcome: 'succeeded',
    cause: 'user',
    from: 'host-1',
    to: 'host-2',
    endedAt: 20,
  });
});
