/** The weights of a board's cards, kept up VM by VM, and of the VMs in them. Pure but for its own maps. */
import type { Vm, VmId } from '../../core/model.ts';
import type { SortKey } from './sorting.ts';
import { shareOf, weightOf } from './vm-weight.ts';
import { createHeldWeights } from './weights.ts';

/** Which order may be another one now; lists in which a VM has come or gone are ordered anew anyway. */
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

/** `cardOf`: null where a VM is on no card that is ordered; `read`: the VM as it is painted. */
export function createCardWeights(key: SortKey, cardOf: (vm: Vm) => string | null, read: (id: VmId) => Vm | undefined): CardWeights {
  const cards = createHeldWeights();
  const vms = createHeldWeights();
  const sums = new Map<string, number>();
  const sumOf = (card: string): number => sums.get(card) ?? 0;

  function add(vm: Vm | undefined, sign: 1 | -1, before: Map<string, number>): void {
    const card = vm === undefined ? null : cardOf(vm);
    if (vm === undefined || card === null) return;
    if (!before.has(card)) before.set(card, sumOf(card));
    const sum = sumOf(card) + sign * shareOf(vm, key);
    if (sum === 0) sums.delete(card);
    else sums.set(card, sum);
  }

  function replaceVm(id: VmId, before: Vm | undefined, after: Vm | undefined): boolean {
    if (before !== undefined && after !== undefined) return vms.change(id, weightOf(before, key), weightOf(after, key));
    vms.forget(id);
    return false;
  }

  return {
    card: (name) => cards.of(name, sumOf(name)),
    vm: (id) => vms.of(id, weightOf(read(id) ?? {}, key)),
    replace(id, before, after) {
      const sumsBefore = new Map<string, number>();
      add(before, -1, sumsBefore);
      add(after, 1, sumsBefore);
      const changes = [...sumsBefore].map(([card, sum]) => cards.change(card, sum, sumOf(card)));
      return { ofCards: changes.includes(true), ofVms: replaceVm(id, before, after) };
    },
    hold: (isHeld) => ({ ofCards: cards.hold(isHeld), ofVms: vms.hold(isHeld) }),
    isBehind: () => cards.isBehind() || vms.isBehind(),
  };
}
