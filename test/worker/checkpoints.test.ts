import { describe, expect, test } from 'vitest';
import { type CheckpointMeta, cutParts, isCheckpointDue, joinParts, keptFrom, logSettings } from '../../worker/checkpoints.ts';
import type { SegmentMeta } from '../../worker/room-log.ts';

const DAY_MS = 24 * 3_600_000;
const settings = { ...logSettings(), largestFrameBytes: 1_000, checkpointFloorBytes: 500 };

describe('S1: when the state is written down', () => {
  const at = 100 * DAY_MS;
  test.each<[string, { at: number; bytes: number } | null, number, number, number, boolean]>([
    ['never yet', null, 0, 10, at, true],
    ['the frames have just not outgrown a large one', { at, bytes: 800 }, 790, 10, at, false],
    ['they have', { at, bytes: 800 }, 791, 10, at, true],
    ['nor the floor, however small the state', { at, bytes: 1 }, 490, 10, at, false],
    ['they have the floor', { at, bytes: 1 }, 491, 10, at, true],
    ['a frame that is kept', { at, bytes: 9_000 }, 0, 1_000, at, false],
    ['a frame that is not', { at, bytes: 9_000 }, 0, 1_001, at, true],
    ['the last is a day old', { at, bytes: 800 }, 0, 10, at + DAY_MS, false],
    ['and a moment', { at, bytes: 800 }, 0, 10, at + DAY_MS + 1, true],
  ])('%s', (_name, checkpoint, bytesSince, frameBytes, now, expected) => {
    expect(isCheckpointDue({ checkpoint, bytesSince }, frameBytes, now, settings)).toBe(expected);
  });
});

describe('S1: its parts', () => {
  test.each([0, 1, 9, 10, 11, 20, 21])('%i bytes, cut in the middle of a character too', (length) => {
    const bytes = new TextEncoder().encode('aé€'.repeat(9)).slice(0, Math.floor(length / 6) * 6);
    const parts = cutParts(bytes, 10);
    expect(parts.length).toBe(Math.max(1, Math.ceil(bytes.length / 10)));
    for (const part of parts) expect(part.byteLength).toBeLessThanOrEqual(10);
    expect(joinParts(parts.map((part) => part.slice().buffer))).toBe(new TextDecoder().decode(bytes));
  });
});

describe('S2: what is kept', () => {
  const NOW = 100;
  const RETENTION = { ageMs: 30, bytes: 1_000 };
  const segment = (first: number, last: number, lastAt: number, bytes = 10, hole = false): SegmentMeta => ({
    first,
    last,
    lastAt,
    bytes,
    hole,
  });
  const checkpoint = (revision: number, at: number, bytes = 10): CheckpointMeta => ({ revision, at, bytes });
  const days = [segment(1, 4, 20), segment(5, 8, 60), segment(9, 9, 80), segment(10, 12, 95)];

  test.each<[string, SegmentMeta[], CheckpointMeta[], number]>([
    ['all of it is young', days, [checkpoint(1, 71), checkpoint(5, 75)], 1],
    [
      'the newest checkpoint from before the retention is what it begins with',
      days,
      [checkpoint(1, 10), checkpoint(5, 30), checkpoint(10, 90)],
      5,
    ],
    ['one exactly as old as that', days, [checkpoint(1, 10), checkpoint(5, 70), checkpoint(10, 90)], 5],
    ['a quiet cluster keeps its last, however old', [segment(1, 4, 20)], [checkpoint(1, 10)], 1],
    ['too large: it begins with a later checkpoint', days, [checkpoint(1, 71), checkpoint(5, 75, 970), checkpoint(10, 90)], 10],
    ['just not too large', days, [checkpoint(1, 71), checkpoint(5, 75, 940), checkpoint(10, 90)], 1],
    ['the newest stays, even where it is too large', days, [checkpoint(1, 71), checkpoint(10, 90, 5_000)], 10],
    ['the bytes of a hole are not there', [segment(1, 1, 71, 5_000, true), segment(2, 3, 95)], [checkpoint(1, 71)], 1],
    ['an older version’s segments go by their own age', days, [checkpoint(10, 90)], 9],
    ['and by size', [segment(1, 4, 80, 900), segment(5, 9, 85, 900), segment(10, 12, 95)], [checkpoint(10, 90)], 5],
    ['and all of them, once the past is kept whole', days, [checkpoint(9, 65), checkpoint(10, 90)], 9],
  ])('%s', (_name, segments, checkpoints, expected) => {
    expect(keptFrom(segments, checkpoints, NOW, RETENTION)).toBe(expected);
  });
});
