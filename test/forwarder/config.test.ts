import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../forwarder/config.ts';

const env = { HOSTVIEW_EDGE: 'https://edge.example/', HOSTVIEW_CLUSTER: 'lab', HOSTVIEW_TOKEN: ' secret \n', KUBECONFIG: '/a:/b' };

test('everything can come from the environment', () => {
  expect(parseConfig([], env)).toEqual({
    ok: true,
    value: {
      edge: 'https://edge.example',
      cluster: 'lab',
      kubeConfigFiles: ['/a', '/b'],
      token: { value: 'secret' },
      logLevel: 'info',
      logFormat: 'text',
    },
  });
});

test('flags win', () => {
  const flags = ['--edge', 'http://localhost:8787', '--cluster', 'x', '--kubeconfig', '/k', '--context', 'c', '--token-file', '/t'];
  expect(parseConfig([...flags, '--log-level', 'debug', '--log-format', 'json'], env)).toEqual({
    ok: true,
    value: {
      edge: 'http://localhost:8787',
      cluster: 'x',
      kubeConfigFiles: ['/k'],
      context: 'c',
      token: { file: '/t' },
      logLevel: 'debug',
      logFormat: 'json',
    },
  });
});

test('help needs nothing else', () => {
  expect(parseConfig(['--help'], {})).toEqual({ ok: true, value: 'help' });
});

describe('what cannot work is refused with what to give', () => {
  test.each<[string, readonly string[], Record<string, string>, RegExp]>([
    ['no edge', [], {}, /--edge URL or HOSTVIEW_EDGE/],
    ['no cluster', ['--edge', 'https://e'], {}, /--cluster NAME or HOSTVIEW_CLUSTER/],
    ['no token', ['--edge', 'https://e', '--cluster', 'c'], {}, /--token-file FILE or HOSTVIEW_TOKEN/],
    ['an empty token', [], { ...env, HOSTVIEW_TOKEN: ' ' }, /--token-file FILE or HOSTVIEW_TOKEN/],
    ['a token with a line break', [], { ...env, HOSTVIEW_TOKEN: 'a\nb' }, /characters that no token has/],
    ['an edge that is no URL', ['--edge', 'edge:port'], env, /no http or https URL/],
    ['an edge with credentials', ['--edge', 'https://u:p@e'], env, /plain URL/],
    ['a cluster that is no label', ['--cluster', 'My Lab'], env, /lower-case letters, digits and hyphens/],
    ['a cluster that is too long', ['--cluster', 'x'.repeat(64)], env, /at most 63/],
    ['an unknown flag', ['--edgee', 'x'], env, /--edgee.*see --help/],
    ['an unknown level', ['--log-level', 'loud'], env, /debug, info, warn, error: loud/],
    ['an unknown format', ['--log-format', 'xml'], env, /text, json: xml/],
  ])('%s', (_what, args, environment, message) => {
    const parsed = parseConfig(args, environment);
    expect(parsed.ok ? 'accepted' : parsed.error).toMatch(message);
  });

  test('no refusal repeats a token', () => {
    const parsed = parseConfig([], { ...env, HOSTVIEW_TOKEN: 'secret\nsecret' });
    expect(parsed.ok ? 'accepted' : parsed.error).not.toContain('secret');
  });
});
