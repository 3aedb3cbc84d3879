/** What happened on the open board in the last seconds. There is one board, so one store does. */
import { type ReadonlySignal, signal } from '@preact/signals';
import {
  ANNOUNCE_INTERVAL_MS,
  addHappenings,
  type Happenings,
  NOTHING_ANNOUNCED,
  NOTHING_HAPPENED,
  nextAnnouncement,
} from '../announcement.ts';

const current = signal(NOTHING_ANNOUNCED);
let unannounced = NOTHING_HAPPENED;

export const announcement: ReadonlySignal<typeof NOTHING_ANNOUNCED> = current;

export function noteHappenings(happenings: Happenings): void {
  unannounced = addHappenings(unannounced, happenings);
}

/** Announces what is noted from now on. Answers how to stop. */
export function startAnnouncing(): () => void {
  current.value = NOTHING_ANNOUNCED;
  unannounced = NOTHING_HAPPENED;
  const timer = setInterval(() => {
    current.value = nextAnnouncement(current.peek(), unannounced);
    unannounced = NOTHING_HAPPENED;
  }, ANNOUNCE_INTERVAL_MS);
  return () => clearInterval(timer);
}
