import { expect, test } from 'vitest';
import type { FinishedMigration } from '../../core/model.ts';
import { FinishedQueue } from '../../forwarder/finished-queue.ts';

const finished = (id: string): FinishedMigration => ({
  id,
  vm: 'n/v',
  outcome: 'failed',
  cause: 'user',
  from: null,
  to: null,
  createdAt: null,
});
const ids = (queue: FinishedQueue, maxCount?: number): string[] => queue.oldest(maxCount).map(({ id }) => id);

test('they stay, oldest first, until they are acknowledged', () => {
  const queue = new FinishedQueue();
  queue.add([finished('a'), finished('b')]);
  queue.add([finished('c')]);
  expect(ids(queue, 2)).toEqual(['a', 'b']);
  queue.acknowledge(queue.oldest(2));
  expect(ids(queue)).toEqual(['c']);
});

test('one whose end was corrected after it was sent is sent again', () => {
  const queue = new FinishedQueue();
  queue.add([finished('a')]);
  const sent = queue.oldest();
  queue.add([{ ...finished('a'), outcome: 'aborted' }]);
  queue.acknowledge(sent);
  expect(queue.oldest().map(({ outcome }) => outcome)).toEqual(['aborted']);
});

test('bounded: beyond it the oldest are given up, and counted', () => {
  const queue = new FinishedQueue(2);
  queue.add(['a', 'b', 'c', 'd'].map(finished));
  expect(ids(queue)).toEqual(['c', 'd']);
  expect(queue.droppedCount).toBe(2);
});
