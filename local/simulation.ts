/** A simulated cluster that serves the Kubernetes API on loopback and moves its VMs. */
import { serveCluster } from '../simulator/api-server.ts';
import { startAutopilot } from '../simulator/autopilot.ts';
import { createCluster } from '../simulator/cluster.ts';

export interface SimulationOptions {
  readonly cluster: string;
  readonly hosts: number;
  readonly vms: number;
  readonly seed: number;
  readonly speed: number;
}

export interface Simulation {
  /** What a forwarder needs to watch it. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

export async function startSimulation({ cluster: name, hosts, vms, seed, speed }: SimulationOptions): Promise<Simulation> {
  const cluster = createCluster({ name, hosts, vms, seed, speed });
  const server = await serveCluster(cluster, { host: '127.0.0.1', port: 0 });
  const autopilot = startAutopilot(cluster);
  return {
    kubeconfig: server.kubeconfig,
    stop: async () => {
      autopilot.stop();
      await server.close();
    },
  };
}
