/** The Worker's end of a bridge: holds a viewer's stream and passes on what the room sends on a WebSocket (architecture.md 5). */
import { PING_INTERVAL_MS } from '../core/limits.ts';
import { isOverShare } from './backlog.ts';
import { BRIDGE_CLOSE, BRIDGE_PING, BridgeClock, parseBridgePulse } from './bridge-protocol.ts';
import { openEventStream, type StreamEnd } from './event-stream.ts';
import { isLifeOver, streamEndsAt } from './recycle.ts';
import { encodeText, formatOpening, formatPulseEvent, STREAM_HEADERS } from './sse.ts';

const CLOSE_OF: Record<StreamEnd, number> = { left: BRIDGE_CLOSE.left, ended: BRIDGE_CLOSE.left, 'cut-off': BRIDGE_CLOSE.cutOff };

/** Bytes that wait for viewers in this Worker, as each was last seen. A request may not touch another's stream, so each ends only its own. */
let heldBytes = 0;

/** `socket` is not accepted yet. `now`: this Worker's clock; `random` is in [0, 1). */
export function bridgeResponse(socket: WebSocket, now: () => number, random: () => number): Response {
  const clock = new BridgeClock();
  const endsAt = streamEndsAt(now(), random());
  let isAnswerDue = false;
  let openingLeft = 0;
  let counted = 0;
  const stream = openEventStream({
    now,
    onOver: (end) => {
      count();
      clearInterval(pinging);
      closeQuietly(socket, CLOSE_OF[end]);
    },
  });
  function count(): void {
    heldBytes += stream.unread - counted;
    counted = stream.unread;
  }
  function write(bytes: Uint8Array, isOpening = false): void {
    count();
    if (isOverShare(stream.unread, heldBytes)) stream.cutOff();
    stream.write([bytes], isOpening);
    count();
  }
  const pinging = setInterval(() => {
    if (isLifeOver(endsAt, now())) {
      write(encodeText(formatOpening(random())));
      closeQuietly(socket, BRIDGE_CLOSE.recycled);
      return stream.end();
    }
    // A room that is gone must not be hidden by a Worker that lives (D3): without an answer by the next ping the viewer is sent away.
    if (isAnswerDue) return stream.end();
    isAnswerDue = true;
    try {
      socket.send(BRIDGE_PING);
    } catch {
      stream.end();
    }
  }, PING_INTERVAL_MS);
  // Blob is the standard's default, and its bytes come only later.
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string') {
      const bytes = new Uint8Array(data as ArrayBuffer);
      write(bytes, openingLeft > 0);
      openingLeft -= bytes.byteLength;
      return;
    }
    const said = parseBridgePulse(data);
    if (said.opening !== undefined) openingLeft = said.opening;
    const pulse = clock.readPulse(said, now());
    if (pulse === null) return;
    isAnswerDue = false;
    write(encodeText(formatPulseEvent('ping', pulse)));
  });
  socket.addEventListener('close', () => stream.end());
  socket.addEventListener('error', () => stream.end());
  socket.accept();
  return new Response(stream.readable, { headers: STREAM_HEADERS });
}

function closeQuietly(socket: WebSocket, code: number): void {
  try {
    socket.close(code);
  } catch {
    // Closed already, by the room.
  }
}
