/** The whole path for tests: the edge as a process that can be killed, and the real forwarder as one, before any Kubernetes API. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../local/paths.ts';
import { registerCluster } from '../../local/registration.ts';
import { makeFolder, removeFolder } from './folder.ts';
import { freePort } from './free-port.ts';
import { startProcess, type TestProcess } from './processes.ts';

export const ADMIN_TOKEN = 'test-admin-token';

export interface EdgeProcess {
  readonly url: string;
  readonly port: number;
  readonly vars: Readonly<Record<string, string>>;
  /** SIGKILL, workerd included. */
  kill(): Promise<void>;
  /** The same edge again: same port, same state. */
  restart(): Promise<void>;
  /** Stops it and deletes its state. */
  stop(): Promise<void>;
}

/** Needs the built page and Worker: the lane's set-up (test/support/build.ts) makes them. */
export async function startEdgeProcess(vars: Readonly<Record<string, string>> = {}): Promise<EdgeProcess> {
  const state = await makeFolder('edge');
  const port = await freePort();
  const allVars = { FAN_OUT: 'direct', VIEWER_ACCESS: 'open', ADMIN_TOKEN, ...vars };
  let child = await launchEdge(port, state, allVars).catch(async (error: unknown) => {
    await removeFolder(state);
    throw error;
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await child.exited;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    vars: allVars,
    kill,
    restart: async () => {
      await kill();
      child = await launchEdge(port, state, allVars);
    },
    stop: async () => {
      await child.stop();
      await removeFolder(state);
    },
  };
}

async function launchEdge(port: number, state: string, vars: Readonly<Record<string, string>>): Promise<TestProcess> {
  const args = [join(ROOT, 'local/edge-main.ts'), '--port', String(port), '--state', state];
  for (const [name, value] of Object.entries(vars)) args.push('--var', `${name}=${value}`);
  const child = startProcess(process.execPath, args);
  await child.waitFor(/^ready /m);
  return child;
}

/** Registers the cluster at the edge and starts its forwarder. */
export async function startForwarder(
  edge: { readonly url: string },
  cluster: string,
  kubeconfig: string,
  flags: readonly string[] = [],
): Promise<TestProcess> {
  const token = await registerCluster({ url: edge.url, adminToken: ADMIN_TOKEN }, cluster, cluster);
  return startForwarderWith(edge.url, cluster, token, kubeconfig, flags);
}

export async function startForwarderWith(
  edgeUrl: string,
  cluster: string,
  token: string,
  kubeconfig: string,
  flags: readonly string[] = [],
): Promise<TestProcess> {
  const folder = await makeFolder('forwarder');
  const file = join(folder, 'kubeconfig');
  await writeFile(file, kubeconfig, { mode: 0o600 });
  const forwarder = startProcess(
    process.execPath,
    [join(ROOT, 'forwarder/main.ts'), '--edge', edgeUrl, '--cluster', cluster, '--kubeconfig', file, ...flags],
    {
      env: { ...process.env, HOSTVIEW_TOKEN: token },
    },
  );
  return {
    ...forwarder,
    stop: async () => {
      await forwarder.stop();
      await removeFolder(folder);
    },
  };
}

/** Asks until it is so, and says what it saw last when it never is. */
export async function eventually<Value>(
  ask: () => Promise<Value> | Value,
  isSo: (value: Value) => boolean,
  what: string,
  withinMs = 30_000,
): Promise<Value> {
  const until = Date.now() + withinMs;
  for (;;) {
    let seen: string;
    try {
      const value = await ask();
      if (isSo(value)) return value;
      seen = JSON.stringify(value)?.slice(0, 2_000) ?? 'undefined';
    } catch (error) {
      seen = String(error);
    }
    if (Date.now() > until) throw new Error(`It never came about: ${what}. Last seen: ${seen}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
