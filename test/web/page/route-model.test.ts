import { beforeEach, expect, it, vi } from 'vitest';
import { createRouteModel, type RouteModel } from '../../../web/page/route-model.ts';

const ORIGIN = 'http://localhost';
let route: RouteModel;
let goBack: () => void;
/** The browser's entries, the current one last. */
let entries: string[];

beforeEach(() => {
  entries = ['/'];
  let tell = (): void => {};
  const current = (): URL => new URL(entries.at(-1) ?? '/', ORIGIN);
  vi.stubGlobal('location', {
    get pathname() {
      return current().pathname;
    },
    get search() {
      return current().search;
    },
  });
  vi.stubGlobal('history', {
    pushState: (_state: unknown, _title: string, address: string) => void entries.push(address),
    replaceState: (_state: unknown, _title: string, address: string) => void entries.splice(-1, 1, address),
  });
  vi.stubGlobal('addEventListener', (_name: string, listener: () => void) => {
    tell = listener;
  });
  route = createRouteModel();
  goBack = () => {
    entries.pop();
    tell();
  };
});

it('the route follows the address, with a new entry, without one, and back', () => {
  route.open({ view: 'cluster', cluster: 'lab' });
  route.replace({ view: 'cluster', cluster: 'lab', search: '?q=a' });
  expect([route.route.peek(), entries]).toEqual([{ view: 'cluster', cluster: 'lab', rest: '', search: '?q=a' }, ['/', '/c/lab?q=a']]);
  goBack();
  expect(route.route.peek()).toEqual({ view: 'fleet', search: '' });
  route.replace({ view: 'cluster', cluster: 'only' });
  expect(entries).toEqual(['/c/only']);
});

it('a view that is left, and painted until the next one is zoomed into, has no say in the address any more', () => {
  let follow = (): void => {};
  route.turn = (given) => {
    follow = given;
  };
  route.open({ view: 'cluster', cluster: 'lab' });
  // What was typed into the overview's filter just before.
  route.replace({ view: 'fleet', search: '?q=lab' });
  expect(entries).toEqual(['/', '/c/lab']);
  follow();
  expect(route.route.peek()).toMatchObject({ view: 'cluster', cluster: 'lab' });
  goBack();
  route.replace({ view: 'cluster', cluster: 'lab', search: '?q=a' });
  follow();
  expect([route.route.peek(), entries]).toEqual([{ view: 'fleet', search: '' }, ['/']]);
});
