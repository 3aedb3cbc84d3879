/**
 * Install codes: what an administrator hands to whoever installs a forwarder. A code is good once, for an hour, for one cluster, and stands
 * for that cluster's token, which is made when the code is redeemed. Of the code, too, only the SHA-256 is kept. Pure.
 */
import { INSTALL_CODE_VALID_MS } from '../core/limits.ts';
import type { ClusterName } from '../core/model.ts';
import { isSameHash } from './auth.ts';
import type { Refusal } from './problem.ts';

/** A code that nobody has redeemed yet. A cluster has one at most: a new one takes the place of the one before. */
export interface OpenCode {
  readonly hash: string;
  /** On the fleet's clock; no longer good from then on. */
  readonly expiresAt: number;
}

export interface IssuedCode {
  readonly cluster: ClusterName;
  readonly code: string;
  readonly expiresAt: number;
}

export const expiryOf = (now: number): number => now + INSTALL_CODE_VALID_MS;

/** `open` is null where there is no such cluster, or nothing to redeem; `hash` is of what was shown. */
export const isRedeemable = (open: OpenCode | null, hash: string, now: number): boolean =>
  open !== null && now < open.expiresAt && isSameHash(open.hash, hash);

/** The same whatever is wrong with it, so that a code tells nothing about clusters that it is not for. */
export const WRONG_CODE: Refusal = {
  code: 'wrong-code',
  detail:
    'This code is wrong, was used already, or is older than an hour. An administrator makes another with POST /api/v1/clusters/:cluster/token.',
};

/** What a person runs in the cluster. `origin` and `cluster` have no characters that mean something to a shell (install-origin.ts). */
export const formatInstallCommand = (origin: string, { cluster, code }: IssuedCode): string =>
  `kubectl apply -f "${origin}/api/v1/clusters/${cluster}/install.yaml?code=${code}"`;
