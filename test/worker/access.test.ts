/** Viewers in the mode `token`: bearer tokens and logins (SPEC A2–A5), and how many may guess (A8), through the Worker. */
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LOGIN_VALID_MS } from '../../core/limits.ts';
import { CALLER_RATE, Guesses, OVERALL_RATE } from '../../worker/guesses.ts';
import { logIn } from '../../worker/viewer-token.ts';
import { ask, cookieOf, logInWith, login, setClock, share, statusFor, TOKEN_MODE, VIEWER } from './access-support.ts';
import { ADMIN, bearer, call, ORIGIN, problemOf } from './support.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('A3: a bearer token', () => {
  test.each([VIEWER, ADMIN])('%s is good', async (token) => {
    expect(await statusFor(bearer(token))).toEqual([200, null]);
  });

  test('nothing: a login is asked for; a wrong one: that is said', async () => {
    const response = await ask('/api/v1/clusters');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problemOf(response)).toMatchObject({ code: 'login-required' });
    expect(await statusFor(bearer(`${VIEWER}x`))).toEqual([401, 'wrong-token']);
    expect(await statusFor({ authorization: 'Basic dXNlcjpwYXNz' })).toEqual([401, 'login-required']);
  });

  test('it decides alone; the scheme of a proxy in front does not', async () => {
    const cookie = await logInWith(VIEWER);
    expect(await statusFor({ ...cookie, ...bearer('wrong') })).toEqual([401, 'wrong-token']);
    expect(await statusFor({ ...cookie, authorization: 'Basic dXNlcjpwYXNz' })).toEqual([200, null]);
  });

  test('without ADMIN_TOKEN, the empty one is nobody’s', async () => {
    const visit = { authorization: null, cookie: null, isSecure: true, caller: null, now: Date.now() };
    const shares = { findShare: async () => null, shareOf: async () => null };
    const keeper = { secrets: { adminToken: '', viewerToken: VIEWER }, shares, guesses: new Guesses() };
    expect(await logIn('', visit, keeper)).toMatchObject({ ok: false, error: { code: 'wrong-token' } });
    for (const off of [undefined, '']) {
      expect(await statusFor({ authorization: 'Bearer ' }, '/api/v1/clusters', { ADMIN_TOKEN: off })).toEqual([401, 'login-required']);
      expect(await statusFor(bearer(VIEWER), '/api/v1/clusters', { ADMIN_TOKEN: off })).toEqual([200, null]);
    }
  });
});

describe('A4: a login', () => {
  test('is answered with a cookie that lasts 12 hours', async () => {
    setClock(Date.now());
    const response = await login({ token: VIEWER });
    expect(response.status).toBe(204);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const set = response.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^__Host-hostview=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=43200$/);
    const cookie = { cookie: cookieOf(response) };
    expect(await statusFor(cookie)).toEqual([200, null]);
    setClock(Date.now() + LOGIN_VALID_MS - 1);
    expect(await statusFor(cookie)).toEqual([200, null]);
    setClock(Date.now() + 1);
    expect(await statusFor(cookie)).toEqual([401, 'login-required']);
  });

  test('over http, the cookie can be one of http', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: VIEWER }) };
    const worker = (await import('../../worker/worker.ts')).default;
    const context = (await import('cloudflare:test')).createExecutionContext();
    const response = await worker.fetch(
      new Request(`${ORIGIN.replace('https', 'http')}/api/v1/login`, init),
      { ...env, ...TOKEN_MODE } as Env,
      context,
    );
    expect(response.headers.get('set-cookie')).toMatch(/^hostview=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
  });

  test.each([
    ['a secret', { VIEWER_TOKEN: `${VIEWER}2` }],
    ['the other secret', { ADMIN_TOKEN: `${ADMIN}2` }],
  ])('changing %s logs everybody out', async (_, settings) => {
    const cookie = await logInWith(VIEWER);
    expect(await statusFor(cookie, '/api/v1/clusters', settings)).toEqual([401, 'login-required']);
    expect(await statusFor(cookie)).toEqual([200, null]);
  });

  test('logging out takes the cookie away', async () => {
    const response = await ask('/api/v1/logout', { method: 'POST', headers: await logInWith(VIEWER) });
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toBe('__Host-hostview=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0');
  });

  test.each([
    [{ token: 'wrong' }, 401, 'wrong-token'],
    [{ token: 'w'.repeat(43) }, 401, 'wrong-token'],
    [{ token: '' }, 400, 'invalid'],
    [{ token: 'x'.repeat(513) }, 400, 'text-too-long'],
    [{ token: 'x'.repeat(10_000) }, 413, 'too-large'],
    [{ token: 1 }, 400, 'invalid'],
    [{}, 400, 'invalid'],
    [null, 400, 'invalid'],
  ])('%.40j is refused, and nothing is set', async (body, status, code) => {
    const response = await login(body);
    expect(response.status).toBe(status);
    expect(response.headers.has('set-cookie')).toBe(false);
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ code });
    expect(JSON.stringify(problem)).not.toContain('wwww');
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx', ''])(
    'a form of another site cannot log anybody in: %s',
    async (type) => expect((await login({ token: VIEWER }, { 'content-type': type })).status).toBe(415),
  );

  test('a cookie opens nothing of the administrator’s', async () => {
    const cookie = await logInWith(ADMIN);
    expect(await statusFor(cookie)).toEqual([200, null]);
    expect(await statusFor(cookie, '/api/v1/shares')).toEqual([401, 'unauthorized']);
  });

  test('where nobody needs one, none is set; where it is closed, that is said', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: 'any' }) };
    const open = await call('/api/v1/login', init, { VIEWER_ACCESS: 'open' });
    expect([open.status, open.headers.has('set-cookie')]).toEqual([204, false]);
    expect((await problemOf(await call('/api/v1/login', init, { VIEWER_ACCESS: undefined }))).code).toBe('viewer-access-closed');
  });
});

describe('A8: guessing', () => {
  const from = (address: string, token: string): Promise<Response> => {
    return ask('/api/v1/clusters', { headers: { ...bearer(token), 'cf-connecting-ip': address } });
  };

  test('one address is slowed down; who knows is not, nor is anybody else', async () => {
    const known = await logInWith(VIEWER);
    const address = '192.0.2.1';
    for (let index = 0; index < CALLER_RATE.burst; index += 1) expect((await from(address, `guess-${index}`)).status).toBe(401);
    const slowed = await from(address, 'guess-more');
    expect(slowed.status).toBe(429);
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problemOf(slowed)).toMatchObject({ code: 'slow-down' });
    expect((await from(address, VIEWER)).status).toBe(200);
    expect((await from(address, 'guess-1')).status).toBe(401);
    expect((await from('192.0.2.2', 'guess-2.1')).status).toBe(401);
    expect(await statusFor(known)).toEqual([200, null]);
    const { token } = await share();
    expect((await from(address, token)).status).toBe(429);
    expect((await from('192.0.2.3', token)).status).toBe(200);
    expect((await from(address, token)).status).toBe(200);
  });

  test('a login counts as a guess, and so does an administrator’s token', async () => {
    const post = (path: string, headers: Record<string, string>, body: unknown): Promise<Response> => {
      const all = { 'content-type': 'application/json', 'cf-connecting-ip': '192.0.2.4', ...headers };
      return ask(path, { method: 'POST', headers: all, body: JSON.stringify(body) });
    };
    for (let index = 0; index < CALLER_RATE.burst; index += 1) {
      expect((await post('/api/v1/login', {}, { token: `login-${index}` })).status).toBe(401);
      expect((await post('/api/v1/shares', bearer(`admin-${index}`), {})).status).toBe(401);
    }
    const slowed = await post('/api/v1/login', {}, { token: 'login-more' });
    expect([slowed.status, slowed.headers.has('retry-after'), slowed.headers.has('set-cookie')]).toEqual([429, true, false]);
    expect((await post('/api/v1/shares', bearer('admin-more'), {})).status).toBe(429);
    expect((await post('/api/v1/shares', bearer(ADMIN), { expiresInSeconds: 60 })).status).toBe(201);
  });

  test('where no header is to be believed, another address helps nobody', async () => {
    const settings = { CLIENT_ADDRESS_HEADER: '' };
    const guess = (index: number): Promise<Response> => {
      const headers = { ...bearer(`blind-${index}`), 'cf-connecting-ip': `198.51.100.${index}` };
      return ask('/api/v1/clusters', { headers }, settings);
    };
    setClock(Date.now() + 60_000);
    for (let index = 0; index < OVERALL_RATE.burst; index += 1) expect((await guess(index)).status).toBe(401);
    expect((await guess(OVERALL_RATE.burst)).status).toBe(429);
    expect((await ask('/api/v1/clusters', { headers: bearer(VIEWER) }, settings)).status).toBe(200);
  });
});
