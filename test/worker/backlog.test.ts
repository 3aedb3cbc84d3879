import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BRIDGE_FAIR_BYTES, BRIDGE_WINDOW_BYTES, BRIDGES_BUFFER_BYTES, VIEWER_READING_MS, VIEWER_STALL_MS } from '../../core/limits.ts';
import {
  bridgeWindowBytes,
  emptyBacklog,
  growBacklog,
  heldBytes,
  isBehind,
  isCutOff,
  isOverShare,
  isReading,
  selectFurthestBehind,
  shrinkBacklog,
} from '../../worker/backlog.ts';

describe('D4: a viewer’s backlog', () => {
  test('one that takes everything is never cut off', () => {
    let backlog = emptyBacklog(0);
    for (let now = 0; now < 10 * VIEWER_STALL_MS; now += VIEWER_STALL_MS - 1) {
      expect(isCutOff(backlog, now)).toBe(false);
      backlog = shrinkBacklog(growBacklog(backlog, 1_000, now), 1_000, now);
    }
  });

  test('one that takes nothing is cut off by time, and not before', () => {
    const backlog = growBacklog(emptyBacklog(0), 1_000, 0);
    expect(isCutOff(backlog, VIEWER_STALL_MS)).toBe(false);
    expect(isCutOff(backlog, VIEWER_STALL_MS + 1)).toBe(true);
  });

  test('the time counts from when something first waited, not from when there was nothing to take', () => {
    const backlog = growBacklog(emptyBacklog(0), 1_000, 10 * VIEWER_STALL_MS);
    expect(isCutOff(backlog, 11 * VIEWER_STALL_MS)).toBe(false);
    expect(isCutOff(backlog, 11 * VIEWER_STALL_MS + 1)).toBe(true);
  });

  test('one that is slow but takes something stays', () => {
    let backlog = growBacklog(emptyBacklog(0), 10_000, 0);
    for (let step = 1; step <= 9; step++) {
      backlog = shrinkBacklog(backlog, 1_000, step * VIEWER_STALL_MS);
      expect(isCutOff(backlog, (step + 1) * VIEWER_STALL_MS)).toBe(false);
    }
    expect(backlog.unread).toBe(1_000);
    expect(isCutOff(backlog, 10 * VIEWER_STALL_MS + 1)).toBe(true);
  });

  test('however much waits, one that reads is not cut off', () => {
    let backlog = emptyBacklog(0);
    for (let now = 0; now < 10 * VIEWER_STALL_MS; now += VIEWER_STALL_MS) {
      backlog = shrinkBacklog(growBacklog(backlog, 100_000_000, now), 1, now);
      expect(isCutOff(backlog, now + VIEWER_STALL_MS)).toBe(false);
    }
  });

  test('one with more than its window to take is behind', () => {
    expect(isBehind(growBacklog(emptyBacklog(0), 1_000, 0), 1_000)).toBe(false);
    expect(isBehind(growBacklog(emptyBacklog(0), 1_001, 0), 1_000)).toBe(true);
    expect(isBehind(shrinkBacklog(growBacklog(emptyBacklog(0), 1_001, 0), 1, 0), 1_000)).toBe(false);
  });

  test('one that took some lately is reading, one that has everything or is frozen is not', () => {
    const behind = growBacklog(emptyBacklog(0), 1_000, 0);
    expect(isReading(emptyBacklog(0), 0)).toBe(false);
    expect(isReading(behind, VIEWER_READING_MS)).toBe(true);
    expect(isReading(behind, VIEWER_READING_MS + 1)).toBe(false);
    expect(isReading(shrinkBacklog(behind, 500, 9_000), 9_000 + VIEWER_READING_MS)).toBe(true);
    expect(isReading(shrinkBacklog(behind, 1_000, 9_000), 9_000)).toBe(false);
  });

  test.each([
    { held: 1, unread: BRIDGES_BUFFER_BYTES, isReading: false, goes: false },
    { held: 1.1, unread: BRIDGE_FAIR_BYTES, isReading: false, goes: false },
    { held: 1.1, unread: BRIDGE_FAIR_BYTES + 1, isReading: false, goes: true },
    { held: 2, unread: BRIDGE_FAIR_BYTES + 1, isReading: true, goes: false },
    { held: 2.1, unread: BRIDGE_FAIR_BYTES + 1, isReading: true, goes: true },
    { held: 2.1, unread: BRIDGE_FAIR_BYTES, isReading: true, goes: false },
  ])('of $held times too much in a Worker, $unread unread, reads: $isReading; goes: $goes', ({ held, goes, ...viewer }) => {
    expect(isOverShare(viewer, held * BRIDGES_BUFFER_BYTES)).toBe(goes);
  });

  test.each([
    { viewers: 1, window: BRIDGE_WINDOW_BYTES.most },
    { viewers: 128, window: BRIDGE_WINDOW_BYTES.most },
    { viewers: 1_024, window: 32_768 },
    { viewers: 5_000, window: BRIDGE_WINDOW_BYTES.least },
  ])('of $viewers viewers in a Worker each has a window of $window bytes', ({ viewers, window }) => {
    expect(bridgeWindowBytes(viewers)).toBe(window);
  });
});

describe('D4: what waits for all viewers together', () => {
  const chunk = (bytes: number): Uint8Array => new Uint8Array(bytes);
  const viewer = (name: string, ...chunks: Uint8Array[]) => ({
    name,
    chunks,
    unread: chunks.reduce((sum, { byteLength }) => sum + byteLength, 0),
  });
  const names = (viewers: readonly { name: string }[]): string[] => viewers.map(({ name }) => name);

  test('what many wait for is held once', () => {
    const shared = chunk(600);
    const viewers = Array.from({ length: 100 }, (_, index) => viewer(`viewer ${index}`, shared));
    expect(heldBytes(viewers)).toBe(600);
    expect(selectFurthestBehind(viewers, 1_000)).toEqual([]);
  });

  test('those furthest behind go first, and only as many as it takes', () => {
    const viewers = [viewer('c', chunk(300)), viewer('a', chunk(100)), viewer('d', chunk(400)), viewer('b', chunk(200)), viewer('idle')];
    expect(selectFurthestBehind(viewers, 1_000)).toEqual([]);
    expect(names(selectFurthestBehind(viewers, 999))).toEqual(['d']);
    expect(names(selectFurthestBehind(viewers, 599))).toEqual(['c', 'd']);
    expect(names(selectFurthestBehind(viewers, 0))).toEqual(['a', 'b', 'c', 'd']);
  });

  test('after them no more than the limit is held, and nobody goes who is less behind than one that stays', () => {
    const pool = Array.from({ length: 12 }, (_, index) => chunk(index * 37 + 1));
    const pick = fc.array(fc.constantFrom(...pool), { maxLength: 8 }).map((chunks) => viewer('', ...chunks));
    fc.assert(
      fc.property(fc.array(pick, { maxLength: 20 }), fc.nat(3_000), (viewers, limit) => {
        const gone = new Set(selectFurthestBehind(viewers, limit));
        const stay = viewers.filter((one) => !gone.has(one));
        expect(heldBytes(stay)).toBeLessThanOrEqual(limit);
        if (heldBytes(viewers) <= limit) expect(gone.size).toBe(0);
        for (const one of gone) for (const other of stay) expect(one.unread).toBeGreaterThanOrEqual(other.unread);
      }),
      { numRuns: 300 },
    );
  });
});
