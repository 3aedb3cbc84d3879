/**
 * `node forwarder/main.ts --edge URL --cluster NAME`. Exit codes: 0 stopped by a signal, or told what was asked for; 1 gave up for good
 * (the edge says that only a person can help), or `--check` or `--once` failed; 2 what was given cannot work.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { KubeConfig } from '@kubernetes/client-node';
import { err, ok, type Result } from '../core/result.ts';
import { readCaFile } from './ca-file.ts';
import { runCheck } from './check.ts';
import { formatCheckJson, formatCheckTable, isUsable } from './check-verdict.ts';
import { systemClock } from './clock.ts';
import { type ForwarderConfig, HELP, isHeaderText, type ListenAddress, parseConfig, type UplinkConfig } from './config.ts';
import { createEdgeClient } from './edge-client.ts';
import { FORWARDER_VERSION } from './forwarder-version.ts';
import { createKubeClient } from './kube-client.ts';
import { loadKubeConfig } from './kubeconfig.ts';
import { createLog, type Log } from './log.ts';
import { takePicture } from './once.ts';
import { createOperations } from './operations.ts';
import { type Operations, type OperationsServer, startOperationsServer } from './operations-server.ts';
import { findProgressAttempts } from './progress/check-attempts.ts';
import { selectProxy } from './proxy-env.ts';
import { type Election, formatIdentity, type RunningReplica, startReplica } from './replica.ts';

const END_WITHIN_MS = 2_000;
const EXIT_FAILED = 1;
const EXIT_UNUSABLE = 2;

// Who reads may have read enough (`| head`); that is no fault to be told of.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

async function main(): Promise<number> {
  const config = parseConfig(process.argv.slice(2), process.env);
  if (!config.ok) return refuse(config.error);
  if (config.value === 'help') {
    await print(HELP);
    return 0;
  }
  const { mode, kubeConfigFiles: files, context } = config.value;
  const kubeConfig = loadKubeConfig({ files, ...(context !== undefined && { context }) });
  if (mode === 'once') return kubeConfig.ok ? once(config.value, kubeConfig.value) : refuse(kubeConfig.error);
  const token = readToken(config.value);
  if (!token.ok) return refuse(token.error);
  if (!kubeConfig.ok) return refuse(kubeConfig.error);
  for (const needed of [readCaOf(config.value).readCa?.(), selectProxy(config.value.edge, process.env)]) {
    if (needed?.ok === false) return refuse(needed.error);
  }
  return mode === 'check' ? check(config.value, kubeConfig.value, token.value) : run(config.value, kubeConfig.value);
}

async function once(config: ForwarderConfig, kubeConfig: KubeConfig): Promise<number> {
  const { debug, error } = logOf(config);
  const client = createKubeClient(kubeConfig);
  // What goes wrong is told at the end, in one line, and what is missing in the picture itself.
  const log: Log = { debug, info: debug, warn: debug, error };
  const { vmLabels } = config;
  const picture = await takePicture({ client, log, clock: systemClock, random: Math.random, vmLabels }, untilSignal());
  client.close();
  if (picture.ok) await print(`${JSON.stringify(picture.value, null, 2)}\n`);
  else error(picture.error ?? 'stopped');
  return picture.ok ? 0 : EXIT_FAILED;
}

async function check(config: UplinkConfig, kubeConfig: KubeConfig, token: string): Promise<number> {
  const { edge, cluster, lease, logFormat } = config;
  const client = createKubeClient(kubeConfig);
  const edgeClient = createEdgeClient(edge, cluster, process.env, readCaOf(config));
  const signal = untilSignal();
  const more = config.progress ? await findProgressAttempts(client, signal) : [];
  const options = { client, edge: edgeClient, place: { edge, cluster }, token, more, ...(lease !== undefined && { lease }) };
  const rows = await runCheck(options, signal);
  client.close();
  await edgeClient.close();
  await print(logFormat === 'json' ? formatCheckJson(rows) : formatCheckTable(rows));
  return isUsable(rows) ? 0 : EXIT_FAILED;
}

async function run(config: UplinkConfig, kubeConfig: KubeConfig): Promise<number> {
  const { edge, cluster, listen } = config;
  const log = logOf(config);
  let replica: RunningReplica | null = null;
  let isStopped = false;
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      log.info(`stopping (${name})`, { cluster, edge });
      isStopped = true;
      void replica?.stop();
    });
  }
  const operations = listen === undefined ? null : createOperations(FORWARDER_VERSION, systemClock);
  const server = await serveOperations(
    listen,
    operations?.operations(() => replica?.status ?? null),
  );
  if (!server.ok) return refuse(server.error);
  if (server.value !== null) log.info(`serving /livez, /readyz and /metrics on port ${server.value.address.port}`);

  const running = startReplica({
    edge,
    cluster,
    kubeConfig,
    readToken: () => readToken(config),
    ...readCaOf(config),
    log,
    progress: config.progress,
    vmLabels: config.vmLabels,
    election: electionOf(config),
    ...(operations !== null && { telemetry: operations.metrics.telemetry }),
  });
  replica = running;
  if (isStopped) void running.stop();
  const reason = await running.done;
  await server.value?.close();
  if (reason === null) return 0;
  log.error(reason, { cluster, edge });
  return EXIT_FAILED;
}

function electionOf({ lease, identity = hostname() }: UplinkConfig): Election | null {
  return lease === undefined ? null : { lease, identity: formatIdentity(identity, randomBytes(4).toString('hex')) };
}

/** Null where nothing is to be served. */
async function serveOperations(
  listen: ListenAddress | undefined,
  operations: Operations | undefined,
): Promise<Result<OperationsServer | null>> {
  return listen === undefined || operations === undefined ? ok(null) : startOperationsServer(listen, operations);
}

const logOf = ({ logLevel: level, logFormat: format }: ForwarderConfig): Log =>
  createLog({ level, format, write: (line) => process.stderr.write(line), now: () => new Date() });

/** Aborted by the first signal to stop. */
function untilSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort());
  return stopping.signal;
}

const readToken = ({ token }: UplinkConfig): Result<string> => ('value' in token ? ok(token.value) : readTokenFile(token.file));

const readCaOf = ({ caFile }: UplinkConfig): { readonly readCa?: () => Result<string> } =>
  caFile === undefined ? {} : { readCa: () => readCaFile(caFile) };

function readTokenFile(file: string): Result<string> {
  try {
    const token = readFileSync(file, 'utf8').trim();
    return isHeaderText(token) ? ok(token) : err(`the token file ${file} holds no token`);
  } catch (error) {
    return err(`cannot read the token file ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Resolves when it is with whoever reads, or when nobody does. */
const print = (text: string): Promise<void> => new Promise((resolve) => process.stdout.write(text, () => resolve()));

function refuse(reason: string): number {
  process.stderr.write(`error: ${reason}\n`);
  return EXIT_UNUSABLE;
}

process.exitCode = await main();
// A connection to a proxy that says nothing, or a credential plugin that does not end, would keep the process.
setTimeout(() => process.exit(), END_WITHIN_MS).unref();
