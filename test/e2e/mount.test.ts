/** A board too long to be drawn at once (SPEC P1, web/rendering/slices.ts). The page's clock and its animation frames are the test's. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Host, Vm } from '../../core/model.ts';
import { observationOf, observeBoard } from '../support/board-observer.ts';
import { type FakeChange, type FakeEdge, startFakeEdge } from '../support/fake-edge.ts';
import { eventually } from '../support/stack.ts';
import { browser, chip, closing, vmOn } from './page-fixture.ts';

const FRAME_MS = 16;
/** In a hidden tab (frame.ts). */
const HIDDEN_FRAME_MS = 1_000;
const PATIENCE_MS = 20_000;
/** The most lines of one slice (slices.ts), with the heads of the cards that begin in it. */
const MOST_CHIPS_A_FRAME = 400;
const host = (index: number): string => `host-${String(index).padStart(3, '0')}`;
const HOSTS: readonly Host[] = Array.from({ length: 60 }, (_, index) => ({ name: host(index), state: 'active', reasons: [], roles: [] }));
/** One host has more VMs than a slice, and some are on none. */
const VMS: readonly Vm[] = Array.from({ length: 2_000 }, (_, index) =>
  vmOn(`vm-${index}`, index < 600 ? host(5) : index < 1_900 ? host(index % 60) : null),
);
const [first, last] = [host(0), host(59)];
const moving = (name: string, from: string, to: string): Vm =>
  vmOn(name, from, { transit: { id: `m-${name}`, stage: 'transferring', cause: 'user', from, to, startedAt: Date.now() } });

interface Counter {
  /** Frames that the page has read. */
  received: number;
  commits: number;
}

/** Runs in the page before its scripts. */
function countCommits(): void {
  const counter = globalThis as unknown as Counter;
  counter.received = 0;
  counter.commits = 0;
  const listen = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (this: EventSource, name: string, listener: (event: never) => void) {
    listen.call(this, name, (event) => {
      listener(event as never);
      if (name === 'frame') counter.received++;
    });
  } as typeof listen;
  new MutationObserver((changes) => {
    counter.commits += changes.length;
  }).observe(document, { subtree: true, attributeFilter: ['data-cursor'] });
}

const counted = (page: Page, name: keyof Counter): Promise<number> =>
  page.evaluate((which) => (globalThis as unknown as Counter)[which], name);

interface Halted {
  /** Runs in the page before its scripts. */
  readonly init?: () => void;
  readonly search?: string;
  readonly hosts?: readonly Host[];
  readonly viewport?: { readonly width: number; readonly height: number };
}

async function openHalted(
  vms: readonly Vm[],
  { init = () => {}, search = '', hosts = HOSTS, viewport = { width: 1_280, height: 720 } }: Halted = {},
): Promise<{ edge: FakeEdge; page: Page }> {
  const edge = await startFakeEdge({ hosts, vms });
  const context = await browser.newContext({ viewport });
  closing.push(edge.close, () => context.close());
  const page = await context.newPage();
  await page.addInitScript(countCommits);
  await page.addInitScript(init);
  await page.clock.install();
  // It must not have come by the time at which the page is told of it.
  await page.clock.pauseAt(Date.now() + 20_000);
  await page.goto(`${edge.url}/c/lab${search}`);
  return { edge, page };
}

/** Lets animation frames go by until it is so: what they wait for may come over the network, which knows nothing of the page's clock. */
async function runUntil(page: Page, isSo: () => Promise<boolean>): Promise<number> {
  const until = Date.now() + PATIENCE_MS;
  for (let frames = 0; frames < 400 || Date.now() < until; frames++) {
    if (await isSo()) return frames;
    await page.clock.runFor(FRAME_MS);
  }
  throw new Error('it never came about');
}

const hasCursor = async (page: Page, cursor: string | null): Promise<boolean> =>
  (await page.getAttribute('html', 'data-cursor')) === cursor;

/** Until it is painted. No frame goes by while it is on its way, which takes as long as it takes: a few, and all would be drawn. */
async function paintChange(edge: FakeEdge, page: Page, change: FakeChange): Promise<void> {
  const before = await counted(page, 'received');
  edge.change(change);
  await eventually(
    () => counted(page, 'received'),
    (received) => received > before,
    'the change is here',
  );
  await runUntil(page, () => hasCursor(page, edge.state.cursor));
}

it('P1: is drawn in slices that are bounded, says what is to come, and takes in what happens meanwhile', async () => {
  const { edge, page } = await openHalted(VMS);
  const count = (selector: string): Promise<number> => page.locator(selector).count();
  await runUntil(page, async () => (await count('.rest')) > 0);
  expect(await page.textContent('.rest')).toBe('Still drawing: 2,000 VMs');
  await runUntil(page, async () => (await count('.hosts [data-host]')) > 0);
  await observeBoard(page, VMS[0]?.id ?? '');

  // A VM of a card that is drawn leaves for one that is not, another one arrives at a card that is drawn from one that is not, and is changed.
  const [leaver, comer] = ['vm-600', 'vm-659'];
  expect([await count(chip(`default/${leaver}`, first, 'settled')), await count(`[data-host="${last}"]`)]).toEqual([1, 0]);
  await paintChange(edge, page, { vms: [moving(leaver, first, last), moving(comer, last, first)] });
  expect(await count(`[data-host="${last}"]`), 'still to be drawn').toBe(0);
  expect(await count(chip(`default/${leaver}`, first, 'leaving'))).toBe(1);
  expect(await count(chip(`default/${comer}`, first, 'arriving'))).toBe(1);
  await paintChange(edge, page, {
    vms: [vmOn(leaver, last), { ...moving(comer, last, first), state: 'paused' }],
    goneVms: ['default/vm-1899'],
    goneHosts: [host(30)],
  });
  expect(await count('.rest'), 'still being drawn').toBeGreaterThan(0);

  let drawn = await count('.chip');
  await runUntil(page, async () => {
    const now = await count('.chip');
    expect(now - drawn).toBeLessThanOrEqual(MOST_CHIPS_A_FRAME);
    drawn = now;
    return (await count('.rest')) === 0;
  });
  expect(await page.locator('[data-lane]:not([data-lane="arriving"]) .chip').count()).toBe(VMS.length - 1);
  expect(await count(chip(`default/${leaver}`, last, 'settled'))).toBe(1);
  expect(await count(`${chip(`default/${comer}`, last, 'leaving')}[data-state="paused"]`)).toBe(1);
  expect(await count('.unplaced .chip')).toBe(100);
  const { commits, violations } = await observationOf(page);
  expect(violations).toEqual([]);
  expect(commits).toBeGreaterThan(5);

  // What is new from now on is there with its own commit, however much it is.
  await paintChange(edge, page, { vms: Array.from({ length: 500 }, (_, index) => vmOn(`new-${index}`, last)) });
  expect(await count(`[data-host="${last}"] .chip`)).toBeGreaterThan(500);
  expect(await count('.rest')).toBe(0);
  expect((await observationOf(page)).violations).toEqual([]);
});

it('P1, P4: goes on where nobody looks, and with another picture that comes in its place meanwhile', async () => {
  const { edge, page } = await openHalted(VMS);
  const count = (selector: string): Promise<number> => page.locator(selector).count();
  await runUntil(page, async () => (await count('.hosts [data-host]')) > 0);
  await observeBoard(page, VMS[0]?.id ?? '');
  await eventually(
    () => edge.streamCount,
    (streams) => streams === 1,
    'the stream is open',
  );
  const before = await count('.chip');
  await page.evaluate(() => {
    const request = globalThis.requestAnimationFrame;
    globalThis.requestAnimationFrame = () => 0;
    (globalThis as unknown as { showAgain: () => void }).showAgain = () => {
      globalThis.requestAnimationFrame = request;
    };
  });
  // Hosts and VMs that are drawn go, others are elsewhere, and new ones stand before them. The page learns of it from the second pulse.
  edge.loseFrame({
    hosts: [{ name: 'a-new-one', state: 'active', reasons: [], roles: [] }],
    vms: [
      ...VMS.slice(600, 1_200).map(({ name }) => vmOn(name, last)),
      ...VMS.slice(0, 100).map(({ name }) => vmOn(`new-${name}`, 'a-new-one')),
    ],
    goneHosts: [first, host(1)],
    goneVms: VMS.slice(100, 200).map(({ id }) => id),
  });
  edge.ping();
  edge.ping();
  await eventually(
    () => page.getAttribute('.badge', 'data-connection'),
    (kind) => kind === 'reconnecting',
    'the gap is noticed',
  );
  const replaced = page.waitForResponse((answer) => new URL(answer.url()).pathname.endsWith('/clusters/lab'));
  await page.clock.runFor(HIDDEN_FRAME_MS);
  await (await replaced).finished();
  expect(await count('.chip'), 'drawn meanwhile').toBeGreaterThan(before);
  expect(await hasCursor(page, edge.state.cursor)).toBe(false);
  await eventually(
    async () => {
      await page.clock.runFor(HIDDEN_FRAME_MS / 10);
      return hasCursor(page, edge.state.cursor);
    },
    (has) => has,
    'the other picture is painted',
  );
  await page.evaluate(() => (globalThis as unknown as { showAgain: () => void }).showAgain());
  expect(await count('.rest'), 'still being drawn').toBeGreaterThan(0);
  await runUntil(page, async () => (await count('.rest')) === 0);
  expect(await page.locator('[data-lane]:not([data-lane="arriving"]) .chip').count()).toBe(VMS.length);
  for (const name of ['a-new-one', first, last]) {
    const standing = [...edge.state.vms.values()].filter((vm) => vm.host === name);
    expect(await count(`[data-host="${name}"] .chip`), name).toBe(standing.length);
  }
  expect((await observationOf(page)).violations).toEqual([]);
});

it('shows the VM that is linked to once it is drawn, and never again to whoever scrolls meanwhile', async () => {
  const vms = Array.from({ length: 6_000 }, (_, index) => vmOn(`vm-${index}`, host(index % 60)));
  const { page } = await openHalted(vms, { search: '/vm/default/vm-20' });
  // The drawer marks the VM, and its files take their time, however few frames go by.
  let files = 0;
  page.on('requestfinished', (request) => {
    if (/\/(drawers|details-words-en)-/.test(request.url())) files += 1;
  });
  await runUntil(page, async () => (await page.locator('.rest').count()) > 0);
  await eventually(
    async () => {
      if (files < 2) await page.clock.runFor(1);
      return files;
    },
    (count) => count === 2,
    'the files of the drawer are there',
  );
  await runUntil(page, async () => (await page.locator('.chip[data-selected]').count()) > 0);
  expect(await page.locator('.rest').count(), 'still being drawn').toBeGreaterThan(0);
  await page.clock.runFor(FRAME_MS);
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
  await page.evaluate(() => {
    dispatchEvent(new WheelEvent('wheel'));
    scrollTo(0, 0);
  });
  await runUntil(page, async () => (await page.locator('.rest').count()) === 0);
  await page.clock.runFor(10 * FRAME_MS);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

it('P1: of hosts without a VM it says, too, that they are still to be drawn', async () => {
  const twice = [...HOSTS, ...HOSTS.map((each) => ({ ...each, name: `z-${each.name}` }))];
  const { page } = await openHalted([vmOn('only', host(0))], { hosts: twice });
  await runUntil(page, async () => (await page.locator('.hosts [data-host]').count()) > 0);
  await observeBoard(page, 'default/only');
  expect(await page.locator('.rest').count()).toBe(1);
  await runUntil(page, async () => (await page.locator('.rest').count()) === 0);
  expect(await page.locator('.hosts [data-host]').count()).toBe(2 * HOSTS.length);
  expect((await observationOf(page)).violations).toEqual([]);
});

it('trails are there once both ends are drawn, whatever size the board has by then', async () => {
  const [from, to] = [host(0), host(2)];
  const vms = [
    ...Array.from({ length: 300 }, (_, index) => vmOn(`vm-${index}`, host(index % 2))),
    ...Array.from({ length: 100 }, (_, index) => vmOn(`on-the-last-${index}`, to)),
    moving('mover', from, to),
  ];
  const { page } = await openHalted(vms, { search: '?view=table', hosts: HOSTS.slice(0, 3) });
  await runUntil(page, async () => (await page.getByRole('link', { name: 'Board', exact: true }).count()) > 0);
  await page.getByRole('link', { name: 'Board', exact: true }).click();
  await runUntil(page, async () => (await page.locator(chip('default/mover', from, 'leaving')).count()) > 0);
  expect(await page.locator(`[data-host="${to}"]`).count(), 'still to be drawn').toBe(0);
  await runUntil(page, async () => (await page.locator('.rest').count()) === 0);
  // Not the first picture after it: it is measured before.
  await runUntil(page, async () => (await page.locator('[data-trail]').count()) > 0);
});

/** Runs in the page before its scripts: how often a wall's size was chosen while something was still to be drawn, and after that. */
function countFits(): void {
  const fits = { drawing: 0, drawn: 0 };
  (globalThis as unknown as { fits: typeof fits }).fits = fits;
  new MutationObserver((changes) => {
    fits[document.querySelector('[data-rest]') === null ? 'drawn' : 'drawing'] += changes.length;
  }).observe(document, { subtree: true, attributeFilter: ['data-wall-fit'] });
}

it('the type of a wall does not become smaller with each slice', async () => {
  const vms = Array.from({ length: 400 }, (_, index) => vmOn(`vm-${index}`, host(index % 4)));
  const viewport = { width: 1_920, height: 1_080 };
  const { page } = await openHalted(vms, { init: countFits, search: '?wall', hosts: HOSTS.slice(0, 4), viewport });
  await runUntil(page, async () => (await page.locator('.rest').count()) > 0);
  await runUntil(page, async () => (await page.locator('.rest').count()) === 0);
  await runUntil(page, async () => ((await page.getAttribute('html', 'data-wall-fit')) ?? 'measured') !== 'measured');
  const fits = await page.evaluate(() => (globalThis as unknown as { fits: { drawing: number; drawn: number } }).fits);
  expect(fits.drawing).toBe(0);
  expect(fits.drawn).toBeGreaterThan(0);
});

it('P1: cards that are not hosts are drawn in slices, too, and so are other ones in their place', async () => {
  const labelled = VMS.map((vm, index) => ({ ...vm, labels: { turn: String(index % 7) } }));
  const { edge, page } = await openHalted(labelled, { search: '?group=none' });
  const count = (selector: string): Promise<number> => page.locator(selector).count();
  // Without the copies that fly.
  const CHIPS = '.chips > .chip';
  /** Until all is drawn; answers how many were there when the last slice was still to come. */
  async function drawAll(): Promise<number> {
    let drawn = await count(CHIPS);
    let before = drawn;
    await runUntil(page, async () => {
      const now = await count(CHIPS);
      expect(now - drawn).toBeLessThanOrEqual(MOST_CHIPS_A_FRAME);
      if (now > drawn) before = drawn;
      drawn = now;
      return drawn > 0 && (await count('.rest')) === 0;
    });
    return before;
  }
  await runUntil(page, async () => (await count(CHIPS)) > 0);
  expect(Number(await page.getAttribute('.rest', 'data-rest'))).toBeGreaterThan(1_500);
  // A VM that is drawn and one that is not change meanwhile, one comes and one goes.
  await paintChange(edge, page, {
    vms: [{ ...vmOn('vm-0', host(1)), state: 'paused' }, { ...vmOn('vm-999', host(1)), state: 'paused' }, vmOn('new', host(1))],
    goneVms: ['default/vm-1'],
  });
  expect(await count('.rest'), 'still being drawn').toBe(1);
  expect(await drawAll()).toBeGreaterThan(500);
  expect([await count(CHIPS), await count(`${CHIPS}[data-state="paused"]`), await count('.group')]).toEqual([VMS.length, 2, 1]);

  // The card is in sight, and the lists of it that nobody sees are not laid out for what moves in them.
  await page.evaluate(countMeasuredChips);
  await paintChange(edge, page, { vms: [vmOn('vm-998', host(2)), vmOn('vm-500', host(3))] });
  expect(await page.evaluate(() => (globalThis as unknown as Measured).measuredChips)).toEqual([]);
  await paintChange(edge, page, { vms: [vmOn('vm-0', host(2))] });
  expect(await page.evaluate(() => (globalThis as unknown as Measured).measuredChips)).toContain('default/vm-0');

  await page.getByRole('combobox', { name: 'Group' }).selectOption({ label: 'Group: label turn' });
  expect([await page.textContent('.rest'), await count(CHIPS)]).toEqual(['Still drawing: 2,000 VMs', 0]);
  expect(await drawAll()).toBeGreaterThan(500);
  expect([await count(CHIPS), await count('.group')]).toEqual([VMS.length, 8]);
});

interface Measured {
  /** The VMs whose chips' places were asked for. */
  measuredChips: string[];
}

/** Runs in the page. */
function countMeasuredChips(): void {
  const measured = globalThis as unknown as Measured;
  measured.measuredChips = [];
  const measure = Element.prototype.getBoundingClientRect;
  Element.prototype.getBoundingClientRect = function (this: Element) {
    if (this instanceof HTMLElement && this.dataset.vm !== undefined) measured.measuredChips.push(this.dataset.vm);
    return measure.call(this);
  };
}

it('P1: a burst of fifty frames is one commit, and each frame after it one more', async () => {
  const { edge, page } = await openHalted(VMS.slice(0, 40));
  await runUntil(page, () => hasCursor(page, edge.state.cursor));
  await eventually(
    () => edge.streamCount,
    (streams) => streams === 1,
    'the stream is open',
  );
  const before = await counted(page, 'commits');
  for (let index = 0; index < 50; index++)
    edge.change({ vms: [{ ...vmOn('vm-0', host(index)), state: index % 2 === 0 ? 'paused' : 'running' }] });
  await eventually(
    () => counted(page, 'received'),
    (received) => received === 50,
    'all frames are here',
  );
  expect(await counted(page, 'commits')).toBe(before);
  await page.clock.runFor(FRAME_MS);
  expect(await counted(page, 'commits')).toBe(before + 1);
  expect(await hasCursor(page, edge.state.cursor)).toBe(true);
  expect(await page.locator(chip('default/vm-0', host(49), 'settled')).count()).toBe(1);
  await paintChange(edge, page, { vms: [vmOn('vm-0', host(1))] });
  expect(await counted(page, 'commits')).toBe(before + 2);
});
