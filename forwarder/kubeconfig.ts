/** Which cluster, and who we are there: a kubeconfig, or the service account of the pod we run in. Errors are one line each. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { err, ok, type Result } from '../core/result.ts';
import { tokenFileAuth, withFreshToken } from './token-file.ts';

export interface KubeConfigChoice {
  /** Files, earlier ones first, as in the variable KUBECONFIG. None: in-cluster, else `~/.kube/config`. */
  readonly files: readonly string[];
  /** Default: the file's current-context. */
  readonly context?: string;
}

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

export const splitKubeConfigPath = (path: string): readonly string[] => path.split(delimiter).filter((file) => file !== '');

/** `root`: of the file system, for tests. */
export function loadKubeConfig({ files, context }: KubeConfigChoice, root = ''): Result<KubeConfig> {
  if (files.length > 0) return loadFiles(files, context);
  if (context === undefined && process.env.KUBERNETES_SERVICE_HOST !== undefined && existsSync(root + SERVICE_ACCOUNT_TOKEN)) {
    const config = new KubeConfig();
    config.loadFromCluster(root);
    return chooseContext(config, undefined, root + SERVICE_ACCOUNT_TOKEN);
  }
  const home = join(homedir(), '.kube', 'config');
  if (existsSync(home)) return loadFiles([home], context);
  return err(`no cluster to watch: not in a pod, and there is no ${home}; give --kubeconfig FILE`);
}

function loadFiles(files: readonly string[], context: string | undefined): Result<KubeConfig> {
  const merged = new KubeConfig();
  for (const file of files) {
    const loaded = loadFile(file);
    if (!loaded.ok) return loaded;
    try {
      merged.mergeConfig(loaded.value, merged.getCurrentContext() !== undefined);
    } catch (error) {
      return err(`cannot use the kubeconfig ${file}: ${messageOf(error)}`);
    }
  }
  return chooseContext(merged, context, files.join(delimiter));
}

function loadFile(file: string): Result<KubeConfig> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return err(`cannot read the kubeconfig ${file}: ${messageOf(error)}`);
  }
  return parseKubeConfig(text, file);
}

/** `file`: for messages, and because a kubeconfig's paths are relative to it. */
export function parseKubeConfig(text: string, file: string): Result<KubeConfig> {
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
    config.makePathsAbsolute(dirname(file));
  } catch (error) {
    return err(`the kubeconfig ${file} is not valid: ${firstLineOf(messageOf(error))}`);
  }
  if (config.contexts.length === 0) return err(`the kubeconfig ${file} is not valid: it has no contexts`);
  return ok(config);
}

/** A KubeConfig of one context, whose cluster and user are there. */
export function chooseContext(config: KubeConfig, wanted: string | undefined, file: string): Result<KubeConfig> {
  const name = wanted ?? config.getCurrentContext();
  const known = config.contexts.map((context) => context.name).join(', ');
  if (name === undefined || name === '') return err(`the kubeconfig ${file} has no current-context; give --context, one of: ${known}`);
  const context = config.getContextObject(name);
  if (context === null) return err(`the kubeconfig ${file} has no context ${JSON.stringify(name)}; it has: ${known}`);
  const cluster = config.getCluster(context.cluster);
  if (cluster === null) return err(`the kubeconfig ${file} has no cluster ${JSON.stringify(context.cluster)}, which context ${name} names`);
  if (!URL.canParse(cluster.server)) return err(`the kubeconfig ${file} has a server that is no URL: ${cluster.server}`);
  // Contexts without a user are anonymous; the library would then forget the cluster's CA as well.
  const user = context.user === undefined ? { name: 'anonymous' } : config.getUser(context.user);
  if (user === null) return err(`the kubeconfig ${file} has no user ${JSON.stringify(context.user)}, which context ${name} names`);
  const chosen = new KubeConfig();
  // The library refuses http:// unless it is told to skip TLS, of which there is none on http:// (kubectl proxy, the simulator).
  const isPlain = cluster.server.startsWith('http:');
  chosen.addAuthenticator(tokenFileAuth);
  chosen.loadFromClusterAndUser(isPlain ? { ...cluster, skipTLSVerify: true } : cluster, withFreshToken(user));
  return ok(chosen);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const firstLineOf = (text: string): string => text.split('\n', 1)[0] ?? '';
