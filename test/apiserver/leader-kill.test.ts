/**
 * The leader of two forwarders is killed with -9 while 50 migrations run (SPEC T1, T8, U1, L1–L4): the standby carries on, no frame
 * shows a VM where it was not, and what the room remembers stays remembered.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Frame } from '../../core/downlink.ts';
import { lanesOf } from '../../core/lanes.ts';
import type { Vm } from '../../core/model.ts';
import { registerCluster } from '../../local/registration.ts';
import { type ApiServerCluster, startApiServerCluster } from '../support/api-server-cluster.ts';
import { inParallel } from '../support/in-parallel.ts';
import { findKubeApiServer } from '../support/kube-apiserver.ts';
import { type ResourcePath, TEST_RESOURCES } from '../support/kube-client.ts';
import type { MigrationDrive } from '../support/migration-script.ts';
import type { TestProcess } from '../support/processes.ts';
import { ADMIN_TOKEN, type EdgeProcess, eventually, startEdgeProcess, startForwarderWith } from '../support/stack.ts';
import { readRoom, untilEqual } from '../support/truth.ts';
import { openViewer, type Viewer } from '../support/viewer.ts';

const assets = findKubeApiServer();
const SIZE = { hosts: 6, vms: 64 };
const MIGRATIONS = 50;
/** Of them: their VMs failed twice before, and fail again. */
const FAILING = 5;
/** Of them: go on only once the standby leads. */
const HELD = 15;
const PARALLEL_COUNT = 10;
const TIMEOUT_MS = 300_000;
const LEASE = { namespace: 'default', name: 'hostview-forwarder' };
const LEASES: ResourcePath = { api: '/apis/coordination.k8s.io/v1', plural: 'leases', hasStatus: false };
const { clusterroles, clusterrolebindings, virtualmachineinstances } = TEST_RESOURCES;

interface Journey {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly fails: boolean;
  readonly drive: MigrationDrive;
  /** Whether the update in which nodeName flips was sent off. */
  mayHaveArrived: boolean;
  /** Whether it was shown on its target. */
  hasArrived: boolean;
}

describe.skipIf(assets === null)('the leader is killed', () => {
  let cluster: ApiServerCluster;
  let edge: EdgeProcess;
  let viewer: Viewer;
  const replicas = new Map<string, TestProcess>();
  /** What was wrong in a frame. */
  const wrong: string[] = [];
  const journeys = new Map<string, Journey>();

  beforeAll(async () => {
    cluster = await startApiServerCluster(assets ?? '', SIZE);
    const metadata = { name: 'leases' };
    await cluster.server.admin.create(clusterroles, {
      metadata,
      rules: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }],
    });
    await cluster.server.admin.create(clusterrolebindings, {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'leases' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'forwarder' }],
    });
    edge = await startEdgeProcess();
    const token = await registerCluster({ url: edge.url, adminToken: ADMIN_TOKEN }, 'lab', 'lab');
    for (const name of ['one', 'two']) {
      const args = ['--lease', `${LEASE.namespace}/${LEASE.name}`, '--identity', name];
      replicas.set(name, await startForwarderWith(edge.url, 'lab', token, cluster.server.forwarderKubeConfig, args));
    }
    await untilEqual(edge.url, 'lab', cluster.server.forwarder);
  }, TIMEOUT_MS);
  afterAll(async () => {
    viewer?.close();
    for (const replica of replicas.values()) await replica.stop();
    await edge?.stop();
    await cluster?.stop();
  });

  async function leader(): Promise<string> {
    const { spec } = await cluster.server.admin.get(LEASES, LEASE.name, LEASE.namespace);
    const holder = String((spec as { holderIdentity?: string }).holderIdentity);
    return [...replicas.keys()].find((name) => holder.startsWith(name)) ?? '';
  }

  async function plan(): Promise<void> {
    const instances = await cluster.server.admin.list(virtualmachineinstances);
    const running = instances.filter(({ status }) => (status as { phase?: string }).phase === 'Running').slice(0, MIGRATIONS);
    expect(running).toHaveLength(MIGRATIONS);
    for (const [index, { metadata, status }] of running.entries()) {
      const { name, namespace = '' } = metadata;
      const from = (status as { nodeName: string }).nodeName;
      const to = cluster.hosts[(cluster.hosts.indexOf(from) + 1 + (index % (SIZE.hosts - 1))) % SIZE.hosts] ?? '';
      const fails = index < FAILING;
      const drive = await cluster.migrate(namespace, name, to, '1.6', fails ? 'failed' : 'succeeded');
      journeys.set(`${namespace}/${name}`, {
        id: `${namespace}/${name}`,
        namespace,
        name,
        from,
        to,
        fails,
        drive,
        mayHaveArrived: false,
        hasArrived: false,
      });
    }
  }

  async function step(journey: Journey): Promise<boolean> {
    const { steps } = journey.drive;
    // The flip is seen as soon as it is written, which is before the answer is here.
    const flip = steps.findIndex(({ name }) => name === 'Switched');
    if (!journey.fails && made(journey) >= flip - 1) journey.mayHaveArrived = true;
    const done = await journey.drive.step();
    madeOf.set(journey.id, done === null ? steps.length : steps.indexOf(done) + 1);
    return done !== null;
  }
  const madeOf = new Map<string, number>();
  const made = ({ id }: Journey): number => madeOf.get(id) ?? 0;

  /** Holds what a frame shows of a VM against where the VM can be. */
  function judge(vm: Vm): void {
    const journey = journeys.get(vm.id);
    const { settled, leaving, arriving } = lanesOf(vm);
    const say = (what: string): void => void wrong.push(`${vm.id} ${what}: ${JSON.stringify({ host: vm.host, transit: vm.transit })}`);
    if (vm.host !== null && (settled === null) === (leaving === null)) say('is in no list, or in two');
    if (journey === undefined) return;
    const { from, to, mayHaveArrived } = journey;
    if (vm.host === null) say('is on no host');
    else if (vm.host === to && !mayHaveArrived) say('is on its target too early');
    else if (vm.host !== from && vm.host !== to) say('is on a host that it never was on');
    else if (vm.host === from && journey.hasArrived) say('is back on its source');
    if (arriving !== null && arriving !== to) say('arrives at a host that is not its target');
    if (vm.host === to) journey.hasArrived = true;
  }

  const vmsOfRoom = async (): Promise<ReadonlyMap<string, Vm>> => new Map((await readRoom(edge.url, 'lab')).vms.map((vm) => [vm.id, vm]));

  test(
    'the standby carries on, no frame lies, nothing is forgotten',
    async () => {
      await plan();
      // A past: these failed twice.
      await inParallel(
        [...journeys.values()].filter(({ fails }) => fails),
        PARALLEL_COUNT,
        async ({ namespace, name, to }) => {
          for (let time = 0; time < 2; time++) await (await cluster.migrate(namespace, name, to, '1.6', 'failed')).finish();
        },
      );
      await untilEqual(edge.url, 'lab', cluster.server.forwarder);

      viewer = await openViewer(edge.url, 'lab', {
        onEvent: ({ event, data }) => {
          if (event !== 'frame') return;
          const { vms = [], goneVms = [] } = data as Frame;
          for (const vm of vms) judge(vm);
          for (const id of goneVms) wrong.push(`${id} is gone`);
        },
      });
      // Each is as far as its turn says: from waiting to having arrived.
      const all = [...journeys.values()];
      await inParallel(all, PARALLEL_COUNT, async (journey) => {
        const count = 2 + ((all.indexOf(journey) * 7) % (journey.drive.steps.length - 2));
        while (made(journey) < count && (await step(journey)));
      });
      await untilEqual(edge.url, 'lab', cluster.server.forwarder);
      const before = await vmsOfRoom();
      expect([...before.values()].filter(({ transit }) => transit !== undefined).length).toBeGreaterThan(MIGRATIONS / 2);
      for (const { id } of all.slice(0, FAILING)) expect(before.get(id)?.lastMigration?.tries, id).toBeGreaterThanOrEqual(2);

      const killed = await leader();
      expect([...replicas.keys()]).toContain(killed);
      replicas.get(killed)?.kill('SIGKILL');
      await replicas.get(killed)?.exited;
      const finish = async (journey: Journey): Promise<void> => {
        while (await step(journey));
      };
      await inParallel(all.slice(0, MIGRATIONS - HELD), PARALLEL_COUNT, finish);
      const next = await eventually(leader, (name) => name !== killed && name !== '', 'the standby leads', 90_000);
      await untilEqual(edge.url, 'lab', cluster.server.forwarder);

      const taken = await vmsOfRoom();
      for (const [id, vm] of taken) {
        const was = before.get(id);
        if (vm.transit?.id === was?.transit?.id) expect([id, vm.transit?.startedAt]).toEqual([id, was?.transit?.startedAt]);
        if (was?.lastMigration !== undefined && !journeys.has(id)) expect([id, vm.lastMigration]).toEqual([id, was.lastMigration]);
        if (was?.lastMigration !== undefined) expect(vm.lastMigration, id).toBeDefined();
      }
      await inParallel(all.slice(MIGRATIONS - HELD), PARALLEL_COUNT, finish);
      await untilEqual(edge.url, 'lab', cluster.server.forwarder);

      const end = await vmsOfRoom();
      for (const { id, from, to, fails } of all) {
        const { host, lastMigration, previous } = end.get(id) ?? {};
        expect([id, host]).toEqual([id, fails ? from : to]);
        expect(lastMigration, id).toMatchObject(fails ? { outcome: 'failed', tries: 3 } : { outcome: 'succeeded', from, to });
        expect(previous?.host, id).toBe(fails ? undefined : from);
      }
      expect(wrong).toEqual([]);
      expect(viewer.events.filter(({ event }) => event === 'snapshot').length, 'the stream went on').toBe(1);
      expect(next).not.toBe(killed);
      expect(replicas.get(next)?.output()).not.toContain('superseded');
    },
    TIMEOUT_MS,
  );
});
