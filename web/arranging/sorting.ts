/** In which order cards and VMs stand, as the address says it. Pure. */
import { joinSort, splitSort } from './sort-text.ts';
import { UNKNOWN_WEIGHT } from './vm-weight.ts';

export const SORT_KEYS = ['name', 'memory', 'cpu', 'vms'] as const;
/** `vms`: how many VMs a card has. */
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

const BY_NAME: Sort = { key: 'name', isDescending: false };

/** What is not known is the usual one: other pictures have orders of their own. */
export function parseSort(text: string): Sort {
  const { name, isDescending } = splitSort(text);
  const key = SORT_KEYS.find((known) => known === name);
  return key === undefined ? BY_NAME : { key, isDescending };
}

export const formatSort = ({ key, isDescending }: Sort): string => joinSort(key, isDescending);

/** Within a card nobody has more VMs than another. */
export const sortWithin = (sort: Sort): Sort => (sort.key === 'vms' ? BY_NAME : sort);

/** Who asks for the order by a number wants to see the largest. */
export const firstSortBy = (key: SortKey): Sort => ({ key, isDescending: key !== 'name' });

/** `names` in the order of names; of two with one weight that order stays, and what has an unknown one comes last either way. */
export function sortNames<Name>(names: readonly Name[], { key, isDescending }: Sort, weight: (name: Name) => number): readonly Name[] {
  if (key === 'name') return isDescending ? [...names].reverse() : names;
  const sign = isDescending ? -1 : 1;
  return names
    .map((name) => ({ name, weight: weight(name) }))
    .sort((a, b) => {
      const isKnown = a.weight !== UNKNOWN_WEIGHT && b.weight !== UNKNOWN_WEIGHT;
      return (isKnown ? sign : -1) * (a.weight - b.weight);
    })
    .map(({ name }) => name);
}
