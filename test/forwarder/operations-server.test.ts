/** The server itself, over TCP: what it answers, and what it does not put up with. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hostInstead, type Operations, type OperationsServer, startOperationsServer } from '../../forwarder/operations-server.ts';

let server: OperationsServer;
let isReady: boolean;
let canRender: boolean;
const operations: Operations = {
  live: () => ({ code: 200, text: 'ok\n' }),
  ready: () => (isReady ? { code: 200, text: 'ok\n' } : { code: 503, text: 'not ready:\n  why\n' }),
  metrics: {
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    render: () => (canRender ? Promise.resolve('hostview_forwarder_vms 3\n') : Promise.reject(new Error('a secret'))),
  },
};

const listen = async (host: string, port = 0): Promise<OperationsServer> => {
  const started = await startOperationsServer({ host, port }, operations);
  if (!started.ok) throw new Error(started.error);
  return started.value;
};

beforeEach(async () => {
  isReady = true;
  canRender = true;
  server = await listen('127.0.0.1');
});
afterEach(() => server.close());

const ask = (path: string, method = 'GET'): Promise<Response> => fetch(`http://127.0.0.1:${server.address.port}${path}`, { method });
/** However it ends. */
const untilClosed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));
/** What comes back for these bytes until the server ends the connection. */
async function say(bytes: string): Promise<string> {
  const socket = connect(server.address.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.on('error', () => {});
  socket.write(bytes);
  await untilClosed(socket);
  return answer;
}

describe('addresses', () => {
  test.each<[string, string, number, string]>([
    ['GET', '/livez', 200, 'ok\n'],
    ['GET', '/livez?verbose=1', 200, 'ok\n'],
    ['HEAD', '/livez', 200, ''],
    ['GET', '/readyz', 200, 'ok\n'],
    ['GET', '/metrics', 200, 'hostview_forwarder_vms 3\n'],
    ['POST', '/readyz', 405, 'only GET and HEAD\n'],
    ['DELETE', '/metrics', 405, 'only GET and HEAD\n'],
    ['GET', '/', 404, 'there are /livez, /readyz and /metrics\n'],
    ['GET', '/livez/', 404, 'there are /livez, /readyz and /metrics\n'],
    ['POST', '/debug', 404, 'there are /livez, /readyz and /metrics\n'],
  ])('%s %s: %i', async (method, path, status, text) => {
    const response = await ask(path, method);
    expect([response.status, await response.text()]).toEqual([status, text]);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; /);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.has('allow')).toBe(status === 405);
  });

  test('what is not ready says so with 503', async () => {
    isReady = false;
    const response = await ask('/readyz');
    expect([response.status, await response.text()]).toEqual([503, 'not ready:\n  why\n']);
    expect((await ask('/livez')).status).toBe(200);
  });

  test('the exposition format is named', async () => {
    expect((await ask('/metrics')).headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test('a fault inside is no end of the program, and is not told', async () => {
    canRender = false;
    const response = await ask('/metrics');
    expect([response.status, await response.text()]).toEqual([500, 'this cannot be told now\n']);
  });
});

describe('what it does not put up with', () => {
  test('addresses that are none', async () => {
    for (const path of ['//', 'http://', '*', '/%']) {
      expect(await say(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 404 /);
    }
    expect((await ask('/livez')).status).toBe(200);
  });

  test('endless headers, and what is no HTTP', async () => {
    expect(await say(`GET /livez HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(9_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await say('\u0016\u0003\u0001 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect((await ask('/livez')).status).toBe(200);
  });

  test('connections that stay open do not keep it from closing', async () => {
    const socket = connect(server.address.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write('GET /livez HTTP/1.1\r\n');
    const closed = untilClosed(socket);
    await server.close();
    await closed;
  });
});

describe('where it listens', () => {
  test('without a host on every address, IPv4’s too', async () => {
    const everywhere = await listen('::');
    const response = await fetch(`http://127.0.0.1:${everywhere.address.port}/livez`);
    expect(response.status).toBe(200);
    await everywhere.close();
  });

  test('a port that is in use is said, with what to do', async () => {
    const { port } = server.address;
    const second = await startOperationsServer({ host: '127.0.0.1', port }, operations);
    expect(second).toEqual({
      ok: false,
      error: `cannot listen on 127.0.0.1:${port} (--listen): another program does already; give another port`,
    });
  });

  test('so is an address that is another machine’s', async () => {
    const started = await startOperationsServer({ host: '192.0.2.1', port: 0 }, operations);
    expect(started).toEqual({ ok: false, error: 'cannot listen on 192.0.2.1:0 (--listen): this machine has no such address' });
  });

  test.each<[string, string, string | null]>([
    ['::', 'EAFNOSUPPORT', '0.0.0.0'],
    ['::', 'EADDRNOTAVAIL', '0.0.0.0'],
    ['::', 'EADDRINUSE', null],
    ['::1', 'EAFNOSUPPORT', null],
    ['127.0.0.1', 'EADDRNOTAVAIL', null],
  ])('%s after %s: %s', (host, code, expected) => {
    expect(hostInstead(host, Object.assign(new Error(), { code }))).toBe(expected);
    expect(hostInstead(host, null)).toBeNull();
  });
});

test('many connections that say nothing, or ask and do not read, keep nobody out', async () => {
  const { port } = server.address;
  const sockets = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      if (index % 2 === 0) socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(50));
      return socket;
    }),
  );
  expect((await ask('/livez')).status).toBe(200);
  await Promise.all(sockets.slice(0, 30).map((socket) => (socket.destroyed ? null : untilClosed(socket.resume()))));
  for (const socket of sockets) socket.destroy();
});
