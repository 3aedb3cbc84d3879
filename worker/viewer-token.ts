/**
 * Viewers in the mode `token` (SPEC A2–A4, A8): a bearer token at each request, or a login with one, which is answered with a cookie. A bearer
 * token that is sent decides alone; another scheme (a proxy's Basic) is not ours and says nothing.
 */
import type { Share } from '../core/access.ts';
import { LOGIN_VALID_MS } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import { hashToken, isSameHash, isTokenShaped, parseBearer } from './auth.ts';
import type { Guesses } from './guesses.ts';
import type { Refusal } from './problem.ts';
import { ALL_CLUSTERS, type Scope } from './scope.ts';
import { isOver, scopeOfShare } from './shares.ts';
import { deriveCookieKey, formatPass, formatSetCookie, type Pass, parsePass, readCookie } from './viewer-cookie.ts';

export interface Secrets {
  /** Empty where administration is off. */
  readonly adminToken: string;
  readonly viewerToken: string;
}

/** The Fleet's shares; null where there is none, or none that is still good. */
export interface ShareBook {
  findShare(tokenHash: string): Promise<Share | null>;
  shareOf(id: string): Promise<Share | null>;
}

/** Who asks, and when. */
export interface Visit {
  readonly authorization: string | null;
  readonly cookie: string | null;
  /** Whether it came over https. */
  readonly isSecure: boolean;
  /** Null where callers cannot be told apart (guesses.ts). */
  readonly caller: string | null;
  readonly now: number;
}

export interface Doorkeeper {
  readonly secrets: Secrets;
  readonly shares: ShareBook;
  readonly guesses: Guesses;
}

const LOGIN_REQUIRED: Refusal = {
  code: 'login-required',
  detail: 'Log in (POST /api/v1/login), open a share link, or send Authorization: Bearer VIEWER_TOKEN.',
};
const WRONG_TOKEN: Refusal = {
  code: 'wrong-token',
  detail: 'This token opens nothing here: it is wrong, or its share is over or was taken back. Ask whoever gave it to you.',
};
export const slowDown = (seconds: number): Refusal => ({
  code: 'slow-down',
  detail: `Too many wrong tokens came. Try again in ${seconds} s; who is logged in is not affected.`,
  headers: { 'retry-after': String(seconds) },
});

export async function admitByToken(visit: Visit, keeper: Doorkeeper): Promise<Result<Scope, Refusal>> {
  const bearer = parseBearer(visit.authorization);
  if (bearer !== null) {
    const admitted = await judge(bearer, visit, keeper);
    return admitted.ok ? ok(scopeOf(admitted.value)) : admitted;
  }
  const value = readCookie(visit.cookie, visit.isSecure);
  if (value === null) return err(LOGIN_REQUIRED);
  const pass = await parsePass(value, await cookieKey(keeper.secrets), visit.now);
  if (pass === null) return err(LOGIN_REQUIRED);
  if (pass.kind === 'viewer') return ok(ALL_CLUSTERS);
  const share = await keeper.shares.shareOf(pass.share);
  return share === null ? err(LOGIN_REQUIRED) : ok(scopeOfShare(share));
}

/** The Set-Cookie header for whoever has this token. */
export async function logIn(token: string, visit: Visit, keeper: Doorkeeper): Promise<Result<string, Refusal>> {
  const admitted = await judge(token, visit, keeper);
  if (!admitted.ok) return admitted;
  const pass = passFor(admitted.value, visit.now);
  const maxAgeSeconds = Math.ceil((pass.expiresAt - visit.now) / 1_000);
  return ok(formatSetCookie(await formatPass(pass, await cookieKey(keeper.secrets)), maxAgeSeconds, visit.isSecure));
}

/** Whose token it is: `viewer` is the viewers' or the administrator's. */
type Admitted = 'viewer' | Share;

const scopeOf = (admitted: Admitted): Scope => (admitted === 'viewer' ? ALL_CLUSTERS : scopeOfShare(admitted));

function passFor(admitted: Admitted, now: number): Pass {
  const latest = now + LOGIN_VALID_MS;
  if (admitted === 'viewer') return { kind: 'viewer', expiresAt: latest };
  return { kind: 'share', share: admitted.id, expiresAt: Math.min(latest, admitted.expiresAt) };
}

async function judge(token: string, { caller, now }: Visit, { secrets, shares, guesses }: Doorkeeper): Promise<Result<Admitted, Refusal>> {
  const hash = await hashToken(token);
  const waitS = guesses.take(hash, caller, now);
  if (waitS !== null) return err(slowDown(waitS));
  const isViewer = isSameHash(hash, await hashToken(secrets.viewerToken));
  const isAdmin = secrets.adminToken !== '' && isSameHash(hash, await hashToken(secrets.adminToken));
  // A share that was taken back or is over never comes back, and who repeats it must not keep the Fleet awake.
  const canBeShare = !isViewer && !isAdmin && isTokenShaped(token) && !guesses.isWrong(hash);
  const share = canBeShare ? await shares.findShare(hash) : null;
  if (isViewer || isAdmin || (share !== null && !isOver(share, now))) {
    guesses.good(hash, caller);
    return ok(share ?? 'viewer');
  }
  guesses.wrong(hash);
  return err(WRONG_TOKEN);
}

/** Of this isolate: deriving it again at each request would cost more than the request. */
let derived: { readonly secrets: Secrets; readonly key: CryptoKey } | null = null;

async function cookieKey(secrets: Secrets): Promise<CryptoKey> {
  if (derived?.secrets.adminToken !== secrets.adminToken || derived.secrets.viewerToken !== secrets.viewerToken) {
    derived = { secrets, key: await deriveCookieKey(secrets.adminToken, secrets.viewerToken) };
  }
  return derived.key;
}
