/** Migrations that are over: each is told once, and none is forgotten on the way (SPEC T8, U4). */
import { describe, expect, test } from 'vitest';
import { HEARTBEAT_INTERVAL_MS } from '../../core/limits.ts';
import { clock, edge, endedFact, goLive, hostOf, kinds, move, picture, sender, start } from './uplink-sender-fixture.ts';

describe('migrations that are over', () => {
  test('migrations that are over already are part of the sync, and not told again', async () => {
    picture.inventory.set('vmim', endedFact('a', 'm-1'));
    await goLive();
    expect(edge.finished.map(({ id }) => id)).toEqual(['m-1']);
    clock.advance(1_000);
    move('a', 'harv-2');
    await edge.until(() => hostOf('a') === 'harv-2');
    expect(kinds()).toEqual(['sync-part', 'sync-commit', 'changes']);
    expect(edge.finished).toHaveLength(1);
  });

  test('an end of a migration is sent until it is acknowledged, also over sessions (T8)', async () => {
    await goLive();
    clock.advance(1_000);
    edge.failNext({ status: 409, code: 'gap' });
    picture.inventory.set('vmim', endedFact('a', 'm-1'));
    sender.wake();
    await edge.until(() => edge.finished.length > 0);
    expect(edge.sessions).toHaveLength(2);
    expect(edge.finished.map(({ id, outcome }) => [id, outcome])).toEqual([['m-1', 'failed']]);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    clock.advance(1_000);
    picture.inventory.set('vmim', endedFact('b', 'm-2'));
    sender.wake();
    await edge.until(() => edge.finished.length > 1);
    expect(edge.finished.map(({ id }) => id)).toEqual(['m-1', 'm-2']);
  });

  test('a sync that the edge did not commit has told it of no end of a migration (T8)', async () => {
    picture.inventory.set('vmim', endedFact('a', 'm-1'));
    edge.losesStaged = true;
    start();
    await edge.until(() => edge.isSynced);
    expect(edge.sessions).toHaveLength(2);
    expect(edge.finished.map(({ id }) => id)).toEqual(['m-1']);
  });

  test('ends of migrations wait in the bounded queue, not in the Inventory, whatever keeps them from being sent (U4)', async () => {
    picture.isWatched = false;
    start();
    picture.inventory.set('vmim', endedFact('a', 'm-1'));
    sender.wake();
    expect(picture.inventory.takeChanges().finished).toEqual([]);
    picture.isWatched = true;
    sender.wake();
    await edge.until(() => edge.finished.length > 0);
    expect(edge.finished.map(({ id }) => id)).toEqual(['m-1']);
  });

  test('many ends of migrations go in several batches', async () => {
    await goLive();
    clock.advance(1_000);
    for (let count = 0; count < 600; count += 1) picture.inventory.set('vmim', endedFact('a', `m-${count}`));
    sender.wake();
    for (const expected of [250, 500, 600]) {
      await edge.until(() => edge.finished.length === expected);
      if (expected < 600) await clock.untilWaiting((delayMs) => delayMs === 50);
      clock.advance(50);
    }
    expect(new Set(edge.finished.map(({ id }) => id)).size).toBe(600);
  });
});
