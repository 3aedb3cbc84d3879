import { describe, expect, it } from 'vitest';
import { startFakeEdge } from '../support/fake-edge.ts';
import {
  browser,
  chip,
  closing,
  connection,
  HOSTS,
  live,
  OTHER_CLUSTER,
  open,
  painted,
  snapshotsAsked,
  ubuntuArrived,
  ubuntuMoving,
  VMS,
} from './page-fixture.ts';

describe('the connection', () => {
  it('resumes by cursor after a cut, and has what happened meanwhile (D1)', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const asked = snapshotsAsked(edge);
    const cursor = edge.state.cursor;
    edge.loseFrame({ vms: [ubuntuArrived] });
    edge.dropStreams();
    await painted(page, edge.state.cursor);
    await connection(page, 'live');
    expect(snapshotsAsked(edge)).toBe(asked);
    expect(edge.requests.at(-1)).toBe(`STREAM /api/v1/clusters/lab/stream?cursor=${cursor}`);
  });

  it('finds a frame that was lost without a trace, by the pulses (D3)', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    edge.loseFrame({ vms: [ubuntuArrived] });
    edge.hear();
    edge.hear();
    await painted(page, edge.state.cursor);
    await connection(page, 'live');
    expect(await page.locator(chip('default/ubuntu', 'host-2', 'settled')).count()).toBe(1);
  });

  it('says that it reconnects, keeps the board, and is live again', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    edge.refuse(503);
    edge.dropStreams();
    await connection(page, 'reconnecting');
    expect(await page.locator('[data-vm]').count()).toBe(VMS.length);
    edge.refuse(null);
    await connection(page, 'live');
  });

  it.each([
    [403, 'Access closed'],
    [404, 'Unknown cluster'],
    [426, 'Out of date'],
  ])('stops at HTTP %d and says so', async (status, word) => {
    const { edge, page } = await open();
    await live(page, edge);
    edge.refuse(status, 'Ask the one who runs it.');
    edge.dropStreams();
    await connection(page, 'refused');
    expect(await page.textContent('.badge')).toBe(word);
    expect(await page.textContent('.status')).toContain('Ask the one who runs it.');
    expect(await page.locator('[data-vm]').count()).toBe(VMS.length);
    await expect.poll(() => edge.streamCount).toBe(0);
  });

  it('a cluster that has gone silent is stale since when it spoke, and stays on the board (D5)', async () => {
    // On its way for 45 s when the cluster was last heard, and for as long as it takes to start the edge.
    const moving = ubuntuMoving({ startedAt: Date.now() - 165_000 });
    const edge = await startFakeEdge({ hosts: HOSTS, vms: VMS.map((vm) => (vm.id === moving.id ? moving : vm)) });
    edge.ageBy(120_000);
    const context = await browser.newContext();
    closing.push(edge.close, () => context.close());
    const page = await context.newPage();
    await page.goto(`${edge.url}/c/lab`);
    await connection(page, 'stale');
    expect(await page.textContent('.badge')).toMatch(/Stale since \d\d:\d\d:\d\d \(2m \d+s\)/);
    expect(await page.getAttribute('.board', 'data-freshness')).toBe('stale');
    expect(await page.locator('[data-vm]').count()).toBe(VMS.length + 1);
    expect(await page.locator('[data-lane="leaving"] .elapsed').textContent()).toMatch(/^4[5-9]s$/);
    expect(await page.locator('.status time').getAttribute('title')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
    edge.hear();
    await connection(page, 'live');
    await expect.poll(() => page.locator('[data-lane="leaving"] .elapsed').textContent()).toMatch(/^[2-9]m \d+s$/);
  });

  it('a tab that was hidden while the machine slept does not trust its stream', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    const opened = edge.requests.length;
    // The page is back within milliseconds otherwise, sooner than it can be read here.
    edge.hold();
    await page.evaluate(() => {
      const turn = (visibility: string): void => {
        Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      turn('hidden');
      const now = Date.now;
      Date.now = () => now() + 3_600_000;
      turn('visible');
    });
    await connection(page, 'reconnecting');
    expect(await page.getAttribute('.board', 'data-freshness')).toBe('stale');
    edge.release();
    await connection(page, 'live');
    expect(edge.requests.slice(opened)).toEqual([`STREAM /api/v1/clusters/lab/stream?cursor=${edge.state.cursor}`]);
    // The edge learns of the end of the one before when it likes.
    await expect.poll(() => edge.streamCount).toBe(1);
  });

  it('a board that is left before its first paint leaves no stream behind', async () => {
    const { edge, page } = await open('/elsewhere');
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
    await page.evaluate(async () => {
      const go = async (path: string): Promise<void> => {
        history.pushState(null, '', path);
        dispatchEvent(new PopStateEvent('popstate'));
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      };
      await go('/c/lab');
      if (document.querySelector('.cluster-title') === null) throw new Error('the board was not rendered');
      await go('/elsewhere');
    });
    // A second board, opened after it, has its stream: by then the first would have had its own.
    await page.evaluate(() => {
      history.pushState(null, '', '/c/lab');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await live(page, edge);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(edge.streamCount).toBe(1);
  });

  it('holds one stream, and none after leaving the board', async () => {
    const { edge, page } = await open();
    await live(page, edge);
    expect(edge.streamCount).toBe(1);
    edge.others.push(OTHER_CLUSTER);
    await page.click('.brand');
    await page.waitForSelector('.clusters');
    await expect.poll(() => edge.streamCount).toBe(0);
    await page.click('[data-cluster="lab"]');
    await live(page, edge);
    // Nor in the back/forward cache: what is in there must hold no connection.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    await expect.poll(() => edge.streamCount).toBe(0);
    edge.loseFrame({ vms: [ubuntuArrived] });
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await live(page, edge);
    expect(edge.streamCount).toBe(1);
  });
});
