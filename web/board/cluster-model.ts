/** The painted picture of one cluster: signals, changed only by {@link ClusterModel.paint}, which is one commit. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { entry } from '../../core/entry.ts';
import { isEqualJson } from '../../core/equal.ts';
import type { Host, HostName, Vm, VmId } from '../../core/model.ts';
import { isHostUp } from '../../core/summary.ts';
import type { Changes } from '../rendering/frame.ts';
import { type Board, type Counts, emptyBoard, HOST_LANES, type Lane, replaceVm, selectHostNames, selectIds } from './board.ts';

export interface HeaderCounts extends Counts {
  readonly hosts: number;
  readonly hostsUp: number;
}

export interface ClusterModel {
  /** The cursor that is painted; null before the first sync. */
  readonly cursor: ReadonlySignal<string | null>;
  /** False until the first snapshot was painted: before it nothing is known, not even that there is nothing. */
  readonly hasPicture: ReadonlySignal<boolean>;
  readonly hostNames: ReadonlySignal<readonly HostName[]>;
  readonly counts: ReadonlySignal<HeaderCounts>;
  /** Those that are told of each change of a VM, within the commit: without a signal's bookkeeping, for ten thousand of them. */
  readonly chips: Map<VmId, VmView>;
  /** Undefined where no Node of that name is known. */
  host(name: HostName): Host | undefined;
  vm(id: VmId): Vm | undefined;
  lane(lane: Lane, host: HostName | null): ReadonlySignal<readonly VmId[]>;
  /** How many VMs a host has: those in its list, and those that are leaving it. */
  countAt(host: HostName): number;
  paint(changes: Changes): void;
}

export interface VmView {
  show(vm: Vm): void;
}

const NO_IDS: readonly VmId[] = [];
const NO_COUNTS: HeaderCounts = { ...emptyBoard().counts, hosts: 0, hostsUp: 0 };

export function createClusterModel(): ClusterModel {
  const board: Board = emptyBoard();
  const cursor = signal<string | null>(null);
  const hasPicture = signal(false);
  const commits = signal(0);
  const hostNames = signal<readonly HostName[]>([]);
  const counts = signal(NO_COUNTS);
  const hosts = new Map<HostName, Signal<Host | undefined>>();
  const vms = new Map<VmId, Signal<Vm | undefined>>();
  const chips = new Map<VmId, VmView>();
  /** Their chips are to be told. Of a commit that fails, those that were not are told with the next one, which finds them unchanged. */
  const unshown = new Set<VmId>();
  const lanes = new Map<HostName | null, Map<Lane, Signal<readonly VmId[]>>>();
  /** Those that have a card, and null. */
  let shown: ReadonlySet<HostName | null> = new Set([null]);

  const laneSignal = (lane: Lane, host: HostName | null): Signal<readonly VmId[]> =>
    entry(
      entry(lanes, host, () => new Map()),
      lane,
      () => signal<readonly VmId[]>(NO_IDS),
    );

  /** What is not known has no signal: whoever asks for it looks again with the next commit, and the maps stay as small as the cluster. */
  function read<Entity>(known: Map<string, Signal<Entity | undefined>>, key: string): Entity | undefined {
    const painted = known.get(key);
    if (painted === undefined) commits.value;
    return painted?.value;
  }

  /** Calls `note` for each that is not as it was. */
  function write<Entity>(
    { isReplaced }: Changes,
    named: ReadonlySet<string>,
    known: Map<string, Signal<Entity | undefined>>,
    next: ReadonlyMap<string, Entity>,
    note: (key: string, before: Entity | undefined, after: Entity | undefined) => void,
  ): void {
    // Where the picture is replaced, all of the old one and of the new one.
    for (const key of isReplaced ? new Set([...known.keys(), ...next.keys()]) : named) {
      const before = known.get(key)?.peek();
      const after = next.get(key);
      if (isEqualJson(before, after)) continue;
      const painted = entry(known, key, () => signal<Entity | undefined>(undefined));
      if (after === undefined) known.delete(key);
      painted.value = after;
      note(key, before, after);
    }
  }

  function paintLanes(touched: ReadonlySet<HostName | null>): void {
    for (const name of touched) {
      if (name === null) setList(laneSignal('unplaced', null), board.unplaced);
      else {
        const own = board.lanes.get(name);
        for (const lane of HOST_LANES) setList(laneSignal(lane, name), own?.[lane]);
      }
    }
  }

  return {
    cursor,
    hasPicture,
    hostNames,
    counts,
    chips,
    host: (name) => read(hosts, name),
    vm: (id) => read(vms, id),
    lane: laneSignal,
    countAt: (host) => laneSignal('settled', host).value.length + laneSignal('leaving', host).value.length,
    paint(changes) {
      const { state } = changes;
      const known = state.hosts;
      const touched = new Set<HostName | null>();
      const touchedHosts = new Set<HostName>();
      write(changes, changes.vms, vms, state.vms, (id, before, after) => {
        unshown.add(id);
        replaceVm(board, before, after, touched);
      });
      write(changes, changes.hosts, hosts, known, (name) => touchedHosts.add(name));
      paintLanes(touched);
      // Most commits change no name, and to sort a thousand of them costs more than such a commit.
      const isShown = (name: HostName | null): boolean => name === null || known.has(name) || board.lanes.has(name);
      if ([...touched, ...touchedHosts].some((name) => isShown(name) !== shown.has(name))) {
        hostNames.value = selectHostNames(known, board);
        shown = new Set<HostName | null>([...hostNames.peek(), null]);
        for (const [name, lists] of lanes) {
          if (shown.has(name)) continue;
          lanes.delete(name);
          // Whoever still looks at them looks again, and gets those that are filled when it is back.
          for (const list of lists.values()) list.value = [];
        }
      }
      const hostsUp = touchedHosts.size === 0 ? counts.peek().hostsUp : [...known.values()].filter(isHostUp).length;
      const next = { ...board.counts, hosts: known.size, hostsUp };
      if (!isEqualJson(counts.peek(), next)) counts.value = next;
      cursor.value = state.cursor;
      commits.value = commits.peek() + 1;
      hasPicture.value = true;
      for (const id of unshown) {
        unshown.delete(id);
        const vm = vms.get(id)?.peek();
        if (vm) chips.get(id)?.show(vm);
      }
    },
  };
}

/** A list is always in the same order: of one that has the same VMs nothing need be sorted. */
function setList(list: Signal<readonly VmId[]>, ids: ReadonlySet<VmId> = new Set()): void {
  const painted = list.peek();
  if (painted.length !== ids.size || !painted.every((id) => ids.has(id))) list.value = selectIds(ids);
}
