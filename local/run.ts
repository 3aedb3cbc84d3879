/** The run behind `npm start`: builds the page and the Worker, runs the edge, simulates clusters or watches a real one, forwards each. */

import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { VM_LABELS } from '../simulator/vm-labels.ts';
import { formatBanner } from './banner.ts';
import { build } from './build.ts';
import { startEdge } from './edge.ts';
import { EXIT_BAD_SETTINGS } from './exit-codes.ts';
import { type ForwarderProcess, startForwarderProcess } from './forwarder-process.ts';
import { clusterNameOf, type StartOptions } from './options.ts';
import { ROOT } from './paths.ts';
import { type Administrator, registerCluster, removeCluster } from './registration.ts';
import { startSimulation } from './simulation.ts';

/** A folder per port, since two runs must not write the same database, nor build into what the other serves. */
const stateFolder = (port: number): string => join(ROOT, '.hostview', String(port));
const RESTART_AFTER_MS = 2_000;

/** What this run watches: a name, a kubeconfig, and what is said about it. */
interface Watched {
  readonly cluster: string;
  readonly displayName: string;
  readonly kubeconfig: string;
  readonly context: string | null;
  readonly progress: boolean;
  readonly vmLabels: readonly string[] | null;
}

const closers: (() => Promise<void> | void)[] = [];
let isStopping = false;

/** Starts everything and returns; signals stop it. `context`: which of the kubeconfig's, where there is one. */
export async function run(options: StartOptions, context: string | null): Promise<void> {
  await start(options, context).catch((error: unknown) => {
    // What fails because it is being stopped is no failure, and no second call either.
    if (!isStopping) return stop(1, error instanceof Error ? error.message : String(error));
  });
}

async function start(options: StartOptions, context: string | null): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

  const folder = stateFolder(options.port);
  const buildDir = join(folder, 'build');
  await mkdir(folder, { recursive: true });
  const begun = Date.now();
  process.stdout.write('Building the page and the worker … ');
  await build(buildDir);
  console.log(`${((Date.now() - begun) / 1_000).toFixed(1)} s`);
  if (isStopping) return;

  const adminToken = randomBytes(32).toString('base64url');
  const tokenFile = await writeAdminToken(folder, adminToken);
  const hosts = ['localhost', '127.0.0.1'].map((host) => `${host}:${options.port}`).join(',');
  const edge = await startEdge({
    port: options.port,
    buildDir,
    stateDir: join(folder, 'state'),
    vars: { FAN_OUT: 'direct', VIEWER_ACCESS: 'open', ALLOWED_HOSTS: hosts, ADMIN_TOKEN: adminToken },
  });
  closers.push(() => edge.stop());
  if (isStopping) return;

  const administrator = { url: edge.url, adminToken };
  const watched = options.real === null ? await simulate(options, folder) : [watchReal(options.real, context ?? '')];
  await forgetOldSimulations(administrator, folder, options.real === null ? watched.map(({ cluster }) => cluster) : null);
  for (const one of watched) {
    const token = await registerCluster(administrator, one.cluster, one.displayName);
    if (isStopping) return;
    keepForwarding(one, edge.url, token);
  }
  console.log(formatBanner(options, watched[0]?.cluster ?? '', relative(ROOT, tokenFile)));
}

/** For its owner's eyes, and as long as this run: whoever adds a cluster on the page is asked for it. */
async function writeAdminToken(folder: string, adminToken: string): Promise<string> {
  const file = join(folder, 'admin-token');
  // A file that is there would keep its mode.
  await rm(file, { force: true });
  await writeFile(file, adminToken, { mode: 0o600 });
  closers.push(() => rm(file, { force: true }));
  return file;
}

async function simulate(options: StartOptions, folder: string): Promise<Watched[]> {
  const watched: Watched[] = [];
  for (let number = 1; number <= options.clusters; number++) {
    const cluster = number === 1 ? 'harvester' : `harvester-${number}`;
    const log = (line: string): void => console.log(`[${cluster}] ${line}`);
    const simulation = await startSimulation({ ...options, cluster, log, seed: options.seed + number - 1 });
    closers.unshift(() => simulation.stop());
    const kubeconfig = join(folder, `${cluster}.kubeconfig`);
    await writeFile(kubeconfig, simulation.kubeconfig, { mode: 0o600 });
    watched.push({ cluster, displayName: `${cluster} (simulated)`, kubeconfig, context: null, progress: true, vmLabels: VM_LABELS });
  }
  return watched;
}

function watchReal({ kubeconfig, cluster: asked }: NonNullable<StartOptions['real']>, context: string): Watched {
  const cluster = asked ?? clusterNameOf(context);
  return { cluster, displayName: cluster, kubeconfig, context, progress: false, vmLabels: null };
}

/** A simulated cluster of an earlier run is gone for good: it would only stand there as stale. `present`: those of this run. */
async function forgetOldSimulations(edge: Administrator, folder: string, present: readonly string[] | null): Promise<void> {
  const file = join(folder, 'simulated.json');
  const before = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as string[],
    () => [],
  );
  for (const cluster of before) if (present?.includes(cluster) !== true) await removeCluster(edge, cluster);
  await writeFile(file, JSON.stringify(present ?? []));
}

/** Runs a forwarder, and another when it dies; one that was told something wrong ends the whole run. */
function keepForwarding(watched: Watched, edge: string, token: string): void {
  let forwarder: ForwarderProcess;
  const run = (): void => {
    forwarder = startForwarderProcess({
      ...watched,
      edge,
      token,
      log: (line) => console.log(`[${watched.cluster}] ${line}`),
      ended: (code) => {
        if (isStopping) return;
        // It was told something wrong, and would end again.
        if (code === EXIT_BAD_SETTINGS) return void stop(EXIT_BAD_SETTINGS);
        console.error(`The forwarder of ${watched.cluster} ended (exit code ${code ?? 'none'}); starting it again.`);
        setTimeout(() => {
          if (!isStopping) run();
        }, RESTART_AFTER_MS);
      },
    });
  };
  run();
  closers.unshift(() => forwarder.stop());
}

/** Stops what was started, forwarders first, and ends the process. A second call ends it at once. */
async function stop(code: number, message?: string): Promise<void> {
  if (isStopping) process.exit(code);
  isStopping = true;
  console[code === 0 ? 'log' : 'error'](message ?? '\nStopping …');
  for (const close of closers.splice(0)) {
    await Promise.resolve(close()).catch((error: unknown) =>
      console.error(`While stopping: ${error instanceof Error ? error.message : String(error)}`),
    );
  }
  process.exit(code);
}
