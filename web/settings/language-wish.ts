/**
 * The language that the reader chose. The page speaks it once all words that it needs are there in it, and the old one until then: never
 * some words of the one beside some of the other. There is one reader, so one store does.
 */
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import { lateRetryAfterMs } from '../late/late-file.ts';
import { type Language, loadMessages } from '../words/i18n.ts';
import { areNeededWordsMissing, loadNeededWords } from '../words/words-file.ts';
import type { SettingsModel } from './settings-model.ts';

const wish = signal<{ readonly language: Language } | null>(null);
/** The page's own words, which come with the speaking. */
const areOwnWordsMissing = signal(false);

/** Words of it could not be fetched. They are asked for again, and the wish stands. */
export const isWishHeldUp: ReadonlySignal<boolean> = computed(
  () => wish.value !== null && (areOwnWordsMissing.value || areNeededWordsMissing(wish.value.language)),
);

/** Which is on its way; null where none is, or where it is held up, for then nothing must claim it. */
export const comingLanguage: ReadonlySignal<Language | null> = computed(() => (isWishHeldUp.value ? null : (wish.value?.language ?? null)));

/** Settles when the page speaks it, or when the reader has wished anew meanwhile. */
export async function wishLanguage(next: Language, { language, speak }: Pick<SettingsModel, 'language' | 'speak'>): Promise<void> {
  const own = { language: next };
  const wishAs = (standing: typeof own | null, isMissing: boolean): void =>
    batch(() => {
      wish.value = standing;
      areOwnWordsMissing.value = isMissing;
    });
  wishAs(own, false);
  // On the way to them a reader has time to open another view, and its words would be needed too. `speak` says whether they have come.
  await loadMessages(next).catch(() => null);
  for (let failures = 0; ; failures++) {
    await loadNeededWords(next);
    if (wish.peek() !== own) return;
    await speak(next);
    if (wish.peek() !== own) return;
    if (language.peek() === next) return wishAs(null, false);
    wishAs(own, true);
    await new Promise((resolve) => setTimeout(resolve, lateRetryAfterMs(failures)));
  }
}
