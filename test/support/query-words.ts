/** The words of both languages for the values of a query's lists. */

import type { ValueWords } from '../../web/search/query-keys.ts';
import { en } from '../../web/words/en.ts';
import { enLate } from '../../web/words/en-late.ts';
import { zhHans } from '../../web/words/zh-hans.ts';
import { zhHansLate } from '../../web/words/zh-hans-late.ts';

export const EN_VALUES: ValueWords = {
  state: en.states,
  stage: en.stages,
  cause: en.causes,
  outcome: enLate.outcomes,
  is: enLate.search.marks,
};

export const ZH_VALUES: ValueWords = {
  state: zhHans.states,
  stage: zhHans.stages,
  cause: zhHans.causes,
  outcome: zhHansLate.outcomes,
  is: zhHansLate.search.marks,
};
