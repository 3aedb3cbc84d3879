/** Who may ask: the Host header, viewers, the administrator (SPEC A1–A9). Closed where nothing was chosen. */
import { err, ok, type Result } from '../core/result.ts';
import { hashToken, isSameHash, parseBearer } from './auth.ts';
import { ASSERTION_HEADER, admitByAssertion, keysOf } from './cloudflare-access.ts';
import { callerOf, Guesses } from './guesses.ts';
import type { Refusal } from './problem.ts';
import { readTwice } from './room-calls.ts';
import { ALL_CLUSTERS, type Scope } from './scope.ts';
import { formatClearCookie, hasCookie } from './viewer-cookie.ts';
import { refuseAdminToken, viewerModeOf } from './viewer-mode.ts';
import { admitByToken, type Doorkeeper, logIn, slowDown, type Visit } from './viewer-token.ts';

/** DNS rebinding: a page of another name that resolves to this address must not read it. `allowed` is a comma list; absent: any. */
export function refuseHost(host: string | null, allowed: string | undefined): Refusal | null {
  if (allowed === undefined) return null;
  const names = allowed.split(',').map((name) => name.trim().toLowerCase());
  if (host !== null && names.includes(host.toLowerCase())) return null;
  return { code: 'forbidden-host', detail: `Ask for it under one of its own names: ${names.join(', ')} (setting ALLOWED_HOSTS).` };
}

/** The same words for a cluster that does not exist and for one that is not this viewer's: nobody learns which names there are. */
export const UNKNOWN_CLUSTER: Refusal = {
  code: 'unknown-cluster',
  detail: 'There is no such cluster, or it is not yours to see. An administrator registers one with POST /api/v1/clusters.',
};

/** The same for forwarders. */
export const UNKNOWN_OR_WRONG_TOKEN: Refusal = {
  code: 'unauthorized',
  detail:
    'Send the token of this cluster: Authorization: Bearer TOKEN. Is the cluster registered under this name? An administrator makes another token with POST /api/v1/clusters/:cluster/token.',
};

/** Of this isolate. Apart, so that who guesses viewers' tokens uses nothing up of the administrator's. */
const viewerGuesses = new Guesses();
const adminGuesses = new Guesses();

/** Which clusters a viewer may see, or why none. */
export async function admitViewer(request: Request, env: Env): Promise<Result<Scope, Refusal>> {
  const mode = viewerModeOf(env);
  switch (mode.kind) {
    case 'open':
      return ok(ALL_CLUSTERS);
    case 'closed':
      return err(mode.refusal);
    case 'token':
      return admitByToken(visitOf(request, env.CLIENT_ADDRESS_HEADER), doorkeeper(env, mode.viewerToken));
    case 'cloudflare-access':
      return admitByAssertion(request.headers.get(ASSERTION_HEADER), mode, keysOf(mode.team), Date.now());
  }
}

/** The Set-Cookie header for whoever has this token; null where nobody needs one, so that links made before go on working. */
export async function admitLogin(request: Request, env: Env, token: string): Promise<Result<string | null, Refusal>> {
  const mode = viewerModeOf(env);
  if (mode.kind === 'token') return logIn(token, visitOf(request, env.CLIENT_ADDRESS_HEADER), doorkeeper(env, mode.viewerToken));
  const admitted = await admitViewer(request, env);
  return admitted.ok ? ok(null) : admitted;
}

/**
 * The Set-Cookie header that takes the cookie away; null where none came. A browser leaves it at home when another site's page posts here
 * (SameSite=Strict), so no such page can log a visitor out.
 */
export const logOut = (request: Request): string | null =>
  hasCookie(request.headers.get('cookie'), isSecure(request)) ? formatClearCookie(isSecure(request)) : null;

/** Shares open something only where tokens do. */
export function refuseShares(env: Env): Refusal | null {
  if (viewerModeOf(env).kind === 'token') return null;
  return { code: 'shares-off', detail: 'A share is a token for viewers: it needs VIEWER_ACCESS=token, and VIEWER_TOKEN.' };
}

/** By bearer only: a browser sends that to nobody of its own accord, so no other site can make one administer. */
export async function refuseAdmin(request: Request, env: Env): Promise<Refusal | null> {
  const disabled = refuseAdminToken(env);
  if (disabled !== null) return disabled;
  const { ADMIN_TOKEN: adminToken = '' } = env;
  const refusal: Refusal = { code: 'unauthorized', detail: 'Send the admin token: Authorization: Bearer ADMIN_TOKEN.' };
  const { authorization, caller, now } = visitOf(request, env.CLIENT_ADDRESS_HEADER);
  const token = parseBearer(authorization);
  if (token === null) return refusal;
  const hash = await hashToken(token);
  const waitS = adminGuesses.take(hash, caller, now);
  if (waitS !== null) return slowDown(waitS);
  if (isSameHash(hash, await hashToken(adminToken))) {
    adminGuesses.good(hash, caller);
    return null;
  }
  adminGuesses.wrong(hash);
  return refusal;
}

function doorkeeper(env: Env, viewerToken: string): Doorkeeper {
  const fleet = () => env.FLEET.getByName('fleet');
  const adminToken = refuseAdminToken(env) === null ? (env.ADMIN_TOKEN ?? '') : '';
  const shares = {
    findShare: (hash: string) => readTwice(() => fleet().findShare(hash)),
    shareOf: (id: string) => readTwice(() => fleet().shareOf(id)),
  };
  return { secrets: { adminToken, viewerToken }, shares, guesses: viewerGuesses };
}

const visitOf = (request: Request, addressHeader: string): Visit => ({
  authorization: request.headers.get('authorization'),
  cookie: request.headers.get('cookie'),
  isSecure: isSecure(request),
  // Elsewhere than on Cloudflare's network that header is whatever the caller wrote into it, so it is a setting.
  caller: addressHeader === '' ? null : callerOf(request.headers.get(addressHeader)),
  now: Date.now(),
});

/** What ends TLS in front says so in X-Forwarded-Proto, and Miniflare puts it into the URL. */
const isSecure = (request: Request): boolean => new URL(request.url).protocol === 'https:';
