/** Labels, to a room that takes them and to one that does not (SPEC U8). */
import { describe, expect, test } from 'vitest';
import { HEARTBEAT_INTERVAL_MS } from '../../core/limits.ts';
import { clock, edge, goLive, kinds, lastBatch, move, picture, sender, told, vmFact, warnings } from './uplink-sender-fixture.ts';

describe('U8: labels', () => {
  const label = (team: string): void => {
    picture.inventory.set('vm', { ...vmFact('a'), labels: { team } });
    sender.wake();
  };
  const labelsOf = (name: string): unknown => edge.vms.get(`default/${name}`)?.labels;
  /** Until the next session, of which the room answers this. */
  async function reopen(accepts: readonly string[] | undefined): Promise<void> {
    const count = edge.sessions.length;
    edge.accepts = accepts;
    clock.advance(1_000);
    edge.supersede();
    move('b', `harv-${count}`);
    clock.advance(await clock.untilWaiting((delayMs) => delayMs >= 30_000));
    await edge.until(() => edge.sessions.length === count + 1 && edge.isSynced);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
  }

  test('are told to a room that takes them; a change of one is one batch with one VM', async () => {
    label('db');
    await goLive();
    expect([labelsOf('a'), labelsOf('b')]).toEqual([{ team: 'db' }, undefined]);
    clock.advance(1_000);
    label('web');
    await edge.until(() => edge.batches.length === 3);
    const batch = lastBatch();
    expect(batch?.kind === 'changes' && [batch.hosts, batch.vms.map(({ id }) => id)]).toEqual([[], ['default/a']]);
    expect(labelsOf('a')).toEqual({ team: 'web' });
    expect(warnings()).toEqual([]);
  });

  test('a room that does not say that it takes them is told none, and agrees; that is said once, until it does', async () => {
    label('db');
    edge.accepts = undefined;
    await goLive();
    clock.advance(1_000);
    label('web');
    clock.advance(HEARTBEAT_INTERVAL_MS);
    await edge.until(() => edge.batches.length === 3);
    expect(kinds()).toEqual(['sync-part', 'sync-commit', 'heartbeat']);
    await reopen(['progress', 'label']);
    expect(JSON.stringify(edge.batches)).not.toMatch(/labels|team/);
    const isOfLabels = (line: string): boolean => line.includes('labels');
    const warning = `warn: the edge ${edge.url} is of a version without labels: the cluster harvester is sent without them\n` as const;
    expect(warnings().filter(isOfLabels)).toEqual([warning]);
    await reopen(['labels']);
    expect(labelsOf('a')).toEqual({ team: 'web' });
    expect(warnings().filter(isOfLabels)).toEqual([warning]);
    expect(told).not.toContain('drift');
  });
});
