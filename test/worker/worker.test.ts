/** The routes: who gets what, with which headers, and which error. */
import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import type { ClusterList } from '../../core/downlink.ts';
import type { Fleet } from '../../worker/worker.ts';
import {
  ADMIN,
  bearer,
  call,
  freshName,
  liveCluster,
  ORIGIN,
  problemOf,
  redeem,
  register,
  snapshotOf,
  TestForwarder,
  vm,
} from './support.ts';

const create = (body: unknown, headers: Record<string, string> = bearer(ADMIN)): Promise<Response> =>
  call('/api/v1/clusters', { method: 'POST', headers, body: JSON.stringify(body) });

describe('GET /healthz', () => {
  test('is alive, with nothing configured', async () => {
    const response = await call('/healthz', {}, { VIEWER_ACCESS: undefined, ADMIN_TOKEN: undefined });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
  });
});

describe('addresses', () => {
  test.each([
    ['GET', '/api', 404, 'not-found'],
    ['GET', '/api/v2/clusters', 404, 'not-found'],
    ['GET', '/metrics', 401, 'unauthorized'],
    ['PUT', '/api/v1/clusters', 405, 'method-not-allowed'],
    ['POST', '/api/v1/clusters/a', 405, 'method-not-allowed'],
    ['GET', '/api/v1/clusters/a/token', 405, 'method-not-allowed'],
    ['GET', '/api/v1/clusters/a/batches', 405, 'method-not-allowed'],
    ['DELETE', '/api/v1/clusters/a/sessions', 405, 'method-not-allowed'],
    ['POST', '/api/v1/clusters/a/stream', 405, 'method-not-allowed'],
    ['POST', '/healthz', 405, 'method-not-allowed'],
    ['GET', '/api/v1/clusters/UPPER', 404, 'unknown-cluster'],
    ['GET', `/api/v1/clusters/${'a'.repeat(64)}/stream`, 404, 'unknown-cluster'],
    ['GET', '/api/v1/clusters/%2e%2e%2ffleet', 404, 'unknown-cluster'],
    ['POST', '/api/v1/clusters/-a/batches', 401, 'unauthorized'],
  ])('%s %s: %i %s', async (method, path, status, code) => {
    const response = await call(path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(await problemOf(response)).toMatchObject({ code, status, type: `urn:hostview:problem:${code}` });
    expect(response.headers.has('allow')).toBe(status === 405);
  });
});

describe('access', () => {
  test.each(['/api/v1/clusters', '/api/v1/clusters/a', '/api/v1/clusters/a/stream'])('%s is closed unless it was opened', async (path) => {
    for (const access of [undefined, 'OPEN', '']) {
      const response = await call(path, {}, { VIEWER_ACCESS: access });
      expect(response.status).toBe(403);
      expect(await problemOf(response)).toMatchObject({
        code: 'viewer-access-closed',
        detail: expect.stringContaining('VIEWER_ACCESS says who may look'),
      });
    }
  });

  test('as it is deployed, it is closed', async () => {
    const response = await exports.default.fetch(`${ORIGIN}/api/v1/clusters`);
    expect(response.status).toBe(403);
  });

  test.each([
    ['POST', '/api/v1/clusters'],
    ['POST', '/api/v1/clusters/a/token'],
    ['DELETE', '/api/v1/clusters/a'],
  ])('%s %s needs the admin token, and without one is switched off', async (method, path) => {
    for (const headers of [{}, bearer('wrong')]) {
      const response = await call(path, { method, headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await problemOf(response)).toMatchObject({ code: 'unauthorized' });
    }
    for (const off of [undefined, '']) {
      const response = await call(path, { method, headers: bearer('') }, { ADMIN_TOKEN: off });
      expect(response.status).toBe(403);
      expect(await problemOf(response)).toMatchObject({ code: 'admin-disabled' });
    }
  });

  test('a Host that is not ours is refused, everywhere', async () => {
    const settings = { ALLOWED_HOSTS: 'localhost:8787, 127.0.0.1:8787' };
    for (const path of ['/healthz', '/api/v1/clusters', '/api/v1/clusters/a/stream', '/', '/c/a']) {
      const evil = await call(path, { headers: { host: 'rebound.example' } }, settings);
      expect(evil.status).toBe(403);
      expect(await problemOf(evil)).toMatchObject({ code: 'forbidden-host' });
    }
    expect((await call('/healthz', { headers: { host: 'LOCALHOST:8787' } }, settings)).status).toBe(200);
  });
});

describe('clusters', () => {
  test('one that is registered is listed, as waiting, then with what is in it', async () => {
    const cluster = freshName();
    const response = await create({ cluster, displayName: 'The lab' });
    expect(response.status).toBe(201);
    const { code } = await response.json<{ code: string }>();
    const find = async () => {
      const list: ClusterList = await (await call('/api/v1/clusters')).json();
      return list.clusters.find((one) => one.cluster === cluster);
    };
    expect(await find()).toEqual({
      cluster,
      displayName: 'The lab',
      lastHeard: null,
      hosts: { total: 0, up: 0 },
      vms: { total: 0, byState: {} },
      transits: 0,
      failures: 0,
      capacity: { cpu: { allocatable: 0, given: 0 }, memory: { allocatable: 0, given: 0 } },
      recent: null,
      cursor: null,
    });
    const forwarder = new TestForwarder(cluster, await redeem(cluster, code));
    const transit = { id: 'm1', stage: 'transferring', cause: 'user', from: 'host-1', to: 'host-2' } as const;
    const { cursor } = await forwarder.sync({
      hosts: [
        { name: 'host-1', state: 'active', reasons: [], roles: [] },
        { name: 'host-2', state: 'in-progress', reasons: [], roles: [] },
      ],
      vms: [vm('a', 'host-1', { transit }), vm('b', null)],
    });
    expect(await find()).toMatchObject({
      lastHeard: expect.any(Number),
      hosts: { total: 2, up: 1 },
      vms: { total: 2, byState: { running: 1, off: 1 } },
      transits: 1,
      cursor,
    });
  });

  test('a name is taken once', async () => {
    const cluster = freshName();
    await register(cluster);
    const response = await create({ cluster });
    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({ code: 'cluster-exists' });
  });

  test.each([{}, { cluster: 'Upper' }, { cluster: 'a.b' }, { cluster: '' }, { cluster: 'ok', displayName: 5 }, []])(
    'a bad registration %j is refused',
    async (body) => {
      const response = await create(body);
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: 'invalid' });
    },
  );

  test('a name of 63 characters is taken, one of 64 is not', async () => {
    expect((await create({ cluster: 'a'.repeat(63) })).status).toBe(201);
    expect(await problemOf(await create({ cluster: 'a'.repeat(64) }))).toMatchObject({ status: 400, code: 'name-too-long' });
  });

  test('one that is removed is gone with its data and its token, and its name is free', async () => {
    const forwarder = await liveCluster();
    const { cursor } = await snapshotOf(forwarder.cluster);
    const remove = () => call(`/api/v1/clusters/${forwarder.cluster}`, { method: 'DELETE', headers: bearer(ADMIN) });
    expect((await remove()).status).toBe(204);
    expect((await call(`/api/v1/clusters/${forwarder.cluster}`)).status).toBe(404);
    expect((await forwarder.post('sessions', {})).status).toBe(401);
    expect((await remove()).status).toBe(404);
    const again = new TestForwarder(forwarder.cluster, await register(forwarder.cluster));
    expect((await forwarder.post('sessions', {})).status).toBe(401);
    expect((await again.sync()).cursor?.split('-')[0]).not.toBe(cursor?.split('-')[0]);
    expect((await snapshotOf(forwarder.cluster)).vms).toEqual([]);
  });

  test.each(['register', 'issueCode'] as const)('%s and remove at once leave no room that nobody can remove', async (begin) => {
    const cluster = freshName();
    if (begin === 'issueCode') await register(cluster);
    await runInDurableObject(env.FLEET.getByName('fleet'), async (fleet: Fleet) => {
      const begun = begin === 'register' ? fleet.register({ cluster }) : fleet.issueCode(cluster);
      await Promise.all([begun, fleet.remove(cluster)]);
    });
    expect((await call(`/api/v1/clusters/${cluster}`)).status).toBe(404);
    expect((await create({ cluster })).status).toBe(201);
  });
});

describe('the snapshot', () => {
  test('its ETag is the cursor, and a 304 says how fresh it is', async () => {
    const forwarder = await liveCluster();
    const path = `/api/v1/clusters/${forwarder.cluster}`;
    const first = await call(path);
    const snapshot = await snapshotOf(forwarder.cluster);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toBe(`W/"${snapshot.cursor}"`);
    await first.body?.cancel();
    await forwarder.heartbeat();
    const unchanged = await call(path, { headers: { 'if-none-match': etag } });
    expect(unchanged.status).toBe(304);
    expect(Number(unchanged.headers.get('x-hostview-last-heard'))).toBeGreaterThanOrEqual(snapshot.lastHeard ?? Number.POSITIVE_INFINITY);
    expect(Number(unchanged.headers.get('x-hostview-now'))).toBeGreaterThanOrEqual(snapshot.now);
    await forwarder.change({ goneVms: ['default/ubuntu'] });
    const changed = await call(path, { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(await changed.json()).toMatchObject({ vms: [] });
  });

  test('before the first sync it has no tag, so it is always whole', async () => {
    const cluster = freshName();
    await register(cluster);
    const response = await call(`/api/v1/clusters/${cluster}`, { headers: { 'if-none-match': '*, W/"null", ""' } });
    expect(response.status).toBe(200);
    expect(response.headers.has('etag')).toBe(false);
    expect(await response.json()).toMatchObject({ cluster, cursor: null, lastHeard: null, hosts: [], vms: [] });
  });
});
