/** The languages of the page, and which one to use. English is always there; another one comes when somebody reads it. */
import { importLate } from '../late/late-file.ts';
import { en, type Messages } from './en.ts';

/** BCP 47 tags, as in the attribute `lang`. */
export const LANGUAGES = ['en', 'zh-Hans'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Rejects where a language's file cannot be fetched; `failures`: how often it could not be before (see late/late-file.ts). */
export async function loadMessages(language: Language, failures = 0): Promise<Messages> {
  if (language === 'en') return en;
  return (await importLate(() => import('./zh-hans.ts'), failures)).zhHans;
}

export const isLanguage = (text: string | null): text is Language => LANGUAGES.some((language) => language === text);

/** The stored choice, else the first preferred language that the page speaks; `preferred` as in `navigator.languages`. */
export function chooseLanguage(stored: string | null, preferred: readonly string[]): Language {
  if (isLanguage(stored)) return stored;
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'en') return 'en';
    if (primary === 'zh') return 'zh-Hans';
  }
  return 'en';
}
