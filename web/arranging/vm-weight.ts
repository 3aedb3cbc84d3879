/** What VMs weigh in an order that goes by their sizes. Pure. */
import type { Vm } from '../../core/model.ts';
import type { SortKey } from './sorting.ts';

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
