import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../web/news/happenings.ts';
import { addToPile, EMPTY_PILE, itemsOf, sift } from '../../../web/news/pile.ts';

const ofVm = (name: string) => ({ vm: `default/${name}`, name, from: 'host-1', to: 'host-2' });
const ofHost = (host: string) => ({ host, name: host });
const moved = (name: string): Happening => ({ ...ofVm(name), kind: 'moved' });
const started = (name: string): Happening => ({ ...ofVm(name), kind: 'started' });
const failed = (name: string): Happening => ({ ...ofVm(name), kind: 'failed', isLoop: false });
const down: Happening = { ...ofHost('host-1'), kind: 'down', state: 'in-progress', isPlanned: false };
const up: Happening = { ...ofHost('host-1'), kind: 'up' };

describe('a pile', () => {
  it.each<[string, Happening[], Happening[]]>([
    ['keeps different VMs apart', [moved('a'), moved('b')], [moved('a'), moved('b')]],
    ['has a VM once', [moved('a'), moved('a')], [moved('a')]],
    ['says how it ended rather than that it set out', [started('a'), moved('a')], [moved('a')]],
    ['says both where it sets out again', [started('a'), failed('a'), started('a')], [failed('a'), started('a')]],
    ['says what a try that failed came to', [failed('a'), moved('a')], [moved('a')]],
    ['has the newest of a host', [down, up], [up]],
    ['and the newest last', [down, moved('a'), up], [moved('a'), up]],
    [
      'keeps a host and its drain apart',
      [{ ...ofHost('host-1'), kind: 'drained' }, down, { ...ofHost('host-1'), kind: 'unsafe' }],
      [down, { ...ofHost('host-1'), kind: 'unsafe' }],
    ],
    [
      'keeps the dangers of a VM apart',
      (['io-error', 'error', 'io-error'] as const).map((danger) => ({ ...ofVm('a'), kind: 'danger', danger, host: null })),
      (['error', 'io-error'] as const).map((danger) => ({ ...ofVm('a'), kind: 'danger', danger, host: null })),
    ],
  ])('%s', (_, happenings, kept) => {
    expect(itemsOf(addToPile(EMPTY_PILE, happenings))).toEqual(kept);
    const oneByOne = happenings.reduce((pile, happening) => addToPile(pile, [happening]), EMPTY_PILE);
    expect(itemsOf(oneByOne)).toEqual(kept);
  });

  it('lets go of what does not hold, and is the same where all holds', () => {
    const pile = addToPile(EMPTY_PILE, [moved('a'), down]);
    expect(sift(pile, () => true)).toBe(pile);
    expect(itemsOf(sift(pile, ({ kind }) => kind !== 'down'))).toEqual([moved('a')]);
  });
});
