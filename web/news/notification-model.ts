/** Whether the reader wants desktop notifications, and whether the browser gives them. There is one reader, so one store does. A shell. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { BROWSER_SHELF } from '../settings/settings-model.ts';
import { type NotificationState, notificationStateOf } from './notifications.ts';

const KEY = 'hostview.notifications';
const WANTED = 'on';

const permissionNow = (): NotificationPermission | null => (typeof Notification === 'undefined' ? null : Notification.permission);

const isWanted = signal(BROWSER_SHELF.get(KEY) === WANTED);
const permission = signal(permissionNow());

export const notificationState: ReadonlySignal<NotificationState> = computed(() =>
  notificationStateOf({ isWanted: isWanted.value, permission: permission.value, isSecure: isSecureContext }),
);

/** How many parts notify: as long as one does, a hidden page keeps its stream (P3). */
let notifying = 0;
export const keepsStreamHidden = (): boolean => notifying > 0 && notificationState.peek() === 'on';

/** Answers how to stop. */
export function startNotifying(): () => void {
  notifying += 1;
  return () => {
    notifying -= 1;
  };
}

function keep(wanted: boolean): void {
  isWanted.value = wanted;
  BROWSER_SHELF.set(KEY, wanted ? WANTED : 'off');
}

/** Call it from a click: browsers ask the reader only then. Answers whether the reader, or the browser, answered. */
export async function switchNotificationsOn(): Promise<boolean> {
  if (permission.peek() === 'default') permission.value = await Notification.requestPermission().catch(() => 'default' as const);
  if (permission.peek() === 'granted') keep(true);
  return permission.peek() !== 'default';
}

export const switchNotificationsOff = (): void => keep(false);

let isFollowed = false;

/** The reader can change it in the browser's own settings. Once for the page: Chromium keeps every answer to that question for good. */
export function followPermission(): void {
  if (isFollowed) return;
  isFollowed = true;
  navigator.permissions?.query({ name: 'notifications' }).then(
    (status) => {
      status.onchange = () => {
        permission.value = permissionNow();
      };
    },
    () => {},
  );
}

/**
 * Answers how to take it back, null where the browser shows none from pages (Chromium on Android throws). `tag`: takes the place of the one
 * that has it.
 */
export function showNotification(title: string, options: NotificationOptions, onOpen: () => void): (() => void) | null {
  try {
    const notification = new Notification(title, options);
    notification.onclick = () => {
      focus();
      onOpen();
      notification.close();
    };
    return () => notification.close();
  } catch {
    permission.value = null;
    return null;
  }
}
