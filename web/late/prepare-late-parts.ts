import { effect, type Signal } from '@preact/signals';
import { forgetEarlierRenderings } from '../rendering/earlier-renderings.ts';
import { findLostBoxes } from '../rendering/lost-boxes.ts';
import { isLanguage } from '../words/i18n.ts';
import { partsWords } from '../words/late-words.ts';
import { loadLateStyles } from './late-styles.ts';

/** What must have come before a late part is shown: its styles and its words. The words are asked for anew by themselves. */
export async function prepareLateParts(page: Document, failures: number, isMissing: Signal<boolean>): Promise<void> {
  const { lang } = page.documentElement;
  const language = isLanguage(lang) ? lang : 'en';
  const stop = effect(() => {
    if (partsWords.isMissing(language)) isMissing.value = true;
  });
  try {
    await Promise.all([loadLateStyles(page, failures), partsWords.load(language)]);
  } finally {
    stop();
  }
  forgetEarlierRenderings();
  findLostBoxes(page);
}
