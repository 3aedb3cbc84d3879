/**
 * A simulated Harvester cluster, in memory: objects, KubeVirt's and Harvester's controllers as far as they write them, and the
 * controls a test or the demo moves it by (types.ts). Nothing runs by itself except what was told to `play()`.
 */
import { createChange } from './change.ts';
import { createTimerGroup, systemClock } from './clock.ts';
import { type Engine, formatVm } from './engine.ts';
import { createFaults } from './faults.ts';
import { createHostControls, getNode } from './host-controls.ts';
import { isOsName } from './inventory.ts';
import { annotateVmi, EVICTION_SOURCE, MIGRATION_CONFIGURATION } from './migration-changes.ts';
import { beginMove, findFreeName, findRefusal } from './migration-start.ts';
import { createObjectStore } from './object-store.ts';
import type { VirtualMachine } from './objects.ts';
import { populate } from './population.ts';
import {
  planCreation,
  planDeletion,
  planInstance,
  planInstanceDeletion,
  planPause,
  planRerun,
  planRestart,
  planStart,
  planStop,
  planUnpause,
} from './power-steps.ts';
import type { PowerInput, PowerStep } from './power-writers.ts';
import { createRandom, deriveUid } from './random.ts';
import { DEFAULT_KUBEVIRT, traitsOf } from './traits.ts';
import type { Change, Cluster, ClusterOptions, NewVm, SubmittedMigration, VmRef } from './types.ts';
import { createVm, MAINTAIN_STRATEGY_NODE } from './vm-objects.ts';

const DEFAULT_HISTORY_COUNT = 4000;
/** A later run starts above an earlier one's resourceVersions, as long as that wrote fewer than ten times a second. */
const VERSIONS_PER_SECOND = 10;

function createEngine(options: ClusterOptions, name: string): Engine & { readonly clock: ReturnType<typeof createTimerGroup> } {
  const { seed = 1, speed = 1, kubevirt = DEFAULT_KUBEVIRT } = options;
  const clock = createTimerGroup(options.clock ?? systemClock);
  const runId = options.runId ?? String(clock.now());
  let uidCount = 0;
  return {
    store: createObjectStore({
      clock,
      firstVersion: Math.floor((clock.now() / 1000) * VERSIONS_PER_SECOND),
      historyCount: options.historyCount ?? DEFAULT_HISTORY_COUNT,
    }),
    clock,
    speed,
    kubevirt,
    traits: traitsOf(kubevirt),
    random: createRandom(seed),
    parallelMigrationsPerCluster: options.parallelMigrationsPerCluster ?? MIGRATION_CONFIGURATION.parallelMigrationsPerCluster,
    parallelOutboundMigrationsPerNode:
      options.parallelOutboundMigrationsPerNode ?? MIGRATION_CONFIGURATION.parallelOutboundMigrationsPerNode,
    moves: new Map(),
    changes: new Map(),
    createUid(what) {
      uidCount += 1;
      return deriveUid(name, seed, runId, what, uidCount);
    },
  };
}

/** A VM as somebody asks for it, that is not there yet. */
function planVm(engine: Engine, input: NewVm): VirtualMachine {
  const { namespace, name, os = 'ubuntu', runStrategy } = input;
  const plan = {
    namespace,
    name,
    os: isOsName(os) ? os : ('ubuntu' as const),
    cpuCores: input.cpuCores ?? 2,
    memoryGiB: input.memoryGiB ?? 4,
    power: runStrategy === 'Halted' ? ('off' as const) : ('running' as const),
    hostDevice: false,
  };
  const vm = createVm(plan, engine.createUid(`vm ${formatVm(input)}`), engine.clock.now());
  return { ...vm, spec: { ...vm.spec, runStrategy: runStrategy ?? vm.spec.runStrategy } };
}

export function createCluster(options: ClusterOptions = {}): Cluster {
  const { name = 'harvester', hosts = 3, vms = 12, inventories = false, witness = false, namespaces = [], deviceShare } = options;
  const engine = createEngine(options, name);
  const { store, clock, kubevirt } = engine;
  populate(engine, { name, hosts, vms, deviceShare, namespaces, inventories, witness });
  store.forget();
  const faults = createFaults({ forgetHistory: () => store.forget() });

  const powerInput = (vm: VmRef): PowerInput => ({
    namespace: vm.namespace,
    vmName: vm.name,
    vmiUid: engine.createUid(`vmi ${formatVm(vm)}`),
    podUid: engine.createUid('pod'),
    kubevirt,
  });
  type Plan = (input: PowerInput) => readonly PowerStep[];
  const change = (vm: VmRef, plan: Plan, { host, ...more }: Partial<PowerInput> & { host?: string | undefined } = {}): Change => {
    if (store.get('virtualmachines', vm.namespace, vm.name) === undefined) throw new Error(`No VM ${formatVm(vm)}`);
    return createChange(engine, vm, plan({ ...powerInput(vm), ...more }), host ?? null);
  };
  const start: Cluster['start'] = (vm, { host } = {}) =>
    change(vm, planStart, { host, annotations: { [MAINTAIN_STRATEGY_NODE]: undefined } });
  const create = (input: NewVm, plan: (input: PowerInput, vm: VirtualMachine) => readonly PowerStep[]): Change => {
    const vm = { namespace: input.namespace, name: input.name };
    const taken = (['virtualmachines', 'virtualmachineinstances'] as const).some(
      (resource) => store.get(resource, vm.namespace, vm.name) !== undefined,
    );
    if (taken) throw new Error(`There is a VM ${formatVm(vm)} already`);
    return createChange(engine, vm, plan(powerInput(vm), planVm(engine, input)), input.host ?? null);
  };
  const controls = createHostControls(engine, {
    evacuate: (vm, outcome, hold) => beginMove(engine, { ...vm, outcome, hold, cause: 'evacuation' }),
    shutDown: (vm, annotations) => change(vm, planStop, { annotations }),
    start,
  });

  return {
    name,
    kubevirt,
    traits: engine.traits,
    speed: engine.speed,
    clock,
    random: engine.random,
    store,
    faults,
    createUid: engine.createUid,
    get: store.get,
    list: store.list,
    get moves() {
      return [...engine.moves.values()];
    },
    get changes() {
      return [...engine.changes.values()];
    },
    migrate: (input) => {
      if (input.to !== undefined) getNode(engine, input.to);
      if (input.cause === 'descheduler') {
        const vmi = store.get('virtualmachineinstances', input.namespace, input.name);
        if (vmi !== undefined && findRefusal(engine, input) === null) {
          store.update('virtualmachineinstances', annotateVmi(vmi, { [EVICTION_SOURCE]: 'descheduler' }));
        }
      }
      return beginMove(engine, input);
    },
    refusalOf: (vm) => findRefusal(engine, vm),
    submit(submitted: SubmittedMigration) {
      const { namespace, vmiName } = submitted;
      const move = beginMove(
        engine,
        { namespace, name: vmiName, cause: 'api', ...(submitted.requested === undefined ? {} : { to: submitted.requested }) },
        {
          vmimName: submitted.name ?? findFreeName(engine, namespace, submitted.generateName ?? `${vmiName}-`),
          ...(submitted.labels === undefined ? {} : { labels: submitted.labels }),
          ...(submitted.annotations === undefined ? {} : { annotations: submitted.annotations }),
        },
      );
      const created = move.stepTo('Created').object;
      if (created?.kind !== 'VirtualMachineInstanceMigration') throw new Error('the first step of a migration creates its VMIM');
      move.play();
      return created;
    },
    removeMigration(namespace, vmimName) {
      const move = [...engine.moves.values()].find((candidate) => candidate.namespace === namespace && candidate.vmimName === vmimName);
      if (move === undefined) return store.remove('virtualmachineinstancemigrations', namespace, vmimName);
      move.abort();
      if (move.remaining[0] === 'AbortRequested') move.step();
      return store.get('virtualmachineinstancemigrations', namespace, vmimName);
    },
    moveOf: (vm) => engine.moves.get(formatVm(vm)) ?? null,
    isBusy: (vm) => engine.moves.has(formatVm(vm)) || engine.changes.has(formatVm(vm)),

    start,
    stop: (vm) => change(vm, planStop),
    restart: (vm, { host } = {}) => change(vm, planRestart, { host }),
    rerun: (vm, { host } = {}) => change(vm, planRerun, { host }),
    pause: (vm) => change(vm, planPause),
    unpause: (vm) => change(vm, planUnpause),
    deleteVm: (vm) => change(vm, planDeletion),
    createVm: (input) => create(input, planCreation),
    createInstance: (input) => create(input, planInstance),
    deleteInstance: (vm) => createChange(engine, vm, planInstanceDeletion(powerInput(vm))),

    ...controls,
    halt: () => clock.cancelAll(),
  };
}
