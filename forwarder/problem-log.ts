/**
 * Says each problem once, not once a retry: several sources (four watches of one server) that have the same problem make one
 * line, and its end makes another.
 */
import type { Log, LogFields } from './log.ts';

export class ProblemLog {
  readonly #log: Log;
  /** By source. */
  readonly #raised = new Map<string, { readonly topic: string; readonly problem: string }>();
  readonly #recovered: string;

  /** `recovered`: what to say when no source has a problem any more. */
  constructor(log: Log, recovered: string) {
    this.#log = log;
    this.#recovered = recovered;
  }

  /**
   * The problem that `source` has now. `topic`: what makes two problems the same, where their words may vary from try to try
   * ("connection refused", then "connection broke off").
   */
  raise(source: string, problem: string, topic = problem, fields: LogFields = {}): void {
    const isKnown = [...this.#raised.values()].some((raised) => raised.topic === topic);
    this.#raised.set(source, { topic, problem });
    this.#log[isKnown ? 'debug' : 'warn'](problem, fields);
  }

  /** `source` works again. */
  clear(source: string): void {
    if (this.#raised.delete(source) && this.#raised.size === 0) this.#log.info(this.#recovered);
  }

  /** `source` is of no interest any more; whether it works is not known. */
  forget(source: string): void {
    this.#raised.delete(source);
  }

  /** What is wrong with `source` now. */
  problemOf(source: string): string | null {
    return this.#raised.get(source)?.problem ?? null;
  }

  /** What is wrong now, each thing once. */
  get present(): readonly string[] {
    return [...new Map([...this.#raised.values()].map(({ topic, problem }) => [topic, problem])).values()];
  }
}
