/** Flags and environment → what the forwarder is to do. Pure; every refusal says what to give. */
import { parseArgs } from 'node:util';
import { MAX_LABEL_CHARS } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import { splitKubeConfigPath } from './kubeconfig.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from './log.ts';

export interface ForwarderConfig {
  /** Without a slash at its end. */
  readonly edge: string;
  readonly cluster: string;
  /** Empty: in-cluster, else `~/.kube/config`. */
  readonly kubeConfigFiles: readonly string[];
  readonly context?: string;
  readonly token: { readonly value: string } | { readonly file: string };
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

export const HELP = `Watches a KubeVirt or Harvester cluster and tells a Hostview edge which VM is on which host.

  node forwarder/main.ts --edge URL --cluster NAME [options]

  --edge URL          the edge to send to                       (or HOSTVIEW_EDGE)
  --cluster NAME      the name the cluster is registered under  (or HOSTVIEW_CLUSTER)
  --token-file FILE   the file that holds the cluster's token   (or HOSTVIEW_TOKEN, the token itself)
  --kubeconfig FILE   the cluster to watch                      (or KUBECONFIG; else in-cluster, else ~/.kube/config)
  --context NAME      the context of the kubeconfig             (default: its current-context)
  --log-level LEVEL   ${LOG_LEVELS.join(', ')} (default: info)
  --log-format FORMAT ${LOG_FORMATS.join(', ')} (default: text)
  --help              this text
`;

type Environment = Readonly<Record<string, string | undefined>>;

export function parseConfig(args: readonly string[], env: Environment): Result<ForwarderConfig | 'help'> {
  const parsed = parseFlags(args);
  if (!parsed.ok) return parsed;
  const flags = parsed.value;
  if (flags.help === true) return ok('help');
  const edge = parseEdge(flags.edge ?? env.HOSTVIEW_EDGE);
  if (!edge.ok) return edge;
  const cluster = parseCluster(flags.cluster ?? env.HOSTVIEW_CLUSTER);
  if (!cluster.ok) return cluster;
  const token = parseToken(flags['token-file'], env.HOSTVIEW_TOKEN);
  if (!token.ok) return token;
  const logLevel = parseChoice('--log-level', flags['log-level'] ?? 'info', LOG_LEVELS);
  if (!logLevel.ok) return logLevel;
  const logFormat = parseChoice('--log-format', flags['log-format'] ?? 'text', LOG_FORMATS);
  if (!logFormat.ok) return logFormat;
  return ok({
    edge: edge.value,
    cluster: cluster.value,
    kubeConfigFiles: flags.kubeconfig === undefined ? splitKubeConfigPath(env.KUBECONFIG ?? '') : [flags.kubeconfig],
    ...(flags.context !== undefined && { context: flags.context }),
    token: token.value,
    logLevel: logLevel.value,
    logFormat: logFormat.value,
  });
}

const text = { type: 'string' } as const;

function parseFlags(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        edge: text,
        cluster: text,
        'token-file': text,
        kubeconfig: text,
        context: text,
        'log-level': text,
        'log-format': text,
        help: { type: 'boolean', short: 'h' },
      },
    });
    return ok(values);
  } catch (error) {
    return err(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
}

function parseEdge(edge: string | undefined): Result<string> {
  if (edge === undefined || edge === '') return err('no edge to send to: give --edge URL or HOSTVIEW_EDGE');
  const url = URL.canParse(edge) ? new URL(edge) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return err(`--edge is no http or https URL: ${edge}`);
  if (url.username !== '' || url.search !== '' || url.hash !== '')
    return err('--edge must be a plain URL, without user, query or fragment');
  return ok(`${url.origin}${url.pathname}`.replace(/\/+$/, ''));
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

function parseCluster(cluster: string | undefined): Result<string> {
  if (cluster === undefined || cluster === '') return err('no name for the cluster: give --cluster NAME or HOSTVIEW_CLUSTER');
  if (cluster.length <= MAX_LABEL_CHARS && DNS_LABEL.test(cluster)) return ok(cluster);
  return err(`--cluster must be of lower-case letters, digits and hyphens, at most ${MAX_LABEL_CHARS}: ${cluster}`);
}

function parseToken(file: string | undefined, value: string | undefined): Result<ForwarderConfig['token']> {
  if (file !== undefined) return ok({ file });
  if (value === undefined || value.trim() === '') return err('no token for the edge: give --token-file FILE or HOSTVIEW_TOKEN');
  return isHeaderText(value.trim()) ? ok({ value: value.trim() }) : err('HOSTVIEW_TOKEN holds characters that no token has');
}

/** What may stand in an HTTP header; anything else would only fail later, and less clearly. */
export const isHeaderText = (value: string): boolean => /^[\x21-\x7e]+$/.test(value);

function parseChoice<Choice extends string>(flag: string, value: string, choices: readonly Choice[]): Result<Choice> {
  const choice = choices.find((known) => known === value);
  return choice === undefined ? err(`${flag} must be one of ${choices.join(', ')}: ${value}`) : ok(choice);
}
