/** A simulated cluster that serves the Kubernetes API on loopback and moves its VMs, or plays one scenario over and over. */
import { serveCluster } from '../simulator/api-server.ts';
import { startAutopilot } from '../simulator/autopilot.ts';
import { createCluster } from '../simulator/cluster.ts';
import { serveHandlers } from '../simulator/handler-server.ts';
import { startScenarioLoop } from '../simulator/scenario-loop.ts';
import { clusterOptionsFor } from '../simulator/scenario-run.ts';
import type { StartOptions } from './options.ts';

export interface SimulationOptions extends Pick<StartOptions, 'hosts' | 'vms' | 'seed' | 'speed' | 'kubevirt' | 'scenario'> {
  readonly cluster: string;
  /** Is told when a scenario begins and ends. */
  readonly log: (line: string) => void;
}

export interface Simulation {
  /** What a forwarder needs to watch it. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

export async function startSimulation({ cluster: name, scenario, log, ...options }: SimulationOptions): Promise<Simulation> {
  const settings = { name, ...options };
  const cluster = createCluster(scenario === null ? settings : clusterOptionsFor(scenario, settings));
  const server = await serveCluster(cluster, { host: '127.0.0.1', port: 0 });
  const handlers = await serveHandlers(cluster);
  const life = scenario === null ? startAutopilot(cluster) : startScenarioLoop(cluster, scenario, { log });
  return {
    kubeconfig: server.kubeconfig,
    stop: async () => {
      life.stop();
      await Promise.all([server.close(), handlers.close()]);
    },
  };
}
