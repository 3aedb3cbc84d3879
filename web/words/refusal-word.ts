import type { Refusal } from '../stream/connection-state.ts';
import type { Language } from './i18n.ts';
import { lateWordsOf } from './late-words.ts';

/** What the badge says of a connection that is refused. */
export const refusalWord = (refusal: Refusal, language: Language): string => lateWordsOf(language).refusalWords[refusal];
