import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute } from '../../web/route.ts';

describe('the route', () => {
  it.each([
    ['/', { view: 'fleet' }],
    ['/c/lab', { view: 'cluster', cluster: 'lab' }],
    ['/clusters/lab', { view: 'cluster', cluster: 'lab' }],
    ['/c/lab/', { view: 'cluster', cluster: 'lab' }],
    ['/c/a-1', { view: 'cluster', cluster: 'a-1' }],
    ['/c/', { view: 'not-found' }],
    ['/c/Lab', { view: 'not-found' }],
    ['/c/-lab', { view: 'not-found' }],
    [`/c/${'a'.repeat(64)}`, { view: 'not-found' }],
    ['/c/lab/../../x', { view: 'not-found' }],
    ['/elsewhere', { view: 'not-found' }],
  ] as const)('%s', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it('is written as it is read', () => {
    for (const route of [{ view: 'fleet' }, { view: 'cluster', cluster: 'lab' }] as const)
      expect(parseRoute(formatRoute(route))).toEqual(route);
  });
});
