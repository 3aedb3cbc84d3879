import { describe, expect, it } from 'vitest';
import { en } from '../../web/en.ts';
import { chooseLanguage, LANGUAGES, loadMessages } from '../../web/i18n.ts';

/** Every text with its path; functions are asked with arguments that can be found again. */
function textsOf(messages: object, path = ''): [path: string, text: string][] {
  return Object.entries(messages).flatMap(([key, value]: [string, unknown]) => {
    const at = `${path}.${key}`;
    if (typeof value === 'string') return [[at, value]];
    if (typeof value === 'function') return [[at, String(value(at === '.migrationEnded' ? 'failed' : 7, 8, 9))]];
    return textsOf(value as object, at);
  });
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
    const texts = new Map(textsOf(await loadMessages(language)));
    const numbersIn = (text: string): string => (text.match(/[789]/g) ?? []).sort().join('');
    for (const [path, english] of textsOf(en)) {
      const text = texts.get(path) ?? '';
      expect(text.trim(), path).not.toBe('');
      expect(numbersIn(text), path).toBe(numbersIn(english));
    }
  });
});
