/** Logging in and out, and the administrator's share links. */
import type { IssuedShare, ShareList } from '../../core/access.ts';
import { admitLogin, logOut, refuseShares } from '../access.ts';
import { readJson } from '../body.ts';
import { readOrigin } from '../install-origin.ts';
import { problemResponse, type Refusal } from '../problem.ts';
import { readTwice } from '../room-calls.ts';
import { parseLogin, parseShareWish } from '../schemas.ts';
import { formatShareUrl } from '../shares.ts';
import { admin, fleetOf, methodNotAllowed, newApp, refuse } from './app.ts';

const LOGIN_BYTES = 4_096;
const SHARE_BYTES = 16_384;
const NO_STORE = { 'cache-control': 'no-store' };

export const access = newApp();

access.post('/api/v1/login', async (c) => {
  if (!isJson(c.req.header('content-type'))) return problemResponse(NOT_JSON);
  const body = await readJson(c.req.raw, LOGIN_BYTES);
  const login = body.ok ? parseLogin(body.value) : body;
  if (!login.ok) return problemResponse(login.error);
  const cookie = await admitLogin(c.req.raw, c.env, login.value.token);
  if (!cookie.ok) return refuse(cookie.error);
  return c.body(null, 204, withCookie(cookie.value));
});
access.all('/api/v1/login', methodNotAllowed('POST'));

access.post('/api/v1/logout', (c) => c.body(null, 204, withCookie(logOut(c.req.raw))));
access.all('/api/v1/logout', methodNotAllowed('POST'));

access.get('/api/v1/shares', admin, async (c) => {
  const shares = await readTwice(() => fleetOf(c.env).listShares());
  return c.json({ now: Date.now(), shares } satisfies ShareList, 200, NO_STORE);
});
access.post('/api/v1/shares', admin, async (c) => {
  const body = await readJson(c.req.raw, SHARE_BYTES);
  const wish = body.ok ? parseShareWish(body.value) : body;
  if (!wish.ok) return problemResponse(wish.error);
  const off = refuseShares(c.env);
  if (off !== null) return problemResponse(off);
  const origin = readOrigin(c.env.PUBLIC_URL, c.req.url);
  if (!origin.ok) return problemResponse(origin.error);
  const made = await fleetOf(c.env).createShare(wish.value);
  if (!made.ok) return problemResponse(made.error);
  const { share, token } = made.value;
  const url = formatShareUrl(origin.value, share.clusters, token);
  return c.json({ id: share.id, url, expiresAt: share.expiresAt } satisfies IssuedShare, 201, NO_STORE);
});
access.all('/api/v1/shares', methodNotAllowed('GET, POST'));

access.delete('/api/v1/shares/:id', admin, async (c) => {
  const removed = await fleetOf(c.env).removeShare(c.req.param('id') ?? '');
  return removed.ok ? c.body(null, 204) : problemResponse(removed.error);
});
access.all('/api/v1/shares/:id', methodNotAllowed('DELETE'));

const withCookie = (setCookie: string | null): Record<string, string> => ({
  ...NO_STORE,
  ...(setCookie !== null && { 'set-cookie': setCookie }),
});

/** No form of another site can send this type, so that none can log a visitor in as somebody else. */
const isJson = (contentType: string | undefined): boolean => /^application\/json *(;|$)/i.test(contentType ?? '');

const NOT_JSON: Refusal = { code: 'not-json', status: 415, detail: 'Send it as content-type: application/json.' };
