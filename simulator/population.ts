/** Fills a new cluster's store: hosts, namespaces, VMs, and the instances of those that run, as if they had for days. */
import { type Engine, formatVm, makeStep, readContext } from './engine.ts';
import { createNamespace, createNode, DRAIN_TAINT, formatHostName, makeWitness } from './host-objects.ts';
import { planVms, type VmPlan } from './inventory.ts';
import { type HostLoad, planHostMemoryGiB, readLoads, selectHost } from './placement.ts';
import { planCreation, planPause } from './power-steps.ts';
import { deriveUid } from './random.ts';
import { createInventory, createKubeVirt } from './system-objects.ts';
import { releaseOf } from './traits.ts';
import { createVm } from './vm-objects.ts';

const GIB = 1024 ** 3;
const DAY_MS = 24 * 60 * 60 * 1000;
const VM_AGE_MS = 9 * DAY_MS;
const HOST_AGE_MS = 40 * DAY_MS;
const HOST_CPU_CORES = 32;

function populateHosts(engine: Engine, plans: readonly VmPlan[], { hosts: count, witness }: PopulationOptions): void {
  const totalGiB = plans.reduce((sum, plan) => sum + plan.memoryGiB, 0);
  const largestGiB = plans.reduce((max, plan) => Math.max(max, plan.memoryGiB), 0);
  const memoryGiB = planHostMemoryGiB(totalGiB, count, largestGiB);
  const total = witness ? count + 1 : count;
  for (let index = 0; index < total; index += 1) {
    const name = formatHostName(index, total);
    const uid = engine.createUid(`node ${name}`);
    const node = createNode({ name, index, cpuCores: HOST_CPU_CORES, memoryGiB, uid }, engine.clock.now() - HOST_AGE_MS);
    engine.store.create('nodes', index === count ? makeWitness(node) : node);
  }
}

function populateNamespaces(engine: Engine, clusterName: string, wanted: readonly string[]): void {
  const names = new Set(['default', 'harvester-system', 'kube-system', ...wanted]);
  for (const name of names) {
    // kube-system's uid is what tells one cluster from another, so it must outlive a restart of the simulator.
    const uid = name === 'kube-system' ? deriveUid('kube-system', clusterName) : engine.createUid(`namespace ${name}`);
    engine.store.create('namespaces', createNamespace(name, uid, engine.clock.now() - HOST_AGE_MS));
  }
}

function populateVm(engine: Engine, plan: VmPlan, host: string | null): void {
  const vm = { namespace: plan.namespace, name: plan.name };
  const nowMs = engine.clock.now() - VM_AGE_MS;
  const object = createVm(plan, engine.createUid(`vm ${formatVm(vm)}`), nowMs);
  const input = {
    ...vm,
    vmName: plan.name,
    vmiUid: engine.createUid(`vmi ${formatVm(vm)}`),
    podUid: engine.createUid('pod'),
    kubevirt: engine.kubevirt,
  };
  const started = plan.power === 'off' ? planCreation(input, object).slice(0, 1) : planCreation(input, object);
  const steps = plan.power === 'paused' ? [...started, ...planPause(input)] : started;
  for (const step of steps) {
    if (step.schedules === true && host === null) break;
    makeStep(engine, step, { ...readContext(engine, vm, null, host), nowMs });
  }
}

/** What KubeVirt and Harvester keep of themselves. */
function populateSystem(engine: Engine, inventories: boolean): void {
  const { store, kubevirt, parallelMigrationsPerCluster, parallelOutboundMigrationsPerNode } = engine;
  const nowMs = engine.clock.now() - HOST_AGE_MS;
  const migrations = { nodeDrainTaintKey: DRAIN_TAINT, parallelMigrationsPerCluster, parallelOutboundMigrationsPerNode };
  const named = { name: 'kubevirt', uid: engine.createUid('kubevirt'), nowMs };
  store.create('kubevirts', createKubeVirt(named, releaseOf(kubevirt), migrations));
  if (!inventories) return;
  for (const { metadata } of store.list('nodes')) {
    store.create('inventories', createInventory({ name: metadata.name, uid: engine.createUid(`inventory ${metadata.name}`), nowMs }));
  }
}

export interface PopulationOptions {
  readonly name: string;
  readonly hosts: number;
  readonly vms: number;
  readonly deviceShare: number | undefined;
  readonly namespaces: readonly string[];
  readonly inventories: boolean;
  readonly witness: boolean;
}

export function populate(engine: Engine, options: PopulationOptions): void {
  const plans = planVms(options.vms, engine.random, options.deviceShare);
  populateHosts(engine, plans, options);
  populateNamespaces(engine, options.name, [...plans.map(({ namespace }) => namespace), ...options.namespaces]);
  populateSystem(engine, options.inventories);
  let loads: readonly HostLoad[] = readLoads(engine.store);
  for (const plan of plans) {
    const host = plan.power === 'off' ? null : selectHost(loads, plan.memoryGiB * GIB);
    populateVm(engine, plan, host);
    loads = loads.map((load) => (load.name === host ? { ...load, usedBytes: load.usedBytes + plan.memoryGiB * GIB } : load));
  }
}
