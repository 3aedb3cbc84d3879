import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute } from '../../../web/page/route.ts';
import type { Badge } from '../../../web/stream/badge.ts';
import { addressOffWall, FIRST_TURN, mayTurn, nextTurn, type Turn, wallAddress, wallOf } from '../../../web/wall/wall.ts';

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

  it('stays with all of them where none has a picture', () => {
    expect(nextTurn(FIRST_TURN, [])).toEqual(FIRST_TURN);
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
