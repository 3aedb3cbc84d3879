/** The Worker's end of a bridge: holds a viewer's stream and passes on what the room sends on a WebSocket (architecture.md 5). */
import { PING_INTERVAL_MS } from '../core/limits.ts';
import { bridgeWindowBytes, isBehind, isOverShare } from './backlog.ts';
import { BRIDGE_BEHIND, BRIDGE_CLOSE, BRIDGE_PING, BRIDGE_READY, BridgeClock, parseBridgePulse } from './bridge-protocol.ts';
import { openEventStream, type StreamEnd } from './event-stream.ts';
import { isLifeOver, streamEndsAt } from './recycle.ts';
import { encodeText, formatOpening, formatPulseEvent, STREAM_HEADERS } from './sse.ts';

const CLOSE_OF: Record<StreamEnd, number> = { left: BRIDGE_CLOSE.left, ended: BRIDGE_CLOSE.left, 'cut-off': BRIDGE_CLOSE.cutOff };

/** Bytes that wait for viewers in this Worker, as each was last seen. A request may not touch another's stream, so each ends only its own. */
let heldBytes = 0;
let openStreams = 0;

/** `socket` is not accepted yet. `now`: this Worker's clock; `random` is in [0, 1). */
export function bridgeResponse(socket: WebSocket, now: () => number, random: () => number): Response {
  const clock = new BridgeClock();
  const endsAt = streamEndsAt(now(), random());
  let isAnswerDue = false;
  /** What the room was told of the viewer last; null once it has said that the viewer has caught up. */
  let told: typeof BRIDGE_BEHIND | typeof BRIDGE_READY | null = null;
  let counted = 0;
  const stream = openEventStream({
    now,
    onDrained: () => {
      if (told === BRIDGE_BEHIND) tell(BRIDGE_READY);
    },
    onOver: (end) => {
      count();
      openStreams -= 1;
      clearInterval(pinging);
      closeQuietly(socket, CLOSE_OF[end]);
    },
  });
  openStreams += 1;
  function count(): void {
    heldBytes += stream.unread - counted;
    counted = stream.unread;
  }
  function write(bytes: readonly Uint8Array[]): void {
    count();
    if (isOverShare(stream, heldBytes)) stream.cutOff();
    if (told === null && isBehind(stream, bridgeWindowBytes(openStreams))) tell(BRIDGE_BEHIND);
    stream.write(bytes);
    count();
  }
  function tell(state: typeof BRIDGE_BEHIND | typeof BRIDGE_READY): void {
    told = state;
    say(state);
  }
  function say(text: string): void {
    try {
      socket.send(text);
    } catch {
      stream.end();
    }
  }
  const pinging = setInterval(() => {
    if (isLifeOver(endsAt, now())) {
      write([encodeText(formatOpening(random()))]);
      closeQuietly(socket, BRIDGE_CLOSE.recycled);
      return stream.end();
    }
    // A room that is gone must not be hidden by a Worker that lives (D3): without an answer by the next ping the viewer is sent away.
    if (isAnswerDue) return stream.end();
    isAnswerDue = true;
    say(BRIDGE_PING);
  }, PING_INTERVAL_MS);
  // Blob is the standard's default, and its bytes come only later.
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string') return write([new Uint8Array(data as ArrayBuffer)]);
    const said = parseBridgePulse(data);
    if (said.caughtUp) told = null;
    const pulse = clock.readPulse(said, now());
    if (pulse === null) return;
    isAnswerDue = false;
    // No pulse names a cursor whose frame still waits (D3). Where nothing is written it is still looked at whether the viewer reads.
    write(told !== null ? [] : [encodeText(formatPulseEvent('ping', pulse))]);
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
