/**
 * The forwarder's side of a session with the room (U1–U5), as a pure machine.
 *
 *              opened            commit accepted
 *   opening ──────────▶ syncing ────────────────▶ live ⟲ changes, heartbeats
 *      ▲                   │                        │
 *      └───────────────────┴────────────────────────┘  superseded, gap, sync-required, drift, refused, too old a batch
 *                                                      other-cluster, protocol ──▶ stopped
 *
 * One batch is under way at most. While its answer is lost it is sent again, the same bytes under the same number (U2). Once it is
 * older than what counts as live it is given up for a new session: after an outage the present is sent, not the past (U4).
 *
 * A superseded forwarder does not fight. It waits half a minute, twice as long each time up to ten minutes, and then takes over: if
 * the other one is the new pod of a rollout, this one is gone by then; if the other one has died, the cluster is not left unwatched;
 * if somebody really runs two, they alternate a few times an hour, which shows in both logs and changes nothing on any page.
 * One that holds a Lease begins with a second instead: by agreement it is the one, and what took its place is the last request of the
 * replica before it, which has arrived late. Where two that do not share a Lease fight, the waits grow to the same ten minutes.
 */
import { BATCH_INTERVAL_MS, HEARTBEAT_INTERVAL_MS, LIVE_WITHIN_MS, SYNC_PART_TARGET_BYTES } from '../core/limits.ts';
import type { Batch } from '../core/uplink.ts';
import { type Backoff, retryWaitMs } from './backoff.ts';
import type { UplinkAnswer } from './uplink-answer.ts';

/** All times in milliseconds on one monotonic clock. */
export interface UplinkState {
  readonly phase: 'opening' | 'syncing' | 'live' | 'stopped';
  readonly session: number;
  /** The number of the next new batch. */
  readonly nextNumber: number;
  /** Nothing is sent earlier. */
  readonly notBefore: number;
  /** Tries in a row that failed. */
  readonly failures: number;
  readonly supersessions: number;
  /** The first wait of one that is superseded; twice as long each time. */
  readonly supersededWaitMs: number;
  /** When this session became live. */
  readonly liveSince: number | null;
  /** How often in close succession the room's digest was another one, and when it was last. */
  readonly drifts: number;
  readonly lastDriftAt: number | null;
  /** When the drift is to be repaired by a new session. */
  readonly resyncAt: number | null;
  /** How large the parts of a sync are made, and how large a batch of changes may be. */
  readonly partBytes: number;
}

export const EDGE_RETRY: Backoff = { baseMs: 250, capMs: 10_000 };
/** After an error that only a person can end (token, name): seldom, but so that the person need not restart anything. */
export const SLOW_RETRY_MS = 30_000;
/** `supersededWaitMs` where a Lease says who forwards. */
export const ELECTED_SUPERSEDED_WAIT_MS = 1_000;

export const INITIAL_UPLINK_STATE: UplinkState = {
  phase: 'opening',
  session: 0,
  nextNumber: 1,
  notBefore: 0,
  failures: 0,
  supersessions: 0,
  supersededWaitMs: SLOW_RETRY_MS,
  liveSince: null,
  drifts: 0,
  lastDriftAt: null,
  resyncAt: null,
  partBytes: SYNC_PART_TARGET_BYTES,
};

const MAX_SUPERSEDED_WAIT_MS = 10 * 60_000;
/** Drift that is repaired at once each time would be a storm of syncs (U5). */
const DRIFT_BACKOFF_BASE_MS = 10_000;
const MAX_DRIFT_BACKOFF_MS = 10 * 60_000;
const MIN_PART_BYTES = 16_384;
/** A batch whose answer is lost for longer is no longer the present. */
export const ABANDON_AFTER_MS = LIVE_WITHIN_MS;

/** How long the answer to a probe proves that the cluster is there. */
const PROOF_VALID_MS = 1_000;

/** What the sender sees around it when it looks for the next step. */
export interface UplinkView {
  /** The cluster is being watched: what would be sent is how things are. */
  readonly isWatched: boolean;
  /** This replica is the one that speaks for the cluster. */
  readonly maySend: boolean;
  /** When the batch without an answer was made; null where there is none. */
  readonly unansweredSince: number | null;
  /** Since when the rest of a sync could have been sent; means nothing where none is under way. */
  readonly syncReadySince: number;
  readonly hasChanges: boolean;
  /** When the last batch of this session was started. */
  readonly lastSentAt: number;
  /** When the API server last answered a probe; null where the last probe failed. */
  readonly provenAt: number | null;
  /** When it may be asked (again); null while it is being asked. */
  readonly probeNotBefore: number | null;
}

export type UplinkStep =
  | { readonly do: 'open' | 'retry' | 'reopen' | 'sync' | 'changes' | 'probe' | 'heartbeat' }
  /** Look again at this time, or earlier when something happens. */
  | { readonly do: 'wait'; readonly until: number }
  /** Look again when something happens. */
  | { readonly do: 'nothing' };

export function selectStep(state: UplinkState, view: UplinkView, now: number): UplinkStep {
  // Not even a retry: its arrival would make the room say that the cluster was heard just now.
  if (state.phase === 'stopped' || !view.isWatched || !view.maySend) return { do: 'nothing' };
  if (now < state.notBefore) return { do: 'wait', until: state.notBefore };
  if (view.unansweredSince !== null) return { do: now - view.unansweredSince > ABANDON_AFTER_MS ? 'reopen' : 'retry' };
  if (state.phase === 'opening') return { do: 'open' };
  // Parts that were made before the watches broke off, or before the Lease was in doubt, are not how things are now (U10).
  if (state.phase === 'syncing') return { do: now - view.syncReadySince > ABANDON_AFTER_MS ? 'reopen' : 'sync' };
  return selectLiveStep(state, view, now);
}

function selectLiveStep({ resyncAt }: UplinkState, view: UplinkView, now: number): UplinkStep {
  if (resyncAt !== null && now >= resyncAt) return { do: 'reopen' };
  if (view.hasChanges) {
    const earliest = view.lastSentAt + BATCH_INTERVAL_MS;
    return now < earliest ? { do: 'wait', until: earliest } : { do: 'changes' };
  }
  const due = view.lastSentAt + HEARTBEAT_INTERVAL_MS;
  if (now < due) return { do: 'wait', until: Math.min(due, resyncAt ?? due) };
  if (view.provenAt !== null && now - view.provenAt <= PROOF_VALID_MS) return { do: 'heartbeat' };
  if (view.probeNotBefore === null) return { do: 'nothing' };
  return now < view.probeNotBefore ? { do: 'wait', until: view.probeNotBefore } : { do: 'probe' };
}

/** Gives the session up; the next step opens a new one. */
export const reopen = (state: UplinkState): UplinkState => ({
  ...state,
  phase: 'opening',
  session: 0,
  nextNumber: 1,
  liveSince: null,
  resyncAt: null,
});

/** A new batch goes out: its number is taken. */
export const numbered = (state: UplinkState): UplinkState => ({ ...state, nextNumber: state.nextNumber + 1 });

/** `sent`: what the answer is to. Leaving a session or an acceptance ends the wait for the batch's answer. */
export function reactToAnswer(state: UplinkState, sent: Batch['kind'] | 'session', answer: UplinkAnswer, moment: Moment): UplinkState {
  switch (answer.type) {
    case 'opened':
      return { ...reopen(state), phase: 'syncing', session: answer.session, failures: 0 };
    case 'accepted':
      return accept(state, sent, answer.resync, moment);
    case 'lost':
      return retry(state, null, moment);
    case 'refused':
      return refuse(state, answer, moment);
  }
}

interface Moment {
  readonly now: number;
  /** 0 ≤ random < 1 */
  readonly random: number;
  /** The token that would be read now is not the one that was refused. */
  readonly hasOtherToken?: boolean;
}

function accept(state: UplinkState, sent: Batch['kind'] | 'session', resync: boolean, moment: Moment): UplinkState {
  const accepted = { ...state, failures: 0 };
  if (sent === 'sync-part' || sent === 'session') return accepted;
  // The room did not commit the sync: there is nothing that changes could be added to.
  if (sent === 'sync-commit' && resync) return repair(accepted, moment);
  const liveSince = state.liveSince ?? moment.now;
  const hasLasted = moment.now - liveSince > MAX_SUPERSEDED_WAIT_MS;
  const live: UplinkState = { ...accepted, phase: 'live', liveSince, supersessions: hasLasted ? 0 : state.supersessions };
  return resync && state.resyncAt === null ? drift(live, moment) : live;
}

/** The first time the repair comes at once. */
function drift(state: UplinkState, { now, random }: Moment): UplinkState {
  const isRecent = state.lastDriftAt !== null && now - state.lastDriftAt <= MAX_DRIFT_BACKOFF_MS;
  const before = isRecent ? state.drifts : 0;
  const ceilingMs = Math.min(MAX_DRIFT_BACKOFF_MS, DRIFT_BACKOFF_BASE_MS * 2 ** Math.min(before - 1, 30));
  const waitMs = before === 0 ? 0 : ceilingMs * (0.5 + random / 2);
  return { ...state, drifts: before + 1, lastDriftAt: now, resyncAt: now + waitMs };
}

/** A new session, because this one's picture cannot be mended; at once the first time. */
function repair(state: UplinkState, moment: Moment): UplinkState {
  const drifted = drift(state, moment);
  return { ...reopen(drifted), notBefore: drifted.resyncAt ?? moment.now };
}

function retry(state: UplinkState, retryAfterMs: number | null, { now, random }: Moment): UplinkState {
  const failures = state.failures + 1;
  const waitMs = retryWaitMs(EDGE_RETRY, failures, retryAfterMs, random);
  return { ...state, failures, notBefore: now + waitMs };
}

function refuse(state: UplinkState, answer: UplinkAnswer & { type: 'refused' }, moment: Moment): UplinkState {
  const { now, random } = moment;
  switch (answer.code) {
    case 'superseded': {
      const waitMs = Math.min(MAX_SUPERSEDED_WAIT_MS, state.supersededWaitMs * 2 ** Math.min(state.supersessions, 30)) * (1 + random / 2);
      return { ...reopen(state), supersessions: state.supersessions + 1, notBefore: now + waitMs };
    }
    case 'other-cluster':
    case 'protocol':
      return { ...state, phase: 'stopped' };
    case 'gap':
    case 'sync-required':
      return repair(state, moment);
    // Parts were made smaller than the cluster allows, for the sake of something in between: neither may be the last word.
    case 'too-many-parts': {
      const partBytes = Math.min(SYNC_PART_TARGET_BYTES, state.partBytes * 2);
      return { ...reopen(state), partBytes, notBefore: now + SLOW_RETRY_MS * (1 + random) };
    }
    case 'too-many-vms':
    case 'too-many-hosts':
      return { ...reopen(state), notBefore: now + SLOW_RETRY_MS * (1 + random) };
  }
  if (answer.status === 401 && moment.hasOtherToken === true) return { ...reopen(state), notBefore: now };
  if (answer.status === 426) return { ...state, phase: 'stopped' };
  if (answer.status === 413 && state.partBytes > MIN_PART_BYTES) {
    return { ...reopen(state), partBytes: Math.max(MIN_PART_BYTES, Math.floor(state.partBytes / 2)) };
  }
  if (answer.status === 408 || answer.status === 429 || answer.status >= 500) return retry(state, answer.retryAfterMs, moment);
  return { ...reopen(state), notBefore: now + SLOW_RETRY_MS * (1 + random) };
}
