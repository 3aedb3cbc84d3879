/**
 * The viewers of a room, in both ways they are attached (architecture.md 5):
 *   direct  the room holds the viewer's response
 *   bridge  a Worker holds it, and a hibernatable WebSocket leads here
 * Which one is the Worker's choice; the room serves both alike. Attaching sends what the viewer is due in the same turn, so that no
 * frame can fall between.
 */
import type { Pulse } from '../core/downlink.ts';
import { MAX_VIEWERS_PER_CLUSTER_COUNT, PING_INTERVAL_MS, VIEWER_BUFFER_BYTES } from '../core/limits.ts';
import { BRIDGE_PING, cutMessages, formatBridgePulse } from './bridge-protocol.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import { encodeText, formatPulseEvent, STREAM_HEADERS } from './sse.ts';

export interface ViewersOptions {
  readonly ctx: DurableObjectState;
  readonly now: () => number;
  /** The room's pulse at the time of asking. */
  readonly pulse: () => Pulse;
}

/** Codes of RFC 6455: "service restart", so that the Worker ends the stream and the viewer comes again. */
const CLOSE_COME_AGAIN = 1012;

export class Viewers {
  readonly #ctx: DurableObjectState;
  readonly #now: () => number;
  readonly #pulse: () => Pulse;
  readonly #direct = new Set<EventStream>();
  #pinging: ReturnType<typeof setInterval> | undefined;
  /** Writes to direct viewers happen in order, each after the storage before it is durable. */
  #tail: Promise<void> = Promise.resolve();

  constructor({ ctx, now, pulse }: ViewersOptions) {
    this.#ctx = ctx;
    this.#now = now;
    this.#pulse = pulse;
  }

  get count(): number {
    return this.#direct.size + this.#ctx.getWebSockets().length;
  }

  get isFull(): boolean {
    return this.count >= MAX_VIEWERS_PER_CLUSTER_COUNT;
  }

  attachDirect(due: Uint8Array): Response {
    const stream = openEventStream({ now: this.#now, onOver: () => this.#detach(stream) });
    stream.write(due);
    this.#direct.add(stream);
    // A viewer that has left is only noticed at a write, so the ping is also what finds it. The room is awake anyway while it holds streams.
    this.#pinging ??= setInterval(() => this.#send(encodeText(formatPulseEvent('ping', this.#pulse()))), PING_INTERVAL_MS);
    return new Response(stream.readable, { headers: STREAM_HEADERS });
  }

  attachBridge(due: Uint8Array): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server);
    this.#offerPulseWhenDurable();
    server.send(formatBridgePulse(this.#pulse()));
    for (const message of cutMessages(due)) server.send(message);
    return new Response(null, { status: 101, webSocket: client });
  }

  broadcast(text: string): void {
    if (this.count === 0) return;
    this.tell(text);
    this.#offerPulseWhenDurable();
  }

  /** As broadcast, of what changes nothing: the room's pulse stays what it was. */
  tell(text: string): void {
    if (this.count === 0) return;
    const bytes = encodeText(text);
    for (const socket of this.#ctx.getWebSockets()) sendTo(socket, bytes);
    this.#send(bytes);
  }

  /** Ends all streams; the viewers connect again and learn what there is then. */
  endAll(): void {
    for (const socket of this.#ctx.getWebSockets()) closeQuietly(socket);
    for (const stream of [...this.#direct]) stream.end();
  }

  /** Not before, or the answer to a ping could name a cursor whose frame still waits behind the output gate. */
  #offerPulseWhenDurable(): void {
    void this.#ctx.storage.sync().then(
      () => this.#offerPulse(),
      () => {},
    );
  }

  /** What a bridge's ping is answered with, without waking the room (D3). */
  #offerPulse(): void {
    if (this.#ctx.getWebSockets().length === 0) return;
    const { cursor, lastHeard } = this.#pulse();
    this.#ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(BRIDGE_PING, formatBridgePulse({ cursor, lastHeard })));
  }

  /** Sockets' messages wait for durability by themselves (the output gate); the body of a response does not. */
  #send(bytes: Uint8Array): void {
    if (this.#direct.size === 0) return;
    const streams = [...this.#direct];
    const durable = this.#ctx.storage.sync();
    this.#tail = this.#tail
      .then(() => durable)
      .then(
        () => {
          for (const stream of streams) stream.write(bytes);
        },
        () => {
          for (const stream of streams) stream.end();
        },
      );
  }

  #detach(stream: EventStream): void {
    this.#direct.delete(stream);
    if (this.#direct.size > 0) return;
    if (this.#pinging !== undefined) clearInterval(this.#pinging);
    this.#pinging = undefined;
  }
}

function sendTo(socket: WebSocket, bytes: Uint8Array): void {
  try {
    // The backlog of a viewer that does not read is in the Worker; this is for a Worker that does not.
    if (socket.bufferedAmount > VIEWER_BUFFER_BYTES) closeQuietly(socket);
    else for (const message of cutMessages(bytes)) socket.send(message);
  } catch {
    // Closed meanwhile; the runtime forgets it.
  }
}

function closeQuietly(socket: WebSocket): void {
  try {
    socket.close(CLOSE_COME_AGAIN, 'come again');
  } catch {
    // Closed already.
  }
}
