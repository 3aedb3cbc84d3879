/** How what moves is shown: once, by whoever wants motion, and in words by whoever does not. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chip, live, open, painted, ubuntuArrived, ubuntuMoving, vmOn } from './page-fixture.ts';

describe('motion', () => {
  /** On the body, to stay: how many copies have flown from now on, and which words were said instead. They themselves soon go. */
  const recordMotion = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const { dataset } = document.body;
      dataset.flights = '0';
      dataset.origins = '';
      let toldAt = 0;
      new MutationObserver((records) => {
        const added = records
          .flatMap((record) => [...record.addedNodes])
          .filter((node) => node instanceof Element && node.classList.contains('flyer'));
        if (added.length > 0) dataset.flights = String(Number(dataset.flights) + added.length);
        // Until it is looked at.
        for (const copy of added) for (const flight of (copy as Element).getAnimations()) flight.pause();
        for (const { target, attributeName } of records) {
          if (attributeName === null) continue;
          const { movedFrom, lit } = (target as HTMLElement).dataset;
          if (movedFrom !== undefined) dataset.origins = movedFrom;
          if (movedFrom !== undefined || lit !== undefined) toldAt ||= performance.now();
          else if (toldAt > 0) dataset.toldMs ??= String(performance.now() - toldAt);
        }
      }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-moved-from', 'data-lit'] });
    });
  const land = (page: Page): Promise<void> =>
    page.evaluate(() => {
      for (const copy of document.querySelectorAll('.flyer')) for (const flight of copy.getAnimations()) flight.finish();
    });

  it('a VM travels, and its copy says what is known of it by then, and goes away', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await recordMotion(page);
    const listTop = (): Promise<number | undefined> =>
      page.evaluate(() => document.querySelector('[data-host="host-1"] [data-lane="settled"]')?.getBoundingClientRect().top);
    const top = await listTop();
    await painted(page, edge.change({ vms: [ubuntuMoving({ stage: 'scheduling', to: null })] }));
    const copy = page.locator('.flyer');
    expect(await copy.textContent()).toContain('→ being chosen');
    // The first to move has a place that was kept for it.
    expect(await listTop()).toBe(top);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    await page.waitForSelector('[data-trail="default/ubuntu"]', { state: 'attached' });
    expect(await copy.textContent()).toContain('→ host-2');
    expect(await copy.textContent()).not.toContain('being chosen');
    await land(page);
    await page.waitForSelector('.flyer', { state: 'detached' });

    edge.change({ vms: [ubuntuArrived] });
    await page.waitForSelector('body[data-flights="2"]', { state: 'attached' });
    await land(page);
    await page.waitForSelector('.flyer', { state: 'detached' });
  });

  it('where motion is not wanted, words say where it came from (interface.md C.3)', async () => {
    const { edge, page } = await open('/c/lab', { reducedMotion: 'reduce' });
    await live(page, edge);
    await recordMotion(page);
    edge.change({ vms: [ubuntuArrived] });
    await page.waitForSelector('body[data-origins="← host-1"]', { state: 'attached' });
    await page.waitForSelector('[data-moved-from]', { state: 'detached' });
    expect(await page.getAttribute('body', 'data-flights')).toBe('0');
    // Both stand long enough to be found.
    await page.waitForSelector('body[data-told-ms]', { state: 'attached' });
    expect(Number(await page.getAttribute('body', 'data-told-ms'))).toBeGreaterThan(1_000);
  });

  it('a picture that is fetched anew does not move', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await recordMotion(page);
    edge.change({ vms: [ubuntuArrived] });
    await page.waitForSelector('body[data-flights="1"]', { state: 'attached' });
    edge.loseFrame({ vms: [vmOn('ubuntu', 'host-3')] });
    edge.renew();
    edge.dropStreams();
    await painted(page, edge.state.cursor);
    expect(await page.locator(chip('default/ubuntu', 'host-3', 'settled')).count()).toBe(1);
    expect(await page.getAttribute('body', 'data-flights')).toBe('1');
  });
});
