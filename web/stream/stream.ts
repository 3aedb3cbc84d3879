/**
 * The page's connection, to one cluster or to the fleet: the shell that runs connection-state.ts on fetch, EventSource and timers.
 * One stream at a time; the browser's own reconnecting is never used, because it neither backs off nor tells the status.
 */
import type { Frame, Pulse, Snapshot } from '../../core/downlink.ts';
import { STREAM_SILENT_AFTER_MS } from '../../core/limits.ts';
import type { ClusterName } from '../../core/model.ts';
import type { ProgressEvent } from '../../core/progress.ts';
import type { Result } from '../../core/result.ts';
import type { Failure } from './answer.ts';
import { fetchSnapshot, streamAddress } from './api.ts';
import { type ConnectionEvent, type ConnectionState, INITIAL_CONNECTION, nextConnection } from './connection-state.ts';
import { type AwaitedHead, checkHead } from './head-watch.ts';
import { readJson } from './read-json.ts';

/** A stream that was opened and has said nothing for this long is taken for dead: the server speaks at once. */
export const OPENING_SILENT_AFTER_MS = 10_000;

/** What is streamed. */
export interface StreamSource<Whole> {
  /** Null where nothing has changed since the cursor. */
  fetchSnapshot(cursor: string | null, signal: AbortSignal, drift: string | null): Promise<Result<Whole | null, Failure>>;
  /** Goes on from the cursor; null: from a snapshot. */
  open(cursor: string | null): EventSource;
}

export const clusterSource = (cluster: ClusterName): StreamSource<Snapshot> => ({
  fetchSnapshot: (cursor, signal, drift) => fetchSnapshot(cluster, cursor, signal, drift),
  open: (cursor) => new EventSource(streamAddress(cluster, cursor)),
});

/** Where what arrives goes. */
export interface StreamReader<Whole, Change> {
  /** The cursor of the picture that is held. */
  cursor(): string | null;
  /** How the picture that is held differs from what the room says it is (D6), until a snapshot replaces it; null: it does not. */
  drift(): string | null;
  readSnapshot(snapshot: Whole): void;
  readFrame(frame: Change): Result<unknown, 'gap'>;
  readPulse(pulse: Pulse): void;
  readProgress(event: ProgressEvent): void;
  readState(state: ConnectionState): void;
}

/** The parts of the browser it stands on, so that a test can stand in for them. */
export interface StreamPlatform {
  /** A steady clock, in milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
}

export const BROWSER_PLATFORM: StreamPlatform = {
  now: () => performance.now(),
  random: Math.random,
};

export interface Stream {
  /** Closes the connection until {@link Stream.show}. */
  hide(): void;
  show(): void;
  /** The machine slept, or the timers did: what the stream says of itself cannot be trusted. */
  distrust(): void;
  /** The picture is not what it should be: it is fetched anew. */
  doubt(): void;
  /** What it was refused for is settled. */
  admit(): void;
  close(): void;
}

export function openStream<Whole = Snapshot, Change = Frame>(
  streamed: StreamSource<Whole>,
  reader: StreamReader<Whole, Change>,
  platform: StreamPlatform = BROWSER_PLATFORM,
): Stream {
  let state: ConnectionState = INITIAL_CONNECTION;
  let awaited: AwaitedHead = null;
  let source: EventSource | null = null;
  let request: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function advance(event: ConnectionEvent): void {
    const next = nextConnection(state, event, { now: platform.now(), random: platform.random() });
    if (next === state) return;
    const isSameSource = next.name === 'live';
    state = next;
    if (!isSameSource) release();
    reader.readState(state);
    enter();
  }

  function enter(): void {
    if (state.name === 'loading') void load();
    else if (state.name === 'opening') open();
    else if (state.name === 'live') expectWithin(STREAM_SILENT_AFTER_MS);
    else if (state.name === 'reconnecting') timer = setTimeout(() => advance({ name: 'retry' }), state.until - platform.now());
  }

  function release(): void {
    clearTimeout(timer);
    source?.close();
    source = null;
    request?.abort();
    request = null;
    awaited = null;
  }

  function expectWithin(silentAfterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => advance({ name: 'silent' }), silentAfterMs);
  }

  async function load(): Promise<void> {
    const own = new AbortController();
    request = own;
    const answer = await streamed.fetchSnapshot(reader.cursor(), own.signal, reader.drift());
    if (own.signal.aborted) return;
    if (answer.ok) {
      try {
        if (answer.value !== null) reader.readSnapshot(answer.value);
      } catch {
        // JSON, but no snapshot: whatever answered here is not Hostview.
        return advance({ name: 'load-failed', trouble: 'server' });
      }
      advance({ name: 'loaded' });
    } else if (answer.error.kind === 'refused') {
      const { refusal, detail } = answer.error;
      advance({ name: 'refused', refusal, detail });
    } else {
      advance({ ...answer.error, name: 'load-failed' });
    }
  }

  function open(): void {
    const own = streamed.open(reader.cursor());
    source = own;
    expectWithin(OPENING_SILENT_AFTER_MS);
    own.onerror = () => advance({ name: 'broken' });
    listen<Whole>(own, 'snapshot', (snapshot) => reader.readSnapshot(snapshot));
    listen<Change>(own, 'frame', (frame) => {
      if (!reader.readFrame(frame).ok) advance({ name: 'gap' });
    });
    listen<Pulse>(own, 'heard', readPulse);
    listen<Pulse>(own, 'ping', readPulse);
    listen<ProgressEvent>(own, 'progress', reader.readProgress);
  }

  function readPulse(pulse: Pulse): void {
    reader.readPulse(pulse);
    const check = checkHead(awaited, reader.cursor(), pulse.cursor);
    awaited = check.awaited;
    if (check.isLost) advance({ name: 'gap' });
  }

  function listen<Data>(own: EventSource, name: string, read: (data: Data) => void): void {
    own.addEventListener(name, (event: MessageEvent<string>) => {
      // An event that was already queued when the stream was closed still arrives; it belongs to nobody.
      if (source !== own) return;
      const data = parse<Data>(event.data);
      if (data === undefined) return advance({ name: 'gap' });
      advance({ name: 'heard' });
      expectWithin(STREAM_SILENT_AFTER_MS);
      read(data);
    });
  }

  reader.readState(state);
  enter();
  return {
    hide: () => advance({ name: 'hide' }),
    show: () => advance({ name: 'show' }),
    distrust: () => advance({ name: 'silent' }),
    doubt: () => advance({ name: 'gap' }),
    admit: () => advance({ name: 'admitted' }),
    close: () => {
      state = { name: 'suspended', next: 'load' };
      release();
    },
  };
}

function parse<Data>(text: string): Data | undefined {
  try {
    return readJson<Data>(text);
  } catch {
    return undefined;
  }
}
