import { describe, expect, it } from 'vitest';
import { lateRetryAfterMs } from '../../web/late/late-file.ts';
import { chip, choose, connection, emptied, HOSTS, live, open, painted, ubuntuMoving, vmOn } from './page-fixture.ts';

/** With what a further try has behind it. */
const LATE_PARTS = '**/late-parts-*.js*';
const SHARED = '**/shared-*.js*';
const ubuntu = chip('default/ubuntu', 'host-1', 'settled');

describe('what comes late and does not come', () => {
  const DANGEROUS = {
    hosts: [emptied('host-1', { here: 1, were: 1 }), emptied('host-2', { safe: true, because: 'empty' })],
    vms: [vmOn('ubuntu', 'host-1', { danger: ['manual-recovery'] })],
  };

  it.each([
    ['the parts', LATE_PARTS],
    ['what they share with others', SHARED],
  ])('is told, what needs a person is marked all the same, and it comes when it can: %s', async (_, files) => {
    const { edge, page } = await open('/c/lab', {}, DANGEROUS);
    await live(page, edge);
    await page.clock.install();
    await page.route(files, (route) => route.abort());
    await page.reload();
    await connection(page, 'live');
    const line = page.getByRole('alert').filter({ hasText: 'Parts of the page could not be loaded.' });
    await line.waitFor();
    expect(await page.locator('[data-drain]').allTextContents(), 'no answer, where the reason is missing').toEqual(['', '']);
    expect(await page.getAttribute(ubuntu, 'data-attention')).toBe('true');
    await page.unroute(files);
    await page.clock.runFor(lateRetryAfterMs(0));
    await page.waitForSelector('.drain-facts');
    expect(await line.count()).toBe(0);
  });

  it.each([
    ['the parts', LATE_PARTS],
    ['their words', '**/en-late-*.js*'],
    ['their styles', '**/late-*.css*'],
    ['what they share with others', SHARED],
  ])('can be asked for by loading the page anew: %s', async (_, files) => {
    const { edge, page } = await open('/c/lab', {}, DANGEROUS);
    await live(page, edge);
    await page.route(files, (route) => route.abort());
    await page.reload();
    const reload = page.getByRole('button', { name: 'Reload' });
    await reload.waitFor();
    await page.unroute(files);
    await reload.click();
    await live(page, edge);
    expect(await reload.count()).toBe(0);
  });

  it('is told beside what has come where that cannot be rendered, then too', async () => {
    const roles = undefined as unknown as string[];
    const hosts = HOSTS.map((host, index) => (index === 1 ? { ...host, roles } : host));
    const { edge, page, faults } = await open(
      '/elsewhere',
      {},
      { hosts, vms: ['a', 'b', 'c'].map((name, index) => vmOn(name, `host-${index + 1}`)) },
    );
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(LATE_PARTS, async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(`${edge.url}/c/lab`);
    await connection(page, 'live');
    await painted(page, edge.state.cursor);
    const shown = (): Promise<(string | undefined)[]> =>
      page.$$eval('.board [data-vm]:not(.flyer)', (chips) => chips.map((each) => (each as HTMLElement).dataset.vm));
    expect(await shown()).toEqual(['default/a', 'default/c']);
    const line = page.locator('.status [role="alert"]');
    expect(await line.textContent()).toBe('Parts of the page could not be loaded. Reload');
    // Nothing that was broken off stays where it was.
    await painted(page, edge.change({ vms: [vmOn('a', 'host-3')] }));
    expect(await shown()).toEqual(['default/a', 'default/c']);
    release();
    await page.waitForSelector('.toolbar button');
    expect(await line.count()).toBe(1);
    await painted(page, edge.change({ hosts: HOSTS }));
    expect(await shown()).toEqual(['default/b', 'default/a', 'default/c']);
    expect(faults.length).toBeGreaterThan(0);
  });

  it('is told where it is the whole page', async () => {
    const { page } = await open('/c/lab');
    await page.route(LATE_PARTS, (route) => route.abort());
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('heading', { name: 'Parts of the page could not be loaded.' }).waitFor();
    await page.unroute(LATE_PARTS);
    await page.waitForURL('**/c/lab');
  });
});

describe('a language that does not come', () => {
  it('is asked for anew when it is chosen again', async () => {
    const { edge, page } = await open('/c/lab', { locale: 'zh-CN' });
    await live(page, edge);
    await page.route('**/zh-hans-*.js*', (route) => route.abort());
    await page.reload();
    await live(page, edge);
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await page.unroute('**/zh-hans-*.js*');
    await choose(page, 'Language', 'zh-Hans');
    await page.waitForSelector('html[lang="zh-Hans"]');
  });
});

describe('texts of clusters', () => {
  const LONG = `ProvisioningFailed: ${'the volume cannot be attached to this node because '.repeat(9)}it is`;

  it('that are long are cut on the board, and whole in the title and the details', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(
      page,
      edge.change({
        hosts: HOSTS.map((host) => ({ ...host, reasons: [LONG] })),
        vms: [vmOn('ubuntu', 'host-1', { state: 'error', reason: LONG })],
      }),
    );
    for (const selector of [`${ubuntu} .note`, '[data-host="host-1"] .host-reason']) {
      const { lines, isCut } = await page.$eval(selector, (text) => ({
        lines: Math.round(text.clientHeight / Number.parseFloat(getComputedStyle(text).lineHeight)),
        isCut: text.scrollHeight > text.clientHeight,
      }));
      expect({ selector, lines, isCut }).toEqual({ selector, lines: 3, isCut: true });
      expect(await page.getAttribute(selector, 'title')).toBe(LONG);
    }
    await page.click(`${ubuntu} button`);
    await page.waitForSelector('[role="dialog"] .facts');
    expect(await page.getByText(LONG, { exact: true }).last().isVisible()).toBe(true);
  });

  it('that cannot be broken stay inside their cards', async () => {
    const word = 'z'.repeat(63);
    const { edge, page } = await open('/c/lab', { viewport: { width: 360, height: 740 } });
    await live(page, edge);
    const change = {
      hosts: HOSTS.map((host) => ({ ...host, displayName: word, zone: word, roles: [word], reasons: [word] })),
      vms: [ubuntuMoving({ requested: word }), vmOn('debian', 'host-1', { state: 'error', reason: word })],
    };
    await painted(page, edge.change(change));
    const wide = await page.$$eval('.host *', (parts) =>
      parts.filter((part) => part.getBoundingClientRect().right > (part.closest('.host')?.getBoundingClientRect().right ?? 0)).map(String),
    );
    expect(wide).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  it('cannot turn our own words round', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    // RIGHT-TO-LEFT OVERRIDE, and a way out of a fence around it.
    const turned = '\u2069\u202edetargim eb tonnac';
    const stays = { migratable: { ok: false, reason: turned } };
    await painted(page, edge.change({ hosts: [emptied('host-1', { here: 1, stuck: 1 })], vms: [vmOn('ubuntu', 'host-1', stays)] }));
    expect(await page.textContent(`${ubuntu} .note`)).toBe('cannot be migrated: \u2068detargim eb tonnac\u2069');
    const lastMigration = { outcome: 'succeeded', cause: 'user', from: 'אחת', to: 'שתיים', endedAt: Date.now() } as const;
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-1', { lastMigration })] }));
    await page.click(`${ubuntu} button`);
    const route = page.locator('[role="dialog"] dd', { hasText: '→' });
    await route.waitFor();
    const [from, to] = await route.evaluate((fact) => {
      const text = fact.firstChild as Text;
      const leftOf = (part: string): number => {
        const range = document.createRange();
        range.setStart(text, text.data.indexOf(part));
        range.setEnd(text, text.data.indexOf(part) + part.length);
        return range.getBoundingClientRect().left;
      };
      return [leftOf('אחת'), leftOf('שתיים')];
    });
    // Unfenced, two such names would change places around the arrow, which would then point the wrong way.
    expect(from).toBeLessThan(to ?? 0);
  });
});

describe('a VM on no host', () => {
  it('says why, and where it went', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const lastMigration = { outcome: 'succeeded', cause: 'cross-cluster', from: 'host-1', to: null, endedAt: null } as const;
    const vms = [
      vmOn('ubuntu', null, { lastMigration }),
      vmOn('debian', null, { reason: 'FailedCreate: no such image' }),
      vmOn('suse', null, { state: 'error', reason: 'NodeLost' }),
    ];
    await painted(page, edge.change({ vms }));
    const noteOf = (name: string): Promise<string | null> => page.textContent(`[data-lane="unplaced"] [data-vm="default/${name}"] .note`);
    expect(await Promise.all(['ubuntu', 'debian', 'suse'].map(noteOf))).toEqual([
      'moved to another cluster',
      'FailedCreate: no such image',
      'NodeLost',
    ]);
    expect(await page.getByRole('region', { name: 'Not on a host' }).textContent()).toContain('Off, failed, or not placed yet');
  });
});
