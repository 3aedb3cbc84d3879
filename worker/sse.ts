/** Server-Sent Events as text: one event is its JSON on one line, so nothing a cluster sends can end it early. */
import type { Pulse, StreamEvent } from '../core/downlink.ts';
import type { ProgressEvent } from '../core/progress.ts';

const encoder = new TextEncoder();

/** `json` must be JSON as JSON.stringify writes it: without line breaks. Cursors and names of events have none either. */
export const formatEvent = (event: StreamEvent['event'], id: string | null, json: string): string =>
  `${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`;

/** As formatEvent, of JSON that lies in pieces of UTF-8 which follow each other. */
export const wrapEvent = (event: StreamEvent['event'], id: string | null, json: readonly Uint8Array[]): readonly Uint8Array[] => {
  const [before = '', after = ''] = formatEvent(event, id, '\0').split('\0');
  return [encodeText(before), ...json, encodeText(after)];
};
export const formatFrameEvent = (to: string, json: string): string => formatEvent('frame', to, json);
export const formatPulseEvent = (event: 'heard' | 'ping', pulse: Pulse): string => formatEvent(event, null, JSON.stringify(pulse));
export const formatProgressEvent = (event: ProgressEvent): string => formatEvent('progress', null, JSON.stringify(event));

export const encodeText = (text: string): Uint8Array => encoder.encode(text);

const RETRY_LEAST_MS = 1_000;
const RETRY_SPREAD_MS = 4_000;

/**
 * How long a browser waits before it connects again, different for each viewer so that a deploy brings no herd; the first bytes
 * of every stream, because some proxies hold the headers back until there are some. `random` is in [0, 1).
 */
export const formatOpening = (random: number): string => `retry: ${RETRY_LEAST_MS + Math.floor(random * RETRY_SPREAD_MS)}\n\n`;

export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would buffer the events otherwise.
  'x-accel-buffering': 'no',
};
