import { describe, expect, it } from 'vitest';
import { formatPageState, type PageState, PLAIN_STATE, parsePageState, UNREADABLE_MOMENT } from '../../../web/page/page-state.ts';

const AT = Date.parse('2026-11-26T03:00:10.250Z');

describe('the page state', () => {
  it.each<[rest: string, search: string, state: Partial<PageState>]>([
    ['', '', {}],
    ['/h/host-1', '', { host: 'host-1' }],
    ['/vm/default/web-1', '', { vm: 'default/web-1' }],
    ['/h/host-1', '?view=drain', { host: 'host-1', picture: 'drain' }],
    ['/vm/default/web-1', '?view=drain&host=host-1', { host: 'host-1', vm: 'default/web-1', picture: 'drain' }],
    ['/vm/default/web-1', '?view=drain', { vm: 'default/web-1', picture: 'drain' }],
    ['', '?view=table&q=host:host-1+state:error&hide=yes', { picture: 'table', query: 'host:host-1 state:error', isHiding: true }],
    ['', '?group=label:team&sort=-memory', { group: 'label:team', sort: '-memory' }],
    ['', '?at=2026-11-26T03:00:10.250Z', { at: AT }],
    ['', '?wall=60', { wall: 60 }],
  ])('%s%s', (rest, search, state) => {
    const whole = { ...PLAIN_STATE, ...state };
    expect(parsePageState(rest, search)).toEqual(whole);
    expect(formatPageState(whole)).toEqual({ rest, search });
  });

  it.each<[search: string, state: Partial<PageState>]>([
    ['?view=nothing', {}],
    ['?at=', {}],
    ...[
      'yesterday',
      '5',
      '-1',
      String(AT),
      'yesterday+5',
      '+999999-01-01T00:00:00Z',
      '2026-11-26T03:0',
      '2026-02-31',
      '2026-02-29T03:00:00Z',
    ].map((moment): [string, Partial<PageState>] => [`?at=${moment}`, { at: UNREADABLE_MOMENT }]),
    ['?at=2026-11-26T04:00:10.250+01:00', { at: AT }],
    ['?at=2026-11-26+03:00', { at: new Date(2026, 10, 26, 3).getTime() }],
    ['?at=2026-11-26T03:00', { at: new Date(2026, 10, 26, 3).getTime() }],
    ['?wall', { wall: 20 }],
    ['?wall=never', { wall: 20 }],
    ['?wall=0.1', { wall: 5 }],
    ['?wall=1e9', { wall: 3_600 }],
    ['?q=%E0%A4%A', { query: '�%A' }],
    ['?unknown=1', {}],
    ['?view=table&host=host-1', { picture: 'table' }],
  ])('%s is read as well as it can be', (search, state) => {
    expect(parsePageState('', search)).toEqual({ ...PLAIN_STATE, ...state });
  });

  it('stays one that cannot be read when it is written again', () => {
    const { search } = formatPageState({ ...PLAIN_STATE, at: UNREADABLE_MOMENT });
    expect(parsePageState('', search).at).toBe(UNREADABLE_MOMENT);
  });

  it('has no selection where the path cannot be decoded', () => {
    expect(parsePageState('/h/%E0%A4%A', '')).toEqual(PLAIN_STATE);
  });

  it('has no VM where a name has a slash, for no address could lead back to it', () => {
    expect(parsePageState('/vm/a%2Fb/c', '')).toEqual(PLAIN_STATE);
  });

  it('is cut between characters, so that what is left can stand in an address', () => {
    const { host } = parsePageState('/vm/a/b', `?view=drain&host=${'a'.repeat(499)}%F0%9F%98%80`);
    expect(formatPageState({ ...PLAIN_STATE, picture: 'drain', host }).rest).toBe(`/h/${'a'.repeat(499)}%EF%BF%BD`);
  });

  it('is cut where a query is endless', () => {
    expect(parsePageState('', `?q=${'a'.repeat(10_000)}`).query).toHaveLength(500);
  });
});
