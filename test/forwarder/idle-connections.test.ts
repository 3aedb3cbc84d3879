/** What is behind a proxy that forgot its connections is found on new ones, not after as many waits as there were old ones. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKubeClient, type KubeClient } from '../../forwarder/kube-client.ts';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';

let server: Server;
let client: KubeClient;
/** Nothing is answered on these. */
const dead = new Set<Socket>();
const seen = new Set<Socket>();

beforeEach(async () => {
  server = createServer((request, response) => {
    seen.add(request.socket);
    if (!dead.has(request.socket)) response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const text = JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'u', user: { token: 't' } }],
  });
  const parsed = parseKubeConfig(text, 'kubeconfig');
  const chosen = parsed.ok ? chooseContext(parsed.value, undefined, 'kubeconfig') : parsed;
  if (!chosen.ok) throw new Error(chosen.error);
  client = createKubeClient(chosen.value);
});
afterEach(() => {
  client.close();
  server.closeAllConnections();
  server.close();
});

const { signal } = new AbortController();

test('one that hangs takes the other idle ones with it', async () => {
  const ask = (timeoutMs: number) => client.getText('/version', { timeoutMs, signal });
  for (const answer of await Promise.all([ask(5_000), ask(5_000), ask(5_000)])) expect(answer.ok).toBe(true);
  expect(seen.size).toBe(3);
  for (const socket of seen) dead.add(socket);
  expect(await ask(50)).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
  expect(await ask(5_000)).toMatchObject({ ok: true });
});
