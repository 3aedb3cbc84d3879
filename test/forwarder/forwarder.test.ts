/** The whole forwarder between a simulated cluster and an edge, on good days and on bad ones. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Inventory } from '../../core/derive/inventory.ts';
import type { FactKind } from '../../core/facts.ts';
import type { DerivedHost, DerivedVm } from '../../core/model.ts';
import { PROJECTORS } from '../../forwarder/projector.ts';
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { ResourceName } from '../../simulator/objects.ts';
import type { Cluster } from '../../simulator/types.ts';
import { type ForwarderUnderTest, runForwarder } from '../apiserver/running-forwarder.ts';
import { TOKEN } from './edge-double.ts';

let cluster: Cluster;
let served: ServedCluster;
let run: ForwarderUnderTest;

beforeEach(async () => {
  cluster = createCluster({ name: 'harvester', hosts: 3, vms: 12, seed: 1 });
  await serve('1.34');
});
afterEach(async () => {
  await run?.stop();
  await served.close();
});

/** In place of the server before. */
async function serve(kubernetes: '1.33' | '1.34'): Promise<void> {
  await served?.close();
  served = await serveCluster(cluster, { token: 'kube-token', kubernetes });
}

const sortedById = <Entity extends DerivedHost | DerivedVm>(entities: Iterable<Entity>): readonly Entity[] =>
  [...entities].sort((a, b) => (('id' in a ? a.id : a.name) < ('id' in b ? b.id : b.name) ? -1 : 1));

/** Where the simulator keeps what a kind is made of. */
const LISTS: Readonly<Record<FactKind, ResourceName>> = {
  host: 'nodes',
  vm: 'virtualmachines',
  vmi: 'virtualmachineinstances',
  vmim: 'virtualmachineinstancemigrations',
  pod: 'pods',
  kubevirt: 'kubevirts',
  power: 'inventories',
  upgrade: 'upgrades',
  restore: 'virtualmachinerestores',
};
/** The list of target pods has a selector on the wire; here the others fall out by themselves. */
function factOf(kind: FactKind, object: unknown): unknown[] {
  const fact = PROJECTORS[kind](object);
  if (!fact.ok && kind !== 'pod') throw new Error(fact.error);
  return fact.ok ? [fact.value] : [];
}

/** What is so in the cluster now, straight from its objects. */
function truth(): { hosts: readonly DerivedHost[]; vms: readonly DerivedVm[] } {
  const inventory = new Inventory();
  for (const [kind, resource] of Object.entries(LISTS) as [FactKind, ResourceName][]) {
    inventory.replace(kind, cluster.list(resource).flatMap((object) => factOf(kind, object)) as never);
  }
  return { hosts: sortedById(inventory.hosts.values()), vms: sortedById(inventory.vms.values()) };
}
const told = (): ReturnType<typeof truth> => ({ hosts: sortedById(run.edge.hosts.values()), vms: sortedById(run.edge.vms.values()) });
const untilTrue = (): Promise<void> => {
  const expected = JSON.stringify(truth());
  return run.edge.until(() => JSON.stringify(told()) === expected);
};
const UBUNTU = { namespace: 'default', name: 'ubuntu-web-1' };

test('the first picture, and each step of a migration, are what the cluster says', async () => {
  run = await runForwarder(served.kubeconfig);
  await run.edge.until(() => run.edge.isSynced);
  expect(told()).toEqual(truth());
  const move = cluster.migrate(UBUNTU);
  while (move.step() !== null) await untilTrue();
  expect(told().vms.find(({ id }) => id === 'default/ubuntu-web-1')).toMatchObject({ host: move.to, state: 'running' });
  await run.edge.until(() => run.edge.finished.length === 1);
  expect(run.edge.finished).toMatchObject([{ vm: 'default/ubuntu-web-1', outcome: 'succeeded', from: move.from, to: move.to }]);
  expect(run.edge.sessions).toHaveLength(1);
});

test('no part of a spec, an address or the API server’s token leaves the cluster (U7)', async () => {
  run = await runForwarder(served.kubeconfig);
  await run.edge.until(() => run.edge.isSynced);
  cluster.migrate(UBUNTU).finish();
  await untilTrue();
  const text = JSON.stringify(run.edge.batches);
  for (const secret of ['cloud-config', 'not-a-real-password', 'macAddress', 'ipAddress', 'kube-token', 'resourceVersion']) {
    expect(text).not.toContain(secret);
  }
  for (const secret of [TOKEN, 'kube-token']) expect(run.lines.join('')).not.toContain(secret);
});

describe.each(['1.33', '1.34'] as const)(
  'bad days end in the right picture (Kubernetes %s: lists in pages, or as streams)',
  (kubernetes) => {
    beforeEach(() => serve(kubernetes));
    const faults: Readonly<Record<string, () => void>> = {
      'every watch is cut': () => cluster.faults.cutWatches(),
      'the history is gone, and every watch is cut: 410': () => {
        cluster.faults.forgetHistory();
        cluster.faults.cutWatches();
      },
      'the API server fails the next requests': () => {
        cluster.faults.failNext(3, 500);
        cluster.faults.cutWatches();
      },
      'the edge loses an answer': () => run.edge.failNext('cut'),
      'the edge loses a request': () => run.edge.failNext('drop'),
      'the edge fails': () => run.edge.failNext({ status: 503 }, { status: 500 }),
      'another forwarder’s batch number': () => run.edge.failNext({ status: 409, code: 'gap' }),
    };
    test.each(Object.entries(faults))('%s', async (_what, strike) => {
      run = await runForwarder(served.kubeconfig);
      await run.edge.until(() => run.edge.isSynced);
      const move = cluster.migrate(UBUNTU);
      move.stepTo('Running');
      strike();
      move.finish();
      cluster.stop({ namespace: 'default', name: 'debian-mail-1' }).finish();
      cluster.deleteVm({ namespace: 'default', name: 'debian-mail-1' }).finish();
      cluster.cordon(cluster.list('nodes')[0]?.metadata.name ?? '');
      await untilTrue();
      await run.edge.until(() => run.edge.finished.length > 0);
      expect(new Set(run.edge.finished.map(({ id }) => id)).size).toBe(1);
      expect(run.edge.refused.filter((code) => code === 'invalid')).toEqual([]);
    });

    test('all at once, again and again', async () => {
      run = await runForwarder(served.kubeconfig);
      await run.edge.until(() => run.edge.isSynced);
      const names = Object.values(faults);
      for (let turn = 0; turn < 14; turn += 1) {
        const move = cluster.migrate(UBUNTU);
        names[turn % names.length]?.();
        move.finish();
        names[(turn * 3 + 1) % names.length]?.();
        await new Promise(setImmediate);
      }
      await untilTrue();
      const { state } = run.edge.vms.get('default/ubuntu-web-1') ?? {};
      expect(state).toBe('running');
    });
  },
);

test('an API server that only fails is not called alive, and is again when it works', async () => {
  run = await runForwarder(served.kubeconfig);
  await run.edge.until(() => run.edge.isSynced);
  expect(run.forwarder.isWatched).toBe(true);
  cluster.faults.failNext(1_000, 503);
  cluster.faults.cutWatches();
  await run.untilLogged('answers 503');
  expect(run.forwarder.isWatched).toBe(false);
  cluster.faults.clear();
  await run.untilLogged('is watched again');
  expect(run.forwarder.isWatched).toBe(true);
});

describe('a cluster that cannot be watched says why, once, and nothing is sent', () => {
  const causes: Readonly<Record<string, readonly [prepare: () => void | Promise<void>, line: string]>> = {
    'KubeVirt is not installed': [
      () => {
        for (const kind of ['virtualmachines', 'virtualmachineinstances', 'virtualmachineinstancemigrations'] as const) {
          cluster.faults.withoutKind(kind);
        }
      },
      'warn: KubeVirt is not installed in this cluster: no virtualmachineinstances.kubevirt.io\n',
    ],
    'a right to list is missing, where lists come in pages': [
      () => {
        cluster.faults.forbid('list', 'nodes');
        return serve('1.33');
      },
      expect.stringMatching(/^warn: not allowed to list nodes: nodes is forbidden: .*; grant get, list, watch on nodes\n$/),
    ],
    'a right to watch is missing': [
      () => cluster.faults.forbid('watch', 'virtualmachines'),
      expect.stringMatching(
        /^warn: not allowed to watch virtualmachines.kubevirt.io: .*; grant get, list, watch on virtualmachines.kubevirt.io\n$/,
      ),
    ],
    'the uid of kube-system is not to be seen': [
      () => cluster.faults.forbid('get', 'namespaces'),
      expect.stringMatching(/^warn: not allowed to get namespaces: .*; grant get on namespaces\n$/),
    ],
  };
  test.each(Object.entries(causes))('%s', async (_what, [prepare, line]) => {
    await prepare();
    run = await runForwarder(served.kubeconfig);
    await run.untilLogged('warn: ');
    expect(run.edge.sessions).toEqual([]);
    cluster.faults.clear();
    await run.edge.until(() => run.edge.isSynced);
    expect(told()).toEqual(truth());
    expect(run.lines.filter((each) => each.startsWith('warn:'))).toEqual([line]);
  });
});
