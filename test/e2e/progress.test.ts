/** How far a migration is, on the page: with an edge that a test speaks through, and along the whole path (SPEC U9). */
import type { Page } from 'playwright-core';
import { describe, expect, it, test } from 'vitest';
import type { Snapshot } from '../../core/downlink.ts';
import { PROGRESS_STALE_AFTER_MS, type Progress } from '../../core/progress.ts';
import { serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { serveHandlers } from '../../simulator/handler-server.ts';
import type { KubeVirtVersion } from '../../simulator/traits.ts';
import { eventually, startEdgeProcess, startForwarder } from '../support/stack.ts';
import { followCluster } from '../support/told.ts';
import { browser, chip, live, open, painted, ubuntuArrived, ubuntuMoving, VMS, vmOn } from './page-fixture.ts';

const MIGRATION = ubuntuMoving().transit?.id ?? '';
const progress = (rest: Partial<Progress> = {}): Progress => ({ vm: 'default/ubuntu', migration: MIGRATION, ...rest });
const HALF = progress({ percent: 50.9, remaining: 2_147_483_648, rate: 117_440_512, dirtyRate: 5_242_880 });

const notesOf = (page: Page): Promise<string | null> => page.locator(chip('default/ubuntu', 'host-1', 'leaving')).textContent();
const hasNote = (page: Page, text: string): Promise<unknown> =>
  page.waitForSelector(`${chip('default/ubuntu', 'host-1', 'leaving')} .note:has-text("${text}")`);
const noProgress = (page: Page, withinMs = 30_000): Promise<unknown> =>
  page.waitForFunction(() => document.querySelector('[data-note="progress"], .move-bar, [role="progressbar"]') === null, null, {
    timeout: withinMs,
  });

describe('a chip of a VM on its way', () => {
  it('tells percent, what remains and both rates, and paints no commit for it', async () => {
    const { edge, page, faults } = await open();
    await live(page, edge);
    const cursor = edge.change({ vms: [ubuntuMoving()] });
    await painted(page, cursor);
    edge.tell(HALF);
    await hasNote(page, '50% · 2 GiB left · 112 MiB/s · 5 MiB/s changing');
    expect(await page.locator('.lane .move-bar > span').evaluate((bar) => (bar as HTMLElement).style.inlineSize)).toBe('50.9%');
    await painted(page, cursor);
    edge.tell(progress({ percent: 40 }));
    await hasNote(page, '40%');
    expect(await notesOf(page)).not.toContain('left');
    expect(faults).toEqual([]);
  });

  it('keeps its trail when another one says more: no commit, and a taller card beside it keeps the board as high', async () => {
    const { edge, page } = await open(
      '/c/lab',
      {},
      { vms: [...VMS, ...Array.from({ length: 20 }, (_, n) => vmOn(`tall-${n}`, 'host-3'))] },
    );
    await live(page, edge);
    const moving = { ...ubuntuMoving({ id: 'm-z' }), id: 'default/z', name: 'z' };
    const cursor = edge.change({ vms: [ubuntuMoving(), moving] });
    await painted(page, cursor);
    /** How far each end of the trail is from the middle of its chip, in CSS pixels; the second is the tip of the arrow's head, 5 beside it. */
    const aside = (): Promise<readonly number[] | null> =>
      page.evaluate(() => {
        const path = document.querySelector<SVGPathElement>('[data-trail="default/z"] .trail');
        const ends = ['leaving', 'arriving'].map((lane) => document.querySelector(`[data-lane="${lane}"] [data-vm="default/z"]`));
        const board = document.querySelector('svg.trails')?.parentElement?.getBoundingClientRect().top ?? 0;
        if (path === null) return null;
        const points = [path.getPointAtLength(0), path.getPointAtLength(path.getTotalLength())];
        return ends.map((end, index) => {
          const { top = 0, bottom = 0 } = end?.getBoundingClientRect() ?? {};
          return Math.round(Math.abs((points[index]?.y ?? 0) - ((top + bottom) / 2 - board)));
        });
      });
    await eventually(aside, (found) => found?.every((px) => px < 6) === true, 'the trail joins both chips');
    const topOf = (): Promise<number | undefined> =>
      page.evaluate(() => document.querySelector('[data-lane="leaving"] [data-vm="default/z"]')?.getBoundingClientRect().top);
    const top = await topOf();
    edge.tell(HALF);
    await hasNote(page, '50%');
    expect(await topOf(), 'was moved').toBeGreaterThan(top ?? Number.NaN);
    await eventually(
      () => {
        // It goes where it is not told again.
        edge.tell(HALF);
        return aside();
      },
      (found) => found?.every((px) => px < 6) === true,
      'the trail still joins both chips',
    );
    await hasNote(page, '50%');
    await painted(page, cursor);
  });

  it('is marked where the migration will not converge, until it does', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    const danger = (text: string): string => `${chip('default/ubuntu', 'host-1', 'leaving')} [data-note="danger"]:has-text("${text}")`;
    edge.tell({ ...HALF, stuck: true });
    await page.waitForSelector(danger('does not converge: what is left has not become less'));
    edge.tell({ ...HALF, dirtyRate: 117_440_512, stuck: true });
    await page.waitForSelector(danger('will not converge: memory changes as fast as it is copied'));
    edge.tell(HALF);
    await page.waitForFunction(() => document.querySelector('[data-note="danger"]') === null);
    await hasNote(page, '50%');
  });

  it('tells nothing of another migration, and nothing once this one is over', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    edge.tell(progress({ migration: 'another', percent: 10 }), HALF);
    await hasNote(page, '50%');
    expect(await page.locator('.lane [data-note="progress"]').count()).toBe(1);
    await painted(page, edge.change({ vms: [ubuntuArrived] }));
    await noProgress(page);
    edge.tell(HALF);
    edge.ping();
    await painted(page, edge.change({ vms: [ubuntuMoving({ id: 'the next one' })] }));
    await noProgress(page);
  });

  it('tells nothing of it in the past: what is measured is measured now', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    edge.tell(HALF);
    await hasNote(page, '50%');
    const at = Date.now() - 1_000;
    await page.route(/\/clusters\/lab\?at=/, async (route) => {
      const snapshot = (await (await fetch(`${edge.url}/api/v1/clusters/lab`)).json()) as Snapshot;
      await route.fulfill({ json: { ...snapshot, now: at, lastHeard: at } });
    });
    await page.click('#history-button');
    await page.fill('#past-time', String(at));
    await page.press('#past-time', 'Enter');
    await page.waitForSelector('.badge[data-connection="past"]');
    await page.waitForSelector(chip('default/ubuntu', 'host-1', 'leaving'));
    await noProgress(page);
    edge.tell(HALF);
    await page.click('.past-live');
    await hasNote(page, '50%');
  });

  it('stops telling when nothing newer comes, though the stream lives', async () => {
    const { edge, page } = await open();
    await page.clock.install();
    await page.reload();
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    edge.tell(HALF);
    await hasNote(page, '50%');
    await page.clock.runFor(PROGRESS_STALE_AFTER_MS / 2);
    expect(await page.locator('.lane [data-note="progress"]').count()).toBe(1);
    edge.hear();
    await page.clock.runFor(PROGRESS_STALE_AFTER_MS / 2 + 2_000);
    await noProgress(page, 8_000);
    expect(await notesOf(page), 'the stage stays, honestly').toContain('copying memory');
  });
});

describe('the details of a VM on its way', () => {
  it('have a progress bar that can be read, and say where nothing is measured', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    await page.click(`${chip('default/ubuntu', 'host-1', 'leaving')} button`);
    await page.waitForSelector('.details dd:has-text("not measured")');
    edge.tell({ ...HALF, stuck: true });
    const bar = page.getByRole('progressbar', { name: 'Progress' });
    await bar.waitFor();
    expect(await bar.getAttribute('aria-valuenow')).toBe('50');
    expect(await bar.getAttribute('aria-valuemin')).toBe('0');
    expect(await bar.getAttribute('aria-valuemax')).toBe('100');
    expect(await bar.getAttribute('aria-valuetext')).toContain('50% · 2 GiB left');
    await page.waitForSelector('.details dd:has-text("does not converge")');
  });

  it('in Chinese', async () => {
    const { edge, page } = await open('/c/lab', { locale: 'zh-CN' });
    await live(page, edge);
    await painted(page, edge.change({ vms: [ubuntuMoving()] }));
    edge.tell({ ...HALF, stuck: true });
    await hasNote(page, '50% · 剩余 2 GiB · 112 MiB/秒 · 变化 5 MiB/秒');
    await hasNote(page, '没有收敛');
  });
});

/** An old and a new way in which virt-handler tells it. Side by side, since most of it is waiting for what was measured to become old. */
describe.concurrent('U9: from virt-handler to the page', () => {
  test.each<KubeVirtVersion>(['1.3', '1.9'])(
    'KubeVirt %s: the percent grows; when nobody measures any more it goes; rows, revision and digest stay',
    async (kubevirt) => {
      // What is closed after each test would be the other's too.
      const started: (() => Promise<unknown>)[] = [];
      try {
        await followProgress(kubevirt, started);
      } finally {
        for (const close of started.reverse()) await close();
      }
    },
  );
});

async function followProgress(kubevirt: KubeVirtVersion, started: (() => Promise<unknown>)[]): Promise<void> {
  const cluster = createCluster({ hosts: 3, vms: 12, kubevirt });
  const server = await serveCluster(cluster);
  started.push(() => server.close());
  const handlers = await serveHandlers(cluster);
  started.push(() => handlers.close());
  const edge = await startEdgeProcess();
  started.push(() => edge.stop());
  const forwarder = await startForwarder(edge, 'lab', server.kubeconfig, ['--progress']);
  started.push(() => forwarder.stop());
  const context = await browser.newContext();
  started.push(() => context.close());
  const page = await context.newPage();
  await page.goto(`${edge.url}/c/lab`);
  await page.waitForSelector('[data-connection="live"]');

  expect(handlers.askedCount, 'while nothing moves').toBe(0);
  const untilTold = followCluster(cluster, edge.url);
  const move = cluster.migrate({ namespace: 'default', name: 'ubuntu-web-1', copyMs: 60_000 });
  move.stepTo('Running');
  await page.waitForSelector('[data-lane="arriving"] [data-stage="transferring"]');
  const snapshot = async (): Promise<Snapshot> => (await (await fetch(`${edge.url}/api/v1/clusters/lab`)).json()) as Snapshot;
  const before = await untilTold();

  const percent = (): Promise<number | null> =>
    page.evaluate(() => {
      const text = document.querySelector('[data-lane="leaving"] [data-note="progress"]')?.textContent ?? '';
      const [, found] = /^(\d+)%/.exec(text) ?? [];
      return found === undefined ? null : Number(found);
    });
  const first = await eventually(percent, (seen) => seen !== null && seen > 0, 'the first percent');
  await eventually(percent, (seen) => seen !== null && seen > (first ?? 100), 'a greater one');

  handlers.silence(true);
  await eventually(percent, (seen) => seen === null, 'no progress is shown that nobody measures');
  expect(await page.locator('[data-lane="leaving"] [data-stage="transferring"]').count()).toBe(1);
  await eventually(
    forwarder.output,
    (said) => /warn: no progress of migrations: the virt-handler of harv-/.test(said),
    'the forwarder says why',
  );
  expect(forwarder.output().match(/no progress of migrations/g), 'once').toHaveLength(1);

  const { digest, cursor, hosts, vms } = await snapshot();
  expect({ digest, cursor, hosts, vms }).toEqual({ digest: before.digest, cursor: before.cursor, hosts: before.hosts, vms: before.vms });
  move.finish();
  await page.waitForFunction(() => document.querySelector('[data-stage]') === null);
  const asked = handlers.askedCount;
  await eventually(
    snapshot,
    ({ lastHeard }) => (lastHeard ?? 0) > Date.now() - 1_000 && Date.now() > (before.lastHeard ?? 0) + 1_000,
    'a heartbeat',
  );
  expect(handlers.askedCount, 'after the move').toBe(asked);
}
