import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute } from '../../../web/page/route.ts';

describe('the route', () => {
  it.each([
    ['/', { view: 'fleet', search: '' }],
    ['/c/lab', { view: 'cluster', cluster: 'lab', rest: '', search: '' }],
    ['/clusters/lab', { view: 'cluster', cluster: 'lab', rest: '', search: '' }],
    ['/c/lab/', { view: 'cluster', cluster: 'lab', rest: '', search: '' }],
    ['/c/a-1', { view: 'cluster', cluster: 'a-1', rest: '', search: '' }],
    ['/c/lab/h/host-1', { view: 'cluster', cluster: 'lab', rest: '/h/host-1', search: '' }],
    ['/c/lab/vm/default/web-1', { view: 'cluster', cluster: 'lab', rest: '/vm/default/web-1', search: '' }],
    ['/c/lab/vm/default', { view: 'not-found' }],
    ['/c/lab/h', { view: 'not-found' }],
    ['/c/lab/h/a/b', { view: 'not-found' }],
    ['/c/', { view: 'not-found' }],
    ['/c/Lab', { view: 'not-found' }],
    ['/c/-lab', { view: 'not-found' }],
    [`/c/${'a'.repeat(64)}`, { view: 'not-found' }],
    ['/c/lab/../../x', { view: 'not-found' }],
    ['/elsewhere', { view: 'not-found' }],
  ] as const)('%s', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it('is written as it is read, the query too', () => {
    for (const address of ['/', '/c/lab', '/c/lab/h/host-1?view=drain', '/c/lab?q=a%20b', '/?wall']) {
      const { pathname, search } = new URL(address, 'http://x');
      const route = parseRoute(pathname, search);
      if (route.view === 'not-found') throw new Error(address);
      expect(formatRoute(route)).toBe(address);
    }
  });
});
