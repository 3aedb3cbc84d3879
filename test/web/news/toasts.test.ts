import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../web/news/happenings.ts';
import { itemsOf } from '../../../web/news/pile.ts';
import {
  ALARM_TOAST_MS,
  MAX_TOASTS_COUNT,
  NO_TOASTS,
  nextToasts,
  RETURN_MS,
  TOAST_MS,
  type ToastEvent,
  type Toasts,
  toneOf,
} from '../../../web/news/toasts.ts';
import { runs } from '../../support/runs.ts';

const moved = (name: string, from: string | null = 'host-1'): Happening => ({
  kind: 'moved',
  vm: `default/${name}`,
  name,
  from,
  to: 'host-9',
});
const failed = (name: string, from = 'host-1', isLoop = false): Happening =>
  ({ ...moved(name, from), kind: 'failed', isLoop }) as Happening;
const down = (host: string, isPlanned = false): Happening => ({ kind: 'down', host, name: host, state: 'in-progress', isPlanned });
const up = (host: string): Happening => ({ kind: 'up', host, name: host });
const drained = (host: string): Happening => ({ kind: 'drained', host, name: host });
const danger = (name: string, of: 'io-error' | 'dead-host', host = 'host-1'): Happening => ({
  kind: 'danger',
  vm: `default/${name}`,
  name,
  danger: of,
  host,
});

/** `at event`, one after another. */
const play = (events: readonly (readonly [at: number, event: ToastEvent])[], from: Toasts = NO_TOASTS): Toasts =>
  events.reduce((toasts, [at, event]) => nextToasts(toasts, event, at), from);
const happened = (...happenings: Happening[]): ToastEvent => ({ name: 'happened', happenings });
const tick: ToastEvent = { name: 'ticked', isConnected: true };
const seen = (isSeen: boolean): ToastEvent => ({ name: 'seen', isSeen });
const held = (isHeld: boolean): ToastEvent => ({ name: 'held', isHeld });

/** `topic subject: what it is of`. */
const told = ({ shown }: Toasts): string[] =>
  shown.map(({ topic, subject, pile }) => `${topic} ${subject}: ${itemsOf(pile).map(({ kind, name }) => `${name} ${kind}`)}`);

describe('the notes in the corner', () => {
  it('the last one that goes takes the hand that held it away: the next one is not held for good', () => {
    const gone: readonly ToastEvent[] = [
      { name: 'dismissed', serial: 1 },
      { name: 'checked', holds: () => false },
    ];
    for (const event of gone) {
      const toasts = play([
        [0, happened(moved('one'))],
        [100, held(true)],
        [200, event],
        [300, happened(moved('two'))],
        [300 + TOAST_MS, tick],
      ]);
      expect(told(toasts), event.name).toEqual([]);
    }
  });

  it('sum up what happens to one matter', () => {
    const storm = Array.from({ length: 14 }, (_, index) => moved(`vm-${index}`, 'host-2'));
    const toasts = play([
      [0, happened(...storm.slice(0, 5), moved('other', 'host-1'))],
      [100, happened(...storm.slice(5), failed('shop', 'host-2'))],
    ]);
    expect(toasts.shown.map(({ topic, subject, pile }) => [topic, subject, pile.size])).toEqual([
      ['moves', 'host-2', 15],
      ['moves', 'host-1', 1],
    ]);
  });

  it('say nothing of what only begins', () => {
    expect(play([[0, happened({ ...moved('a'), kind: 'started' } as Happening)]])).toBe(NO_TOASTS);
  });

  it('are of a host together with the VMs that died with it', () => {
    expect(told(play([[0, happened(down('host-1'), danger('a', 'dead-host'), danger('b', 'io-error'))]]))).toEqual([
      'hosts host-1: host-1 down,a danger',
      'dangers default/b: b danger',
    ]);
    expect(told(play([[0, happened(down('host-1'), up('host-1'))]]))).toEqual(['hosts host-1: host-1 up']);
  });

  it('go after a while, failures later', () => {
    const both = play([[0, happened(moved('a', 'host-1'), failed('b', 'host-2'))]]);
    expect(told(play([[TOAST_MS - 1, tick]], both))).toHaveLength(2);
    expect(told(play([[TOAST_MS, tick]], both))).toEqual(['moves host-2: b failed']);
    expect(told(play([[ALARM_TOAST_MS - 1, tick]], both))).toHaveLength(1);
    expect(told(play([[ALARM_TOAST_MS, tick]], both))).toEqual([]);
  });

  it('stay for what is added, and never go sooner for it', () => {
    const later = play([
      [0, happened(failed('b'))],
      [1_000, happened(moved('a'))],
    ]);
    expect(told(play([[ALARM_TOAST_MS - 1, tick]], later))).toHaveLength(1);
    const on = play([
      [0, happened(moved('a'))],
      [5_000, happened(moved('b'))],
      [TOAST_MS + 1, tick],
    ]);
    expect(told(on)).toEqual(['moves host-1: a moved,b moved']);
  });

  it('stay while somebody points at them, and as long afterwards as they had left', () => {
    const pointed = play([
      [0, happened(moved('a'))],
      [5_000, held(true)],
      [60_000, tick],
    ]);
    expect(told(pointed)).toHaveLength(1);
    const left = play([[60_000, held(false)]], pointed);
    expect(told(play([[60_999, tick]], left))).toHaveLength(1);
    expect(told(play([[61_000, tick]], left))).toHaveLength(0);
    expect(nextToasts(left, held(false), 60_500)).toBe(left);
  });

  it('are dismissed one by one', () => {
    const toasts = play([[0, happened(moved('a', 'host-1'), moved('b', 'host-2'))]]);
    const [first] = toasts.shown;
    expect(told(play([[1, { name: 'dismissed', serial: first?.serial ?? 0 }]], toasts))).toEqual(['moves host-2: b moved']);
  });

  it('are never more than four: those of the topic that has most become one, which takes what comes', () => {
    const hosts = ['1', '2', '3', '4', '5'];
    const toasts = play([
      [0, happened(down('host-x'))],
      [0, happened(...hosts.map((host) => moved(`vm-${host}`, `host-${host}`)))],
      [1, happened(moved('late', 'host-7'))],
    ]);
    // A note of several hosts was made when there were too many, and takes the rest.
    expect(told(toasts)).toEqual([
      'hosts host-x: host-x down',
      'moves null: vm-1 moved,vm-2 moved,vm-3 moved,vm-4 moved,vm-5 moved,late moved',
    ]);
  });

  it('let the oldest of those that matter least go where each is of another topic', () => {
    const away = play([
      [0, seen(false)],
      [1, happened(moved('gone'))],
      [2, seen(true)],
      [2 + RETURN_MS, tick],
    ]);
    const full = play([[2_000, happened(down('host-x'), moved('a'), drained('host-y'), danger('b', 'io-error'))]], away);
    expect(told(full)).toEqual([
      'hosts host-x: host-x down',
      'moves host-1: a moved',
      'drains host-y: host-y drained',
      'dangers default/b: b danger',
    ]);
  });

  it('take back what does not hold any more', () => {
    const toasts = play([[0, happened(drained('host-1'), moved('a'), down('host-2'), danger('b', 'dead-host', 'host-2'))]]);
    const check = (holds: (happening: Happening) => boolean): Toasts => nextToasts(toasts, { name: 'checked', holds }, 1);
    expect(check(() => true)).toBe(toasts);
    expect(told(check(({ kind }) => kind !== 'drained' && kind !== 'down'))).toEqual(['moves host-1: a moved', 'hosts host-2: b danger']);
  });

  it('are gone where the past is shown', () => {
    expect(told(play([[1, { name: 'cleared' }]], play([[0, happened(moved('a'))]])))).toEqual([]);
  });

  describe('after a time away', () => {
    const left = play([
      [0, happened(moved('before', 'host-3'))],
      [1_000, seen(false)],
      [2_000, happened(moved('a'), drained('host-1'))],
      [3_000, tick],
      [4_000, happened(failed('b'))],
    ]);

    it('nothing is shown while nobody looks', () => {
      expect(told(left)).toEqual(['moves host-3: before moved']);
    });

    it('there is one sum, of what the stream told meanwhile and of what it tells when it is back', () => {
      const back = play(
        [
          [600_000, seen(true)],
          [600_001, { name: 'ticked', isConnected: false }],
          [700_000, { name: 'ticked', isConnected: false }],
          [700_001, happened(moved('c'))],
        ],
        left,
      );
      expect(told(back)).toEqual(['moves host-3: before moved']);
      const sum = play([[700_002, tick]], back);
      expect(told(sum)).toEqual(['away null: a moved,host-1 drained,b failed,c moved']);
      expect(told(play([[700_002 + ALARM_TOAST_MS, tick]], sum))).toEqual([]);
      expect(told(play([[700_003, happened(moved('d'))]], sum))).toHaveLength(2);
    });

    it('what does not hold any more is left out, and a sum of nothing is none', () => {
      const nothing = play(
        [
          [5_000, { name: 'checked', holds: ({ kind }) => kind === 'drained' }],
          [6_000, { name: 'checked', holds: () => false }],
          [7_000, seen(true)],
          [7_000 + RETURN_MS, tick],
        ],
        left,
      );
      expect(nothing.shown).toEqual([]);
      expect(nothing.away).toBeNull();
    });

    it('the moment before the stream has spoken is waited for', () => {
      const early = play(
        [
          [10_000, seen(true)],
          [10_000 + RETURN_MS - 1, tick],
        ],
        left,
      );
      expect(early.away).not.toBeNull();
    });
  });

  it.each<[string, Happening[], string]>([
    ['moves', [moved('a')], 'plain'],
    ['a failure among moves', [moved('a'), failed('b')], 'warning'],
    ['a loop', [failed('b'), failed('a', 'host-1', true)], 'alarm'],
    ['an end that nobody saw', [{ ...moved('a'), kind: 'ended' } as Happening], 'warning'],
    ['a host', [down('host-1')], 'alarm'],
    ['a host that somebody emptied', [down('host-1', true)], 'plain'],
    ['one that is back', [up('host-1')], 'plain'],
    ['one that is empty', [drained('host-1')], 'plain'],
    ['one that is not any more', [{ ...drained('host-1'), kind: 'unsafe' } as Happening], 'alarm'],
    ['a danger', [danger('a', 'io-error')], 'alarm'],
  ])('%s: the tone', (_, happenings, tone) => {
    expect(toneOf(happenings)).toBe(tone);
  });

  it('whatever happens, there are at most four, each of something, and all go in the end', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const happening = fc.oneof(
      fc.tuple(name, name).map(([vm, host]) => moved(vm, host)),
      fc.tuple(name, name).map(([vm, host]) => failed(vm, host)),
      name.map((host) => down(host)),
      name.map(up),
      name.map(drained),
      fc.tuple(name, fc.constantFrom('io-error', 'dead-host'), name).map(([vm, of, host]) => danger(vm, of, host)),
    );
    const event: fc.Arbitrary<ToastEvent> = fc.oneof(
      { weight: 6, arbitrary: fc.array(happening, { maxLength: 12 }).map((all) => happened(...all)) },
      fc.boolean().map(seen),
      fc.boolean().map(held),
      fc.boolean().map((isConnected): ToastEvent => ({ name: 'ticked', isConnected })),
      fc.integer({ min: 1, max: 30 }).map((serial): ToastEvent => ({ name: 'dismissed', serial })),
      fc.constantFrom('drained', 'down', 'moved').map((kind): ToastEvent => ({ name: 'checked', holds: (one) => one.kind !== kind })),
      fc.constant<ToastEvent>({ name: 'cleared' }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(8_000), event), { maxLength: 60 }), (steps) => {
        let toasts = NO_TOASTS;
        let at = 0;
        for (const [wait, next] of steps) {
          at += wait;
          toasts = nextToasts(toasts, next, at);
          expect(toasts.shown.length).toBeLessThanOrEqual(MAX_TOASTS_COUNT);
          expect(toasts.shown.every(({ pile }) => pile.size > 0)).toBe(true);
          expect(new Set(toasts.shown.map(({ serial }) => serial)).size).toBe(toasts.shown.length);
        }
        const end = play(
          [
            [at, held(false)],
            [at, seen(true)],
            [at + RETURN_MS, tick],
            [at + RETURN_MS + ALARM_TOAST_MS, tick],
          ],
          toasts,
        );
        expect(end.shown.filter(({ until }) => until <= at + RETURN_MS + ALARM_TOAST_MS)).toEqual([]);
      }),
      runs(300),
    );
  });
});
