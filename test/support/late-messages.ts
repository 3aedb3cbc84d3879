/** The words of the late parts, all languages at once. */
import { enLate, type LateMessages } from '../../web/words/en-late.ts';
import type { Language } from '../../web/words/i18n.ts';
import { zhHansLate } from '../../web/words/zh-hans-late.ts';

export const LATE_MESSAGES: Readonly<Record<Language, LateMessages>> = { en: enLate, 'zh-Hans': zhHansLate };
