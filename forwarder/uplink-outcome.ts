/** What became of a request to the edge, in one of few words: what is counted, and what a log line carries. Pure. */
import type { ProblemCode } from '../core/uplink.ts';
import type { UplinkAnswer } from './uplink-answer.ts';

/** The codes with which an edge can refuse a session or a batch (worker/worker.ts, cluster-room.ts, body.ts, session.ts, uplink.ts). */
export const UPLINK_REFUSALS = [
  'superseded',
  'gap',
  'sync-required',
  'other-cluster',
  'protocol',
  'unauthorized',
  'unknown-cluster',
  'too-large',
  'too-many-parts',
  'too-many-vms',
  'too-many-hosts',
  'too-many-entities',
  'too-many-batches',
  'invalid',
  'not-json',
  'name-too-long',
  'text-too-long',
  'list-too-long',
  'too-deep',
  'forbidden-host',
  'not-found',
  'method-not-allowed',
  'unavailable',
  'internal',
] as const satisfies readonly ProblemCode[];

export const UPLINK_OUTCOMES = [
  'opened',
  'accepted',
  /** Accepted, and the edge's picture differs: it asks for a new sync (U5). */
  'resync',
  ...UPLINK_REFUSALS,
  /** 429, of the edge or of what is in front of it. */
  'slow-down',
  'redirect',
  'client-error',
  'server-error',
  /** No answer, or none that can be read. */
  'lost',
] as const;
export type UplinkOutcome = (typeof UPLINK_OUTCOMES)[number];

/** What a code is, comes from outside: one that is not known never becomes a word of its own. */
export function outcomeOf(answer: UplinkAnswer): UplinkOutcome {
  switch (answer.type) {
    case 'opened':
      return 'opened';
    case 'accepted':
      return answer.resync ? 'resync' : 'accepted';
    case 'lost':
      return 'lost';
    case 'refused':
      return UPLINK_REFUSALS.find((code) => code === answer.code) ?? outcomeOfStatus(answer.status);
  }
}

/** Answers of proxies, and of an edge of another version. */
function outcomeOfStatus(status: number): UplinkOutcome {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 404:
      return 'not-found';
    case 413:
      return 'too-large';
    case 426:
      return 'protocol';
    case 429:
      return 'slow-down';
  }
  if (status >= 500) return 'server-error';
  return status >= 400 ? 'client-error' : 'redirect';
}
