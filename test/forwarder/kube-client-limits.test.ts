/** An API server may be anything that listens on a port, or that once did: nothing waits for it without a limit. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, expect, test } from 'vitest';
import { createKubeClient, type KubeClient } from '../../forwarder/kube-client.ts';
import { freePort } from '../support/free-port.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(server: Server | TcpServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (answer: RequestListener): Promise<string> => listen(createServer(answer));

function client(server: string, more: { readonly proxyUrl?: string; readonly token?: string } = {}): KubeClient {
  const config = new KubeConfig();
  const { proxyUrl, token } = more;
  config.loadFromClusterAndUser(
    { name: 'test', server, skipTLSVerify: true, ...(proxyUrl !== undefined && { proxyUrl }) },
    { name: 'test', ...(token !== undefined && { token }) },
  );
  const made = createKubeClient(config, { headMs: 100, errorBodyMs: 100 });
  closing.unshift(() => made.close());
  return made;
}
const open = (server: string, more = {}) => client(server, more).openStream('/api', new AbortController().signal);
const get = (server: string, timeoutMs = 60_000) => client(server).getText('/api', { timeoutMs, signal: new AbortController().signal });
const LATE = { ok: false, error: { kind: 'unreachable', reason: 'no answer in time' } };
const BROKEN = { ok: false, error: { kind: 'unreachable', reason: 'the connection broke off' } };

test('it takes the connection and never answers', async () => {
  const url = await listen(createTcpServer());
  expect(await open(url)).toEqual(LATE);
  expect(await get(url)).toEqual(LATE);
});

test('it never finishes a TLS handshake', async () => {
  const url = await listen(createTcpServer());
  expect(await open(url.replace('http:', 'https:'))).toEqual(LATE);
});

test('it answers half a head', async () => {
  const url = await listen(createTcpServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-')));
  expect(await open(url)).toEqual(LATE);
});

test('it answers a head, and half a body', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200);
    response.write('{"items":');
  });
  expect(await get(url, 100)).toEqual(LATE);
});

test('it breaks off in the middle of a body: that is no answer', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{}', () => response.destroy());
  });
  expect(await get(url)).toEqual(BROKEN);
});

test('it changes to a protocol that nobody asked for', async () => {
  const url = await listen(
    createTcpServer((socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: smoke\r\n\r\n')),
  );
  expect(await open(url)).toEqual(BROKEN);
});

test('it refuses, and what it says of that has no end', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(503, { 'retry-after': '7' });
    response.write('{"message":"');
  });
  expect(await open(url)).toEqual({ ok: false, error: { kind: 'status', status: 503, message: '', retryAfterMs: 7_000 } });
});

test('it answers more than can be kept', async () => {
  const url = await serve((_request, response) => {
    const megabyte = Buffer.alloc(1_048_576, ' ');
    response.writeHead(200);
    const pour = (): void => {
      while (response.write(megabyte));
    };
    response.on('drain', pour);
    pour();
  });
  expect(await get(url)).toEqual({ ok: false, error: { kind: 'oversized', maxBytes: 16 * 1_048_576 } });
});

test.each(['http', 'https'])('its proxy takes the connection and never answers (%s)', async (scheme) => {
  let onConnection = (): void => {};
  const proxyUrl = await listen(createTcpServer(() => onConnection()));
  expect(await open(`${scheme}://127.0.0.1:1`, { proxyUrl })).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
  const stopping = new AbortController();
  onConnection = () => stopping.abort();
  const stream = client(`${scheme}://127.0.0.1:1`, { proxyUrl }).openStream('/api', stopping.signal);
  expect(await stream).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
});

test('its proxy refuses', async () => {
  const proxyUrl = await listen(createTcpServer((socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')));
  expect(await open('https://127.0.0.1:1', { proxyUrl })).toEqual({
    ok: false,
    error: { kind: 'unreachable', reason: expect.stringContaining('407') },
  });
});

test('a token that no header can hold is said, not thrown', async () => {
  expect(await open('http://127.0.0.1:1', { token: 'a\nb' })).toMatchObject({ ok: false, error: { kind: 'credentials' } });
});

test('a kept connection that the server has closed is no failure', async () => {
  const url = await serve((_request, response) => response.end('{}'));
  const kept = client(url);
  const ask = () => kept.getText('/api', { timeoutMs: 5_000, signal: new AbortController().signal });
  expect(await ask()).toEqual({ ok: true, value: '{}' });
  const port = Number(new URL(url).port);
  // Another server on the same port: the connection that is kept leads to nobody.
  await closing.pop()?.();
  const next = createServer((_request, response) => response.end('{"next":1}'));
  await new Promise<void>((resolve) => next.listen(port, '127.0.0.1', resolve));
  closing.push(() => new Promise<void>((resolve) => next.close(() => resolve())));
  expect(await ask()).toEqual({ ok: true, value: '{"next":1}' });
  kept.close();
});

test('HTTPS_PROXY is for the way to the edge, not for the API server', async () => {
  const before = process.env;
  const nobody = `http://127.0.0.1:${await freePort()}`;
  process.env = { ...before, HTTPS_PROXY: nobody, HTTP_PROXY: nobody, https_proxy: nobody, http_proxy: nobody };
  try {
    const url = await serve((_request, response) => response.end('{}'));
    expect(await get(url)).toEqual({ ok: true, value: '{}' });
  } finally {
    process.env = before;
  }
});
