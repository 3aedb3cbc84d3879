import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { usePage, useSession, useWords } from '../page/context.ts';
import { formatPageState, PLAIN_STATE } from '../page/page-state.ts';
import { BROWSER_PLATFORM } from '../stream/stream.ts';
import { useLateWords } from '../words/late-words.ts';
import { followHappenings, holdsIn } from './announcement-model.ts';
import { happeningsText } from './happening-text.ts';
import type { Happening } from './happenings.ts';
import { notificationState, showNotification, startNotifying } from './notification-model.ts';
import { type DueNotification, NOTHING_NOTIFIED, type NotificationKind, nextNotifications, untilDue } from './notifications.ts';
import { targetOf } from './toast-target.ts';

/** Tells of what happens where the page is not seen, as long as the reader wants that and the page is open. Shows nothing itself. */
export function DesktopNotifications() {
  const session = useSession();
  const words = useWords();
  const late = useLateWords();
  const { route, settings } = usePage();
  const isOn = notificationState.value === 'on';
  // So that another language starts nothing anew.
  const tell = useRef<(due: DueNotification) => (() => void) | null>(() => null);
  tell.current = ({ kind, happenings }) =>
    showNotification(
      `${late.notify.kinds[kind]} · ${session.displayName.peek()}`,
      {
        body: happeningsText(happenings, { ...words, late }),
        tag: `hostview ${session.name} ${kind}`,
        lang: settings.language.peek(),
      },
      // Whatever the page shows by then.
      () => route.open({ view: 'cluster', cluster: session.name, ...formatPageState({ ...PLAIN_STATE, ...targetOf(happenings) }) }),
    );

  useEffect(() => {
    if (!isOn) return;
    let notifier = NOTHING_NOTIFIED;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const closers = new Map<NotificationKind, (() => void) | null>();
    const advance = (happenings: readonly Happening[]): void => {
      const now = BROWSER_PLATFORM.now();
      const next = nextNotifications(notifier, { happenings, isLookedAt: isLookedAt(), holds: holdsIn(session) }, now);
      notifier = next.notifier;
      for (const kind of next.withdrawn) closers.get(kind)?.();
      for (const due of next.due) closers.set(due.kind, tell.current(due));
      clearTimeout(timer);
      const wait = untilDue(notifier, now);
      if (wait !== null) timer = setTimeout(() => advance([]), wait);
    };
    const endNotifying = startNotifying();
    const unfollow = followHappenings(session, advance);
    const look = (): void => advance([]);
    const closing = new AbortController();
    document.addEventListener('visibilitychange', look, { signal: closing.signal });
    addEventListener('focus', look, { signal: closing.signal });
    // Of a picture that is not live any more, some of it does not hold.
    const stop = effect(() => {
      session.connection.badge.value;
      look();
    });
    return () => {
      endNotifying();
      unfollow();
      stop();
      closing.abort();
      clearTimeout(timer);
      // From here on nobody would take them back.
      for (const close of closers.values()) close?.();
    };
  }, [isOn, session]);
  return null;
}

const isLookedAt = (): boolean => document.visibilityState === 'visible' && document.hasFocus();
