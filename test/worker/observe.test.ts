/** Request ids, the log and what must never be in it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeError } from '../../worker/log.ts';
import { PROBLEM_CODES } from '../../worker/problem.ts';
import { requestIdOf } from '../../worker/request-id.ts';
import { ADMIN, bearer, call, freshName, liveCluster, problemOf, register, TestForwarder } from './support.ts';

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  for (const method of ['log', 'warn', 'error', 'info', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => {
      lines.push(...said.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))));
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});
const entries = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line));

describe('the id of a request', () => {
  test.each([
    ['abc', 'abc'],
    ['A.b-c_9', 'A.b-c_9'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), 'made'],
    ['', 'made'],
    [null, 'made'],
    ['a b', 'made'],
    ['a\nb', 'made'],
    ['"', 'made'],
    ['é', 'made'],
  ])('%j: %s', (header, id) => {
    expect(requestIdOf(header, () => 'made')).toBe(id);
  });

  test('is in every answer: of the Worker, of a room, a stream, a 204, a 304, a problem and its body', async () => {
    const { cluster } = await liveCluster();
    const snapshot = await call(`/api/v1/clusters/${cluster}`);
    const etag = snapshot.headers.get('etag') ?? '';
    const asked: readonly (readonly [string, RequestInit, number])[] = [
      ['/healthz', {}, 200],
      [`/api/v1/clusters/${cluster}`, {}, 200],
      [`/api/v1/clusters/${cluster}`, { headers: { 'if-none-match': etag } }, 304],
      [`/api/v1/clusters/${cluster}/stream`, {}, 200],
      ['/api/v1/logout', { method: 'POST' }, 204],
      ['/api/v1/none', {}, 404],
      [`/api/v1/clusters/${cluster}/vms/default/nobody`, {}, 404],
      [`/api/v1/clusters/${cluster}/batches`, { method: 'POST' }, 401],
    ];
    for (const [path, init, status] of asked) {
      const response = await call(path, { ...init, headers: { ...(init.headers as object), 'x-request-id': 'my-id.1' } });
      expect([path, response.status, response.headers.get('x-request-id')]).toEqual([path, status, 'my-id.1']);
      if (status >= 400) expect(await problemOf(response)).toMatchObject({ requestId: 'my-id.1' });
      else await response.body?.cancel();
    }
    const made = await call('/healthz', { headers: { 'x-request-id': 'not one' } });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the log', () => {
  test('has refusals, with the pattern of the address and the code, and no 2xx', async () => {
    const { cluster } = await liveCluster();
    lines = [];
    await call(`/api/v1/clusters/${cluster}`);
    expect(lines).toEqual([]);
    await call(`/api/v1/clusters/${cluster}/vms/secret-namespace/secret-name?a=secret`, { headers: { 'x-request-id': 'r1' } });
    await call('/api/v1/clusters/Not_A_Name/stream');
    expect(entries()).toEqual([
      {
        level: 'warn',
        message: 'request',
        requestId: 'r1',
        method: 'GET',
        route: '/api/v1/clusters/:cluster/vms/:namespace/:name',
        status: 404,
        ms: expect.any(Number),
        cluster,
        code: 'unknown-vm',
      },
      expect.objectContaining({ route: '/api/v1/clusters/:cluster/stream', status: 404, code: 'unknown-cluster' }),
    ]);
    expect(lines.join()).not.toContain('secret');
    expect(lines.join()).not.toContain('Not_A_Name');
  });

  test('has everything where LOG_REQUESTS is all', async () => {
    await call('/healthz', {}, { LOG_REQUESTS: 'all' });
    expect(entries()).toMatchObject([{ level: 'info', route: '/healthz', status: 200 }]);
  });

  test('what goes wrong inside is in it, under the request’s id, and does not leave', async () => {
    const broken = { getByName: () => ({ list: () => Promise.reject(new TypeError('the inside of it')) }) };
    const response = await call('/api/v1/clusters', { headers: { 'x-request-id': 'r2' } }, { FLEET: broken as unknown as string });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('inside of it');
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', requestId: 'r2' });
    expect(entries()).toMatchObject([
      { level: 'error', requestId: 'r2', error: 'TypeError: the inside of it', stack: expect.stringContaining('observe.test') },
      { level: 'error', requestId: 'r2', status: 500, code: 'internal' },
    ]);
  });

  test('an error that names an address or a token is logged without them', () => {
    const token = 'x9_-'.repeat(11);
    const said = JSON.stringify(describeError(new Error(`cannot load https://edge/api?code=${token}&a=b (with ${token})`)));
    expect(said).not.toContain('x9_-');
    expect(said).toContain('cannot load https://edge/api?…');
    expect(describeError('x '.repeat(5_000)).error).toHaveLength(2_000);
    expect(describeError(null)).toEqual({ error: 'null' });
  });

  test('what the platform failed in may be tried again', async () => {
    const failure = Object.assign(new Error('overloaded'), { overloaded: true });
    const broken = { getByName: () => ({ list: () => Promise.reject(failure) }) };
    const response = await call('/api/v1/clusters', {}, { FLEET: broken as unknown as string });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await problemOf(response)).toMatchObject({ code: 'unavailable' });
  });

  test('no token, code, cookie or share is ever in it', async () => {
    const settings = { VIEWER_ACCESS: 'token', VIEWER_TOKEN: 'viewer-token-of-the-tests', LOG_REQUESTS: 'all' };
    const cluster = freshName();
    const at = `/api/v1/clusters/${cluster}`;
    const post = (path: string, body: unknown, headers: Record<string, string>) =>
      call(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }, settings);
    const token = await register(cluster);
    const { code } = await (await post(`${at}/token`, {}, bearer(ADMIN))).json<{ code: string }>();
    const wish = { clusters: [cluster], expiresInSeconds: 600 };
    const { url } = await (await post('/api/v1/shares', wish, bearer(ADMIN))).json<{ url: string }>();
    const share = url.split('#share=')[1] ?? '';
    const login = await post('/api/v1/login', { token: share }, {});
    expect(login.status).toBe(204);
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    const secrets = [ADMIN, settings.VIEWER_TOKEN, token, code, share, cookie.split('=')[1] ?? ''];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(15);
      const everywhere: Record<string, string> = {
        ...bearer(secret),
        cookie: `__Host-hostview=${secret}`,
        'cf-access-jwt-assertion': secret,
      };
      for (const path of [
        '/api/v1/clusters',
        at,
        `${at}/vms/${secret}/${secret}`,
        `/api/v1/clusters/${secret}`,
        `/api/${secret}`,
        '/metrics',
      ]) {
        await call(`${path}?token=${secret}&code=${secret}`, { headers: everywhere }, settings);
      }
      await call(`${at}/install.yaml?code=${secret}`, { headers: everywhere }, settings);
      await call(`/api/v1/shares/${secret}`, { method: 'DELETE', headers: everywhere }, settings);
      for (const path of ['/api/v1/login', '/api/v1/clusters', '/api/v1/shares', `${at}/sessions`, `${at}/batches`]) {
        for (const body of [{ token: secret }, { cluster: secret }, [secret], secret]) await post(path, body, everywhere);
        await call(path, { method: 'POST', headers: everywhere, body: `{"token": "${secret}` }, settings);
      }
    }
    expect(lines.length).toBeGreaterThan(100);
    for (const secret of secrets) expect(lines.filter((line) => line.includes(secret))).toEqual([]);
  });

  test('a problem that becomes longer is as long as it says', async () => {
    const { cluster } = await liveCluster();
    const body = JSON.stringify({ type: 't', title: 't', status: 404, code: 'unknown-vm' });
    const headers = { 'content-type': 'application/problem+json', 'content-length': String(body.length) };
    const rooms = { getByName: () => ({ fetch: async () => new Response(body, { status: 404, headers }) }) };
    const response = await call(`/api/v1/clusters/${cluster}/vms/default/a`, {}, { ROOMS: rooms as unknown as string });
    expect(response.headers.get('content-length')).toBeNull();
    expect(await problemOf(response)).toMatchObject({ code: 'unknown-vm', requestId: expect.any(String) });
  });

  test('a room’s refusals have the room’s code', async () => {
    const cluster = freshName();
    const forwarder = new TestForwarder(cluster, await register(cluster));
    lines = [];
    await forwarder.post('batches', { kind: 'gossip' });
    expect(entries()).toMatchObject([{ level: 'warn', status: 400, code: 'invalid', cluster }]);
    expect(PROBLEM_CODES).toContain('invalid');
  });
});
