import { describe, expect, test } from 'vitest';
import { formatServing, parseServeOptions, planVars } from '../../local/serve-options.ts';

const LOOPBACK = { host: '127.0.0.1', port: 8787, state: 'hostview-state', build: null };
const EVERYWHERE = { ...LOOPBACK, host: '0.0.0.0' };

describe('arguments', () => {
  test.each([
    [[], LOOPBACK],
    [
      ['--host', '0.0.0.0', '--port', '80', '--state', '/var/lib/hostview', '--build', 'dist'],
      { host: '0.0.0.0', port: 80, state: '/var/lib/hostview', build: 'dist' },
    ],
    [['--host', '[::1]'], { ...LOOPBACK, host: '::1' }],
    [['--help'], 'help'],
  ])('%j', (args, options) => {
    expect(parseServeOptions(args)).toEqual({ ok: true, value: options });
  });

  test.each([
    [['--port', '0'], /--port/],
    [['--port', '65536'], /--port/],
    [['--host', 'http://x'], /--host/],
    [['--host', ''], /--host/],
    [['--state', ''], /--state/],
    [['--kubeconfig', 'x'], /--kubeconfig.*npm run serve -- --help/],
    [['x'], /x/],
  ])('%j is refused', (args, message) => {
    expect(parseServeOptions(args)).toEqual({ ok: false, error: expect.stringMatching(message) });
  });
});

describe('what the Worker is told', () => {
  const OWN = { FAN_OUT: 'direct', CLIENT_ADDRESS_HEADER: '' };
  const own = 'localhost:8787,127.0.0.1:8787,[::1]:8787';
  test.each([
    ['this machine only', LOOPBACK, {}, { ...OWN, ALLOWED_HOSTS: own }],
    [
      'behind a proxy',
      LOOPBACK,
      { PUBLIC_URL: 'https://vms.example/' },
      { ...OWN, PUBLIC_URL: 'https://vms.example/', ALLOWED_HOSTS: `${own},vms.example` },
    ],
    ['IPv6', { ...LOOPBACK, host: '::1' }, {}, { ...OWN, ALLOWED_HOSTS: own }],
    ['another loopback address', { ...LOOPBACK, host: '127.0.0.2' }, {}, { ...OWN, ALLOWED_HOSTS: `${own},127.0.0.2:8787` }],
    ['every address', EVERYWHERE, {}, OWN],
    ['chosen names', EVERYWHERE, { ALLOWED_HOSTS: 'a.example' }, { ...OWN, ALLOWED_HOSTS: 'a.example' }],
    ['any name', LOOPBACK, { ALLOWED_HOSTS: '*' }, OWN],
    ['the bridge', EVERYWHERE, { FAN_OUT: 'bridge', VIEWER_ACCESS: 'open' }, { ...OWN, FAN_OUT: 'bridge', VIEWER_ACCESS: 'open' }],
  ])('%s', (_, options, settings, vars) => {
    expect(planVars(options, settings)).toEqual({ ok: true, value: vars });
  });

  test('a public address that is none', () => {
    for (const PUBLIC_URL of ['vms.example', 'ftp://vms.example']) expect(planVars(LOOPBACK, { PUBLIC_URL }).ok).toBe(false);
  });
});

test('what is said says who may look, and shows no secret', () => {
  const at = { url: 'http://127.0.0.1:8787', state: '/s' };
  const closed = formatServing(LOOPBACK, {}, at);
  expect(closed).toContain('this machine only');
  expect(closed).toMatch(/Administration is off/);
  expect(closed).toMatch(/Viewing is closed/);
  expect(closed).toMatch(/environment variables/);
  const open = formatServing(EVERYWHERE, { ADMIN_TOKEN: 's3cret-of-sixteen', VIEWER_ACCESS: 'open' }, at);
  expect(open).toBe(
    'Hostview serves http://127.0.0.1:8787, on port 8787 of 0.0.0.0\nState: /s\nAnswered Host headers: any (ALLOWED_HOSTS is not set)\nCtrl-C or SIGTERM stops it.',
  );
});
