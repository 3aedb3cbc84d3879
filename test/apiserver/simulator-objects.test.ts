/** The API server's schemas as the judge of the simulator: whatever it serves is an object that KubeVirt's definitions accept. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAutopilot } from '../../simulator/autopilot.ts';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { MigrationOutcome } from '../../simulator/migration-timeline.ts';
import type { ResourceName } from '../../simulator/objects.ts';
import { clusterOptionsFor, createScenario } from '../../simulator/scenario-run.ts';
import { SCENARIO_NAMES, SCENARIOS } from '../../simulator/scenarios/registry.ts';
import { isSince, type KubeVirtVersion } from '../../simulator/traits.ts';
import type { Cluster, StepReport } from '../../simulator/types.ts';
import { findKubeApiServer, installCrds, type KubeApiServer, startKubeApiServer } from '../support/kube-apiserver.ts';
import { type KubeObject, TEST_RESOURCES } from '../support/kube-client.ts';
import { isLong } from '../support/runs.ts';
import { seedApiServer } from './seed.ts';

const assets = findKubeApiServer();
const SERVED = ['nodes', 'namespaces', 'virtualmachines', 'virtualmachineinstances', 'virtualmachineinstancemigrations', 'pods'] as const;
/** Of these the server has no definition: KubeVirt's own is not among the CRDs, and the others are Harvester's. */
const SKIPPED: readonly ResourceName[] = ['kubevirts', 'inventories', 'upgrades', 'virtualmachinerestores', 'leases'];
const isServed = (resource: ResourceName): resource is (typeof SERVED)[number] => SERVED.some((served) => served === resource);
/** Kinds without defaults: what is there is what was written. */
const KEPT_WHOLE = ['virtualmachines', 'virtualmachineinstances', 'virtualmachineinstancemigrations'] as const;
const PLAYED = SCENARIO_NAMES.filter((name) => SCENARIOS[name].simulatedOnly !== true);
const OUTCOMES: readonly MigrationOutcome[] = ['succeeded', 'failed', 'failed-before-handoff', 'aborted', 'aborted-before-handoff'];

describe.skipIf(assets === null)('every object that the simulator serves is accepted', () => {
  let server: KubeApiServer;

  beforeAll(async () => {
    server = await startKubeApiServer(assets ?? '');
    await installCrds(server.admin);
  });

  afterAll(() => server?.stop());

  /** An object as the cluster has it now, written over the one on the server, or created. */
  async function write(resource: keyof typeof TEST_RESOURCES, object: KubeObject): Promise<void> {
    const { name, namespace = '' } = object.metadata;
    const path = TEST_RESOURCES[resource];
    const current = await server.admin.find(path, name, object.metadata.namespace);
    // Most of a pod cannot be changed: its next state is a new one of the same name.
    if (path === TEST_RESOURCES.pods && current !== undefined) await server.admin.removePod(name, namespace);
    if (path === TEST_RESOURCES.pods || current === undefined) return void (await server.admin.create(path, object));
    // Marked as being deleted, the object would go with its last finalizer, before its last state could be tried.
    const { deletionTimestamp: _at, deletionGracePeriodSeconds: _grace, ...metadata } = object.metadata;
    const own = { ...metadata, uid: current.metadata.uid ?? '', resourceVersion: current.metadata.resourceVersion ?? '' };
    const written = await server.admin.replace(path, {
      ...object,
      metadata: { ...own, creationTimestamp: current.metadata.creationTimestamp },
    });
    if (path.hasStatus && object.status !== undefined) await server.admin.replaceStatus(path, { ...written, status: object.status });
  }

  async function writeMoves(cluster: Cluster, outcome: MigrationOutcome): Promise<number> {
    const move = cluster.migrate({ namespace: 'default', name: 'ubuntu-web-1', outcome });
    let count = 0;
    for (let step = move.step(); step !== null; step = move.step()) {
      if (await writeReport(step)) count += 1;
    }
    return count;
  }

  /** Whether there was something to write: an object, of a kind that the server has. */
  async function writeReport({ resource, object }: StepReport): Promise<boolean> {
    if (object === undefined || !isServed(resource)) return false;
    await write(resource, object as unknown as KubeObject);
    return true;
  }

  /** No field that was written is unknown to the definitions: the server drops those without a word. */
  async function expectKept({ resource, object }: StepReport): Promise<void> {
    if (object === undefined || !KEPT_WHOLE.some((kind) => kind === resource)) return;
    const { name, namespace } = object.metadata;
    const kept = await server.admin.get(TEST_RESOURCES[resource as (typeof KEPT_WHOLE)[number]], name, namespace);
    expect(withoutEmpty(kept.spec), `spec of ${resource} ${name}`).toEqual(withoutEmpty(object.spec));
    if ('status' in object) expect(withoutEmpty(kept.status), `status of ${resource} ${name}`).toEqual(withoutEmpty(object.status));
  }

  for (const kubevirt of ['1.6', '1.5'] as const satisfies readonly KubeVirtVersion[]) {
    test(`a cluster at rest, and each step of a migration of every outcome (KubeVirt ${kubevirt})`, async () => {
      const cluster = createCluster({ name: kubevirt.replace('.', '-'), hosts: 3, vms: 12, seed: 1, kubevirt, runId: kubevirt });
      if (kubevirt === '1.6') expect(await seedApiServer(server.admin, cluster)).toBeGreaterThan(3 + 12);
      for (const outcome of OUTCOMES) expect(await writeMoves(cluster, outcome)).toBeGreaterThan(10);
    });
  }

  test('each shape of object that an hour of the autopilot brings forth: moves, power, maintenance', async () => {
    const clock = createVirtualClock();
    const cluster = createCluster({ name: 'hour', hosts: 3, vms: 12, seed: 1, runId: 'hour', clock });
    const shapes = new Map<string, { readonly resource: (typeof SERVED)[number]; readonly object: KubeObject }>();
    const seen = new Set<string>();
    for (const resource of SERVED) {
      const collect = (): void => {
        for (const object of cluster.list(resource)) {
          const version = `${resource} ${object.metadata.resourceVersion}`;
          if (seen.has(version)) continue;
          seen.add(version);
          const shape = `${resource} ${shapeOf(object)}`;
          if (!shapes.has(shape)) shapes.set(shape, { resource, object: object as unknown as KubeObject });
        }
      };
      collect();
      cluster.store.subscribe(resource, collect);
    }
    const autopilot = startAutopilot(cluster);
    for (let minute = 0; minute < 60; minute++) clock.advance(60_000);
    autopilot.stop();
    expect(shapes.size).toBeGreaterThan(50);
    for (const { resource, object } of shapes.values()) await write(resource, object);
  });

  const tried = new Set<string>();
  /** An object with other fields, or other words in them, than those before: one in seven. In the long lane every one is tried. */
  function isNew({ resource, object }: StepReport): boolean {
    const shape = `${resource} ${shapeOf(object, true)}`;
    if (!isLong && tried.has(shape)) return false;
    tried.add(shape);
    return true;
  }

  test.each(PLAYED)('the objects that the scenario %s brings forth', async (name) => {
    const cluster = createCluster(clusterOptionsFor(name, { kubevirt: '1.9', clock: createVirtualClock(), runId: name }));
    for (const namespace of cluster.list('namespaces')) await write('namespaces', namespace as unknown as KubeObject);
    const run = createScenario(cluster, name);
    const reports = [...run.finish(), ...run.restore().finish()];
    let count = 0;
    for (const report of reports) {
      if (report.object === undefined || !isServed(report.resource)) continue;
      count += 1;
      if (!isNew(report)) continue;
      await writeReport(report);
      await expectKept(report);
    }
    const skipped = reports.filter(({ resource }) => !isServed(resource)).map(({ resource }) => resource);
    expect(SKIPPED).toEqual(expect.arrayContaining(skipped));
    const gone = reports.filter(({ resource, object }) => isServed(resource) && object === undefined).length;
    expect(count + gone + skipped.length).toBe(reports.length);
    expect(count).toBeGreaterThan(0);
  });

  test('each shape of object that the scenarios bring forth on KubeVirt 1.5', async () => {
    const shapes = new Map<string, StepReport>();
    for (const name of PLAYED.filter((played) => isSince('1.5', SCENARIOS[played].since ?? '1.2'))) {
      const cluster = createCluster(clusterOptionsFor(name, { kubevirt: '1.5', clock: createVirtualClock(), runId: `${name}-1-5` }));
      for (const namespace of cluster.list('namespaces')) await write('namespaces', namespace as unknown as KubeObject);
      for (const report of createScenario(cluster, name).finish()) {
        const shape = `${report.resource} ${shapeOf(report.object)}`;
        if (!shapes.has(shape)) shapes.set(shape, report);
      }
    }
    expect(shapes.size).toBeGreaterThan(50);
    for (const report of shapes.values()) await writeReport(report);
  });

  test('what the server keeps of an instance is what was written: no field of it is unknown to the definitions', async () => {
    const cluster = createCluster({ name: 'fields', hosts: 3, vms: 12, seed: 2, runId: 'fields' });
    for (const vmi of cluster.list('virtualmachineinstances')) {
      await write('virtualmachineinstances', vmi as unknown as KubeObject);
      const kept = await server.admin.get(TEST_RESOURCES.virtualmachineinstances, vmi.metadata.name, vmi.metadata.namespace);
      expect(kept.spec).toEqual(JSON.parse(JSON.stringify(vmi.spec)));
      expect(kept.status).toEqual(JSON.parse(JSON.stringify(vmi.status)));
    }
  });
});

/** As it travels, and without empty texts, which an old server is not sent. */
function withoutEmpty(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? {}, (_key, field) => (field === '' ? undefined : field)));
}

/** The fields of an object and the kinds of their values; keys that are uids are one key. `keepsWords`: of an enumeration, `Running`. */
function shapeOf(value: unknown, keepsWords = false): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map((item) => shapeOf(item, keepsWords)))].sort().join('|')}]`;
  if (typeof value === 'string' && keepsWords && WORD.test(value)) return value;
  if (typeof value !== 'object' || value === null) return value === '' ? 'empty' : typeof value;
  const fields = Object.entries(value).map(([key, field]) => `${key.replace(UID, 'uid')}:${shapeOf(field, keepsWords)}`);
  return `{${[...new Set(fields)].sort().join(',')}}`;
}

const WORD = /^[A-Z][A-Za-z]*$/;
const UID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
