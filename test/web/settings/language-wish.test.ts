import { signal } from '@preact/signals';
import { afterEach, expect, it, vi } from 'vitest';
import { lateRetryAfterMs } from '../../../web/late/late-file.ts';
import { comingLanguage, isWishHeldUp, wishLanguage } from '../../../web/settings/language-wish.ts';
import type { Language } from '../../../web/words/i18n.ts';
import { doubleWords } from '../../support/words-double.ts';

/** When the page's own words of a language come, or it is known that they do not. */
let ownWords: Promise<void> = Promise.resolve();
vi.mock(import('../../../web/words/i18n.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return { ...original, loadMessages: (...asked) => ownWords.then(() => original.loadMessages(...asked)) };
});

const spoken: Language[] = [];
const language = signal<Language>('en');
const speak = async (next: Language): Promise<void> => {
  spoken.push(next);
  language.value = next;
};
const settings = { language, speak };

afterEach(() => {
  ownWords = Promise.resolve();
  spoken.length = 0;
  language.value = 'en';
  vi.useRealTimers();
});

it('a language is spoken once all its words are there; where some are missing nothing claims it, and the wish stands', async () => {
  const view = doubleWords();
  void view.words.load('en');
  view.come('en');
  const wished = wishLanguage('zh-Hans', settings);
  expect([comingLanguage.peek(), isWishHeldUp.peek(), spoken]).toEqual(['zh-Hans', false, []]);
  view.fail('zh-Hans');
  expect([comingLanguage.peek(), isWishHeldUp.peek(), spoken]).toEqual([null, true, []]);
  view.come('zh-Hans');
  await wished;
  expect([comingLanguage.peek(), isWishHeldUp.peek(), spoken]).toEqual([null, false, ['zh-Hans']]);
});

it('a view that is opened while the first words of the language are on their way is waited for', async () => {
  const [shown, opened] = [doubleWords(), doubleWords()];
  void shown.words.load('en');
  for (const language of ['en', 'zh-Hans'] as const) shown.come(language);
  const { promise, resolve } = Promise.withResolvers<void>();
  ownWords = promise;
  const wished = wishLanguage('zh-Hans', settings);
  await new Promise((done) => setTimeout(done));
  void opened.words.load('en');
  opened.come('en');
  resolve();
  await new Promise((done) => setTimeout(done));
  expect(spoken).toEqual([]);
  opened.come('zh-Hans');
  await wished;
  expect(spoken).toEqual(['zh-Hans']);
});

it('the last wish counts, whichever words come last', async () => {
  const view = doubleWords();
  void view.words.load('en');
  view.come('en');
  const slow = wishLanguage('zh-Hans', settings);
  await wishLanguage('en', settings);
  view.come('zh-Hans');
  await slow;
  expect(spoken).toEqual(['en']);
  expect(comingLanguage.peek()).toBe(null);
});

it('a language whose first words could not be fetched is claimed by nobody, and asked for again until they are there', async () => {
  vi.useFakeTimers();
  let failures = 2;
  const wished = wishLanguage('zh-Hans', { language, speak: async (next) => (failures-- > 0 ? undefined : speak(next)) });
  for (const tries of [0, 1]) {
    await vi.waitUntil(() => isWishHeldUp.peek());
    expect([comingLanguage.peek(), language.peek(), spoken], `${tries}`).toEqual([null, 'en', []]);
    await vi.advanceTimersByTimeAsync(lateRetryAfterMs(tries));
  }
  await wished;
  expect([comingLanguage.peek(), isWishHeldUp.peek(), spoken]).toEqual([null, false, ['zh-Hans']]);
});

it('a wish that is held up gives way to the next one', async () => {
  vi.useFakeTimers();
  const slow = wishLanguage('zh-Hans', { language, speak: async () => {} });
  await vi.waitUntil(() => isWishHeldUp.peek());
  await wishLanguage('en', settings);
  expect([comingLanguage.peek(), isWishHeldUp.peek(), spoken]).toEqual([null, false, ['en']]);
  await vi.advanceTimersByTimeAsync(lateRetryAfterMs(0));
  await slow;
  expect(language.peek()).toBe('en');
});
