/** What a screen reader is told of the board: at most one sentence every 5 s, of what happened since the last one. Pure. */
import type { Happening } from './happenings.ts';

export const ANNOUNCE_INTERVAL_MS = 5_000;

export interface Announcement {
  /** Tells two announcements of the same words apart: a live region speaks only when its content is new. */
  readonly serial: number;
  readonly happenings: readonly Happening[];
}

export const NOTHING_ANNOUNCED: Announcement = { serial: 0, happenings: [] };

/** The next one; the same object where there is nothing to say and nothing to take back. */
export const nextAnnouncement = (last: Announcement, happenings: readonly Happening[]): Announcement =>
  happenings.length + last.happenings.length > 0 ? { serial: last.serial + 1, happenings } : last;
