import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, test } from 'vitest';
import { VIEWERS_BUFFER_BYTES } from '../../core/limits.ts';
import { DirectViewers } from '../../worker/direct-viewers.ts';
import { freshName, roomOf } from './support.ts';

const MEBIBYTE = 1_048_576;

/** Viewers of an object of their own, whose responses nobody reads. */
const inObject = (check: (viewers: DirectViewers) => Promise<void> | void): Promise<void> =>
  runInDurableObject(roomOf(freshName()), async (_room, ctx) => {
    const pulse = () => ({ cursor: null, now: 0, lastHeard: null });
    const viewers = new DirectViewers({ ctx, now: Date.now, random: () => 0.5, pulse, isLagging: () => false, catchUp: () => [] });
    await check(viewers);
    viewers.endAll();
  });

describe('D4: what an object holds for those that do not read', () => {
  test('an opening that many share is held once, however many they are', () =>
    inObject((viewers) => {
      const shared = new Uint8Array(6 * MEBIBYTE);
      for (let count = 0; count < 300; count++) viewers.attach([shared], '');
      expect([viewers.count, viewers.heldBytes, viewers.cutOff]).toEqual([300, shared.byteLength, 0]);
    }));

  test('openings of their own are bounded together: those furthest behind are cut off', () =>
    inObject((viewers) => {
      viewers.attach([new Uint8Array(1_000)], '');
      for (let count = 0; count < 40; count++) viewers.attach([new Uint8Array(MEBIBYTE)], '');
      expect(viewers.heldBytes).toBeLessThanOrEqual(VIEWERS_BUFFER_BYTES);
      expect(viewers.cutOff).toBe(40 - VIEWERS_BUFFER_BYTES / MEBIBYTE + 1);
      expect(viewers.count).toBe(VIEWERS_BUFFER_BYTES / MEBIBYTE);
    }));

  test('frames are bounded together too', () =>
    inObject(async (viewers) => {
      const frames = new Map<object, Uint8Array>();
      for (let count = 0; count < 36; count++) frames.set(viewers.attach([], '').viewer, new Uint8Array(MEBIBYTE - 1));
      viewers.send(({ viewer }) => [frames.get(viewer) ?? new Uint8Array()]);
      await expect.poll(() => viewers.cutOff).toBe(4);
      expect(viewers.heldBytes).toBeLessThanOrEqual(VIEWERS_BUFFER_BYTES);
    }));
});

describe('D4: a crowd is busy', () => {
  test('while most of it still reads', () =>
    inObject((viewers) => {
      expect(viewers.isBusy).toBe(false);
      viewers.attach([], '');
      viewers.attach([new Uint8Array(10)], '');
      expect(viewers.isBusy).toBe(false);
      viewers.attach([new Uint8Array(10)], '');
      expect(viewers.isBusy).toBe(true);
    }));
});
