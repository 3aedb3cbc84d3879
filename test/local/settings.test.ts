import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { ROOT } from '../../local/paths.ts';
import { adviseOn, formatSettings, parseVars, SETTINGS, secretFilesOf, settingsOf } from '../../local/settings.ts';

describe('the list', () => {
  const described = readFileSync(join(ROOT, 'worker/env.d.ts'), 'utf8');
  const { vars } = unstable_readConfig({ config: join(ROOT, 'wrangler.toml') });

  test('is what the Worker reads: worker/env.d.ts and the variables of wrangler.toml', () => {
    const read = [...described.matchAll(/^ {2}([A-Z][A-Z0-9_]*)\?: string;$/gm)].map(([, name]) => name);
    expect(read.length).toBeGreaterThan(3);
    expect(SETTINGS.map(({ name }) => name).sort()).toEqual([...read, ...Object.keys(vars)].sort());
  });

  test('calls secret what the Worker calls secret', () => {
    const secret = [...described.matchAll(/\/\*\* Secret\b[^/]*\*\/\n {2}([A-Z][A-Z0-9_]*)\?/g)].map(([, name]) => name);
    expect(SETTINGS.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual(expect.arrayContaining(secret));
    expect(secret.length).toBe(SETTINGS.filter(({ isSecret }) => isSecret).length);
  });

  test('is told in wrangler.toml too', () => {
    const config = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
    for (const { name } of SETTINGS) expect(config).toContain(name);
  });

  test('is one line each', () => {
    const lines = formatSettings().split('\n');
    expect(lines).toHaveLength(SETTINGS.length);
    expect(lines.find((line) => line.includes('ADMIN_TOKEN'))).toMatch(/^ {2}ADMIN_TOKEN +secret: /);
  });
});

test('an environment has settings and much else; an empty variable is none', () => {
  expect(settingsOf({ PATH: '/bin', VIEWER_ACCESS: 'open', ADMIN_TOKEN: '', PUBLIC_URL: ' ' })).toEqual({ VIEWER_ACCESS: 'open' });
});

test('secrets may be in files, nothing else', () => {
  expect(secretFilesOf({ ADMIN_TOKEN_FILE: '/run/admin', VIEWER_TOKEN_FILE: '', VIEWER_ACCESS_FILE: '/x' })).toEqual([
    { name: 'ADMIN_TOKEN', file: '/run/admin' },
  ]);
});

describe('--var', () => {
  test.each([
    [['VIEWER_ACCESS=open'], { VIEWER_ACCESS: 'open' }],
    [['VIEWER_ACCESS:token', 'PUBLIC_URL=https://a.example:8443'], { VIEWER_ACCESS: 'token', PUBLIC_URL: 'https://a.example:8443' }],
    [['ALLOWED_HOSTS='], { ALLOWED_HOSTS: '' }],
    [[], {}],
  ])('%j', (pairs, settings) => {
    expect(parseVars(pairs)).toEqual({ ok: true, value: settings });
  });

  test.each([
    [['VIEWER_ACCESS'], /NAME=VALUE/],
    [['=open'], /NAME=VALUE/],
    [['VIEWER_ACESS=open'], /There is no setting VIEWER_ACESS/],
    [['__PROTO__=x'], /NAME=VALUE/],
  ])('%j is refused', (pairs, message) => {
    expect(parseVars(pairs)).toEqual({ ok: false, error: expect.stringMatching(message) });
  });

  test('a secret is refused, and not repeated', () => {
    const refused = parseVars(['ADMIN_TOKEN=s3cret']);
    expect(refused).toEqual({ ok: false, error: expect.stringContaining('ADMIN_TOKEN is a secret') });
    expect(JSON.stringify(refused)).not.toContain('s3cret');
  });
});

describe('what is advised', () => {
  const ADMIN_TOKEN = 'a'.repeat(32);
  test.each([
    [{}, [/Administration is off/, /Viewing is closed.*open/]],
    [{ ADMIN_TOKEN, VIEWER_ACCESS: 'open' }, []],
    [{ ADMIN_TOKEN: 's3cret', VIEWER_ACCESS: 'open' }, [/Administration is off: ADMIN_TOKEN is too short/]],
    [{ ADMIN_TOKEN, VIEWER_ACCESS: 'opne' }, [/Viewing is closed/]],
    [{ ADMIN_TOKEN, VIEWER_ACCESS: 'token' }, [/VIEWER_TOKEN is not set/]],
    [{ ADMIN_TOKEN, VIEWER_ACCESS: 'token', VIEWER_TOKEN: 'short' }, [/too short/]],
    [{ ADMIN_TOKEN, VIEWER_ACCESS: 'token', VIEWER_TOKEN: 'v'.repeat(16) }, []],
    [{ ADMIN_TOKEN, VIEWER_ACCESS: 'cloudflare-access' }, [/ACCESS_TEAM_DOMAIN, ACCESS_AUD/]],
    [{ ADMIN_TOKEN, VIEWER_ACCESS: 'cloudflare-access', ACCESS_TEAM_DOMAIN: 'https://t.cloudflareaccess.com', ACCESS_AUD: 'x' }, []],
  ])('%j', (settings, lines) => {
    expect(adviseOn(settings)).toEqual(lines.map((line) => expect.stringMatching(line)));
  });
});
