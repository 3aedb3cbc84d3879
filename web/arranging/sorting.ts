/** In which order cards and VMs stand, as the address says it. Pure. */
import type { Vm } from '../../core/model.ts';

export const SORT_KEYS = ['name', 'memory', 'cpu', 'vms'] as const;
/** `vms`: how many VMs a card has. */
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

export const BY_NAME: Sort = { key: 'name', isDescending: false };

/** How an order stands in the address: a minus in front for the other way round, and nothing for the usual one, by name. */
export function splitSort(text: string): { readonly name: string; readonly isDescending: boolean } {
  const isDescending = text.startsWith('-');
  return { name: isDescending ? text.slice(1) : text, isDescending };
}
export const joinSort = (name: string, isDescending: boolean): string =>
  name === 'name' && !isDescending ? '' : `${isDescending ? '-' : ''}${name}`;

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

/** The weight of what is not known. */
export const UNKNOWN_WEIGHT = -1;

/** What a VM weighs in an order that is not that of the names. */
export const weightOf = ({ memory, cpu }: Pick<Vm, 'memory' | 'cpu'>, key: SortKey): number =>
  (key === 'memory' ? memory : key === 'cpu' ? cpu : undefined) ?? UNKNOWN_WEIGHT;

/** What a VM adds to the weight of its card. */
export const shareOf = (vm: Pick<Vm, 'memory' | 'cpu'>, key: SortKey): number => (key === 'vms' ? 1 : Math.max(0, weightOf(vm, key)));

/** What VMs weigh together. `isPartial`: of some of them it is not known; `isUnknown`: of none of those there are it is. */
export function sumWeights(weights: readonly number[]): { readonly sum: number; readonly isPartial: boolean; readonly isUnknown: boolean } {
  const known = weights.filter((weight) => weight !== UNKNOWN_WEIGHT);
  return {
    sum: known.reduce((sum, weight) => sum + weight, 0),
    isPartial: known.length < weights.length,
    isUnknown: known.length === 0 && weights.length > 0,
  };
}

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

/** A text that plain comparison puts into the order of names, host-2 before host-10: a collator is too slow for ten thousand at once. */
export const orderKeyOf = (name: string): string => name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(16, '0'));
