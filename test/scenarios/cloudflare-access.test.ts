/** Cloudflare Access before the real edge (SPEC A7): the team's keys come from an HTTP server, as they do from Cloudflare. */
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { type EdgeProcess, startEdgeProcess } from '../support/stack.ts';

const AUDIENCE = 'a'.repeat(64);
const port = await freePort();
const team = `http://127.0.0.1:${port}`;
const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
const asked: string[] = [];
let edge: EdgeProcess;
let server: Server | undefined;

beforeAll(async () => {
  edge = await startEdgeProcess({ VIEWER_ACCESS: 'cloudflare-access', ACCESS_TEAM_DOMAIN: team, ACCESS_AUD: AUDIENCE });
});
afterAll(async () => {
  await edge.stop();
  server?.close();
});

const sign = (aud = AUDIENCE, key = privateKey): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid: '1' })
    .setIssuer(team)
    .setAudience(aud)
    .setIssuedAt()
    .setExpirationTime('1 min')
    .sign(key);
const ask = async (assertion: string | null): Promise<[number, unknown]> => {
  const headers = assertion === null ? {} : { 'cf-access-jwt-assertion': assertion };
  const response = await fetch(`${edge.url}/api/v1/clusters`, { headers });
  const { code } = (await response.json()) as { readonly code?: string };
  return [response.status, code];
};

test('A7: nobody gets in before the keys can be had, and then those for whom they vouch', async () => {
  expect(await ask(await sign())).toEqual([503, 'keys-unavailable']);
  const jwk = { ...(await exportJWK(publicKey)), kid: '1', alg: 'RS256', use: 'sig' };
  const keys = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  server = keys;
  await new Promise<void>((resolve) => keys.listen(port, '127.0.0.1', resolve));
  expect(await ask(await sign())).toEqual([200, undefined]);
  expect(await ask(null)).toEqual([401, 'access-required']);
  expect(await ask(await sign('another application'))).toEqual([401, 'access-required']);
  const stranger = await generateKeyPair('RS256');
  expect(await ask(await sign(AUDIENCE, stranger.privateKey))).toEqual([401, 'access-required']);
  expect(await ask(await sign())).toEqual([200, undefined]);
  // Once for all of them.
  expect(asked).toEqual(['/cdn-cgi/access/certs']);
});
