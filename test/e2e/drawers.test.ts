import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../core/downlink.ts';
import type { MigrationRecord, PlaceRecord, StageSpan } from '../../core/history.ts';
import type { Host, Vm } from '../../core/model.ts';
import type { FakeEdge } from '../support/fake-edge.ts';
import { startLab } from '../support/lab.ts';
import { eventually } from '../support/stack.ts';
import {
  browser,
  chip,
  closing,
  connection,
  emptied,
  HOSTS,
  live,
  OTHER_CLUSTER,
  open,
  painted,
  ubuntuMoving,
  VMS,
  vmOn,
} from './page-fixture.ts';

const GIB = 1_073_741_824;
const DRAWER = '[role="dialog"]';
const UBUNTU = '/vms/default/ubuntu';
const ago = (lengthMs: number): number => Date.now() - lengthMs;

const selected = (page: Page): Promise<string[]> =>
  page.$$eval('[aria-current="true"]', (buttons) =>
    buttons.map(
      (button) =>
        `${button.closest('[data-host]')?.getAttribute('data-host')} ${button.closest('[data-lane]')?.getAttribute('data-lane') ?? 'heading'}`,
    ),
  );
const focusedIn = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((within) => document.activeElement?.closest(within) != null, selector);
const texts = (page: Page, selector: string): Promise<string[]> =>
  page.$$eval(`${'[role="dialog"]'} ${selector}`, (elements) => elements.map((element) => (element.textContent ?? '').trim()));
const pathOf = (page: Page): string => new URL(page.url()).pathname;
const readsOf = (edge: FakeEdge): string[] => edge.requests.filter((line) => line.includes('/vms/'));

const record = (id: string, extra: Partial<MigrationRecord>): MigrationRecord => ({
  id,
  vm: 'default/ubuntu',
  outcome: 'failed',
  cause: 'user',
  from: 'host-1',
  to: 'host-3',
  startedAt: ago(700_000),
  endedAt: ago(658_000),
  recordedAt: ago(658_000),
  stages: [],
  tries: 1,
  ...extra,
});

function tellOfUbuntu(edge: FakeEdge, vm: Vm, stages: readonly StageSpan[] = []): void {
  // One moment: a millisecond between them is one that nobody watched.
  const moved = ago(3_600_000);
  const places: PlaceRecord[] = [
    { host: 'host-3', since: ago(9_000_000), until: null },
    { host: 'host-2', since: null, until: moved },
    { host: 'host-1', since: moved, until: null, present: true, broughtBy: 'm-0' },
  ];
  const migrations = [
    record('m-1', { reason: '<img src=x onerror=alert(1)>', stages: [{ stage: 'transferring', at: ago(690_000), durationMs: 2_300 }] }),
    record('m-0', {
      outcome: 'succeeded',
      cause: 'rebalance',
      from: 'host-2',
      to: 'host-1',
      endedAt: null,
      startedAt: null,
      recordedAt: ago(3_600_000),
    }),
  ];
  edge.answers.set(UBUNTU, { body: { now: Date.now(), ...vm, uid: 'uid-of-this-run', stages, places } });
  edge.answers.set(`${UBUNTU}/history`, { body: { now: Date.now(), vm: vm.id, places, migrations } });
}

describe('the details of a VM', () => {
  it('are opened by their address, tell what the room remembers, follow the VM, and give the focus back to where it stands', async () => {
    const moving = { ...ubuntuMoving({ requested: 'host-3', startedAt: ago(60_000) }), labels: { team: '<b>x</b>', 'app/part': '' } };
    const { edge, page, faults } = await open('/c/lab', {}, { vms: [moving, ...VMS.slice(1)] });
    tellOfUbuntu(edge, moving, [
      { stage: 'queued', at: ago(60_000), durationMs: 12_400 },
      { stage: 'scheduling', at: ago(47_000), durationMs: null, unwatched: true },
      { stage: 'transferring', at: ago(30_000), durationMs: null },
    ]);
    await page.goto(`${edge.url}/c/lab/vm/default/ubuntu`);
    await live(page, edge);
    await page.waitForSelector(`${DRAWER}:focus .timeline`);
    expect(await selected(page)).toEqual(['host-1 leaving', 'host-2 arriving']);
    await expect
      .poll(() => page.title(), { message: 'tabs of several VMs can be told apart' })
      .toMatch(/^(\(1!\) )?ubuntu · lab · Hostview$/);

    expect(await texts(page, '.ladder li')).toEqual([
      'queued, done12s',
      'scheduling, donenot watched',
      'preparing target, donenot seen',
      expect.stringMatching(/^copying memory, now3\ds$/),
      'switching over, ahead',
      'finishing, ahead',
    ]);
    expect(await page.getAttribute(`${DRAWER} .ladder [aria-current="step"]`, 'data-rung')).toBe('now');
    const told = await page.textContent(DRAWER);
    for (const part of ['host-3, but it goes to host-2', 'team=<b>x</b>', 'uid-of-this-run', 'not measured', '<img src=x'])
      expect(told).toContain(part);
    expect(await texts(page, '.timeline > li')).toEqual([
      expect.stringMatching(/^host-1 .* – now · 1h 0m.*moved here: rebalance$/),
      expect.stringMatching(/^host-2 not watched – /),
      'Not watched',
      expect.stringMatching(/^host-3 .* – not watched$/),
    ]);
    expect(await texts(page, '.move .outcome')).toEqual(['failed', 'succeeded']);
    expect(await texts(page, '.move-when')).toEqual([expect.stringMatching(/^\d\d:/), expect.stringMatching(/^known since \d\d:/)]);
    await page.click(`${DRAWER} .move summary`);
    expect(await texts(page, '.move[open] .stages li')).toEqual(['copying memory 2.3s']);
    expect(await page.getAttribute(`${DRAWER} .move time`, 'title')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(readsOf(edge)).toHaveLength(2);

    // A storm of frames that change it, and others that do not.
    const arrived = vmOn('ubuntu', 'host-2', {
      lastMigration: { outcome: 'succeeded', cause: 'user', from: 'host-1', to: 'host-2', endedAt: Date.now() },
    });
    tellOfUbuntu(edge, arrived);
    let cursor = '';
    for (let round = 0; round < 30; round++) {
      cursor = edge.change({ vms: [round === 29 ? arrived : { ...moving, memory: round * GIB }, vmOn('suse', 'host-2', { cpu: round })] });
    }
    await painted(page, cursor);
    expect(await selected(page)).toEqual(['host-2 settled']);
    expect(await page.locator(`${DRAWER} .ladder`).count()).toBe(0);
    // Once at once, and once more for what changed meanwhile.
    await eventually(
      () => readsOf(edge).length,
      (count) => count >= 4,
      'the details are read again',
    );
    await page.waitForSelector(`${DRAWER} dt:has-text("Last move") + dd:has-text("succeeded, host-1 → host-2")`);
    await painted(page, edge.change({ vms: [vmOn('suse', 'host-2')] }));
    expect(readsOf(edge).length).toBeLessThanOrEqual(6);
    expect(new Set(readsOf(edge).map((line) => line.split(' ')[1]?.split('?')[0]))).toEqual(
      new Set([`/api/v1/clusters/lab${UBUNTU}`, `/api/v1/clusters/lab${UBUNTU}/history`]),
    );

    // Escape closes what lies on top, and only that.
    await page.evaluate(() => document.querySelector<HTMLElement>('#settings-menu')?.showPopover());
    await page.focus(`${DRAWER} .close`);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector(':popover-open') === null);
    expect(await page.locator(DRAWER).count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.waitForSelector(DRAWER, { state: 'detached' });
    expect(pathOf(page)).toBe('/c/lab');
    expect(await focusedIn(page, chip('default/ubuntu', 'host-2', 'settled'))).toBe(true);
    await expect.poll(() => selected(page)).toEqual([]);
    await page.goBack();
    await page.waitForSelector(`${DRAWER}:focus`);
    await page.goForward();
    await page.waitForSelector(DRAWER, { state: 'detached' });
    expect(await focusedIn(page, chip('default/ubuntu', 'host-2', 'settled'))).toBe(true);
    expect(faults).toEqual([]);
  });

  it('say what could not be read and why, and leave what the picture tells', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    edge.answers.set(UBUNTU, { status: 429, code: 'too-many-reads', retryAfterS: 600 });
    await page.click(`${chip('default/ubuntu', 'host-1', 'settled')} button`);
    const failure = page.locator(`${DRAWER} .detail-failure`);
    await failure.getByText('read too often. It is tried again in 600 s.').waitFor();
    expect(await page.textContent(`${DRAWER} .facts`)).toContain('Hosthost-1');
    expect(await page.locator(`${DRAWER} .detail-pending`).count()).toBe(0);
    // Not before, by itself; at once by hand.
    const before = readsOf(edge).length;
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-1', { cpu: 3 })] }));
    expect(readsOf(edge)).toHaveLength(before);
    tellOfUbuntu(edge, vmOn('ubuntu', 'host-1'));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector(`${DRAWER} .timeline`);
    // The button is gone, and the focus is not.
    expect(await focusedIn(page, DRAWER)).toBe(true);
    expect(await failure.textContent()).toBe('');
    // What was read stays where it cannot be read again, and is called old.
    edge.answers.set(`${UBUNTU}/history`, { status: 503, code: 'unavailable' });
    await painted(page, edge.change({ vms: [vmOn('ubuntu', 'host-1', { cpu: 4 })] }));
    await failure.getByText('What follows may be old').waitFor();
    expect(await page.locator(`${DRAWER} .timeline`).count()).toBe(1);

    // Gone, with what is kept of it; and one that never was.
    edge.answers.set(UBUNTU, { status: 404, code: 'unknown-vm' });
    tellOfUbuntu(edge, vmOn('ubuntu', 'host-1'));
    edge.answers.set(UBUNTU, { status: 404, code: 'unknown-vm' });
    await painted(page, edge.change({ goneVms: ['default/ubuntu'] }));
    await page.getByText('There is no VM of this name in the cluster now.').waitFor();
    await page.waitForSelector(`${DRAWER} .move`);
    await page.waitForFunction(() => document.querySelector('.detail-failure')?.textContent === '');
    await page.keyboard.press('Escape');
    await page.waitForSelector(DRAWER, { state: 'detached' });
    expect(await focusedIn(page, '[data-host="host-1"] h2')).toBe(true);
    edge.answers.set('/vms/default/nobody', { status: 404, code: 'unknown-vm' });
    edge.answers.set('/vms/default/nobody/history', { status: 404, code: 'unknown-vm' });
    await page.goto(`${edge.url}/c/lab/vm/default/nobody`);
    await page.getByText('There is no VM of this name in the cluster now.').waitFor();
    expect(await page.locator(`${DRAWER} .detail-failure`).textContent()).toBe('');
  });
});

describe('what is not live', () => {
  it('is not read as if it were, and nothing is said before there is a picture', async () => {
    const { edge, page } = await open('/elsewhere');
    edge.others.push(OTHER_CLUSTER);
    edge.ageBy(120_000);
    // The shape of what is coming stands there, and is seen where it takes longer than 300 ms (interface.md C.3).
    let answer = (): void => {};
    const isDue = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/v1/clusters/lab', (route) => isDue.then(() => route.continue()));
    await page.goto(`${edge.url}/c/lab/vm/default/ubuntu`);
    const delays = await page
      .locator('.skeleton')
      .evaluate((skeleton) => skeleton.getAnimations().map(({ effect }) => effect?.getTiming().delay));
    expect(delays).toEqual([300]);
    expect(await page.locator(DRAWER).count()).toBe(0);
    answer();
    await page.waitForSelector(`${DRAWER}[data-old] .drawer-old`);
    expect(await page.textContent('.drawer-old')).toMatch(/^Last known at \d\d:\d\d:\d\d$/);
    expect(await page.getAttribute('.drawer-old', 'title')).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    edge.hear();
    await page.waitForSelector(`${DRAWER}:not([data-old])`);
    expect(await page.locator('.drawer-old').count()).toBe(0);

    await page.click('.brand');
    await page.waitForSelector('.fleet');
    edge.refuse(403);
    await page.goBack();
    await connection(page, 'refused');
    expect(await page.locator(DRAWER).count()).toBe(0);
    expect(await page.textContent('body')).not.toContain('There is no VM');
  });
});

describe('the details of a host', () => {
  const FULL: Host = {
    ...emptied('host-1', { here: 2, moving: 1, were: 5 }),
    reasons: ['kubelet is slow'],
    zone: 'rack-a',
    cpu: 8,
    memory: 16 * GIB,
  };

  it('are opened by its heading, add up its VMs, lead to them and back', async () => {
    const sized = (vm: Vm, cpu: number, memory?: number): Vm => ({ ...vm, cpu, ...(memory !== undefined && { memory }) });
    const incoming = sized(
      { ...ubuntuMoving({ from: 'host-2', to: 'host-1' }), id: 'default/suse', name: 'suse', host: 'host-2' },
      4,
      4 * GIB,
    );
    const { edge, page, faults } = await open(
      '/c/lab',
      { viewport: { width: 1400, height: 800 } },
      {
        hosts: [FULL, ...HOSTS.slice(1)],
        vms: [
          sized(ubuntuMoving(), 8, 8 * GIB),
          sized(vmOn('debian', 'host-1', { state: 'paused' }), 4),
          incoming,
          vmOn('ghost', 'host-9'),
        ],
      },
    );
    await live(page, edge);
    await page.getByRole('button', { name: 'host-1', exact: true }).click();
    await page.waitForSelector(`${DRAWER}:focus`);
    expect(pathOf(page)).toBe('/c/lab/h/host-1');
    expect(await selected(page)).toEqual(['host-1 heading']);
    expect(await texts(page, '.capacity-head')).toEqual(['VMs’ CPU12 vCPU on 8 cores · 150%', 'VMs’ memoryat least 8 GiB of 16 GiB · 50%']);
    expect(await texts(page, '.capacity-line')).toEqual([
      'More vCPUs than cores: they share them.',
      'Arriving: 4 vCPU more',
      'Not known of 1 VM here, which is left out.',
      'Arriving: 4 GiB more',
    ]);
    const widths = await page.$$eval(`${DRAWER} .capacity-bar`, (bars) =>
      bars.map((bar) =>
        [...bar.querySelectorAll(':scope > rect')].map((part) => Math.round((100 * part.getBoundingClientRect().width) / bar.clientWidth)),
      ),
    );
    expect(widths[0]?.slice(0, 2)).toEqual([75, 25]);
    expect(widths[1]).toEqual([50, 25]);
    expect(await texts(page, '.vm-group h4')).toEqual(['Leaving · 1 VM', 'Arriving · 1 VM', 'paused · 1 VM']);
    const told = await page.textContent(DRAWER);
    for (const part of ['kubelet is slow', 'Safe to power off: no', 'rack-a', 'worker']) expect(told).toContain(part);
    // Beside the board, and not over it.
    const [board, drawer] = await Promise.all(['.hosts', DRAWER].map((part) => page.locator(part).boundingBox()));
    expect((board?.x ?? 0) + (board?.width ?? 0)).toBeLessThanOrEqual((drawer?.x ?? 0) + 28);

    // It is live.
    await painted(page, edge.change({ vms: [sized(vmOn('debian', 'host-3'), 4)] }));
    expect((await texts(page, '.capacity-head'))[0]).toBe('VMs’ CPU8 vCPU on 8 cores · 100%');

    await page.click(`${DRAWER} .vm-line:has-text("suse")`);
    await page.waitForSelector(`${DRAWER}:focus h2:has-text("suse")`);
    expect(pathOf(page)).toBe('/c/lab/vm/default/suse');
    // Closed in the moment in which it shows another one: the focus goes to that.
    await page.evaluate(
      (drawer) =>
        new Promise<void>((resolve) => {
          new MutationObserver((_, observer) => {
            if (document.querySelector(`${drawer} h2`)?.textContent !== 'host-1') return;
            observer.disconnect();
            document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
            resolve();
          }).observe(document.body, { subtree: true, childList: true, characterData: true });
          history.back();
        }),
      DRAWER,
    );
    await page.waitForSelector(DRAWER, { state: 'detached' });
    expect(await focusedIn(page, '[data-host="host-1"] h2')).toBe(true);

    await page.getByRole('button', { name: 'host-9', exact: true }).click();
    await page.waitForSelector(`${DRAWER}:focus`);
    const ghost = await page.textContent(DRAWER);
    for (const part of ['no such node known', 'no Node of this name is known', 'what the host can give is not known'])
      expect(ghost).toContain(part);
    await page.goto(`${edge.url}/c/lab/h/${encodeURIComponent('nobody’s <b>host</b>')}`);
    await page.getByText('There is no host of this name in the cluster now.').waitFor();
    expect(faults).toEqual([]);
  });

  it('lie beside the board, which shows what is selected, however long the way to it is and however little of it is drawn', async () => {
    const names = ['vm', 'fedora-build', 'a-longer-application-name', 'windows-11-desktop-of'];
    const many = Array.from({ length: 700 }, (_, index) =>
      vmOn(`${names[index % 4]}-${index}`, `host-${1 + (Math.floor(index / 7) % 4)}`, {
        namespace: ['default', 'staging', 'prod'][index % 3] ?? '',
      }),
    );
    const { edge, page } = await open('/c/lab/vm/default/vm-384', { viewport: { width: 1280, height: 800 } }, { vms: many });
    await live(page, edge);
    await page.waitForSelector('.chip[data-selected]');
    const isInView = (): Promise<boolean> =>
      page.evaluate(() => {
        const place = document.querySelector('.chip[data-selected]')?.getBoundingClientRect();
        const bar = document.querySelector('.bar')?.getBoundingClientRect();
        return place !== undefined && bar !== undefined && place.top >= bar.bottom && place.bottom <= innerHeight;
      });
    // Not in the first of its places, which is only guessed.
    await page.evaluate(async () => {
      for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
    });
    await eventually(isInView, (is) => is, 'the selected VM is in view');
  });

  it('lie under the board on a phone, which shows what is selected above them', async () => {
    const many = Array.from({ length: 60 }, (_, index) => vmOn(`vm-${index}`, `host-${(index % 3) + 1}`));
    const { edge, page } = await open(
      '/c/lab/vm/default/vm-59',
      { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true },
      { vms: many },
    );
    await live(page, edge);
    await page.waitForSelector('.chip[data-selected]');
    const isAbove = (): Promise<boolean> =>
      page.evaluate(() => {
        const place = document.querySelector('.chip[data-selected]')?.getBoundingClientRect();
        const sheet = document.querySelector('[role="dialog"]')?.getBoundingClientRect();
        const bar = document.querySelector('.bar')?.getBoundingClientRect();
        return place !== undefined && sheet !== undefined && bar !== undefined && place.top >= bar.bottom && place.bottom <= sheet.top;
      });
    await eventually(isAbove, (is) => is, 'the selected VM is in view');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const targets = await page.$$eval(`${DRAWER} button, ${DRAWER} .vm-line`, (buttons) =>
      buttons.map((button) => button.getBoundingClientRect().height),
    );
    expect(Math.min(...targets)).toBeGreaterThanOrEqual(44);
    await page.tap(`${DRAWER} .close`);
    await page.waitForSelector(DRAWER, { state: 'detached' });
    expect(pathOf(page)).toBe('/c/lab');
  });
});

describe('a link to what is shown', () => {
  it('is copied, and where that is forbidden shown to be copied by hand', async () => {
    const { edge, page } = await open('/c/lab/vm/default/ubuntu?q=host%3Ahost-1', { permissions: ['clipboard-read', 'clipboard-write'] });
    await live(page, edge);
    const copy = page.locator(DRAWER).getByRole('button', { name: /Copy link|Link copied/ });
    await copy.click();
    await page.locator(DRAWER).getByRole('status').getByText('Link copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'));
    });
    await copy.click();
    const field = page.locator(DRAWER).getByLabel('Copy this address by hand');
    await field.waitFor();
    expect(await field.inputValue()).toBe(page.url());
    expect(await field.evaluate((input: HTMLInputElement) => input.selectionEnd)).toBe(page.url().length);
  });
});

describe('beside a real room', () => {
  it('the stages of a migration as they come, what it leaves behind, and in the past only what was known then', async () => {
    const lab = await startLab({ hosts: 3, vms: 4 });
    closing.push(lab.stop);
    const vmi = lab.cluster.list('virtualmachineinstances').find(({ status }) => status?.phase === 'Running');
    const { namespace = '', name = '' } = vmi?.metadata ?? {};
    const from = vmi?.status?.nodeName ?? '';
    const to = lab.cluster.list('nodes').find(({ metadata }) => metadata.name !== from)?.metadata.name ?? '';
    const context = await browser.newContext({ viewport: { width: 1400, height: 700 } });
    closing.push(() => context.close());
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${lab.boardUrl}/vm/${namespace}/${name}`);
    await page.waitForSelector(`${DRAWER}:focus .timeline [data-present]`);
    const rung = (stage: string, state: string): Promise<unknown> =>
      page.waitForSelector(`${DRAWER} .ladder [data-rung="${state}"]:has-text("${stage}")`);

    const move = lab.cluster.migrate({ namespace, name, to });
    move.stepTo('Scheduling');
    await rung('scheduling', 'now');
    move.stepTo('Running');
    await rung('copying memory', 'now');
    // How long what is behind it took comes with the answer that follows the frame.
    await page.waitForSelector(`${DRAWER} .ladder [data-rung="done"]:has-text("scheduling") .ladder-time:has-text("s")`);
    const during = await roomNow(lab.edge.url);
    move.finish();
    await page.waitForSelector(`${DRAWER} .timeline > [data-present]:has-text("${to}"):has-text("moved here: by hand")`);
    await page.waitForSelector(`${DRAWER} .stages li:has-text("copying memory")`);
    expect(await texts(page, '.timeline > li')).toHaveLength(2);
    const run = (await texts(page, 'dt:has-text("VMI uid") + dd'))[0];
    expect(run).toBe(vmi?.metadata.uid);

    await page.addInitScript(() => {
      new MutationObserver(() => {
        const badge = document.querySelector<HTMLElement>('.badge')?.dataset.connection;
        const { dataset } = document.documentElement;
        if (document.querySelector('[role="dialog"]') !== null) dataset.drawerFirst ??= badge ?? '';
      }).observe(document, { subtree: true, childList: true, attributes: true });
    });
    await page.goto(`${lab.boardUrl}/vm/${namespace}/${name}?at=${new Date(during).toISOString()}`);
    await page.waitForSelector('.badge[data-connection="past"]');
    // The present was not told of where the address names a moment.
    await page.waitForSelector('html[data-drawer-first="past"]');
    await rung('copying memory', 'now');
    await rung('switching over', 'ahead');
    await page.waitForSelector(`${DRAWER} .ladder [data-rung="done"]:has-text("scheduling") .ladder-time:has-text("s")`);
    const told = await page.textContent(DRAWER);
    expect(told).toContain(`Host${from}`);
    expect(told).toContain('Above is what was known at');
    for (const part of [vmi?.metadata.uid, 'not measured']) expect(told).not.toContain(part);
    // Nothing of it is behind the dock that the past has at the lower edge.
    const [drawer, dock] = await Promise.all([DRAWER, '.past-dock'].map((part) => page.locator(part).boundingBox()));
    expect((drawer?.y ?? 0) + (drawer?.height ?? 0)).toBeLessThanOrEqual(dock?.y ?? 0);
    await page.waitForSelector(`${DRAWER} .timeline > [data-later]:has-text("${to}")`);
    expect(await page.locator(`${DRAWER} .timeline > [data-later]`).count()).toBe(1);
    expect(await page.locator(`${DRAWER} .move[data-later]:has-text("succeeded")`).count()).toBe(1);
    // What stays of the present is said to be of now, and how long is not said of a moment that is not.
    expect(await texts(page, '.timeline > [data-present]')).toEqual([expect.stringMatching(/– now(?! ·)/)]);

    // Back in the present, no picture of the past was called anything else for a moment.
    await page.evaluate(() => {
      const { dataset } = document.documentElement;
      const look = (): void => {
        if (document.querySelector<HTMLElement>('.badge')?.dataset.connection !== 'past') dataset.hostAtReturn ??= hostOf();
      };
      const hostOf = (): string => document.querySelector('[role="dialog"] .facts dd a')?.textContent ?? '';
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    await page.click('.past-live');
    await page.waitForSelector('.badge[data-connection="live"]');
    expect(await page.getAttribute('html', 'data-host-at-return')).toBe(to);
    expect(faults).toEqual([]);
  });
});

async function roomNow(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/clusters/lab`);
  return ((await answer.json()) as Snapshot).now;
}
