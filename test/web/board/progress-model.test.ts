import { expect, test } from 'vitest';
import { PROGRESS_STALE_AFTER_MS } from '../../../core/progress.ts';
import { readProgress, selectProgress } from '../../../web/board/progress-model.ts';

const progress = (migration: string, percent: number) => ({ vm: 'a/b', migration, percent });

test('U9: the newest of each migration, until nothing newer has followed for 15 s', () => {
  readProgress({ now: 1_000, progress: [progress('m-1', 10), progress('m-2', 20)] });
  readProgress({ now: 6_000, progress: [progress('m-1', 30)] });
  expect(selectProgress('m-1', 6_000)?.percent).toBe(30);
  expect(selectProgress('m-2', 1_000 + PROGRESS_STALE_AFTER_MS)?.percent).toBe(20);
  expect(selectProgress('m-2', 1_001 + PROGRESS_STALE_AFTER_MS)).toBeUndefined();
  expect(selectProgress('m-1', 1_001 + PROGRESS_STALE_AFTER_MS)?.percent).toBe(30);
  expect(selectProgress('m-3', 6_000)).toBeUndefined();
  expect(selectProgress(null, 6_000)).toBeUndefined();
  expect(PROGRESS_STALE_AFTER_MS).toBe(15_000);
});

test('while the room’s time is not known, nothing can be called fresh', () => {
  readProgress({ now: 7_000, progress: [progress('m-4', 10)] });
  expect(selectProgress('m-4', 7_000)?.percent).toBe(10);
  expect(selectProgress('m-4', null)).toBeUndefined();
});

test('what was held up on the way is old when it comes', () => {
  readProgress({ now: 50_000, progress: [progress('m-6', 10)] });
  expect(selectProgress('m-6', 65_001)).toBeUndefined();
});

test('what is old is forgotten, and takes no room', () => {
  readProgress({ now: 100_000, progress: [progress('m-5', 10)] });
  readProgress({ now: 200_000, progress: [] });
  expect(selectProgress('m-5', 100_000)).toBeUndefined();
});
