/** What is advised on the names that there are, where nothing is found. */
import { effect } from '@preact/signals';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Vm } from '../../../core/model.ts';
import type { PictureModel } from '../../../web/board/picture-model.ts';
import { createAdvice } from '../../../web/search/advice-model.ts';
import { openBoard } from '../../support/open-board.ts';

afterEach(() => void vi.useRealTimers());

describe('advises on the names that there are, where it finds nothing', () => {
  const frame = { goneVms: [], hosts: [], goneHosts: [], isReplaced: false };
  const vm = { id: 'a/vm-1', namespace: 'a', name: 'vm-1', host: null, state: 'off', migratable: { ok: true } } as const;

  async function openAdvice(query: string) {
    vi.useFakeTimers();
    const board = openBoard({ query });
    const { filter, cluster, state } = board;
    const looks = { count: 0, tookMs: 0 };
    let spentMs = 0;
    const picture: PictureModel = {
      ...board.picture,
      vms: () => {
        looks.count++;
        spentMs += looks.tookMs;
        return board.picture.vms();
      },
    };
    const model = createAdvice({ cluster, filter, picture, state, now: () => performance.now() + spentMs });
    const stops = [filter.start(), model.start(), board.picture.start(), effect(() => void model.advice.value)];
    await Promise.resolve();
    return {
      looks,
      state,
      advice: model.advice,
      isEmpty: model.isEmpty,
      commit: (part: Partial<Vm>): void => board.commit({ ...frame, vms: [{ ...vm, ...part }] }),
      empty: (): void => board.commit({ ...frame, vms: [], goneVms: [vm.id] }),
      async type(text: string): Promise<void> {
        filter.type(text);
        await Promise.resolve();
      },
      told: (): unknown => model.advice.value.map((each) => each.kind === 'no-such' && [each.word, each.near.map(({ word }) => word)]),
      stop(): void {
        for (const stop of stops) stop();
      },
    };
  }

  it('with the key, and of a commit in a while', async () => {
    const { looks, advice, commit, type, told, stop } = await openAdvice('os:linux state:paused');
    commit({});
    expect([told(), looks.count], 'not within the commit').toEqual([[], 0]);
    vi.advanceTimersByTime(0);
    expect([told(), looks.count], 'but after it').toEqual([[['linux', []]], 1]);

    for (let second = 1; second <= 3; second++) {
      for (let time = 0; time < 50; time++) {
        commit({ os: 'windows', cpu: time });
        vi.advanceTimersByTime(1_000 / 50);
      }
      expect(looks.count, 'of fifty commits a second').toBe(1 + second);
    }
    expect(told()).toEqual([['linux', ['windows']]]);
    const before = advice.value;
    commit({ os: 'windows', cpu: 1 });
    vi.advanceTimersByTime(1_000);
    expect(advice.value, 'the same, where it says the same').toBe(before);
    commit({ os: 'linux' });
    vi.advanceTimersByTime(1_000);
    expect([told(), looks.count], 'somebody is called so, and is not paused').toEqual([[], 6]);

    await type('os:windows');
    expect([told(), looks.count], 'another query').toEqual([[['windows', ['linux']]], 7]);
    await type('os:windows name:vm-1');
    expect([told(), looks.count]).toEqual([[['windows', ['linux']]], 8]);
    vi.advanceTimersByTime(60_000);
    expect(looks.count, 'and without a commit no more').toBe(8);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('and never within the commit in which the last match goes', async () => {
    const { looks, commit, type, told, stop } = await openAdvice('os:windows');
    commit({ os: 'linux' });
    vi.advanceTimersByTime(0);
    expect(looks.count).toBe(1);
    for (let time = 0; time < 10; time++) {
      commit({ os: 'windows' });
      expect(told(), 'withdrawn with the commit that has it').toEqual([]);
      commit({ os: 'linux', cpu: time });
      expect(told(), 'what is known of it').toEqual([['windows', ['linux']]]);
    }
    expect(looks.count, 'found and lost with each frame').toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(looks.count).toBe(2);

    commit({ os: 'windows' });
    vi.advanceTimersByTime(60_000);
    commit({ os: 'bsd' });
    expect([told(), looks.count], 'too old to be said again').toEqual([[], 2]);
    vi.advanceTimersByTime(0);
    expect([told(), looks.count]).toEqual([[['windows', ['bsd']]], 3]);

    await type('os:bsd');
    commit({ os: 'linux' });
    expect([told(), looks.count], 'nothing is known of another query').toEqual([[], 3]);
    vi.advanceTimersByTime(0);
    expect([told(), looks.count]).toEqual([[['bsd', ['linux']]], 4]);
    commit({ os: 'linux', cpu: 1 });
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('the longer it takes, the more seldom', async () => {
    const { looks, commit, stop } = await openAdvice('os:windows');
    looks.tookMs = 300;
    commit({});
    vi.advanceTimersByTime(0);
    for (let time = 1; time <= 8; time++) {
      commit({ cpu: time });
      vi.advanceTimersByTime(1_000);
    }
    expect(looks.count).toBe(3);
    stop();
  });

  it('not where there is no VM at all, nor in the list of migrations', async () => {
    const { state, isEmpty, commit, empty, told, stop } = await openAdvice('os:windows');
    vi.advanceTimersByTime(0);
    expect([isEmpty.value, told()]).toEqual([false, []]);
    commit({});
    vi.advanceTimersByTime(0);
    expect([isEmpty.value, told()]).toEqual([true, [['windows', []]]]);
    state.value = { ...state.value, picture: 'migrations' };
    expect([isEmpty.value, told()]).toEqual([false, []]);
    state.value = { ...state.value, picture: 'table' };
    expect([isEmpty.value, told()]).toEqual([true, [['windows', []]]]);
    empty();
    expect([isEmpty.value, told()]).toEqual([false, []]);
    vi.advanceTimersByTime(1_000);
    expect(told()).toEqual([]);
    stop();
  });
});
