/** Headers: one look at every route of the Worker and at the page's files, and what other origins may. */
import { describe, expect, test } from 'vitest';
import pageHeaders from '../../web/public/_headers?raw';
import { OPERATIONS } from '../../worker/api/operations.ts';
import { corsFor, parseOrigins } from '../../worker/cors.ts';
import worker from '../../worker/worker.ts';
import { ADMIN, bearer, call, freshName, liveCluster, ORIGIN, problemOf } from './support.ts';

/** What has no business in any answer, and what must be in each. */
function expectSafe(headers: Headers, what: string): void {
  const policy = headers.get('content-security-policy') ?? '';
  for (const directive of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) expect(policy, what).toContain(directive);
  expect(policy, what).not.toMatch(/unsafe|\*|data:|https?:/);
  expect(headers.get('x-content-type-options'), what).toBe('nosniff');
  expect(headers.get('referrer-policy'), what).toBe('no-referrer');
  expect(headers.get('cross-origin-opener-policy'), what).toBe('same-origin');
  expect(headers.get('cross-origin-resource-policy'), what).toBe('same-origin');
  expect(headers.get('permissions-policy'), what).toMatch(/camera=\(\).*microphone=\(\)/);
  expect(headers.get('strict-transport-security'), what).toBe('max-age=31536000');
  for (const name of ['server', 'x-powered-by', 'access-control-allow-origin']) expect(headers.has(name), `${what}: ${name}`).toBe(false);
}

describe('every route', () => {
  /** With everything that opens it, so that the answer behind the door is looked at too. */
  const ask = (method: string, path: string, cluster: string, token: string): Promise<Response> => {
    const address = path.replace(':cluster', cluster).replace(/:\w+/g, 'x');
    const headers = path.match(/sessions|batches|progress|uplink/) ? bearer(token) : bearer(ADMIN);
    return call(address, { method, headers, ...(method === 'POST' && { body: '{}' }) });
  };

  test('whatever it answers', async () => {
    const forwarder = await liveCluster();
    for (const { method, path } of worker.routes.filter((route) => route.path.match(/^\/(api\/v1|healthz|metrics)/))) {
      const methods = method === 'ALL' ? ['PUT', 'OPTIONS', 'PATCH', 'HEAD'] : [method];
      for (const asked of methods) {
        const cluster = asked === 'DELETE' ? freshName() : forwarder.cluster;
        const response = await ask(asked, path, cluster, forwarder.token);
        expectSafe(response.headers, `${asked} ${path}: ${response.status}`);
        expect(response.status, `${asked} ${path}`).toBeLessThan(500);
        expect(response.headers.has('cache-control') || path === '/healthz' || response.status === 204, `${asked} ${path}`).toBe(true);
        await response.body?.cancel();
      }
    }
  });

  test.each(['/api', '/api/', '/api/v1', '/api/v1/x', '/api/v1/clusters/', '/api/v2/clusters'])(
    '%s is no route, and says so',
    async (path) => {
      const response = await call(path);
      expectSafe(response.headers, path);
      expect(await problemOf(response)).toMatchObject({ status: 404, code: 'not-found' });
    },
  );

  test('a file of the page that a new version took away is not there, and nobody keeps that', async () => {
    const response = await call('/assets/page-0ldV3rs1.js');
    expectSafe(response.headers, 'gone');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'not-found' });
  });

  test('an address of the page is answered as the page is; what is refused there is ours', async () => {
    const asked: Request[] = [];
    let isThere = true;
    const page = async (request: Request): Promise<Response> => {
      asked.push(request);
      if (!isThere) throw new Error('the page’s files cannot be had');
      return new Response(null, { status: 304, headers: { 'content-security-policy': "default-src 'self'", etag: '"1"' } });
    };
    const ASSETS = { fetch: page } as unknown as string;
    const init = { method: 'HEAD', headers: { 'if-none-match': '"1"' } };
    const response = await call('/c/lab/h/host-1.example?view=drain', init, { ASSETS });
    expect(asked.map(({ method, url, headers }) => [method, url, headers.get('if-none-match')])).toEqual([['HEAD', `${ORIGIN}/`, '"1"']]);
    expect([response.status, response.headers.get('etag')]).toEqual([304, '"1"']);
    expect(response.headers.get('content-security-policy')).toBe("default-src 'self'");
    expectSafe((await call('/c/lab', {}, { ASSETS, ALLOWED_HOSTS: 'hostview.example' })).headers, 'another name');
    isThere = false;
    const failed = await call('/c/lab', {}, { ASSETS });
    expectSafe(failed.headers, 'no page');
    expect([failed.headers.get('cache-control'), await problemOf(failed)]).toMatchObject(['no-store', { code: 'internal' }]);
  });

  test('over http there is no HSTS', async () => {
    const response = await worker.fetch(new Request('http://localhost:8787/healthz'), {} as Env);
    expect(response.headers.has('strict-transport-security')).toBe(false);
  });

  test('other methods: 405, with those that there are', async () => {
    for (const path of new Set(OPERATIONS.map((operation) => operation.path))) {
      const methods = OPERATIONS.filter((operation) => operation.path === path).map(({ method }) => method.toUpperCase());
      for (const method of ['PUT', 'PATCH', 'OPTIONS', 'POST', 'DELETE', 'GET'].filter((one) => !methods.includes(one))) {
        const response = await call(path.replaceAll(/:\w+/g, 'x'), { method });
        expect(response.status, `${method} ${path}`).toBe(405);
        expect(response.headers.get('allow')?.split(', ').sort(), `${method} ${path}`).toEqual(methods.sort());
      }
    }
  });
});

test('the page’s files', () => {
  const blocks = pageHeaders.trim().split(/\n\n/);
  const everywhere = new Headers(
    blocks
      .find((block) => block.startsWith('/*\n'))
      ?.split('\n')
      .slice(1)
      .map(
        (line) =>
          line
            .trim()
            .split(/: (.*)/)
            .slice(0, 2) as [string, string],
      ),
  );
  expectSafe(everywhere, 'the page');
  const policy = everywhere.get('content-security-policy');
  expect(policy).toContain("require-trusted-types-for 'script'");
  for (const source of ['script-src', 'style-src', 'connect-src', 'img-src']) expect(policy).toContain(`${source} 'self'`);
});

describe('other origins', () => {
  const PORTAL = 'https://portal.example';
  const settings = { CORS_ORIGINS: ` ${PORTAL}, http://localhost:3000,*, null,https://evil.example/path` };
  const asks = (origin: string, init: RequestInit = {}, path = '/api/v1/clusters', set: Record<string, string> = settings) =>
    call(path, { ...init, headers: { origin, ...(init.headers as object) } }, set);

  test('are those of the setting that are origins', () => {
    expect(parseOrigins(settings.CORS_ORIGINS)).toEqual([PORTAL, 'http://localhost:3000']);
    for (const none of [undefined, '', '*', 'null', 'portal.example', 'https://*', 'file://x', 'https://a.b/'])
      expect(corsFor(none)).toBeNull();
  });

  test('nobody is let in by default, and nothing is said of it', async () => {
    const response = await asks(PORTAL, {}, '/api/v1/clusters', {});
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control') || name === 'vary')).toEqual([]);
    expect((await asks(PORTAL, { method: 'OPTIONS' }, '/api/v1/clusters', {})).status).toBe(405);
  });

  test('one that is named may read, without cookies', async () => {
    const response = await asks(PORTAL);
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(PORTAL);
    expect(response.headers.get('vary')).toContain('Origin');
    expect(response.headers.has('access-control-allow-credentials')).toBe(false);
    const preflight = await asks(PORTAL, { method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  });

  test('so a stream and a refusal can be read too', async () => {
    const { cluster } = await liveCluster();
    for (const path of [`/api/v1/clusters/${cluster}/stream`, '/api/v1/clusters/nobody', '/api/none']) {
      const response = await asks(PORTAL, {}, path);
      expect(response.headers.get('access-control-allow-origin'), path).toBe(PORTAL);
      expect(response.headers.get('vary'), path).toContain('Origin');
      await response.body?.cancel();
    }
  });

  test.each(['https://evil.example', 'null', '*', `${PORTAL}.evil.example`, 'http://portal.example', ''])('%j may not', async (origin) => {
    for (const init of [{}, { method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } }]) {
      const response = await asks(origin, init);
      expect(response.headers.has('access-control-allow-origin')).toBe(false);
      expect(response.headers.get('vary')).toContain('Origin');
    }
  });

  test('metrics are for nobody’s page', async () => {
    const response = await asks(PORTAL, { headers: bearer(ADMIN) }, '/metrics');
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
    expect(ORIGIN).not.toBe(PORTAL);
  });
});
