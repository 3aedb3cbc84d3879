/** Puts the objects of a simulated cluster on a real API server. */
import type { Cluster } from '../../simulator/types.ts';
import { type KubeObject, TEST_RESOURCES, type TestKubeClient } from '../support/kube-client.ts';

/** In the order in which a cluster comes to be: hosts, wishes, instances, migrations. */
const SEEDED = ['nodes', 'virtualmachines', 'virtualmachineinstances', 'virtualmachineinstancemigrations'] as const;

/** How many objects were written; the server's refusal of one is an error with its words. */
export async function seedApiServer(client: TestKubeClient, cluster: Cluster): Promise<number> {
  let count = 0;
  for (const resource of SEEDED) {
    for (const object of cluster.list(resource)) {
      await createNamespace(client, object.metadata.namespace);
      await client.create(TEST_RESOURCES[resource], object as unknown as KubeObject);
      count += 1;
    }
  }
  return count;
}

async function createNamespace(client: TestKubeClient, name: string | undefined): Promise<void> {
  if (name === undefined || (await client.find(TEST_RESOURCES.namespaces, name)) !== undefined) return;
  await client.create(TEST_RESOURCES.namespaces, { metadata: { name } });
}
