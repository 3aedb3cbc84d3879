/** Every view, in both themes and languages, without a violation (issue 6); what the views are is in axe-views.ts. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAxe } from '../support/axe.ts';
import { launchBrowser } from '../support/browser.ts';
import { startFakeEdge } from '../support/fake-edge.ts';
import { watchPolicy } from '../support/policy-watch.ts';
import { launchWatchedBrowser } from '../support/watched-browser.ts';
import { AXE_VIEWS, type AxeView } from './axe-views.ts';

const LANGUAGES = [
  { locale: 'en-US', lang: 'en' },
  { locale: 'zh-CN', lang: 'zh-Hans' },
] as const;
const THEMES = ['light', 'dark'] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** What is wrong with it in one language, in either theme. */
async function look(view: AxeView, { locale, lang }: (typeof LANGUAGES)[number]): Promise<string[]> {
  const edge = await startFakeEdge(view.edge);
  let context: BrowserContext | undefined;
  try {
    const viewport = view.narrow ? { width: 390, height: 844 } : { width: 1440, height: 900 };
    context = await browser.newContext({ locale, viewport, reducedMotion: 'reduce' });
    // Ten pages at a time, each of which is looked at from top to bottom.
    context.setDefaultTimeout(90_000);
    const breaches = await watchPolicy(context);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`fault: ${error.message}`));
    await view.prepare?.(edge, page);
    await page.goto(edge.url + (view.path ?? '/c/lab'));
    await page.waitForSelector(view.shows, { state: 'attached' });
    await page.waitForSelector(`html[lang="${lang}"]`);
    await view.act?.(page, edge);
    const grounds = new Set<string>();
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      grounds.add(await groundOf(page));
      const { violations, passes } = await runAxe(page);
      if (passes < 10) faults.push(`only ${passes} rules found anything to look at`);
      faults.push(...violations.map((violation) => `${colorScheme}: ${violation}`));
    }
    if (lang === 'en' && view.path?.endsWith('?wall') !== true) faults.push(...(await enlarge(page)));
    if (grounds.size !== THEMES.length) faults.push(`the themes have one ground: ${[...grounds]}`);
    return [...faults, ...breaches].map((fault) => `${lang}: ${fault}`);
  } finally {
    await context?.close();
    await edge.close();
  }
}

/** Letters of twice the size in a window of 320 px (WCAG 1.4.4, 1.4.10): what of it is not inside, or is to be scrolled sideways. */
async function enlarge(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 320, height: 800 });
  const outside = await page.evaluateHandle(() => {
    document.documentElement.style.fontSize = '200%';
    return (): string[] =>
      [document.documentElement, ...document.querySelectorAll<HTMLElement>('body *:not(svg *, option, .unseen, .unseen *)')]
        .filter((element) => element.closest('.rows-table thead') === null && element.getBoundingClientRect().width > 0)
        .filter((element) => {
          const { left, right } = element.getBoundingClientRect();
          const isScrolled = element.scrollWidth > element.clientWidth && /auto|scroll/.test(getComputedStyle(element).overflowX);
          return left < -1 || right > innerWidth + 1 || isScrolled || (element.localName === 'html' && element.scrollWidth > innerWidth);
        })
        .map(({ localName, className }) => `${localName}.${className}`);
  });
  // It may be about to be rendered for a narrow window.
  const isInside = page
    .waitForFunction((found) => found().length === 0, outside, { timeout: 30_000 })
    .then(
      () => true,
      () => false,
    );
  return (await isInside) ? [] : [`in large letters, not inside: ${(await outside.evaluate((found) => found())).join(', ')}`];
}

const groundOf = (page: Page): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

describe.concurrent('axe finds nothing, and no breach of the policy is told', () => {
  it.each(AXE_VIEWS)('$name', async (view) => {
    const faults = await Promise.all(LANGUAGES.map((language) => look(view, language)));
    expect(faults.flat()).toEqual([]);
  });
});

it('is found by axe, where there is something', async () => {
  const page = await browser.newPage();
  await page.setContent(
    '<main><h1>x</h1><button></button><p class="x">hard to read</p><style>.x{color:#888;background:#999}</style></main>',
  );
  const { violations } = await runAxe(page);
  expect(violations.map((violation) => violation.split(':')[0])).toEqual(expect.arrayContaining(['button-name', 'color-contrast']));
  await page.close();
});

it('breaches of the policy are told, where there are some', async () => {
  const edge = await startFakeEdge();
  const watched = await launchWatchedBrowser();
  const page = await watched.newPage();
  await page.goto(edge.url);
  await page.evaluate(async () => {
    let told = 0;
    const areAllTold = new Promise<void>((resolve) => {
      document.addEventListener('securitypolicyviolation', () => {
        told++;
        if (told === attempts.length) resolve();
      });
    });
    const attempts = [
      () => document.body.setAttribute('style', 'color: red'),
      () => document.body.insertAdjacentHTML('beforeend', '<b>text</b>'),
      () => document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.invalid/a.png' })),
      () => void fetch('https://elsewhere.invalid/').catch(() => {}),
    ];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch {
        // Trusted Types throw, too.
      }
    }
    await areAllTold;
  });
  const told = await watched.close().then(
    () => '',
    (error: unknown) => String(error),
  );
  const directives = [...told.matchAll(/^\/\S*: (\S+) by /gm)].map(([, directive]) => directive);
  expect(directives.sort()).toEqual(['connect-src', 'img-src', 'require-trusted-types-for', 'style-src-attr']);
  await edge.close();
});

it('shapes are there in forced colours, which take backgrounds away', async () => {
  const edge = await startFakeEdge(AXE_VIEWS.find(({ name }) => name === 'drain')?.edge);
  const context = await browser.newContext({ forcedColors: 'active', colorScheme: 'dark' });
  const page = await context.newPage();
  for (const path of ['/c/lab', '/c/lab/h/host-1?view=drain']) {
    await page.goto(edge.url + path);
    await page.waitForSelector('.host-safe, .drain-lists');
    const colours = await page.evaluate(() => {
      const painted = (selector: string, pseudo: string | null): string[] =>
        [...document.querySelectorAll(selector)].map((element) => getComputedStyle(element, pseudo).backgroundColor);
      return [...painted('.shape', null), ...painted('.badge', '::before')];
    });
    expect(colours.length).toBeGreaterThan(5);
    // CanvasText, on a dark canvas.
    expect([...new Set(colours)]).toEqual(['rgb(255, 255, 255)']);
  }
  const parts = await page.$$eval('.drain-bar rect', (rects) => rects.map((rect) => getComputedStyle(rect).fill));
  expect(new Set(parts).size).toBeGreaterThan(1);
  await context.close();
  await edge.close();
});
