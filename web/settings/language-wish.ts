/**
 * The language that the reader chose. The page speaks it once all words that it needs are there in it, and the old one until then: never
 * some words of the one beside some of the other. There is one reader, so one store does.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Language } from '../words/i18n.ts';
import { areNeededWordsMissing, loadNeededWords } from '../words/words-file.ts';
import type { SettingsModel } from './settings-model.ts';

const wish = signal<Language | null>(null);

/** Words of it could not be fetched. They are asked for again, and the wish stands. */
export const isWishHeldUp: ReadonlySignal<boolean> = computed(() => wish.value !== null && areNeededWordsMissing(wish.value));

/** Which is on its way; null where none is, or where it is held up, for then nothing must claim it. */
export const comingLanguage: ReadonlySignal<Language | null> = computed(() => (isWishHeldUp.value ? null : wish.value));

/** Settles when the page speaks it, when the reader has wished for another meanwhile, or when the page's own words could not be fetched. */
export async function wishLanguage(next: Language, { speak }: Pick<SettingsModel, 'speak'>): Promise<void> {
  wish.value = next;
  await loadNeededWords(next);
  if (wish.peek() !== next) return;
  await speak(next);
  if (wish.peek() === next) wish.value = null;
}
