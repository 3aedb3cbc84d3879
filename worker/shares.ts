/** Share links: a token of its own, with a scope and an end (SPEC A6). Of the token only the SHA-256 is kept. Pure. */
import type { Share, ShareWish } from '../core/access.ts';
import { MAX_SHARES_COUNT } from '../core/limits.ts';
import type { ClusterName } from '../core/model.ts';
import type { Refusal } from './problem.ts';
import { ALL_CLUSTERS, type Scope } from './scope.ts';

/** As it is kept. */
export interface StoredShare extends Share {
  readonly tokenHash: string;
}

const ID_CHARS = 16;
/** The head of the hash: it finds the row, and tells nothing of 32 random bytes. */
export const shareIdOf = (tokenHash: string): string => tokenHash.slice(0, ID_CHARS);

export function makeShare({ clusters, expiresInSeconds, note }: ShareWish, tokenHash: string, now: number): StoredShare {
  return {
    id: shareIdOf(tokenHash),
    tokenHash,
    clusters: clusters === undefined ? null : [...new Set(clusters)].sort(),
    ...(note !== undefined && { note }),
    createdAt: now,
    expiresAt: now + expiresInSeconds * 1_000,
  };
}

export const isOver = ({ expiresAt }: { readonly expiresAt: number }, now: number): boolean => now >= expiresAt;

/** Null where it is over, or is none. */
export const goodShare = (share: StoredShare | null, now: number): StoredShare | null =>
  share === null || isOver(share, now) ? null : share;

/** What may leave the Fleet. */
export const withoutHash = ({ tokenHash: _, ...share }: StoredShare): Share => share;

/** The token is told once, to whoever made the share. */
export interface MadeShare {
  readonly share: Share;
  readonly token: string;
}

export const TOO_MANY_SHARES: Refusal = {
  code: 'too-many-shares',
  detail: `At most ${MAX_SHARES_COUNT} at a time; take some back with DELETE /api/v1/shares/:id, or wait until they are over.`,
};
export const UNKNOWN_SHARE: Refusal = {
  code: 'unknown-share',
  detail: 'It is over, was taken back already, or never was: GET /api/v1/shares lists them.',
};

export const scopeOfShare = ({ clusters }: Share): Scope => (clusters === null ? ALL_CLUSTERS : { kind: 'clusters', clusters });

/** For a single cluster it leads there. The token stands in the fragment, which browsers keep to themselves. */
export function formatShareUrl(origin: string, clusters: readonly ClusterName[] | null, token: string): string {
  const [only, ...others] = clusters ?? [];
  const path = only !== undefined && others.length === 0 ? `/clusters/${only}` : '/';
  return `${origin}${path}#share=${token}`;
}
