import { describe, expect, it } from 'vitest';
import { zoomBetween } from '../../../web/motion/zoom.ts';
import { parseRoute } from '../../../web/page/route.ts';

const at = (address: string) => {
  const { pathname, search } = new URL(address, 'http://edge');
  return parseRoute(pathname, search);
};

describe('the page zooms', () => {
  it.each([
    ['/', '/c/alpha', 'in', 'alpha'],
    ['/?q=beta', '/c/alpha?view=table', 'in', 'alpha'],
    ['/c/alpha', '/', 'out', 'alpha'],
    ['/c/alpha/h/host-1', '/?q=beta', 'out', 'alpha'],
  ])('from %s to %s: %s, by %s', (from, to, way, cluster) => {
    expect(zoomBetween(at(from), at(to))).toEqual({ way, cluster });
  });

  it.each([
    ['/', '/?q=beta'],
    ['/c/alpha', '/c/beta'],
    ['/c/alpha', '/c/alpha/h/host-1'],
    ['/c/alpha', '/c/alpha?at=1'],
    ['/', '/nowhere'],
    ['/nowhere', '/c/alpha'],
    ['/?wall', '/c/alpha?wall'],
    ['/c/alpha?wall=30', '/'],
    ['/', '/c/alpha?wall'],
  ])('not from %s to %s', (from, to) => {
    expect(zoomBetween(at(from), at(to))).toBeNull();
  });
});
