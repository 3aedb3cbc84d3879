/** The cookie of a login (SPEC A4): what is refused. */
import { describe, expect, test } from 'vitest';
import {
  deriveCookieKey,
  formatClearCookie,
  formatPass,
  formatSetCookie,
  type Pass,
  parsePass,
  readCookie,
} from '../../worker/viewer-cookie.ts';

const PASSES: readonly Pass[] = [
  { kind: 'viewer', expiresAt: 2_000 },
  { kind: 'share', share: '0123456789abcdef', expiresAt: 2_000 },
];
const key = await deriveCookieKey('admin', 'viewers');

describe('A4: a pass', () => {
  test.each(PASSES)('$kind comes back, until it is over', async (pass) => {
    const value = await formatPass(pass, key);
    expect(value).toMatch(/^[\w.-]+$/);
    expect(await parsePass(value, key, 1_999)).toEqual(pass);
    expect(await parsePass(value, key, 2_000)).toBeNull();
  });

  test.each(PASSES)('$kind: no character can be changed, left out or added', async (pass) => {
    const value = await formatPass(pass, key);
    for (let at = 0; at < value.length; at += 1) {
      for (const character of ['', '0', '1', '9', 'a', 'A', '-', '_', '.', '~']) {
        const bent = value.slice(0, at) + character + value.slice(at + 1);
        if (bent !== value) expect(await parsePass(bent, key, 0)).toBeNull();
      }
    }
    for (const bent of [`${value}.`, `${value}A`, ` ${value}`, `${value}\n`, value.repeat(2), value.toUpperCase()]) {
      expect(await parsePass(bent, key, 0)).toBeNull();
    }
  });

  test.each(['', '1', '1.viewer', '1.viewer...', '2.viewer..2000.x', '{}', 'null', '1.admin..2000.', 'x'.repeat(100_000), '…', '%00'])(
    'garbage: %.20s',
    async (value) => expect(await parsePass(value, key, 0)).toBeNull(),
  );

  test.each([
    ['admin2', 'viewers'],
    ['admin', 'viewers2'],
    ['viewers', 'admin'],
    ['', 'adminviewers'],
    ['admin","viewers', ''],
  ])('another key refuses it: %s, %s', async (admin, viewers) => {
    const value = await formatPass({ kind: 'viewer', expiresAt: 2_000 }, key);
    expect(await parsePass(value, await deriveCookieKey(admin, viewers), 0)).toBeNull();
  });

  test('nothing secret is in it', async () => {
    expect((await formatPass({ kind: 'viewer', expiresAt: 2_000 }, key)).split('.').slice(0, 4)).toEqual(['1', 'viewer', '', '2000']);
  });
});

describe('A4: the headers', () => {
  test('over https it is bound to this host', () => {
    expect(formatSetCookie('v', 60, true)).toBe('__Host-hostview=v; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=60');
    expect(formatSetCookie('v', 60, false)).toBe('hostview=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=60');
    expect(formatClearCookie(true)).toBe('__Host-hostview=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0');
  });

  test.each([
    [null, null],
    ['', null],
    ['other=1', null],
    ['__Host-hostview=a', 'a'],
    ['x=1;__Host-hostview=a ; y=2', 'a'],
    ['__Host-hostview=a=b', 'a=b'],
    ['__Host-hostview=a; __Host-hostview=b', null],
    ['__Host-hostview=a; __Host-hostview=a', null],
    ['hostview=a', null],
    ['__host-hostview=a', null],
    ['x__Host-hostview=a', null],
    [`__Host-hostview=${'a'.repeat(9)};`.repeat(1_000), null],
  ])('%.60s', (header, value) => expect(readCookie(header, true)).toBe(value));

  test('over http it has the plain name', () => {
    expect(readCookie('hostview=a; __Host-hostview=b', false)).toBe('a');
  });
});
