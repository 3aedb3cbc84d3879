/** What the uplink says of itself: each answer of the room in the log, once while it stays the same, and in the telemetry. */
import type { Clock } from './clock.ts';
import type { Log, LogFields } from './log.ts';
import { ProblemLog } from './problem-log.ts';
import { NO_TELEMETRY, type Posted, type UplinkTelemetry } from './telemetry.ts';
import { formatUplinkProblem, type UplinkAnswer, type UplinkPlace } from './uplink-answer.ts';
import { outcomeOf } from './uplink-outcome.ts';
import type { UplinkState } from './uplink-state.ts';

export interface UplinkReportOptions {
  readonly place: UplinkPlace;
  readonly log: Log;
  readonly clock: Clock;
  readonly telemetry?: UplinkTelemetry;
}

export class UplinkReport {
  readonly #place: UplinkPlace;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #telemetry: UplinkTelemetry;
  readonly #problems: ProblemLog;
  #areLabelsTaken = true;

  constructor({ place, log, clock, telemetry = NO_TELEMETRY }: UplinkReportOptions) {
    this.#place = place;
    this.#log = log;
    this.#clock = clock;
    this.#telemetry = telemetry;
    this.#problems = new ProblemLog(log, `the edge ${place.edge} has the cluster ${place.cluster} again`);
  }

  /** What is wrong with the edge now, in sentences. */
  get problems(): readonly string[] {
    return this.#problems.present;
  }

  /** A request leaves; what it returns is told the answer. */
  tellPosted(what: Posted, sizes: Parameters<UplinkTelemetry['posted']>[1]): (answer: UplinkAnswer) => void {
    const startedAt = this.#clock.now();
    this.#telemetry.posted(what, sizes);
    return (answer) => this.#telemetry.answered(what, outcomeOf(answer), this.#clock.now() - startedAt);
  }

  /** `session`: 0 while there is none. Only an acceptance is good news: an edge that opens sessions and takes nothing is not well. */
  tellAnswer(answer: UplinkAnswer, { session, batch }: { readonly session: number; readonly batch?: number }): void {
    if (answer.type === 'accepted') this.#problems.clear('edge');
    if (answer.type === 'accepted' || answer.type === 'opened') return;
    const topic = answer.type === 'lost' ? 'lost' : `${answer.status} ${answer.code}`;
    const fields: LogFields = {
      ...this.#place,
      outcome: outcomeOf(answer),
      ...(answer.type === 'refused' && { status: answer.status }),
      ...(session > 0 && { session }),
      ...(batch !== undefined && { batch }),
    };
    this.#problems.raise('edge', formatUplinkProblem(answer, this.#place), topic, fields);
  }

  tellNoToken(problem: string): void {
    this.#problems.raise('edge', problem, 'token', this.#place);
  }

  tellLive(session: number, hosts: number, vms: number): void {
    const { edge, cluster } = this.#place;
    this.#log.info(`${edge} shows the cluster ${cluster}: ${hosts} hosts, ${vms} VMs`, { ...this.#place, session, hosts, vms });
  }

  /** Whether the room of a new session takes labels; told once while it does not. */
  tellLabels(areTaken: boolean): void {
    const wereTaken = this.#areLabelsTaken;
    this.#areLabelsTaken = areTaken;
    const { edge, cluster } = this.#place;
    if (wereTaken && !areTaken)
      this.#log.warn(`the edge ${edge} is of a version without labels: the cluster ${cluster} is sent without them`, { ...this.#place });
  }

  /** The room asks for everything anew. A repair that is planned already is no news. */
  tellDrift(sent: Posted, before: UplinkState, after: UplinkState): void {
    if (sent !== 'sync-commit') this.#telemetry.drifted();
    if (after.drifts === before.drifts && after.lastDriftAt === before.lastDriftAt) return;
    const { edge, cluster } = this.#place;
    const what = sent === 'sync-commit' ? 'has lost parts of what was sent of' : 'has another picture of';
    const fields = { ...this.#place, session: before.session, outcome: 'resync', count: after.drifts };
    this.#log.warn(`the edge ${edge} ${what} the cluster ${cluster}; sending everything again`, fields);
  }

  tellDropped(count: number): void {
    this.#telemetry.finishedDropped(count);
    this.#log.warn(`${count} ends of migrations were given up: too many waited for the edge`, { ...this.#place, count });
  }
}
