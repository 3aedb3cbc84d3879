/**
 * What the autopilot does next: pure choices over the cluster as it is, and a seeded generator. autopilot.ts carries them out.
 */
import { DEFAULT_FAILURE_REASON } from './migration-endings.ts';
import type { MigrationOutcome } from './migration-timeline.ts';
import type { VirtualMachine, VirtualMachineInstance } from './objects.ts';
import { type HostLoad, hasRoom, parseMemory } from './placement.ts';
import type { Random } from './random.ts';
import type { MigrateInput, VmRef } from './types.ts';
import { MAINTAIN_STRATEGY_NODE } from './vm-objects.ts';

export const FAILURE_REASONS = [
  DEFAULT_FAILURE_REASON,
  'Live migration stuck for 150 seconds and has been aborted',
  "Live migration failed error encountered during MigrateToURI3 libvirt api call: virError(Code=38, Domain=7, Message='unable to connect to server at '192.168.10.13:49152': Connection timed out')",
] as const;

export interface Deck<T> {
  draw(): T;
}

/** Cards in a seeded order, all of them before any comes again: rare things are rare, and never absent. */
export function createDeck<T>(random: Random, cards: readonly [T, ...T[]]): Deck<T> {
  let left: T[] = [];
  return {
    draw() {
      if (left.length === 0) left = random.shuffle(cards);
      return left.pop() ?? cards[0];
    },
  };
}

/** How fifteen moves end. */
export const OUTCOMES: readonly [MigrationOutcome, ...MigrationOutcome[]] = [
  'failed',
  'aborted',
  ...Array.from({ length: 13 }, (): MigrationOutcome => 'succeeded'),
];
/** Rarer ways, one of which takes a success's place now and then. */
export const RARE_OUTCOMES: readonly [MigrationOutcome, ...MigrationOutcome[]] = [
  'failed-before-handoff',
  'aborted-before-handoff',
  'unschedulable',
];

export type PowerAction = 'stop' | 'start' | 'restart' | 'pause' | 'unpause';
export const POWER_ACTIONS: readonly [PowerAction, ...PowerAction[]] = ['restart', 'stop', 'start', 'pause', 'unpause', 'start', 'restart'];

const OFF_SHARE_LIMIT = 0.25;
const PAUSED_SHARE_LIMIT = 0.1;

export interface FleetView {
  readonly vms: readonly VirtualMachine[];
  readonly vmis: readonly VirtualMachineInstance[];
  readonly loads: readonly HostLoad[];
  /** A migration, a change of power, or a drain is at it. */
  readonly isBusy: (vm: VmRef) => boolean;
}

const refOf = ({ metadata }: VirtualMachine | VirtualMachineInstance): VmRef => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});
const hasCondition = (vmi: VirtualMachineInstance, type: string, status: string): boolean =>
  (vmi.status.conditions ?? []).some((condition) => condition.type === type && condition.status === status);

const isMovable = (vmi: VirtualMachineInstance): boolean => vmi.status.phase === 'Running' && hasCondition(vmi, 'LiveMigratable', 'True');
const shareOf = ({ usedBytes, memoryBytes }: HostLoad): number => (memoryBytes === 0 ? 1 : usedBytes / memoryBytes);

export interface MovePreference {
  /** Only guests whose name says so, where there are any. */
  readonly prefer?: (vmi: VirtualMachineInstance) => boolean;
  /** Always from the fullest host to the emptiest, as the descheduler does it. */
  readonly rebalance?: boolean;
}

/** A migration that makes sense: a guest that can move, and a host with room; null where there is none. */
export function chooseMove(view: FleetView, random: Random, { prefer, rebalance = false }: MovePreference = {}): MigrateInput | null {
  const movable = view.vmis.filter((vmi) => isMovable(vmi) && vmi.status.evacuationNodeName === undefined && !view.isBusy(refOf(vmi)));
  const openHosts = view.loads.filter(({ open }) => open);
  const fullestFirst = [...openHosts].sort((a, b) => shareOf(b) - shareOf(a));
  const sources = rebalance || random.next() < 0.6 ? fullestFirst : random.shuffle(openHosts);
  for (const source of sources) {
    const guests = random.shuffle(movable.filter((vmi) => vmi.status.nodeName === source.name));
    const preferred = prefer === undefined ? guests : [...guests.filter(prefer), ...guests.filter((vmi) => !prefer(vmi))];
    for (const vmi of preferred) {
      const bytes = parseMemory(vmi.spec.domain.memory.guest);
      const targets = fullestFirst.filter((host) => host.name !== source.name && hasRoom(host, bytes));
      const emptiest = targets.at(-1);
      if (emptiest === undefined) continue;
      if (rebalance) {
        if (shareOf(source) - shareOf(emptiest) < 0.15) return null;
        return { ...refOf(vmi), cause: 'descheduler' };
      }
      if (random.next() < 0.25) return { ...refOf(vmi), cause: 'virtctl' };
      const target = random.next() < 0.7 ? emptiest : (random.pick(targets) ?? emptiest);
      return { ...refOf(vmi), to: target.name };
    }
  }
  return null;
}

/** A VM to change the power of. Where the action would leave too few running, or has nobody to act on, its opposite. */
export function choosePower(
  view: FleetView,
  random: Random,
  wanted: PowerAction,
): { readonly action: PowerAction; readonly vm: VmRef } | null {
  const byKey = new Map(view.vmis.map((vmi) => [`${vmi.metadata.namespace}/${vmi.metadata.name}`, vmi]));
  const vmiOf = (vm: VirtualMachine) => byKey.get(`${vm.metadata.namespace}/${vm.metadata.name}`);
  const free = view.vms.filter(
    (vm) =>
      !view.isBusy(refOf(vm)) &&
      vm.metadata.annotations?.[MAINTAIN_STRATEGY_NODE] === undefined &&
      vmiOf(vm)?.status.evacuationNodeName === undefined,
  );
  const off = free.filter((vm) => vmiOf(vm) === undefined);
  const paused = free.filter((vm) => vm.status.printableStatus === 'Paused');
  const running = free.filter((vm) => vm.status.printableStatus === 'Running');
  const total = view.vms.length;
  const tooManyOff = off.length + 1 > Math.max(2, total * OFF_SHARE_LIMIT);
  const tooManyPaused = paused.length + 1 > Math.max(1, total * PAUSED_SHARE_LIMIT);
  let action = wanted;
  if (action === 'stop' && tooManyOff) action = 'start';
  if (action === 'pause' && tooManyPaused) action = 'unpause';
  const groups: Readonly<Record<PowerAction, readonly VirtualMachine[]>> = {
    stop: running,
    restart: running,
    pause: running,
    start: off,
    unpause: paused,
  };
  const vm = random.pick(groups[action]);
  return vm === null ? null : { action, vm: refOf(vm) };
}

/** The host to take into maintenance: one whose guests the others can carry; null where there is none. */
export function chooseMaintenance(view: FleetView, random: Random): string | null {
  const open = view.loads.filter((load) => load.open);
  if (open.length < 2) return null;
  const fits = open.filter((host) => {
    const room = open.filter((other) => other !== host).reduce((sum, other) => sum + Math.max(0, other.memoryBytes - other.usedBytes), 0);
    return room >= host.usedBytes * 1.2;
  });
  return random.pick(fits)?.name ?? null;
}
