import { describe, expect, it } from 'vitest';
import { DRAIN_ANSWERS, WAIT_REASONS } from '../../../core/model.ts';
import { en } from '../../../web/words/en.ts';
import { createFormats } from '../../../web/words/format.ts';
import { chooseLanguage, LANGUAGES, type Language, loadMessages } from '../../../web/words/i18n.ts';
import { LATE_MESSAGES } from '../../support/late-messages.ts';

/** What functions are asked with that do not take numbers; more than one where each says something else. */
const QUESTIONS: Readonly<Record<string, (language: Language) => readonly (readonly unknown[])[]>> = {
  '.late.notes.migrationEnded': () => [
    ['failed', 8],
    ['failed', null],
  ],
  '.late.wait': (language) =>
    WAIT_REASONS.flatMap((reason) => [
      [{ reason }, createFormats(language)],
      [{ reason, place: 7 }, createFormats(language)],
      [{ reason, place: 800 }, createFormats(language)],
      [{ reason, detail: '7 of 8', used: 9, limit: 8, host: 'host-7', failures: 7, seconds: 9, place: 8 }, createFormats(language)],
    ]),
  '.late.notes.because': () => [['7', '8']],
  '.drain.eta.span': () => [[{ unit: 'minute', from: 7, to: 8 }], [{ unit: 'minute', from: 0, to: 9 }]],
  '.table.caption': () => [
    ['7', '8', false],
    ['7', '8', true],
  ],
  '.late.wall.shown': () => [
    ['hosts', 7, 8, 9, true],
    ['clusters', 7, 8, 9, false],
  ],
  '.late.drain.because': () => DRAIN_ANSWERS.map((because) => [{ because, here: 7, arriving: 9 }]),
};

/** Every text with its path; functions are asked with arguments that can be found again. */
function textsOf(messages: object, language: Language, path = ''): [path: string, text: string][] {
  return Object.entries(messages).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const at = `${path}.${key}`;
    if (typeof value === 'string') return [[at, value]];
    if (typeof value !== 'function') return textsOf(value as object, language, at);
    const questions = QUESTIONS[at]?.(language) ?? [[7, 8, 9]];
    return questions.map((question, index) => [`${at} ${index}`, String(value(...question))]);
  });
}

const numbersIn = (text: string): string => (text.match(/[789]/g) ?? []).sort().join('');

function expectSame(language: Language, translated: object, english: object): void {
  const texts = new Map(textsOf(translated, language));
  for (const [path, text] of textsOf(english, 'en')) {
    const translation = texts.get(path) ?? '';
    expect(translation.trim(), path).not.toBe('');
    expect(numbersIn(translation), `${path}: ${translation}`).toBe(numbersIn(text));
  }
}

describe('languages', () => {
  it.each([
    [null, ['zh-CN', 'en'], 'zh-Hans'],
    [null, ['de', 'zh-TW'], 'zh-Hans'],
    [null, ['de', 'en-GB', 'zh'], 'en'],
    [null, ['de'], 'en'],
    [null, [], 'en'],
    ['zh-Hans', ['en'], 'zh-Hans'],
    ['klingon', ['zh'], 'zh-Hans'],
  ] as const)('stored %s, preferred %j: %s', (stored, preferred, expected) => {
    expect(chooseLanguage(stored, preferred)).toBe(expected);
  });

  it.each(LANGUAGES)('%s says everything, and drops no argument that English gives', async (language) => {
    expectSame(language, await loadMessages(language), en);
    expectSame(language, LATE_MESSAGES[language], LATE_MESSAGES.en);
  });
});
