import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chip, choose, HOSTS, live, open, painted, ubuntuArrived, ubuntuMoving, VMS, vmOn } from './page-fixture.ts';

const DRAWER = '[role="dialog"]';
/** What has the focus: a VM's name, a host's, or the element's own. */
const focus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const active = document.activeElement;
    const vm = active?.closest('[data-vm]')?.getAttribute('data-vm')?.replace('default/', '');
    return (
      vm ??
      active?.closest('h2')?.textContent ??
      active?.closest('[aria-label], [placeholder]')?.getAttribute('aria-label') ??
      active?.localName ??
      ''
    );
  });
const stopsOf = (page: Page): Promise<number> => page.locator('.board :is(.chip, h2) > button[tabindex="0"]').count();
const press = async (page: Page, ...keys: readonly string[]): Promise<string> => {
  for (const key of keys) await page.keyboard.press(key);
  return focus(page);
};
/** Answers what had the focus before that. */
async function tabTo(page: Page, name: string): Promise<string> {
  for (let presses = 0; presses < 60; presses++) {
    const before = await focus(page);
    if ((await press(page, 'Tab')) === name) return before;
  }
  throw new Error(`Tab does not lead to ${name}`);
}
const DESKTOP = { viewport: { width: 1400, height: 900 } };
const queryOf = (page: Page): string => new URL(page.url()).search;

describe('the board by keyboard', () => {
  it('is one tab stop; arrows lead by place, letters by name, Enter opens and Esc comes back', async () => {
    const more = ['alpine', 'centos', 'fedora', 'mint'].map((name) => vmOn(name, 'host-1'));
    const { edge, page, faults } = await open('/c/lab', DESKTOP, { vms: [...VMS, ...more] });
    await live(page, edge);
    expect(await stopsOf(page)).toBe(1);
    const before = await tabTo(page, 'host-1');
    // host-1: alpine centos / debian fedora / mint ubuntu.
    expect(await press(page, 'ArrowDown')).toBe('alpine');
    expect(await press(page, 'ArrowRight')).toBe('centos');
    expect(await press(page, 'ArrowDown')).toBe('fedora');
    expect(await press(page, 'ArrowLeft')).toBe('debian');
    expect(await press(page, 'Home')).toBe('host-1');
    expect(await press(page, 'ArrowUp')).toBe('host-1');
    expect(await press(page, 'End')).toBe('ubuntu');
    expect(await press(page, 'ArrowRight')).toBe('suse');
    expect(await press(page, 'PageDown')).toBe('host-3');
    expect(await press(page, 'PageUp', 'PageUp')).toBe('host-1');
    expect(await press(page, 'Control+End')).toBe('archive');
    expect(await press(page, 'ArrowUp')).toBe('mint');
    expect(await press(page, 'Control+Home')).toBe('host-1');
    expect(await press(page, 'w')).toBe('windows');
    // At one go: after a second it would be another word.
    expect(await press(page, 'w', 'm', 'i')).toBe('windows');
    expect(await stopsOf(page)).toBe(1);
    // One stop: what was in front of the board is in front of this one.
    expect(await press(page, 'Shift+Tab')).toBe(before);
    expect(await press(page, 'Tab')).toBe('windows');

    expect(await press(page, 'Enter')).not.toBe('');
    await page.waitForSelector(`${DRAWER}:focus`);
    expect(new URL(page.url()).pathname).toBe('/c/lab/vm/default/windows');
    await page.keyboard.press('Escape');
    await page.waitForSelector(DRAWER, { state: 'detached' });
    expect(await focus(page)).toBe('windows');
    // It stays usable beside an open drawer, and Esc closes that from here too.
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${DRAWER}:focus`);
    // What is open is not opened again, but gone to.
    const entries = await page.evaluate(() => history.length);
    await page.focus(`${chip('default/windows', 'host-3', 'settled')} button`);
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${DRAWER}:focus`);
    expect(await page.evaluate(() => history.length)).toBe(entries);
    await page.focus(`${chip('default/suse', 'host-2', 'settled')} button`);
    expect(await press(page, 'ArrowUp')).toBe('host-2');
    await page.keyboard.press('Escape');
    await page.waitForSelector(DRAWER, { state: 'detached' });
    expect(await focus(page)).toBe('host-2');
    expect(await press(page, 'Escape')).toBe('body');
    expect(faults).toEqual([]);
  });

  it('keeps the focus on a VM that moves, and next to one that goes', async () => {
    const { edge, page } = await open('/c/lab', DESKTOP);
    await live(page, edge);
    await page.focus(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    const within = (selector: string): Promise<boolean> =>
      page.evaluate((place) => document.activeElement?.closest(place) != null, selector);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    expect(await within(chip('default/ubuntu', 'host-1', 'leaving'))).toBe(true);
    await painted(page, edge.change({ vms: [ubuntuArrived] }));
    expect(await within(chip('default/ubuntu', 'host-2', 'settled'))).toBe(true);
    expect(await stopsOf(page)).toBe(1);
    await painted(page, edge.change({ goneVms: ['default/ubuntu'] }));
    expect(await focus(page)).toBe('host-2');
    await painted(page, edge.change({ goneHosts: ['host-2'], goneVms: ['default/suse'] }));
    expect(await focus(page)).toBe('host-1');
    expect(await stopsOf(page)).toBe(1);
    // Whoever left is not called back.
    await press(page, 'Escape');
    await painted(page, edge.change({ goneHosts: ['host-1'], goneVms: ['default/debian'] }));
    expect(await focus(page)).toBe('body');
    expect(await stopsOf(page)).toBe(1);
  });

  it('writes to one VM at a time, however many there are', async () => {
    const many = Array.from({ length: 1_500 }, (_, index) => vmOn(`vm-${index}`, `host-${(index % 3) + 1}`));
    const { edge, page } = await open('/c/lab', DESKTOP, { vms: many });
    await page.addInitScript(() => {
      new MutationObserver((records) => {
        const { dataset } = document.documentElement;
        dataset.tabindexWrites = String(Number(dataset.tabindexWrites ?? 0) + records.length);
      }).observe(document, { subtree: true, attributeFilter: ['tabindex'] });
    });
    await page.reload();
    await live(page, edge);
    await page.waitForFunction((count) => document.querySelectorAll('.board [data-vm]').length >= count, many.length);
    expect(await stopsOf(page)).toBe(1);
    await page.focus('[data-host="host-1"] h2 button');
    await press(page, 'ArrowDown', 'ArrowDown', 'PageDown', 'End');
    expect(Number(await page.getAttribute('html', 'data-tabindex-writes'))).toBeLessThanOrEqual(20);
  });
});

describe('single keys', () => {
  it('show another picture, the search, the list of keys; not in fields, not with modifiers, and not where they are switched off', async () => {
    const { edge, page, faults } = await open('/c/lab', DESKTOP);
    await live(page, edge);
    await page.keyboard.press('t');
    await page.waitForFunction(() => location.search === '?view=table');
    await page.keyboard.press('m');
    await page.waitForFunction(() => location.search === '?view=migrations');
    await page.keyboard.press('b');
    await page.waitForFunction(() => location.search === '');
    await page.keyboard.press('Control+m');
    await page.keyboard.press('/');
    await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
    await page.keyboard.type('tb?');
    expect(await page.inputValue(':focus')).toBe('tb?');
    await page.fill(':focus', '');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());

    // Where it takes long, whoever does something else does not want it any more.
    let give = (): void => undefined;
    const given = new Promise<void>((resolve) => (give = resolve));
    await page.route('**/key-help-*.js', async (route) => {
      await given;
      await route.continue();
    });
    const asked = page.waitForRequest('**/key-help-*.js');
    const came = page.waitForEvent('requestfinished', (request) => request.url().includes('/key-help-'));
    await page.keyboard.press('?');
    await asked;
    await page.keyboard.press('t');
    await page.waitForFunction(() => location.search === '?view=table');
    give();
    await came;
    await page.keyboard.press('b');
    await page.waitForFunction(() => location.search === '');
    const list = page.locator('dialog[open]');
    expect(await list.count()).toBe(0);

    await page.keyboard.press('?');
    await list.waitFor();
    expect(await list.locator('kbd').allTextContents()).toContain('PageDown');
    // The board behind it hears nothing.
    await page.keyboard.press('t');
    expect(queryOf(page)).not.toContain('table');
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' }).catch(() => {});
    expect(await page.locator('dialog[open]').count()).toBe(0);

    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Single-key shortcuts').uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    await live(page, edge);
    for (const key of ['t', '?', '/', 'm']) await page.keyboard.press(key);
    expect(queryOf(page)).toBe('');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    // What a setting switched off is said where it is looked for, and the board goes on by arrows and names.
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'List of keys' }).click();
    await page.getByText('Single keys are switched off in the settings.').waitFor();
    await page.keyboard.press('Escape');
    await page.focus('[data-host="host-1"] h2 button');
    expect(await press(page, 'w')).toBe('windows');
    // What the list of migrations asks for is not there.
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
  });
});

describe('less motion', () => {
  const flightsOf = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const { dataset } = document.body;
      dataset.flights = '0';
      new MutationObserver((records) => {
        const added = records.flatMap((record) => [...record.addedNodes]);
        if (added.some((node) => node instanceof Element && node.classList.contains('flyer'))) dataset.flights = '1';
        if (document.querySelector('[data-moved-from]') !== null) dataset.told = 'yes';
      }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-moved-from'] });
    });

  it('can be chosen, and chosen otherwise than the system has it', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    expect(await page.getAttribute('html', 'data-motion')).toBe('full');
    await choose(page, 'Motion', 'reduced');
    expect(await page.getAttribute('html', 'data-motion')).toBe('reduced');
    await page.reload();
    await live(page, edge);
    await page.waitForSelector('html[data-motion="reduced"]');
    await flightsOf(page);
    await painted(page, edge.change({ vms: [ubuntuArrived] }));
    await page.waitForSelector('body[data-told="yes"]', { state: 'attached' });
    expect(await page.getAttribute('body', 'data-flights')).toBe('0');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await choose(page, 'Motion', 'full');
    await flightsOf(page);
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-3')] }));
    await page.waitForSelector('body[data-flights="1"]', { state: 'attached' });
    await choose(page, 'Motion', 'system');
    await page.waitForSelector('html[data-motion="reduced"]');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await page.waitForSelector('html[data-motion="full"]');
  });
});

interface AxNode {
  readonly nodeId: string;
  readonly parentId?: string;
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly childIds?: readonly string[];
}

describe('what a screen reader is told', () => {
  /** `role name` of what is not ignored, below the first one of that role and name. */
  async function treeBelow(page: Page, role: string, name: string): Promise<string[]> {
    const client = await page.context().newCDPSession(page);
    const { nodes } = (await client.send('Accessibility.getFullAXTree')) as unknown as { readonly nodes: readonly AxNode[] };
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const told = (node: AxNode): string[] => {
      const own =
        node.ignored ||
        ['none', 'generic', 'StaticText', 'InlineTextBox', 'ListMarker', 'paragraph', 'sectionheader'].includes(node.role?.value ?? '')
          ? []
          : [`${node.role?.value} ${node.name?.value ?? ''}`.trim()];
      return [...own, ...(node.childIds ?? []).flatMap((id) => byId.get(id) ?? []).flatMap(told)];
    };
    const root = nodes.find((node) => node.role?.value === role && node.name?.value === name);
    return root === undefined ? [] : told(root);
  }

  it('is regions with headings, lists of VMs, and buttons that say name, state and stage; the drawer is a dialog with headings', async () => {
    const { edge, page } = await open('/c/lab', DESKTOP, {
      hosts: HOSTS,
      vms: [ubuntuMoving({ cause: 'drain' }), vmOn('debian', 'host-1', { state: 'paused' }), vmOn('suse', 'host-2')],
    });
    await live(page, edge);
    expect(await treeBelow(page, 'region', 'host-1')).toEqual([
      'region host-1',
      'heading host-1',
      'button host-1',
      'list Arriving',
      'list Leaving',
      'listitem',
      expect.stringMatching(/^button ubuntu → host-2 \d+s copying memory · drain$/),
      'list Here',
      'listitem',
      'button debian paused',
    ]);
    expect(await treeBelow(page, 'region', 'host-2')).toEqual(
      expect.arrayContaining([
        'list Arriving',
        expect.stringMatching(/^button ubuntu ← host-1 \d+s copying memory · drain$/),
        'button suse running',
      ]),
    );
    await page.click(`${chip('default/ubuntu', 'host-1', 'leaving')} button`);
    await page.waitForSelector(`${DRAWER}:focus`);
    const drawer = await treeBelow(page, 'dialog', 'ubuntu');
    expect(drawer.filter((line) => line.startsWith('heading'))).toEqual(
      expect.arrayContaining(['heading ubuntu', 'heading On the way', 'heading Machine']),
    );
    expect(drawer).toEqual(expect.arrayContaining(['list Stages', 'button Close', 'button Copy link']));
  });
});
