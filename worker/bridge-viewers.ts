/** The viewers whose responses Workers hold, each behind a hibernatable WebSocket: with only these the object may sleep. */
import type { Pulse } from '../core/downlink.ts';
import { VIEWER_STALL_MS, VIEWER_WINDOW_BYTES } from '../core/limits.ts';
import {
  BRIDGE_BEHIND,
  BRIDGE_CLOSE,
  BRIDGE_PING,
  BRIDGE_READY,
  type BridgePulse,
  cutMessages,
  formatBridgePulse,
  parseBridgePulse,
} from './bridge-protocol.ts';
import type { Select, Viewer } from './viewers.ts';

export interface BridgeViewersOptions {
  readonly ctx: DurableObjectState;
  readonly now: () => number;
  /** What a ping is answered with: the cursor is that of the last frame that was sent. */
  readonly pulse: () => Pulse;
  /** What a viewer is due that has taken all it had. */
  readonly catchUp: (viewer: Viewer, audience: string) => readonly Uint8Array[];
}

/** What outlives hibernation with a socket. */
interface Attachment {
  readonly audience: string;
  /** Its Worker says that the viewer has too much to take. */
  readonly isBehind: boolean;
}

export class BridgeViewers {
  readonly #ctx: DurableObjectState;
  readonly #now: () => number;
  readonly #pulse: () => Pulse;
  readonly #catchUp: BridgeViewersOptions['catchUp'];
  readonly #attachments = new WeakMap<WebSocket, Attachment>();
  /** Since when a Worker has been seen not to take what it was sent. */
  readonly #stuckSince = new WeakMap<WebSocket, number>();
  cutOff = 0;
  recycled = 0;

  constructor({ ctx, now, pulse, catchUp }: BridgeViewersOptions) {
    this.#ctx = ctx;
    this.#now = now;
    this.#pulse = pulse;
    this.#catchUp = catchUp;
  }

  get count(): number {
    return this.#ctx.getWebSockets().length;
  }

  attach(opening: readonly Uint8Array[], audience: string): { viewer: Viewer; response: Response } {
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server);
    this.offerPulseWhenDurable();
    this.#attachTo(server, { audience, isBehind: false });
    server.send(this.#clock());
    write(server, opening);
    return { viewer: server, response: new Response(null, { status: 101, webSocket: client }) };
  }

  /** Whether most of them still wait for what was sent, or their Workers hold it. */
  get isBusy(): boolean {
    const sockets = this.#ctx.getWebSockets();
    const busy = sockets.filter((socket) => socket.bufferedAmount > 0 || this.#attachmentOf(socket).isBehind);
    return busy.length * 2 > sockets.length;
  }

  send(select: Select): void {
    for (const socket of this.#ctx.getWebSockets()) {
      const { audience, isBehind } = this.#attachmentOf(socket);
      const isStuck = this.#isStuck(socket);
      const chunks = select({ viewer: socket, audience, isBehind: isBehind || isStuck });
      if (isStuck && this.#now() - (this.#stuckSince.get(socket) ?? 0) > VIEWER_STALL_MS) this.#cut(socket);
      else writeQuietly(socket, chunks);
    }
  }

  /** Sends what those lack whose Workers have taken what they were sent; false where some have not, who will not say when they have. */
  catchUpStuck(): boolean {
    let isDone = true;
    for (const socket of this.#ctx.getWebSockets()) {
      const { audience, isBehind } = this.#attachmentOf(socket);
      if (this.#isStuck(socket)) isDone = false;
      else if (!isBehind) writeQuietly(socket, this.#catchUp(socket, audience));
    }
    return isDone;
  }

  /** Those whose Workers have said so, be it to an object before this one. */
  behind(): WebSocket[] {
    return this.#ctx.getWebSockets().filter((socket) => this.#attachmentOf(socket).isBehind);
  }

  noteSaid(socket: WebSocket, text: string): void {
    const { audience } = this.#attachmentOf(socket);
    try {
      if (text === BRIDGE_BEHIND) this.#attachTo(socket, { audience, isBehind: true });
      if (text !== BRIDGE_READY) return;
      this.#attachTo(socket, { audience, isBehind: false });
      write(socket, this.#catchUp(socket, audience));
      socket.send(this.#clock({ caughtUp: true }));
    } catch {
      // Closed meanwhile.
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

  #clock(more: Pick<BridgePulse, 'caughtUp'> = {}): string {
    return formatBridgePulse({ ...this.#pulse(), ...more });
  }

  /** What waits for a viewer that does not read is in the Worker; this is for a Worker that does not. */
  #isStuck(socket: WebSocket): boolean {
    const isStuck = socket.bufferedAmount > VIEWER_WINDOW_BYTES;
    if (!isStuck) this.#stuckSince.delete(socket);
    else if (!this.#stuckSince.has(socket)) this.#stuckSince.set(socket, this.#now());
    return isStuck;
  }

  #cut(socket: WebSocket): void {
    this.cutOff += 1;
    closeQuietly(socket, BRIDGE_CLOSE.comeAgain);
  }

  #attachTo(socket: WebSocket, attachment: Attachment): void {
    socket.serializeAttachment(attachment);
    this.#attachments.set(socket, attachment);
  }

  #attachmentOf(socket: WebSocket): Attachment {
    const known = this.#attachments.get(socket);
    if (known !== undefined) return known;
    const attachment = { audience: '', isBehind: false, ...(socket.deserializeAttachment() as Partial<Attachment> | null) };
    this.#attachments.set(socket, attachment);
    return attachment;
  }
}

function writeQuietly(socket: WebSocket, chunks: readonly Uint8Array[]): void {
  try {
    write(socket, chunks);
  } catch {
    // Closed meanwhile; the runtime forgets it.
  }
}

function write(socket: WebSocket, chunks: readonly Uint8Array[]): void {
  for (const chunk of chunks) for (const message of cutMessages(chunk)) socket.send(message);
}

function closeQuietly(socket: WebSocket, code: number): void {
  try {
    socket.close(code, 'come again');
  } catch {
    // Closed already.
  }
}
