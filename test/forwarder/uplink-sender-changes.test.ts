/** What of the cluster is sent, in which order, and what is left out (SPEC U1–U5). */
import { describe, expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../core/protocol-version.ts';
import {
  clock,
  edge,
  goLive,
  hostFact,
  hostOf,
  isShort,
  kinds,
  lastBatch,
  move,
  picture,
  sender,
  start,
  vmFact,
  vmiFact,
} from './uplink-sender-fixture.ts';

describe('the plain way', () => {
  test('a session names protocol, cluster and version; the sync is parts and a commit, numbered from 1', async () => {
    await goLive();
    expect(edge.sessions).toEqual([{ protocol: PROTOCOL_VERSION, clusterUid: 'uid-of-kube-system', forwarder: '1.2.3' }]);
    expect(edge.batches.map(({ kind, number }) => [kind, number])).toEqual([
      ['sync-part', 1],
      ['sync-commit', 2],
    ]);
    expect([hostOf('a'), hostOf('b')]).toEqual(['harv-1', 'harv-2']);
    expect(edge.hosts.size).toBe(2);
  });

  test('a change leaves at once; what changes within 50 ms is merged into the next, newest value only', async () => {
    await goLive();
    clock.advance(1_000);
    move('a', 'harv-2');
    await edge.until(() => hostOf('a') === 'harv-2');
    const count = edge.batches.length;
    move('b', 'harv-1');
    move('a', 'harv-1');
    move('a', 'harv-3');
    await clock.untilWaiting((delayMs) => delayMs === 50);
    expect(edge.batches).toHaveLength(count);
    clock.advance(50);
    await edge.until(() => hostOf('a') === 'harv-3');
    expect(edge.batches).toHaveLength(count + 1);
    const batch = lastBatch();
    expect(batch?.kind === 'changes' && batch.vms.map(({ id }) => id).sort()).toEqual(['default/a', 'default/b']);
  });

  test('a wake for nothing sends nothing', async () => {
    await goLive();
    clock.advance(1_000);
    sender.wake();
    picture.inventory.set('vmi', vmiFact('a', 'harv-1'));
    sender.wake();
    move('b', 'harv-1');
    await edge.until(() => hostOf('b') === 'harv-1');
    expect(kinds()).toEqual(['sync-part', 'sync-commit', 'changes']);
  });

  test('what is gone is told as gone', async () => {
    await goLive();
    clock.advance(1_000);
    picture.inventory.remove('vmi', vmiFact('a', 'harv-1'));
    picture.inventory.remove('vm', vmFact('a'));
    picture.inventory.remove('host', hostFact('harv-1'));
    sender.wake();
    await edge.until(() => !edge.vms.has('default/a'));
    expect([...edge.hosts.keys()]).toEqual(['harv-2']);
  });

  test('what changes during a sync waits, and follows it', async () => {
    edge.failNext('drop', { status: 503 });
    start();
    await clock.untilWaiting(isShort);
    clock.advance(10_000);
    await clock.untilWaiting(isShort);
    picture.inventory.set('vmi', vmiFact('a', 'harv-2'));
    clock.advance(10_000);
    await edge.until(() => edge.isSynced);
    expect(hostOf('a')).toBe('harv-2');
    expect(edge.refused).toEqual(['503']);
  });
});
