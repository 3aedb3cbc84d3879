/** Words come with what says them: each view's in files of their own. */
import { expect, it } from 'vitest';
import { live, open } from './page-fixture.ts';

/** With what a further try has behind it; it is made 5 s after the first. */
const TABLE_WORDS = '**/table-words-en-*.js*';
const CHINESE_DETAILS = '**/details-words-zh-hans-*.js*';
const MISSING = 'Parts of the page could not be loaded.';

/** Runs in the page: notes in each frame in which languages its parts speak, each combination once. */
function noteLanguages(): void {
  const heard: string[] = [];
  (globalThis as unknown as { heard: string[] }).heard = heard;
  const look = (): void => {
    const parts = ['.counts dt', '.settings-button', '[role="dialog"] h3'].map((part) => {
      const text = document.querySelector(part)?.getAttribute('title') ?? document.querySelector(part)?.textContent ?? '';
      return /\p{Script=Han}/u.test(text) ? 'zh' : text === '' ? '-' : 'en';
    });
    const now = parts.join(' ');
    if (heard.at(-1) !== now) heard.push(now);
    requestAnimationFrame(look);
  };
  look();
}

it('a view without its words is not painted, which it says, and is when they come', async () => {
  const { edge, page } = await open();
  await live(page, edge);
  await page.route(TABLE_WORDS, (route) => route.abort());
  await page.click('.views a[href$="view=table"]');
  await page.getByRole('heading', { name: MISSING }).waitFor();
  expect(await page.locator('table').count()).toBe(0);
  await page.unroute(TABLE_WORDS);
  await page.waitForSelector('table [data-vm="default/ubuntu"]');
});

it('another language is spoken by the whole page at once, and not before all its words are there', async () => {
  const { edge, page, faults } = await open('/c/lab/vm/default/ubuntu');
  await live(page, edge);
  await page.waitForSelector('[role="dialog"] h3');
  await page.evaluate(noteLanguages);
  await page.route(CHINESE_DETAILS, (route) => route.abort());
  await page.click('.settings-button');
  const box = page.getByRole('combobox', { name: 'Language', exact: true });
  await box.selectOption('zh-Hans');
  await page.locator('.settings-menu [role="alert"]', { hasText: MISSING }).waitFor();
  expect(await box.inputValue(), 'no claim').toBe('en');
  await page.unroute(CHINESE_DETAILS);
  await page.waitForSelector('html[lang="zh-Hans"]');
  await page.getByRole('combobox', { name: '语言', exact: true }).selectOption('en');
  await page.waitForSelector('html[lang="en"]');
  await page.waitForFunction(() => (globalThis as unknown as { heard: string[] }).heard.length === 3);
  await page.getByRole('combobox', { name: 'Language', exact: true }).selectOption('zh-Hans');
  await page.waitForSelector('html[lang="zh-Hans"]');
  // What is opened afterwards speaks it from the start.
  await page.click('.views a[href*="view=table"]');
  await page.getByRole('columnheader', { name: '命名空间' }).first().waitFor();
  const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
  expect(heard.slice(0, 4)).toEqual(['en en en', 'zh zh zh', 'en en en', 'zh zh zh']);
  expect(faults.filter((fault) => !fault.includes('ERR_FAILED'))).toEqual([]);
});
