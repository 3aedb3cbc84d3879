/** Whether a viewer still reads (SPEC D4): pure bookkeeping of the bytes that wait for it, and of what waits for all viewers together. */
import { BRIDGE_FAIR_BYTES, BRIDGE_WINDOW_BYTES, BRIDGES_BUFFER_BYTES, VIEWER_READING_MS, VIEWER_STALL_MS } from '../core/limits.ts';

export interface Backlog {
  /** Bytes that were given to the stream and that the viewer's connection has not taken. */
  readonly unread: number;
  /** When it last took some, or had nothing to take. */
  readonly progressAt: number;
}

export const emptyBacklog = (now: number): Backlog => ({ unread: 0, progressAt: now });

export const growBacklog = ({ unread, progressAt }: Backlog, bytes: number, now: number): Backlog => ({
  unread: unread + bytes,
  progressAt: unread === 0 ? now : progressAt,
});

export const shrinkBacklog = ({ unread }: Backlog, bytes: number, now: number): Backlog => ({ unread: unread - bytes, progressAt: now });

/**
 * Whether it is sent nothing more until it has taken what it has. Asked before each write and not after it: the stream's pump has not run
 * within a burst, so that what was just written always seems unread [platform.md 3]. A single write may thus be of any size.
 */
export const isBehind = ({ unread }: Pick<Backlog, 'unread'>, windowBytes: number): boolean => unread > windowBytes;

/** The window of each of so many bridged viewers in one Worker: together they may have half of what it holds. */
export const bridgeWindowBytes = (viewers: number): number =>
  Math.min(BRIDGE_WINDOW_BYTES.most, Math.max(BRIDGE_WINDOW_BYTES.least, Math.floor(BRIDGES_BUFFER_BYTES / 2 / viewers)));

/** Whether it has taken nothing for so long that it is sent away. However much waits for it: one that reads is never cut off for being slow. */
export const isCutOff = ({ unread, progressAt }: Backlog, now: number): boolean => unread > 0 && now - progressAt > VIEWER_STALL_MS;

/**
 * Whether a bridged viewer has to go because its Worker holds too much for all of them: `held` bytes. First those go that do not read;
 * if it is twice too much, whoever has more than a fair share.
 */
export const isOverShare = ({ unread, isReading }: Pick<Waiting, 'unread'> & { readonly isReading: boolean }, held: number): boolean =>
  unread > BRIDGE_FAIR_BYTES && held > (isReading ? 2 : 1) * BRIDGES_BUFFER_BYTES;

/** Whether something waits that it took some of lately: it is behind, but it is not frozen. */
export const isReading = ({ unread, progressAt }: Backlog, now: number): boolean => unread > 0 && now - progressAt <= VIEWER_READING_MS;

/** What waits for one viewer. Chunks are shared: what many wait for is held once. */
export interface Waiting {
  readonly unread: number;
  readonly chunks: readonly Uint8Array[];
}

/** Bytes that are held for all of them, each shared chunk counted once. */
export function heldBytes(viewers: readonly Waiting[]): number {
  const chunks = new Set(viewers.flatMap((viewer) => viewer.chunks));
  return [...chunks].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Whom to cut off so that no more than `limit` bytes are held: those with the most unread, and no more of them than it takes. */
export function selectFurthestBehind<Viewer extends Waiting>(viewers: readonly Viewer[], limit: number): Viewer[] {
  // The sum counts shared chunks many times; only where it is too much is it worth looking closer.
  if (viewers.reduce((sum, { unread }) => sum + unread, 0) <= limit) return [];
  const behind = viewers.filter(({ unread }) => unread > 0).toSorted((a, b) => a.unread - b.unread);
  const held = new Set<Uint8Array>();
  let bytes = 0;
  for (const [index, { chunks }] of behind.entries()) {
    for (const chunk of chunks) {
      if (held.has(chunk)) continue;
      held.add(chunk);
      bytes += chunk.byteLength;
    }
    if (bytes > limit) return behind.slice(index);
  }
  return [];
}
