/**
 * A simulated Harvester cluster, in memory: objects, KubeVirt's and Harvester's controllers as far as they write them, and the
 * controls a test or the demo moves it by (types.ts). Nothing runs by itself except what was told to `play()`.
 */
import { createChange } from './change.ts';
import { createTimerGroup, systemClock } from './clock.ts';
import { createDrain } from './drain.ts';
import { type Engine, formatVm, readLoads } from './engine.ts';
import { createFaults } from './faults.ts';
import {
  annotate,
  beatNode,
  cordonNode,
  DRAIN_FORCED,
  DRAIN_REQUESTED,
  HEARTBEAT,
  MAINTAIN_STATUS,
  setNodeReady,
  uncordonNode,
} from './host-objects.ts';
import { isOsName } from './inventory.ts';
import { annotateVmi, EVICTION_SOURCE } from './migration-changes.ts';
import type { MigrationCause, MigrationInput } from './migration-timeline.ts';
import { createMove } from './move.ts';
import { createObjectStore } from './object-store.ts';
import { formatTime, type Node } from './objects.ts';
import { parseMemory, selectHost } from './placement.ts';
import { populate } from './population.ts';
import {
  type PowerInput,
  type PowerStep,
  planCreation,
  planDeletion,
  planPause,
  planRestart,
  planStart,
  planStop,
  planUnpause,
} from './power-steps.ts';
import { createRandom, deriveUid } from './random.ts';
import type { Change, Cluster, ClusterOptions, Drain, MigrateInput, SubmittedMigration, VmRef } from './types.ts';
import { condition, createVm, MAINTAIN_STRATEGY_NODE, setCondition } from './vm-objects.ts';

const DEFAULT_HISTORY_COUNT = 4000;
/** A later run starts above an earlier one's resourceVersions, as long as that wrote fewer than ten times a second. */
const VERSIONS_PER_SECOND = 10;

const NAME_PREFIXES: Readonly<Record<MigrationCause, string | null>> = {
  harvester: null,
  api: null,
  virtctl: 'kubevirt-migrate-vm-',
  evacuation: 'kubevirt-evacuation-',
  descheduler: 'kubevirt-evacuation-',
  'workload-update': 'kubevirt-workload-update-',
};

/** A launcher pod is known by its uid; the name follows from it, so that today's source is yesterday's target. */
const formatPodName = (vmName: string, podUid: string): string => `virt-launcher-${vmName}-${podUid.slice(0, 5)}`;

export function createCluster(options: ClusterOptions = {}): Cluster {
  const { name = 'harvester', hosts = 3, vms = 12, seed = 1, speed = 1, generation = 'ge-1.6' } = options;
  const clock = createTimerGroup(options.clock ?? systemClock);
  const runId = options.runId ?? String(clock.now());
  const store = createObjectStore({
    clock,
    firstVersion: Math.floor((clock.now() / 1000) * VERSIONS_PER_SECOND),
    historyCount: options.historyCount ?? DEFAULT_HISTORY_COUNT,
  });
  let uidCount = 0;
  const engine: Engine = {
    store,
    clock,
    speed,
    generation,
    random: createRandom(seed),
    parallelMigrationsPerCluster: options.parallelMigrationsPerCluster ?? 5,
    parallelOutboundMigrationsPerNode: options.parallelOutboundMigrationsPerNode ?? 2,
    moves: new Map(),
    changes: new Map(),
    createUid(what) {
      uidCount += 1;
      return deriveUid(name, seed, runId, what, uidCount);
    },
  };
  populate(engine, { name, hosts, vms, namespaces: options.namespaces ?? [] });
  store.forget();
  const drains = new Map<string, Drain & { cancel(): void }>();
  const faults = createFaults({ forgetHistory: () => store.forget() });

  const nodeOf = (host: string): Node => {
    const node = store.get('nodes', undefined, host);
    if (node === undefined)
      throw new Error(
        `No host ${host}; there are ${store
          .list('nodes')
          .map(({ metadata }) => metadata.name)
          .join(', ')}`,
      );
    return node;
  };
  const vmOf = (vm: VmRef) => {
    const found = store.get('virtualmachines', vm.namespace, vm.name);
    if (found === undefined) throw new Error(`No VM ${formatVm(vm)}`);
    return found;
  };
  const powerInput = (vm: VmRef): PowerInput => ({
    namespace: vm.namespace,
    vmName: vm.name,
    vmiUid: engine.createUid(`vmi ${formatVm(vm)}`),
    podUid: engine.createUid('pod'),
  });
  const change = (vm: VmRef, plan: (input: PowerInput) => readonly PowerStep[], more: Partial<PowerInput> = {}): Change => {
    vmOf(vm);
    return createChange(engine, vm, plan({ ...powerInput(vm), ...more }));
  };

  /** The words of KubeVirt's admission webhook. */
  function findRefusal(vm: VmRef): string | null {
    const vmi = store.get('virtualmachineinstances', vm.namespace, vm.name);
    if (vmi === undefined) return `the VMI "${vm.name}" does not exist under the cluster`;
    if (vmi.status.phase === 'Succeeded' || vmi.status.phase === 'Failed') return 'Cannot migrate VMI in finalized state.';
    const active = engine.moves.get(formatVm(vm));
    if (active !== undefined) {
      const uid = store.get('virtualmachineinstancemigrations', vm.namespace, active.vmimName)?.metadata.uid ?? active.vmimName;
      return `in-flight migration detected. Active migration job (${uid}) is currently already in progress for VMI ${vm.name}.`;
    }
    const migratable = vmi.status.conditions?.find(({ type }) => type === 'LiveMigratable');
    if (migratable?.status === 'False') return `Cannot migrate VMI, Reason: ${migratable.reason}, Message: ${migratable.message}`;
    if (vmi.status.nodeName === undefined) return 'Cannot migrate VMI that is not running.';
    return null;
  }

  const freeName = (namespace: string, prefix: string): string => {
    for (;;) {
      const candidate = `${prefix}${engine.random.suffix()}`;
      if (store.get('virtualmachineinstancemigrations', namespace, candidate) === undefined) return candidate;
    }
  };

  function beginMove(input: MigrateInput, more: Partial<MigrationInput> = {}) {
    const vm = { namespace: input.namespace, name: input.name };
    const refusal = findRefusal(vm);
    const vmi = store.get('virtualmachineinstances', vm.namespace, vm.name);
    const source = vmi?.status.nodeName;
    if (refusal !== null || vmi === undefined || source === undefined) throw new Error(`${formatVm(vm)}: ${refusal}`);
    if (input.to !== undefined) nodeOf(input.to);
    const cause = input.cause ?? (input.to === undefined ? 'virtctl' : 'harvester');
    const target = input.to ?? selectHost(readLoads(engine), parseMemory(vmi.spec.domain.memory.guest), source);
    const address = target === null ? undefined : store.get('nodes', undefined, target)?.status.addresses[0]?.address;
    const sourcePodUid = Object.entries(vmi.status.activePods ?? {}).find(([, node]) => node === source)?.[0] ?? '';
    const targetPodUid = engine.createUid('pod');
    return createMove(engine, {
      generation,
      cause,
      outcome: target === null ? 'unschedulable' : (input.outcome ?? 'succeeded'),
      namespace: vm.namespace,
      vmName: vm.name,
      vmimName: freeName(vm.namespace, NAME_PREFIXES[cause] ?? `${vm.name}-`),
      vmimUid: engine.createUid('vmim'),
      source,
      target: target ?? source,
      ...(input.to === undefined ? {} : { requested: input.to }),
      sourcePod: formatPodName(vm.name, sourcePodUid),
      targetPod: formatPodName(vm.name, targetPodUid),
      targetPodUid,
      targetAddress: address ?? '',
      ...(input.failureReason === undefined ? {} : { failureReason: input.failureReason }),
      ...(input.abortAfter === undefined ? {} : { abortAfter: input.abortAfter }),
      ...more,
    });
  }

  const drainCluster = {
    evacuate: (vm: VmRef, outcome: MigrateInput['outcome'] & string) => beginMove({ ...vm, outcome, cause: 'evacuation' }),
    shutDown: (vm: VmRef, annotations: Readonly<Record<string, string | undefined>>) => change(vm, planStop, { annotations }),
  };

  return {
    name,
    generation,
    speed,
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
    migrate: (input) => {
      if (input.cause === 'descheduler') {
        const vmi = store.get('virtualmachineinstances', input.namespace, input.name);
        if (vmi !== undefined && findRefusal(input) === null) {
          store.update('virtualmachineinstances', annotateVmi(vmi, { [EVICTION_SOURCE]: 'descheduler' }));
        }
      }
      return beginMove(input);
    },
    refusalOf: findRefusal,
    submit(submitted: SubmittedMigration) {
      const { namespace, vmiName } = submitted;
      const move = beginMove(
        { namespace, name: vmiName, cause: 'api', ...(submitted.requested === undefined ? {} : { to: submitted.requested }) },
        {
          vmimName: submitted.name ?? freeName(namespace, submitted.generateName ?? `${vmiName}-`),
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

    start: (vm) => change(vm, planStart, { annotations: { [MAINTAIN_STRATEGY_NODE]: undefined } }),
    stop: (vm) => change(vm, planStop),
    restart: (vm) => change(vm, planRestart),
    pause: (vm) => change(vm, planPause),
    unpause: (vm) => change(vm, planUnpause),
    deleteVm: (vm) => change(vm, planDeletion),
    createVm(input) {
      const vm = { namespace: input.namespace, name: input.name };
      if (store.get('virtualmachines', vm.namespace, vm.name) !== undefined) throw new Error(`There is a VM ${formatVm(vm)} already`);
      const os = input.os ?? 'ubuntu';
      const plan = {
        ...vm,
        os: isOsName(os) ? os : ('ubuntu' as const),
        cpuCores: input.cpuCores ?? 2,
        memoryGiB: input.memoryGiB ?? 4,
        power: input.runStrategy === 'Halted' ? ('off' as const) : ('running' as const),
        hostDevice: false,
      };
      const object = createVm(plan, engine.createUid(`vm ${formatVm(vm)}`), clock.now());
      const spec = { ...object.spec, runStrategy: input.runStrategy ?? object.spec.runStrategy };
      return createChange(engine, vm, planCreation(powerInput(vm), { ...object, spec }), input.host ?? null);
    },

    setHostReady(host, status) {
      store.update('nodes', setNodeReady(nodeOf(host), status, clock.now()));
      for (const vmi of store.list('virtualmachineinstances')) {
        if (vmi.status.nodeName !== host || vmi.status.phase !== 'Running') continue;
        const ready =
          status === 'True'
            ? condition('Ready', 'True', clock.now())
            : condition('Ready', 'False', clock.now(), 'PodConditionFalse', 'the virt-launcher pod is not ready: its node is not');
        const conditions = setCondition(vmi.status.conditions, ready);
        store.update('virtualmachineinstances', { ...vmi, status: { ...vmi.status, conditions } });
      }
    },
    cordon: (host) => {
      store.update('nodes', cordonNode(nodeOf(host), clock.now()));
    },
    uncordon: (host) => {
      store.update('nodes', uncordonNode(nodeOf(host)));
    },
    drain(host, { force = false } = {}) {
      nodeOf(host);
      drains.get(host)?.cancel();
      const drain = createDrain(engine, drainCluster, host, force);
      drains.set(host, drain);
      return drain;
    },
    endMaintenance(host) {
      drains.get(host)?.cancel();
      drains.delete(host);
      const off = annotate(nodeOf(host), { [MAINTAIN_STATUS]: null, [DRAIN_REQUESTED]: null, [DRAIN_FORCED]: null });
      store.update('nodes', off);
      store.update('nodes', uncordonNode(nodeOf(host)));
      return store
        .list('virtualmachines')
        .filter(({ metadata }) => metadata.annotations?.[MAINTAIN_STRATEGY_NODE] === host)
        .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }))
        .filter((vm) => !engine.changes.has(formatVm(vm)))
        .map((vm) => change(vm, planStart, { annotations: { [MAINTAIN_STRATEGY_NODE]: undefined } }));
    },
    halt: () => clock.cancelAll(),
    beat() {
      const time = formatTime(clock.now());
      for (const node of store.list('nodes')) {
        const beaten = beatNode(node, clock.now());
        if (beaten !== node) store.update('nodes', annotate(beaten, { [HEARTBEAT]: time }));
      }
    },
  };
}
