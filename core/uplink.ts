/** The messages from forwarder to room (SPEC U1–U8). JSON over HTTPS; the schemas that check them are in worker/schemas.ts. */
import type { DerivedHost, DerivedVm, FinishedMigration, HostName, VmId } from './model.ts';

/** `POST /api/v1/clusters/:cluster/sessions` */
export interface OpenSession {
  readonly protocol: number;
  /** The uid of the namespace `kube-system`: which cluster this really is (U1). */
  readonly clusterUid: string;
  /** The forwarder's version, for logs. */
  readonly forwarder: string;
}

export interface SessionOpened {
  readonly session: number;
  readonly protocol: number;
  /** What else this room takes, that a forwarder can do without (`progress`, U9; `labels`, U8). A name that is not known is ignored. */
  readonly accepts?: readonly string[];
}

/**
 * `GET /api/v1/clusters/:cluster/uplink?protocol=&clusterUid=`, with the cluster's token: what opening such a session would be answered.
 * It changes nothing, so that a running forwarder is not superseded and its token stays valid. Without `clusterUid` that is not judged.
 */
export interface UplinkCheck {
  /** The protocols that this edge speaks (U8). */
  readonly oldest: number;
  readonly newest: number;
}

/** Changed entities. Values are whole; a later one replaces an earlier one. */
export interface Entities {
  readonly hosts: readonly DerivedHost[];
  readonly vms: readonly DerivedVm[];
  /** Migrations that are over, by VMIM uid, never merged away (T8). */
  readonly finished: readonly FinishedMigration[];
}

interface Numbered {
  readonly session: number;
  /** 1, 2, 3 … within the session (U2). */
  readonly number: number;
}

/** One part of the full sync that opens a session: staged, never shown (U3). */
export interface SyncPart extends Numbered, Entities {
  readonly kind: 'sync-part';
}

/** Ends the sync: the staged parts become the derived state, in one frame of the real difference. */
export interface SyncCommit extends Numbered {
  readonly kind: 'sync-commit';
  /** How many parts were sent; a room that has staged another number asks for a new sync. */
  readonly parts: number;
  readonly digest: string;
}

export interface Changes extends Numbered, Entities {
  readonly kind: 'changes';
  readonly goneHosts: readonly HostName[];
  readonly goneVms: readonly VmId[];
  /** The digest of the derived state that holds after this batch (U5). */
  readonly digest: string;
}

/** Says that the cluster is watched and nothing has changed (U5). */
export interface Heartbeat extends Numbered {
  readonly kind: 'heartbeat';
  readonly digest: string;
}

/** `POST /api/v1/clusters/:cluster/batches` */
export type Batch = SyncPart | SyncCommit | Changes | Heartbeat;

export interface BatchAnswer {
  readonly number: number;
  /** The room's cursor after the batch; null before the first commit. */
  readonly cursor: string | null;
  /** The room's state does not have the batch's digest: open a new session and sync. */
  readonly resync: boolean;
}

/** The stable codes of the uplink's errors, besides those of {@link ProblemCode}. */
export type UplinkProblemCode =
  /** 409: a newer session exists. */
  | 'superseded'
  /** 409: the number is not the next one; the problem carries `expected`. */
  | 'gap'
  /** 409: changes or a heartbeat before the sync was committed. */
  | 'sync-required'
  /** 409: another cluster is pinned to this name. */
  | 'other-cluster'
  /** 426: the forwarder's protocol is too old or too new. */
  | 'protocol';

export type ProblemCode =
  | UplinkProblemCode
  | 'unknown-cluster'
  | 'unknown-vm'
  /** 400: a cursor, or the token of a page, that is not of this room's log. */
  | 'invalid-cursor'
  /** 404: of a time or a cursor that is no longer, or was never, kept; the problem carries `oldest`. */
  | 'out-of-range'
  | 'unauthorized'
  | 'forbidden-host'
  | 'viewer-access-closed'
  /** 401: no credentials, or a login that is over. */
  | 'login-required'
  /** 401: a token that is not, or no longer, good. */
  | 'wrong-token'
  /** 401: Cloudflare Access did not vouch for the request. */
  | 'access-required'
  /** 503: the keys of Cloudflare Access could not be fetched. */
  | 'keys-unavailable'
  /** 429: too many tokens were guessed. */
  | 'slow-down'
  /** 409: VIEWER_ACCESS is not `token`, so a share would open nothing. */
  | 'shares-off'
  | 'too-many-shares'
  | 'unknown-share'
  | 'admin-disabled'
  | 'not-json'
  | 'invalid'
  | 'too-large'
  | 'too-many-parts'
  | 'too-many-vms'
  | 'too-many-hosts'
  /** 413: more entities in one batch than a whole cluster that is replaced by another. */
  | 'too-many-entities'
  /** 429: more requests a second than a forwarder makes. */
  | 'too-many-batches'
  /** 429: the past is read too often. */
  | 'too-many-reads'
  | 'name-too-long'
  | 'text-too-long'
  | 'list-too-long'
  /** 400: the JSON is nested deeper than anything that is known here. */
  | 'too-deep'
  | 'too-many-clusters'
  | 'too-many-viewers'
  | 'cluster-exists'
  | 'wrong-code'
  | 'no-forwarder-image'
  | 'not-found'
  | 'method-not-allowed'
  | 'unavailable'
  | 'internal';

/** An error on the wire: `application/problem+json`, RFC 9457, with a stable `code`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  /** Of the request, as in the header `x-request-id` and in the edge's log. */
  readonly requestId?: string;
  readonly [extra: string]: unknown;
}
