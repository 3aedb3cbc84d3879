/** Three hosts and their VMs on a real API server, and migrations of them: the simulator's objects and updates, on the real thing. */
import { createCluster } from '../../simulator/cluster.ts';
import type { MigrationInput, MigrationOutcome } from '../../simulator/migration-timeline.ts';
import type { KubeVirtVersion } from '../../simulator/traits.ts';
import { seedApiServer } from '../apiserver/seed.ts';
import { installCrds, type KubeApiServer, startKubeApiServer } from './kube-apiserver.ts';
import { TEST_RESOURCES } from './kube-client.ts';
import { driveMigration, type MigrationDrive } from './migration-script.ts';

export interface ApiServerCluster {
  readonly server: KubeApiServer;
  readonly hosts: readonly string[];
  /** Where `status.nodeName` says that the VM is. */
  placementOf(namespace: string, name: string): Promise<string>;
  /** A migration to `to`, of which nothing is visible yet; it succeeds unless `outcome` says otherwise. */
  migrate(namespace: string, name: string, to: string, kubevirt: KubeVirtVersion, outcome?: MigrationOutcome): Promise<MigrationDrive>;
  stop(): Promise<void>;
}

export async function startApiServerCluster(assets: string, size = { hosts: 3, vms: 12 }): Promise<ApiServerCluster> {
  const cluster = createCluster({ name: 'harvester', ...size, seed: 1 });
  const server = await startKubeApiServer(assets);
  let count = 0;
  const placementOf = async (namespace: string, name: string): Promise<string> => {
    const vmi = await server.admin.get(TEST_RESOURCES.virtualmachineinstances, name, namespace);
    return String((vmi.status as { nodeName?: string } | undefined)?.nodeName);
  };
  try {
    await installCrds(server.admin);
    await seedApiServer(server.admin, cluster);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    server,
    hosts: cluster.list('nodes').map(({ metadata }) => metadata.name),
    placementOf,
    migrate: async (namespace, name, to, kubevirt, outcome = 'succeeded') => {
      count++;
      const input: MigrationInput = {
        kubevirt,
        cause: 'harvester',
        outcome,
        namespace,
        vmName: name,
        vmimName: `${name}-move-${count}`,
        vmimUid: 'the server gives its own',
        source: await placementOf(namespace, name),
        target: to,
        requested: to,
        sourcePod: `virt-launcher-${name}-source`,
        targetPod: `virt-launcher-${name}-target-${count}`,
        targetPodUid: `pod-${count}`,
        targetAddress: '10.52.1.7:49152',
      };
      return driveMigration(server.admin, input);
    },
    stop: () => server.stop(),
  };
}
