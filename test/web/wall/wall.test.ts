import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute } from '../../../web/page/route.ts';
import type { Badge } from '../../../web/stream/badge.ts';
import { addressOffWall, mayTurn, wallAddress, wallOf } from '../../../web/wall/wall.ts';
import { FIRST_TURN, isGlance, nextTurn, type Turn } from '../../../web/wall/wall-turns.ts';

const routeOf = (address: string) => {
  const url = new URL(address, 'http://edge');
  return parseRoute(url.pathname, url.search);
};

describe('the address of a wall', () => {
  it.each<[string, number | null]>([
    ['/', null],
    ['/?wall', 20],
    ['/?wall=30', 30],
    ['/?wall=1', 5],
    ['/?wall=soon', 20],
    ['/c/lab?wall=60&view=table', 60],
    ['/c/lab', null],
    ['/nowhere?wall', null],
  ])('%s: %j seconds', (address, seconds) => {
    expect(wallOf(routeOf(address))).toBe(seconds);
  });

  it.each([
    ['/', '/?wall=20'],
    ['/?q=prod&sort=name', '/?q=prod&sort=name&wall=20'],
    ['/c/lab', '/c/lab?wall=20'],
    ['/c/lab/vm/default/ubuntu?view=table&q=host:a&at=2026-01-01T00:00:00.000Z', '/c/lab?view=table&q=host:a&wall=20'],
    ['/nowhere', '/?wall=20'],
  ])('%s leads to %s, without what nobody can close', (address, wall) => {
    expect(formatRoute(wallAddress(routeOf(address)))).toBe(wall);
  });

  it.each([
    ['/?wall=30', '/'],
    ['/?q=prod&wall', '/?q=prod'],
    ['/c/lab?view=table&wall=20', '/c/lab?view=table'],
    ['/c/lab?q=host:a&wall=20', '/c/lab?q=host:a'],
    ['/nowhere?wall', '/'],
  ])('from %s it leads back to %s', (wall, address) => {
    expect(formatRoute(addressOffWall(routeOf(wall)))).toBe(address);
  });
});

describe('the turns of a wall', () => {
  it('all clusters, then each, then all again as they are by then', () => {
    const seen: (string | null)[] = [];
    let turn: Turn = FIRST_TURN;
    for (const list of [['a', 'b'], [], [], ['a', 'c'], [], [], []]) {
      turn = nextTurn(turn, list);
      seen.push(turn.cluster);
    }
    expect(seen).toEqual(['a', 'b', null, 'a', 'c', null, null]);
  });

  it('of many, a glance at all of them after every few: what is worst by then comes next, unless this round has shown it', () => {
    const sites = Array.from({ length: 13 }, (_, index) => `site-${index + 1}`);
    const shown: string[] = [];
    let turn: Turn = FIRST_TURN;
    // Site 12 gets into trouble during the first stretch, and so does one that has just been shown; site 13 is removed, and 14 comes.
    let seen = sites;
    for (let turns = 0; turns < 18; turns++) {
      turn = nextTurn(turn, turn.cluster === null ? seen : []);
      shown.push(turn.cluster ?? (isGlance(turn) ? 'glance' : 'list'));
      seen = ['site-2', 'site-12', ...sites.filter((name) => !['site-2', 'site-12', 'site-13'].includes(name)), 'site-14'];
    }
    const stretch = (...of: number[]): string[] => of.map((number) => `site-${number}`);
    expect(shown).toEqual([
      ...stretch(1, 2, 3, 4, 5),
      'glance',
      ...stretch(12, 6, 7, 8, 9),
      'glance',
      ...stretch(10, 11, 14),
      'list',
      ...stretch(2, 12),
    ]);
  });

  it.each([1, 2, 5, 6, 221])('each of %i is shown once in a round, and the list never waits for more than five', (count) => {
    const sites = Array.from({ length: count }, (_, index) => `site-${index + 1}`);
    const shown: string[] = [];
    let [turn, sinceList]: [Turn, number] = [nextTurn(FIRST_TURN, sites), 0];
    while (turn.cluster !== null || isGlance(turn)) {
      if (turn.cluster !== null) {
        shown.push(turn.cluster);
        expect([turn.round[turn.shownCount - 1], turn.shownCount], 'the place that is told').toEqual([turn.cluster, shown.length]);
      }
      sinceList = turn.cluster === null ? 0 : sinceList + 1;
      expect(sinceList).toBeLessThanOrEqual(5);
      turn = nextTurn(turn, sites);
    }
    expect(shown).toEqual(sites);
  });

  it('stays with all of them where none has a picture', () => {
    expect(nextTurn(FIRST_TURN, [])).toEqual(FIRST_TURN);
    const glance: Turn = { cluster: null, round: ['a', 'b', 'c', 'd', 'e', 'f'], shownCount: 5 };
    expect(nextTurn(glance, []), 'the list has not come').toEqual(glance);
    expect(nextTurn(glance, ['b', 'a']), 'the one to come is gone').toEqual({ cluster: 'b', round: ['b', 'a'], shownCount: 1 });
  });

  const MAY: Record<Badge['kind'], boolean> = {
    live: true,
    stale: true,
    waiting: true,
    past: true,
    refused: true,
    connecting: false,
    reconnecting: false,
  };
  it.each(Object.entries(MAY))('%s: a picture that is there may give way: %j', (kind, may) => {
    expect(mayTurn(kind as Badge['kind'], true)).toBe(may);
    expect(mayTurn(kind as Badge['kind'], false), 'one that is not always may').toBe(true);
  });
});
