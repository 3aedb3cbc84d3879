/**
 * What has happened on the open board and is told: to who listens, and in notes in the corner. A shell; announcement.ts, warning.ts and
 * toasts.ts decide.
 */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Changes } from '../rendering/frame.ts';
import type { ClusterSession } from '../stream/cluster-session.ts';
import { ANNOUNCE_INTERVAL_MS, type Announcement, NOTHING_ANNOUNCED, nextAnnouncement } from './announcement.ts';
import { type Happening, stillHolds } from './happenings.ts';
import { addToPile, EMPTY_PILE, itemsOf, sift } from './pile.ts';
import { NO_TOASTS, nextToasts, type ToastEvent, type Toasts } from './toasts.ts';
import { NOTHING_WARNED, nextWarned, type Warned, warningOf } from './warning.ts';

type Follow = (happenings: readonly Happening[], changes: Changes) => void;
const followers = new Set<Follow>();

/** After a commit: what it shows to have happened. There is one board at a time, so whoever follows is told of that one. */
export function tellHappenings(happenings: readonly Happening[], changes: Changes): void {
  for (const follow of followers) follow(happenings, changes);
}

/** Not while the past is painted or waited for: what happens there is no news, and what happens now is not shown. Answers how to stop. */
export function followHappenings({ connection }: Pick<ClusterSession, 'connection'>, follow: Follow): () => void {
  const own: Follow = (happenings, changes) => {
    if (connection.badge.peek().kind !== 'past' && connection.past.peek() === null) follow(happenings, changes);
  };
  followers.add(own);
  return () => void followers.delete(own);
}

/** What can be said of what was told, by what is held now. */
export function holdsIn({ connection, held }: Pick<ClusterSession, 'connection' | 'held'>): (happening: Happening) => boolean {
  const state = held();
  const isLive = connection.badge.peek().kind === 'live';
  return (happening) => state === null || stillHolds(happening, state, isLive);
}

export interface AnnouncementModel {
  readonly announcement: ReadonlySignal<Announcement>;
  readonly warned: ReadonlySignal<Warned>;
  readonly toasts: ReadonlySignal<Toasts>;
  dismiss(serial: number): void;
  /** Somebody points at the notes, or has the focus there. */
  hold(isHeld: boolean): void;
  /** Answers how to stop. */
  start(): () => void;
}

/** `now`: a steady clock, in milliseconds. */
export function createAnnouncementModel(session: ClusterSession, now: () => number): AnnouncementModel {
  const { cluster, connection } = session;
  const announcement = signal(NOTHING_ANNOUNCED);
  const warned = signal(NOTHING_WARNED);
  const toasts = signal(NO_TOASTS);
  let unannounced = EMPTY_PILE;

  const advance = (event: ToastEvent): void => {
    toasts.value = nextToasts(toasts.peek(), event, now());
  };
  const check = (): void => advance({ name: 'checked', holds: holdsIn(session) });
  const see = (): void => advance({ name: 'seen', isSeen: document.visibilityState !== 'hidden' });

  function announce(): void {
    const holding = sift(unannounced, holdsIn(session));
    unannounced = EMPTY_PILE;
    announcement.value = nextAnnouncement(announcement.peek(), itemsOf(holding));
  }

  function start(): () => void {
    const timer = setInterval(announce, ANNOUNCE_INTERVAL_MS);
    document.addEventListener('visibilitychange', see);
    see();
    const stops = [
      followHappenings(session, (happenings) => {
        unannounced = addToPile(unannounced, happenings);
        advance({ name: 'happened', happenings });
        check();
      }),
      effect(() => {
        if (connection.past.value === null) return;
        unannounced = EMPTY_PILE;
        advance({ name: 'cleared' });
      }),
      effect(() => {
        connection.badge.value;
        check();
      }),
      // With each second that passes.
      effect(() => {
        connection.localNow.value;
        const { kind } = connection.badge.value;
        advance({ name: 'ticked', isConnected: kind === 'live' || kind === 'stale' || kind === 'waiting' });
        warned.value = nextWarned(warned.peek(), warningOf(connection.badge.value, cluster.hasPicture.value), now());
      }),
    ];
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', see);
      for (const stop of stops) stop();
    };
  }

  return {
    announcement,
    warned,
    toasts,
    dismiss: (serial) => advance({ name: 'dismissed', serial }),
    hold: (isHeld) => advance({ name: 'held', isHeld }),
    start,
  };
}
