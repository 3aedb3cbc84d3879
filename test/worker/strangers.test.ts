/** What somebody without credentials can make others do: wake an object, log a visitor out (SPEC A8, A9). */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { MIN_SECRET_CHARS } from '../../core/limits.ts';
import { logInWith, share, TOKEN_MODE, takeBack, VIEWER } from './access-support.ts';
import { ADMIN, bearer, call, freshName, problemOf, register } from './support.ts';

/** Counts what is asked of the Fleet and of the rooms, whatever it is. */
function counted() {
  const asked = { fleet: 0, rooms: 0 };
  const counting = <Namespace extends object>(namespace: Namespace, who: keyof typeof asked): Namespace =>
    new Proxy(namespace, {
      get: (target, name) => {
        if (name === 'getByName') asked[who] += 1;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const settings = { FLEET: counting(env.FLEET, 'fleet'), ROOMS: counting(env.ROOMS, 'rooms') };
  // `call` hands on what it is given.
  return { asked, settings: settings as unknown as Record<string, string> };
}

const shaped = (letter: string): string => letter.repeat(43);

describe('nobody is woken', () => {
  test('by a token that is known to be wrong, made up or a share’s that was taken back', async () => {
    const issued = await share();
    const viewer = (token: string, settings = {}): Promise<Response> =>
      call('/api/v1/clusters', { headers: bearer(token) }, { ...TOKEN_MODE, ...settings });
    expect((await viewer(issued.token)).status).toBe(200);
    await takeBack(issued.id);
    for (const token of [issued.token, shaped('a')]) {
      expect((await viewer(token)).status).toBe(401);
      const { asked, settings } = counted();
      for (let count = 0; count < 3; count += 1)
        expect(await problemOf(await viewer(token, settings))).toMatchObject({ code: 'wrong-token' });
      expect(asked).toEqual({ fleet: 0, rooms: 0 });
    }
  });

  test('on the uplink by what can be no token, whether the cluster is registered or not', async () => {
    const registered = freshName();
    await register(registered);
    for (const headers of [{}, bearer('garbage'), bearer(ADMIN), { authorization: 'Basic eDp5' }]) {
      for (const name of [registered, freshName()]) {
        const { asked, settings } = counted();
        const response = await call(`/api/v1/clusters/${name}/sessions`, { method: 'POST', headers, body: '{}' }, settings);
        expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
        expect(await problemOf(response)).toMatchObject({ code: 'unauthorized' });
        expect(asked).toEqual({ fleet: 0, rooms: 0 });
      }
    }
  });

  test('for a manifest by what can be no code; whether there is an image is not told either', async () => {
    const { asked, settings } = counted();
    for (const query of ['', '?code=', '?code=garbage', `?code=${shaped('a')}b`, '?code=x&with=everything']) {
      const response = await call(`/api/v1/clusters/${freshName()}/install.yaml${query}`, {}, { ...settings, FORWARDER_IMAGE: undefined });
      expect(response.status).toBe(401);
      expect(await problemOf(response)).toMatchObject({ code: 'wrong-code' });
    }
    expect(asked).toEqual({ fleet: 0, rooms: 0 });
  });
});

describe('a short ADMIN_TOKEN', () => {
  // Whoever has a login's cookie can test guesses of both secrets at home.
  test('switches administration off, says why, and logs nobody in', async () => {
    const short = 'a'.repeat(MIN_SECRET_CHARS - 1);
    const settings = { ...TOKEN_MODE, ADMIN_TOKEN: short };
    const refused = await call('/metrics', { headers: bearer(short) }, settings);
    expect(refused.status).toBe(403);
    expect(await problemOf(refused)).toMatchObject({ code: 'admin-disabled', detail: expect.stringContaining('too short') });
    expect((await call('/api/v1/clusters', { headers: bearer(short) }, settings)).status).toBe(401);
    const long = `${short}a`;
    expect((await call('/metrics', { headers: bearer(long) }, { ...settings, ADMIN_TOKEN: long })).status).toBe(200);
  });
});

describe('a page of another site', () => {
  test('logs nobody out: the browser leaves the cookie (SameSite=Strict) at home, so nothing is taken away', async () => {
    const logOut = (headers = {}): Promise<Response> => call('/api/v1/logout', { method: 'POST', headers }, TOKEN_MODE);
    const forged = await logOut({ 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' });
    expect([forged.status, forged.headers.get('set-cookie')]).toEqual([204, null]);
    const { cookie = '' } = await logInWith(VIEWER);
    for (const sent of [cookie, `a=b; ${cookie}`, `${cookie}; ${cookie}`, '__Host-hostview=over']) {
      expect((await logOut({ cookie: sent })).headers.get('set-cookie')).toMatch(/^__Host-hostview=; .*Max-Age=0$/);
    }
  });
});
