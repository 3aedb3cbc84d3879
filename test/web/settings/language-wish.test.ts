import { expect, it, vi } from 'vitest';
import { comingLanguage, isWishHeldUp, wishLanguage } from '../../../web/settings/language-wish.ts';
import type { Language } from '../../../web/words/i18n.ts';
import { doubleWords } from '../../support/words-double.ts';

const spoken: Language[] = [];
const settings = { speak: async (language: Language) => void spoken.push(language) };

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

it('the last wish counts, whichever words come last', async () => {
  spoken.length = 0;
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

it('a language whose first words could not be fetched is not on its way any more', async () => {
  const speak = vi.fn(async () => {});
  await wishLanguage('zh-Hans', { speak });
  expect(speak).toHaveBeenCalledOnce();
  expect(comingLanguage.peek()).toBe(null);
});
