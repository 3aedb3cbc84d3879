/** Aborts a stream that has gone silent, or that takes too long. One timer for the whole stream: an event only notes its time. */
import type { Clock } from './clock.ts';

export class Watchdog {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #unlink: () => void;
  readonly #startedAt: number;
  #lastHeardAt: number;
  #silenceMs: number;
  #totalMs: number;
  #cancel: () => void = () => {};
  /** The limit that was passed; null while none was. */
  passedMs: number | null = null;
  /** It was given up because of what happened elsewhere. */
  isDoubted = false;
  hasHeard = false;

  /** `totalMs`: from now, however much is heard. */
  constructor(clock: Clock, parent: AbortSignal, silenceMs: number, totalMs = Number.POSITIVE_INFINITY) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#lastHeardAt = this.#startedAt;
    this.#silenceMs = silenceMs;
    this.#totalMs = totalMs;
    const abort = (): void => this.#controller.abort();
    parent.addEventListener('abort', abort);
    this.#unlink = () => parent.removeEventListener('abort', abort);
    if (parent.aborted) abort();
    this.#arm();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  hear(): void {
    this.hasHeard = true;
    this.#lastHeardAt = this.#clock.now();
  }

  /** From now on other limits hold; what was heard so far counts as silence broken now. */
  limit(silenceMs: number, totalMs = Number.POSITIVE_INFINITY): void {
    this.#silenceMs = silenceMs;
    this.#totalMs = totalMs;
    this.#lastHeardAt = this.#clock.now();
    this.#cancel();
    this.#arm();
  }

  /** Gives the stream up although no limit was passed. */
  doubt(): void {
    this.isDoubted = true;
    this.#controller.abort();
  }

  stop(): void {
    this.#cancel();
    this.#unlink();
  }

  #arm(): void {
    const now = this.#clock.now();
    const silentUntil = this.#lastHeardAt + this.#silenceMs;
    const totalUntil = this.#startedAt + this.#totalMs;
    this.#cancel = this.#clock.after(Math.max(0, Math.min(silentUntil, totalUntil) - now), () => this.#look());
  }

  #look(): void {
    const now = this.#clock.now();
    if (now >= this.#startedAt + this.#totalMs) this.passedMs = this.#totalMs;
    else if (now >= this.#lastHeardAt + this.#silenceMs) this.passedMs = this.#silenceMs;
    if (this.passedMs === null) this.#arm();
    else this.#controller.abort(new DOMException('', 'TimeoutError'));
  }
}
