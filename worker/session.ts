/**
 * A forwarder's session, as the room keeps it: one durable row, and what it says to the next request (SPEC U1–U3, U5, U8). Pure.
 *
 *   (none) ──open──▶ opened ──sync-part*, sync-commit──▶ synced ──changes, heartbeat──▶ synced
 *                      ▲                                   │
 *                      └────────── open (a newer one) ─────┘
 */
import { EMPTY_DIGEST, formatDigest } from '../core/digest.ts';
import { ACCEPTS_LABELS } from '../core/labels.ts';
import { UNSEEN_AFTER_MS } from '../core/limits.ts';
import type { RecentEnds } from '../core/model.ts';
import { ACCEPTS_PROGRESS, type ProgressReport } from '../core/progress.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../core/protocol-version.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Batch, BatchAnswer, OpenSession, SessionOpened } from '../core/uplink.ts';
import type { Refusal } from './problem.ts';
import type { RoomCounts } from './uplink-meter.ts';

/** How often the forwarder's digest and the room's differed, and when a sync may be asked for again. Times on the room's clock. */
export interface Drift {
  /** Ever, for the metrics. */
  readonly count: number;
  /** Asked syncs in a row; decides the backoff. */
  readonly streak: number;
  readonly lastAt: number;
  readonly askAgainAt: number;
}

/** Where the log stands, so that a frame is appended without reading the log. */
export interface LogState {
  /** The newest checkpoint; null where there is none. */
  readonly checkpoint: { readonly at: number; readonly bytes: number } | null;
  /** Bytes of the frames after it. */
  readonly bytesSince: number;
}

/**
 * The newest of the finished migrations that were pruned, by the cluster's own clocks (FinishedMigration.overAt, createdAt): whatever was
 * over before that was over longer ago than migrations are kept (T8). 0: none was pruned.
 */
export interface Forgotten {
  readonly overAt: number;
  readonly createdAt: number;
}

/** When the room last looked for finished migrations that are to be pruned, and how many it had numbered by then. */
export interface EndsLook {
  readonly at: number;
  readonly endCount: number;
}

/** Everything that a batch changes besides entities; written with each. */
export interface SessionRow {
  /** 0 before the first. */
  readonly session: number;
  /** The newest batch that was accepted; 0 before the first. */
  readonly number: number;
  /** What was answered to it. */
  readonly answer: BatchAnswer | null;
  /** Whether this session's sync was committed. */
  readonly synced: boolean;
  /** Pinned by the first session. */
  readonly clusterUid: string | null;
  /** The head of the log; 0 before the first commit. */
  readonly revision: number;
  /** When the newest frame was committed. */
  readonly frameAt: number;
  /** When the cluster last said something about its state; null: never. */
  readonly lastHeard: number | null;
  /** When it had done so before, or the same where it has told all that there is; absent in a row of a version that did not keep it. */
  readonly heardBefore?: number | null;
  /** The digest of the derived state that is stored. */
  readonly digest: string;
  readonly hostCount: number;
  readonly vmCount: number;
  readonly drift: Drift;
  /** For the metrics; absent before the first batch of a version that counts. */
  readonly counts?: RoomCounts;
  readonly log: LogState;
  /** How many ends of migrations were ever written: the newest one's number. */
  readonly endCount: number;
  readonly forgotten: Forgotten;
  /** Absent before the first look. */
  readonly endsLook?: EndsLook;
  /** How migrations ended lately; absent in a row of a version that did not count them. */
  readonly recent?: RecentEnds | null;
}

/**
 * The row that counts, of the two that are stored: a batch that makes a frame writes it beside the frame, and everything else into its own
 * table, so that a changed VM costs two rows and not three (U6). Sessions and batches are numbered, so the newer one is known.
 */
export function newestSession(own: SessionRow, ofFrame: SessionRow | null): SessionRow {
  if (ofFrame === null || own.session > ofFrame.session) return own;
  return own.session < ofFrame.session || own.number < ofFrame.number ? ofFrame : own;
}

/**
 * Whether what a batch tells is told as it happened (H6): neither before it nor before the one that came last was a heartbeat missed. That one can
 * have been an old one, sent again after a silence; then this one tells what was kept meanwhile. `now`: of the clock that `lastHeard` is of.
 */
export const isPrompt = ({ lastHeard, heardBefore }: Pick<SessionRow, 'lastHeard' | 'heardBefore'>, now: number): boolean =>
  lastHeard !== null && now - lastHeard <= UNSEEN_AFTER_MS && lastHeard - (heardBefore ?? lastHeard) <= UNSEEN_AFTER_MS;

/** Null where a session may be opened. `clusterUid`: null leaves it open which cluster it is. */
export function refuseSession(
  row: Pick<SessionRow, 'clusterUid'>,
  { protocol, clusterUid }: { readonly protocol: number; readonly clusterUid: string | null },
): Refusal | null {
  if (protocol < OLDEST_PROTOCOL_VERSION || protocol > PROTOCOL_VERSION) {
    return {
      code: 'protocol',
      detail: protocolAdvice(protocol),
      extra: { oldest: OLDEST_PROTOCOL_VERSION, newest: PROTOCOL_VERSION },
    };
  }
  if (row.clusterUid === null || clusterUid === null || row.clusterUid === clusterUid) return null;
  return {
    code: 'other-cluster',
    detail: 'The uid of the namespace kube-system is not the one this name is pinned to. Register this cluster under a name of its own.',
  };
}

export function openSession(row: SessionRow, request: OpenSession): Result<{ row: SessionRow; opened: SessionOpened }, Refusal> {
  const refusal = refuseSession(row, request);
  if (refusal !== null) return err(refusal);
  const session = row.session + 1;
  return ok({
    row: { ...row, session, number: 0, answer: null, synced: false, clusterUid: request.clusterUid },
    opened: { session, protocol: request.protocol, accepts: [ACCEPTS_PROGRESS, ACCEPTS_LABELS] },
  });
}

function protocolAdvice(protocol: number): string {
  return protocol < OLDEST_PROTOCOL_VERSION
    ? `This edge speaks protocol ${OLDEST_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}, the forwarder ${protocol}. Upgrade the forwarder to the version of the edge.`
    : `This edge speaks protocol ${OLDEST_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}, the forwarder ${protocol}. Upgrade the edge (wrangler deploy), or run the forwarder of the edge’s version.`;
}

/** What the room does with a batch: takes it, repeats the answer that it gave before (U2), or refuses it. */
export type BatchVerdict =
  | { readonly verdict: 'take' }
  | { readonly verdict: 'answer-again'; readonly answer: BatchAnswer }
  | { readonly verdict: 'refuse'; readonly refusal: Refusal };

export function judgeBatch(row: SessionRow, batch: Pick<Batch, 'session' | 'number' | 'kind'>): BatchVerdict {
  const refusal = judgeSession(row, batch.session);
  if (refusal !== null) return { verdict: 'refuse', refusal };
  if (batch.number === row.number && row.answer !== null) return { verdict: 'answer-again', answer: row.answer };
  const expected = row.number + 1;
  if (batch.number !== expected) {
    return { verdict: 'refuse', refusal: { code: 'gap', detail: `The next batch has number ${expected}.`, extra: { expected } } };
  }
  const isSync = batch.kind === 'sync-part' || batch.kind === 'sync-commit';
  if (isSync === row.synced) {
    return refuse('sync-required', isSync ? 'A sync starts a session. Open a new one.' : 'Send the full sync of this session first.');
  }
  return { verdict: 'take' };
}

/** Progress counts from the session that the room follows, once that has told everything; null where it does (U9). */
export function refuseProgress(row: SessionRow, { session }: Pick<ProgressReport, 'session'>): Refusal | null {
  const verdict = judgeSession(row, session);
  if (verdict !== null) return verdict;
  return row.synced ? null : { code: 'sync-required', detail: 'Send the full sync of this session first.' };
}

function judgeSession(row: SessionRow, session: number): Refusal | null {
  if (session < row.session)
    return { code: 'superseded', detail: `Session ${row.session} has taken over; another forwarder watches this cluster.` };
  return session > row.session ? { code: 'sync-required', detail: 'The room does not know this session. Open a new one and sync.' } : null;
}

const refuse = (code: 'superseded' | 'sync-required', detail: string): BatchVerdict => ({ verdict: 'refuse', refusal: { code, detail } });

export const NO_DRIFT: Drift = { count: 0, streak: 0, lastAt: 0, askAgainAt: 0 };

/** Of a room that has just been made; also what a row of an older version lacks. */
export const FIRST_SESSION: SessionRow = {
  session: 0,
  number: 0,
  answer: null,
  synced: false,
  clusterUid: null,
  revision: 0,
  frameAt: 0,
  lastHeard: null,
  digest: formatDigest(EMPTY_DIGEST),
  hostCount: 0,
  vmCount: 0,
  drift: NO_DRIFT,
  log: { checkpoint: null, bytesSince: 0 },
  endCount: 0,
  forgotten: { overAt: 0, createdAt: 0 },
};

const DRIFT_BACKOFF_MS = 10_000;
const DRIFT_BACKOFF_MAX_MS = 600_000;
/** Drift this long after the last one is a new story. */
const DRIFT_FORGOTTEN_MS = 3_600_000;

/** Compares digests (U5): asks for a full sync where they differ, at once and then at growing intervals up to 10 min. */
export function judgeDigest(drift: Drift, agrees: boolean, now: number): { drift: Drift; resync: boolean } {
  if (agrees) return { drift, resync: false };
  // A wait that is longer than any was counted on a clock that has been set back since.
  const resync = now >= drift.askAgainAt || drift.askAgainAt - now > DRIFT_BACKOFF_MAX_MS;
  const before = now - drift.lastAt > DRIFT_FORGOTTEN_MS ? 0 : drift.streak;
  const streak = resync ? before + 1 : before;
  const askAgainAt = resync ? now + Math.min(DRIFT_BACKOFF_MAX_MS, DRIFT_BACKOFF_MS * 2 ** (streak - 1)) : drift.askAgainAt;
  return { drift: { count: drift.count + 1, streak, lastAt: now, askAgainAt }, resync };
}
