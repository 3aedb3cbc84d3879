/** Runs one kind's watch: asks the machine of reflector-state.ts what is next, and does it. */
import type { FactKind, FactOf } from '../core/facts.ts';
import { sleep } from './clock.ts';
import { InitialList } from './initial-list.ts';
import { type FailedRequest, formatNetworkError, isExpired, isWithheld, type KubeFailure, retryAfterMsOf } from './kube-failure.ts';
import { LineDecoder, MAX_LINE_BYTES } from './line-decoder.ts';
import { chooseList, INITIAL_STREAM_MEMORY, judgeStream, rememberStream, STREAM_LIST_MS, STREAM_SILENCE_MS } from './list-choice.ts';
import { readPages } from './page-reader.ts';
import type { Resource } from './projector.ts';
import type { ReflectorOptions } from './reflector-sink.ts';
import {
  type BackingOff,
  HEALTHY_WATCH_MS,
  hurriedWaitMs,
  INITIAL_REFLECTOR_STATE,
  isWatching,
  mayHurry,
  nextReflectorState,
  OPTIONAL_RETRY_MS,
  type ReflectorEvent,
  type ReflectorState,
  SHORT_WATCH_MS,
  TOLD_WATCH_SILENCE_MS,
  WATCH_MAX_SECONDS,
  WATCH_MIN_SECONDS,
  WATCH_SILENCE_MS,
} from './reflector-state.ts';
import { isOlderVersion } from './version-order.ts';
import { parseListPage, parseWatchEvent, type WatchEvent } from './watch-event.ts';
import { Watchdog } from './watchdog.ts';

export type { ReflectorOptions, ReflectorSink } from './reflector-sink.ts';

const LIST_TIMEOUT_MS = 60_000;
/** The picture waits for an optional kind until it is known to be withheld; its lists are short. */
const OPTIONAL_TIMEOUT_MS = 20_000;
const PROOF_TIMEOUT_MS = 20_000;
/** Servers may end a watch a little before the time that was asked for. */
const EARLY_END_MS = 5_000;
/** Without a version: what there is when the server takes the question (a consistent read), not what its cache had. */
const STREAM_QUERY = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan';

export class Reflector<Kind extends FactKind> {
  readonly #options: ReflectorOptions<Kind>;
  #state: ReflectorState = INITIAL_REFLECTOR_STATE;
  #streams = INITIAL_STREAM_MEMORY;
  #hasSynced = false;
  /** The last watch did not end as it was asked to, so that the server may be another one than before. */
  #isVersionInDoubt = false;
  /** Of the stream that is being read; null while there is none. */
  #watchdog: Watchdog | null = null;
  /** Of the wait that is under way. */
  #hurrying = new AbortController();

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

  /**
   * The server could not be reached on another connection, so that this one may be just as dead, though nothing says so yet (a proxy in
   * between can keep it open for ever). It is opened anew, from where it was.
   */
  doubt(): void {
    if (this.isWatching) this.#watchdog?.doubt();
  }

  /** Another watch was accepted: the server is there again, so that this one need not wait longer than it was asked to. */
  hurry(): void {
    if (mayHurry(this.#state)) this.#hurrying.abort();
  }

  /** Until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    this.#take({ type: 'start' });
    while (this.#state.name !== 'stopped') {
      const event = await this.#act(signal);
      if (event !== null || signal.aborted) this.#take(signal.aborted || event === null ? { type: 'stop' } : event);
    }
  }

  #take(event: ReflectorEvent): void {
    const before = isWatching(this.#state);
    if (event.type === 'listed') this.#isVersionInDoubt = false;
    this.#state = nextReflectorState(this.#state, event, this.#options.random());
    const after = isWatching(this.#state);
    if (after && !before) this.#options.sink.recovered();
    if (after !== before) this.#options.sink.settle();
  }

  /** Null where the same is to be done again, in another way. */
  async #act(signal: AbortSignal): Promise<ReflectorEvent | null> {
    const { clock } = this.#options;
    switch (this.#state.name) {
      case 'listing':
        return chooseList(this.#streams, clock.now()) === 'stream' ? this.#watch(null, signal) : this.#listPages(signal);
      case 'watching':
        return this.#isVersionInDoubt
          ? this.#proveVersion(this.#state.resourceVersion, signal)
          : this.#watch(this.#state.resourceVersion, signal);
      case 'expired':
        await sleep(clock, this.#state.waitMs, signal);
        return { type: 'waited' };
      case 'backing-off':
        await this.#waitOut(this.#state, signal);
        return { type: 'waited' };
      default:
        return { type: 'stop' };
    }
  }

  async #waitOut(state: BackingOff, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const startedAt = clock.now();
    this.#hurrying = new AbortController();
    const { signal: hurry } = this.#hurrying;
    await sleep(clock, state.waitMs, AbortSignal.any([signal, hurry]));
    if (hurry.aborted) await sleep(clock, hurriedWaitMs(state, clock.now() - startedAt, random()), signal);
  }

  async #listPages(signal: AbortSignal): Promise<ReflectorEvent> {
    const { client, resource, sink } = this.#options;
    const timeoutMs = resource.isOptional ? OPTIONAL_TIMEOUT_MS : LIST_TIMEOUT_MS;
    const path = `${resource.path}?${queryOf(resource)}`;
    const list = await readPages({ client, path, project: (object) => this.#project(object), timeoutMs, signal });
    if (!list.ok) return this.#fail(list.error.failure, 'list', { signal, isFromVersion: list.error.isContinued });
    sink.replace(list.value.facts, 'pages');
    this.#hasSynced = true;
    sink.settle();
    return { type: 'listed', resourceVersion: list.value.resourceVersion, isOpen: false };
  }

  /** Null where the version is one that the server has had. It is a consistent read of one object, for which a selector would look long. */
  async #proveVersion(resourceVersion: string, signal: AbortSignal): Promise<ReflectorEvent | null> {
    const { client, resource } = this.#options;
    const body = await client.getText(`${resource.path}?limit=1`, { timeoutMs: PROOF_TIMEOUT_MS, signal });
    const page = body.ok ? parseListPage(body.value) : body;
    if (page.ok && !isOlderVersion(page.value.resourceVersion, resourceVersion)) {
      this.#isVersionInDoubt = false;
      return null;
    }
    const read: KubeFailure = page.ok ? { kind: 'rewound' } : typeof page.error === 'string' ? malformed(page.error) : page.error;
    return this.#fail(read, 'list', { signal, isFromVersion: false });
  }

  /** `resourceVersion`: where to go on; null to begin with a list, which comes as a stream. */
  async #watch(resourceVersion: string | null, signal: AbortSignal): Promise<ReflectorEvent | null> {
    const { client, clock, resource, random, sink } = this.#options;
    const seconds = WATCH_MIN_SECONDS + Math.floor(random() * (WATCH_MAX_SECONDS - WATCH_MIN_SECONDS + 1));
    const from = resourceVersion === null ? STREAM_QUERY : `resourceVersion=${encodeURIComponent(resourceVersion)}`;
    const query = `watch=1&allowWatchBookmarks=true&${from}&timeoutSeconds=${seconds}`;
    const totalMs = resource.isOptional ? OPTIONAL_TIMEOUT_MS : STREAM_LIST_MS;
    const watchdog =
      resourceVersion === null ? new Watchdog(clock, signal, totalMs, totalMs) : new Watchdog(clock, signal, WATCH_SILENCE_MS);
    const reading: Reading<FactOf[Kind]> = {
      watchdog,
      endsAt: clock.now() + seconds * 1000,
      initial: resourceVersion === null ? new InitialList() : null,
      startedAt: clock.now(),
      isTold: false,
      hasForeignBookmark: false,
    };
    this.#watchdog = watchdog;
    try {
      const stream = await client.openStream(`${resource.path}?${queryOf(resource)}${query}`, watchdog.signal);
      if (!stream.ok) return this.#endWatch(stream.error, reading, signal, false);
      if (reading.initial !== null) watchdog.limit(STREAM_SILENCE_MS, totalMs);
      else {
        this.#take({ type: 'opened' });
        sink.opened();
      }
      return this.#endWatch(await this.#readEvents(stream.value, reading), reading, signal, true);
    } finally {
      watchdog.stop();
      this.#watchdog = null;
    }
  }

  /** `failure`: null when the stream ended in order. */
  #endWatch(failure: KubeFailure | null, reading: Reading<FactOf[Kind]>, signal: AbortSignal, isAccepted: boolean): ReflectorEvent | null {
    const { clock } = this.#options;
    const { watchdog, initial, hasForeignBookmark } = reading;
    const silent: KubeFailure | null = watchdog.passedMs === null ? null : { kind: 'silent', silentMs: watchdog.passedMs };
    if (initial !== null) {
      const why = (isAccepted ? silent : null) ?? failure ?? { kind: 'malformed', detail: 'the stream ended before the list was whole' };
      return this.#endStream(why, signal, { isAccepted, isEndless: silent !== null || hasForeignBookmark });
    }
    this.#isVersionInDoubt = !(isAccepted && watchdog.isDoubted) && (failure !== null || clock.now() < reading.endsAt - EARLY_END_MS);
    // No failure: a server that was restarted sends no bookmarks of a kind until something of it changes (seen on 1.20).
    if (isAccepted && silent !== null) return { type: 'ended' };
    const lastedMs = clock.now() - reading.startedAt;
    const isShort = failure === null && !watchdog.hasHeard && lastedMs < SHORT_WATCH_MS;
    if (isAccepted && watchdog.isDoubted) return this.#endDoubted(signal);
    const why = silent ?? failure ?? (isShort ? ({ kind: 'short-watch' } as const) : null);
    return why === null ? { type: 'ended' } : this.#fail(why, 'watch', { signal, isFromVersion: true, lastedMs });
  }

  /**
   * Nothing is known to be wrong with it: an optional kind is done without only where it is not accepted again, or what it tells would
   * come and go with every answer that is late. While the doubts last, the waits grow.
   */
  #endDoubted(signal: AbortSignal): ReflectorEvent {
    if (!this.#options.resource.isOptional) return this.#fail(DOUBTED, 'watch', { signal, isFromVersion: true });
    return { type: 'failed', retryAfterMs: null, isDoubtful: false, wasHealthy: false };
  }

  /** A list that was to come as a stream did not. */
  #endStream(failure: KubeFailure, signal: AbortSignal, how: { isAccepted: boolean; isEndless: boolean }): ReflectorEvent | null {
    if (signal.aborted) return { type: 'stop' };
    const { clock, sink } = this.#options;
    this.#streams = rememberStream(this.#streams, judgeStream({ failure, ...how }), clock.now());
    const isAgain = chooseList(this.#streams, clock.now()) === 'stream';
    if (isAgain || retryAfterMsOf(failure) !== null) return this.#fail(failure, 'watch', { signal, isFromVersion: false });
    sink.unstreamed(failure);
    return null;
  }

  /** Null when the stream ended in order. */
  async #readEvents(stream: AsyncIterable<Buffer>, reading: Reading<FactOf[Kind]>): Promise<KubeFailure | null> {
    const decoder = new LineDecoder();
    try {
      for await (const chunk of stream) {
        const failure = this.#takeLines(decoder.decode(chunk), reading);
        if (reading.initial === null) this.#options.sink.settle();
        if (failure !== null) return failure;
        if (decoder.isOverlong) return { kind: 'malformed', detail: `a line longer than ${MAX_LINE_BYTES} bytes` };
      }
    } catch (error) {
      return { kind: 'unreachable', reason: formatNetworkError(error) };
    }
    return decoder.hasRest ? { kind: 'malformed', detail: 'the watch ended in the middle of a line' } : null;
  }

  #takeLines(lines: readonly string[], reading: Reading<FactOf[Kind]>): KubeFailure | null {
    for (const line of lines) {
      const parsed = parseWatchEvent(line);
      if (!parsed.ok) return { kind: 'malformed', detail: parsed.error };
      const event = parsed.value;
      if (event.type === 'error') return event.failure;
      reading.watchdog.hear();
      const failure = reading.initial === null ? this.#takeEvent(event, reading) : this.#takeInitial(event, reading, reading.initial);
      if (failure !== null) return failure;
    }
    return null;
  }

  #takeEvent(event: SoundEvent, reading: Reading<FactOf[Kind]>): KubeFailure | null {
    const { sink } = this.#options;
    if (!reading.isTold) reading.watchdog.limit(TOLD_WATCH_SILENCE_MS);
    reading.isTold = true;
    sink.heard(event.type);
    if (event.type !== 'bookmark') {
      const fact = this.#project(event.object);
      if (fact === null && event.type === 'remove') return UNKNOWN_REMOVED;
      if (fact !== null) sink[event.type](fact);
    }
    this.#take({ type: 'advanced', resourceVersion: event.resourceVersion });
    return null;
  }

  /** Of a list that is under way. The picture stays what it was until the list is whole; from then on the stream is the watch. */
  #takeInitial(event: SoundEvent, reading: Reading<FactOf[Kind]>, initial: InitialList<FactOf[Kind]>): KubeFailure | null {
    if (event.type !== 'bookmark') {
      const fact = this.#project(event.object);
      if (event.type === 'remove') {
        if (fact === null || event.key === null) return UNKNOWN_REMOVED;
        initial.remove(event.key, fact);
      } else if (event.key !== null) initial.set(event.key, fact);
      return null;
    }
    if (!event.endsList) {
      reading.hasForeignBookmark = true;
      return { kind: 'malformed', detail: 'a bookmark of a plain watch before the list was whole' };
    }
    const { clock, sink } = this.#options;
    reading.initial = null;
    reading.startedAt = clock.now();
    reading.watchdog.limit(WATCH_SILENCE_MS);
    this.#streams = rememberStream(this.#streams, 'synced', clock.now());
    sink.replace(initial.all, 'stream');
    for (const fact of initial.gone) sink.remove(fact);
    this.#hasSynced = true;
    sink.opened();
    sink.heard('bookmark');
    this.#take({ type: 'listed', resourceVersion: event.resourceVersion, isOpen: true });
    return null;
  }

  #project(object: unknown): FactOf[Kind] | null {
    const fact = this.#options.project(object);
    if (fact.ok) return fact.value;
    this.#options.sink.malformed(fact.error);
    return null;
  }

  #fail(failure: KubeFailure, verb: FailedRequest['verb'], { signal, isFromVersion, lastedMs = 0 }: FailureContext): ReflectorEvent {
    if (signal.aborted) return { type: 'stop' };
    if (isExpired(failure) && isFromVersion) return { type: 'gone' };
    const { sink, resource } = this.#options;
    sink.failed(failure, verb);
    return {
      type: 'failed',
      retryAfterMs: resource.isOptional && isWithheld(failure) ? OPTIONAL_RETRY_MS : retryAfterMsOf(failure),
      // An optional kind is left out meanwhile (U10). What was known of it must not come back before what is so now.
      isDoubtful: failure.kind === 'malformed' || failure.kind === 'rewound' || resource.isOptional,
      wasHealthy: lastedMs >= HEALTHY_WATCH_MS,
    };
  }
}

/** Whose end it was cannot be known, so only a list can tell what is still there. */
const UNKNOWN_REMOVED: KubeFailure = { kind: 'malformed', detail: 'a DELETED event of an object without identity' };

const malformed = (detail: string): KubeFailure => ({ kind: 'malformed', detail });

const DOUBTED: KubeFailure = { kind: 'unreachable', reason: 'no answer in time' };

const queryOf = ({ query }: Resource): string => (query === undefined ? '' : `${query}&`);

type SoundEvent = Exclude<WatchEvent, { readonly type: 'error' }>;

/** One connection that is being read. */
interface Reading<Fact> {
  readonly watchdog: Watchdog;
  /** When the server was asked to end it. */
  readonly endsAt: number;
  /** The list that is under way; null once it is whole, and where there was none. */
  initial: InitialList<Fact> | null;
  /** Of the watch; a list before it does not count, since it proves nothing of the watch. */
  startedAt: number;
  /** The watch itself (not the list before it) has told something. */
  isTold: boolean;
  /** A bookmark came before the list was whole, so the server did not understand what it was asked. */
  hasForeignBookmark: boolean;
}

interface FailureContext {
  readonly signal: AbortSignal;
  /** What was asked goes on from an earlier answer, which the server may have forgotten. A list from its beginning does not. */
  readonly isFromVersion: boolean;
  readonly lastedMs?: number;
}
