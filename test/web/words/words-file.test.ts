import { expect, it } from 'vitest';
import { areNeededWordsMissing, loadNeededWords, wordsOf } from '../../../web/words/words-file.ts';
import { doubleWords } from '../../support/words-double.ts';

/** Whether a promise has settled once everything has run that could. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await new Promise((resolve) => setTimeout(resolve));
  return settled;
}

it('words are those of the language, and of another one where only that is there', () => {
  const { words, come } = doubleWords();
  expect(() => wordsOf(words, 'en')).toThrow();
  come('zh-Hans');
  expect(wordsOf(words, 'en')).toBe('zh-Hans');
  come('en');
  expect(wordsOf(words, 'en')).toBe('en');
  expect(wordsOf(words, 'zh-Hans')).toBe('zh-Hans');
});

it('a language is there when all words are that were ever needed, also those that came to be needed on the way; no others are fetched', async () => {
  const [first, second, unneeded] = [doubleWords(), doubleWords(), doubleWords()];
  void first.words.load('en');
  const all = loadNeededWords('zh-Hans');
  expect(await isSettled(all)).toBe(false);
  void second.words.load('en');
  first.come('zh-Hans');
  expect(await isSettled(all)).toBe(false);
  second.come('zh-Hans');
  expect(await isSettled(all)).toBe(true);
  expect([first.asked, second.asked, unneeded.asked]).toEqual([['en', 'zh-Hans'], ['en', 'zh-Hans'], []]);
});

it('what is missing is told of the language that misses it, and no longer than that', () => {
  const { words, fail, come } = doubleWords();
  fail('zh-Hans');
  expect(areNeededWordsMissing('zh-Hans'), 'nobody needs them').toBe(false);
  void words.load('zh-Hans');
  expect([areNeededWordsMissing('en'), areNeededWordsMissing('zh-Hans')]).toEqual([false, true]);
  come('zh-Hans');
  expect(areNeededWordsMissing('zh-Hans')).toBe(false);
});
