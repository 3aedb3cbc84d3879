/** The words that the reader sees for the values of a query's lists: they can be typed, too. */

import type { ValueWords } from '../search/query-keys.ts';
import type { SettingsModel } from '../settings/settings-model.ts';
import { lateWordsOf } from './late-words.ts';

export function valueWordsOf({ language, messages }: Pick<SettingsModel, 'language' | 'messages'>): ValueWords {
  const { states, stages, causes } = messages.value;
  const late = lateWordsOf(language.value);
  return { state: states, stage: stages, cause: causes, outcome: late.outcomes, is: late.search.marks };
}
