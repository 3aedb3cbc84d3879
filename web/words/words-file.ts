/** Words that come after the page's first load, in files of their own: one a language, asked for when they are first needed. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type ImportFile, type LateFile, lateFile } from '../late/late-file.ts';
import { LANGUAGES, type Language } from './i18n.ts';

/** The words of a part of the page. What they are asked about is read from signals. */
export interface LateWords<Words> {
  /** Null until they have come. */
  find(language: Language): Words | null;
  /** They could not be fetched, and are asked for again. */
  isMissing(language: Language): boolean;
  /** Settles when they have come. The page needs them from then on (see {@link loadNeededWords}). */
  load(language: Language): Promise<void>;
}

export interface WordsFile<Words> extends Pick<LateFile<unknown>, 'isMissing' | 'load'> {
  readonly words: ReadonlySignal<Words | null>;
}

export function wordsFile<Exports, Words>(importFile: ImportFile<Exports>, select: (exports: Exports) => Words): WordsFile<Words> {
  const { exports, isMissing, load } = lateFile(importFile);
  return { words: computed(() => (exports.value === null ? null : select(exports.value))), isMissing, load };
}

const needed = signal<readonly LateWords<unknown>[]>([]);

export function lateWords<Words>(files: Readonly<Record<Language, WordsFile<Words>>>): LateWords<Words> {
  const words: LateWords<Words> = {
    find: (language) => files[language].words.value,
    isMissing: (language) => files[language].isMissing.value,
    load(language) {
      if (!needed.peek().includes(words)) needed.value = [...needed.peek(), words];
      return files[language].load();
    },
  };
  return words;
}

/** For what is shown only after they have come. Should the language have changed since, they are still those that stood there. */
export function wordsOf<Words>({ find }: LateWords<Words>, language: Language): Words {
  for (const each of [language, ...LANGUAGES]) {
    const words = find(each);
    if (words !== null) return words;
  }
  throw new Error('a late part is shown before its words have come');
}

/** Settles when all words that the page has needed so far are there in a language. */
export async function loadNeededWords(language: Language): Promise<void> {
  const lacking = (): LateWords<unknown>[] => needed.peek().filter(({ find }) => find(language) === null);
  for (let next = lacking(); next.length > 0; next = lacking()) await Promise.all(next.map(({ load }) => load(language)));
}

export const areNeededWordsMissing = (language: Language): boolean => needed.value.some(({ isMissing }) => isMissing(language));
