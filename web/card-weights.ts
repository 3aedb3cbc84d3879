/** The weights of a board's cards, and of the VMs in them: kept up VM by VM. Pure but for its own maps. */
import type { Vm, VmId } from '../core/model.ts';
import { type SortKey, shareOf, UNKNOWN_WEIGHT, weightOf } from './sorting.ts';
import { createWeights } from './weights.ts';

/** Which order may be another one now. */
export interface OrderChange {
  readonly ofCards: boolean;
  readonly ofVms: boolean;
}

export interface CardWeights {
  card(name: string): number;
  vm(id: VmId): number;
  replace(id: VmId, before: Vm | undefined, after: Vm | undefined): OrderChange;
  /** While somebody points at the board. */
  hold(isHeld: boolean): OrderChange;
  /** The order is held, and would be another one. */
  isBehind(): boolean;
}

/** `cardOf`: null where a VM is on no card that is ordered. */
export function createCardWeights(key: SortKey, cardOf: (vm: Vm) => string | null): CardWeights {
  const cards = createWeights(0);
  const vms = createWeights(UNKNOWN_WEIGHT);
  const sums = new Map<string, number>();

  function add(vm: Vm | undefined, sign: 1 | -1, touched: Set<string>): void {
    const card = vm === undefined ? null : cardOf(vm);
    if (vm === undefined || card === null) return;
    const sum = (sums.get(card) ?? 0) + sign * shareOf(vm, key);
    if (sum === 0) sums.delete(card);
    else sums.set(card, sum);
    touched.add(card);
  }

  return {
    card: cards.of,
    vm: vms.of,
    replace(id, before, after) {
      const touched = new Set<string>();
      add(before, -1, touched);
      add(after, 1, touched);
      const changes = [...touched].map((card) => cards.set(card, sums.get(card) ?? 0));
      return { ofCards: changes.includes(true), ofVms: vms.set(id, after === undefined ? UNKNOWN_WEIGHT : weightOf(after, key)) };
    },
    hold: (isHeld) => ({ ofCards: cards.hold(isHeld), ofVms: vms.hold(isHeld) }),
    isBehind: () => cards.isBehind() || vms.isBehind(),
  };
}
