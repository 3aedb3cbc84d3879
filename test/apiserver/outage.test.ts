/** The edge is down while the cluster goes on (SPEC U4, T8): bounded memory, then the present, and every end of a migration. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../core/model.ts';
import { SkippingClock } from '../forwarder/skipping-clock.ts';
import { type ApiServerCluster, startApiServerCluster } from '../support/api-server-cluster.ts';
import { heapInUse } from '../support/heap.ts';
import { inParallel } from '../support/in-parallel.ts';
import { findKubeApiServer } from '../support/kube-apiserver.ts';
import { TEST_RESOURCES } from '../support/kube-client.ts';
import { type Patient, startPatient } from '../support/patient.ts';
import { startEdgeProcess } from '../support/stack.ts';
import { readRoom, truthOf, truthOfPicture } from '../support/truth.ts';
import { runForwarder } from './running-forwarder.ts';

const assets = findKubeApiServer();
const { nodes, virtualmachineinstances, virtualmachineinstancemigrations } = TEST_RESOURCES;
const MINUTES = 60;
const MINUTE_MS = 60_000;
const PARALLEL_COUNT = 8;
const CHANGES_PER_MINUTE = 60;
/** A migration ends in every second minute. */
const MINUTES_PER_MIGRATION = 2;
/** After this many minutes everything that waits has its size: each VM and host has changed. */
const WARM_UP_MINUTES = 10;
/** Half of what 50 minutes of changes would be, were each kept as one small object; the collector leaves no two heaps alike. */
const MAX_GROWTH_BYTES = 1_500_000;
const HOUR_TEST_TIMEOUT_MS = 240_000;

interface VmName {
  readonly name: string;
  readonly namespace: string;
}

describe.skipIf(assets === null)('the edge is down', () => {
  let cluster: ApiServerCluster;
  let vms: readonly VmName[];

  beforeAll(async () => {
    cluster = await startApiServerCluster(assets ?? '');
    const instances = await cluster.server.admin.list(virtualmachineinstances);
    vms = instances
      .filter(({ status }) => (status as { phase?: string }).phase === 'Running')
      .map(({ metadata }) => ({ name: metadata.name, namespace: metadata.namespace ?? '' }));
  });
  afterAll(() => cluster?.stop());

  const vmAt = (turn: number): VmName => vms[turn % vms.length] ?? { name: '', namespace: '' };

  async function move({ namespace, name }: VmName): Promise<void> {
    const source = await cluster.placementOf(namespace, name);
    const drive = await cluster.migrate(namespace, name, cluster.hosts.find((host) => host !== source) ?? source, '1.6');
    await drive.finish();
  }

  const isOfHost = (turn: number): boolean => turn % 10 === 0;
  /** Instances become ready and not ready, hosts are cordoned and not. */
  async function change(turn: number): Promise<void> {
    if (isOfHost(turn)) {
      const name = cluster.hosts[(turn / 10) % cluster.hosts.length] ?? '';
      await cluster.server.admin.patch(nodes, { name }, { spec: { unschedulable: (turn / 10) % 20 < 10 } });
      return;
    }
    const conditions = [{ type: 'Ready', status: Math.floor(turn / vms.length) % 2 === 0 ? 'False' : 'True' }];
    await cluster.server.admin.patch(virtualmachineinstances, vmAt(turn), { status: { conditions } });
  }

  /** What KubeVirt does with those that are over, only sooner: after this nothing in the cluster tells of them. */
  async function collectMigrations(ended: Map<string, string>): Promise<void> {
    for (const { metadata, spec } of await cluster.server.admin.list(virtualmachineinstancemigrations)) {
      ended.set(metadata.uid ?? '', `${metadata.namespace}/${(spec as { vmiName: string }).vmiName}`);
      await cluster.server.admin.delete(virtualmachineinstancemigrations, metadata.name, metadata.namespace);
    }
  }

  test(
    'for an hour: memory stays flat, the first that is heard is the present, and no end is missing',
    async () => {
      const clock = new SkippingClock();
      const run = await runForwarder(cluster.server.forwarderKubeConfig, { clock });
      try {
        await run.edge.until(() => run.edge.isSynced);
        run.edge.goAway();
        const batchCount = run.edge.batches.length;
        const ended = new Map<string, string>();
        let heapBefore = 0;
        for (let minute = 0; minute < MINUTES; minute++) {
          const turns = Array.from({ length: CHANGES_PER_MINUTE }, (_, index) => minute * CHANGES_PER_MINUTE + index);
          // The one that moves is left alone meanwhile, or its writes would be refused.
          const moving = minute % MINUTES_PER_MIGRATION === 0 ? vmAt(minute / MINUTES_PER_MIGRATION) : null;
          const others = turns.filter((turn) => isOfHost(turn) || vmAt(turn) !== moving);
          await Promise.all([moving === null ? null : move(moving), inParallel(others, PARALLEL_COUNT, change)]);
          await collectMigrations(ended);
          clock.skip(MINUTE_MS);
          if (minute === WARM_UP_MINUTES) heapBefore = await heapInUse();
        }
        const grownBytes = (await heapInUse()) - heapBefore;
        expect(grownBytes).toBeLessThan(MAX_GROWTH_BYTES);
        expect(run.edge.batches.length, 'nothing came through').toBe(batchCount);

        const truth = await truthOf(cluster.server.forwarder);
        run.edge.comeBack();
        clock.skip(MINUTE_MS);
        const next = (): readonly string[] => run.edge.batches.slice(batchCount).map(({ kind }) => kind);
        await run.edge.until(() => next().includes('sync-commit'));
        expect(new Set(next()), 'the present, not what happened meanwhile').toEqual(new Set(['sync-part', 'sync-commit']));
        expect(truthOfPicture(run.edge.hosts.values(), run.edge.vms.values())).toEqual(truth);
        expect(ended.size).toBe(MINUTES / MINUTES_PER_MIGRATION);
        expect(new Map(run.edge.finished.map(({ id, vm }) => [id, vm]))).toEqual(ended);
        expect(new Set(run.edge.finished.map(({ outcome }) => outcome))).toEqual(new Set(['succeeded']));
        expect(run.edge.refused).toEqual([]);
      } finally {
        await run.stop();
      }
    },
    HOUR_TEST_TIMEOUT_MS,
  );

  test('a real one, killed while migrations end: it knows of each when it is back', async () => {
    const edge = await startEdgeProcess();
    let patient: Patient | undefined;
    try {
      patient = await startPatient(edge, 'outage', cluster.server.forwarderKubeConfig, cluster.server.forwarder);
      // Its stream would break off with the edge.
      patient.stopLooking();
      const moving = vms.slice(0, 5);
      const fresh = Object.fromEntries(
        moving.map(({ namespace, name }) => [`${namespace}/${name}`, { outcome: 'succeeded' as Outcome, from: '', to: '' }]),
      );
      await edge.kill();
      for (const vm of moving) {
        const end = fresh[`${vm.namespace}/${vm.name}`];
        if (end === undefined) continue;
        end.from = await cluster.placementOf(vm.namespace, vm.name);
        await move(vm);
        end.to = await cluster.placementOf(vm.namespace, vm.name);
      }
      await collectMigrations(new Map());
      await edge.restart();
      await patient.untilEqual();
      const room = await readRoom(edge.url, 'outage');
      for (const [id, end] of Object.entries(fresh)) {
        const vm = room.vms.find((known) => known.id === id);
        expect([id, vm?.host]).toEqual([id, end.to]);
        expect(vm?.lastMigration, id).toMatchObject(end);
      }
    } finally {
      await patient?.stop();
      await edge.stop();
    }
  });
});
