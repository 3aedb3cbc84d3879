/**
 * Keeps a simulated cluster lively on its clock: a VM moves within seconds and one about every ten seconds from then on; now and
 * then one fails or is aborted; VMs are stopped, started, restarted, paused; a host goes into maintenance and comes back.
 */
import {
  chooseMaintenance,
  chooseMove,
  choosePower,
  createDeck,
  FAILURE_REASONS,
  type FleetView,
  type MovePreference,
  OUTCOMES,
  POWER_ACTIONS,
  RARE_OUTCOMES,
} from './autopilot-plan.ts';
import type { Timer } from './clock.ts';
import type { MigrationOutcome } from './migration-timeline.ts';
import { deriveLoads, parseMemory } from './placement.ts';
import { createRandom, type Random } from './random.ts';
import type { Change, Cluster, Drain, VmRef } from './types.ts';

export interface AutopilotOptions {
  /** Default: drawn from the cluster's own. */
  readonly seed?: number;
  readonly firstMoveMs?: number;
  readonly moveEveryMs?: number;
  readonly powerEveryMs?: number;
  readonly firstMaintenanceMs?: number;
  readonly maintenanceEveryMs?: number;
  /** Kubelets and virt-handlers report; not scaled by speed. */
  readonly beatEveryMs?: number;
}

const DEFAULTS = {
  firstMoveMs: 2000,
  moveEveryMs: 10_000,
  powerEveryMs: 35_000,
  firstMaintenanceMs: 75_000,
  maintenanceEveryMs: 150_000,
  beatEveryMs: 60_000,
} as const;
const MOVE_DURATION_MS = [6000, 15_000] as const;
/** A guest's memory goes through a network of about 3 Gbit/s. */
const COPY_MS_PER_GIB = 3_000;
const COPY_MS = [6_000, 45_000] as const;
const POWER_DURATION_MS = [5000, 10_000] as const;
/** How long a host stays in maintenance, and after what a drain that does not end is given up. */
const MAINTENANCE_MS = [15_000, 25_000] as const;
const DRAIN_PATIENCE_MS = 15 * 60_000;
const REBALANCE_COUNT = 3;
const REBALANCE_EVERY_MS = 2500;
const WATCH_DRAIN_MS = 1000;
/** One success in sixteen ends in a rarer way. */
const RARE_SHARE = 1 / 16;
/** An evacuation that fails is tried again by KubeVirt. */
const EVACUATION_FAILURE_SHARE = 1 / 20;
/** The first moves are what a new viewer sees. */
const PLAIN_START_COUNT = 2;

export function startAutopilot(cluster: Cluster, options: AutopilotOptions = {}): { stop(): void } {
  const settings = { ...DEFAULTS, ...options };
  const { clock, speed } = cluster;
  const random: Random = createRandom(options.seed ?? cluster.random.below(2 ** 31));
  const outcomes = createDeck(random, OUTCOMES);
  const rareOutcomes = createDeck(random, RARE_OUTCOMES);
  const powerActions = createDeck(random, POWER_ACTIONS);
  const timers = new Set<Timer>();
  let drain: Drain | null = null;
  let moveCount = 0;
  let stopped = false;

  const after = (ms: number, callback: () => void): void => {
    if (stopped) return;
    const timer = clock.setTimer(() => {
      timers.delete(timer);
      callback();
    }, ms / speed);
    timers.add(timer);
  };
  const around = (ms: number): number => ms * random.between(0.8, 1.2);
  const within = ([low, high]: readonly [number, number]): number => random.between(low, high);
  const every = (first: number, interval: number, act: () => void): void => {
    after(first, () => {
      act();
      every(around(interval), interval, act);
    });
  };
  const readView = (): FleetView => {
    const vmis = cluster.list('virtualmachineinstances');
    return {
      vms: cluster.list('virtualmachines'),
      vmis,
      loads: deriveLoads(cluster.list('nodes'), vmis),
      isBusy: (vm) => cluster.isBusy(vm),
    };
  };
  const copyMsOf = (vm: VmRef): number => {
    const bytes = parseMemory(cluster.get('virtualmachineinstances', vm.namespace, vm.name)?.spec.domain.memory.guest);
    const [least, most] = COPY_MS;
    return Math.min(most, Math.max(least, (bytes / 1024 ** 3) * COPY_MS_PER_GIB));
  };
  const playChange = (change: Change): void => {
    change.play(within(POWER_DURATION_MS));
  };
  const drawOutcome = (): MigrationOutcome => {
    if (moveCount <= PLAIN_START_COUNT) return 'succeeded';
    const outcome = outcomes.draw();
    return outcome === 'succeeded' && random.next() < RARE_SHARE ? rareOutcomes.draw() : outcome;
  };

  const startMove = (preference: MovePreference = {}): void => {
    const chosen = chooseMove(readView(), random, preference);
    if (chosen === null) return;
    moveCount += 1;
    const failureReason = random.pick(FAILURE_REASONS) ?? FAILURE_REASONS[0];
    cluster.migrate({ ...chosen, outcome: drawOutcome(), failureReason, copyMs: copyMsOf(chosen) }).play(within(MOVE_DURATION_MS));
  };
  const changePower = (): void => {
    const chosen = choosePower(readView(), random, powerActions.draw());
    if (chosen !== null) playChange(cluster[chosen.action](chosen.vm));
  };

  const bringBack = (host: string): void => {
    for (const change of cluster.endMaintenance(host)) playChange(change);
    drain = null;
    for (let index = 1; index <= REBALANCE_COUNT; index += 1) after(index * REBALANCE_EVERY_MS, () => startMove({ rebalance: true }));
    after(around(settings.maintenanceEveryMs), maintain);
  };
  const watchDrain = (current: Drain, sinceMs: number): void => {
    if (current.state === 'completed') after(within(MAINTENANCE_MS), () => bringBack(current.host));
    else if (current.state === 'refused' || (clock.now() - sinceMs) * speed > DRAIN_PATIENCE_MS) bringBack(current.host);
    else after(WATCH_DRAIN_MS, () => watchDrain(current, sinceMs));
  };
  const maintain = (): void => {
    const host = drain === null ? chooseMaintenance(readView(), random) : null;
    if (host === null) {
      after(around(settings.maintenanceEveryMs), maintain);
      return;
    }
    drain = cluster.drain(host);
    drain.play(() => (random.next() < EVACUATION_FAILURE_SHARE ? 'failed' : 'succeeded'));
    watchDrain(drain, clock.now());
  };

  after(settings.firstMoveMs, () => {
    startMove({ prefer: (vmi) => vmi.metadata.name.startsWith('ubuntu') });
    every(around(settings.moveEveryMs), settings.moveEveryMs, () => startMove());
  });
  every(around(settings.powerEveryMs), settings.powerEveryMs, changePower);
  after(settings.firstMaintenanceMs, maintain);
  every(settings.beatEveryMs * speed, settings.beatEveryMs * speed, () => cluster.beat());

  return {
    stop() {
      stopped = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
