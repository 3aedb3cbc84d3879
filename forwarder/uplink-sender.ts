/**
 * Sends one cluster's picture to its room: the shell around uplink-state.ts. It looks for the next step whenever something happened
 * (a change, an answer, a timer that a step asked for) and has no timer of its own besides the one for the next heartbeat.
 */
import type { Inventory } from '../core/derive/inventory.ts';
import { ACCEPTS_LABELS } from '../core/labels.ts';
import type { FinishedMigration } from '../core/model.ts';
import { ACCEPTS_PROGRESS } from '../core/progress.ts';
import { PROTOCOL_VERSION } from '../core/protocol-version.ts';
import type { Result } from '../core/result.ts';
import type { Batch, OpenSession } from '../core/uplink.ts';
import { formatChanges, formatHeartbeat, formatSync } from './batches.ts';
import type { Clock } from './clock.ts';
import { type EdgeClient, type EncodedBody, encodeBody } from './edge-client.ts';
import { FinishedQueue } from './finished-queue.ts';
import type { Log } from './log.ts';
import type { ProgressSeat } from './progress/progress-sender.ts';
import type { UplinkTelemetry } from './telemetry.ts';
import { formatUplinkProblem, parseUplinkAnswer, type UplinkAnswer, type UplinkPlace } from './uplink-answer.ts';
import { outcomeOf } from './uplink-outcome.ts';
import { UplinkReport } from './uplink-report.ts';
import {
  ELECTED_SUPERSEDED_WAIT_MS,
  INITIAL_UPLINK_STATE,
  numbered,
  reactToAnswer,
  reopen,
  selectStep,
  type UplinkState,
  type UplinkStep,
} from './uplink-state.ts';

/** The cluster, as far as the uplink needs it (cluster-watch.ts). */
export interface Picture {
  readonly inventory: Pick<Inventory, 'hosts' | 'vms' | 'digest' | 'takeChanges' | 'takeFinished' | 'showLabels'>;
  readonly isWatched: boolean;
  readClusterUid(signal: AbortSignal): Promise<Result<string, null>>;
  isAnswering(signal: AbortSignal): Promise<boolean>;
}

export interface UplinkOptions {
  readonly place: UplinkPlace;
  readonly edge: EdgeClient;
  /** Asked for at each session, so that a rotated Secret is found. */
  readonly readToken: () => Result<string>;
  readonly picture: Picture;
  /** Given where a Lease says who sends: whether this one may, now. What is on its way then is fenced by the room (U1). */
  readonly maySend?: () => boolean;
  /** Labels of VMs were asked for, so that it is worth telling where the room does not take them. */
  readonly hasLabels?: boolean;
  readonly forwarderVersion: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly telemetry?: UplinkTelemetry;
}

/** How far the uplink is, for probes and metrics. */
export interface UplinkStatus {
  readonly phase: UplinkState['phase'];
  /** 0 while there is none. */
  readonly session: number;
  /** A sync of this run was committed: the edge has shown what is here. */
  readonly isSynced: boolean;
  /** Ends of migrations that wait for the edge. */
  readonly finishedCount: number;
  /** What is wrong with the edge now, in sentences. */
  readonly problems: readonly string[];
}

interface Outgoing {
  readonly kind: Batch['kind'];
  readonly number: number;
  readonly body: EncodedBody;
  readonly inflatedBytes: number;
  readonly madeAt: number;
  /** Migrations that the room has once it accepts this; for a sync, once it accepts the commit. */
  readonly finished: readonly FinishedMigration[];
}

/** How many ends of migrations a batch of changes carries; the rest goes with the next. */
const MAX_FINISHED_PER_BATCH_COUNT = 250;
const PROBE_RETRY_MS = 2_000;

export class UplinkSender {
  readonly #options: UplinkOptions;
  readonly #report: UplinkReport;
  readonly #finished = new FinishedQueue();
  readonly #fatal = Promise.withResolvers<string>();
  #state: UplinkState = INITIAL_UPLINK_STATE;
  #signal: AbortSignal = AbortSignal.abort();
  #token = '';
  /** What else this session's room takes. */
  #accepts: readonly string[] = [];
  #isSynced = false;
  #unanswered: Outgoing | null = null;
  /** The parts of the sync that are still to be sent, and its commit. */
  #sync: Outgoing[] = [];
  #syncReadySince = 0;
  #hasChanges = false;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #isBusy = false;
  #provenAt: number | null = null;
  #probeNotBefore: number | null = 0;
  #cancelTimer: () => void = () => {};

  constructor(options: UplinkOptions) {
    this.#options = options;
    // Where a Lease decides, the one that holds it is the right one: what superseded it is the last word of the one before.
    if (options.maySend !== undefined) this.#state = { ...INITIAL_UPLINK_STATE, supersededWaitMs: ELECTED_SUPERSEDED_WAIT_MS };
    this.#report = new UplinkReport(options);
  }

  get status(): UplinkStatus {
    const { phase, session } = this.#state;
    return { phase, session, isSynced: this.#isSynced, finishedCount: this.#finished.size, problems: this.#report.problems };
  }

  /** Where progress can be sent to (U9); null while there is nobody to tell, or nothing that is sure. */
  get progressSeat(): ProgressSeat | null {
    const { phase, session } = this.#state;
    const isSeated = phase === 'live' && this.#options.picture.isWatched && this.#maySend && this.#accepts.includes(ACCEPTS_PROGRESS);
    return isSeated ? { session, token: this.#token } : null;
  }

  /** Until the signal is aborted (null), or until nothing but a person can help (the reason). */
  async run(signal: AbortSignal): Promise<string | null> {
    this.#signal = signal;
    const stopped = Promise.withResolvers<null>();
    const stop = (): void => stopped.resolve(null);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    this.#look();
    const reason = await Promise.race([stopped.promise, this.#fatal.promise]);
    this.#cancelTimer();
    signal.removeEventListener('abort', stop);
    return reason;
  }

  /** The picture may have changed. What is to be sent leaves in this turn. */
  wake(): void {
    this.#hasChanges = true;
    // However long nothing can be sent, they wait where there is a bound (U4).
    this.#queueFinished(this.#options.picture.inventory.takeFinished());
    this.#look();
  }

  #look(): void {
    if (this.#isBusy || this.#signal.aborted) return;
    this.#cancelTimer();
    for (;;) {
      const step = selectStep(this.#state, this.#view(), this.#options.clock.now());
      if (step.do === 'nothing') return;
      if (step.do === 'wait') {
        const delayMs = Math.max(0, step.until - this.#options.clock.now());
        this.#cancelTimer = this.#options.clock.after(delayMs, () => this.#look());
        return;
      }
      if (step.do === 'reopen') this.#leaveSession(reopen(this.#state));
      else if (step.do === 'probe') {
        void this.#probe();
        return;
      } else if (this.#start(step.do)) return;
    }
  }

  get #maySend(): boolean {
    return this.#options.maySend?.() ?? true;
  }

  #view() {
    return {
      isWatched: this.#options.picture.isWatched,
      maySend: this.#maySend,
      unansweredSince: this.#unanswered?.madeAt ?? null,
      syncReadySince: this.#syncReadySince,
      hasChanges: this.#hasChanges,
      lastSentAt: this.#lastSentAt,
      provenAt: this.#provenAt,
      probeNotBefore: this.#probeNotBefore,
    };
  }

  /** False when there was nothing to send after all. */
  #start(step: Exclude<UplinkStep['do'], 'wait' | 'nothing' | 'reopen' | 'probe'>): boolean {
    if (step === 'open') {
      void this.#open();
      return true;
    }
    const outgoing = step === 'retry' ? this.#unanswered : this.#next(step);
    if (outgoing !== null) void this.#send(outgoing);
    return outgoing !== null;
  }

  #next(step: 'sync' | 'changes' | 'heartbeat'): Outgoing | null {
    if (step === 'sync') return this.#sync.shift() ?? null;
    return step === 'changes' ? this.#nextChanges() : this.#outgoing('heartbeat', formatHeartbeat(this.#batchPlace()));
  }

  /** Null where the wake was for nothing, or where so much has changed that a new sync is the better way to say it. */
  #nextChanges(): Outgoing | null {
    const changes = this.#options.picture.inventory.takeChanges();
    this.#queueFinished(changes.finished);
    const finished = this.#finished.oldest(MAX_FINISHED_PER_BATCH_COUNT);
    this.#hasChanges = this.#finished.size > finished.length;
    if (changes.hosts.size === 0 && changes.vms.size === 0 && finished.length === 0) return null;
    const text = formatChanges(this.#batchPlace(), changes, finished);
    if (Buffer.byteLength(text) <= this.#state.partBytes) return this.#outgoing('changes', text, finished);
    this.#leaveSession(reopen(this.#state));
    return null;
  }

  #batchPlace() {
    return { session: this.#state.session, number: this.#state.nextNumber, digest: this.#options.picture.inventory.digest };
  }

  #outgoing(kind: Batch['kind'], text: string, finished: readonly FinishedMigration[] = []): Outgoing {
    const inflatedBytes = Buffer.byteLength(text);
    return { kind, number: this.#state.nextNumber, body: encodeBody(text), inflatedBytes, madeAt: this.#options.clock.now(), finished };
  }

  #queueFinished(finished: readonly FinishedMigration[]): void {
    const droppedBefore = this.#finished.droppedCount;
    this.#finished.add(finished);
    const dropped = this.#finished.droppedCount - droppedBefore;
    if (dropped > 0) this.#report.tellDropped(dropped);
  }

  async #open(): Promise<void> {
    this.#isBusy = true;
    const { picture, readToken, edge, forwarderVersion } = this.#options;
    const uid = await picture.readClusterUid(this.#signal);
    if (!this.#maySend) {
      // A session that is opened now would take the cluster from the replica that has the Lease.
      this.#isBusy = false;
      return;
    }
    const token = readToken();
    let answer: UplinkAnswer = { type: 'lost', reason: '' };
    if (uid.ok && token.ok) {
      this.#token = token.value;
      const message: OpenSession = { protocol: PROTOCOL_VERSION, clusterUid: uid.value, forwarder: forwarderVersion };
      const text = JSON.stringify(message);
      const body = encodeBody(text);
      const tellAnswer = this.#report.tellPosted('session', {
        wireBytes: body.bytes.length,
        inflatedBytes: Buffer.byteLength(text),
        isRetry: false,
      });
      const posted = await edge.post('sessions', body, token.value, this.#signal);
      if (this.#signal.aborted) return;
      answer = posted.ok ? parseUplinkAnswer(posted.raw, 'session', Date.now()) : { type: 'lost', reason: posted.reason };
      tellAnswer(answer);
      this.#report.tellAnswer(answer, { session: 0 });
      this.#accepts = (answer.type === 'opened' ? answer.accepts : undefined) ?? [];
    } else if (!token.ok) this.#report.tellNoToken(token.error);
    if (this.#signal.aborted) return;
    this.#react('session', answer);
    if (this.#state.phase === 'syncing') this.#makeSync();
    this.#isBusy = false;
    this.#look();
  }

  /** The whole picture as it is now. What changes while it is being sent waits in the Inventory (U3). */
  #makeSync(): void {
    const { picture, hasLabels = false } = this.#options;
    const { inventory } = picture;
    const takesLabels = this.#accepts.includes(ACCEPTS_LABELS);
    inventory.showLabels(takesLabels);
    if (hasLabels) this.#report.tellLabels(takesLabels);
    this.#queueFinished(inventory.takeChanges().finished);
    this.#hasChanges = false;
    const finished = this.#finished.oldest();
    const { hosts, vms, digest } = inventory;
    const state = { hosts: hosts.values(), vms: vms.values(), finished, digest };
    const bodies = formatSync(this.#state.session, state, this.#state.partBytes);
    const madeAt = this.#options.clock.now();
    this.#syncReadySince = madeAt;
    this.#sync = bodies.map((text, index) => {
      const isCommit = index === bodies.length - 1;
      return {
        kind: isCommit ? 'sync-commit' : 'sync-part',
        number: index + 1,
        body: encodeBody(text),
        inflatedBytes: Buffer.byteLength(text),
        madeAt,
        finished: isCommit ? finished : [],
      };
    });
  }

  async #send(outgoing: Outgoing): Promise<void> {
    this.#isBusy = true;
    const isNew = this.#unanswered !== outgoing;
    this.#unanswered = isNew ? { ...outgoing, madeAt: this.#options.clock.now() } : outgoing;
    if (isNew) this.#state = numbered(this.#state);
    this.#lastSentAt = this.#options.clock.now();
    const { body, inflatedBytes } = outgoing;
    const tellAnswer = this.#report.tellPosted(outgoing.kind, { wireBytes: body.bytes.length, inflatedBytes, isRetry: !isNew });
    const posted = await this.#options.edge.post('batches', body, this.#token, this.#signal);
    if (this.#signal.aborted) return;
    const answer: UplinkAnswer = posted.ok
      ? parseUplinkAnswer(posted.raw, outgoing.number, Date.now())
      : { type: 'lost', reason: posted.reason };
    tellAnswer(answer);
    if (answer.type === 'accepted') {
      this.#unanswered = null;
      this.#syncReadySince = this.#options.clock.now();
      // A sync that the room did not commit has told it nothing.
      const isCommitted = outgoing.kind !== 'sync-commit' || !answer.resync;
      if (isCommitted) this.#finished.acknowledge(outgoing.finished);
    }
    this.#report.tellAnswer(answer, { session: this.#state.session, batch: outgoing.number });
    this.#react(outgoing.kind, answer);
    this.#isBusy = false;
    this.#look();
  }

  #react(sent: Batch['kind'] | 'session', answer: UplinkAnswer): void {
    const before = this.#state;
    const moment = { now: this.#options.clock.now(), random: this.#options.random(), hasOtherToken: this.#hasOtherToken(answer) };
    const after = reactToAnswer(before, sent, answer, moment);
    if (after.session === before.session) this.#state = after;
    else this.#leaveSession(after);
    const { place, picture } = this.#options;
    if (before.phase === 'syncing' && after.phase === 'live') {
      const { hosts, vms } = picture.inventory;
      this.#isSynced = true;
      this.#report.tellLive(after.session, hosts.size, vms.size);
    }
    if (answer.type === 'accepted' && answer.resync) this.#report.tellDrift(sent, before, after);
    if (after.phase === 'stopped' && answer.type === 'refused') this.#fatal.resolve(formatUplinkProblem(answer, place));
  }

  /** Whatever was on its way belongs to the session that is left; the next sync says it anew. */
  #leaveSession(next: UplinkState): void {
    this.#state = next;
    this.#unanswered = null;
    this.#sync = [];
  }

  /** A token that was revoked is often followed by another in the same file. */
  #hasOtherToken(answer: UplinkAnswer): boolean {
    if (answer.type !== 'refused' || outcomeOf(answer) !== 'unauthorized') return false;
    const token = this.#options.readToken();
    return token.ok && token.value !== this.#token;
  }

  /** Not a step that others wait for: a change that comes meanwhile leaves at once. */
  async #probe(): Promise<void> {
    const { picture, clock } = this.#options;
    this.#probeNotBefore = null;
    const isAnswering = await picture.isAnswering(this.#signal);
    this.#provenAt = isAnswering ? clock.now() : null;
    this.#probeNotBefore = clock.now() + PROBE_RETRY_MS;
    this.#look();
  }
}
