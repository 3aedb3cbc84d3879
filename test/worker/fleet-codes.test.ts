/** Install codes and tokens: what redeems, what does not, and what nothing of it changes. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { INSTALL_CODE_VALID_MS } from '../../core/limits.ts';
import type { IssuedCode } from '../../worker/install-codes.ts';
import type { Fleet } from '../../worker/worker.ts';
import { ADMIN, bearer, call, freshName, liveCluster, problemOf, redeem, register, renew, roomOf, TestForwarder } from './support.ts';

const IMAGE = { FORWARDER_IMAGE: 'registry.example.com/hostview-forwarder:0.1.0' };
const fleet = () => env.FLEET.getByName('fleet');

async function issue(cluster: string): Promise<IssuedCode & { readonly command: string }> {
  const init = { method: 'POST', headers: bearer(ADMIN), body: JSON.stringify({ cluster }) };
  const created = await call('/api/v1/clusters', init);
  const response = created.status === 409 ? await call(`/api/v1/clusters/${cluster}/token`, init) : created;
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.json();
}

const get = (cluster: string, code: string, query = '', accept = 'application/json'): Promise<Response> =>
  call(`/api/v1/clusters/${cluster}/install.yaml?code=${code}${query}`, { headers: { accept } }, IMAGE);

async function expectWrong(response: Response): Promise<void> {
  expect(response.status).toBe(401);
  const { requestId: _, ...problem } = await problemOf(response);
  expect(problem).toMatchObject({ code: 'wrong-code' });
  expect(JSON.stringify(problem)).toBe(JSON.stringify(wrong ?? problem));
  wrong ??= problem;
}
/** The body of the first refusal: all others are the same. */
let wrong: object | undefined;

const hashesOf = (cluster: string) =>
  runInDurableObject(roomOf(cluster), (_room, { storage }) =>
    storage.sql.exec<{ token_hash: string; next_token_hash: string | null }>('SELECT token_hash, next_token_hash FROM config').one(),
  );
const openCode = (cluster: string) =>
  runInDurableObject(fleet(), (_fleet, { storage }) =>
    storage.sql.exec('SELECT code_hash, code_expires_at FROM clusters WHERE cluster = ?', cluster).one(),
  );

describe('an install code', () => {
  test('is answered with the command that redeems it, and with its end', async () => {
    const cluster = freshName();
    const before = Date.now();
    const issued = await issue(cluster);
    expect(issued).toEqual({
      cluster,
      code: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: expect.any(Number),
      command: `kubectl apply -f "https://hostview.test/api/v1/clusters/${cluster}/install.yaml?code=${issued.code}"`,
    });
    expect(issued.expiresAt).toBeGreaterThanOrEqual(before + INSTALL_CODE_VALID_MS);
    expect(issued.expiresAt).toBeLessThanOrEqual(Date.now() + INSTALL_CODE_VALID_MS);
  });

  test('neither it nor the token that it gives is stored anywhere', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    expect(Object.values(await openCode(cluster))).not.toContain(code);
    const token = await redeem(cluster, code);
    expect(Object.values(await hashesOf(cluster))).not.toContain(token);
    expect(await openCode(cluster)).toEqual({ code_hash: null, code_expires_at: null });
    await new TestForwarder(cluster, token).sync();
  });

  test('is good once', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    expect((await get(cluster, code)).status).toBe(200);
    await expectWrong(await get(cluster, code));
    await expectWrong(await get(cluster, code, '', 'application/yaml'));
  });

  test('two redeem it at once: one gets a token, and that one is good', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    const answers = await Promise.all([get(cluster, code), get(cluster, code), get(cluster, code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    const [won] = answers.filter(({ status }) => status === 200);
    const { token } = await (won as Response).json<{ token: string }>();
    await new TestForwarder(cluster, token).sync();
  });

  test('is over after an hour, and not a moment before', async () => {
    for (const [left, status] of [
      [1_000, 200],
      [0, 401],
    ] as const) {
      const cluster = freshName();
      const { code } = await issue(cluster);
      await runInDurableObject(fleet(), (_fleet, { storage }) => {
        storage.sql.exec('UPDATE clusters SET code_expires_at = ? WHERE cluster = ?', Date.now() + left, cluster);
      });
      expect((await get(cluster, code)).status).toBe(status);
    }
  });

  test('a new one takes the place of the one before', async () => {
    const cluster = freshName();
    const { code: first } = await issue(cluster);
    const { code: second } = await issue(cluster);
    await expectWrong(await get(cluster, first));
    expect((await get(cluster, second)).status).toBe(200);
  });

  test('outlives the object that gave it out', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    await evictDurableObject(fleet());
    expect((await get(cluster, code)).status).toBe(200);
  });

  test('whatever is wrong with it, the answer is the same, and it stays good', async () => {
    const [cluster, other] = [freshName(), freshName()];
    const { code } = await issue(cluster);
    const { code: othersCode } = await issue(other);
    for (const bad of ['', 'x', othersCode, `${code}A`, code.slice(1), 'A'.repeat(43), ADMIN]) await expectWrong(await get(cluster, bad));
    for (const name of ['nobody', 'UPPER', 'a'.repeat(64), other]) await expectWrong(await get(name, code));
    expect((await get(cluster, code)).status).toBe(200);
  });

  test('HEAD and other methods do not spend it', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    for (const method of ['HEAD', 'POST', 'OPTIONS']) {
      expect((await call(`/api/v1/clusters/${cluster}/install.yaml?code=${code}`, { method }, IMAGE)).status).toBe(405);
    }
    expect((await get(cluster, code)).status).toBe(200);
  });

  test('without an image there is no manifest, and the code is not spent; the token alone needs none', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    const path = `/api/v1/clusters/${cluster}/install.yaml?code=${code}`;
    for (const image of [undefined, '', 'not an image', 'a"b', 'x:y\n  z: 1']) {
      const response = await call(path, {}, { FORWARDER_IMAGE: image });
      expect(response.status).toBe(409);
      expect(await problemOf(response)).toMatchObject({ code: 'no-forwarder-image' });
    }
    expect(await redeem(cluster, code)).toMatch(/^[\w-]{43}$/);
  });

  test('what is asked for wrongly does not spend it', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    for (const query of ['&with=everything', '&with=harvester,', '&with=harvester%0Aprogress']) {
      const response = await get(cluster, code, query, '*/*');
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: 'invalid', at: 'with' });
    }
    const settings = { ...IMAGE, PUBLIC_URL: 'https://edge.example/path' };
    expect((await call(`/api/v1/clusters/${cluster}/install.yaml?code=${code}`, {}, settings)).status).toBe(400);
    expect((await get(cluster, code, '&with=', '*/*')).status).toBe(200);
  });

  test('needs no access as a viewer', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    const path = `/api/v1/clusters/${cluster}/install.yaml?code=${code}`;
    expect((await call(path, {}, { ...IMAGE, VIEWER_ACCESS: undefined, ADMIN_TOKEN: undefined })).status).toBe(200);
  });

  test('a room that does not answer leaves it good', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    await withoutRooms(async (broken) => {
      expect(await broken.redeem(cluster, code)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    });
    expect((await get(cluster, code)).status).toBe(200);
  });
});

/** The fleet while no room answers. */
const withoutRooms = (use: (fleet: Fleet) => Promise<void>): Promise<void> =>
  runInDurableObject(fleet(), async (instance: Fleet) => {
    const holder = instance as unknown as { env: Env };
    const whole = holder.env;
    const ROOMS = {
      getByName: () => new Proxy({}, { get: () => () => Promise.reject(new Error('no answer')) }),
    };
    holder.env = { ...whole, ROOMS } as unknown as Env;
    try {
      await use(instance);
    } finally {
      holder.env = whole;
    }
  });

describe('tokens', () => {
  test('a new token: the old one is good until the new one is used', async () => {
    const old = await liveCluster();
    const unused = new TestForwarder(old.cluster, await renew(old.cluster));
    expect((await old.heartbeat()).resync).toBe(false);
    await issue(old.cluster);
    expect((await old.heartbeat()).resync).toBe(false);
    const young = new TestForwarder(old.cluster, await renew(old.cluster));
    expect((await old.heartbeat()).resync).toBe(false);
    await young.open();
    for (const dead of [old, unused]) expect((await dead.post('sessions', {})).status).toBe(401);
    await young.sync();
  });

  test('before the first code is redeemed there is none, and no token is good', async () => {
    const cluster = freshName();
    await issue(cluster);
    for (const token of ['', 'x', 'A'.repeat(43)]) {
      expect((await new TestForwarder(cluster, token).post('sessions', {})).status).toBe(401);
    }
    expect(await (await call(`/api/v1/clusters/${cluster}`)).json()).toMatchObject({ cluster, cursor: null, lastHeard: null });
  });

  const revoke = (cluster: string): Promise<Response> =>
    call(`/api/v1/clusters/${cluster}/token`, { method: 'DELETE', headers: bearer(ADMIN) });

  test('revoked: at once no token and no code is good, and viewers see what they saw', async () => {
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    const next = await renew(cluster);
    const { code } = await issue(cluster);
    const before = await (await call(`/api/v1/clusters/${cluster}`)).json<{ cursor: string }>();
    expect((await revoke(cluster)).status).toBe(204);
    for (const token of [forwarder.token, next]) expect((await new TestForwarder(cluster, token).post('sessions', {})).status).toBe(401);
    await expectWrong(await get(cluster, code));
    expect(await (await call(`/api/v1/clusters/${cluster}`)).json()).toMatchObject({ cursor: before.cursor });
    expect((await revoke(cluster)).status).toBe(204);
    await evictDurableObject(roomOf(cluster));
    expect((await forwarder.post('sessions', {})).status).toBe(401);
    await new TestForwarder(cluster, await renew(cluster)).sync();
  });

  test('revoked while a batch is read: it is not taken', async () => {
    const forwarder = await liveCluster();
    const { cluster, token } = forwarder;
    const before = await (await call(`/api/v1/clusters/${cluster}`)).json<{ cursor: string }>();
    const text = JSON.stringify({ session: 1, number: 3, ...forwarder.changes({ goneVms: ['default/ubuntu'] }) });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const response = call(`/api/v1/clusters/${cluster}/batches`, { method: 'POST', headers: bearer(token), body: readable });
    await writer.write(new TextEncoder().encode(text.slice(0, 10)));
    await revoke(cluster);
    await writer.write(new TextEncoder().encode(text.slice(10)));
    await writer.close();
    expect((await response).status).toBe(401);
    expect(await (await call(`/api/v1/clusters/${cluster}`)).json()).toMatchObject({ cursor: before.cursor });
  });

  test.each(['POST', 'DELETE'])('%s for a cluster that is not there', async (method) => {
    const response = await call('/api/v1/clusters/nobody/token', { method, headers: bearer(ADMIN) });
    expect(response.status).toBe(404);
    expect(await problemOf(response)).toMatchObject({ code: 'unknown-cluster' });
  });

  test('a removed cluster takes its open code along', async () => {
    const cluster = freshName();
    const { code } = await issue(cluster);
    await call(`/api/v1/clusters/${cluster}`, { method: 'DELETE', headers: bearer(ADMIN) });
    await expectWrong(await get(cluster, code));
    await register(cluster);
    await expectWrong(await get(cluster, code));
  });
});
