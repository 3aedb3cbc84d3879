import { isLanguage } from './i18n.ts';
import { loadLateStyles } from './late-styles.ts';
import { loadLateWords } from './late-words.ts';

/** What must have come before a late part is shown: its styles and its words. */
export const prepareLateParts = (page: Document, failures: number): Promise<unknown> => {
  const { lang } = page.documentElement;
  return Promise.all([loadLateStyles(page, failures), loadLateWords(isLanguage(lang) ? lang : 'en')]);
};
