import { expect, it } from 'vitest';
import { type Folding, selectFolding } from '../../../web/arranging/folding.ts';

it.each<[settled: number, moving: number, isHiding: boolean, isFolded: boolean, folding: Folding]>([
  [3, 0, false, false, null],
  [0, 0, false, false, null],
  [0, 0, true, false, 'head'],
  [1, 0, true, false, null],
  [0, 1, true, false, null],
  [3, 0, false, true, 'head'],
  [3, 1, false, true, 'list'],
  [0, 0, true, true, 'head'],
])(
  'a card with %i here and %i on the way, where hiding is %s and folding %s, shows less: %s',
  (settled, moving, isHiding, isFolded, folding) => {
    expect(selectFolding({ settled, moving, isHiding, isFolded })).toBe(folding);
  },
);
