/**
 * Which desktop notifications are due: of each kind at most one in 30 s, of all that happened since the last one, and only while nobody
 * looks at the page. A newer one of a kind takes the place of the older (its tag), and one that does not hold any more is taken back: "safe
 * to power off" must not stand on a desktop when it is not, or when nobody can say. Pure.
 */
import type { Happening } from './happenings.ts';
import { addToPile, EMPTY_PILE, itemsOf, type Pile, sift } from './pile.ts';

export const NOTIFY_INTERVAL_MS = 30_000;

const NOTIFICATION_KINDS = ['failed', 'down', 'drain'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export interface Notifier {
  readonly kinds: Readonly<Record<NotificationKind, Told>>;
}

interface Told {
  /** What is to be told. */
  readonly pile: Pile;
  /** When something was told last, in milliseconds of the events' clock; null: never. */
  readonly at: number | null;
  /** What the notification says that stands on the desktop, for all that is known; empty: none does. */
  readonly standing: readonly Happening[];
}

const NOTHING_TOLD: Told = { pile: EMPTY_PILE, at: null, standing: [] };
export const NOTHING_NOTIFIED: Notifier = { kinds: { failed: NOTHING_TOLD, down: NOTHING_TOLD, drain: NOTHING_TOLD } };

export interface DueNotification {
  readonly kind: NotificationKind;
  readonly happenings: readonly Happening[];
}

/** `isLookedAt`: the reader sees the page, and needs no notification; nor is one owed for what was seen. */
export interface NotifierEvent {
  readonly happenings: readonly Happening[];
  readonly isLookedAt: boolean;
  /** Of what waits, what does not hold any more is not told; where it was told, it is taken back. */
  readonly holds: (happening: Happening) => boolean;
}

export interface NextNotifications {
  readonly notifier: Notifier;
  readonly due: readonly DueNotification[];
  /** Those that are taken away, before any is shown. */
  readonly withdrawn: readonly NotificationKind[];
}

/** `at`: any steady clock, in milliseconds. */
export function nextNotifications(notifier: Notifier, { happenings, isLookedAt, holds }: NotifierEvent, at: number): NextNotifications {
  const due: DueNotification[] = [];
  const withdrawn: NotificationKind[] = [];
  const entries = NOTIFICATION_KINDS.map((kind): [NotificationKind, Told] => {
    const last = notifier.kinds[kind];
    const isOutdated = !last.standing.every(holds);
    const told: Told = isOutdated ? { ...last, standing: [] } : last;
    if (isOutdated) withdrawn.push(kind);
    if (isLookedAt) return [kind, { ...told, pile: EMPTY_PILE }];
    const pile = sift(
      addToPile(
        told.pile,
        happenings.filter((happening) => kindOf(happening) === kind),
      ),
      holds,
    );
    if (pile.size === 0 || (told.at !== null && at - told.at < NOTIFY_INTERVAL_MS)) return [kind, { ...told, pile }];
    due.push({ kind, happenings: itemsOf(pile) });
    return [kind, { pile: EMPTY_PILE, at, standing: itemsOf(pile) }];
  });
  return { notifier: { kinds: Object.fromEntries(entries) as Notifier['kinds'] }, due, withdrawn };
}

/** How long until what waits may be told, in milliseconds; null where nothing waits. */
export function untilDue({ kinds }: Notifier, at: number): number | null {
  const waits = NOTIFICATION_KINDS.map((kind) => kinds[kind])
    .filter(({ pile }) => pile.size > 0)
    .map((told) => Math.max(0, (told.at ?? at) + NOTIFY_INTERVAL_MS - at));
  return waits.length === 0 ? null : Math.min(...waits);
}

function kindOf(happening: Happening): NotificationKind | null {
  switch (happening.kind) {
    case 'failed':
      return 'failed';
    case 'down':
      return happening.isPlanned ? null : 'down';
    case 'drained':
    case 'maintained':
    case 'unsafe':
      return 'drain';
    default:
      return null;
  }
}

/** What the reader chose and what the browser allows, in one word. */
export type NotificationState = 'on' | 'off' | 'denied' | 'unsupported' | 'insecure';

export interface NotificationFacts {
  readonly isWanted: boolean;
  /** As `Notification.permission`; null where the browser has no such thing. */
  readonly permission: 'default' | 'granted' | 'denied' | null;
  readonly isSecure: boolean;
}

/** A permission that was taken away switches off, whatever was wanted. */
export function notificationStateOf({ isWanted, permission, isSecure }: NotificationFacts): NotificationState {
  if (!isSecure) return 'insecure';
  if (permission === null) return 'unsupported';
  if (permission === 'denied') return 'denied';
  return isWanted && permission === 'granted' ? 'on' : 'off';
}
