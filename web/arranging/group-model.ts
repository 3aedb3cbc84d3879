/** The groups of VMs that stand on the board instead of hosts, in their order: kept up VM by VM, each VM in exactly one. */
import { batch, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { entry } from '../../core/entry.ts';
import type { Vm, VmId } from '../../core/model.ts';
import type { PictureModel, VmChange } from '../board/picture-model.ts';
import type { ArrangementModel } from './arrangement-model.ts';
import { type CardWeights, createCardWeights } from './card-weights.ts';
import { type Grouping, groupOf } from './grouping.ts';
import { orderKeyOf } from './order-key.ts';
import { type Sort, sortNames, sortWithin } from './sorting.ts';

export interface Group {
  /** Tells it apart from the others. */
  readonly key: string;
  /** Null for the VMs that have no such label, and where there is only the one group of all. */
  readonly name: string | null;
  /** In their order. */
  readonly ids: ReadonlySignal<readonly VmId[]>;
}

export interface GroupModel {
  /** In their order; the one without a name comes last. */
  readonly groups: ReadonlySignal<readonly Group[]>;
  /** Answers how to stop. */
  start(): () => void;
}

interface OwnGroup extends Group {
  /** With what their names are ordered by, and nearly in that order, which is what the engine's sort is quick with. */
  members: Map<VmId, string>;
  readonly ids: Signal<readonly VmId[]>;
}

export function createGroups(picture: PictureModel, order: ArrangementModel, grouping: Grouping, sort: Sort): GroupModel {
  const known = new Map<string, OwnGroup>();
  const groups = signal<readonly Group[]>([]);
  const weights: CardWeights | null =
    sort.key === 'name'
      ? null
      : createCardWeights(
          sort.key,
          (vm) => keyOf(vm),
          (id) => picture.vms().get(id),
        );

  const keyOf = (vm: Vm): string => {
    const name = groupOf(vm, grouping);
    return name === null ? '' : `=${name}`;
  };
  const byKey = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

  function sortMembers(group: OwnGroup): readonly VmId[] {
    group.members = new Map([...group.members].sort(([a, keyA], [b, keyB]) => byKey(keyA, keyB) || byKey(a, b)));
    return sortNames([...group.members.keys()], sortWithin(sort), (id) => weights?.vm(id) ?? 0);
  }

  function sortGroups(): readonly Group[] {
    const all = [...known.values()];
    const named = all.filter(({ name }) => name !== null).sort((a, b) => byKey(orderKeyOf(a.key), orderKeyOf(b.key)));
    return [...sortNames(named, sort, ({ key }) => weights?.card(key) ?? 0), ...all.filter(({ name }) => name === null)];
  }

  function place(vm: Vm | undefined, sign: 1 | -1, touched: Set<OwnGroup>): void {
    if (vm === undefined) return;
    const key = keyOf(vm);
    const group = entry(known, key, () => ({ key, name: groupOf(vm, grouping), members: new Map(), ids: signal<readonly VmId[]>([]) }));
    touched.add(group);
    if (sign === 1) group.members.set(vm.id, orderKeyOf(vm.id));
    else group.members.delete(vm.id);
  }

  function take(changes: readonly VmChange[]): void {
    const touched = new Set<OwnGroup>();
    let [ofCards, ofVms] = [false, false];
    for (const { id, before, after } of changes) {
      const weighed = weights?.replace(id, before, after);
      ofCards ||= weighed?.ofCards === true;
      ofVms ||= weighed?.ofVms === true;
      if (before !== undefined && after !== undefined && keyOf(before) === keyOf(after)) continue;
      place(before, -1, touched);
      place(after, 1, touched);
    }
    arrange(ofCards, ofVms ? new Set(known.values()) : touched);
  }

  function arrange(ofCards: boolean, touched: ReadonlySet<OwnGroup>): void {
    batch(() => {
      for (const group of touched) {
        if (group.members.size === 0) known.delete(group.key);
        else group.ids.value = sortMembers(group);
      }
      const isAnyGone = [...touched].some(({ members }) => members.size === 0);
      if (ofCards || isAnyGone || known.size !== groups.peek().length) groups.value = sortGroups();
      order.tellBehind(weights?.isBehind() ?? false);
    });
  }
  return {
    groups,
    start() {
      take([...picture.vms()].map(([id, after]) => ({ id, before: undefined, after })));
      const unfollow = picture.follow(take);
      const stopHolding = effect(() => {
        const released = weights?.hold(order.isHeld.value);
        if (released?.ofCards || released?.ofVms) arrange(released.ofCards, released.ofVms ? new Set(known.values()) : new Set());
      });
      return () => {
        unfollow();
        stopHolding();
        order.tellBehind(false);
      };
    },
  };
}
