/** When a session ends, and what follows: a new one, a wait, or none any more. */
import { describe, expect, test } from 'vitest';
import { HEARTBEAT_INTERVAL_MS } from '../../core/limits.ts';
import {
  clock,
  done,
  edge,
  goLive,
  hostOf,
  kinds,
  move,
  picture,
  sender,
  start,
  vmFact,
  vmiFact,
  warnings,
} from './uplink-sender-fixture.ts';

describe('the session', () => {
  test('a change too large for one batch is told as a new sync, in parts', async () => {
    await goLive();
    clock.advance(1_000);
    picture.inventory.replace(
      'vm',
      Array.from({ length: 8_000 }, (_, index) => vmFact(`mass-${index}`)),
    );
    sender.wake();
    await edge.until(() => edge.vms.size === 8_002);
    expect(edge.sessions).toHaveLength(2);
    expect(kinds(2).filter((kind) => kind === 'sync-part').length).toBeGreaterThan(1);
    expect(edge.refused).toEqual([]);
  });

  test('where bodies must be small, a change that is larger is told as a sync at once, not refused each time', async () => {
    await goLive();
    for (const [turn, host] of ['harv-2', 'harv-3'].entries()) {
      clock.advance(1_000);
      if (turn === 0) edge.failNext({ status: 413, code: 'too-large' });
      picture.inventory.replace(
        'vmi',
        Array.from({ length: 4_000 }, (_, index) => vmiFact(`mass-${index}`, host)),
      );
      sender.wake();
      await edge.until(() => edge.vms.get('default/mass-3999')?.host === host);
      await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    }
    expect(edge.refused).toEqual(['too-large']);
    for (const batch of edge.batches) expect(JSON.stringify(batch).length).toBeLessThan(460_000);
  });

  test('superseded: it waits, then takes over', async () => {
    await goLive();
    clock.advance(1_000);
    edge.supersede();
    move('a', 'harv-2');
    const wait = await clock.untilWaiting((delayMs) => delayMs >= 30_000);
    expect(warnings()).toEqual([
      'warn: another forwarder has taken over the cluster harvester: run only one for each, or replicas that share a --lease; this one waits\n',
    ]);
    clock.advance(wait);
    await edge.until(() => edge.isSynced);
    expect(hostOf('a')).toBe('harv-2');
  });

  test('the edge has lost everything: everything is sent again', async () => {
    await goLive();
    clock.advance(1_000);
    edge.forget();
    move('a', 'harv-2');
    await edge.until(() => edge.isSynced);
    expect(edge.vms.size).toBe(2);
    expect(edge.refused).toEqual(['gap']);
  });

  test('drift: one new sync at once, and not a storm of them', async () => {
    await goLive();
    clock.advance(1_000);
    edge.claimsDrift = true;
    move('a', 'harv-2');
    await edge.until(() => edge.sessions.length === 2 && edge.isSynced);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    clock.advance(1_000);
    const before = edge.batches.length;
    move('a', 'harv-1');
    await edge.until(() => edge.batches.length > before);
    expect(await clock.untilWaiting((delayMs) => delayMs > 1_000 && delayMs < HEARTBEAT_INTERVAL_MS)).toBeGreaterThan(4_000);
    expect(edge.sessions).toHaveLength(2);
  });

  test('another cluster: it gives up, and says what to do', async () => {
    edge.pinCluster('uid-of-another');
    start();
    expect(await done).toMatch(
      /^the name harvester belongs to another Kubernetes cluster .*; register this cluster under a name of its own$/,
    );
    expect(edge.batches).toEqual([]);
  });

  test('too old a protocol: it gives up, with the way to upgrade', async () => {
    edge.failNext({ status: 426, code: 'protocol', detail: 'kubectl apply -f the new one' });
    start();
    expect(await done).toContain('kubectl apply -f the new one');
  });
});
