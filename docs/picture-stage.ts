/** What the pictures in docs/ show: a few simulated clusters at moments at which something happens, with the real edge and forwarders. */

import { registerCluster } from '../local/registration.ts';
import { serveCluster } from '../simulator/api-server.ts';
import { createCluster } from '../simulator/cluster.ts';
import { serveHandlers } from '../simulator/handler-server.ts';
import type { Cluster, ClusterOptions, VmRef } from '../simulator/types.ts';
import { ADMIN_TOKEN, eventually, startEdgeProcess, startForwarder } from '../test/support/stack.ts';

export interface Stage {
  readonly url: string;
  readonly main: Cluster;
  /** A host that is being emptied, and one of its VMs. */
  readonly drained: string;
  /** A VM with a past: it has moved, and one that is under way. */
  readonly moved: VmRef;
  readonly moving: VmRef;
  close(): Promise<void>;
}

const FLAGS = ['--progress', '--vm-labels', 'app,team,tier'];
/** Names as people give them; the first is the one whose views are shown. */
const OTHERS: readonly ClusterOptions[] = [
  { name: 'berlin-edge', hosts: 3, vms: 18, seed: 11 },
  { name: 'factory', hosts: 4, vms: 31, seed: 12 },
  { name: 'hpc-lab', hosts: 3, vms: 9, seed: 13 },
];

/** How many of the host's VMs have left when the pictures are taken, and between two steps of the drain. */
const GONE_COUNT = 5;
const MAX_STEPS = 600;
const STEP_MS = 120;

export async function openStage(): Promise<Stage> {
  const closing: (() => Promise<unknown>)[] = [];
  const edge = await startEdgeProcess();
  closing.push(() => edge.stop());
  const open = async (options: ClusterOptions): Promise<Cluster> => {
    const cluster = createCluster(options);
    const server = await serveCluster(cluster);
    const handlers = await serveHandlers(cluster);
    const forwarder = await startForwarder(edge, options.name ?? 'harvester', server.kubeconfig, FLAGS);
    closing.push(
      () => forwarder.stop(),
      () => server.close(),
      () => handlers.close(),
    );
    return cluster;
  };
  const main = await open({ name: 'harvester', hosts: 4, vms: 52, seed: 3, deviceShare: 0.06 });
  const [berlin, factory] = await Promise.all(OTHERS.map(open));
  await registerCluster({ url: edge.url, adminToken: ADMIN_TOKEN }, 'new-site', 'new-site');
  if (berlin === undefined || factory === undefined) throw new Error('a cluster of the stage is missing');
  // What happens is to be seen happening: what was over before anybody watched has no times.
  for (const { name } of [{ name: 'harvester' }, ...OTHERS]) await synced(edge.url, `${name}`);
  factory.setHostReady(factory.list('nodes')[1]?.metadata.name ?? '', 'False');
  const [one, two, three] = movable(berlin);
  if (one !== undefined) berlin.migrate({ ...one, outcome: 'failed' }).finish();
  if (two !== undefined) berlin.migrate({ ...two, copyMs: 600_000 }).stepTo('Running');
  if (three !== undefined) berlin.migrate(three).finish();
  return { url: edge.url, main, ...(await play(main)), close: () => closeAll(closing) };
}

const synced = (url: string, cluster: string): Promise<unknown> =>
  eventually(
    async () => (await fetch(`${url}/api/v1/clusters/${cluster}`)).json() as Promise<{ cursor: string | null }>,
    ({ cursor }) => cursor !== null,
    `${cluster} has spoken`,
  );

const closeAll = async (closing: readonly (() => Promise<unknown>)[]): Promise<void> => {
  for (const close of [...closing].reverse()) await close();
};

/** VMs that run and can move. */
const movable = (on: Cluster): VmRef[] =>
  on
    .list('virtualmachineinstances')
    .filter(
      ({ status }) =>
        status.phase === 'Running' && status.conditions?.some(({ type, status: is }) => type === 'LiveMigratable' && is === 'True'),
    )
    .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name }));

/** Some moves that are over, one that failed, one under way, one that waits, and a host that is being emptied. */
async function play(on: Cluster): Promise<Pick<Stage, 'drained' | 'moved' | 'moving'>> {
  const [first, second, third, fourth] = movable(on);
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error('the stage has too few VMs that can move');
  on.migrate(first).finish();
  on.migrate({ ...third, outcome: 'failed' }).finish();
  on.migrate({ ...second, copyMs: 600_000 }).stepTo('Running');
  on.migrate(fourth).stepTo('Pending');
  const busy = new Set(on.moves.flatMap(({ from, to }) => [from, to]));
  const host = on
    .list('nodes')
    .map(({ metadata }) => metadata.name)
    .find((name) => !busy.has(name));
  if (host === undefined) throw new Error('the stage has no quiet host');
  const drain = on.drain(host, { force: true });
  // Far enough that some have left, some are on their way, and some wait.
  const residents = (): number => on.list('virtualmachineinstances').filter(({ status }) => status.nodeName === host).length;
  const wanted = residents() - GONE_COUNT;
  for (let step = 0; step < MAX_STEPS && residents() > wanted; step++) {
    drain.step();
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  for (let step = 0; step < 10; step++) drain.step();
  return { drained: host, moved: first, moving: second };
}
