/** The API server's schemas as the judge of the simulator: whatever it serves is an object that KubeVirt's definitions accept. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAutopilot } from '../../simulator/autopilot.ts';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { MigrationOutcome } from '../../simulator/migration-timeline.ts';
import type { Cluster, Generation } from '../../simulator/types.ts';
import { findKubeApiServer, installCrds, type KubeApiServer, startKubeApiServer } from '../support/kube-apiserver.ts';
import { type KubeObject, TEST_RESOURCES } from '../support/kube-client.ts';
import { seedApiServer } from './seed.ts';

const assets = findKubeApiServer();
const SERVED = ['nodes', 'namespaces', 'virtualmachines', 'virtualmachineinstances', 'virtualmachineinstancemigrations'] as const;
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
    const { name, namespace } = object.metadata;
    const path = TEST_RESOURCES[resource];
    const current = await server.admin.find(path, name, namespace);
    if (current === undefined) return void (await server.admin.create(path, object));
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
      if (step.object === undefined) continue;
      await write(step.resource as keyof typeof TEST_RESOURCES, step.object as unknown as KubeObject);
      count += 1;
    }
    return count;
  }

  for (const generation of ['ge-1.6', 'le-1.5'] as const satisfies readonly Generation[]) {
    test(`a cluster at rest, and each step of a migration of every outcome (KubeVirt ${generation})`, async () => {
      const cluster = createCluster({ name: generation.replace('.', '-'), hosts: 3, vms: 12, seed: 1, generation, runId: generation });
      if (generation === 'ge-1.6') expect(await seedApiServer(server.admin, cluster)).toBeGreaterThan(3 + 12);
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

/** The fields of an object and the kinds of their values; keys that are uids are one key. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].sort().join('|')}]`;
  if (typeof value !== 'object' || value === null) return value === '' ? 'empty' : typeof value;
  const fields = Object.entries(value).map(([key, field]) => `${key.replace(UID, 'uid')}:${shapeOf(field)}`);
  return `{${[...new Set(fields)].sort().join(',')}}`;
}

const UID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
