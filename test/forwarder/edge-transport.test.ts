/** The way to the edge as companies have it: a proxy, and an authority of their own. All over real sockets. */
import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { err, ok, type Result } from '../../core/result.ts';
import { createEdgeClient, type EdgeAnswer, type EdgeClient, encodeBody } from '../../forwarder/edge-client.ts';
import { startForwarder } from '../../forwarder/forwarder.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';
import { createLog } from '../../forwarder/log.ts';
import { serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { CORPORATE, OTHER } from '../support/certificates.ts';
import { type ConnectProxy, startConnectProxy } from '../support/connect-proxy.ts';
import { EdgeDouble, TOKEN } from './edge-double.ts';

/** Only the proxy finds it; nowhere else is there such a name. */
const EDGE = 'https://edge.test';
const LOGIN = 'me:p%40ss';
const SENT = { ok: true, raw: { status: 200, retryAfter: null, body: '{}' } };
const UNTRUSTED = 'its certificate is signed by an unknown authority';

let edge: Server;
let received: string[];
let port: number;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  received = [];
  edge = createServer(CORPORATE.server, (request, response) => {
    received.push(`${request.method} ${request.url}`);
    request.resume();
    response.end('{}');
  });
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
  port = (edge.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  edge.closeAllConnections();
  await new Promise((resolve) => edge.close(resolve));
});

function client(url: string, env: Record<string, string>, readCa?: () => Result<string>, timeoutMs = 60_000): EdgeClient {
  const made = createEdgeClient(url, 'harvester', env, { timeoutMs, ...(readCa !== undefined && { readCa }) });
  closing.unshift(() => made.close());
  return made;
}
const post = (edgeClient: EdgeClient): Promise<EdgeAnswer> =>
  edgeClient.post('batches', encodeBody('{}'), 'token', new AbortController().signal);
const trusting = (): Result<string> => ok(CORPORATE.ca);

async function startProxy(target = port, login?: string): Promise<ConnectProxy> {
  const proxy = await startConnectProxy({ port: target }, login);
  closing.push(() => proxy.close());
  return proxy;
}

describe('an authority of one’s own', () => {
  test('is trusted besides the usual ones', async () => {
    expect(await post(client(`https://localhost:${port}`, {}, trusting))).toEqual(SENT);
  });

  test('only where it is given', async () => {
    expect(await post(client(`https://localhost:${port}`, {}))).toEqual({ ok: false, reason: UNTRUSTED });
    expect(await post(client(`https://localhost:${port}`, {}, () => ok(OTHER.ca)))).toEqual({ ok: false, reason: UNTRUSTED });
    expect(received).toEqual([]);
  });

  test('and not for another name', async () => {
    edge.setSecureContext(OTHER.server);
    const answer = await post(client(`https://127.0.0.2:${port}`, {}, () => ok(OTHER.ca)));
    expect(answer.ok).toBe(false);
    expect(received).toEqual([]);
  });

  test('that was replaced is read again when the edge is not trusted any more', async () => {
    let held: Result<string> = ok(OTHER.ca);
    let readCount = 0;
    const edgeClient = client(`https://localhost:${port}`, {}, () => {
      readCount += 1;
      return held;
    });
    expect(await post(edgeClient)).toEqual({ ok: false, reason: UNTRUSTED });
    held = err('cannot read the CA file /ca.pem: ENOENT');
    expect(await post(edgeClient)).toEqual({ ok: false, reason: `${UNTRUSTED} (cannot read the CA file /ca.pem: ENOENT)` });
    held = ok(CORPORATE.ca);
    expect((await post(edgeClient)).ok).toBe(false);
    expect(await post(edgeClient)).toEqual(SENT);
    expect(await post(edgeClient)).toEqual(SENT);
    expect(readCount).toBe(4);
  });
});

test('NODE_EXTRA_CA_CERTS counts besides the file of one’s own', async () => {
  const module = new URL('../../forwarder/edge-client.ts', import.meta.url).href;
  const script = `
    import { readFileSync } from 'node:fs';
    const { createEdgeClient, encodeBody } = await import(${JSON.stringify(module)});
    const readCa = () => ({ ok: true, value: readFileSync(${JSON.stringify(OTHER.caFile)}, 'utf8') });
    const client = createEdgeClient('https://localhost:${port}', 'harvester', {}, { readCa });
    console.log(JSON.stringify(await client.post('batches', encodeBody('{}'), 'token', new AbortController().signal)));
    await client.close();`;
  const run = async (extra: Record<string, string>): Promise<unknown> => {
    const env = { PATH: process.env.PATH ?? '', ...extra };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    return JSON.parse(stdout);
  };
  expect(await run({})).toEqual({ ok: false, reason: UNTRUSTED });
  expect(await run({ NODE_EXTRA_CA_CERTS: CORPORATE.caFile })).toEqual(SENT);
});

test('a whole forwarder, behind a proxy with a login and an authority of one’s own', async () => {
  const double = await EdgeDouble.start();
  const { port: doublePort } = new URL(double.url);
  const front = createTlsServer(CORPORATE.server, (socket) => {
    const inner = connect(Number(doublePort), '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const each of [socket, inner]) each.on('error', () => each.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const proxy = await startProxy((front.address() as AddressInfo).port, 'me:p@ss');
  const served = await serveCluster(createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 }));
  const config = parseKubeConfig(served.kubeconfig, 'kubeconfig');
  const kubeConfig = config.ok ? chooseContext(config.value, undefined, 'kubeconfig') : config;
  if (!kubeConfig.ok) throw new Error(kubeConfig.error);
  const before = process.env;
  const lines: string[] = [];
  process.env = { ...before, HTTPS_PROXY: `http://${LOGIN}@127.0.0.1:${proxy.port}`, HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '' };
  const log = createLog({ level: 'debug', format: 'text', write: (line) => lines.push(line), now: () => new Date() });
  const options = { edge: EDGE, cluster: 'harvester', kubeConfig: kubeConfig.value, readToken: () => ok(TOKEN), readCa: trusting, log };
  const forwarder = startForwarder(options);
  process.env = before;
  await double.until(() => double.isSynced && double.vms.size === 12);
  await forwarder.stop();
  expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT edge.test:443']));
  expect(lines.filter((line) => /^(warn|error)/.test(line))).toEqual([]);
  await served.close();
  await double.close();
  await proxy.close();
  await new Promise((resolve) => front.close(resolve));
});

describe('a proxy', () => {
  test('leads to the edge, with the authority of one’s own, over one tunnel for many requests', async () => {
    const proxy = await startProxy();
    const edgeClient = client(EDGE, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }, trusting);
    for (let turn = 0; turn < 10; turn += 1) expect(await post(edgeClient)).toEqual(SENT);
    expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT edge.test:443']));
    // A second one is opened where the first is not yet free again.
    expect(proxy.asked.length).toBeLessThanOrEqual(2);
    expect(received).toEqual(Array(10).fill('POST /api/v1/clusters/harvester/batches'));
  });

  test('sees nothing of what it carries, and does not make the edge trusted', async () => {
    const proxy = await startProxy();
    expect(await post(client(EDGE, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }))).toEqual({ ok: false, reason: UNTRUSTED });
  });

  test('behind TLS of the same authority', async () => {
    const proxy = await startProxy();
    const front = createTlsServer(CORPORATE.server, (socket) => {
      const inner = connect(proxy.port, '127.0.0.1');
      socket.pipe(inner).pipe(socket);
      for (const each of [socket, inner]) each.on('error', () => {});
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const { port: frontPort } = front.address() as AddressInfo;
    const edgeClient = client(EDGE, { HTTPS_PROXY: `https://localhost:${frontPort}` }, trusting);
    expect(await post(edgeClient)).toEqual(SENT);
    await edgeClient.close();
    await proxy.close();
    await new Promise((resolve) => front.close(resolve));
  });

  test('gets the login of its URL, and nobody else does', async () => {
    const proxy = await startProxy(port, 'me:p@ss');
    const env = { HTTPS_PROXY: `http://${LOGIN}@127.0.0.1:${proxy.port}` };
    expect(await post(client(EDGE, env, trusting))).toEqual(SENT);
  });

  test.each<[string, string, number | null, RegExp]>([
    ['no login', '', null, /^the proxy http:\/\/127\.0\.0\.1:\d+ wants a user and a password that it knows \(407\); check HTTPS_PROXY$/],
    ['a wrong login', 'me:s3cret@', null, /^the proxy http:\/\/127\.0\.0\.1:\d+ wants a user and a password that it knows \(407\)/],
    ['502', LOGIN.concat('@'), 502, /^the proxy http:\/\/127\.0\.0\.1:\d+ does not let it through \(502\)$/],
    ['403', LOGIN.concat('@'), 403, /^the proxy http:\/\/127\.0\.0\.1:\d+ does not let it through \(403\)$/],
  ])('that refuses is named, without its password: %s', async (_what, login, status, said) => {
    const proxy = await startProxy(port, 'me:p@ss');
    proxy.refuseWith(status);
    const answer = await post(client(EDGE, { HTTPS_PROXY: `http://${login}127.0.0.1:${proxy.port}` }, trusting));
    expect(answer).toEqual({ ok: false, reason: expect.stringMatching(said) });
    expect(JSON.stringify(answer)).not.toMatch(/s3cret|p@ss|p%40ss/);
    expect(received).toEqual([]);
  });

  test('that is not there is named, and found once it is', async () => {
    const proxy = await startProxy();
    await proxy.close();
    const edgeClient = client(EDGE, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }, trusting);
    expect(await post(edgeClient)).toEqual({ ok: false, reason: `the proxy http://127.0.0.1:${proxy.port}: connection refused` });
  });

  test('that says nothing holds up nobody for long, nor what comes after', async () => {
    const proxy = await startProxy();
    proxy.refuseWith('silent');
    const edgeClient = client(EDGE, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }, trusting, 200);
    expect(await post(edgeClient)).toEqual({ ok: false, reason: 'no answer in time' });
    const stopping = new AbortController();
    const waiting = client(EDGE, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }).post('batches', encodeBody('{}'), 't', stopping.signal);
    stopping.abort();
    expect((await waiting).ok).toBe(false);
  });

  test('carries a plain http edge too, and says 407 of it as well', async () => {
    const plain = createHttpServer((request, response) => {
      received.push(`${request.method} ${request.url}`);
      request.resume();
      response.end('{}');
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => plain.close(resolve)));
    const proxy = await startProxy((plain.address() as AddressInfo).port, 'me:p@ss');
    expect(await post(client('http://edge.test', { HTTP_PROXY: `http://${LOGIN}@127.0.0.1:${proxy.port}` }))).toEqual(SENT);
    expect(await post(client('http://edge.test', { HTTP_PROXY: `127.0.0.1:${proxy.port}` }))).toEqual({
      ok: false,
      reason: expect.stringContaining('(407)'),
    });
    expect(received).toEqual(['POST /api/v1/clusters/harvester/batches']);
  });

  test('that is none is said at each try', async () => {
    expect(await post(client(EDGE, { HTTPS_PROXY: 'ftp://x' }))).toEqual({
      ok: false,
      reason: expect.stringContaining('HTTPS_PROXY is no URL'),
    });
  });

  test.each([
    ['localhost', 'direct'],
    ['LOCALHOST', 'direct'],
    ['other.test localhost', 'direct'],
    ['localhost:PORT', 'direct'],
    ['localhost:1', 'proxy'],
    ['.localhost', 'direct'],
    ['host', 'proxy'],
    ['*', 'direct'],
    ['10.0.0.0/8', 'proxy'],
    ['', 'proxy'],
  ])('NO_PROXY=%s: %s', async (noProxy, way) => {
    const proxy = await startProxy();
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: noProxy.replace('PORT', String(port)) };
    expect(await post(client(`https://localhost:${port}`, env, trusting))).toEqual(SENT);
    expect(proxy.asked).toEqual(way === 'proxy' ? [`CONNECT localhost:${port}`] : []);
  });

  test('the environment that is given counts, not the process’s', async () => {
    const proxy = await startProxy();
    const before = process.env;
    process.env = { ...before, NO_PROXY: 'localhost', HTTPS_PROXY: 'http://127.0.0.1:1' };
    try {
      expect(await post(client(`https://localhost:${port}`, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }, trusting))).toEqual(SENT);
      expect(proxy.asked).toHaveLength(1);
      expect(await post(client(`https://localhost:${port}`, {}, trusting))).toEqual(SENT);
      expect(proxy.asked).toHaveLength(1);
    } finally {
      process.env = before;
    }
  });
});
