/** A viewer's SSE response: bytes in, and cut off where nobody reads (SPEC D4). Used by the room (direct) and by the Worker (bridge). */
import { type Backlog, emptyBacklog, growBacklog, isCutOff, isReading, shrinkBacklog, type Waiting } from './backlog.ts';

/** `left`: the viewer went. `ended`: on purpose. `cut-off`: it does not read. */
export type StreamEnd = 'left' | 'ended' | 'cut-off';

export interface EventStream extends Waiting {
  readonly readable: ReadableStream<Uint8Array>;
  /** Whether something waits for the viewer, of which it took some lately. */
  readonly isReading: boolean;
  /**
   * Never waits and never throws; a viewer that does not read is cut off instead, also where nothing is written. The chunks are kept as
   * they are, so that many streams can share them.
   */
  write(chunks: readonly Uint8Array[]): void;
  /** Ends the response after what waits; the viewer connects again. */
  end(): void;
  /** Ends it without what waits, be it within an event: the viewer then takes no notice of that one, and resumes by cursor. */
  cutOff(): void;
}

export interface EventStreamOptions {
  /** The clock. */
  readonly now: () => number;
  /** The viewer's connection has taken everything and asks for more, which may be written at once. */
  readonly onDrained?: () => void;
  /** Called once, when the stream is over for whatever reason. */
  readonly onOver: (end: StreamEnd) => void;
}

/** A large chunk is given piece by piece: a slow reader is seen to read, and workerd copies what it has under way for each. */
const PIECE_BYTES = 65_536;

/**
 * The queue is ours and not the stream's, which takes a piece only when its connection asks for one: so what waits is known exactly, is
 * shared with other viewers, and is forgotten with this one. A chunk is held until the connection asks for more than it.
 */
export function openEventStream({ now, onDrained, onOver }: EventStreamOptions): EventStream {
  let backlog: Backlog = emptyBacklog(now());
  let chunks: Uint8Array[] = [];
  /** Bytes of the first chunk that were given, and of these the bytes whose piece is still on its way. */
  let given = 0;
  let underWay = 0;
  let isWanted = false;
  let isOver = false;
  let controller: ReadableStreamDefaultController<Uint8Array>;

  function over(end: StreamEnd, finish?: () => void): void {
    if (isOver) return;
    isOver = true;
    finish?.();
    chunks = [];
    onOver(end);
  }

  function give(): void {
    settlePiece();
    const [chunk] = chunks;
    isWanted = chunk === undefined;
    if (chunk === undefined) {
      onDrained?.();
      return;
    }
    const piece = chunk.byteLength <= PIECE_BYTES ? chunk : chunk.subarray(given, given + PIECE_BYTES);
    given += piece.byteLength;
    underWay = piece.byteLength;
    controller.enqueue(piece);
  }

  /** The connection asks for the next one, so it has taken the piece before. */
  function settlePiece(): void {
    if (underWay === 0) return;
    backlog = shrinkBacklog(backlog, underWay, now());
    underWay = 0;
    if (given < (chunks[0]?.byteLength ?? 0)) return;
    chunks.shift();
    given = 0;
  }

  const readable = new ReadableStream<Uint8Array>(
    {
      start: (started) => {
        controller = started;
      },
      pull: give,
      // workerd calls this at the first write after the client has left, not when it leaves.
      cancel: () => over('left'),
    },
    { highWaterMark: 0 },
  );
  // Not with an error: workerd closes the connection no sooner for it, and logs an uncaught exception each time.
  const cutOff = (): void => over('cut-off', () => controller.close());
  return {
    readable,
    get unread() {
      return isOver ? 0 : backlog.unread;
    },
    get isReading() {
      return !isOver && isReading(backlog, now());
    },
    get chunks() {
      return chunks;
    },
    write: (written) => {
      if (isOver) return;
      if (isCutOff(backlog, now())) return cutOff();
      for (const chunk of written) {
        if (chunk.byteLength === 0) continue;
        backlog = growBacklog(backlog, chunk.byteLength, now());
        chunks.push(chunk);
      }
      if (isWanted) give();
    },
    end: () =>
      over('ended', () => {
        for (const [index, chunk] of chunks.entries()) {
          const rest = index === 0 ? chunk.subarray(given) : chunk;
          if (rest.byteLength > 0) controller.enqueue(rest);
        }
        controller.close();
      }),
    cutOff,
  };
}
