import { describe, expect, test } from 'vitest';
import { composeHost, EMPTY_HOST_MEMORY, type HostMemory, type HostMoment, rememberHost } from '../../core/host-memory.ts';
import type { DerivedHost, Drain } from '../../core/model.ts';

const host: DerivedHost = { name: 'host-1', state: 'active', reasons: [], roles: [] };
const emptied = (here: number): DerivedHost => ({
  ...host,
  state: 'entering-maintenance',
  drain: { here, moving: 0, stopping: 0, waiting: 0, stuck: 0, arriving: 0, safe: here === 0, because: here === 0 ? 'empty' : 'vms-here' },
});

/** What the room says after each of these, one a millisecond. */
function watchDrain(...steps: readonly DerivedHost[]): (Drain | undefined)[] {
  let memory: HostMemory = EMPTY_HOST_MEMORY;
  return steps.map((after, now) => {
    memory = rememberHost(memory, steps[now - 1], after, { now, watched: true, prompt: true });
    return composeHost(after, memory).drain;
  });
}

const watch = (...steps: readonly DerivedHost[]): string[] =>
  watchDrain(...steps).map((drain) => (drain === undefined ? '-' : `${drain.were} were, ${drain.here} left, since ${drain.since}`));

describe('T8: a host that is being emptied', () => {
  test('how many VMs were there is remembered while they leave', () => {
    expect(watch(host, emptied(3), emptied(2), emptied(0))).toEqual([
      '-',
      '3 were, 3 left, since 1',
      '3 were, 2 left, since 1',
      '3 were, 0 left, since 1',
    ]);
  });

  test('one that comes meanwhile is one more that has to leave', () => {
    expect(watch(emptied(2), emptied(1), emptied(2), emptied(1)).at(-1)).toBe('3 were, 1 left, since 0');
  });

  test('when VMs left is remembered of the last twelve: who comes does not count', () => {
    const steps = [emptied(20), emptied(18), emptied(19), emptied(16), ...Array.from({ length: 10 }, (_, index) => emptied(15 - index))];
    const leftAt = [1, 1, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
    expect(watchDrain(...steps.slice(0, 4)).at(-1)?.leftAt).toEqual(leftAt.slice(0, 5));
    expect(watchDrain(...steps).at(-1)?.leftAt).toEqual(leftAt.slice(-12));
  });

  test.each<[how: string, moment: Partial<HostMoment>]>([
    ['by a full sync', { watched: false }],
    ['late', { prompt: false }],
  ])('H6: where it is told %s that some left, nobody knows when, and what was seen before is no pace any more', (_how, moment) => {
    const now = 100_000;
    const drain = { were: 9, since: 1, leftAt: [2, 3] };
    const told = (here: number): HostMemory =>
      rememberHost({ drain }, emptied(7), emptied(here), { now, watched: true, prompt: true, ...moment });
    expect(told(7)).toEqual({ drain });
    expect(told(4)).toEqual({ drain: { were: 9, since: 1 } });
    expect(told(8)).toEqual({ drain: { were: 10, since: 1 } });
    const seen: HostMoment = { now: now + 15_000, watched: true, prompt: true };
    expect(rememberHost(told(4), emptied(4), emptied(3), seen)).toEqual({ drain: { were: 9, since: 1, leftAt: [now + 15_000] } });
  });

  test('the next time it begins anew', () => {
    expect(watch(emptied(3), emptied(0), host, emptied(1))).toEqual([
      '3 were, 3 left, since 0',
      '3 were, 0 left, since 0',
      '-',
      '1 were, 1 left, since 3',
    ]);
  });

  test('T6: where it began while nobody watched, nobody can say when', () => {
    const memory = rememberHost(EMPTY_HOST_MEMORY, host, emptied(2), { now: 9, watched: false, prompt: true });
    expect(composeHost(emptied(2), memory).drain).toMatchObject({ were: 2, since: null });
  });

  test('a full sync that tells the same changes nothing that is remembered', () => {
    const memory = rememberHost(EMPTY_HOST_MEMORY, host, emptied(3), { now: 1, watched: true, prompt: true });
    expect(rememberHost(memory, emptied(3), emptied(3), { now: 9, watched: false, prompt: true })).toBe(memory);
  });
});
