import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { createKubeClient } from '../../forwarder/kube-client.ts';

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
