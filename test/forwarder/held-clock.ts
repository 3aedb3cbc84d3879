/** The machine's clock, except for the waits that a test holds and ends itself: what comes back in a minute comes back at once. */
import { type Clock, systemClock } from '../../forwarder/clock.ts';
import { OPTIONAL_RETRY_MS } from '../../forwarder/reflector-state.ts';

/** The wait for an optional kind; some of it is added (backoff.ts). */
export const isOptionalRetry = (delayMs: number): boolean => delayMs >= OPTIONAL_RETRY_MS && delayMs <= OPTIONAL_RETRY_MS * 1.25;

export class HeldClock implements Clock {
  readonly now = systemClock.now;
  readonly #isHeld: (delayMs: number) => boolean;
  readonly #held = new Set<() => void>();
  readonly #waiting = new Set<() => void>();

  constructor(isHeld: (delayMs: number) => boolean) {
    this.#isHeld = isHeld;
  }

  after(delayMs: number, callback: () => void): () => void {
    if (!this.#isHeld(delayMs)) return systemClock.after(delayMs, callback);
    this.#held.add(callback);
    for (const look of [...this.#waiting]) look();
    return () => this.#held.delete(callback);
  }

  /** Resolves once this many wait. */
  untilHeld(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#held.size < count) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Their time is over. */
  release(): void {
    for (const callback of [...this.#held]) {
      this.#held.delete(callback);
      callback();
    }
  }
}
