/**
 * `npm run pictures [-- NAME …]`: the pictures of the page in docs/pictures/, each view in both themes and both languages, from simulated
 * clusters at a moment at which something happens.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ROOT } from '../local/paths.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { setup as build } from '../test/support/build.ts';
import { openStage, type Stage } from './picture-stage.ts';

const FOLDER = join(ROOT, 'docs/pictures');
const DESKTOP = { width: 1280, height: 800 };
const NARROW: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const WEBP_QUALITY = 82;

interface View {
  readonly name: string;
  readonly path: (stage: Stage) => string;
  /** There when the picture can be taken. */
  readonly until: string;
  readonly options?: BrowserContextOptions;
  readonly prepare?: (page: Page, stage: Stage) => Promise<void>;
}

const VIEWS: readonly View[] = [
  { name: 'board', path: () => '/c/harvester', until: '[data-lane="leaving"] [data-note="progress"]' },
  { name: 'board-narrow', path: () => '/c/harvester', until: '[data-lane="leaving"] [data-note="progress"]', options: NARROW },
  { name: 'search', path: () => '/c/harvester?q=label:app=web&group=zone', until: '[data-dimmed]' },
  { name: 'groups', path: () => '/c/harvester?group=label:team', until: '[data-vm]' },
  { name: 'table', path: () => '/c/harvester?view=table', until: 'table [data-vm]' },
  { name: 'vm', path: ({ moving }) => `/c/harvester/vm/${moving.namespace}/${moving.name}`, until: '[role="dialog"]' },
  { name: 'host', path: ({ drained }) => `/c/harvester/h/${drained}`, until: '[role="dialog"]' },
  { name: 'drain', path: ({ drained }) => `/c/harvester/h/${drained}?view=drain`, until: '[data-safe]' },
  { name: 'migrations', path: () => '/c/harvester?view=migrations', until: 'body:has(table [data-vm]) .moves-bars rect' },
  {
    name: 'past',
    path: () => '/c/harvester',
    until: '[data-lane]',
    prepare: async (page) => {
      const at = new Date(Date.now() - 10_000).toISOString();
      await page.goto(new URL(`/c/harvester?at=${at}`, page.url()).href);
      await page.waitForSelector('.badge[data-connection="past"]');
      await page.waitForSelector('[data-trail]', { state: 'attached' });
    },
  },
  { name: 'fleet', path: () => '/', until: '[data-cluster="berlin-edge"]' },
  { name: 'wall', path: () => '/c/harvester?wall', until: '[data-lane="leaving"]', options: { viewport: { width: 1920, height: 1080 } } },
];
const THEMES = ['light', 'dark'] as const;
const LANGUAGES = { en: 'en-GB', 'zh-hans': 'zh-CN' } as const;

await build();
await mkdir(FOLDER, { recursive: true });
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => VIEWS.every((view) => view.name !== name));
if (unknown.length > 0) throw new Error(`There is no picture ${unknown.join(', ')}. Pictures: ${VIEWS.map(({ name }) => name).join(', ')}`);
const stage = await openStage();
const browser = await launchBrowser();
try {
  for (const view of VIEWS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    for (const theme of THEMES) for (const language of ['en', 'zh-hans'] as const) await takePicture(browser, view, theme, language);
  }
} finally {
  await browser.close();
  await stage.close();
}

async function takePicture(from: Browser, view: View, theme: (typeof THEMES)[number], language: keyof typeof LANGUAGES): Promise<void> {
  const context = await from.newContext({
    viewport: DESKTOP,
    ...view.options,
    colorScheme: theme,
    locale: LANGUAGES[language],
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(stage.url + view.path(stage));
  await page.waitForSelector(view.until);
  await page.waitForFunction(() => document.querySelector('.badge[data-connection="connecting"]') === null);
  await view.prepare?.(page, stage);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  // Playwright's own pictures are PNG and JPEG: of text, WebP makes a third of the bytes.
  const session = await context.newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: WEBP_QUALITY });
  const name = `${view.name}-${theme}-${language}.webp`;
  await writeFile(join(FOLDER, name), Buffer.from(data, 'base64'));
  await context.close();
  console.log(`docs/pictures/${name}`);
}
