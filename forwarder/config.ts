/** Flags and environment → what the forwarder is to do. Pure; every refusal says what to give. */
import { parseArgs } from 'node:util';
import { isLabelKey } from '../core/labels.ts';
import { MAX_LABEL_CHARS, MAX_LABELS_COUNT, MAX_NAME_CHARS } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import { splitKubeConfigPath } from './kubeconfig.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from './log.ts';

interface CommonConfig {
  /** Empty: in-cluster, else `~/.kube/config`. */
  readonly kubeConfigFiles: readonly string[];
  readonly context?: string;
  /** Whether virt-handlers are asked how far migrations are. */
  readonly progress: boolean;
  /** The keys of the labels that are told of VMs, each once, sorted; none are unless they are asked for. */
  readonly vmLabels: readonly string[];
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** Print the derived picture once; no edge is needed. */
export interface OnceConfig extends CommonConfig {
  readonly mode: 'once';
}

export interface UplinkConfig extends CommonConfig {
  /** `check`: try every right and the edge's token, and say what is missing. */
  readonly mode: 'run' | 'check';
  /** Without a slash at its end. */
  readonly edge: string;
  readonly cluster: string;
  readonly token: { readonly value: string } | { readonly file: string };
  /** A PEM file of authorities that are trusted for the edge besides the usual ones. */
  readonly caFile?: string;
  /** Where probes and metrics are served; nowhere where it is missing. */
  readonly listen?: ListenAddress;
  /** The Lease by which replicas agree on who forwards; without one this is the only forwarder. */
  readonly lease?: LeaseName;
  /** Who this replica is in the Lease; the host's name where it is missing. */
  readonly identity?: string;
}

export type ForwarderConfig = OnceConfig | UplinkConfig;

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

export const HELP = `Watches a KubeVirt or Harvester cluster and tells a Hostview edge which VM is on which host.

  node forwarder/main.ts --edge URL --cluster NAME [options]
  node forwarder/main.ts --check --edge URL --cluster NAME [options]
  node forwarder/main.ts --once [options]

  --edge URL          the edge to send to                       (or HOSTVIEW_EDGE)
  --cluster NAME      the name the cluster is registered under  (or HOSTVIEW_CLUSTER)
  --token-file FILE   the file that holds the cluster's token   (or HOSTVIEW_TOKEN_FILE; or HOSTVIEW_TOKEN, the token itself)
  --ca-file FILE      PEM, authorities to trust for the edge    (or HOSTVIEW_CA_FILE) besides the usual ones
  --kubeconfig FILE   the cluster to watch                      (or KUBECONFIG; else in-cluster, else ~/.kube/config)
  --context NAME      the context of the kubeconfig             (default: its current-context)
  --lease NS/NAME     agree with other replicas by this Lease   (or HOSTVIEW_LEASE; default: this is the only forwarder)
  --identity NAME     who this replica is in the Lease          (or HOSTVIEW_IDENTITY; default: the host's name); a random part is added
  --listen [HOST:]PORT  serve /livez, /readyz and /metrics      (or HOSTVIEW_LISTEN; default: nowhere)
  --progress          ask virt-handlers how far migrations are  (or HOSTVIEW_PROGRESS=true; needs a right of its own)
  --vm-labels KEYS    labels of VMs to tell the edge, which all  (or HOSTVIEW_VM_LABELS; default: none)
                      viewers see: team,app.kubernetes.io/name  (${MAX_LABELS_COUNT} keys at most)
  --log-level LEVEL   ${LOG_LEVELS.join(', ')} (or HOSTVIEW_LOG_LEVEL; default: info)
  --log-format FORMAT ${LOG_FORMATS.join(', ')} (or HOSTVIEW_LOG_FORMAT; default: text)
  --check             try every right and the token, print what is there and what is missing, and exit (1 where one is missing);
                      JSON with --log-format json
  --once              print the derived hosts and VMs as JSON and exit; needs no edge
  --help              this text

HTTPS_PROXY, HTTP_PROXY and NO_PROXY are heeded on the way to the edge.
`;

type Environment = Readonly<Record<string, string | undefined>>;

export function parseConfig(args: readonly string[], env: Environment): Result<ForwarderConfig | 'help'> {
  const parsed = parseFlags(args);
  if (!parsed.ok) return parsed;
  const flags = parsed.value;
  if (flags.help === true) return ok('help');
  if (flags.check === true && flags.once === true) return err('--check and --once exclude each other');
  const common = parseCommon(flags, env);
  if (!common.ok) return common;
  if (flags.once === true) return ok({ mode: 'once', ...common.value });
  const uplink = parseUplink(flags, env);
  if (!uplink.ok) return uplink;
  return ok({ mode: flags.check === true ? 'check' : 'run', ...common.value, ...uplink.value });
}

type Flags = Readonly<Partial<Record<TextFlag, string> & Record<SwitchFlag, boolean>>>;

function parseCommon(flags: Flags, env: Environment): Result<CommonConfig> {
  const logLevel = parseChoice('--log-level', flags['log-level'] ?? textOf(env.HOSTVIEW_LOG_LEVEL) ?? 'info', LOG_LEVELS);
  if (!logLevel.ok) return logLevel;
  const logFormat = parseChoice('--log-format', flags['log-format'] ?? textOf(env.HOSTVIEW_LOG_FORMAT) ?? 'text', LOG_FORMATS);
  if (!logFormat.ok) return logFormat;
  const progress = parseChoice('HOSTVIEW_PROGRESS', textOf(env.HOSTVIEW_PROGRESS) ?? 'false', ['true', 'false']);
  if (!progress.ok) return progress;
  const vmLabels = parseLabelKeys(flags['vm-labels'] ?? env.HOSTVIEW_VM_LABELS ?? '');
  if (!vmLabels.ok) return vmLabels;
  return ok({
    kubeConfigFiles: flags.kubeconfig === undefined ? splitKubeConfigPath(env.KUBECONFIG ?? '') : [flags.kubeconfig],
    ...(flags.context !== undefined && { context: flags.context }),
    progress: flags.progress ?? progress.value === 'true',
    vmLabels: vmLabels.value,
    logLevel: logLevel.value,
    logFormat: logFormat.value,
  });
}

function parseUplink(flags: Flags, env: Environment): Result<Omit<UplinkConfig, 'mode' | keyof CommonConfig>> {
  const edge = parseEdge(flags.edge ?? env.HOSTVIEW_EDGE);
  if (!edge.ok) return edge;
  const cluster = parseCluster(flags.cluster ?? env.HOSTVIEW_CLUSTER);
  if (!cluster.ok) return cluster;
  const token = parseToken(flags['token-file'] ?? textOf(env.HOSTVIEW_TOKEN_FILE), env.HOSTVIEW_TOKEN);
  if (!token.ok) return token;
  const listen = parseListen(flags.listen ?? textOf(env.HOSTVIEW_LISTEN));
  if (!listen.ok) return listen;
  const lease = parseLease(flags.lease ?? textOf(env.HOSTVIEW_LEASE));
  if (!lease.ok) return lease;
  const identity = parseIdentity(flags.identity ?? textOf(env.HOSTVIEW_IDENTITY));
  if (!identity.ok) return identity;
  const caFile = flags['ca-file'] ?? textOf(env.HOSTVIEW_CA_FILE);
  return ok({
    edge: edge.value,
    cluster: cluster.value,
    token: token.value,
    ...(caFile !== undefined && { caFile }),
    ...(listen.value !== null && { listen: listen.value }),
    ...(lease.value !== null && { lease: lease.value }),
    ...(identity.value !== null && { identity: identity.value }),
  });
}

/** A manifest sets what it leaves open to an empty text. */
const textOf = (value: string | undefined): string | undefined => (value === undefined || value.trim() === '' ? undefined : value.trim());

const TEXT_FLAGS = [
  'edge',
  'cluster',
  'token-file',
  'ca-file',
  'kubeconfig',
  'context',
  'lease',
  'identity',
  'listen',
  'vm-labels',
  'log-level',
  'log-format',
] as const;
const SWITCH_FLAGS = ['check', 'once', 'progress'] as const;
type TextFlag = (typeof TEXT_FLAGS)[number];
type SwitchFlag = (typeof SWITCH_FLAGS)[number] | 'help';

function parseFlags(args: readonly string[]): Result<Flags> {
  const options = {
    ...Object.fromEntries(TEXT_FLAGS.map((name) => [name, { type: 'string' } as const])),
    ...Object.fromEntries(SWITCH_FLAGS.map((name) => [name, { type: 'boolean' } as const])),
    help: { type: 'boolean', short: 'h' } as const,
  };
  try {
    return ok(parseArgs({ args: [...args], options }).values as Flags);
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

const MAX_PORT = 65_535;

/** Null where nothing is to be served. Port 0 is a free one. */
function parseListen(listen: string | undefined): Result<ListenAddress | null> {
  if (listen === undefined) return ok(null);
  const [, host = '', port = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(listen) ?? [];
  if (port === '' || Number(port) > MAX_PORT) return err(`--listen must be PORT or HOST:PORT, such as 8080 or 127.0.0.1:8080: ${listen}`);
  // Without a host every address is listened on, since probes come to the pod's.
  return ok({ host: host === '' ? '::' : host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) });
}

const DNS_SUBDOMAIN = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

/** Null where there is none. */
function parseLease(lease: string | undefined): Result<LeaseName | null> {
  if (lease === undefined) return ok(null);
  const [namespace = '', name = '', ...more] = lease.split('/');
  const isValid = DNS_LABEL.test(namespace) && DNS_SUBDOMAIN.test(name) && name.length <= MAX_NAME_CHARS && more.length === 0;
  return isValid ? ok({ namespace, name }) : err(`--lease must be NAMESPACE/NAME, such as hostview/hostview-forwarder: ${lease}`);
}

function parseIdentity(identity: string | undefined): Result<string | null> {
  if (identity === undefined) return ok(null);
  if (identity.length <= MAX_NAME_CHARS && isHeaderText(identity)) return ok(identity);
  return err(`--identity must be at most ${MAX_NAME_CHARS} characters without spaces: ${identity}`);
}

/** An empty text is none, since that is how a manifest leaves it open. */
function parseLabelKeys(list: string): Result<readonly string[]> {
  if (list.trim() === '') return ok([]);
  const keys = [...new Set(list.split(',').map((key) => key.trim()))].sort();
  const wrong = keys.find((key) => !isLabelKey(key));
  if (wrong !== undefined)
    return err(`--vm-labels must be keys of labels with commas between, such as team,app.kubernetes.io/name: "${wrong}" is none`);
  return keys.length <= MAX_LABELS_COUNT ? ok(keys) : err(`--vm-labels takes ${MAX_LABELS_COUNT} keys at most: ${keys.length} were given`);
}

function parseToken(file: string | undefined, value: string | undefined): Result<UplinkConfig['token']> {
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
