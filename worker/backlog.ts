/** Whether a viewer still reads (SPEC D4): pure bookkeeping of the bytes that wait for it, and of what waits for all viewers together. */
import { BRIDGE_FAIR_BYTES, BRIDGES_BUFFER_BYTES, VIEWER_BUFFER_BYTES, VIEWER_READING_MS, VIEWER_STALL_MS } from '../core/limits.ts';

export interface Backlog {
  /** Bytes that were given to the stream so far. */
  readonly written: number;
  /** Of these, bytes that the viewer's connection has taken. */
  readonly taken: number;
  /** Where the newest opening (snapshot, or the frames of a resumption) ends, in bytes written. What waits of it counts against nobody. */
  readonly openingEnd: number;
  /** When it last took some, or had nothing to take. */
  readonly progressAt: number;
}

export const emptyBacklog = (now: number): Backlog => ({ written: 0, taken: 0, openingEnd: 0, progressAt: now });

export const unreadBytes = ({ written, taken }: Backlog): number => written - taken;

export function growBacklog(backlog: Backlog, bytes: number, isOpening: boolean, now: number): Backlog {
  const written = backlog.written + bytes;
  return {
    ...backlog,
    written,
    openingEnd: isOpening ? written : backlog.openingEnd,
    progressAt: unreadBytes(backlog) === 0 ? now : backlog.progressAt,
  };
}

export const shrinkBacklog = (backlog: Backlog, bytes: number, now: number): Backlog => ({
  ...backlog,
  taken: backlog.taken + bytes,
  progressAt: now,
});

/**
 * Asked before each write and not after it: the stream's pump has not run within a burst, so that what was just written always seems
 * unread [platform.md 3]. A single write may thus be of any size.
 */
export function isCutOff(backlog: Backlog, now: number): boolean {
  const beyondOpening = backlog.written - Math.max(backlog.taken, backlog.openingEnd);
  return beyondOpening > VIEWER_BUFFER_BYTES || (unreadBytes(backlog) > 0 && now - backlog.progressAt > VIEWER_STALL_MS);
}

/** Whether a bridged viewer has to go because its Worker holds too much for all of them: `held` bytes, of which `unread` are its own. */
export const isOverShare = (unread: number, held: number): boolean => held > BRIDGES_BUFFER_BYTES && unread > BRIDGE_FAIR_BYTES;

/** Whether something waits that it took some of lately: it is behind, but it is not frozen. */
export const isReading = (backlog: Backlog, now: number): boolean =>
  unreadBytes(backlog) > 0 && now - backlog.progressAt <= VIEWER_READING_MS;

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
