/**
 * Says each problem once, not once a retry: several sources (four watches of one server) that have the same problem make one
 * line, and its end makes another.
 */
import type { Log } from './log.ts';

export class ProblemLog {
  readonly #log: Log;
  /** Source → topic. */
  readonly #topics = new Map<string, string>();
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
  raise(source: string, problem: string, topic = problem): void {
    const isKnown = [...this.#topics.values()].includes(topic);
    this.#topics.set(source, topic);
    this.#log[isKnown ? 'debug' : 'warn'](problem);
  }

  /** `source` works again. */
  clear(source: string): void {
    if (this.#topics.delete(source) && this.#topics.size === 0) this.#log.info(this.#recovered);
  }
}
