/**
 * The words of the late parts. All languages are in their file: 2 kB after the first board cost less than one more file that can fail
 * to come, and a language that is chosen is there whole.
 */
import { usePage } from './context.ts';
import { enLate, type LateMessages } from './en-late.ts';
import type { Language } from './i18n.ts';
import { zhHansLate } from './zh-hans-late.ts';

export const LATE_MESSAGES: Readonly<Record<Language, LateMessages>> = { en: enLate, 'zh-Hans': zhHansLate };

/** As {@link useWords}. */
export const useLateWords = (): LateMessages => LATE_MESSAGES[usePage().settings.language.value];
