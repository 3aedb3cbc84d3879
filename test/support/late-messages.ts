/** The words of the late parts, all languages at once. */
import { enLate, type LateMessages } from '../../web/en-late.ts';
import type { Language } from '../../web/i18n.ts';
import { zhHansLate } from '../../web/zh-hans-late.ts';

export const LATE_MESSAGES: Readonly<Record<Language, LateMessages>> = { en: enLate, 'zh-Hans': zhHansLate };
