/** The words of both languages for the values of a query's lists. */
import { en } from '../../web/en.ts';
import { enLate } from '../../web/en-late.ts';
import type { ValueWords } from '../../web/query-keys.ts';
import { zhHans } from '../../web/zh-hans.ts';
import { zhHansLate } from '../../web/zh-hans-late.ts';

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
