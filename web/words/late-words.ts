/** The words of the late parts, and what several views say. Those of a view alone are in view-words.ts. */
import { usePage } from '../page/context.ts';
import type { LateMessages } from './en-late.ts';
import type { Language } from './i18n.ts';
import { lateWords, wordsFile, wordsOf } from './words-file.ts';

declare const EN_LATE_FILE: string;
declare const ZH_HANS_LATE_FILE: string;

export const partsWords = lateWords<LateMessages>({
  en: wordsFile(
    () => import('./en-late.ts'),
    () => EN_LATE_FILE,
    ({ enLate }) => enLate,
  ),
  'zh-Hans': wordsFile(
    () => import('./zh-hans-late.ts'),
    () => ZH_HANS_LATE_FILE,
    ({ zhHansLate }) => zhHansLate,
  ),
});

export const lateWordsOf = (language: Language): LateMessages => wordsOf(partsWords, language);

/** As {@link useWords}. */
export const useLateWords = (): LateMessages => lateWordsOf(usePage().settings.language.value);
