/** The words of the late parts, and what several views say. Those of a view alone are in view-words.ts. */
import { usePage } from '../page/context.ts';
import type { LateMessages } from './en-late.ts';
import type { Language } from './i18n.ts';
import { lateWords, wordsFile, wordsOf } from './words-file.ts';

export const partsWords = lateWords<LateMessages>({
  en: wordsFile(
    () => import('./en-late.ts'),
    ({ enLate }) => enLate,
  ),
  'zh-Hans': wordsFile(
    () => import('./zh-hans-late.ts'),
    ({ zhHansLate }) => zhHansLate,
  ),
});

export const lateWordsOf = (language: Language): LateMessages => wordsOf(partsWords, language);

/** As `useWords`. */
export const useLateWords = (): LateMessages => lateWordsOf(usePage().settings.language.value);
