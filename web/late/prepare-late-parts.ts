import { isLanguage } from '../words/i18n.ts';
import { loadLateWords } from '../words/late-words.ts';
import { loadLateStyles } from './late-styles.ts';

/** What must have come before a late part is shown: its styles and its words. */
export const prepareLateParts = (page: Document, failures: number): Promise<unknown> => {
  const { lang } = page.documentElement;
  return Promise.all([loadLateStyles(page, failures), loadLateWords(isLanguage(lang) ? lang : 'en')]);
};
