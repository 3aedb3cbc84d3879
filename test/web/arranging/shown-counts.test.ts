import { effect, signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { createShownCounts } from '../../../web/arranging/shown-counts.ts';

it('counts what is shown of each list, and says so anew only where it is another number', () => {
  const lists = signal([['a', 'b'], ['c'], []]);
  const isHiding = signal(false);
  const revision = signal(0);
  const hidden = new Set(['b']);
  const shown = createShownCounts(lists, { isHiding, revision, matches: (id) => !hidden.has(id) });
  const told: unknown[] = [];
  const stop = effect(() => void told.push(shown.value));
  expect(told).toEqual([[2, 1, 0]]);

  isHiding.value = true;
  expect(told.splice(0)).toEqual([
    [2, 1, 0],
    [1, 1, 0],
  ]);
  // Other VMs match, here as many.
  hidden.add('of another card');
  revision.value++;
  hidden.delete('b');
  hidden.add('a');
  revision.value++;
  expect(told).toEqual([]);
  hidden.add('b');
  revision.value++;
  lists.value = [['a', 'b'], [], ['c']];
  isHiding.value = false;
  expect(told).toEqual([
    [0, 1, 0],
    [0, 0, 1],
    [2, 0, 1],
  ]);
  stop();
});
