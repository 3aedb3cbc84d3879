import { describe, expect, test } from 'vitest';
import { chooseContext, parseKubeConfig } from '../../forwarder/kubeconfig.ts';

const text = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    'current-context': 'lab',
    clusters: [
      { name: 'one', cluster: { server: 'https://10.0.0.1:6443', 'certificate-authority-data': Buffer.from('the ca').toString('base64') } },
      { name: 'two', cluster: { server: 'http://127.0.0.1:8001' } },
    ],
    users: [{ name: 'me', user: { token: 't' } }],
    contexts: [
      { name: 'lab', context: { cluster: 'one', user: 'me' } },
      { name: 'proxy', context: { cluster: 'two' } },
      { name: 'lost', context: { cluster: 'three', user: 'me' } },
      { name: 'nobody', context: { cluster: 'one', user: 'you' } },
    ],
    ...changes,
  });

function choose(context?: string, changes: Record<string, unknown> = {}) {
  const parsed = parseKubeConfig(text(changes), '/k/config');
  if (!parsed.ok) return parsed;
  return chooseContext(parsed.value, context, '/k/config');
}
const errorOf = (result: ReturnType<typeof choose>): string => (result.ok ? 'accepted' : result.error);

describe('a context is chosen', () => {
  test('the current one', () => {
    const chosen = choose();
    expect(chosen.ok && chosen.value.getCurrentCluster()?.server).toBe('https://10.0.0.1:6443');
    expect(chosen.ok && chosen.value.getCurrentUser()?.token).toBe('t');
  });

  test('another; http needs no TLS to skip, and no user', async () => {
    const chosen = choose('proxy');
    if (!chosen.ok) throw new Error(chosen.error);
    const options: { headers?: Record<string, string> } = {};
    await chosen.value.applyToHTTPSOptions(options);
    expect(options.headers).toEqual({});
  });
});

describe('what cannot work is one clear line', () => {
  test.each<[string, string | undefined, Record<string, unknown>, RegExp]>([
    ['an unknown context', 'prod', {}, /has no context "prod"; it has: lab, proxy, lost, nobody$/],
    ['no current context', undefined, { 'current-context': '' }, /has no current-context; give --context, one of: lab/],
    ['an unknown cluster', 'lost', {}, /has no cluster "three", which context lost names/],
    ['an unknown user', 'nobody', {}, /has no user "you", which context nobody names/],
    [
      'a server that is no URL',
      undefined,
      { clusters: [{ name: 'one', cluster: { server: 'nowhere' } }] },
      /a server that is no URL: nowhere/,
    ],
    ['no contexts', undefined, { contexts: [] }, /is not valid: it has no contexts/],
    ['a cluster without a server', undefined, { clusters: [{ name: 'one', cluster: {} }] }, /clusters\[0\].cluster.server is missing/],
  ])('%s', (_what, context, changes, message) => {
    expect(errorOf(choose(context, changes))).toMatch(message);
  });

  test.each(['', 'null', 'just words', '- a\n- b', 'a: [', '\u0000\u0001'])('text that is no kubeconfig: %o', (content) => {
    const parsed = parseKubeConfig(content, '/k/config');
    expect(parsed.ok ? 'accepted' : parsed.error).toMatch(/^the kubeconfig \/k\/config is not valid: [^\n]+$/);
  });
});
