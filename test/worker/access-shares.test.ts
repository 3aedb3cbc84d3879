/** Share links (SPEC A6), through the Worker. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { IssuedShare } from '../../core/access.ts';
import { MAX_SHARE_CLUSTERS_COUNT, MAX_SHARES_COUNT, SHARE_LEAST_S, SHARE_MOST_S } from '../../core/limits.ts';
import type { Fleet } from '../../worker/worker.ts';
import {
  ask,
  cookieOf,
  listShares,
  logInWith,
  login,
  namesFor,
  postShare,
  setClock,
  share,
  statusFor,
  takeBack,
} from './access-support.ts';
import { ADMIN, bearer, freshName, ORIGIN, problemOf, register } from './support.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('A6: shares', () => {
  test('one cluster: its link leads there, shows it and nothing else', async () => {
    const [mine, other] = [freshName(), freshName()];
    await register(mine);
    await register(other);
    const { id, url, token } = await share({ clusters: [mine] });
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(url).toMatch(new RegExp(`^${ORIGIN}/clusters/${mine}#share=[\\w-]{43}$`));
    for (const headers of [bearer(token), await logInWith(token)]) {
      expect(await namesFor(headers)).toEqual([mine]);
      expect(await statusFor(headers, `/api/v1/clusters/${mine}`)).toEqual([200, null]);
      for (const path of ['', '/stream', '/frames', '/migrations', '/vms/a/b', '/vms/a/b/history']) {
        expect(await statusFor(headers, `/api/v1/clusters/${other}${path}`)).toEqual([404, 'unknown-cluster']);
      }
      expect(await statusFor(headers, '/api/v1/shares')).toEqual([401, 'unauthorized']);
    }
  });

  test('no cache that others share keeps what only some may see', async () => {
    const cluster = freshName();
    await register(cluster);
    const cookie = await logInWith((await share({ clusters: [cluster] })).token);
    for (const path of ['', `/${cluster}`, `/${cluster}/migrations`]) {
      const response = await ask(`/api/v1/clusters${path}`, { headers: cookie });
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([
        path,
        200,
        expect.stringMatching(/private|no-store/),
      ]);
    }
  });

  test('several clusters, some not registered yet; all of them', async () => {
    const [one, later] = [freshName(), freshName()];
    await register(one);
    const some = await share({ clusters: [later, one, one] });
    expect(some.url).toContain(`${ORIGIN}/#share=`);
    const all = await share();
    expect(all.url).toContain(`${ORIGIN}/#share=`);
    expect(await namesFor(bearer(some.token))).toEqual([one]);
    await register(later);
    expect(await namesFor(bearer(some.token))).toEqual([one, later].sort());
    expect(await namesFor(bearer(all.token))).toEqual(await namesFor(bearer(ADMIN)));
  });

  test('taken back: refused at the next request, token and cookie', async () => {
    const { id, token } = await share();
    const cookie = await logInWith(token);
    expect(await statusFor(cookie)).toEqual([200, null]);
    expect((await takeBack(id)).status).toBe(204);
    expect(await statusFor(cookie)).toEqual([401, 'login-required']);
    expect(await statusFor(bearer(token))).toEqual([401, 'wrong-token']);
    expect((await login({ token })).status).toBe(401);
    expect((await problemOf(await takeBack(id))).code).toBe('unknown-share');
  });

  test('over: refused, not listed, and pruned when the next one is made', async () => {
    const now = Date.now();
    setClock(now);
    const { id, token, expiresAt } = await share({ expiresInSeconds: SHARE_LEAST_S });
    expect(expiresAt).toBe(now + SHARE_LEAST_S * 1_000);
    const response = await login({ token });
    expect(response.headers.get('set-cookie')).toContain('Max-Age=60');
    const cookie = { cookie: cookieOf(response) };
    setClock(expiresAt - 1);
    expect(await statusFor(cookie)).toEqual([200, null]);
    setClock(expiresAt);
    expect(await statusFor(cookie)).toEqual([401, 'login-required']);
    expect(await statusFor(bearer(token))).toEqual([401, 'wrong-token']);
    expect((await listShares()).shares.map((one) => one.id)).not.toContain(id);
    const isKept = () =>
      runInDurableObject(
        env.FLEET.getByName('fleet'),
        (_: Fleet, { storage }) => storage.sql.exec('SELECT 1 FROM shares WHERE id = ?', id).toArray().length === 1,
      );
    expect(await isKept()).toBe(true);
    await share();
    expect(await isKept()).toBe(false);
  });

  test('a login with one that lasts longer is over after 12 hours', async () => {
    const { token } = await share({ expiresInSeconds: SHARE_MOST_S });
    expect((await login({ token })).headers.get('set-cookie')).toContain('Max-Age=43200');
  });

  test('they are listed without their tokens, and no token is kept', async () => {
    const cluster = freshName();
    const { id, token, expiresAt } = await share({ clusters: [cluster], note: 'for the audit' });
    const list = await listShares();
    const found = list.shares.find((one) => one.id === id);
    expect(found).toEqual({ id, clusters: [cluster], note: 'for the audit', createdAt: expiresAt - 3_600_000, expiresAt });
    const rows = await runInDurableObject(env.FLEET.getByName('fleet'), (_: Fleet, { storage }) =>
      JSON.stringify(storage.sql.exec('SELECT * FROM shares').toArray()),
    );
    expect(rows).toContain(id);
    expect(JSON.stringify(list) + rows).not.toContain(token);
  });

  test.each([
    [{}, 'invalid'],
    [{ expiresInSeconds: SHARE_LEAST_S - 1 }, 'invalid'],
    [{ expiresInSeconds: SHARE_MOST_S + 1 }, 'invalid'],
    [{ expiresInSeconds: 60.5 }, 'invalid'],
    [{ expiresInSeconds: 60, clusters: [] }, 'invalid'],
    [{ expiresInSeconds: 60, clusters: null }, 'invalid'],
    [{ expiresInSeconds: 60, clusters: ['a,b'] }, 'invalid'],
    [{ expiresInSeconds: 60, clusters: ['Upper'] }, 'invalid'],
    [{ expiresInSeconds: 60, clusters: ['a'.repeat(64)] }, 'name-too-long'],
    [{ expiresInSeconds: 60, clusters: Array.from({ length: MAX_SHARE_CLUSTERS_COUNT + 1 }, (_, index) => `c-${index}`) }, 'list-too-long'],
    [{ expiresInSeconds: 60, note: 'x'.repeat(513) }, 'text-too-long'],
  ])('%.60j is refused: %s', async (wish, code) => {
    const before = (await listShares()).shares.length;
    const response = await postShare(wish);
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ code });
    expect((await listShares()).shares).toHaveLength(before);
  });

  test('the most clusters that one can have', async () => {
    const clusters = Array.from({ length: MAX_SHARE_CLUSTERS_COUNT }, (_, index) => `most-${index}`);
    expect((await postShare({ expiresInSeconds: 60, clusters })).status).toBe(201);
  });

  test('at most so many at a time', async () => {
    const fill = (fleet: Fleet, { storage }: DurableObjectState): void => {
      const missing = MAX_SHARES_COUNT - 1 - fleet.listShares().length;
      for (let index = 0; index < missing; index += 1) {
        storage.sql.exec(`INSERT INTO shares VALUES (?, 'x', NULL, 'filler', 0, ?)`, `filler-${index}`, Date.now() + 1e9);
      }
    };
    await runInDurableObject(env.FLEET.getByName('fleet'), fill);
    const last = await share();
    const response = await postShare({ expiresInSeconds: 60 });
    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({ code: 'too-many-shares' });
    expect((await takeBack(last.id)).status).toBe(204);
    await share();
    await runInDurableObject(env.FLEET.getByName('fleet'), (_: Fleet, { storage }) => {
      storage.sql.exec(`DELETE FROM shares WHERE note = 'filler'`);
    });
  });

  test.each(['open', 'cloudflare-access', undefined])('where tokens open nothing (%s), none is made', async (mode) => {
    const response = await postShare({ expiresInSeconds: 60 }, { VIEWER_ACCESS: mode });
    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({ code: 'shares-off' });
  });

  test('PUBLIC_URL is what links begin with', async () => {
    const response = await postShare({ expiresInSeconds: 60 }, { PUBLIC_URL: 'https://board.example.com' });
    expect((await response.json<IssuedShare>()).url).toMatch(/^https:\/\/board\.example\.com\/#share=/);
  });
});
