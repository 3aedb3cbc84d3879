/** Changes of every sort on a real API server, for tests that look whether somebody who was away learns of all of them. */
import type { ApiServerCluster } from './api-server-cluster.ts';
import { TEST_RESOURCES } from './kube-client.ts';

/** A VM has moved, another is on its way, a third was shut down and its instance is gone; there is a new VM, and a host is cordoned. */
export async function stir(cluster: ApiServerCluster): Promise<void> {
  const { server, hosts } = cluster;
  const { nodes, virtualmachines, virtualmachineinstances } = TEST_RESOURCES;
  const [moved, moving, stopped] = await untouchedVms(cluster);

  const move = await cluster.migrate(moved.namespace, moved.name, await elsewhere(cluster, moved), '1.6');
  await move.finish();
  const way = await cluster.migrate(moving.namespace, moving.name, await elsewhere(cluster, moving), '1.6');
  await way.stepTo('Running');

  await server.admin.patch(virtualmachines, stopped, { spec: { runStrategy: 'Halted' } });
  await server.admin.patch(virtualmachineinstances, stopped, { metadata: { finalizers: null } });
  await server.admin.delete(virtualmachineinstances, stopped.name, stopped.namespace);
  await server.admin.patchStatus(virtualmachines, stopped, { status: { printableStatus: 'Stopped', created: false, ready: false } });

  const model = await server.admin.get(virtualmachines, stopped.name, stopped.namespace);
  await server.admin.create(virtualmachines, { ...model, metadata: { name: 'new-1', namespace: stopped.namespace } });

  await server.admin.patch(nodes, { name: hosts[0] ?? '' }, { spec: { unschedulable: true } });
}

interface VmName {
  readonly name: string;
  readonly namespace: string;
}

/** Of the VMs whose instances run and have never been moved here, in the order of their names. */
async function untouchedVms({ server }: ApiServerCluster): Promise<readonly [VmName, VmName, VmName]> {
  const vmis = await server.admin.list(TEST_RESOURCES.virtualmachineinstances);
  const running = vmis.filter(({ status }) => {
    const { phase, migrationState } = (status ?? {}) as { phase?: string; migrationState?: unknown };
    return phase === 'Running' && migrationState === undefined;
  });
  const names = running.map(({ metadata }) => ({ name: metadata.name, namespace: metadata.namespace ?? '' }));
  const [first, second, third] = names;
  if (first === undefined || second === undefined || third === undefined)
    throw new Error(`it takes three VMs that run, there are ${names.length}`);
  return [first, second, third];
}

async function elsewhere({ hosts, placementOf }: ApiServerCluster, { namespace, name }: VmName): Promise<string> {
  const source = await placementOf(namespace, name);
  return hosts.find((host) => host !== source) ?? source;
}
