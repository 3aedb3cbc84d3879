/** The painted picture of one cluster: signals, changed only by {@link ClusterModel.paint}, which is one commit. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isEqualJson } from '../../core/equal.ts';
import type { Host, HostName, Vm, VmId } from '../../core/model.ts';
import { isHostUp } from '../../core/summary.ts';
import { addHappenings, type Happenings, NOTHING_HAPPENED } from '../announcement.ts';
import { type Board, type Counts, emptyBoard, homeOf, type Lane, replaceVm, selectHostNames, selectIds } from '../board.ts';
import type { Changes } from '../frame.ts';

export interface HeaderCounts extends Counts {
  readonly hosts: number;
  readonly hostsUp: number;
}

/** A VM whose home changed with a commit. */
export interface Move {
  readonly id: VmId;
  /** The host it left; null where it had none. */
  readonly from: HostName | null;
  readonly isToOtherHost: boolean;
}

export interface ClusterModel {
  /** The cursor that is painted; null before the first sync. */
  readonly cursor: ReadonlySignal<string | null>;
  /** False until the first snapshot was painted: before it nothing is known, not even that there is nothing. */
  readonly hasPicture: ReadonlySignal<boolean>;
  readonly hostNames: ReadonlySignal<readonly HostName[]>;
  readonly counts: ReadonlySignal<HeaderCounts>;
  /** VMs that stand in a leaving lane and have a target: those with a trail. */
  readonly trails: ReadonlySignal<readonly VmId[]>;
  /** Undefined where no Node of that name is known. */
  host(name: HostName): Host | undefined;
  vm(id: VmId): Vm | undefined;
  lane(lane: Lane, host: HostName | null): ReadonlySignal<readonly VmId[]>;
  /** What the next {@link paint} of these changes will move, by the state that is painted now. */
  movesOf(changes: Changes): Move[];
  happeningsOf(changes: Changes): Happenings;
  paint(changes: Changes): void;
}

const NO_IDS: readonly VmId[] = [];
const NO_COUNTS: HeaderCounts = { ...emptyBoard().counts, hosts: 0, hostsUp: 0 };

export function createClusterModel(): ClusterModel {
  const board: Board = emptyBoard();
  const cursor = signal<string | null>(null);
  const hasPicture = signal(false);
  const hostNames = signal<readonly HostName[]>([]);
  const counts = signal(NO_COUNTS);
  const trails = signal<readonly VmId[]>(NO_IDS);
  const hosts = new Map<HostName, Signal<Host | undefined>>();
  const vms = new Map<VmId, Signal<Vm | undefined>>();
  const lanes = new Map<string, Signal<readonly VmId[]>>();

  const hostSignal = (name: HostName): Signal<Host | undefined> => entry(hosts, name, () => signal<Host | undefined>(undefined));
  const laneSignal = (lane: Lane, host: HostName | null): Signal<readonly VmId[]> =>
    entry(lanes, `${lane} ${host ?? ''}`, () => signal<readonly VmId[]>(NO_IDS));

  function paintVms(changes: Changes): Set<HostName> {
    const touched = new Set<HostName>();
    for (const id of changes.vms) {
      const painted = vms.get(id)?.peek();
      const next = changes.state.vms.get(id);
      if (isEqualJson(painted, next)) continue;
      for (const name of replaceVm(board, painted, next)) touched.add(name);
      entry(vms, id, () => signal<Vm | undefined>(undefined)).value = next;
      if (next === undefined) vms.delete(id);
    }
    return touched;
  }

  function paintHosts(changes: Changes): void {
    for (const name of changes.hosts) {
      const next = changes.state.hosts.get(name);
      const painted = hostSignal(name);
      if (!isEqualJson(painted.peek(), next)) painted.value = next;
    }
  }

  function paintLanes(touched: ReadonlySet<HostName>): void {
    for (const name of touched) {
      const own = board.lanes.get(name);
      for (const lane of ['settled', 'leaving', 'arriving'] as const) setList(laneSignal(lane, name), selectIds(own?.[lane]));
    }
    setList(laneSignal('unplaced', null), selectIds(board.unplaced));
    const travelling: VmId[] = [];
    for (const { leaving } of board.lanes.values()) {
      for (const id of leaving) if (vms.get(id)?.peek()?.transit?.to != null) travelling.push(id);
    }
    setList(trails, travelling.sort());
  }

  return {
    cursor,
    hasPicture,
    hostNames,
    counts,
    trails,
    host: (name) => hostSignal(name).value,
    vm: (id) => vms.get(id)?.value,
    lane: laneSignal,
    movesOf(changes) {
      if (changes.isReplaced) return [];
      const moves: Move[] = [];
      for (const id of changes.vms) {
        const before = vms.get(id)?.peek();
        const after = changes.state.vms.get(id);
        if (before === undefined || after === undefined) continue;
        const from = homeOf(before);
        const to = homeOf(after);
        if (from.lane === to.lane && from.host === to.host) continue;
        moves.push({ id, from: from.host, isToOtherHost: from.host !== to.host });
      }
      return moves;
    },
    happeningsOf(changes) {
      if (changes.isReplaced) return NOTHING_HAPPENED;
      let sum = NOTHING_HAPPENED;
      for (const id of changes.vms) sum = addHappenings(sum, happeningsBetween(vms.get(id)?.peek(), changes.state.vms.get(id)));
      return sum;
    },
    paint(changes) {
      const touched = paintVms(changes);
      paintHosts(changes);
      paintLanes(touched);
      setList(hostNames, selectHostNames(changes.state.hosts, board));
      const up = [...changes.state.hosts.values()].filter(isHostUp).length;
      const next = { ...board.counts, hosts: changes.state.hosts.size, hostsUp: up };
      if (!isEqualJson(counts.peek(), next)) counts.value = next;
      cursor.value = changes.state.cursor;
      hasPicture.value = true;
    },
  };
}

function happeningsBetween(before: Vm | undefined, after: Vm | undefined): Happenings {
  if (before === undefined || after === undefined) return NOTHING_HAPPENED;
  const end = after.lastMigration;
  const hasEnded = end !== undefined && end.outcome !== 'succeeded' && !isEqualJson(before.lastMigration, end);
  return {
    moved: before.host !== null && after.host !== null && before.host !== after.host ? 1 : 0,
    started: homeOf(before).lane !== 'leaving' && homeOf(after).lane === 'leaving' ? 1 : 0,
    ended: hasEnded ? 1 : 0,
  };
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

function setList(list: Signal<readonly string[]>, next: readonly string[]): void {
  const painted = list.peek();
  if (painted.length !== next.length || next.some((id, index) => id !== painted[index])) list.value = next;
}
