/** What is gone from the cluster is gone from the page: a board that nobody touches for weeks sees more VMs come and go than it could hold. */
import { expect, test } from 'vitest';
import type { Vm } from '../../core/model.ts';
import { openHeapMeter } from '../support/page-heap.ts';
import { emptied, live, open, painted, vmOn } from './page-fixture.ts';

const ROUNDS = 30;
/** Notes tell of the last ones for a while. */
const NEWEST_ROUNDS = ROUNDS / 2;

interface Left {
  readonly path: string;
  /** Where the pointer rests meanwhile. */
  readonly pointsAt: string;
}

test.each<Left>([
  { path: '/c/lab?sort=-memory&group=zone', pointsAt: '.hosts [data-vm]' },
  { path: '/c/lab?wall', pointsAt: '.hosts' },
])('$path holds nothing of what has come and gone since', async ({ path, pointsAt }) => {
  const { edge, page, faults } = await open(path, { reducedMotion: 'reduce' });
  await live(page, edge);
  await page.locator(pointsAt).first().hover();
  for (let round = 0; round < ROUNDS; round++) {
    const [id, name, host] = [`default/gone-vm-${round}`, `gone-vm-${round}`, `gone-host-${round}`];
    const known: Partial<Vm> = { displayName: `gone-name-${round}`, labels: { site: `gone-value-${round}` } };
    const transit = {
      id: `gone-move-${round}`,
      stage: 'transferring',
      cause: 'drain',
      from: 'host-1',
      to: host,
      startedAt: round,
    } as const;
    const arrived = { lastMigration: { outcome: 'succeeded', cause: 'drain', from: 'host-1', to: host, endedAt: round } } as const;
    // What is rendered changes by turns, a host with its list of VMs, one without the other.
    for (const change of [
      { hosts: [emptied('host-1', { here: 1, since: round }), { ...emptied(host, {}), zone: `gone-zone-${round}` }] },
      { vms: [vmOn(name, 'host-1', known)] },
      { hosts: [emptied('host-1', { here: 2, since: round })], vms: [vmOn(name, 'host-1', { ...known, transit })] },
      { vms: [vmOn(name, host, { ...known, ...arrived })] },
      { goneVms: [id], goneHosts: [host] },
    ]) {
      await painted(page, edge.change(change));
    }
  }
  // What is to be spoken is kept until it is: a move that lasts is spoken of after all of these.
  const moved = { outcome: 'succeeded', cause: 'drain', from: 'host-1', to: 'host-2', endedAt: ROUNDS } as const;
  await painted(page, edge.change({ vms: [vmOn('stays', 'host-1')] }));
  await painted(page, edge.change({ vms: [vmOn('stays', 'host-2', { lastMigration: moved })] }));
  await page.waitForFunction(() => document.querySelector('#app > p.unseen[role="status"]')?.textContent?.includes('host-2'));
  await page.waitForFunction(() => document.querySelector('.toast') === null && !document.body.textContent?.includes('gone-'));
  const texts = await (await openHeapMeter(page)).texts();
  const held = [...texts].flatMap((text) => /gone-[a-z]+-\d+/.exec(text)?.[0] ?? []);
  expect(held.filter((text) => Number(/\d+$/.exec(text)?.[0]) < ROUNDS - NEWEST_ROUNDS)).toEqual([]);
  expect(faults).toEqual([]);
});
