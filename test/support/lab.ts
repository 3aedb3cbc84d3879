/** A simulated cluster, an edge, and the forwarder between them: what most end-to-end tests begin with. */
import { type ServedCluster, serveCluster } from '../../simulator/api-server.ts';
import { createCluster } from '../../simulator/cluster.ts';
import type { Cluster, ClusterOptions } from '../../simulator/types.ts';
import type { TestProcess } from './processes.ts';
import { type EdgeProcess, startEdgeProcess, startForwarder } from './stack.ts';

export interface Lab {
  readonly cluster: Cluster;
  readonly server: ServedCluster;
  readonly edge: EdgeProcess;
  readonly forwarder: TestProcess;
  /** Where the cluster's board is; it is registered as `lab`. */
  readonly boardUrl: string;
  stop(): Promise<void>;
}

/** `vars`: the Worker's, over those of a test edge. Stops what it started where something does not start. */
export async function startLab(options: ClusterOptions = {}, vars: Readonly<Record<string, string>> = {}): Promise<Lab> {
  const cluster = createCluster({ hosts: 3, vms: 12, ...options });
  const started: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    const server = await serveCluster(cluster);
    started.push(() => server.close());
    const edge = await startEdgeProcess(vars);
    started.push(() => edge.stop());
    const forwarder = await startForwarder(edge, 'lab', server.kubeconfig);
    started.push(() => forwarder.stop());
    return { cluster, server, edge, forwarder, boardUrl: `${edge.url}/c/lab`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
