/** What a screen reader is told of the board: sums, at most one sentence every 5 s. */
export const ANNOUNCE_INTERVAL_MS = 5_000;

export interface Happenings {
  /** VMs that settled on another host. */
  readonly moved: number;
  /** VMs that went into a leaving lane. */
  readonly started: number;
  /** Migrations that did not succeed. */
  readonly ended: number;
}

export const NOTHING_HAPPENED: Happenings = { moved: 0, started: 0, ended: 0 };

export const addHappenings = (a: Happenings, b: Happenings): Happenings => ({
  moved: a.moved + b.moved,
  started: a.started + b.started,
  ended: a.ended + b.ended,
});

const hasHappened = ({ moved, started, ended }: Happenings): boolean => moved + started + ended > 0;

export interface Announcement {
  /** Tells two announcements of the same words apart: a live region speaks only when its content is new. */
  readonly serial: number;
  readonly happenings: Happenings;
}

export const NOTHING_ANNOUNCED: Announcement = { serial: 0, happenings: NOTHING_HAPPENED };

/** The next announcement, of what happened since the last one; the same object where there is nothing to say and nothing to take back. */
export const nextAnnouncement = (last: Announcement, happenings: Happenings): Announcement =>
  hasHappened(happenings) || hasHappened(last.happenings) ? { serial: last.serial + 1, happenings } : last;
