import { describe, expect, test } from 'vitest';
import { composeVm, EMPTY_MEMORY, type Remembered, rememberDerived, rememberFinished, type VmMemory } from '../../core/memory.ts';
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

type State = 'at rest' | 'moving' | 'moved' | 'ended unknown';
type Event = 'nothing moves' | 'X moves' | 'Y moves' | 'X succeeded' | 'X unknown' | 'X failed' | 'gone';

const STATES: Record<State, VmMemory> = {
  'at rest': EMPTY_MEMORY,
  moving: rememberDerived(EMPTY_MEMORY, 'a/b', moving('X'), 10).memory,
  moved: rememberFinished(EMPTY_MEMORY, finished('X', 'succeeded'), 20, true).memory,
  'ended unknown': rememberDerived(rememberDerived(EMPTY_MEMORY, 'a/b', moving('X'), 10).memory, 'a/b', vm, 20).memory,
};

const EVENTS: Record<Event, (memory: VmMemory) => Remembered> = {
  'nothing moves': (memory) => rememberDerived(memory, 'a/b', vm, 30),
  'X moves': (memory) => rememberDerived(memory, 'a/b', moving('X'), 30),
  'Y moves': (memory) => rememberDerived(memory, 'a/b', moving('Y'), 30),
  'X succeeded': (memory) => rememberFinished(memory, finished('X', 'succeeded'), 30, true),
  'X failed': (memory) => rememberFinished(memory, finished('X', 'failed'), 30, true),
  'X unknown': (memory) => rememberFinished(memory, finished('X', 'unknown'), 30, true),
  gone: (memory) => rememberDerived(memory, 'a/b', null, 30),
};

/** `under way / last outcome ; ended now`. Every cell, or it does not compile. */
const TABLE: Record<State, Record<Event, string>> = {
  'at rest': {
    'nothing moves': '- / - ; -',
    'X moves': 'X / - ; -',
    'Y moves': 'Y / - ; -',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X unknown ; X unknown',
    gone: '- / - ; -',
  },
  moving: {
    'nothing moves': '- / X unknown ; X unknown',
    'X moves': 'X / - ; -',
    'Y moves': 'Y / X unknown ; X unknown',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X unknown ; X unknown',
    gone: '- / X unknown ; X unknown',
  },
  moved: {
    'nothing moves': '- / X succeeded ; -',
    'X moves': 'X / X succeeded ; -',
    'Y moves': 'Y / X succeeded ; -',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X succeeded ; -',
    gone: '- / X succeeded ; -',
  },
  'ended unknown': {
    'nothing moves': '- / X unknown ; -',
    'X moves': 'X / X unknown ; -',
    'Y moves': 'Y / X unknown ; -',
    'X succeeded': '- / X succeeded ; X succeeded',
    'X failed': '- / X failed ; X failed',
    'X unknown': '- / X unknown ; -',
    gone: '- / X unknown ; -',
  },
};

describe('T3, T8: the memory machine', () => {
  for (const state of Object.keys(TABLE) as State[]) {
    for (const event of Object.keys(EVENTS) as Event[]) {
      test(`${state} × ${event}`, () => {
        const { memory, ended } = EVENTS[event](STATES[state]);
        const last = memory.last === undefined ? '-' : `${memory.last.id} ${memory.last.outcome}`;
        const now = ended === null ? '-' : `${ended.id} ${ended.outcome}`;
        expect(`${memory.transit?.id ?? '-'} / ${last} ; ${now}`).toBe(TABLE[state][event]);
      });
    }
  }
});

describe('what is remembered', () => {
  test('T6: stages with the room’s times, each as it was first entered, and what was known of the move', () => {
    let { memory } = rememberDerived(EMPTY_MEMORY, 'a/b', moving('X', 'queued'), 10);
    for (const [stage, at] of [
      ['preparing', 20],
      ['preparing', 25],
      ['transferring', 30],
    ] as const) {
      memory = rememberDerived(memory, 'a/b', moving('X', stage), at).memory;
    }
    const { ended } = rememberFinished(memory, { ...finished('X', 'aborted'), cause: 'unknown', from: null, to: null }, 40, true);
    expect(ended).toMatchObject({ outcome: 'aborted', cause: 'user', from: 'host-1', to: 'host-2', startedAt: 10, endedAt: 40 });
    expect(ended?.stages).toEqual([
      { stage: 'queued', at: 10 },
      { stage: 'preparing', at: 20 },
      { stage: 'transferring', at: 30 },
    ]);
  });

  test('T6: one that ended unwatched has no end time; one that was seen under way has', () => {
    expect(rememberFinished(EMPTY_MEMORY, finished('X', 'failed'), 40, false).ended?.endedAt).toBeNull();
    expect(rememberFinished(STATES.moving, finished('X', 'failed'), 40, false).ended?.endedAt).toBe(40);
  });

  test('a correction keeps the time at which it ended, and is no further try', () => {
    const { memory } = rememberFinished(STATES['ended unknown'], finished('X', 'failed'), 99, true);
    expect(memory.last).toMatchObject({ outcome: 'failed', endedAt: 20 });
    expect(memory.last?.tries).toBeUndefined();
  });

  test('tries count what did not succeed in a row, and a success ends the count', () => {
    let memory = EMPTY_MEMORY;
    for (const [index, outcome] of (['failed', 'aborted', 'failed'] as const).entries()) {
      memory = rememberFinished(memory, finished(`M${index}`, outcome, index), index, true).memory;
    }
    expect(memory.last?.tries).toBe(3);
    memory = rememberFinished(memory, finished('M9', 'succeeded', 9), 9, true).memory;
    expect(memory.last?.tries).toBeUndefined();
  });

  test('an older migration that is learned of late does not replace the newest', () => {
    const { memory } = rememberFinished(
      rememberFinished(EMPTY_MEMORY, finished('new', 'succeeded', 9), 1, true).memory,
      finished('old', 'failed', 3),
      2,
      true,
    );
    expect(memory.last?.id).toBe('new');
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
});
