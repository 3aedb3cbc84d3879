/** How many VMs a card shows of each of its lists, where a search hides the rest. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { isEqualJson } from '../../core/equal.ts';
import type { VmId } from '../../core/model.ts';
import type { FilterModel } from '../search/filter-model.ts';

/**
 * The same array for as long as they are as many: each commit in which other VMs match comes here for each of a thousand cards, and what most
 * of them say of it is what they said before.
 */
export function createShownCounts(
  lists: ReadonlySignal<readonly (readonly VmId[])[]>,
  { isHiding, revision, matches }: Pick<FilterModel, 'isHiding' | 'revision' | 'matches'>,
): ReadonlySignal<readonly number[]> {
  let known: readonly number[] = [];
  function count(): readonly number[] {
    if (!isHiding.value) return lists.value.map((ids) => ids.length);
    revision.value;
    return lists.value.map((ids) => ids.filter(matches).length);
  }
  return computed(() => {
    const counts = count();
    if (!isEqualJson(known, counts)) known = counts;
    return known;
  });
}
