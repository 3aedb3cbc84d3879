/** What the styles paint, and what they cut off: looked at in pixels, where no property of an element tells it. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { ClusterSummary } from '../../core/model.ts';
import { hostNamed } from '../support/entities.ts';
import { differenceAtEdges } from '../support/pixels.ts';
import { summaryOf } from '../support/summaries.ts';
import { browser, choose, closing, emptied, HOSTS, live, open, vmOn } from './page-fixture.ts';

const DESK = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 800 };
/** As far outside of an element as a ring is painted, and as far inside. */
const RING_PX = 5;

async function blankPage(): Promise<Page> {
  const context = await browser.newContext();
  closing.push(() => context.close());
  return context.newPage();
}

it('what has the focus has a ring on all sides, also within what is cut off at its edge (WCAG 2.4.7)', async () => {
  const many = Array.from({ length: 60 }, (_, index) => vmOn(`vm-${String(index).padStart(2, '0')}`, 'host-1'));
  const here = emptied('host-1', { here: 60, were: 60, waiting: 60, since: 0 });
  const { edge } = await open('/elsewhere', {}, { hosts: [here, ...HOSTS.slice(1)], vms: [...many, vmOn('lone', null)] });
  edge.fleet.clusters = ['one', 'two'].map((name): ClusterSummary => summaryOf(name, Date.now()));
  edge.answers.set('/migrations', {
    body: {
      now: Date.now(),
      running: [],
      finished: [
        {
          id: 'm-1',
          vm: 'default/vm-00',
          outcome: 'succeeded',
          cause: 'user',
          from: 'host-1',
          to: 'host-2',
          startedAt: 1,
          endedAt: 2,
          stages: [],
          recordedAt: 2,
        },
      ],
      next: null,
      bucket: 300,
      buckets: [],
      silences: [],
    },
  });
  const blank = await blankPage();
  const late = '[data-vm="default/vm-45"] > button';
  const desk = [
    ['/c/lab', ['.hosts [data-vm="default/vm-00"] > button', `.hosts ${late}`, '.unplaced .chip > button', '.host-head h2 > button']],
    ['/c/lab?group=namespace', ['.group .chip > button', `.group ${late}`]],
    ['/c/lab?view=table', ['thead button', '.vm-table tbody th > button']],
    ['/c/lab/h/host-1?view=drain', [`.drain-lists ${late}`]],
    ['/c/lab?view=migrations', ['.moves-table tbody th > button']],
    ['/?x', ['.cluster-name a']],
  ] as const;
  const phone = [
    ['/c/lab', ['.host-head h2 > button', '.fold']],
    ['/c/lab?view=table', ['thead button']],
  ] as const;
  async function expectRings(viewport: typeof DESK, views: typeof desk | typeof phone): Promise<void> {
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
    closing.push(() => context.close());
    const page = await context.newPage();
    await page.goto(`${edge.url}/c/lab`);
    for (const [path, kinds] of views) {
      // As by the browser's own buttons, for that loads nothing anew.
      await page.evaluate((to) => {
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      }, path);
      for (const kind of kinds) {
        const element = page.locator(kind).first();
        await element.waitFor();
        await element.evaluate((it) => {
          if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
          it.scrollIntoView({ block: 'center' });
        });
        const picture = async (): Promise<Buffer> => {
          // The whole card of a cluster is the link.
          const { x, y, width, height } = await element.evaluate((it) =>
            (it.closest('.cluster-card') ?? it).getBoundingClientRect().toJSON(),
          );
          const clip = { x: x - RING_PX, y: y - RING_PX, width: width + 2 * RING_PX, height: height + 2 * RING_PX };
          return page.screenshot({ clip, animations: 'disabled' });
        };
        const without = await picture();
        await element.evaluate((it: HTMLElement) => it.focus({ focusVisible: true, preventScroll: true } as FocusOptions));
        const { top, right, bottom, left } = await differenceAtEdges(blank, without, await picture(), 2 * RING_PX);
        expect(Math.min(top, right, bottom, left), `${kind} of ${path}: ${[top, right, bottom, left]}`).toBeGreaterThan(0.9);
      }
    }
  }
  await Promise.all([expectRings(DESK, desk), expectRings(PHONE, phone)]);
});

it('marks that are heaped on the letters of a name stay off the lines and rows around it', async () => {
  const heaped = `o${'\u0300'.repeat(100)}`.repeat(10);
  const hosts = [hostNamed('host-1', { displayName: heaped }), ...HOSTS.slice(1)];
  const { page, edge } = await open('/c/lab/h/host-1', { viewport: DESK }, { hosts, vms: [vmOn('a', 'host-1', { displayName: heaped })] });
  const blank = await blankPage();
  await live(page, edge);
  /** How far from the name it is looked at, and how far from there towards it. */
  const [aroundPx, depthPx] = [30, 24];
  async function expectInPlace(kinds: readonly string[]): Promise<void> {
    for (const kind of kinds) {
      const name = page.locator(kind).first();
      await name.waitFor();
      const { x, y, width, height } = await name.evaluate((it) => it.getBoundingClientRect().toJSON());
      const clip = { x, y: y - aroundPx, width: Math.min(width, 60), height: height + 2 * aroundPx };
      const picture = (): Promise<Buffer> => page.screenshot({ clip, animations: 'disabled' });
      const withMarks = await picture();
      await name.evaluate((it) => {
        it.textContent = it.textContent?.replace(/[^o]/g, '') ?? '';
      });
      const without = await picture();
      const { top, bottom } = await differenceAtEdges(blank, withMarks, without, depthPx);
      expect([top, bottom], kind).toEqual([0, 0]);
      expect(without.equals(withMarks), `${kind}: there were some`).toBe(false);
    }
  }
  await expectInPlace(['.chip-name', '.host-head h2 > button', '.vm-line-name', '.drawer-head h2']);
  await page.goto(`${edge.url}/c/lab?view=table`);
  await expectInPlace(['.vm-table th .cell-text']);
});

it('on paper all is dark on light, whatever is chosen for the screen, and without what is there to be clicked', async () => {
  const { page, edge } = await open('/c/lab/vm/default/ubuntu?q=ubuntu', { viewport: DESK, colorScheme: 'dark' });
  await live(page, edge);
  const ink = (): Promise<string> => page.$eval('.host-head h2 > button', (name) => getComputedStyle(name).color);
  const onScreen = await ink();
  await page.emulateMedia({ media: 'print' });
  const onPaper = await ink();
  expect(onPaper).not.toBe(onScreen);
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  expect(await ink()).toBe(onPaper);
  await choose(page, 'Colours', 'dark');
  expect(await ink()).toBe(onScreen);
  await page.emulateMedia({ media: 'print' });
  expect(await ink()).toBe(onPaper);
  for (const control of ['.settings', '.views', '.tools-more', '.copy-link'])
    expect(await page.locator(control).first().isVisible(), control).toBe(false);
  expect(await page.isVisible('.find-box input'), 'what was searched for').toBe(true);
  await page.goto(`${edge.url}/?q=lab`);
  await page.waitForSelector('.cluster-card');
  expect(await page.locator('.fleet-head button, .fleet-choice').count(), 'there are some').toBeGreaterThan(1);
  for (const control of await page.locator('.fleet-head button, .fleet-choice').all()) expect(await control.isVisible()).toBe(false);
  expect(await page.isVisible('input.fleet-field')).toBe(true);
});
