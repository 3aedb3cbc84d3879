/** The viewers whose responses Workers hold, each behind a hibernatable WebSocket: with only these the object may sleep. */
import type { Pulse } from '../core/downlink.ts';
import { VIEWER_BUFFER_BYTES } from '../core/limits.ts';
import { BRIDGE_CLOSE, BRIDGE_PING, cutMessages, formatBridgePulse, parseBridgePulse } from './bridge-protocol.ts';
import type { Select, Viewer } from './viewers.ts';

export interface BridgeViewersOptions {
  readonly ctx: DurableObjectState;
  /** What a ping is answered with: the cursor is that of the last frame that was sent. */
  readonly pulse: () => Pulse;
}

/** What outlives hibernation with a socket. */
interface Attachment {
  readonly audience: string;
  /** Bytes of its newest opening. */
  readonly opening: number;
}

export class BridgeViewers {
  readonly #ctx: DurableObjectState;
  readonly #pulse: () => Pulse;
  readonly #attachments = new WeakMap<WebSocket, Attachment>();
  cutOff = 0;
  recycled = 0;

  constructor({ ctx, pulse }: BridgeViewersOptions) {
    this.#ctx = ctx;
    this.#pulse = pulse;
  }

  get count(): number {
    return this.#ctx.getWebSockets().length;
  }

  attach(opening: readonly Uint8Array[], audience: string): { viewer: Viewer; response: Response } {
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server);
    this.offerPulseWhenDurable();
    this.#write(server, opening, { audience, opening: byteLengthOf(opening) });
    return { viewer: server, response: new Response(null, { status: 101, webSocket: client }) };
  }

  send(select: Select, isOpening: boolean): void {
    for (const socket of this.#ctx.getWebSockets()) {
      const { audience } = this.#attachmentOf(socket);
      const chunks = select(socket, audience);
      if (chunks.length === 0) continue;
      try {
        if (this.#isBehind(socket)) this.#cut(socket);
        else this.#write(socket, chunks, isOpening ? { audience, opening: byteLengthOf(chunks) } : null);
      } catch {
        // Closed meanwhile; the runtime forgets it.
      }
    }
  }

  endAll(): void {
    for (const socket of this.#ctx.getWebSockets()) closeQuietly(socket, BRIDGE_CLOSE.comeAgain);
  }

  noteClosed(code: number): void {
    if (code === BRIDGE_CLOSE.cutOff) this.cutOff += 1;
    else if (code === BRIDGE_CLOSE.recycled) this.recycled += 1;
  }

  /**
   * What a bridge's ping is answered with, without waking the object (D3). Not before the storage is durable, or the answer could name a
   * cursor whose frame still waits behind the output gate.
   */
  offerPulseWhenDurable(): void {
    if (this.count === 0) return;
    void this.#ctx.storage.sync().then(
      () => this.#offerPulse(),
      () => {},
    );
  }

  /** The cursor that the offered pulse names: what all sockets have been sent. Undefined where none lies ready. */
  offeredCursor(): string | null | undefined {
    const offered = this.#ctx.getWebSocketAutoResponse();
    return offered === null ? undefined : parseBridgePulse(offered.response).cursor;
  }

  #offerPulse(): void {
    const { cursor, lastHeard } = this.#pulse();
    this.#ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(BRIDGE_PING, formatBridgePulse({ cursor, lastHeard })));
  }

  #write(socket: WebSocket, chunks: readonly Uint8Array[], opening: Attachment | null): void {
    if (opening !== null) {
      socket.serializeAttachment(opening);
      this.#attachments.set(socket, opening);
      socket.send(formatBridgePulse({ ...this.#pulse(), opening: opening.opening }));
    }
    for (const chunk of chunks) for (const message of cutMessages(chunk)) socket.send(message);
  }

  /** The backlog of a viewer that does not read is in the Worker; this is for a Worker that does not. */
  #isBehind(socket: WebSocket): boolean {
    return socket.bufferedAmount > VIEWER_BUFFER_BYTES + this.#attachmentOf(socket).opening;
  }

  #cut(socket: WebSocket): void {
    this.cutOff += 1;
    closeQuietly(socket, BRIDGE_CLOSE.comeAgain);
  }

  #attachmentOf(socket: WebSocket): Attachment {
    const known = this.#attachments.get(socket);
    if (known !== undefined) return known;
    const attachment = (socket.deserializeAttachment() as Attachment | null) ?? { audience: '', opening: 0 };
    this.#attachments.set(socket, attachment);
    return attachment;
  }
}

const byteLengthOf = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);

function closeQuietly(socket: WebSocket, code: number): void {
  try {
    socket.close(code, 'come again');
  } catch {
    // Closed already.
  }
}
