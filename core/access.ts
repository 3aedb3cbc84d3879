/** The messages of viewers' access: logging in, and shares (SPEC A1–A9). The schemas that check them are in worker/schemas.ts. */
import type { ClusterName } from './model.ts';

/** `POST /api/v1/login`: the viewers' token, the administrator's, or a share's. Answered with a cookie. */
export interface Login {
  readonly token: string;
}

/** `POST /api/v1/shares` (admin) */
export interface ShareWish {
  /** Which clusters it shows, registered or not; absent: all, also those that are registered later. */
  readonly clusters?: readonly ClusterName[];
  readonly expiresInSeconds: number;
  /** For whoever looks at the list. */
  readonly note?: string;
}

export interface IssuedShare {
  readonly id: string;
  /** With the token in its fragment, which no server and no log gets to see. It is told this once. */
  readonly url: string;
  readonly expiresAt: number;
}

/** One that is not over. */
export interface Share {
  readonly id: string;
  /** Null: all. */
  readonly clusters: readonly ClusterName[] | null;
  readonly note?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** `GET /api/v1/shares` (admin), the one that ends first at the head. */
export interface ShareList {
  readonly now: number;
  readonly shares: readonly Share[];
}
