/** A viewer's SSE response: bytes in, and cut off where nobody reads (SPEC D4). Used by the room (direct) and by the Worker (bridge). */
import { emptyBacklog, growBacklog, observeBacklog } from './backlog.ts';

/** How much waits in the stream before it asks its source to slow down; we have no source to slow, it only makes desiredSize bytes. */
const HIGH_WATER_BYTES = 262_144;

export interface EventStream {
  readonly readable: ReadableStream<Uint8Array>;
  /** Never waits and never throws; a viewer that does not read is cut off instead. */
  write(bytes: Uint8Array): void;
  /** Ends the response; the viewer connects again. */
  end(): void;
}

export interface EventStreamOptions {
  /** The clock. */
  readonly now: () => number;
  /** Called once, when the stream is over for whatever reason. */
  readonly onOver: () => void;
}

export function openEventStream({ now, onOver }: EventStreamOptions): EventStream {
  let backlog = emptyBacklog(now());
  let isOver = false;
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const over = (end?: () => void): void => {
    if (isOver) return;
    isOver = true;
    end?.();
    onOver();
  };
  const readable = new ReadableStream<Uint8Array>(
    {
      start: (started) => {
        controller = started;
      },
      // workerd calls this at the first write after the client has left, not when it leaves.
      cancel: () => over(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }),
  );
  const unread = (): number => HIGH_WATER_BYTES - (controller.desiredSize ?? HIGH_WATER_BYTES);
  return {
    readable,
    write: (bytes) => {
      if (isOver) return;
      const observed = observeBacklog(backlog, unread(), now());
      if (observed.cutOff) {
        // error() and not close(): close would first deliver what waits.
        over(() => controller.error(new Error('the viewer does not read')));
        return;
      }
      backlog = growBacklog(observed.backlog, bytes.byteLength);
      controller.enqueue(bytes);
    },
    end: () => over(() => controller.close()),
  };
}
