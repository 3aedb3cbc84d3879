import { describe, expect, test } from 'vitest';
import { type DeployOptions, judge, parseDeployOptions, wranglerArgs } from '../../local/deploy-options.ts';

const PLAIN: DeployOptions = { isDryRun: false, keepsVars: false, name: null, domain: null, vars: {} };

describe('arguments', () => {
  test.each([
    [[], PLAIN],
    [['--dry-run'], { ...PLAIN, isDryRun: true }],
    [
      ['--keep-vars', '--name', 'edge-2', '--domain', 'vms.example.org'],
      { ...PLAIN, keepsVars: true, name: 'edge-2', domain: 'vms.example.org' },
    ],
    [['--var', 'VIEWER_ACCESS=open', '--var', 'FAN_OUT:direct'], { ...PLAIN, vars: { VIEWER_ACCESS: 'open', FAN_OUT: 'direct' } }],
    [['--help'], 'help'],
  ])('%j', (args, options) => {
    expect(parseDeployOptions(args)).toEqual({ ok: true, value: options });
  });

  test.each([
    [['--nonsense'], /--nonsense.*See: npm run deploy -- --help/],
    [['production'], /production/],
    [['--var', 'NOTHING=1'], /no setting NOTHING/],
    [['--var', 'ADMIN_TOKEN=s3cret'], /is a secret/],
    [['--name', 'Edge_2'], /--name/],
    [['--name', '-x'], /--name/],
    [['--domain', 'https://vms.example.org'], /--domain/],
  ])('%j is refused', (args, message) => {
    const refused = parseDeployOptions(args);
    expect(refused).toEqual({ ok: false, error: expect.stringMatching(message) });
    expect(JSON.stringify(refused)).not.toContain('s3cret');
  });
});

describe('what it needs', () => {
  const text = (...args: Parameters<typeof judge>): string => judge(...args).lines.join('\n');

  test('an account, before anything is built', () => {
    const verdict = judge(PLAIN, { isSignedIn: false, secrets: {}, present: [] });
    expect(verdict.mayGoOn).toBe(false);
    expect(verdict.lines.join('\n')).toMatch(/Cloudflare account +MISSING.*wrangler login.*CLOUDFLARE_API_TOKEN/);
  });

  test('a dry run needs none', () => {
    const options = { ...PLAIN, isDryRun: true };
    expect(judge(options, { isSignedIn: null, secrets: {}, present: [] }).mayGoOn).toBe(true);
    expect(text(options, { isSignedIn: null, secrets: {}, present: [] })).toContain('not needed');
  });

  test('secrets are named, never shown', () => {
    const told = text(PLAIN, { isSignedIn: true, secrets: { ADMIN_TOKEN: 's3cret' }, present: [] });
    expect(told).toMatch(/ADMIN_TOKEN +given/);
    expect(told).not.toContain('s3cret');
    expect(text(PLAIN, { isSignedIn: true, secrets: {}, present: ['ADMIN_TOKEN'] })).toMatch(/ADMIN_TOKEN +set already/);
    expect(text(PLAIN, { isSignedIn: true, secrets: {}, present: [] })).toMatch(/ADMIN_TOKEN +not given.*export ADMIN_TOKEN=/);
  });

  test('VIEWER_TOKEN only where it means something', () => {
    const found = { isSignedIn: true, secrets: {}, present: ['ADMIN_TOKEN'] };
    expect(text({ ...PLAIN, vars: { VIEWER_ACCESS: 'open' } }, found)).not.toContain('VIEWER_TOKEN');
    expect(text({ ...PLAIN, vars: { VIEWER_ACCESS: 'token' } }, found)).toMatch(/VIEWER_TOKEN is not set/);
    const stored = { ...found, present: ['ADMIN_TOKEN', 'VIEWER_TOKEN'] };
    expect(text({ ...PLAIN, vars: { VIEWER_ACCESS: 'token' } }, stored)).not.toMatch(/closed/);
  });

  test('that nobody chose who may look, and that an earlier choice is undone', () => {
    const found = { isSignedIn: true, secrets: {}, present: ['ADMIN_TOKEN'] };
    expect(text(PLAIN, found)).toMatch(/Viewing is closed/);
    expect(text(PLAIN, found)).toMatch(/earlier deployment.*--keep-vars/);
    // What holds then is not known here.
    expect(text({ ...PLAIN, keepsVars: true }, found)).not.toMatch(/closed|earlier/);
  });
});

test('wrangler is told all of it', () => {
  expect(wranglerArgs(PLAIN, '/d', null)).toEqual(['deploy', '--outdir', '/d/worker', '--assets', '/d/web']);
  const all = { isDryRun: true, keepsVars: true, name: 'edge-2', domain: 'a.example', vars: { PUBLIC_URL: 'https://a.example' } };
  expect(wranglerArgs(all, '/d', '/s.json').slice(5)).toEqual([
    ...['--dry-run', '--keep-vars', '--name', 'edge-2', '--domain', 'a.example', '--secrets-file', '/s.json'],
    ...['--var', 'PUBLIC_URL:https://a.example'],
  ]);
});
