/** A clock whose hands a test turns. */
import type { Clock } from '../../forwarder/clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();
  readonly #waiting = new Set<() => void>();

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.add(timer);
    for (const look of [...this.#waiting]) look();
    return () => this.#timers.delete(timer);
  }

  /** How long from now the pending timers have, shortest first. */
  get pendingMs(): readonly number[] {
    return [...this.#timers].map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  /** Turns the hands; what is due is called in order of its time. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
    }
    this.#now = until;
  }

  /** Resolves once somebody waits for a time that satisfies the condition; its delay. */
  untilWaiting(condition: (delayMs: number) => boolean): Promise<number> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.pendingMs.find(condition);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
