import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Host, Vm } from '../../core/model.ts';
import { observationOf, observeBoard } from '../support/board-observer.ts';
import { chip, emptied, HOSTS, live, open, painted, ubuntuArrived, ubuntuMoving, VMS, vmOn } from './page-fixture.ts';

const GIB = 2 ** 30;
const box = (page: Page) => page.getByRole('textbox', { name: 'Search VMs' });
const query = (page: Page): string | null => new URL(page.url()).searchParams.get('q');
const addressHas = (page: Page, key: string, value: string | null): Promise<unknown> =>
  page.waitForFunction(([name, wanted]) => new URL(location.href).searchParams.get(name ?? '') === wanted, [key, value]);
const focusedVm = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-vm]')?.dataset.vm);
/** Each VM's name, by whether it steps back; the twin of one that arrives counts with it. */
const standing = (page: Page): Promise<{ found: string[]; dimmed: string[] }> =>
  page.evaluate(() => {
    const names = (chips: string): string[] =>
      [...new Set([...document.querySelectorAll<HTMLElement>(chips)].map(({ dataset }) => dataset.vm?.split('/')[1] ?? ''))].sort();
    return { found: names('[data-vm]:not([data-dimmed])'), dimmed: names('[data-vm][data-dimmed]') };
  });
const shown = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-vm]')]
      .filter((each) => each.checkVisibility())
      .map(({ dataset }) => dataset.vm ?? '')
      .sort(),
  );
const cards = (page: Page): Promise<string[]> =>
  page.$$eval('.hosts > *', (entries) =>
    entries.flatMap((entry) =>
      entry.matches('.host') ? [entry.querySelector('h2')?.textContent ?? ''] : entry.matches('.zone') ? [`# ${entry.textContent}`] : [],
    ),
  );

describe('the search', () => {
  it('finds with each key, and each commit; the address follows, and shows the same again', async () => {
    const { edge, page, faults } = await open();
    await live(page, edge);
    await page.setViewportSize({ width: 1_000, height: 800 });
    await observeBoard(page, 'default/ubuntu');
    await page.keyboard.press('/');
    // The box is there already, and nothing else needs room.
    expect(await page.locator('.tools[data-open]').count()).toBe(0);
    await page.keyboard.type('host:host-1');
    expect(await standing(page)).toEqual({ found: ['debian', 'ubuntu'], dimmed: ['archive', 'suse', 'windows'] });
    expect(await page.textContent('.find-count')).toBe('2 of 5');
    await addressHas(page, 'q', 'host:host-1');
    const said = (): Promise<string | null> => page.textContent('.find [role="status"]');
    expect(await said()).toBe('2 of 5 VMs match');

    // A VM that leaves is found until it has arrived, with both its chips; one that comes is found at once.
    await painted(page, edge.change({ vms: [ubuntuMoving(), vmOn('new', 'host-1'), vmOn('other', 'host-2')] }));
    expect((await standing(page)).found).toEqual(['debian', 'new', 'ubuntu']);
    expect(await page.locator(`${chip('default/ubuntu', 'host-2', 'arriving')}:not([data-dimmed])`).count()).toBe(1);
    expect(await page.textContent('.find-count')).toBe('3 of 7');
    // It is said once, not with each commit.
    expect(await said()).toBe('2 of 5 VMs match');
    // What steps back does so with both its chips, those that are there and those that come.
    await box(page).fill('suse');
    expect(await page.locator('[data-vm="default/ubuntu"][data-dimmed]').count()).toBe(2);
    await painted(page, edge.change({ vms: [ubuntuMoving({ to: 'host-3' })] }));
    expect(await page.locator('[data-vm="default/ubuntu"][data-dimmed]').count()).toBe(2);
    await page.waitForSelector('[data-trail][data-dimmed]', { state: 'attached' });
    await box(page).fill('host:host-1');
    expect(await page.locator('[data-vm="default/ubuntu"]:not([data-dimmed])').count()).toBe(2);
    await painted(page, edge.change({ vms: [ubuntuArrived], goneVms: ['default/debian'] }));
    expect(await standing(page)).toEqual({ found: ['new'], dimmed: ['archive', 'other', 'suse', 'ubuntu', 'windows'] });
    // The header counts the whole cluster.
    expect(await page.textContent('[data-count="vms"]')).toBe('6');
    await addressHas(page, 'q', 'host:host-1');
    await page.reload();
    await live(page, edge);
    expect([await box(page).inputValue(), (await standing(page)).found, await said()]).toEqual(['host:host-1', ['new'], '']);

    // Enter goes to what was found, Esc clears and then leaves.
    await box(page).press('Enter');
    expect(await focusedVm(page)).toBe('default/new');
    await box(page).press('Escape');
    expect([await box(page).inputValue(), (await standing(page)).dimmed]).toEqual(['', []]);
    await addressHas(page, 'q', null);
    await box(page).press('Escape');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
    expect(faults).toEqual([]);
  });

  it('says what it does not understand, and what may be meant', async () => {
    const { edge, page, faults } = await open('/c/lab?q=sate:error+host:hots-2');
    await live(page, edge);
    const problems = page.locator('.search-problems li');
    expect(await page.textContent('.find-count')).toBe('0 of 5');
    await problems.nth(2).waitFor();
    expect(await problems.allTextContents()).toEqual([
      expect.stringMatching(/^sate: is no word .* Did you mean state:$/),
      expect.stringContaining('host:hots-2. There is host-1'),
      'No VM matches Clear the search',
    ]);
    await page.click('.search-problems >> text="state:"');
    expect(await box(page).inputValue()).toBe('state:error host:hots-2');
    await page.click('.search-problems >> text="host-2"');
    expect(await box(page).inputValue()).toBe('state:error host:host-2');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('search');
    await box(page).fill('state:runing');
    expect(await problems.first().textContent()).toContain('No VM can have state:runing. There is running');
    await box(page).fill('state:');
    expect(await problems.allTextContents()).toEqual([expect.stringMatching(/^After state: there can be running/)]);
    await page.click('.search-problems >> text="off"');
    expect([await box(page).inputValue(), (await standing(page)).found]).toEqual(['state:off', ['archive']]);
    expect(await page.locator('.search-problems').count()).toBe(0);

    // What the reader's language calls things is copied in words that every reader's page knows.
    await page.click('.find-help');
    await page.click('.search-help >> text="state:error,paused"');
    expect([await box(page).inputValue(), await page.locator('.search-help').isVisible()]).toEqual(['state:error,paused', false]);
    await box(page).fill('xa:1 xb:1 xc:1 xd:1 xe:1 xf:1');
    expect((await problems.allTextContents()).slice(3)).toEqual([
      expect.stringMatching(/^xd: is no word/),
      'And 2 more.',
      'No VM matches Clear the search',
    ]);
    await box(page).fill('x'.repeat(600));
    await addressHas(page, 'q', 'x'.repeat(500));
    // The number has room of its own beside it.
    const [free, taken] = await page.evaluate(() => {
      const input = document.getElementById('search') as HTMLElement;
      return [Number.parseFloat(getComputedStyle(input).paddingInlineEnd), document.querySelector('.find-found')?.clientWidth ?? 0];
    });
    expect(free).toBeGreaterThan(taken ?? 0);
    expect(faults).toEqual([]);
    // The migrations may be those of VMs that are gone: what no VM has says nothing of them.
    await page.getByRole('link', { name: 'Migrations' }).click();
    await page.waitForSelector('.moves-view');
    expect([await page.textContent('.find-count'), await problems.count()]).toEqual(['', 0]);
  });

  it('hides the rest and says so, and never the counts of the cluster', async () => {
    const { edge, page } = await open('/c/lab?q=suse,ubuntu');
    await live(page, edge);
    await observeBoard(page, 'default/ubuntu');
    await page.getByRole('checkbox', { name: 'Hide the rest' }).check();
    await addressHas(page, 'hide', 'yes');
    expect(await shown(page)).toEqual(['default/suse', 'default/ubuntu']);
    const facts = (): Promise<string[]> => page.locator('.host-facts > span:first-child').allTextContents();
    expect(await facts()).toEqual(['1 of 2 shown', '1 of 1 shown', '0 of 1 shown', '0 of 1 shown']);
    expect(await page.locator('[data-host="host-3"] .dock').isVisible()).toBe(false);
    expect(await page.textContent('[data-count="vms"]')).toBe('5');
    // Keys pass by what is hidden.
    await page.focus('#host\\/host-1 button');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focusedVm(page)).toBe('default/ubuntu');

    // Whoever arrives is seen in the frame in which it is told, also where the card was folded to its head.
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(globalThis, { seen });
      new MutationObserver(() => {
        seen.push([...document.querySelectorAll('[data-vm="default/ubuntu"]')].filter((each) => each.checkVisibility()).length);
      }).observe(document.documentElement, { attributeFilter: ['data-cursor'] });
    });
    await painted(page, edge.change({ vms: [ubuntuMoving({ to: 'host-3' })] }));
    expect(await page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen)).toEqual([2]);
    expect(await shown(page)).toEqual(['default/suse', 'default/ubuntu', 'default/ubuntu']);
    expect(await page.locator('[data-host="host-3"] .dock').isVisible()).toBe(true);
    await page.waitForSelector('[data-trail]', { state: 'attached' });
    expect((await facts())[0]).toBe('1 of 2 shown');
    // Of a VM that is hidden there is no trail.
    await box(page).fill('nobody');
    await page.waitForFunction(() => document.querySelector('.board button[tabindex="0"]')?.closest('[data-vm]') === null);
    await page.waitForSelector('[data-trail]', { state: 'detached' });
    expect(await shown(page)).toEqual([]);
    expect(await facts()).toEqual(['0 of 2 shown', '0 of 1 shown', '0 of 1 shown', '0 of 1 shown']);
    await page.click('.search-problems >> text="Clear the search"');
    expect(await shown(page)).toHaveLength(6);
    expect(await facts()).toEqual(['2 VMs', '1 VM', '1 VM', '1 VM']);
    expect((await observationOf(page)).violations).toEqual([]);

    // That there is no VM at all is said as that, with a search and without.
    const nothing = page.locator('.toolbar').getByText('There is no VM in this cluster.');
    expect(await nothing.count()).toBe(0);
    await painted(page, edge.change({ goneVms: VMS.map(({ id }) => id) }));
    await nothing.waitFor();
    expect(await facts()).toEqual(['0 VMs', '0 VMs', '0 VMs']);
    await box(page).fill('suse');
    await addressHas(page, 'q', 'suse');
    expect(await nothing.count()).toBe(1);
    expect(
      await page
        .locator('.toolbar')
        .getByText(/^No VM matches|^0 of 0$/)
        .count(),
    ).toBe(0);
    await page.getByRole('combobox', { name: 'Group' }).selectOption({ label: 'Group: namespaces' });
    await page.waitForSelector('.hosts', { state: 'detached' });
    expect(await page.getByText('There is no VM in this cluster.').count()).toBe(1);
  });

  it('lays the page out once, however many cards fold', async () => {
    const hosts = Array.from({ length: 120 }, (_, index): Host => ({ name: `host-${index}`, state: 'active', reasons: [], roles: [] }));
    const vms = hosts.flatMap(({ name }) => ['web', 'db'].map((kind) => vmOn(`${kind}-${name}`, name)));
    const { edge, page } = await open('/c/lab?q=web-host-7', {}, { hosts, vms });
    await live(page, edge);
    // A trail is measured wherever its ends are.
    const transit = { id: 'm', stage: 'transferring', cause: 'user', from: 'host-7', to: 'host-8', startedAt: Date.now() } as const;
    await painted(page, edge.change({ vms: [vmOn('web-host-7', 'host-7', { transit })] }));
    await page.waitForSelector('[data-trail]', { state: 'attached' });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    const layouts = async (): Promise<number> => {
      const { metrics } = await cdp.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'LayoutCount')?.value ?? Number.NaN;
    };
    const before = await layouts();
    await page.evaluate(() => document.querySelector<HTMLElement>('.switch input')?.click());
    await page.waitForFunction(() => document.querySelectorAll('[data-folding="head"]').length === 108);
    expect((await layouts()) - before).toBeLessThan(20);
  });

  it('speaks its reader’s language', async () => {
    const { edge, page } = await open('/c/lab?q=state:已关机', { locale: 'zh-CN', permissions: ['clipboard-read', 'clipboard-write'] });
    await live(page, edge);
    await page.waitForFunction(() => document.documentElement.lang === 'zh-Hans');
    expect(await page.textContent('.find-count')).toBe('1/5');
    expect((await standing(page)).found).toEqual(['archive']);
    await page.getByRole('button', { name: '复制链接' }).click();
    await page.getByRole('button', { name: '已复制链接' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${edge.url}/c/lab?q=state:off`);
    expect(query(page)).toBe('state:已关机');
  });
});

describe('groups and order', () => {
  const many: readonly Vm[] = [
    ...VMS,
    { ...vmOn('shop', 'host-3', { memory: 8 * GIB, labels: { team: 'shop' } }), id: 'prod/shop', namespace: 'prod' },
    vmOn('small', 'host-2', { memory: GIB, labels: { team: 'db' } }),
    vmOn('nobodys', null, { labels: { team: '' } }),
  ];
  const zoned: readonly Host[] = HOSTS.map((host, index) => ({ ...host, ...(index < 2 && { zone: `zone-${2 - index}` }) }));

  it('stand in the address; in cards that are not hosts each VM is once, with its host', async () => {
    const { edge, page, faults } = await open('/c/lab', {}, { hosts: zoned, vms: many });
    await live(page, edge);
    const group = page.getByRole('combobox', { name: 'Group' });
    await group.selectOption({ label: 'Group: zones' });
    await page.waitForSelector('.zone');
    expect(await cards(page)).toEqual(['# zone-11 host2 VMs', 'host-2', '# zone-21 host2 VMs', 'host-1', '# No zone1 host2 VMs', 'host-3']);
    await addressHas(page, 'group', 'zone');
    const outline = await page.$$eval('h1, h2, h3', (all) =>
      all
        .filter((each) => each.checkVisibility())
        .map((each) => `${each.ariaLevel ?? each.tagName.slice(1)} ${each.firstChild?.textContent}`),
    );
    expect(outline).toEqual(['1 lab', '2 zone-1', '3 host-2', '2 zone-2', '3 host-1', '2 No zone', '3 host-3', '2 Not on a host']);

    await group.selectOption({ label: 'Group: namespaces' });
    await page.waitForSelector('.groups');
    const groups = (): Promise<string[]> =>
      page.$$eval('.group', (each) =>
        each.map(
          (card) =>
            `${card.querySelector('h2')?.textContent}: ${[...card.querySelectorAll('.chip')].map((vm) => vm.getAttribute('data-vm')).join()}`,
        ),
      );
    expect(await groups()).toEqual([
      'default: default/archive,default/debian,default/nobodys,default/small,default/suse,default/ubuntu,default/windows',
      'prod: prod/shop',
    ]);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    expect(await page.locator('[data-vm="default/ubuntu"]').count()).toBe(1);
    expect(await page.textContent('[data-vm="default/ubuntu"] .chip-place')).toBe('host-1 → host-2');
    expect(await page.textContent('[data-vm="default/archive"] .chip-place')).toBe('not on a host');
    await painted(page, edge.change({ vms: [ubuntuArrived], goneVms: ['prod/shop'] }));
    expect(await page.textContent('[data-vm="default/ubuntu"] .chip-place')).toBe('host-2');
    expect(await groups()).toHaveLength(1);

    const hiding = page.getByRole('checkbox', { name: 'Hide the rest' });
    await hiding.check();
    // Nobody can be reached in between.
    for (const query of ['suse', 'nobody-has-this-name', 'windows', '']) await page.fill('#search', query);
    await page.waitForSelector('html:not([data-filter])');
    expect(await page.locator('.groups button[tabindex="0"]').count()).toBe(1);
    await hiding.uncheck();
    await group.selectOption({ label: 'Group: label team' });
    await page.waitForFunction(() => document.querySelectorAll('.group').length === 3);
    expect(await page.locator('.groups button[tabindex="0"]').count()).toBe(1);
    expect(await groups()).toEqual([
      'Label team without a value: default/nobodys',
      'db: default/small',
      expect.stringMatching(/^No label team: default\/archive,/),
    ]);
    await page.click('[data-vm="default/small"] button');
    await page.waitForURL(/\/vm\/default\/small\?group=label:team$/);
    await page.goBack();
    await page.goBack();
    await page.waitForURL(/group=namespace/);
    await page.reload();
    await page.waitForSelector('.groups');
    expect(await groups()).toHaveLength(1);
    await painted(page, edge.change({ goneVms: [...edge.state.vms.keys()] }));
    expect(await page.textContent('.toolbar > p')).toBe('There is no VM in this cluster.');
    expect(faults).toEqual([]);
  });

  it('changes nobody’s place while somebody points at the board or stands in it', async () => {
    const { edge, page } = await open('/c/lab?sort=-vms', {}, { vms: many });
    await live(page, edge);
    await page.waitForFunction(() => document.querySelector('.host h2')?.textContent === 'host-1');
    expect(await cards(page)).toEqual(['host-1', 'host-2', 'host-3']);
    await page.hover('[data-host="host-2"] h2');
    const arrive = (count: number) => edge.change({ vms: Array.from({ length: count }, (_, index) => vmOn(`new-${index}`, 'host-3')) });
    await painted(page, arrive(3));
    expect(await cards(page)).toEqual(['host-1', 'host-2', 'host-3']);
    expect(await page.textContent('.sort-held')).toBe('order is held');
    await page.hover('.brand');
    await page.waitForFunction(() => document.querySelector('.host h2')?.textContent === 'host-3');
    expect(await cards(page)).toEqual(['host-3', 'host-1', 'host-2']);
    expect(await page.textContent('.sort-held')).toBe('');

    await page.focus(`${chip('default/debian', 'host-1', 'settled')} button`);
    await painted(page, edge.change({ goneVms: ['default/new-0', 'default/new-1', 'default/new-2', 'default/windows'] }));
    expect(await cards(page)).toEqual(['host-3', 'host-1', 'host-2']);
    expect(await focusedVm(page)).toBe('default/debian');
    await box(page).focus();
    await page.waitForFunction(() => document.querySelector('.host h2')?.textContent === 'host-1');
    expect(await cards(page)).toEqual(['host-1', 'host-2', 'host-3']);

    const sort = page.getByRole('combobox', { name: 'Sort' });
    await sort.selectOption({ label: 'Sort: memory' });
    await page.waitForFunction(() => document.querySelector('.host h2')?.textContent === 'host-3');
    // What is not known is no zero.
    for (const [host, facts] of [
      ['host-3', '1 VM · 8 GiB'],
      ['host-2', '2 VMs · at least 1 GiB'],
      ['host-1', '2 VMs · memory not known'],
    ]) {
      await page.locator(`[data-host="${host}"] .host-facts >> text="${facts}"`).waitFor();
    }
    expect(
      await page.$$eval('[data-host="host-2"] [data-lane="settled"] [data-vm]', (all) => all.map((each) => each.getAttribute('data-vm'))),
    ).toEqual(['default/small', 'default/suse']);
    await page.getByRole('button', { name: 'Descending; turn around' }).click();
    await addressHas(page, 'sort', 'memory');
    expect(await cards(page)).toEqual(['host-1', 'host-2', 'host-3']);
  });
});

describe('the toolbar on a phone', () => {
  it('is one row; cards fold, and nothing is too small or too wide', async () => {
    const narrow = { viewport: { width: 390, height: 844 }, hasTouch: true };
    const hosts = [...HOSTS.slice(0, 2), emptied('host-3', { here: 1, were: 4 })];
    const { edge, page, faults } = await open('/c/lab?q=suse', narrow, { hosts });
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    expect(await page.locator('.tools-button').textContent()).toContain('Filter1 of 5');
    expect(await box(page).isVisible()).toBe(false);
    const rows = await page.$$eval(
      '.views a, .tools-button',
      (all) => new Set(all.map((each) => Math.round(each.getBoundingClientRect().top / 8))).size,
    );
    expect(rows).toBe(1);
    // Also where a host is emptied, and what is found is a long number, nothing lies on another thing.
    const others = Array.from({ length: 400 }, (_, index) => vmOn(`suse-${index}`, 'host-2'));
    await painted(page, edge.change({ vms: others }));
    await page.locator('.tools-button', { hasText: '401 of' }).waitFor();
    for (const width of [360, 390]) {
      await page.setViewportSize({ width, height: 844 });
      const covered = await page.$$eval('.toolbar :is(a, button)', (all) =>
        all.flatMap((each) => {
          const { left, right, top, bottom } = each.getBoundingClientRect();
          const points = [left + 4, (left + right) / 2, right - 4].map((x) => document.elementFromPoint(x, (top + bottom) / 2));
          return each.checkVisibility() && !points.every((point) => each.contains(point)) ? [each.textContent] : [];
        }),
      );
      expect(covered, `${width} px`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    await painted(page, edge.change({ goneVms: others.map(({ id }) => id) }));

    await page.click('.tools-button');
    expect(await box(page).isVisible()).toBe(true);
    const small = await page.$$eval('.toolbar :is(a, button, select, input[id])', (all) =>
      all.filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 43.5).map((each) => each.outerHTML),
    );
    expect(small).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await box(page).fill('');

    // Who is on the way is not folded away.
    const fold = page.getByRole('button', { name: 'VMs of host-1' });
    await fold.click();
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    expect(await page.locator(chip('default/debian', 'host-1', 'settled')).isVisible()).toBe(false);
    expect(await page.locator(chip('default/ubuntu', 'host-1', 'leaving')).isVisible()).toBe(true);
    // Nor does a search go where nothing is seen.
    await box(page).fill('debian,suse');
    await box(page).press('Enter');
    expect(await focusedVm(page)).toBe('default/suse');
    await box(page).fill('');
    await page.getByRole('button', { name: 'VMs of host-3' }).click();
    expect(await page.locator('[data-host="host-3"] .dock').isVisible()).toBe(false);
    // On a page that is wide again nothing is folded.
    await page.setViewportSize({ width: 1_280, height: 800 });
    await page.waitForSelector('.fold', { state: 'detached' });
    expect(await page.locator(chip('default/debian', 'host-1', 'settled')).isVisible()).toBe(true);
    expect(faults).toEqual([]);
  });
});
