/** The Worker's end of a bridge: holds a viewer's stream and passes on what the room sends on a WebSocket (architecture.md 5). */
import { PING_INTERVAL_MS } from '../core/limits.ts';
import { BRIDGE_PING, BridgeClock, parseBridgePulse } from './bridge-protocol.ts';
import { openEventStream } from './event-stream.ts';
import { encodeText, formatPulseEvent, STREAM_HEADERS } from './sse.ts';

/** `socket` is not accepted yet. `now`: this Worker's clock. */
export function bridgeResponse(socket: WebSocket, now: () => number): Response {
  const clock = new BridgeClock();
  let isAnswerDue = false;
  const stream = openEventStream({
    now,
    onOver: () => {
      clearInterval(pinging);
      closeQuietly(socket);
    },
  });
  // A room that is gone must not be hidden by a Worker that lives (D3): without an answer by the next ping the viewer is sent away.
  const pinging = setInterval(() => {
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
    if (typeof data !== 'string') return stream.write(new Uint8Array(data as ArrayBuffer));
    isAnswerDue = false;
    const pulse = clock.readPulse(parseBridgePulse(data), now());
    if (pulse !== null) stream.write(encodeText(formatPulseEvent('ping', pulse)));
  });
  socket.addEventListener('close', () => stream.end());
  socket.addEventListener('error', () => stream.end());
  socket.accept();
  return new Response(stream.readable, { headers: STREAM_HEADERS });
}

function closeQuietly(socket: WebSocket): void {
  try {
    socket.close(1000);
  } catch {
    // Closed already, by the room.
  }
}
