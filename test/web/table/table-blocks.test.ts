import { describe, expect, it } from 'vitest';
import {
  BLOCK_ROWS_COUNT,
  countBlocks,
  fillNext,
  isBlockDrawn,
  rowForKey,
  rowsOfBlock,
  WHOLE_ROWS_COUNT,
} from '../../../web/table/table-blocks.ts';

describe('blocks of rows', () => {
  it('are all rows, each in one block', () => {
    for (const rows of [0, 1, BLOCK_ROWS_COUNT, BLOCK_ROWS_COUNT + 1, 1_000]) {
      const ids = Array.from({ length: rows }, (_, index) => index);
      const blocks = Array.from({ length: countBlocks(rows) }, (_, index) => rowsOfBlock(ids, index));
      expect(blocks.flat()).toEqual(ids);
      expect(blocks.every((block) => block.length > 0)).toBe(true);
    }
  });

  it.each<[string, Partial<Parameters<typeof isBlockDrawn>[0]>, boolean]>([
    ['far away', {}, false],
    ['near the window', { isNear: true }, true],
    ['with the row that the keyboard is at', { hasFocusRow: true }, true],
    ['on paper', { isPrinted: true }, true],
    ['of a short table, in its turn', { filled: 4 }, true],
    ['of a short table, before its turn', { filled: 3 }, false],
  ])('%s', (_, facts, isDrawn) => {
    expect(isBlockDrawn({ index: 3, isNear: false, hasFocusRow: false, isPrinted: false, filled: 0, ...facts })).toBe(isDrawn);
  });

  it('of a short table come one after the other until all are there', () => {
    let filled = 0;
    for (let turn = 0; turn < 100; turn++) filled = fillNext(filled, WHOLE_ROWS_COUNT);
    expect(fillNext(0, WHOLE_ROWS_COUNT)).toBe(1);
    expect(filled).toBe(countBlocks(WHOLE_ROWS_COUNT));
  });

  it('of a long one stay away, also where it has become long', () => {
    expect(fillNext(countBlocks(WHOLE_ROWS_COUNT), WHOLE_ROWS_COUNT + 1)).toBe(0);
  });
});

describe('a key', () => {
  it.each<[string, number, number | null]>([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 3, 2],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 13],
    ['PageUp', 3, 0],
    ['Home', 50, 0],
    ['End', 50, 99],
    ['ArrowLeft', 3, null],
    ['a', 3, null],
    ['toString', 3, null],
  ])('%s at row %i goes to %s', (key, at, to) => {
    expect(rowForKey(key, at, 100)).toBe(to);
  });
});
