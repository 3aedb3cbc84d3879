/** The words of the late parts: of the language that is read, and of another one when it is chosen. */
import { signal } from '@preact/signals';
import { lateFile } from '../late/late-file.ts';
import { usePage } from '../page/context.ts';
import type { LateMessages } from './en-late.ts';
import type { Language } from './i18n.ts';

declare const EN_LATE_FILE: string;
declare const ZH_HANS_LATE_FILE: string;

const held = signal<Partial<Record<Language, LateMessages>>>({});
const hold = (language: Language, words: LateMessages): Promise<void> => {
  held.value = { ...held.peek(), [language]: words };
  return Promise.resolve();
};
const FILES = {
  en: lateFile(
    () => import('./en-late.ts'),
    () => EN_LATE_FILE,
    ({ enLate }) => hold('en', enLate),
  ),
  'zh-Hans': lateFile(
    () => import('./zh-hans-late.ts'),
    () => ZH_HANS_LATE_FILE,
    ({ zhHansLate }) => hold('zh-Hans', zhHansLate),
  ),
};

export const loadLateWords = (language: Language): Promise<void> => FILES[language].load();

/** Those of another language until they have come: one is always there before a late part is shown. */
export function lateWordsOf(language: Language): LateMessages {
  void loadLateWords(language);
  const words = held.value[language] ?? Object.values(held.value)[0];
  if (words === undefined) throw new Error('a late part is shown before its words have come');
  return words;
}

/** As {@link useWords}. */
export const useLateWords = (): LateMessages => lateWordsOf(usePage().settings.language.value);
