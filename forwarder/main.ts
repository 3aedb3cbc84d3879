/**
 * `node forwarder/main.ts --edge URL --cluster NAME`. Exit codes: 0 stopped by a signal, 1 gave up for good (the edge says that
 * only a person can help), 2 what was given cannot work.
 */
import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../core/result.ts';
import { HELP, isHeaderText, parseConfig, type UplinkConfig } from './config.ts';
import { startForwarder } from './forwarder.ts';
import { loadKubeConfig } from './kubeconfig.ts';
import { createLog } from './log.ts';

const EXIT_GAVE_UP = 1;
const EXIT_UNUSABLE = 2;

async function main(): Promise<number> {
  const config = parseConfig(process.argv.slice(2), process.env);
  if (!config.ok) return refuse(config.error);
  if (config.value === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (config.value.mode !== 'run') return refuse(`--${config.value.mode} is not there yet`);
  return run(config.value);
}

async function run(config: UplinkConfig): Promise<number> {
  const { edge, cluster, kubeConfigFiles: files, context, token, logLevel, logFormat } = config;
  const log = createLog({ level: logLevel, format: logFormat, write: (line) => process.stderr.write(line), now: () => new Date() });
  const readToken = (): Result<string> => ('value' in token ? ok(token.value) : readTokenFile(token.file));
  const firstToken = readToken();
  if (!firstToken.ok) return refuse(firstToken.error);
  const kubeConfig = loadKubeConfig({ files, ...(context !== undefined && { context }) });
  if (!kubeConfig.ok) return refuse(kubeConfig.error);

  const forwarder = startForwarder({ edge, cluster, kubeConfig: kubeConfig.value, readToken, log });
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      log.info(`stopping (${name})`);
      void forwarder.stop();
    });
  }
  const reason = await forwarder.done;
  if (reason === null) return 0;
  log.error(reason);
  return EXIT_GAVE_UP;
}

function readTokenFile(file: string): Result<string> {
  try {
    const token = readFileSync(file, 'utf8').trim();
    return isHeaderText(token) ? ok(token) : err(`the token file ${file} holds no token`);
  } catch (error) {
    return err(`cannot read the token file ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refuse(reason: string): number {
  process.stderr.write(`error: ${reason}\n`);
  return EXIT_UNUSABLE;
}

process.exitCode = await main();
