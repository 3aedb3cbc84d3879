/** Cloudflare Access in front (SPEC A7): who passed its login carries an assertion, a JWT that is verified here at every request. */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { err, ok, type Result } from '../core/result.ts';
import type { Refusal } from './problem.ts';
import { ALL_CLUSTERS, type Scope } from './scope.ts';

export const ASSERTION_HEADER = 'cf-access-jwt-assertion';
/** What Access signs with; a list, so that no token can choose `none`, or a MAC made with the public key. */
const ALGORITHMS = ['RS256', 'ES256'];
/** Between Cloudflare's clock and this one. */
const CLOCK_TOLERANCE_S = 10;
const MAX_ASSERTION_CHARS = 16_384;
const KEYS_PATH = '/cdn-cgi/access/certs';

export interface AccessApplication {
  /** The team's origin: the issuer. */
  readonly team: string;
  /** The application's AUD tag. */
  readonly audience: string;
}

const ACCESS_REQUIRED: Refusal = {
  code: 'access-required',
  detail: 'Come in through Cloudflare Access: load the page again to log in. Programs send a service token.',
};

const KEYS_UNAVAILABLE: Refusal = {
  code: 'keys-unavailable',
  detail: 'Cloudflare Access did not tell its keys; nobody can be let in before it does. Is ACCESS_TEAM_DOMAIN right?',
  headers: { 'retry-after': '10' },
};

/** Everybody whom Access lets in sees everything: whom it lets in is said there. */
export async function admitByAssertion(
  assertion: string | null,
  { team, audience }: AccessApplication,
  keys: JWTVerifyGetKey,
  now: number,
): Promise<Result<Scope, Refusal>> {
  if (assertion === null || assertion.length > MAX_ASSERTION_CHARS) return err(ACCESS_REQUIRED);
  try {
    await jwtVerify(assertion, keys, {
      issuer: team,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(now),
    });
    return ok(ALL_CLUSTERS);
  } catch (error) {
    return err(isKeysFault(error) ? KEYS_UNAVAILABLE : ACCESS_REQUIRED);
  }
}

/** Whether the keys are what is wrong: they could not be fetched, or are none. jose has no class of its own for an answer other than 200. */
function isKeysFault(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC';
}

/** Of this isolate, one team at a time; jose fetches them when they are needed, and again for a key that is not among them. */
let keySet: { readonly team: string; readonly keys: JWTVerifyGetKey } | null = null;

export function keysOf(team: string): JWTVerifyGetKey {
  if (keySet?.team !== team) keySet = { team, keys: createRemoteJWKSet(new URL(KEYS_PATH, team)) };
  return keySet.keys;
}
