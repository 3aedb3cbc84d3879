import { describe, expect, test } from 'vitest';
import { composeHost, EMPTY_HOST_MEMORY, type HostMemory, rememberHost } from '../../core/host-memory.ts';
import type { DerivedHost } from '../../core/model.ts';

const host: DerivedHost = { name: 'host-1', state: 'active', reasons: [], roles: [] };
const emptied = (here: number): DerivedHost => ({
  ...host,
  state: 'entering-maintenance',
  drain: { here, moving: 0, stopping: 0, waiting: 0, stuck: 0, arriving: 0, safe: here === 0, because: here === 0 ? 'empty' : 'vms-here' },
});

/** What the room says after each of these, one a millisecond. */
function watch(...steps: readonly DerivedHost[]): string[] {
  let memory: HostMemory = EMPTY_HOST_MEMORY;
  let before: DerivedHost | undefined;
  return steps.map((after, now) => {
    memory = rememberHost(memory, before, after, { now, watched: true });
    before = after;
    const { drain } = composeHost(after, memory);
    return drain === undefined ? '-' : `${drain.were} were, ${drain.here} left, since ${drain.since}`;
  });
}

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

  test('the next time it begins anew', () => {
    expect(watch(emptied(3), emptied(0), host, emptied(1))).toEqual([
      '3 were, 3 left, since 0',
      '3 were, 0 left, since 0',
      '-',
      '1 were, 1 left, since 3',
    ]);
  });

  test('T6: where it began while nobody watched, nobody can say when', () => {
    const memory = rememberHost(EMPTY_HOST_MEMORY, host, emptied(2), { now: 9, watched: false });
    expect(composeHost(emptied(2), memory).drain).toMatchObject({ were: 2, since: null });
  });

  test('a full sync that tells the same changes nothing that is remembered', () => {
    const memory = rememberHost(EMPTY_HOST_MEMORY, host, emptied(3), { now: 1, watched: true });
    expect(rememberHost(memory, emptied(3), emptied(3), { now: 9, watched: false })).toBe(memory);
  });
});
