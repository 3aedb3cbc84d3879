/** What can go wrong between the forwarder and an API server, and how it is said to people. Pure. */
import { parseRetryAfter } from './backoff.ts';
import { isRecord, textAt, valueAt } from './project/json.ts';
import type { Resource } from './projector.ts';

export type KubeFailure =
  /** The server answered with an error: an HTTP status, or an ERROR event inside a watch. */
  | { readonly kind: 'status'; readonly status: number; readonly message: string; readonly retryAfterMs: number | null }
  /** There was no answer, or it broke off. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** The answer cannot be read, so nothing after it can be trusted: list again. */
  | { readonly kind: 'malformed'; readonly detail: string }
  /** The answer is longer than anything that is to be kept in memory at once. */
  | { readonly kind: 'oversized'; readonly maxBytes: number }
  /** Nothing was heard for so long that the connection must be taken for dead. */
  | { readonly kind: 'silent'; readonly silentMs: number }
  /**
   * What is listed is older than what was watched: etcd was restored from a backup. A watch of a version that is yet to come is accepted
   * all the same, and tells nothing until then (seen on 1.20).
   */
  | { readonly kind: 'rewound' }
  /** The watch ended at once and without an event; asking again at once would only load the server. */
  | { readonly kind: 'short-watch' }
  /** The kubeconfig's credentials cannot be obtained (a missing file, a failing exec plugin). */
  | { readonly kind: 'credentials'; readonly detail: string };

/** HTTP 410, or an ERROR event of code 410: the resourceVersion or the continue token is too old. */
export const isExpired = (failure: KubeFailure): boolean => failure.kind === 'status' && failure.status === 410;

/** The cluster has no such kind, or the role does not allow it: only a person can change that. */
export const isWithheld = (failure: KubeFailure): boolean =>
  failure.kind === 'status' && (failure.status === 403 || failure.status === 404);

const PASSING_STATUSES: readonly number[] = [408, 409, 410, 429];

/** Trying again soon will not help: nobody is there, or somebody has to grant, install or correct something. */
export const isLasting = (failure: KubeFailure): boolean =>
  failure.kind === 'status'
    ? failure.status < 500 && !PASSING_STATUSES.includes(failure.status)
    : failure.kind === 'unreachable' || failure.kind === 'credentials';

export const retryAfterMsOf = (failure: KubeFailure): number | null => (failure.kind === 'status' ? failure.retryAfterMs : null);

/** An answer that is no success. `body` should be a Kubernetes Status, but proxies in between answer in their own words. */
export function parseStatusFailure(status: number, retryAfter: string | undefined, body: string, now: number): KubeFailure {
  return { kind: 'status', status, message: messageOf(body), retryAfterMs: parseRetryAfter(retryAfter, now) };
}

function messageOf(body: string): string {
  try {
    return textAt(JSON.parse(body), 'message') ?? '';
  } catch {
    return '';
  }
}

/** The object of an ERROR event: a Status (410 "too old resource version" comes this way, with HTTP 200). */
export function parseStatusObject(object: unknown): KubeFailure {
  const code = isRecord(object) ? object.code : undefined;
  const reason = textAt(object, 'reason');
  const seconds = valueAt(object, 'details', 'retryAfterSeconds');
  const isGone = reason === 'Expired' || reason === 'Gone';
  return {
    kind: 'status',
    status: typeof code === 'number' ? code : isGone ? 410 : 500,
    message: textAt(object, 'message') ?? '',
    retryAfterMs: typeof seconds === 'number' ? parseRetryAfter(String(seconds), 0) : null,
  };
}

/** What makes two failures the same news: several watches of one server that is away make one line. */
export const topicOf = (failure: KubeFailure, { resource }: FailedRequest): string =>
  failure.kind === 'unreachable' || failure.kind === 'credentials' || failure.kind === 'rewound'
    ? failure.kind
    : `${resource.name} ${failure.kind} ${failure.kind === 'status' ? failure.status : ''}`;

export interface FailedRequest {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update';
  readonly resource: Resource;
  /** The API server's URL. */
  readonly address: string;
}

/** One sentence that says what to do, without a full stop. */
export function formatKubeFailure(failure: KubeFailure, { verb, resource, address }: FailedRequest): string {
  switch (failure.kind) {
    case 'unreachable':
      return `cannot reach the API server ${address}: ${failure.reason}; trying again`;
    case 'credentials':
      return `cannot log in to the API server ${address}: ${failure.detail}`;
    case 'silent':
      return `the watch of ${resource.name} has been silent for ${Math.round(failure.silentMs / 1000)} s; opening a new one`;
    case 'short-watch':
      return `the API server ${address} ends the watch of ${resource.name} at once; trying again`;
    case 'rewound':
      return `the API server ${address} is at an earlier version than before (was etcd restored from a backup?); listing everything again`;
    case 'malformed':
      return `unreadable answer to ${verb} ${resource.name}: ${failure.detail}; listing again`;
    case 'oversized':
      return `the answer to ${verb} ${resource.name} is longer than ${Math.round(failure.maxBytes / 1_048_576)} MB; trying again`;
    case 'status':
      return formatStatus(failure.status, failure.message, { verb, resource, address });
  }
}

function formatStatus(status: number, message: string, { verb, resource, address }: FailedRequest): string {
  const said = message === '' ? '' : `: ${message}`;
  switch (status) {
    case 401:
      return `the API server ${address} does not accept the credentials (401)${said}; check the kubeconfig's user or the service account`;
    case 403:
      return `not allowed to ${verb} ${resource.name}${said}; grant ${verb === 'get' ? 'get' : 'get, list, watch'} on ${resource.name}`;
    case 404:
      if (resource.isKubeVirt && !resource.isOptional) return `KubeVirt is not installed in this cluster: no ${resource.name}`;
      return `the API server ${address} does not know ${resource.name} (404)${said}`;
    case 429:
      return `the API server ${address} asks to slow down (429)${said}`;
    default:
      return `cannot ${verb} ${resource.name}: the API server ${address} answers ${status}${said}`;
  }
}

const NETWORK_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved now',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'no answer in time',
  UND_ERR_SOCKET: 'the connection broke off',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by an unknown authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** What a network error means, from its code. */
export function formatNetworkError(error: unknown): string {
  if (isRecord(error) && error.name === 'TimeoutError') return 'no answer in time';
  const code = textAt(error, 'code') ?? textAt(error, 'cause', 'code');
  return (code === undefined ? undefined : NETWORK_REASONS[code]) ?? textAt(error, 'message') ?? code ?? 'unknown network error';
}
