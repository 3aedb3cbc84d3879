import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { VM_STATES, type Vm } from '../../core/model.ts';
import { observationOf, observeBoard } from '../support/board-observer.ts';
import { chip, live, open, painted, ubuntuArrived, ubuntuMoving, vmOn } from './page-fixture.ts';

describe('the board', () => {
  it('shows a migration from start to end, and every DOM update is a whole picture (D2, L1, T1)', async () => {
    const { edge, page, faults } = await open();
    await live(page, edge);
    await observeBoard(page, 'default/ubuntu');

    await painted(page, edge.change({ vms: [ubuntuMoving({ stage: 'scheduling', to: null, requested: 'host-3' })] }));
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'leaving'))).toContain('asked for host-3');
    expect(await page.locator(chip('default/ubuntu', 'host-1', 'settled')).count()).toBe(0);

    await painted(page, edge.change({ vms: [ubuntuMoving({ requested: 'host-3', progress: 40 })] }));
    const leaving = await page.textContent(chip('default/ubuntu', 'host-1', 'leaving'));
    for (const part of ['→ host-2', 'asked for host-3', 'copying memory 40%', 'by hand']) expect(leaving).toContain(part);
    expect(await page.textContent(chip('default/ubuntu', 'host-2', 'arriving'))).toContain('← host-1');
    await page.waitForSelector('[data-trail="default/ubuntu"]', { state: 'attached' });

    await painted(page, edge.change({ vms: [ubuntuArrived] }));
    expect(await page.locator(chip('default/ubuntu', 'host-2', 'settled')).count()).toBe(1);
    expect(await page.locator('[data-vm="default/ubuntu"]').count()).toBe(1);
    expect(await page.locator('[data-trail]').count()).toBe(0);

    const { violations, drawn } = await observationOf(page);
    expect(violations).toEqual([]);
    expect(new Set(drawn.map(({ state }) => state))).toEqual(new Set(['running']));
    expect(drawn.map(({ settled, leaving, arriving }) => [settled, leaving, arriving].map((hosts) => hosts.join()).join(' '))).toEqual([
      'host-1  ',
      ' host-1 ',
      ' host-1 host-2',
      'host-2  ',
    ]);
    expect(faults).toEqual([]);
  });

  it('holds together under many changes', async () => {
    const many = Array.from({ length: 60 }, (_, index) => vmOn(`vm-${index}`, `host-${(index % 3) + 1}`));
    const { edge, page } = await open('/c/lab', {}, { vms: many });
    await live(page, edge);
    await observeBoard(page, 'default/vm-0');
    let cursor = '';
    for (let round = 0; round < 40; round++) {
      const moved = many.filter((_, index) => (index + round) % 4 === 0);
      const vms = moved.map((vm, index) => {
        const host = `host-${((index + round) % 3) + 1}`;
        const to = `host-${((index + round + 1) % 3) + 1}`;
        const transit = { id: `m-${index}`, stage: 'preparing', cause: 'drain', from: host, to, startedAt: Date.now() } as const;
        return { ...vm, host: index % 7 === 6 ? null : host, ...(index % 2 === 0 && { transit }) };
      });
      cursor = edge.change({ vms: [...vms, vmOn(`new-${round}`, 'host-1')], goneVms: [`default/new-${round - 3}`] });
      if (round % 3 === 0) await page.evaluate(() => new Promise(requestAnimationFrame));
      // However many frames a slow page paints as one commit, these are commits of their own.
      if (round % 10 === 0) await painted(page, cursor);
    }
    await painted(page, cursor);
    const { violations, commits } = await observationOf(page);
    expect(violations).toEqual([]);
    expect(commits).toBeGreaterThan(3);
    expect(await page.textContent('[data-count="moving"]')).toBe(String(await page.locator('[data-lane="leaving"] [data-vm]').count()));
  });

  it('is the same after a reload in the middle', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    const pictureOf = (): Promise<string[]> =>
      page.$$eval('[data-vm]', (chips) =>
        chips.map((item) =>
          [
            item.closest('[data-host]')?.getAttribute('data-host'),
            item.closest('[data-lane]')?.getAttribute('data-lane'),
            item.getAttribute('data-vm'),
          ].join(' '),
        ),
      );
    const before = await pictureOf();
    await page.reload();
    await live(page, edge);
    expect(await pictureOf()).toEqual(before);
  });

  it('marks a failed migration with its reason, and keeps it in the details', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const reason = 'target pod was evicted';
    const failed = vmOn('ubuntu', 'host-1', {
      lastMigration: { outcome: 'failed', cause: 'user', from: 'host-1', to: 'host-2', endedAt: Date.now(), reason, tries: 2 },
    });
    await painted(page, edge.change({ vms: [failed] }));
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'settled'))).toContain(reason);
    await painted(
      page,
      edge.change({
        vms: [{ ...failed, lastMigration: { ...failed.lastMigration, endedAt: Date.now() - 60_000 } as NonNullable<Vm['lastMigration']> }],
      }),
    );
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'settled'))).not.toContain(reason);

    await page.focus(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    await page.keyboard.press('Enter');
    // It takes the focus, and with it the keys, a moment after it is there.
    const details = await page.waitForSelector('[role="dialog"]:focus');
    expect(await details.textContent()).toContain(reason);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[role="dialog"]', { state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.closest('[data-vm]')?.getAttribute('data-vm'))).toBe('default/ubuntu');
  });

  it('leaves no VM out: on a host without a Node, or on none', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [vmOn('ghost', 'host-9')] }));
    expect(await page.locator(chip('default/ghost', 'host-9', 'settled')).count()).toBe(1);
    expect(await page.locator('[data-lane="unplaced"] [data-vm="default/archive"]').count()).toBe(1);
    await painted(page, edge.change({ goneVms: ['default/ghost'] }));
    expect(await page.locator('[data-host="host-9"]').count()).toBe(0);
  });

  it('counts every VM in one state, the rarer states where there is one', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const stateCounts = (): Promise<[string, number][]> =>
      page.$$eval(
        '[data-count]',
        (numbers, known) =>
          numbers
            .map((number): [string, number] => [number.getAttribute('data-count') ?? '', Number(number.textContent)])
            .filter(([name]) => known.includes(name)),
        VM_STATES as readonly string[],
      );
    expect(await stateCounts()).toEqual([
      ['running', 4],
      ['off', 1],
    ]);
    await painted(page, edge.change({ vms: [vmOn('suse', 'host-2', { state: 'paused' }), vmOn('new', null, { state: 'starting' })] }));
    expect(await stateCounts()).toEqual([
      ['running', 3],
      ['off', 1],
      ['paused', 1],
      ['starting', 1],
    ]);
    expect(await page.textContent('[data-count="vms"]')).toBe('6');
    await painted(page, edge.change({ vms: [vmOn('suse', 'host-2')], goneVms: ['default/new'] }));
    expect((await stateCounts()).map(([name]) => name)).toEqual(['running', 'off']);
  });

  it('cuts no name, wherever its VM stands', async () => {
    const name = 'ubuntu-of-a-team-that-likes-its-names-to-say-everything-01';
    const { edge, page } = await open('/c/lab', { viewport: { width: 1280, height: 720 } });
    await live(page, edge);
    const staying = vmOn(name, 'host-1', { id: `staging/${name}`, namespace: 'staging' });
    const moving = { ...ubuntuMoving(), id: `staging/${name}-2`, namespace: 'staging', name: `${name}-2` };
    await painted(page, edge.change({ vms: [staying, moving] }));
    const cut = await page.$$eval('.chip-name, .host-head h2', (names) =>
      names.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => textContent),
    );
    expect(cut).toEqual([]);
    expect(await page.locator('.chip-name', { hasText: name }).count()).toBe(3);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
  });

  it('a chip keeps its element, and its focus, while others come and go around it', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await page.focus(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    await painted(page, edge.change({ vms: [vmOn('alpine', 'host-1'), vmOn('zorin', 'host-1')], goneVms: ['default/debian'] }));
    expect(await page.evaluate(() => document.activeElement?.closest('[data-vm]')?.getAttribute('data-vm'))).toBe('default/ubuntu');
  });

  it('the details of a VM that was gone show it again when it is back', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await page.click(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    await page.waitForSelector('[role="dialog"] .facts');
    await painted(page, edge.change({ goneVms: ['default/ubuntu'] }));
    await page.waitForSelector('[role="dialog"] .facts', { state: 'detached' });
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-3')] }));
    await page.waitForSelector('[role="dialog"] .facts');
    expect(await page.textContent('[role="dialog"]')).toContain('host-3');
  });

  it('shows text of clusters as text', async () => {
    const { edge, page, faults } = await open();
    await live(page, edge);
    const markup = '<img src=x onerror=alert(1)>';
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-1', { displayName: markup, state: 'error', reason: markup })] }));
    expect(await page.textContent(chip('default/ubuntu', 'host-1', 'settled'))).toContain(markup);
    expect(await page.locator('.board img').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

describe('motion', () => {
  /** On the body, to stay: how many copies have flown from now on, and which words were said instead. They themselves soon go. */
  const recordMotion = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const { dataset } = document.body;
      dataset.flights = '0';
      dataset.origins = '';
      new MutationObserver((records) => {
        const added = records
          .flatMap((record) => [...record.addedNodes])
          .filter((node) => node instanceof Element && node.classList.contains('flyer'));
        if (added.length > 0) dataset.flights = String(Number(dataset.flights) + added.length);
        for (const { target } of records) {
          const origin = (target as HTMLElement).dataset.movedFrom;
          if (origin !== undefined) dataset.origins = origin;
        }
      }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-moved-from'] });
    });

  it('a VM travels, and its copy goes away', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await recordMotion(page);
    edge.change({ vms: [ubuntuArrived] });
    await page.waitForSelector('body[data-flights="1"]', { state: 'attached' });
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
