import { signal } from '@preact/signals';
import type { LANGUAGES, Language } from '../../web/words/i18n.ts';
import { type LateWords, lateWords } from '../../web/words/words-file.ts';

export interface WordsDouble {
  readonly words: LateWords<string>;
  /** In which languages they were asked for, each as often as that was. */
  readonly asked: Language[];
  readonly come: (language: Language) => void;
  readonly fail: (language: Language) => void;
}

/** Words whose files come when a test says so; each is the name of its language. */
export function doubleWords(): WordsDouble {
  const asked: Language[] = [];
  const fileOf = (language: Language) => {
    const words = signal<string | null>(null);
    const isMissing = signal(false);
    let settle = (): void => {};
    const came = new Promise<void>((resolve) => {
      settle = resolve;
    });
    return {
      words,
      isMissing,
      load: () => {
        asked.push(language);
        return came;
      },
      come: () => {
        isMissing.value = false;
        words.value = language;
        settle();
      },
    };
  };
  const files = { en: fileOf('en'), 'zh-Hans': fileOf('zh-Hans') } satisfies Record<(typeof LANGUAGES)[number], unknown>;
  return {
    words: lateWords(files),
    asked,
    come: (language) => files[language].come(),
    fail: (language) => {
      files[language].isMissing.value = true;
    },
  };
}
