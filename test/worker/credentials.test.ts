/**
 * Every route with every wrong credential (SPEC A9): refused, and nothing has changed. The routes are the application's own, so that a new
 * one has to be put into the table before anything else passes.
 */
import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import worker from '../../worker/worker.ts';
import { setClock, share, TOKEN_MODE, VIEWER } from './access-support.ts';
import { BODIES, type Opens, ROUTES } from './route-access.ts';
import { ADMIN, bearer, call, freshName, liveCluster, problemOf, redeem, register, renew, TestForwarder } from './support.ts';

const HOUR_MS = 3_600_000;

let visitors = 0;
/** Each request from an address of its own: how many may guess from one is not what is tested here (A8). */
function ask(method: string, path: string, headers: Readonly<Record<string, string>>, body?: unknown, settings = {}): Promise<Response> {
  visitors += 1;
  const all = { 'cf-connecting-ip': `10.0.${visitors >> 8}.${visitors & 255}`, 'content-type': 'application/json', ...headers };
  const init = { method, headers: all, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return call(path, init, { ...TOKEN_MODE, ...settings });
}

type Credentials = Readonly<Record<string, Readonly<Record<string, string>>>>;
const mine = freshName();
const other = freshName();
const removed = freshName();
let shareId = '';
let tokenOfMine = '';
let tokenOfRemoved = '';
/** Wrong everywhere. */
let wrong: Credentials = {};
/** A viewer's, wrong at the administrator's and the forwarder's routes. */
let viewers: Credentials = {};
/** A viewer's who may not see the cluster. */
let elsewhere: Credentials = {};
/** Of forwarders: wrong at all routes but their own. */
let forwarders: Credentials = {};
let codes: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const forwarder = await liveCluster(mine);
  const stranger = await liveCluster(other);
  const replaced = forwarder.token;
  const current = new TestForwarder(mine, await renew(mine));
  await current.sync({ hosts: [...forwarder.hosts.values()], vms: [...forwarder.vms.values()] });
  tokenOfMine = current.token;
  tokenOfRemoved = await register(removed);
  expect((await ask('DELETE', `/api/v1/clusters/${removed}`, bearer(ADMIN))).status).toBe(204);

  const [superseded, good, foreign] = [await code(mine), await code(mine), await code(other)];
  await redeem(mine, good);
  const last = await code(mine);
  codes = {
    none: '',
    garbage: 'x',
    shaped: 'x'.repeat(43),
    used: good,
    superseded,
    foreign,
    admin: ADMIN,
    token: stranger.token,
  };

  const here = await share({ clusters: [mine] });
  const away = await share({ clusters: [other] });
  const back = await share({ clusters: [mine] });
  const backCookie = await logIn(back.token);
  expect((await ask('DELETE', `/api/v1/shares/${back.id}`, bearer(ADMIN))).status).toBe(204);
  shareId = here.id;
  const viewerCookie = await logIn(VIEWER);
  setClock(Date.now() - 24 * HOUR_MS);
  const over = await share({ clusters: [mine], expiresInSeconds: 60 });
  const overCookie = await logIn(over.token);
  const oldCookie = await logIn(VIEWER);
  vi.useRealTimers();

  wrong = {
    none: {},
    garbage: bearer('garbage'),
    'a token’s shape': bearer('x'.repeat(43)),
    'no bearer': { authorization: `Basic ${btoa(`admin:${ADMIN}`)}` },
    'the administrator’s without its scheme': { authorization: ADMIN },
    'the administrator’s, cut': bearer(ADMIN.slice(0, -1)),
    'the administrator’s in other letters': bearer(ADMIN.toUpperCase()),
    'an open code': bearer(last),
    'the id of a share': bearer(here.id),
    'a share that is over': bearer(over.token),
    'its cookie': { cookie: overCookie },
    'a share that was taken back': bearer(back.token),
    'the cookie of that': { cookie: backCookie },
    'a login that is over': { cookie: oldCookie },
    'a cookie that was bent': { cookie: viewerCookie.replace('.viewer..', '.viewer..9') },
    'a share’s cookie for another share': { cookie: (await logIn(away.token)).replace(away.id, here.id) },
    'a share’s cookie as a viewer’s': { cookie: (await logIn(here.token)).replace(`share.${here.id}`, 'viewer.') },
    'a cookie of other secrets': { cookie: await logIn(`${VIEWER}2`, { VIEWER_TOKEN: `${VIEWER}2` }) },
    'two cookies': { cookie: `${viewerCookie}; ${viewerCookie}` },
    'a huge cookie': { cookie: `__Host-hostview=${'a'.repeat(8_000)}` },
    'a cookie of http': { cookie: viewerCookie.replace('__Host-', '') },
    'a token in a cookie': { cookie: `__Host-hostview=${ADMIN}` },
    'an assertion of Access': { 'cf-access-jwt-assertion': 'a.b.c' },
  };
  viewers = {
    'the viewers’ token': bearer(VIEWER),
    'a viewer’s cookie': { cookie: viewerCookie },
    'the administrator’s cookie': { cookie: await logIn(ADMIN) },
    'a share of this cluster': bearer(here.token),
    'its cookie': { cookie: await logIn(here.token) },
    'a share of all': bearer((await share({})).token),
  };
  elsewhere = { 'a share of another cluster': bearer(away.token), 'its cookie': { cookie: await logIn(away.token) } };
  forwarders = {
    'another cluster’s token': bearer(stranger.token),
    'a token that was replaced': bearer(replaced),
    'the token of a cluster that was removed': bearer(tokenOfRemoved),
  };
});
afterEach(() => {
  vi.useRealTimers();
});

test('every route of the application is in the table', () => {
  const routes = worker.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(routes)].sort()).toEqual(Object.keys(ROUTES).sort());
});

const routesFor = (...opens: readonly Opens[]): [string, string][] =>
  Object.entries(ROUTES).flatMap(([route, by]) => (opens.includes(by) ? [route.split(' ') as [string, string]] : []));

describe('a viewer’s route', () => {
  test.each(routesFor('cluster', 'fleet'))('%s %s', async (method, pattern) => {
    const refused = { ...wrong, ...forwarders, 'its forwarder’s token': bearer(tokenOfMine) };
    await expectRefused(method, pattern, refused, { 401: ['login-required', 'wrong-token'] });
    if (pattern.includes(':cluster')) await expectRefused(method, pattern, elsewhere, { 404: ['unknown-cluster'] });
  });

  test.each(routesFor('cluster', 'fleet'))('%s %s, where viewing is closed, or somebody else’s to allow', async (method, pattern) => {
    const all = { ...wrong, ...viewers, ...elsewhere, ...forwarders, admin: bearer(ADMIN) };
    for (const settings of [{ VIEWER_ACCESS: undefined }, { VIEWER_TOKEN: undefined }, { VIEWER_TOKEN: ADMIN }]) {
      await expectRefused(method, pattern, all, { 403: ['viewer-access-closed'] }, settings);
    }
    const settings = { VIEWER_ACCESS: 'cloudflare-access', ACCESS_TEAM_DOMAIN: 'team.cloudflareaccess.com', ACCESS_AUD: 'a' };
    await expectRefused(method, pattern, all, { 401: ['access-required'] }, settings);
  });
});

describe('an administrator’s route', () => {
  test.each(routesFor('admin'))('%s %s', async (method, pattern) => {
    const refused = { ...wrong, ...viewers, ...elsewhere, ...forwarders };
    await expectRefused(method, pattern, refused, { 401: ['unauthorized'] });
    for (const off of [undefined, '']) {
      await expectRefused(method, pattern, { ...refused, admin: bearer(ADMIN) }, { 403: ['admin-disabled'] }, { ADMIN_TOKEN: off });
    }
  });
});

describe('a forwarder’s route', () => {
  test.each(routesFor('forwarder'))('%s %s', async (method, pattern) => {
    const refused = { ...wrong, ...viewers, ...elsewhere, ...forwarders, admin: bearer(ADMIN) };
    await expectRefused(method, pattern, refused, { 401: ['unauthorized'] });
  });
});

describe('a code’s route', () => {
  test.each(routesFor('code'))('%s %s', async (method, pattern) => {
    const before = await dump();
    for (const [name, text] of Object.entries(codes)) {
      for (const headers of [bearer(ADMIN), { cookie: await logIn(ADMIN) }]) {
        const path = `${pathOf(pattern)}?code=${encodeURIComponent(text)}`;
        const response = await ask(method, path, { ...headers, accept: 'application/json' });
        expect([name, response.status, (await problemOf(response)).code]).toEqual([name, 401, 'wrong-code']);
      }
    }
    expect(await dump()).toEqual(before);
  });
});

describe('a login', () => {
  test.each(routesFor('login'))('%s %s', async (method, path) => {
    const before = await dump();
    const tokens = [...Object.values(wrong), ...Object.values(forwarders)].map(({ authorization = '' }) =>
      authorization.replace(/^\w+ /, ''),
    );
    for (const token of tokens.filter((text) => text !== '' && text !== ADMIN)) {
      const response = await ask(method, path, {}, { token });
      expect([token, response.status, (await problemOf(response)).code]).toEqual([token, 401, 'wrong-token']);
      expect(response.headers.has('set-cookie')).toBe(false);
    }
    expect(await dump()).toEqual(before);
  });
});

describe('“no such cluster” and “not yours” are one answer', () => {
  const names = [other, removed, 'nobody', 'UPPER', 'a'.repeat(64), '%2e%2e%2ffleet'];

  test.each(routesFor('cluster'))('for viewers: %s %s', async (method, pattern) => {
    for (const headers of Object.values({ here: viewers['a share of this cluster'] ?? {}, cookie: viewers['its cookie'] ?? {} })) {
      const answers = await Promise.all(names.map((name) => answerOf(method, pathOf(pattern, name), headers)));
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toContain('unknown-cluster');
    }
  });

  test.each(routesFor('forwarder'))('for forwarders: %s %s', async (method, pattern) => {
    for (const token of [tokenOfRemoved, 'garbage', ADMIN]) {
      const answers = await Promise.all(
        [mine, ...names].map((name) => answerOf(method, pathOf(pattern, name), bearer(token), BODIES[pattern])),
      );
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toContain('unauthorized');
    }
  });

  test.each(routesFor('code'))('for those with a code: %s %s', async (method, pattern) => {
    const query = `?code=${'x'.repeat(43)}`;
    const answers = await Promise.all(
      [mine, ...names].map((name) => answerOf(method, pathOf(pattern, name) + query, { accept: 'application/json' })),
    );
    expect(new Set(answers).size).toBe(1);
  });

  /** Everything that can be told apart, but the request's id. */
  async function answerOf(method: string, path: string, headers: Readonly<Record<string, string>>, body?: unknown): Promise<string> {
    const response = await ask(method, path, { ...headers, 'x-request-id': 'the-same' }, body);
    return JSON.stringify([response.status, [...response.headers].sort(), await response.text()]);
  }
});

/** Else what is refused above might be refused for something else. What takes away what the others need comes last. */
describe('the right credential', () => {
  const right: Partial<Record<Opens, () => Record<string, string>>> = {
    fleet: () => bearer(VIEWER),
    cluster: () => bearer(VIEWER),
    admin: () => bearer(ADMIN),
    forwarder: () => bearer(tokenOfMine),
  };
  const routes = routesFor('fleet', 'cluster', 'forwarder', 'admin');
  const isDeletion = ([method]: readonly [string, string]): boolean => method === 'DELETE';
  const inOrder = [...routes.filter((route) => !isDeletion(route)), ...routes.filter(isDeletion).reverse()];
  test.each(inOrder)('%s %s lets it pass', async (method, pattern) => {
    const opens = ROUTES[`${method} ${pattern}`] ?? 'nothing';
    const response = await ask(method, pathOf(pattern), right[opens]?.() ?? {}, BODIES[method === 'POST' ? pattern : '']);
    expect([200, 201, 204, 409]).toContain(response.status);
    await response.body?.cancel();
  });
});

/** Each credential gets one of these statuses with one of its codes, HEAD gets the same status, and nothing has changed. */
async function expectRefused(
  method: string,
  pattern: string,
  credentials: Credentials,
  answers: Readonly<Record<number, readonly string[]>>,
  settings: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  const before = await dump();
  for (const [name, headers] of Object.entries(credentials)) {
    const response = await ask(method, pathOf(pattern), headers, BODIES[method === 'POST' ? pattern : ''], settings);
    expect(Object.keys(answers), name).toContain(String(response.status));
    expect(response.headers.get('content-type'), name).toBe('application/problem+json');
    expect(response.headers.has('www-authenticate'), name).toBe(response.status === 401);
    expect(answers[response.status], name).toContain((await problemOf(response)).code);
    if (method === 'GET') expect((await ask('HEAD', pathOf(pattern), headers, undefined, settings)).status, name).toBe(response.status);
  }
  expect(await dump()).toEqual(before);
}

function pathOf(pattern: string, cluster = mine): string {
  const query = pattern.endsWith('/uplink') ? `?protocol=${PROTOCOL_VERSION}` : '';
  const path = pattern.replace(':cluster', cluster).replace(':namespace', 'default').replace(':name', 'ubuntu').replace(':id', shareId);
  return path + query;
}

/** All that is kept: which rooms there are, and every row of the Fleet's and of both rooms' tables. */
async function dump(): Promise<unknown> {
  const objects = [env.FLEET.getByName('fleet'), env.ROOMS.getByName(mine), env.ROOMS.getByName(other)];
  const tables = await Promise.all(objects.map((stub) => runInDurableObject(stub, (_, { storage }) => dumpTables(storage.sql))));
  return { rooms: (await listDurableObjectIds(env.ROOMS)).map(String).sort(), tables };
}

function dumpTables(sql: SqlStorage): Record<string, unknown[]> {
  const names = sql.exec(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`).toArray();
  return Object.fromEntries(names.map(({ name }) => [String(name), sql.exec(`SELECT * FROM "${name}"`).toArray()]));
}

async function code(cluster: string): Promise<string> {
  const response = await ask('POST', `/api/v1/clusters/${cluster}/token`, bearer(ADMIN));
  return (await response.json<{ code: string }>()).code;
}

/** The cookie, as a browser sends it back. */
async function logIn(token: string, settings = {}): Promise<string> {
  const response = await ask('POST', '/api/v1/login', {}, { token }, settings);
  expect(response.status).toBe(204);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}
