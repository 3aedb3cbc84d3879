import { describe, expect, it } from 'vitest';
import { choose, live, open, painted, ubuntuMoving } from './page-fixture.ts';

describe('where there is no board', () => {
  it.each([
    ['an unknown cluster', '/c/elsewhere', {}, 'No cluster of this name'],
    ['no such page', '/elsewhere', {}, 'Nothing here'],
    ['before the first sync', '/c/lab', { isWaiting: true }, 'Waiting for the first sync'],
    ['an empty cluster', '/c/lab', { hosts: [], vms: [] }, 'No hosts'],
  ] as const)('%s has its own words', async (_, path, options, words) => {
    const { page } = await open(path, {}, options);
    await page.getByRole('heading', { name: words }).waitFor();
  });

  it('one cluster is opened at once', async () => {
    const { edge, page } = await open('/');
    await live(page, edge);
    expect(new URL(page.url()).pathname).toBe('/c/lab');
  });
});

describe('readers', () => {
  it('reads Chinese where the browser does, and keeps what was chosen', async () => {
    const { edge, page } = await open('/c/lab', { locale: 'zh-CN' });
    await live(page, edge);
    expect(await page.getAttribute('html', 'lang')).toBe('zh-Hans');
    expect(await page.textContent('.badge')).toBe('实时');
    await choose(page, '语言', 'en');
    await page.waitForSelector('html[lang="en"]');
    await page.reload();
    await live(page, edge);
    expect(await page.textContent('.badge')).toBe('Live');
  });

  it('keeps the theme that was chosen', async () => {
    const { edge, page } = await open('/c/lab', { colorScheme: 'light' });
    await live(page, edge);
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await choose(page, 'Colours', 'dark');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await live(page, edge);
    expect(await ground()).toBe(dark);
  });

  it('fits a phone: no sideways scrolling, targets of 44 px', async () => {
    const { edge, page } = await open('/c/lab', { viewport: { width: 360, height: 740 } });
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving({ requested: 'host-3' })] }));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.click('.settings-button');
    const heights = await page.$$eval('.chip > button, h2 > button, select, .settings-button, .settings-menu .action', (targets) =>
      targets.filter((target) => target.checkVisibility()).map((target) => target.getBoundingClientRect().height),
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    expect(await page.locator('[data-trail]').count()).toBe(0);
  });
});
