import { describe, expect, it } from 'vitest';
import type { ClusterSummary } from '../../../core/model.ts';
import { cardOf } from '../../../web/fleet/fleet-card.ts';
import { holdSections, type Section, selectSections } from '../../../web/fleet/fleet-order.ts';
import { summaryOf } from '../../support/summaries.ts';

const NOW = 1_764_158_400_000;
const card = (cluster: string, rest: Partial<ClusterSummary> = {}) => cardOf(summaryOf(cluster, NOW, rest), NOW);
const silent = { lastHeard: NOW - 60_000 };
const CARDS = [
  card('c-10'),
  card('new', { lastHeard: null }),
  card('c-2'),
  card('bad', { hosts: { total: 3, up: 2 } }),
  card('quiet', silent),
  card('worse', { hosts: { total: 3, up: 0 } }),
  card('lost', { unknown: true, lastHeard: null }),
  card('also-quiet', { ...silent, displayName: 'Zebra', hosts: { total: 9, up: 0 } }),
];
const told = (sections: readonly Section[]): unknown[] => sections.map(({ standing, names }) => [standing, ...names]);

describe('the order', () => {
  it('puts what needs somebody first, the worst of it before all, and nothing into an empty section', () => {
    expect(told(selectSections(CARDS, { sort: 'trouble', group: 'trouble' }))).toEqual([
      ['attention', 'worse', 'bad'],
      ['stale', 'quiet', 'also-quiet'],
      ['unknown', 'lost'],
      ['fine', 'c-2', 'c-10'],
      ['waiting', 'new'],
    ]);
    expect(told(selectSections(CARDS.slice(0, 1), { sort: 'trouble', group: 'trouble' }))).toEqual([['fine', 'c-10']]);
  });

  it('is by name within the sections where that is chosen, by the name that is shown', () => {
    expect(told(selectSections(CARDS, { sort: 'name', group: 'trouble' }))).toEqual([
      ['attention', 'bad', 'worse'],
      ['stale', 'quiet', 'also-quiet'],
      ['unknown', 'lost'],
      ['fine', 'c-2', 'c-10'],
      ['waiting', 'new'],
    ]);
  });

  it('is one section without groups', () => {
    expect(told(selectSections(CARDS, { sort: 'trouble', group: 'none' }))).toEqual([
      [null, 'worse', 'bad', 'quiet', 'also-quiet', 'lost', 'c-2', 'c-10', 'new'],
    ]);
    expect(told(selectSections(CARDS, { sort: 'name', group: 'none' }))).toEqual([
      [null, 'bad', 'c-2', 'c-10', 'lost', 'new', 'quiet', 'worse', 'also-quiet'],
    ]);
    expect(selectSections([], { sort: 'trouble', group: 'none' })).toEqual([]);
  });

  it('of clusters of one name is by what they are called in addresses', () => {
    const same = ['b', 'a'].map((name) => card(name, { displayName: 'Lab' }));
    expect(told(selectSections(same, { sort: 'name', group: 'none' }))).toEqual([[null, 'a', 'b']]);
  });
});

describe('while somebody points at the list', () => {
  const shown: readonly Section[] = [
    { standing: 'attention', names: ['worse', 'bad'] },
    { standing: 'fine', names: ['c-2', 'c-10'] },
  ];
  const all = new Set(['worse', 'bad', 'c-2', 'c-10', 'new', 'c-1']);
  it.each<[string, ReadonlySet<string>, readonly Section[], unknown[]]>([
    [
      'what got worse stays',
      all,
      [
        { standing: 'attention', names: ['c-10', 'worse', 'bad'] },
        { standing: 'fine', names: ['c-2'] },
      ],
      told(shown),
    ],
    ['what is not found any more stays', all, [{ standing: 'fine', names: ['c-2'] }], told(shown)],
    [
      'what is gone goes',
      new Set(['bad', 'c-2']),
      [{ standing: 'attention', names: ['bad'] }],
      [
        ['attention', 'bad'],
        ['fine', 'c-2'],
      ],
    ],
    ['a section that is left by all goes', new Set(['c-2']), [{ standing: 'fine', names: ['c-2'] }], [['fine', 'c-2']]],
    [
      'what comes stands at the end',
      all,
      [
        { standing: 'attention', names: ['worse', 'bad'] },
        { standing: 'fine', names: ['c-1', 'c-2', 'c-10'] },
        { standing: 'waiting', names: ['new'] },
      ],
      [
        ['attention', 'worse', 'bad'],
        ['fine', 'c-2', 'c-10', 'c-1'],
        ['waiting', 'new'],
      ],
    ],
  ])('%s', (_, known, next, held) => {
    expect(told(holdSections(shown, known, next))).toEqual(held);
  });
});
