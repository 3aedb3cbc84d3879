/** Runs one kind's watch: asks the machine of reflector-state.ts what is next, and does it. */
import type { FactKind, FactOf } from '../core/facts.ts';
import type { Result } from '../core/result.ts';
import { type Clock, sleep } from './clock.ts';
import type { KubeClient } from './kube-client.ts';
import { type FailedRequest, formatNetworkError, isExpired, isWithheld, type KubeFailure, retryAfterMsOf } from './kube-failure.ts';
import { LineDecoder, MAX_LINE_BYTES } from './line-decoder.ts';
import type { Resource } from './projector.ts';
import {
  HEALTHY_WATCH_MS,
  INITIAL_REFLECTOR_STATE,
  isWatching,
  nextReflectorState,
  OPTIONAL_RETRY_MS,
  PAGE_COUNT,
  type ReflectorEvent,
  type ReflectorState,
  SHORT_WATCH_MS,
  WATCH_MAX_SECONDS,
  WATCH_MIN_SECONDS,
  WATCH_SILENCE_MS,
} from './reflector-state.ts';
import { parseListPage, parseWatchEvent } from './watch-event.ts';

/** What a reflector tells. Everything is called synchronously, in the turn in which the bytes arrived. */
export interface ReflectorSink<Kind extends FactKind> {
  /** `how`: whether the list came as a stream of its objects or in pages. */
  replace(facts: readonly FactOf[Kind][], how: 'stream' | 'pages'): void;
  set(fact: FactOf[Kind]): void;
  /** With the object's last state. */
  remove(fact: FactOf[Kind]): void;
  /** All that had arrived together was taken in, or the reflector's health changed. */
  settle(): void;
  failed(failure: KubeFailure, verb: FailedRequest['verb']): void;
  /** The API server has accepted a watch; the first, or one after another. */
  opened(): void;
  /** An event of the watch was understood. */
  heard(type: 'set' | 'remove' | 'bookmark'): void;
  /** It watches (again). */
  recovered(): void;
  /** An object that cannot be understood was left out. */
  malformed(reason: string): void;
}

export interface ReflectorOptions<Kind extends FactKind> {
  readonly resource: Resource;
  readonly project: (object: unknown) => Result<FactOf[Kind]>;
  readonly client: KubeClient;
  readonly sink: ReflectorSink<Kind>;
  readonly clock: Clock;
  /** 0 ≤ number < 1 */
  readonly random: () => number;
}

const LIST_TIMEOUT_MS = 60_000;
/** The picture waits for an optional kind until it is known to be withheld; its lists are short. */
const OPTIONAL_TIMEOUT_MS = 20_000;

export class Reflector<Kind extends FactKind> {
  readonly #options: ReflectorOptions<Kind>;
  #state: ReflectorState = INITIAL_REFLECTOR_STATE;
  #hasSynced = false;

  constructor(options: ReflectorOptions<Kind>) {
    this.#options = options;
  }

  /** A whole list was taken in at least once. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Every change is being heard now. */
  get isWatching(): boolean {
    return isWatching(this.#state);
  }

  /** Until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    this.#take({ type: 'start' });
    while (this.#state.name !== 'stopped') {
      const event = await this.#act(signal);
      this.#take(signal.aborted ? { type: 'stop' } : event);
    }
  }

  #take(event: ReflectorEvent): void {
    const before = isWatching(this.#state);
    this.#state = nextReflectorState(this.#state, event, this.#options.random());
    const after = isWatching(this.#state);
    if (after && !before) this.#options.sink.recovered();
    if (after !== before) this.#options.sink.settle();
  }

  async #act(signal: AbortSignal): Promise<ReflectorEvent> {
    const { clock } = this.#options;
    switch (this.#state.name) {
      case 'listing':
        return this.#list(signal);
      case 'watching':
        return this.#watch(this.#state.resourceVersion, signal);
      case 'expired':
      case 'backing-off':
        await sleep(clock, this.#state.waitMs, signal);
        return { type: 'waited' };
      default:
        return { type: 'stop' };
    }
  }

  async #list(signal: AbortSignal): Promise<ReflectorEvent> {
    const { client, resource, sink } = this.#options;
    const facts: FactOf[Kind][] = [];
    let next: string | null = null;
    for (;;) {
      const token: string = next === null ? '' : `&continue=${encodeURIComponent(next)}`;
      const body = await client.getText(`${resource.path}?${queryOf(resource)}limit=${PAGE_COUNT}${token}`, {
        timeoutMs: resource.isOptional ? OPTIONAL_TIMEOUT_MS : LIST_TIMEOUT_MS,
        signal,
      });
      if (!body.ok) return this.#fail(body.error, 'list', { signal, isFromVersion: next !== null });
      const page = parseListPage(body.value);
      if (!page.ok) return this.#fail({ kind: 'malformed', detail: page.error }, 'list', { signal, isFromVersion: false });
      for (const object of page.value.items) {
        const fact = this.#project(object);
        if (fact !== null) facts.push(fact);
      }
      next = page.value.next;
      if (next !== null) continue;
      sink.replace(facts, 'pages');
      this.#hasSynced = true;
      sink.settle();
      return { type: 'listed', resourceVersion: page.value.resourceVersion };
    }
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<ReflectorEvent> {
    const { client, clock, resource, random } = this.#options;
    const seconds = WATCH_MIN_SECONDS + Math.floor(random() * (WATCH_MAX_SECONDS - WATCH_MIN_SECONDS + 1));
    const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${encodeURIComponent(resourceVersion)}&timeoutSeconds=${seconds}`;
    const startedAt = clock.now();
    const watchdog = new Watchdog(clock, signal);
    try {
      const stream = await client.openStream(`${resource.path}?${queryOf(resource)}${query}`, watchdog.signal);
      const facts = { signal, isFromVersion: true, lastedMs: () => clock.now() - startedAt, isSilent: () => watchdog.isSilent };
      if (!stream.ok) return this.#fail(stream.error, 'watch', facts);
      this.#take({ type: 'opened' });
      this.#options.sink.opened();
      const failure = await this.#readEvents(stream.value, watchdog);
      if (failure !== null) return this.#fail(failure, 'watch', facts);
      if (!watchdog.hasHeard && facts.lastedMs() < SHORT_WATCH_MS) return this.#fail({ kind: 'short-watch' }, 'watch', facts);
      return { type: 'ended' };
    } finally {
      watchdog.stop();
    }
  }

  /** Null when the stream ended in order. */
  async #readEvents(stream: AsyncIterable<Buffer>, watchdog: Watchdog): Promise<KubeFailure | null> {
    const decoder = new LineDecoder();
    try {
      for await (const chunk of stream) {
        const failure = this.#takeLines(decoder.decode(chunk), watchdog);
        this.#options.sink.settle();
        if (failure !== null) return failure;
        if (decoder.isOverlong) return { kind: 'malformed', detail: `a line longer than ${MAX_LINE_BYTES} bytes` };
      }
    } catch (error) {
      return { kind: 'unreachable', reason: formatNetworkError(error) };
    }
    return decoder.hasRest ? { kind: 'malformed', detail: 'the watch ended in the middle of a line' } : null;
  }

  #takeLines(lines: readonly string[], watchdog: Watchdog): KubeFailure | null {
    const { sink } = this.#options;
    for (const line of lines) {
      const parsed = parseWatchEvent(line);
      if (!parsed.ok) return { kind: 'malformed', detail: parsed.error };
      const event = parsed.value;
      if (event.type === 'error') return event.failure;
      watchdog.hear();
      sink.heard(event.type);
      if (event.type !== 'bookmark') {
        const fact = this.#project(event.object);
        // Whose end it was cannot be known, so only a list can tell what is still there.
        if (fact === null && event.type === 'remove') return { kind: 'malformed', detail: 'a DELETED event of an object without identity' };
        if (fact !== null) sink[event.type](fact);
      }
      this.#take({ type: 'advanced', resourceVersion: event.resourceVersion });
    }
    return null;
  }

  #project(object: unknown): FactOf[Kind] | null {
    const fact = this.#options.project(object);
    if (fact.ok) return fact.value;
    this.#options.sink.malformed(fact.error);
    return null;
  }

  #fail(failure: KubeFailure, verb: FailedRequest['verb'], { signal, isFromVersion, lastedMs, isSilent }: FailureContext): ReflectorEvent {
    if (signal.aborted) return { type: 'stop' };
    if (isExpired(failure) && isFromVersion) return { type: 'gone' };
    const { sink, resource } = this.#options;
    sink.failed(isSilent?.() === true ? { kind: 'silent', silentMs: WATCH_SILENCE_MS } : failure, verb);
    return {
      type: 'failed',
      retryAfterMs: resource.isOptional && isWithheld(failure) ? OPTIONAL_RETRY_MS : retryAfterMsOf(failure),
      // An optional kind is left out meanwhile (U10). What was known of it must not come back before what is so now.
      isDoubtful: failure.kind === 'malformed' || resource.isOptional,
      wasHealthy: (lastedMs?.() ?? 0) >= HEALTHY_WATCH_MS,
    };
  }
}

const queryOf = ({ query }: Resource): string => (query === undefined ? '' : `${query}&`);

interface FailureContext {
  readonly signal: AbortSignal;
  /** What was asked goes on from an earlier answer, which the server may have forgotten. A list from its beginning does not. */
  readonly isFromVersion: boolean;
  readonly lastedMs?: () => number;
  readonly isSilent?: () => boolean;
}

/** Aborts a watch that has gone silent. One timer for the whole watch: an event only notes its time. */
class Watchdog {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #unlink: () => void;
  #lastHeardAt: number;
  #cancel: () => void = () => {};
  isSilent = false;
  hasHeard = false;

  constructor(clock: Clock, parent: AbortSignal) {
    this.#clock = clock;
    this.#lastHeardAt = clock.now();
    const abort = (): void => this.#controller.abort();
    parent.addEventListener('abort', abort);
    this.#unlink = () => parent.removeEventListener('abort', abort);
    if (parent.aborted) abort();
    this.#arm(WATCH_SILENCE_MS);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  hear(): void {
    this.hasHeard = true;
    this.#lastHeardAt = this.#clock.now();
  }

  stop(): void {
    this.#cancel();
    this.#unlink();
  }

  #arm(delayMs: number): void {
    this.#cancel = this.#clock.after(delayMs, () => {
      const remainingMs = this.#lastHeardAt + WATCH_SILENCE_MS - this.#clock.now();
      if (remainingMs > 0) return this.#arm(remainingMs);
      this.isSilent = true;
      this.#controller.abort();
    });
  }
}
