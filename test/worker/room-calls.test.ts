import { describe, expect, test } from 'vitest';
import { mapBounded, readTwice } from '../../worker/room-calls.ts';

const failure = (marks: object): Error => Object.assign(new Error('platform'), marks);

describe('readTwice', () => {
  test.each<[string, object, number]>([
    ['a reset', { retryable: true }, 2],
    ['overload', { retryable: true, overloaded: true }, 1],
    ['the room’s own exception', {}, 1],
  ])('%s', async (_name, marks, attempts) => {
    let made = 0;
    const attempt = async (): Promise<never> => {
      made += 1;
      throw failure(marks);
    };
    await expect(readTwice(attempt)).rejects.toThrow('platform');
    expect(made).toBe(attempts);
  });

  test('the second attempt counts', async () => {
    let made = 0;
    const attempt = async (): Promise<string> => {
      made += 1;
      if (made === 1) throw failure({ retryable: true });
      return 'there';
    };
    expect(await readTwice(attempt)).toBe('there');
  });
});

describe('mapBounded', () => {
  test('keeps the order and the bound', async () => {
    let underWay = 0;
    let most = 0;
    const values = await mapBounded([5, 1, 4, 2, 3], 2, async (item) => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      underWay -= 1;
      return item * 10;
    });
    expect(values).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  test('of nothing is nothing', async () => {
    expect(await mapBounded([], 2, async () => 1)).toEqual([]);
  });
});
