/**
 * Asks virt-handlers how far the migrations of their hosts are, while there are any, and hands it on: the shell around plan.ts and
 * track.ts. Nothing waits for it, and nothing else notices when it fails: it is said once, and the pages show stages without numbers.
 */
import type { DerivedVm, HostName, MigrationId, VmId } from '../../core/model.ts';
import { MAX_PROGRESS_COUNT, PROGRESS_INTERVAL_MS, type Progress } from '../../core/progress.ts';
import type { Result } from '../../core/result.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { ProblemLog } from '../problem-log.ts';
import type { HandlerAddress } from './handler-address.ts';
import { formatHandlerFailure, type HandlerFailure } from './handler-failure.ts';
import type { HandlerFinder } from './handler-finder.ts';
import { answered, asked, failed, type HandlerState, type MeasuredMove, planHandlers, selectMoves, UNASKED } from './plan.ts';
import type { ProgressTelemetry } from './progress-telemetry.ts';
import type { Reading } from './reading.ts';
import { observeReading, type ProgressTrack, progressOf, UNTRACKED } from './track.ts';

export interface ProgressWatchOptions {
  readonly vms: () => ReadonlyMap<VmId, DerivedVm>;
  /** Whether there is anybody to tell: a room that takes progress, and a picture that is the present. */
  readonly isWanted: () => boolean;
  readonly finder: Pick<HandlerFinder, 'find' | 'forget'>;
  readonly readHandler: (
    address: HandlerAddress,
    authority: string | null,
    signal: AbortSignal,
  ) => Promise<Result<ReadonlyMap<VmId, Reading>, HandlerFailure>>;
  /** Resolves when the next report may be sent; never rejects. */
  readonly send: (progress: readonly Progress[]) => Promise<void>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly telemetry: ProgressTelemetry;
}

/** After a change of the picture: several come together, and a look goes through all VMs. */
const LOOK_AFTER_MS = 500;
/** Answers of several handlers that come together make one report. */
const REPORT_AFTER_MS = 250;

export class ProgressWatch {
  readonly #options: ProgressWatchOptions;
  readonly #problems: ProblemLog;
  readonly #handlers = new Map<HostName, HandlerState>();
  readonly #tracks = new Map<MigrationId, Map<HostName, ProgressTrack>>();
  /** The measurement that was told last. */
  readonly #told = new Map<MigrationId, ProgressTrack['newest']>();
  #isAnswerNew = false;
  #moves: readonly MeasuredMove[] = [];
  #signal: AbortSignal = AbortSignal.abort();
  #lookAt = Number.POSITIVE_INFINITY;
  #cancelLook: () => void = () => {};
  #isReporting = false;

  constructor(options: ProgressWatchOptions) {
    this.#options = options;
    this.#problems = new ProblemLog(options.log, 'the progress of migrations is measured again');
  }

  run(signal: AbortSignal): void {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#cancelLook());
    this.wake();
  }

  /** The picture may have changed. */
  wake(): void {
    this.#lookWithin(LOOK_AFTER_MS);
  }

  /** An earlier look that is due anyway stands. */
  #lookWithin(delayMs: number): void {
    const { clock } = this.#options;
    const at = clock.now() + delayMs;
    if (this.#signal.aborted || at >= this.#lookAt) return;
    this.#cancelLook();
    this.#lookAt = at;
    this.#cancelLook = clock.after(delayMs, () => {
      this.#lookAt = Number.POSITIVE_INFINITY;
      this.#look();
    });
  }

  #look(): void {
    if (this.#signal.aborted) return;
    const { clock, isWanted, vms } = this.#options;
    this.#moves = selectMoves(vms().values());
    this.#forgetOld();
    if (this.#moves.length === 0) return;
    // A new session needs no change of the picture to begin.
    this.#lookWithin(PROGRESS_INTERVAL_MS);
    if (!isWanted()) return;
    const now = clock.now();
    const { ask, nextAt } = planHandlers(this.#moves, this.#handlers, now);
    for (const host of ask) void this.#ask(host);
    if (nextAt !== null) this.#lookWithin(Math.max(0, nextAt - now));
  }

  #forgetOld(): void {
    const migrations = new Set(this.#moves.map(({ migration }) => migration));
    for (const known of [this.#tracks, this.#told]) {
      for (const migration of known.keys()) if (!migrations.has(migration)) known.delete(migration);
    }
    const now = this.#options.clock.now();
    const hosts = new Set(this.#moves.flatMap((move) => move.hosts));
    // Who failed is not asked sooner because another migration begins.
    for (const [host, { isBusy, notBefore }] of this.#handlers) {
      if (isBusy || notBefore > now || hosts.has(host)) continue;
      this.#handlers.delete(host);
      this.#problems.forget(host);
    }
  }

  async #ask(host: HostName): Promise<void> {
    const { clock, finder, readHandler, random, telemetry } = this.#options;
    this.#handlers.set(host, asked(this.#handlers.get(host) ?? UNASKED, clock.now()));
    const found = await finder.find(host, this.#signal);
    const answer = found.ok ? await readHandler(found.value, found.value.authority, this.#signal) : null;
    if (this.#signal.aborted) return;
    const state = this.#handlers.get(host) ?? UNASKED;
    if (answer?.ok) {
      this.#handlers.set(host, answered(state));
      this.#problems.clear(host);
      telemetry.measured('read');
      this.#take(host, answer.value);
    } else {
      this.#handlers.set(host, failed(state, clock.now(), random()));
      finder.forget(host);
      if (!found.ok) {
        telemetry.measured('not-found');
        this.#problems.raise(host, found.error.problem, found.error.topic);
      } else if (answer !== null) {
        telemetry.measured(answer.error.kind);
        const topic = answer.error.kind === 'status' ? `status ${answer.error.status}` : answer.error.kind;
        this.#problems.raise(host, formatHandlerFailure(answer.error, host, found.value), topic);
      }
    }
    this.#lookWithin(0);
  }

  #take(host: HostName, readings: ReadonlyMap<VmId, Reading>): void {
    const now = this.#options.clock.now();
    for (const { vm, migration, hosts } of this.#moves) {
      if (!hosts.includes(host)) continue;
      const tracks = this.#tracks.get(migration) ?? new Map<HostName, ProgressTrack>();
      this.#tracks.set(migration, tracks);
      tracks.set(host, observeReading(tracks.get(host) ?? UNTRACKED, readings.get(vm), now));
    }
    this.#isAnswerNew = true;
    this.#options.clock.after(REPORT_AFTER_MS, () => void this.#report());
  }

  /** One report at a time; what is measured meanwhile makes the next, and what is old by then makes none. */
  async #report(): Promise<void> {
    if (this.#isReporting) return;
    this.#isReporting = true;
    while (this.#isAnswerNew && !this.#signal.aborted) {
      this.#isAnswerNew = false;
      const progress = this.#collect();
      if (progress.length > 0 && this.#options.isWanted()) await this.#options.send(progress);
    }
    this.#isReporting = false;
  }

  /** Each measurement is told once: told again, a page would take it for a new one. */
  #collect(): Progress[] {
    const now = this.#options.clock.now();
    const collected: Progress[] = [];
    for (const { vm, migration, hosts, endsAnyway } of this.#moves) {
      for (const host of hosts) {
        const track = this.#tracks.get(migration)?.get(host);
        const told = track === undefined ? null : progressOf(track, endsAnyway, now);
        if (track === undefined || told === null) continue;
        if (this.#told.get(migration) !== track.newest) collected.push({ vm, migration, ...told });
        this.#told.set(migration, track.newest);
        // Of two handlers the better one is heard, as long as it says anything.
        break;
      }
    }
    return collected.slice(0, MAX_PROGRESS_COUNT);
  }
}
