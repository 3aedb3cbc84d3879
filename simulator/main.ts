/** The simulator on its own: `node simulator/main.ts --help`. Ctrl-C ends it. */
import { writeFile } from 'node:fs/promises';
import { serveCluster } from './api-server.ts';
import { startAutopilot } from './autopilot.ts';
import { createCluster } from './cluster.ts';
import { HELP, parseSettings, type Settings } from './config.ts';
import { serveHandlers } from './handler-server.ts';
import { formatScenarios } from './scenario-choice.ts';
import { startScenarioLoop } from './scenario-loop.ts';
import { clusterOptionsFor } from './scenario-run.ts';

const EXIT_WRONG_USE = 2;

async function run(settings: Settings): Promise<void> {
  const { host, port, token, kubeconfig, scenario } = settings;
  const cluster = createCluster(scenario === null ? settings : clusterOptionsFor(scenario, settings));
  const served = await serveCluster(cluster, { host, port, ...(token === undefined ? {} : { token }) });
  const handlers = await serveHandlers(cluster);
  if (kubeconfig !== undefined) await writeFile(kubeconfig, served.kubeconfig, { mode: 0o600 });
  if (scenario !== null) startScenarioLoop(cluster, scenario, { log: (line) => console.log(line) });
  else if (!settings.still) startAutopilot(cluster);
  const counts = `${cluster.list('nodes').length} hosts, ${cluster.list('virtualmachines').length} VMs`;
  console.log(`Simulated Harvester cluster "${settings.name}" (${counts}, KubeVirt ${settings.kubevirt}) on ${served.url}`);
  console.log(kubeconfig === undefined ? 'For a kubeconfig: --kubeconfig FILE.' : `Kubeconfig: ${kubeconfig}`);
  console.log('Ctrl-C ends it.');
  const stop = (): void => {
    cluster.halt();
    void served.close();
    void handlers.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

const parsed = parseSettings(process.argv.slice(2));
if (parsed.type === 'help') {
  process.stdout.write(HELP);
} else if (parsed.type === 'list-scenarios') {
  console.log(formatScenarios());
} else if (parsed.type === 'wrong') {
  console.error(parsed.message);
  process.exitCode = EXIT_WRONG_USE;
} else {
  try {
    await run(parsed.settings);
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    console.error(taken ? `Port ${parsed.settings.port} is taken. Choose another with --port N.` : `Could not start: ${cause}`);
    process.exitCode = 1;
  }
}
