/**
 * What room and Worker say on a bridge's WebSocket. Binary messages are the viewer's bytes, cut anywhere, to be passed on as they are.
 * Text from the room is a {@link BridgePulse}: before an opening with the room's clock, and in answer to each `ping`, without the clock,
 * because that answer lies ready and is given without waking the room. Text from the Worker is one of
 *   ping    whether the room is there, and where it is
 *   behind  the viewer has too much to take: no more frames, please
 *   ready   it has taken it: what it lacks now comes, and then a pulse that says `caughtUp`
 */
import type { Pulse } from '../core/downlink.ts';
import { BRIDGE_MESSAGE_BYTES } from '../core/limits.ts';

export const BRIDGE_PING = 'ping';
export const BRIDGE_BEHIND = 'behind';
export const BRIDGE_READY = 'ready';

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
  /** All that the viewer lacked when it was ready has been sent. */
  readonly caughtUp?: true;
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

  /** Null for what only sets the clock. `now`: the Worker's clock. */
  readPulse(pulse: BridgePulse, now: number): Pulse | null {
    if (pulse.now !== undefined) {
      this.#offset = pulse.now - now;
      return null;
    }
    return { cursor: pulse.cursor, now: now + this.#offset, lastHeard: pulse.lastHeard };
  }
}
