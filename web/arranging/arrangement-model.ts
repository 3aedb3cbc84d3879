/** The order of the host board, from the address: cards and VMs by a number, cards under their zones. */
import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { VNode } from 'preact';
import type { HostName, Vm, VmId } from '../../core/model.ts';
import { homeOf } from '../board/home.ts';
import type { PictureModel, VmChange } from '../board/picture-model.ts';
import type { PageStateModel } from '../page/page-state-model.ts';
import type { Arrangement, ClusterSession } from '../stream/cluster-session.ts';
import { type CardWeights, createCardWeights } from './card-weights.ts';
import { formatGrouping, type Grouping, groupByZone, hasHostCards, parseGrouping } from './grouping.ts';
import { orderKeyOf } from './order-key.ts';
import { formatSort, parseSort, type Sort, sortNames, sortWithin } from './sorting.ts';

/** Above the cards of a zone; null for the hosts without one. */
export type ZoneView = (zone: string | null, hosts: readonly HostName[]) => VNode;

export interface ArrangementModel {
  readonly grouping: ReadonlySignal<Grouping>;
  readonly sort: ReadonlySignal<Sort>;
  /** The order waits while somebody points at the board or has the focus there. */
  readonly isHeld: ReadonlySignal<boolean>;
  /** It is another one than was asked for, because it waits. */
  readonly isBehind: ReadonlySignal<boolean>;
  /** Another number each time cards or VMs may stand in another order. */
  readonly revision: ReadonlySignal<number>;
  hold(isHeld: boolean): void;
  /** Other parts that order VMs say that theirs waits. */
  tellBehind(isBehind: boolean): void;
  /** Answers how to stop. */
  start(heading: ZoneView): () => void;
}

export function createArrangement(
  session: Pick<ClusterSession, 'cluster' | 'arrangement'>,
  picture: PictureModel,
  page: Pick<PageStateModel, 'state'>,
): ArrangementModel {
  const { cluster } = session;
  const groupingText = computed(() => page.state.value.group);
  const sortText = computed(() => page.state.value.sort);
  const grouping = computed(() => parseGrouping(groupingText.value));
  const sort = computed(() => parseSort(sortText.value));
  const isHeld = signal(false);
  const isBehind = signal(false);
  const cardsRevision = signal(0);
  const vmsRevision = signal(0);
  let weights: CardWeights | null = null;

  /** Within a commit those that are known are as they were: whether they may change places is decided after it. */
  const vmOf = (id: VmId): Vm | undefined => picture.vms().get(id) ?? cluster.vm(id);

  /** Looked at with each change of a host, and another one only where a zone is. */
  let zones: ReadonlyMap<HostName, string | undefined> = new Map();
  const zoneMap = computed(() => {
    const next = new Map(cluster.hostNames.value.map((name) => [name, cluster.host(name)?.zone]));
    const isSame = next.size === zones.size && [...next].every(([name, zone]) => zones.has(name) && zones.get(name) === zone);
    if (!isSame) zones = next;
    return zones;
  });

  function change({ ofCards, ofVms }: { readonly ofCards: boolean; readonly ofVms: boolean }): void {
    batch(() => {
      if (ofCards) cardsRevision.value++;
      if (ofVms) vmsRevision.value++;
      isBehind.value = weights?.isBehind() ?? false;
    });
  }

  function weigh(held: CardWeights, vms: Iterable<VmChange>): void {
    let [ofCards, ofVms] = [false, false];
    for (const { id, before, after } of vms) {
      const changed = held.replace(id, before, after);
      ofCards ||= changed.ofCards;
      ofVms ||= changed.ofVms;
    }
    change({ ofCards, ofVms });
  }

  function followKey(): void {
    const { key } = sort.value;
    const isOrdered = key !== 'name' && hasHostCards(grouping.value);
    untracked(() => {
      const next = isOrdered ? createCardWeights(key, hostOf, vmOf) : null;
      weights = next;
      if (next === null) return change({ ofCards: true, ofVms: true });
      weigh(
        next,
        [...picture.vms()].map(([id, after]) => ({ id, before: undefined, after })),
      );
      next.hold(isHeld.peek());
    });
  }

  const arrange = (heading: ZoneView): Arrangement => ({
    hosts(names) {
      cardsRevision.value;
      const sorted = sortNames(names, sort.value, (name) => weights?.card(name) ?? 0);
      if (grouping.value.by !== 'zone') return sorted;
      const zoneOf = zoneMap.value;
      const compare = (a: string, b: string): number => (orderKeyOf(a) < orderKeyOf(b) ? -1 : 1);
      return groupByZone(sorted, (name) => zoneOf.get(name), compare).flatMap(({ zone, names }) => [heading(zone, names), ...names]);
    },
    vms(ids) {
      vmsRevision.value;
      const order = sortWithin(sort.value);
      return untracked(() => sortNames(ids, order, (id: VmId) => weights?.vm(id) ?? 0));
    },
    // Under those of the zones.
    get level() {
      return grouping.value.by === 'zone' ? 3 : undefined;
    },
  });

  return {
    grouping,
    sort,
    isHeld,
    isBehind,
    revision: computed(() => cardsRevision.value + vmsRevision.value),
    hold(next) {
      isHeld.value = next;
      if (weights !== null) change(weights.hold(next));
    },
    tellBehind: (next) => {
      isBehind.value = next;
    },
    start(heading) {
      const arrangement = arrange(heading);
      const unfollow = picture.follow((changes) => {
        if (weights !== null) weigh(weights, changes);
      });
      const stopWeighing = effect(followKey);
      const stopArranging = effect(() => {
        const isUsual = formatSort(sort.value) === '' && formatGrouping(grouping.value) === '';
        session.arrangement.value = isUsual ? null : arrangement;
      });
      return () => {
        unfollow();
        stopWeighing();
        stopArranging();
        session.arrangement.value = null;
      };
    },
  };
}

const hostOf = (vm: Vm): HostName | null => homeOf(vm).host;
