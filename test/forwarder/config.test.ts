import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../forwarder/config.ts';

const env = { HOSTVIEW_EDGE: 'https://edge.example/', HOSTVIEW_CLUSTER: 'lab', HOSTVIEW_TOKEN: ' secret \n', KUBECONFIG: '/a:/b' };

test('everything can come from the environment', () => {
  expect(parseConfig([], env)).toEqual({
    ok: true,
    value: {
      mode: 'run',
      progress: false,
      vmLabels: [],
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
      mode: 'run',
      progress: false,
      vmLabels: [],
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

test('what a Deployment sets', () => {
  const deployment = {
    ...env,
    HOSTVIEW_TOKEN_FILE: '/token',
    HOSTVIEW_CA_FILE: '/ca.pem',
    HOSTVIEW_LEASE: 'hostview/hostview-forwarder',
    HOSTVIEW_IDENTITY: 'pod-1',
    HOSTVIEW_LISTEN: '8080',
    HOSTVIEW_PROGRESS: 'true',
    HOSTVIEW_VM_LABELS: 'team,app',
    HOSTVIEW_LOG_FORMAT: 'json',
    HOSTVIEW_LOG_LEVEL: '',
  };
  expect(parseConfig([], deployment)).toMatchObject({
    ok: true,
    value: {
      token: { file: '/token' },
      caFile: '/ca.pem',
      lease: { namespace: 'hostview', name: 'hostview-forwarder' },
      identity: 'pod-1',
      listen: { host: '::', port: 8080 },
      progress: true,
      vmLabels: ['app', 'team'],
      logFormat: 'json',
      logLevel: 'info',
    },
  });
});

test.each([
  ['8080', { host: '::', port: 8080 }],
  ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  ['[::1]:9000', { host: '::1', port: 9000 }],
  ['localhost:9000', { host: 'localhost', port: 9000 }],
])('--listen %s', (listen, expected) => {
  expect(parseConfig(['--listen', listen], env)).toMatchObject({ ok: true, value: { listen: expected } });
});

test('--check needs what a run needs, --once only the cluster', () => {
  expect(parseConfig(['--check'], env)).toMatchObject({ ok: true, value: { mode: 'check', edge: 'https://edge.example' } });
  expect(parseConfig(['--check'], {})).toMatchObject({ ok: false, error: expect.stringContaining('no edge to send to') });
  expect(parseConfig(['--once', '--kubeconfig', '/k'], {})).toEqual({
    ok: true,
    value: { mode: 'once', kubeConfigFiles: ['/k'], progress: false, vmLabels: [], logLevel: 'info', logFormat: 'text' },
  });
});

test.each<[string | undefined, string | undefined, readonly string[]]>([
  ['team', undefined, ['team']],
  [' team , app.kubernetes.io/name,team', undefined, ['app.kubernetes.io/name', 'team']],
  [undefined, ' team ', ['team']],
  [undefined, ' ', []],
  ['', 'team', []],
  ['app', 'team', ['app']],
])('--vm-labels %j over HOSTVIEW_VM_LABELS %j are %j', (flag, variable, vmLabels) => {
  const args = flag === undefined ? ['--once'] : ['--once', '--vm-labels', flag];
  expect(parseConfig(args, variable === undefined ? {} : { HOSTVIEW_VM_LABELS: variable })).toMatchObject({
    ok: true,
    value: { vmLabels },
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
    ['a port that is none', ['--listen', '70000'], env, /PORT or HOST:PORT.*70000/],
    ['a port in words', ['--listen', 'http'], env, /PORT or HOST:PORT/],
    ['a Lease without a namespace', ['--lease', 'hostview'], env, /NAMESPACE\/NAME/],
    ['a Lease that would leave its path', ['--lease', 'a/../b'], env, /NAMESPACE\/NAME/],
    ['an identity with a space', ['--identity', 'a b'], env, /without spaces/],
    ['a switch in other words', [], { ...env, HOSTVIEW_PROGRESS: 'yes' }, /true, false: yes/],
    ['a label that is none', ['--vm-labels', 'team,my team'], env, /keys of labels .*: "my team" is none/],
    ['a label with its value', [], { ...env, HOSTVIEW_VM_LABELS: 'team=db' }, /"team=db" is none/],
    ['a comma too many', ['--vm-labels', 'team,'], env, /"" is none/],
    ['too many labels', ['--vm-labels', Array.from({ length: 17 }, (_, n) => `l${n}`).join()], env, /16 keys at most: 17/],
    ['check and once', ['--check', '--once'], env, /exclude each other/],
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
