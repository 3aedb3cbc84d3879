/** Heartbeats tell the truth: none of what is not known to be so. */
import { describe, expect, test, vi } from 'vitest';
import { HEARTBEAT_INTERVAL_MS } from '../../core/limits.ts';
import { ABANDON_AFTER_MS } from '../../forwarder/uplink-state.ts';
import { clock, edge, goLive, hostOf, kinds, move, picture, postCount, sender, start } from './uplink-sender-fixture.ts';

describe('heartbeats tell the truth', () => {
  test('one each 10 s of quiet, after the API server has answered', async () => {
    await goLive();
    for (const count of [1, 2]) {
      await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
      clock.advance(HEARTBEAT_INTERVAL_MS);
      await edge.until(() => kinds().filter((kind) => kind === 'heartbeat').length === count);
      expect(picture.probeCount).toBe(count);
    }
  });

  test('none while the API server does not answer; a change is sent all the same', async () => {
    await goLive();
    picture.answers = false;
    clock.advance(HEARTBEAT_INTERVAL_MS);
    await clock.untilWaiting((delayMs) => delayMs === 2_000);
    expect(kinds(2)).toEqual([]);
    move('a', 'harv-2');
    await edge.until(() => hostOf('a') === 'harv-2');
    expect(kinds(2)).toEqual(['changes']);
  });

  test('nothing at all while the cluster is not watched: no session, no change, no heartbeat, no retry', async () => {
    picture.isWatched = false;
    start();
    sender.wake();
    expect([postCount, picture.uidCount, clock.pendingMs]).toEqual([0, 0, []]);
    picture.isWatched = true;
    sender.wake();
    await edge.until(() => edge.isSynced);
    await clock.untilWaiting((delayMs) => delayMs === HEARTBEAT_INTERVAL_MS);
    clock.advance(1_000);
    edge.failNext('cut');
    move('a', 'harv-2');
    await clock.untilWaiting((delayMs) => delayMs === 125);
    picture.isWatched = false;
    const before = postCount;
    clock.advance(HEARTBEAT_INTERVAL_MS * 2);
    sender.wake();
    expect([postCount, clock.pendingMs]).toEqual([before, []]);
    picture.isWatched = true;
    sender.wake();
    await edge.until(() => edge.repeated.length === 1);
  });

  test('a sync that was held up for longer than what counts as live is made anew: what is committed is the present', async () => {
    const { readClusterUid } = picture;
    picture.readClusterUid = () => {
      picture.isWatched = false;
      return readClusterUid.call(picture);
    };
    start();
    await vi.waitFor(() => expect(sender.status.phase).toBe('syncing'));
    picture.readClusterUid = readClusterUid;
    clock.advance(ABANDON_AFTER_MS + 1);
    move('a', 'harv-2');
    expect(edge.batches).toEqual([]);
    picture.isWatched = true;
    sender.wake();
    await edge.until(() => edge.isSynced);
    expect(edge.sessions).toHaveLength(2);
    expect(kinds()).toEqual(['sync-part', 'sync-commit']);
    expect(hostOf('a')).toBe('harv-2');
  });
});
