/** The machine's clock, which a test can put forward: what is due by then happens at once. */
import type { Clock } from '../../forwarder/clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
  cancel: () => void;
}

export class SkippingClock implements Clock {
  #skippedMs = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return performance.now() + this.#skippedMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { at: this.now() + delayMs, callback, cancel: () => {} };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => this.#drop(timer);
  }

  /** Timers whose time has come are called in its order; none of those that they set. */
  skip(ms: number): void {
    this.#skippedMs += ms;
    const now = this.now();
    const due = [...this.#timers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const timer of this.#timers) if (timer.at > now) this.#arm(timer);
    for (const timer of due) if (this.#timers.has(timer)) this.#fire(timer);
  }

  #arm(timer: Timer): void {
    timer.cancel();
    const handle = setTimeout(() => this.#fire(timer), Math.max(0, timer.at - this.now()));
    timer.cancel = () => clearTimeout(handle);
  }

  #fire(timer: Timer): void {
    this.#drop(timer);
    timer.callback();
  }

  #drop(timer: Timer): void {
    timer.cancel();
    this.#timers.delete(timer);
  }
}
