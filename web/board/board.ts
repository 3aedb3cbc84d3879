/**
 * Who stands where on the board, kept up incrementally: one changed VM costs its lanes, not the board.
 * Which lane a VM is in is core's decision alone ({@link lanesOf}); this file only files it.
 */
import { entry } from '../../core/entry.ts';
import { type Lanes, lanesOf } from '../../core/lanes.ts';
import { type Danger, type Host, type HostName, VM_STATES, type Vm, type VmId, type VmState } from '../../core/model.ts';

/** Those of a host. */
export const HOST_LANES = ['settled', 'leaving', 'arriving'] as const;
export type Lane = (typeof HOST_LANES)[number] | 'unplaced';

/** What is counted across the states. */
interface Sums {
  /** All VMs: settled + leaving + unplaced, and the sum of all states. */
  vms: number;
  /** In a leaving lane. */
  moving: number;
  queued: number;
  /** The newest finished migration failed. */
  failed: number;
  /** Needs a person: {@link needsPerson}. */
  attention: number;
}

/** Numbers that the header shows, and that the cards add up to; each VM counts in exactly one state. */
export type Counts = Sums & Record<VmState, number>;

export interface HostLanes {
  readonly settled: Set<VmId>;
  readonly leaving: Set<VmId>;
  readonly arriving: Set<VmId>;
}

export interface Board {
  readonly lanes: Map<HostName, HostLanes>;
  readonly unplaced: Set<VmId>;
  readonly counts: Counts;
}

export const emptyBoard = (): Board => ({
  lanes: new Map(),
  unplaced: new Set(),
  counts: {
    vms: 0,
    moving: 0,
    queued: 0,
    failed: 0,
    attention: 0,
    ...(Object.fromEntries(VM_STATES.map((state) => [state, 0])) as Record<VmState, number>),
  },
});

/**
 * Moves a VM from where it stood to where it stands; undefined is nowhere (not there yet, or gone).
 * Adds to `touched` the hosts whose lists are others now, and null where it is the list of the VMs on no host.
 */
export function replaceVm(
  board: Board,
  before: Vm | undefined,
  after: Vm | undefined,
  touched = new Set<HostName | null>(),
): Set<HostName | null> {
  const [from, to] = [before && lanesOf(before), after && lanesOf(after)];
  const isSame = from && to && HOST_LANES.every((lane) => from[lane] === to[lane]);
  if (before && from) {
    countVm(board.counts, before, from, -1);
    if (!isSame) fileVm(board, before.id, from, false, touched);
  }
  if (after && to) {
    countVm(board.counts, after, to, 1);
    if (!isSame) fileVm(board, after.id, to, true, touched);
  }
  return touched;
}

function fileVm(board: Board, id: VmId, lanes: Lanes, isHere: boolean, touched: Set<HostName | null>): void {
  const file = (host: HostName | null, ids: Set<VmId>): void => {
    touched.add(host);
    if (isHere) ids.add(id);
    else ids.delete(id);
  };
  if (lanes.settled === null && lanes.leaving === null) file(null, board.unplaced);
  for (const lane of HOST_LANES) {
    const host = lanes[lane];
    if (host === null) continue;
    const own = entry(board.lanes, host, (): HostLanes => ({ settled: new Set(), leaving: new Set(), arriving: new Set() }));
    file(host, own[lane]);
    if (HOST_LANES.every((each) => own[each].size === 0)) board.lanes.delete(host);
  }
}

function countVm(counts: Counts, vm: Vm, { leaving }: Lanes, sign: 1 | -1): void {
  counts.vms += sign;
  counts[vm.state] += sign;
  if (leaving !== null) counts.moving += sign;
  if (vm.transit?.stage === 'queued') counts.queued += sign;
  if (vm.lastMigration?.outcome === 'failed') counts.failed += sign;
  if (needsPerson(vm)) counts.attention += sign;
}

/** An error, a migration that fails again and again, or a danger that does not pass. */
export const needsPerson = ({ state, danger, lastMigration }: Pick<Vm, 'state' | 'danger' | 'lastMigration'>): boolean =>
  state === 'error' || lastMigration?.loop === true || (danger ?? []).some(isLasting);

export type LastingDanger = Exclude<Danger, 'post-copy' | 'not-converging'>;

/** Post-copy and a slow migration pass by themselves. */
export const isLasting = (danger: Danger): danger is LastingDanger => danger !== 'post-copy' && danger !== 'not-converging';

// Node's and every browser's collator sorts host-2 before host-10 with `numeric`; the language must not change the order.
const { compare } = new Intl.Collator('en', { numeric: true });

export const selectIds = (ids: ReadonlySet<VmId>): VmId[] => [...ids].sort(compare);

/** Every host that has a card: the known ones, and those that a VM stands on or goes to although no Node of that name is known. */
export const selectHostNames = (hosts: ReadonlyMap<HostName, Host>, board: Board): HostName[] =>
  [...new Set([...hosts.keys(), ...board.lanes.keys()])].sort(compare);
