/**
 * What room and Worker say on a bridge's WebSocket. Binary messages are the viewer's bytes, cut anywhere, to be passed on as they are.
 * Text from the Worker is `ping`; text from the room is a {@link BridgePulse}: before each opening with the room's clock, and in answer to
 * each `ping`, without the clock, because that answer lies ready and is given without waking the room.
 */
import type { Pulse } from '../core/downlink.ts';
import { BRIDGE_MESSAGE_BYTES } from '../core/limits.ts';

export const BRIDGE_PING = 'ping';

/** Why a socket was closed: codes of RFC 6455, 4000 and up are an application's own. */
export const BRIDGE_CLOSE = {
  /** The viewer left. */
  left: 1000,
  /** "Service restart": the Worker ends the stream, and the viewer comes again. */
  comeAgain: 1012,
  /** The stream's time was over. */
  recycled: 4000,
  /** The viewer did not read. */
  cutOff: 4001,
} as const;

export interface BridgePulse extends Pick<Pulse, 'cursor' | 'lastHeard'> {
  /** The room's clock when this was written. */
  readonly now?: number;
  /** How many of the bytes that follow are an opening: what a viewer is sent first, which may be large. */
  readonly opening?: number;
}

export const formatBridgePulse = (pulse: BridgePulse): string => JSON.stringify(pulse);

/** From our own room, so only its shape is trusted, not checked. */
export const parseBridgePulse = (text: string): BridgePulse => JSON.parse(text) as BridgePulse;

export function* cutMessages(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += BRIDGE_MESSAGE_BYTES) yield bytes.subarray(start, start + BRIDGE_MESSAGE_BYTES);
}

/**
 * The Worker's half of a pulse: turns the room's answers into `ping` events on the room's clock. Durations come from one clock (T6), so
 * the Worker's is used only to tell how much time has passed since the room said what time it is. Pure but for what it remembers.
 */
export class BridgeClock {
  #offset = 0;

  /** Null for what comes before an opening, which only sets the clock. `now`: the Worker's clock. */
  readPulse(pulse: BridgePulse, now: number): Pulse | null {
    if (pulse.now !== undefined) {
      this.#offset = pulse.now - now;
      return null;
    }
    return { cursor: pulse.cursor, now: now + this.#offset, lastHeard: pulse.lastHeard };
  }
}
