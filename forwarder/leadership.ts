/**
 * One replica's view of the Lease, as a pure machine.
 *
 *                 written (created, or taken when free or expired)
 *   standby ─────────────────────────────────────────────▶ holding ⟲ written (renewed), failed, conflict
 *      ▲                                                      │
 *      └──── seen with another holder or none; absent ────────┘             stop: any ─▶ stopped
 *
 * A holder is *leading* until RENEW_DEADLINE_MS after it sent its last successful write, and *doubtful* from then on: the role is read
 * off the clock, so no late timer can prolong it. Others take the Lease LEASE_DURATION_MS after they saw that write at the earliest,
 * which is later than it was sent. So no two lead at once, whatever their clocks say (T6), as long as these run at about the same speed.
 * A process that was frozen may still send what it had begun: the room's sessions fence it (U1).
 *
 * A doubtful holder that can write again goes on, because its resourceVersion proves that nobody else has written in between.
 *
 * Identities are unique to a process (replica.ts), so a Lease with the own identity is the own one even where the answer to its
 * writing was lost; and two replicas that were given one name do not take each other's Lease for their own.
 */
import { type Backoff, retryWaitMs } from './backoff.ts';
import { isSameRecord, type Lease, type LeaseRecord } from './lease.ts';

/** All times in milliseconds on the own monotonic clock. */
export type LeadershipState = Standby | Holding | { readonly name: 'stopped' };

export interface Standby {
  readonly name: 'standby';
  readonly next: 'look' | 'create' | 'take';
  readonly notBefore: number;
  /** Requests in a row of which nothing came. */
  readonly failures: number;
  /** The Lease as it was last seen, and since when its record is the same; null where it has never been seen. */
  readonly seen: { readonly lease: Lease; readonly since: number } | null;
  /** When it was last looked at with success. */
  readonly lookedAt: number | null;
  /** The holder may have been cut off as this replica was: until then it is given the time to come back. */
  readonly graceUntil: number;
  /** When the first write was sent of which it is not known whether it arrived. */
  readonly claimedAt: number | null;
}

export interface Holding {
  readonly name: 'holding';
  readonly next: 'renew' | 'look';
  readonly notBefore: number;
  readonly failures: number;
  readonly lease: Lease;
  /** When the last write that arrived was sent: from then on nobody else takes the Lease for its duration. */
  readonly provenAt: number;
}

export type LeaseEvent =
  /** The answer to a look. */
  | { readonly type: 'seen'; readonly lease: Lease }
  /** There is no Lease. */
  | { readonly type: 'absent' }
  /** A creation, a taking or a renewal arrived; the Lease as it is afterwards. */
  | { readonly type: 'written'; readonly lease: Lease; readonly sentAt: number }
  /** It was refused, because somebody else has written, created or deleted the Lease in between. */
  | { readonly type: 'conflict' }
  /** No answer, or none that says what has become of the request. */
  | { readonly type: 'failed'; readonly sentAt: number; readonly retryAfterMs: number | null }
  | { readonly type: 'stop' };

export interface LeadershipMoment {
  readonly now: number;
  /** 0 ≤ random < 1 */
  readonly random: number;
  readonly identity: string;
}

export type Role = 'standby' | 'leading' | 'doubtful' | 'stopped';

export const LOOK_INTERVAL_MS = 2_000;
export const RENEW_INTERVAL_MS = 5_000;
/** Well before the Lease's duration ends, so that what was sent before it has time to arrive. */
export const RENEW_DEADLINE_MS = 10_000;
/** After an outage a living holder renews within this: a request that hangs, and the wait before the next. */
export const RETURN_GRACE_MS = 8_000;
export const LEASE_RETRY: Backoff = { baseMs: 500, capMs: 2_000 };
/** One gateway that asks for ten minutes must not leave a cluster without a leader for as long. */
export const MAX_LEASE_RETRY_AFTER_MS = 20_000;
/** A kept connection that died must not cost the deadline, so the first try is short; then a slow server is given its time. */
const FIRST_TIMEOUT_MS = 3_000;
const LATER_TIMEOUT_MS = 5_000;

export const INITIAL_LEADERSHIP: Standby = {
  name: 'standby',
  next: 'look',
  notBefore: 0,
  failures: 0,
  seen: null,
  lookedAt: null,
  graceUntil: 0,
  claimedAt: null,
};

export function roleOf(state: LeadershipState, now: number): Role {
  if (state.name !== 'holding') return state.name;
  return now < state.provenAt + RENEW_DEADLINE_MS ? 'leading' : 'doubtful';
}

/** Whether the Lease may name this replica; for its release. */
export const mayHold = (state: LeadershipState): boolean =>
  state.name === 'holding' || (state.name === 'standby' && state.claimedAt !== null);

/** How long the next request may take. */
export const timeoutMsOf = ({ failures }: Standby | Holding): number => (failures === 0 ? FIRST_TIMEOUT_MS : LATER_TIMEOUT_MS);

export function nextLeadership(state: LeadershipState, event: LeaseEvent, moment: LeadershipMoment): LeadershipState {
  if (state.name === 'stopped' || event.type === 'stop') return { name: 'stopped' };
  return state.name === 'standby' ? nextOnStandby(state, event, moment) : nextWhileHolding(state, event, moment);
}

type RequestEvent = Exclude<LeaseEvent, { type: 'stop' }>;

function nextOnStandby(state: Standby, event: RequestEvent, moment: LeadershipMoment): LeadershipState {
  switch (event.type) {
    case 'seen':
      return see(state, event.lease, moment);
    case 'absent':
      return missOnStandby(state, moment);
    case 'written':
      if (event.lease.record.holder !== moment.identity) return tryAgain({ ...state, next: 'look' }, null, moment);
      return hold(event.lease, event.sentAt, moment);
    case 'conflict':
      return tryAgain({ ...state, next: 'look' }, null, moment);
    case 'failed': {
      const claimedAt = state.next === 'look' ? state.claimedAt : (state.claimedAt ?? event.sentAt);
      return tryAgain({ ...state, next: 'look', claimedAt }, event.retryAfterMs, moment);
    }
  }
}

function nextWhileHolding(state: Holding, event: RequestEvent, moment: LeadershipMoment): LeadershipState {
  switch (event.type) {
    case 'seen':
      if (event.lease.record.holder !== moment.identity) return see(INITIAL_LEADERSHIP, event.lease, moment);
      // The answer to a renewal was lost, or somebody has written on the object: the next write names its new version.
      return { ...state, lease: event.lease, next: 'renew', notBefore: moment.now };
    case 'absent':
      return missOnStandby(INITIAL_LEADERSHIP, moment);
    case 'written':
      if (event.lease.record.holder !== moment.identity) return tryAgain({ ...state, next: 'look' }, null, moment);
      return hold(event.lease, event.sentAt, moment);
    case 'conflict':
      return tryAgain({ ...state, next: 'look' }, null, moment);
    case 'failed':
      return tryAgain(state, event.retryAfterMs, moment);
  }
}

const hold = (lease: Lease, sentAt: number, { random }: LeadershipMoment): Holding => ({
  name: 'holding',
  next: 'renew',
  notBefore: sentAt + RENEW_INTERVAL_MS * (0.9 + random / 10),
  failures: 0,
  lease,
  provenAt: sentAt,
});

function see(state: Standby, lease: Lease, moment: LeadershipMoment): LeadershipState {
  const { now, random, identity } = moment;
  const { record } = lease;
  // The answer to the taking was lost. Others count from when they saw it, which is no earlier than the first try was sent.
  if (record.holder === identity && state.claimedAt !== null) {
    return { ...hold(lease, state.claimedAt, moment), notBefore: now, failures: state.failures };
  }
  const isSame = state.seen !== null && isSameRecord(state.seen.lease.record, record);
  const wasCutOff = state.lookedAt !== null && now - state.lookedAt >= RENEW_DEADLINE_MS;
  const seen = { lease, since: isSame && state.seen !== null ? state.seen.since : now };
  const graceUntil = wasCutOff ? now + RETURN_GRACE_MS : state.graceUntil;
  const next: Standby = { ...state, seen, lookedAt: now, graceUntil, claimedAt: isSame ? state.claimedAt : null };
  const expiresAt = expiryOf(next);
  if (now >= expiresAt) return { ...next, next: 'take', notBefore: now };
  return { ...next, next: 'look', failures: 0, notBefore: Math.min(nextLookAt(now, random), expiresAt) };
}

/** A deleted Lease frees nobody from what its holder was promised. */
function missOnStandby(state: Standby, { now, random }: LeadershipMoment): Standby {
  const next: Standby = { ...state, lookedAt: now };
  const expiresAt = expiryOf(next);
  if (now >= expiresAt) return { ...next, next: 'create', notBefore: now };
  return { ...next, next: 'look', failures: 0, notBefore: Math.min(nextLookAt(now, random), expiresAt) };
}

/** When the promise of the holder that was last seen ends; long ago where there was none. */
function expiryOf({ seen, graceUntil }: Standby): number {
  if (seen === null || seen.lease.record.holder === '') return Number.NEGATIVE_INFINITY;
  return Math.max(seen.since + seen.lease.record.durationMs, graceUntil);
}

const nextLookAt = (now: number, random: number): number => now + LOOK_INTERVAL_MS * (0.75 + random / 2);

function tryAgain<State extends Standby | Holding>(state: State, retryAfterMs: number | null, { now, random }: LeadershipMoment): State {
  const failures = state.failures + 1;
  const askedMs = retryAfterMs === null ? null : Math.min(retryAfterMs, MAX_LEASE_RETRY_AFTER_MS);
  return { ...state, failures, notBefore: now + retryWaitMs(LEASE_RETRY, failures, askedMs, random) };
}

/** Who holds the Lease, as far as this replica knows; null where nobody does. */
export function holderOf(state: LeadershipState): string | null {
  const record: LeaseRecord | undefined =
    state.name === 'holding' ? state.lease.record : state.name === 'standby' ? state.seen?.lease.record : undefined;
  return record === undefined || record.holder === '' ? null : record.holder;
}
