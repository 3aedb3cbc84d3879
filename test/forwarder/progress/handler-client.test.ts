/** Against a real TLS server. */
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { HandlerAddress } from '../../../forwarder/progress/handler-address.ts';
import { MAX_METRICS_BYTES, readHandler } from '../../../forwarder/progress/handler-client.ts';
import { AUTHORITY, CERTIFICATE, KEY } from '../../../simulator/handler-certificate.ts';
import { CLIENT_CERTIFICATE } from './client-certificate.ts';
import { AUTHORITY as OTHER_AUTHORITY } from './other-authority.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const LINE = 'kubevirt_vmi_migration_data_remaining_bytes{name="web",namespace="default",node="harv-1"} 5 1795644000000\n';
const READ = { ok: true, value: new Map([['default/web', { at: 1_795_644_000_000, remaining: 5 }]]) };
const answerLine: RequestListener = (_request, response) => void response.end(`# HELP x\n${LINE}other 1\n`);

async function serve(listener: RequestListener, cert = CERTIFICATE): Promise<HandlerAddress> {
  const server = createServer({ key: KEY, cert }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return { ip: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** Says these bytes to whoever asks, and leaves the connection open. */
async function serveRaw(answer: string): Promise<HandlerAddress> {
  const sockets = new Set<TLSSocket>();
  const server = createTlsServer({ key: KEY, cert: CERTIFICATE }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => socket.write(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  return { ip: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
const never = (): AbortSignal => new AbortController().signal;

describe('a virt-handler is read', () => {
  test('checked against KubeVirt’s authority, by its name and not by its address', async () => {
    expect(await readHandler(await serve(answerLine), AUTHORITY, never())).toEqual(READ);
  });

  test('unchecked where there is no authority', async () => {
    expect(await readHandler(await serve(answerLine, CLIENT_CERTIFICATE), null, never())).toEqual(READ);
  });

  test('nothing secret is sent: neither a token nor a cookie', async () => {
    let headers = {};
    let path: string | undefined;
    const address = await serve((request, response) => {
      ({ headers, url: path } = request);
      response.end();
    });
    await readHandler(address, AUTHORITY, never());
    expect(path).toBe('/metrics');
    expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  });

  test('byte by byte; a last line that never ended is left out', async () => {
    const bytes = Buffer.from(`# ä\n${LINE}${LINE.replace(' 5 ', ' 6 ').trimEnd()}`);
    const address = await serve((_request, response) => {
      for (const byte of bytes) response.write(Buffer.from([byte]));
      response.end();
    });
    expect(await readHandler(address, AUTHORITY, never())).toEqual(READ);
  });
});

describe('a virt-handler is not believed', () => {
  test('where another authority signed for it', async () => {
    const answer = await readHandler(await serve(answerLine), OTHER_AUTHORITY, never());
    expect(answer).toMatchObject({ ok: false, error: { kind: 'untrusted' } });
  });

  test('where it shows another component’s certificate', async () => {
    const answer = await readHandler(await serve(answerLine, CLIENT_CERTIFICATE), AUTHORITY, never());
    expect(answer).toEqual({ ok: false, error: { kind: 'untrusted', reason: 'it is made out to kubevirt.io:system:client:virt-handler' } });
  });
});

describe('a virt-handler fails', () => {
  test('by a status', async () => {
    const address = await serve((_request, response) => void response.writeHead(503).end('busy'));
    expect(await readHandler(address, AUTHORITY, never())).toEqual({ ok: false, error: { kind: 'status', status: 503 } });
  });

  test('by more than it can have to say, and its connection is closed', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const address = await serve((_request, response) => {
      const chunk = Buffer.alloc(1_048_576, `${'x'.repeat(63)}\n`);
      response.on('close', resolve);
      const pump = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pump);
      pump();
    });
    expect(await readHandler(address, AUTHORITY, never())).toEqual({ ok: false, error: { kind: 'too-large' } });
    await closed;
    expect(MAX_METRICS_BYTES).toBe(8 * 1_048_576);
  });

  test('by breaking off in the middle: half an answer is none', async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '10000' });
      response.write(LINE, () => response.destroy());
    });
    expect(await readHandler(address, AUTHORITY, never())).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
  });

  test('by an answer that is none', async () => {
    const address = await serveRaw('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
    const failure = { kind: 'unreachable', reason: 'it answers, but not with metrics' };
    expect(await readHandler(address, AUTHORITY, never())).toEqual({ ok: false, error: failure });
  });

  test('by an address that cannot be asked', async () => {
    const answer = await readHandler({ ip: '127.0.0.1', port: 65_536 }, AUTHORITY, never());
    expect(answer).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
  });

  test('by not being there', async () => {
    const address = await serve(answerLine);
    await closing.pop()?.();
    expect(await readHandler(address, AUTHORITY, never())).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
  });

  test('by saying nothing, until nobody wants to know any more', async () => {
    const stopping = new AbortController();
    const address = await serve(() => stopping.abort());
    expect(await readHandler(address, AUTHORITY, stopping.signal)).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
  });
});
