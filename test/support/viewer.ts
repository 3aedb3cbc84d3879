/** A viewer without a page: it reads the stream and keeps the state with core's reducer. */
import { createParser } from 'eventsource-parser';
import { applyFrame, type ClusterState, stateOf } from '../../core/cluster-state.ts';
import type { Frame, Snapshot } from '../../core/downlink.ts';
import { eventually } from './stack.ts';

export interface SeenEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
  /** `performance.now()` when it was read. */
  readonly at: number;
}

export interface Viewer {
  readonly events: readonly SeenEvent[];
  /** Null until a snapshot came. */
  readonly state: ClusterState | null;
  /** Resolves with the first event, from those seen on, that fits. */
  waitFor(fits: (event: SeenEvent) => boolean, what: string, withinMs?: number): Promise<SeenEvent>;
  /** Resolves once the state fits. */
  waitForState(fits: (state: ClusterState) => boolean, what: string, withinMs?: number): Promise<ClusterState>;
  close(): void;
}

export interface ViewerOptions {
  readonly cursor?: string;
  readonly lastEventId?: string;
  /** The stream may break off (an edge that is killed); else that fails the test. */
  readonly mayBreak?: boolean;
  /** Called as each event is read, for measurements. */
  readonly onEvent?: (event: SeenEvent) => void;
}

export async function openViewer(
  edgeUrl: string,
  cluster: string,
  { cursor, lastEventId, mayBreak = false, onEvent }: ViewerOptions = {},
): Promise<Viewer> {
  const closing = new AbortController();
  const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
  const answer = await fetch(`${edgeUrl}/api/v1/clusters/${cluster}/stream${query}`, {
    signal: closing.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  if (!answer.ok || answer.body === null) throw new Error(`The stream was refused: HTTP ${answer.status} ${await answer.text()}`);

  const events: SeenEvent[] = [];
  let state: ClusterState | null = null;
  const parser = createParser({
    onEvent: ({ event = 'message', id, data }) => {
      const seen: SeenEvent = { event, id, data: JSON.parse(data), at: performance.now() };
      events.push(seen);
      if (event === 'snapshot') state = stateOf(seen.data as Snapshot);
      if (event === 'frame' && state !== null) {
        const applied = applyFrame(state, seen.data as Frame);
        if (!applied.ok) throw new Error(`A frame that does not follow: ${state.cursor} then ${data.slice(0, 100)}`);
      }
      onEvent?.(seen);
    },
  });
  const reading = read(answer.body, (text) => parser.feed(text)).catch((error: unknown) => {
    if (!closing.signal.aborted && !mayBreak) throw error;
  });
  void reading;
  return {
    events,
    get state() {
      return state;
    },
    waitFor: async (fits, what, withinMs) => {
      const seen = await eventually(
        () => events.find(fits) ?? null,
        (event) => event !== null,
        what,
        withinMs,
      );
      if (seen === null) throw new Error(what);
      return seen;
    },
    waitForState: async (fits, what, withinMs) => {
      const fitting = await eventually(
        () => state,
        (now) => now !== null && fits(now),
        what,
        withinMs,
      );
      if (fitting === null) throw new Error(what);
      return fitting;
    },
    close: () => closing.abort(),
  };
}

async function read(body: ReadableStream<Uint8Array>, feed: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of body) feed(decoder.decode(chunk, { stream: true }));
}
