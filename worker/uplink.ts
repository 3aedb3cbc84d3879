/** Takes the forwarder's requests into the room's tables, each within one transaction (SPEC U1–U6). Decisions are in session.ts and commit.ts. */
import { digestOf, EMPTY_DIGEST, formatDigest, parseDigest } from '../core/digest.ts';
import { freshnessOf } from '../core/freshness.ts';
import { MAX_HOSTS_PER_CLUSTER_COUNT, MAX_SYNC_PART_COUNT, MAX_VMS_PER_CLUSTER_COUNT } from '../core/limits.ts';
import type { RecentEnds } from '../core/model.ts';
import { addEnds } from '../core/recent.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Batch, BatchAnswer, OpenSession, SessionOpened, SyncCommit, SyncPart } from '../core/uplink.ts';
import { type Commit, commitDelta, type Delta, deltaOfSync } from './commit.ts';
import { appendFrame, type LogContext, type LoggedFrame } from './frame-log.ts';
import type { Refusal } from './problem.ts';
import { headCursor } from './room-log.ts';
import { isPrompt, judgeBatch, judgeDigest, openSession, type SessionRow } from './session.ts';
import type { Entities } from './snapshot.ts';

export interface UplinkContext extends LogContext {
  readonly row: SessionRow;
  /** The room's clock. */
  readonly now: number;
}

export function takeSession(context: UplinkContext, request: OpenSession): Result<{ row: SessionRow; opened: SessionOpened }, Refusal> {
  const { store, row } = context;
  const opened = openSession(row, request);
  if (!opened.ok) return opened;
  store.transaction(() => {
    store.clearStaged();
    store.writeSession(opened.value.row);
  });
  return opened;
}

export interface TakenBatch {
  readonly row: SessionRow;
  readonly answer: BatchAnswer;
  readonly frame: LoggedFrame | null;
  /** After the frame, where they had to be read for it. */
  readonly entities: Entities | null;
  /** Whether the cluster said something about its state, so that viewers are to hear of it. */
  readonly heard: boolean;
}

/** Nothing is changed where it refuses. */
export function takeBatch(context: UplinkContext, batch: Batch): Result<TakenBatch, Refusal> {
  const { store, row } = context;
  const verdict = judgeBatch(row, batch);
  if (verdict.verdict === 'refuse') return err(verdict.refusal);
  if (verdict.verdict === 'answer-again') return ok({ row, answer: verdict.answer, frame: null, entities: null, heard: false });
  return store.transaction(() => {
    const taken = takeKind(context, batch);
    if (taken.ok && taken.value.frame === null) store.writeSession(taken.value.row);
    return taken;
  });
}

function takeKind(context: UplinkContext, batch: Batch): Result<TakenBatch, Refusal> {
  switch (batch.kind) {
    case 'sync-part':
      return takeSyncPart(context, batch);
    case 'sync-commit':
      return takeSyncCommit(context, batch);
    case 'changes':
      return takeDelta(context, batch, batch);
    case 'heartbeat':
      return ok(settle(context, context.row, null, batch));
  }
}

function takeSyncPart({ store, epoch, row }: UplinkContext, { number, hosts, vms, finished }: SyncPart): Result<TakenBatch, Refusal> {
  if (store.countStaged() >= MAX_SYNC_PART_COUNT) {
    return err({ code: 'too-many-parts', detail: `A sync has at most ${MAX_SYNC_PART_COUNT} parts.` });
  }
  store.stage(number, { hosts, vms, finished });
  const answer: BatchAnswer = { number, cursor: headCursor({ epoch, revision: row.revision }), resync: false };
  return ok({ row: { ...row, number, answer }, answer, frame: null, entities: null, heard: false });
}

function takeSyncCommit(context: UplinkContext, batch: SyncCommit): Result<TakenBatch, Refusal> {
  const { store, epoch, row } = context;
  const parts = store.readStaged();
  if (parts.length !== batch.parts) {
    store.clearStaged();
    const answer: BatchAnswer = { number: batch.number, cursor: headCursor({ epoch, revision: row.revision }), resync: true };
    return ok({ row: { ...row, number: batch.number, answer }, answer, frame: null, entities: null, heard: false });
  }
  const taken = takeDelta(context, batch, deltaOfSync(parts, store.readNames()));
  if (taken.ok) store.clearStaged();
  return taken;
}

function takeDelta(context: UplinkContext, batch: Batch & { readonly digest: string }, delta: Delta): Result<TakenBatch, Refusal> {
  const { store, row } = context;
  const commit = commitDelta(store.picture, delta, {
    digest: parseDigest(row.digest) ?? EMPTY_DIGEST,
    now: clockOf(context),
    watched: batch.kind === 'changes',
    prompt: isPrompt(row, context.now),
    forgotten: row.forgotten,
  });
  const hostCount = row.hostCount + commit.hostCount;
  const vmCount = row.vmCount + commit.vmCount;
  if (hostCount > MAX_HOSTS_PER_CLUSTER_COUNT) {
    return err({
      code: 'too-many-hosts',
      detail: `A cluster has at most ${MAX_HOSTS_PER_CLUSTER_COUNT} hosts here; this one has ${hostCount}.`,
    });
  }
  if (vmCount > MAX_VMS_PER_CLUSTER_COUNT) {
    return err({ code: 'too-many-vms', detail: `A cluster has at most ${MAX_VMS_PER_CLUSTER_COUNT} VMs here; this one has ${vmCount}.` });
  }
  store.writeCommit(commit, { recordedAt: clockOf(context), endCount: row.endCount });
  // A sync says all that there is: its digest is made anew, or a stored one that is wrong (another version's) would stay so for ever.
  const digest = formatDigest(batch.kind === 'sync-commit' ? digestOf(delta.hosts, delta.vms) : commit.digest);
  return ok(
    settle(
      context,
      { ...row, synced: true, hostCount, vmCount, digest, endCount: row.endCount + commit.ended.length, recent: recentAfter(row, commit) },
      commit.shown,
      batch,
    ),
  );
}

const recentAfter = ({ recent = null }: SessionRow, { concluded }: Commit): RecentEnds | null =>
  addEnds(
    recent,
    concluded.flatMap(({ outcome, endedAt: at }) => (at === null ? [] : { at, outcome, count: 1 })),
  );

/** Frame times never decrease, even where the machine's clock is set back. */
const clockOf = ({ now, row }: UplinkContext): number => Math.max(now, row.frameAt);

/** What every batch that says something about the state ends with: the frame, the digest's comparison, the answer, lastHeard. */
function settle(context: UplinkContext, row: SessionRow, shown: Commit['shown'], batch: Batch & { readonly digest: string }): TakenBatch {
  const { store, epoch, settings, now } = context;
  const { lastHeard } = context.row;
  if (lastHeard !== null && freshnessOf(lastHeard, now) !== 'live') store.history.writeSilence(lastHeard, now);
  // An empty cluster's first sync shows nothing new, but from then on there is a cursor.
  const isFrame = shown !== null || context.row.revision === 0;
  const revision = row.revision + (isFrame ? 1 : 0);
  const { drift, resync } = judgeDigest(row.drift, batch.digest === row.digest, now);
  const answer: BatchAnswer = { number: batch.number, cursor: headCursor({ epoch, revision }), resync };
  // Nothing is kept back that a sync does not tell.
  const heardBefore = batch.kind === 'sync-commit' ? now : lastHeard;
  const heard: SessionRow = { ...row, revision, number: batch.number, answer, lastHeard: now, heardBefore, drift };
  if (!isFrame) return { row: heard, answer, frame: null, entities: null, heard: true };
  const at = clockOf(context);
  const logged = appendFrame({ store, epoch, settings }, { ...heard, frameAt: at }, shown ?? {});
  return { ...logged, answer, heard: true };
}
