/** Whether a viewer still reads (SPEC D4): pure bookkeeping of the bytes that wait for it. */
import { VIEWER_BUFFER_BYTES, VIEWER_STALL_MS } from '../core/limits.ts';

export interface Backlog {
  /** Bytes that were given to the stream so far. */
  readonly written: number;
  /** Of these, bytes that the viewer's connection has taken. */
  readonly taken: number;
  /** When it last took some, or had nothing to take. */
  readonly progressAt: number;
}

export const emptyBacklog = (now: number): Backlog => ({ written: 0, taken: 0, progressAt: now });

/**
 * Looks at a viewer before the next write. `unread`: bytes that wait for it now. Looked at before the write and not after: the
 * stream's pump has not run within a burst, so that what was just written always seems unread [platform.md 3].
 */
export function observeBacklog(backlog: Backlog, unread: number, now: number): { backlog: Backlog; cutOff: boolean } {
  const taken = backlog.written - unread;
  const hasProgress = unread === 0 || taken > backlog.taken;
  const progressAt = hasProgress ? now : backlog.progressAt;
  return {
    backlog: { ...backlog, taken, progressAt },
    cutOff: unread > VIEWER_BUFFER_BYTES || now - progressAt > VIEWER_STALL_MS,
  };
}

export const growBacklog = (backlog: Backlog, bytes: number): Backlog => ({ ...backlog, written: backlog.written + bytes });
