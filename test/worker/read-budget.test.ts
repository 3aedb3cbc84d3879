/** Whoever reads the past in a loop harms neither the forwarder nor the viewers of the present (SPEC D4). */
import { runInDurableObject } from 'cloudflare:test';
import { expect, test, vi } from 'vitest';
import { READ_BURST_KB, READ_RATE_KB_PER_S } from '../../core/limits.ts';
import { ReadBudget, readCostKb } from '../../worker/read-budget.ts';
import { call, liveCluster, problemOf, roomOf, snapshotOf, TestViewer, vm } from './support.ts';

test('a read may overdraw it, the next one waits until that is made good, and cheap ones go on for ever', () => {
  const budget = new ReadBudget();
  const waits = (now: number): string | null => budget.admit(now)?.headers?.['retry-after'] ?? null;
  expect(waits(0)).toBeNull();
  budget.spend(READ_BURST_KB - 10);
  expect(waits(0)).toBeNull();
  budget.spend(3 * READ_RATE_KB_PER_S);
  expect(waits(0)).toBe('3');
  expect(waits(2_900)).toBe('1');
  expect(waits(3_000)).toBeNull();
  for (let now = 60_000; now < 120_000; now += 10) {
    expect(waits(now)).toBeNull();
    budget.spend(READ_RATE_KB_PER_S / 100 - 1);
  }
});

test.each([
  [{ rows: 0, bytes: 0 }, 0],
  [{ rows: 20_000, bytes: 400_000 }, 2_960],
])('%o costs %f kB', (read, cost) => {
  expect(readCostKb(read)).toBe(cost);
});

const ENDS_COUNT = 100_000;
/** More finished migrations than a room keeps, so that few reads are dear. */
const fillMigrations = (cluster: string): Promise<void> =>
  runInDurableObject(roomOf(cluster), (_room, { storage }) => {
    const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ENDS_COUNT})`;
    storage.sql.exec(`${numbers} INSERT INTO migrations SELECT 'm' || i, i, 0, 'default/gone', 'succeeded', '{}' FROM n`);
  });

test('the past of a room is refused when it was read too often, and nothing else of it', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const forwarder = await liveCluster();
    const { cluster } = forwarder;
    const path = `/api/v1/clusters/${cluster}`;
    await fillMigrations(cluster);
    const at = Date.now();
    vi.setSystemTime(at + 1_000);
    await forwarder.change({ vms: [vm('other', 'host-1')] });

    const dear = `${path}/migrations?bucket=60`;
    const least = Math.ceil(READ_BURST_KB / readCostKb({ rows: ENDS_COUNT, bytes: 0 }));
    for (let count = 0; count < least; count += 1) expect((await call(dear)).status).toBe(200);
    for (const rest of [
      `?at=${at}`,
      '/frames',
      '/migrations',
      '/migrations?bucket=60',
      '/vms/default/other',
      '/vms/default/other/history',
    ]) {
      const refused = await call(path + rest);
      expect([rest, refused.status, Number(refused.headers.get('retry-after'))]).toEqual([rest, 429, expect.any(Number)]);
      expect(await problemOf(refused)).toMatchObject({ code: 'too-many-reads' });
    }
    const viewer = await TestViewer.open('direct', cluster);
    await viewer.expect('snapshot');
    await forwarder.change({ vms: [vm('other', 'host-2')] });
    await viewer.expect('frame');
    expect((await snapshotOf(cluster)).vms).toHaveLength(2);
    await viewer.close();

    vi.setSystemTime(Date.now() + 20_000);
    expect((await call(`${path}?at=${at}`)).status).toBe(200);
  } finally {
    vi.useRealTimers();
  }
});
