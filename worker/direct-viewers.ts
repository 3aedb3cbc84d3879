/** The viewers whose responses the object holds itself. It is awake while there are any. */
import type { Pulse } from '../core/downlink.ts';
import { PING_INTERVAL_MS, VIEWER_WINDOW_BYTES, VIEWERS_BUFFER_BYTES } from '../core/limits.ts';
import { heldBytes, isBehind, selectFurthestBehind } from './backlog.ts';
import { type EventStream, openEventStream, type StreamEnd } from './event-stream.ts';
import { isLifeOver, streamEndsAt } from './recycle.ts';
import { encodeText, formatOpening, formatPulseEvent, STREAM_HEADERS } from './sse.ts';
import type { Select, Viewer } from './viewers.ts';

export interface DirectViewersOptions {
  readonly ctx: DurableObjectState;
  readonly now: () => number;
  readonly random: () => number;
  /** What a ping says: the cursor is that of the last frame that was sent. */
  readonly pulse: () => Pulse;
  /** Whether frames are owed to it, so that no pulse may tell it where the others are (D3). */
  readonly isLagging: (viewer: Viewer) => boolean;
  /** What a viewer is due that has taken all it had. */
  readonly catchUp: (viewer: Viewer, audience: string) => readonly Uint8Array[];
}

interface Held {
  readonly audience: string;
  readonly endsAt: number;
}

export class DirectViewers {
  readonly #options: DirectViewersOptions;
  readonly #streams = new Map<EventStream, Held>();
  #pinging: ReturnType<typeof setInterval> | undefined;
  /** Writes happen in order, each after the storage before it is durable. */
  #tail: Promise<void> = Promise.resolve();
  cutOff = 0;
  recycled = 0;

  constructor(options: DirectViewersOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#streams.size;
  }

  get heldBytes(): number {
    return heldBytes([...this.#streams.keys()]);
  }

  /** Whether most of them are still reading what was sent. */
  get isBusy(): boolean {
    let reading = 0;
    for (const stream of this.#streams.keys()) if (stream.isReading) reading += 1;
    return reading * 2 > this.#streams.size;
  }

  attach(opening: readonly Uint8Array[], audience: string): { viewer: Viewer; response: Response } {
    const { now, random, catchUp } = this.#options;
    const stream: EventStream = openEventStream({
      now,
      onDrained: () => {
        const chunks = catchUp(stream, audience);
        if (chunks.length > 0) this.#writeWhenDurable([{ stream, chunks }]);
      },
      onOver: (end) => this.#detach(stream, end),
    });
    stream.write(opening);
    this.#streams.set(stream, { audience, endsAt: streamEndsAt(now(), random()) });
    this.#bound();
    // A viewer that has left is only noticed at a write, so the ping is also what finds it.
    this.#pinging ??= setInterval(() => this.#ping(), PING_INTERVAL_MS);
    return { viewer: stream, response: new Response(stream.readable, { headers: STREAM_HEADERS }) };
  }

  send(select: Select): void {
    if (this.#streams.size === 0) return;
    this.#writeWhenDurable(
      [...this.#streams].map(([stream, { audience }]) => ({
        stream,
        chunks: select({ viewer: stream, audience, isBehind: isBehind(stream, VIEWER_WINDOW_BYTES) }),
      })),
    );
  }

  endAll(): void {
    for (const stream of [...this.#streams.keys()]) stream.end();
  }

  #ping(): void {
    const { now, random, pulse, isLagging } = this.#options;
    for (const [stream, { endsAt }] of [...this.#streams]) {
      if (!isLifeOver(endsAt, now())) continue;
      stream.write([encodeText(formatOpening(random()))]);
      stream.end();
      this.recycled += 1;
    }
    const ping = [encodeText(formatPulseEvent('ping', pulse()))];
    this.send(({ viewer }) => (isLagging(viewer) ? [] : ping));
  }

  /** Sockets' messages wait for durability by themselves (the output gate); the body of a response does not. */
  #writeWhenDurable(due: readonly { readonly stream: EventStream; readonly chunks: readonly Uint8Array[] }[]): void {
    const durable = this.#options.ctx.storage.sync();
    this.#tail = this.#tail
      .then(() => durable)
      .then(
        () => {
          // Where there is nothing for one, it is still looked at whether it reads.
          for (const { stream, chunks } of due) stream.write(chunks);
          this.#bound();
        },
        () => {
          for (const { stream } of due) stream.end();
        },
      );
  }

  /** What waits for all of them together is bounded too: the object's memory is everybody's. */
  #bound(): void {
    for (const stream of selectFurthestBehind([...this.#streams.keys()], VIEWERS_BUFFER_BYTES)) stream.cutOff();
  }

  #detach(stream: EventStream, end: StreamEnd): void {
    if (end === 'cut-off') this.cutOff += 1;
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    if (this.#pinging !== undefined) clearInterval(this.#pinging);
    this.#pinging = undefined;
  }
}
