/** Cloudflare Access in front (SPEC A7): which assertions are believed. Keys and tokens are made here; nothing is fetched. */
import { createLocalJWKSet, errors, exportJWK, generateKeyPair, type JWTVerifyGetKey, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { admitByAssertion } from '../../worker/cloudflare-access.ts';
import { call, problemOf } from './support.ts';

const TEAM = 'https://team.cloudflareaccess.com';
const AUDIENCE = 'f'.repeat(64);
const NOW = Date.UTC(2026, 10, 26);
const SECOND = NOW / 1_000;

const rsa = await generateKeyPair('RS256', { extractable: true });
const ec = await generateKeyPair('ES256', { extractable: true });
const stranger = await generateKeyPair('RS256', { extractable: true });
const jwkOf = async (key: CryptoKey, kid: string, alg: string) => ({ ...(await exportJWK(key)), kid, alg, use: 'sig' });
const rsaJwk = await jwkOf(rsa.publicKey, 'rsa-1', 'RS256');
const keys = createLocalJWKSet({ keys: [rsaJwk, await jwkOf(ec.publicKey, 'ec-1', 'ES256')] });

interface Bent {
  readonly alg?: string;
  readonly kid?: string;
  readonly key?: CryptoKey | Uint8Array;
  readonly claims?: Readonly<Record<string, unknown>>;
}
/** An assertion as Access makes it, but for what is bent. A claim that is `undefined` is left out. */
function sign({ alg = 'RS256', kid = 'rsa-1', key = rsa.privateKey, claims = {} }: Bent = {}): Promise<string> {
  const all = { iss: TEAM, aud: [AUDIENCE], sub: 'someone', iat: SECOND - 10, nbf: SECOND - 10, exp: SECOND + 60, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg, kid }).sign(key);
}
const admit = (assertion: string | null, getKey: JWTVerifyGetKey = keys) =>
  admitByAssertion(assertion, { team: TEAM, audience: AUDIENCE }, getKey, NOW);
const encode = (value: unknown): string => btoa(JSON.stringify(value)).replaceAll('=', '');

describe('A7: believed', () => {
  test.each<[string, Bent]>([
    ['RS256', {}],
    ['ES256', { alg: 'ES256', kid: 'ec-1', key: ec.privateKey }],
    ['the audience alone and not in a list', { claims: { aud: AUDIENCE } }],
    ['several audiences', { claims: { aud: ['other', AUDIENCE] } }],
    ['clocks that are a little apart', { claims: { exp: SECOND - 9, nbf: SECOND + 10 } }],
  ])('%s', async (_, bent) => expect(await admit(await sign(bent))).toEqual({ ok: true, value: { kind: 'all' } }));

  test('a key that came since: the set is asked anew', async () => {
    const assertion = await sign({ kid: 'rsa-2', key: stranger.privateKey });
    expect((await admit(assertion)).ok).toBe(false);
    const rotated = createLocalJWKSet({ keys: [rsaJwk, await jwkOf(stranger.publicKey, 'rsa-2', 'RS256')] });
    expect((await admit(assertion, rotated)).ok).toBe(true);
    expect((await admit(await sign(), rotated)).ok).toBe(true);
  });
});

describe('A7: not believed', () => {
  test.each<[string, () => string | null | Promise<string>]>([
    ['none', () => null],
    ['the empty text', () => ''],
    ['garbage', () => 'a.b.c'],
    ['no JWT at all', () => 'Bearer something'],
    ['too long a text', () => 'x'.repeat(20_000)],
    ['another audience', () => sign({ claims: { aud: ['other'] } })],
    ['no audience', () => sign({ claims: { aud: undefined } })],
    ['another team', () => sign({ claims: { iss: 'https://evil.cloudflareaccess.com' } })],
    ['the team with a slash', () => sign({ claims: { iss: `${TEAM}/` } })],
    ['no issuer', () => sign({ claims: { iss: undefined } })],
    ['one that is over', () => sign({ claims: { exp: SECOND - 11 } })],
    ['one that never ends', () => sign({ claims: { exp: undefined } })],
    ['one that does not hold yet', () => sign({ claims: { nbf: SECOND + 11 } })],
    ['an end that is no time', () => sign({ claims: { exp: 'never' } })],
    ['an unknown key', () => sign({ kid: 'rsa-9' })],
    ['a stranger’s key under a known name', () => sign({ key: stranger.privateKey })],
    ['another algorithm of the same key', async () => sign({ alg: 'PS256', key: await psKey() })],
    ['alg none', () => new UnsecuredJWT({ iss: TEAM, aud: AUDIENCE, exp: SECOND + 60 }).encode()],
    [
      'alg none, with the key’s name',
      () => `${encode({ alg: 'none', kid: 'rsa-1' })}.${encode({ iss: TEAM, aud: AUDIENCE, exp: SECOND + 60 })}.`,
    ],
    ['HS256 with the public key as its secret', () => sign({ alg: 'HS256', key: new TextEncoder().encode(JSON.stringify(rsaJwk)) })],
    ['a payload that was exchanged', async () => bend(await sign(), 1, encode({ iss: TEAM, aud: AUDIENCE, exp: SECOND + 9e9 }))],
    ['a signature that was cut', async () => (await sign()).slice(0, -10)],
    ['a header that names its own key', async () => bend(await sign(), 0, encode({ alg: 'RS256', jwk: rsaJwk, kid: 'mine' }))],
  ])('%s', async (_, make) => {
    const admitted = await admit(await make());
    expect(admitted).toMatchObject({ ok: false, error: { code: 'access-required' } });
  });

  test('an algorithm that Access does not use, though the key would do', async () => {
    const { alg: _, ...any } = rsaJwk;
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', rsa.privateKey);
    const key = await crypto.subtle.importKey('pkcs8', pkcs8 as ArrayBuffer, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }, false, [
      'sign',
    ]);
    const admitted = await admit(await sign({ alg: 'RS512', key }), createLocalJWKSet({ keys: [any] }));
    expect(admitted).toMatchObject({ ok: false, error: { code: 'access-required' } });
  });

  test.each([
    ['too late', new errors.JWKSTimeout()],
    ['no list of keys', new errors.JWKSInvalid()],
    ['another answer than 200', new errors.JOSEError('Expected 200 OK')],
    ['no connection', new TypeError('fetch failed')],
  ])('the keys cannot be had (%s): nobody is let in, and it is not the visitor’s fault', async (_, thrown) => {
    const admitted = await admit(await sign(), () => Promise.reject(thrown));
    expect(admitted).toMatchObject({ ok: false, error: { code: 'keys-unavailable', headers: { 'retry-after': '10' } } });
  });
});

describe('A7: through the Worker', () => {
  const settings = { VIEWER_ACCESS: 'cloudflare-access', ACCESS_TEAM_DOMAIN: TEAM, ACCESS_AUD: AUDIENCE, VIEWER_TOKEN: 'v'.repeat(20) };

  test.each<Record<string, string>>([
    {},
    { 'cf-access-jwt-assertion': 'a.b.c' },
    { authorization: `Bearer ${'v'.repeat(20)}` },
    { cookie: 'CF_Authorization=a.b.c' },
  ])('nobody without an assertion: %j', async (headers) => {
    const response = await call('/api/v1/clusters', { headers }, settings);
    expect(response.status).toBe(401);
    expect(await problemOf(response)).toMatchObject({ code: 'access-required' });
  });

  test('without its settings it is closed', async () => {
    const response = await call('/api/v1/clusters', {}, { ...settings, ACCESS_AUD: undefined });
    expect(response.status).toBe(403);
    expect(await problemOf(response)).toMatchObject({ code: 'viewer-access-closed', detail: expect.stringContaining('ACCESS_AUD') });
  });
});

const bend = (jwt: string, at: number, part: string): string => jwt.split('.').with(at, part).join('.');
/** The same RSA key for another scheme. */
async function psKey(): Promise<CryptoKey> {
  const jwk = { ...(await exportJWK(rsa.privateKey)), alg: 'PS256' };
  return crypto.subtle.importKey('jwk', jwk as JsonWebKey, { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']);
}
