import type { IncomingMessage } from 'node:http';
import { KubeConfig } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { createKubeClient } from '../../forwarder/kube-client.ts';
import { failure, json, ScriptedServer } from './scripted-server.ts';

const config = (applyToHTTPSOptions: () => Promise<void>): KubeConfig => {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser({ name: 'test', server: 'http://127.0.0.1:1', skipTLSVerify: true }, { name: 'test' });
  return Object.assign(kubeConfig, { applyToHTTPSOptions });
};

test('a credential plugin that never answers holds up neither a time limit nor the end', async () => {
  const client = createKubeClient(config(() => new Promise(() => {})));
  const stopping = new AbortController();
  const stream = client.openStream('/api', stopping.signal);
  expect(await client.getText('/version', { timeoutMs: 20, signal: stopping.signal })).toMatchObject({ ok: false });
  stopping.abort();
  expect(await stream).toMatchObject({ ok: false, error: { kind: 'credentials' } });
  client.close();
});

test('what a credential plugin printed is not repeated, since it may be a credential', async () => {
  const client = createKubeClient(config(async () => void JSON.parse('sha256~the-token')));
  const answer = await client.getText('/version', { timeoutMs: 1_000, signal: new AbortController().signal });
  expect(answer).toMatchObject({ ok: false, error: { kind: 'credentials' } });
  expect(JSON.stringify(answer)).not.toContain('sha256');
  client.close();
});

describe('one object', () => {
  const limits = { timeoutMs: 5_000, signal: new AbortController().signal };
  async function bodyOf(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }

  test('a write is sent whole, and sent again where its kept connection has broken off', async () => {
    const server = await ScriptedServer.start();
    const client = server.client();
    const arrived: string[] = [];
    const note = async (request: IncomingMessage): Promise<void> => {
      arrived.push(`${request.method} ${request.headers['content-type']} ${await bodyOf(request)}`);
    };
    server.answer(
      json(200, {}),
      (response, request) => void note(request).then(() => response.socket?.destroy()),
      (response, request) => void note(request).then(() => json(201, { kind: 'Lease' })(response, request)),
    );
    await client.exchange({ method: 'GET', path: '/first' }, limits);
    const answer = await client.exchange({ method: 'PUT', path: '/second', body: '{"größe":1}' }, limits);
    expect(answer).toEqual({ ok: true, value: '{"kind":"Lease"}' });
    expect(arrived).toEqual(Array.from({ length: 2 }, () => 'PUT application/json {"größe":1}'));
    client.close();
    await server.close();
  });

  test('a refusal is told, and an answer beyond any size is not kept', async () => {
    const server = await ScriptedServer.start();
    const client = server.client();
    server.answer(failure(409, 'the object has been modified'), (response) => response.writeHead(200).end('x'.repeat(2_000_000)));
    const put = { method: 'PUT', path: '/object', body: '{}' } as const;
    expect(await client.exchange(put, limits)).toMatchObject({
      ok: false,
      error: { status: 409, message: 'the object has been modified' },
    });
    expect(await client.exchange(put, limits)).toMatchObject({ ok: false, error: { kind: 'malformed' } });
    client.close();
    await server.close();
  });
});
