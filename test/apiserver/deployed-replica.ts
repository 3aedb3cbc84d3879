/** The forwarder as a process, given what a container of the Deployment in deploy/ is given. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../local/paths.ts';
import { TOKEN } from '../forwarder/edge-double.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { freePort } from '../support/free-port.ts';
import type { KubeObject } from '../support/kube-client.ts';
import { podEnvironment, podTemplateOf } from '../support/pod-environment.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import { findDeployment, NAMESPACE } from './deployed.ts';

export interface Replica extends TestProcess {
  /** What a probe of the Deployment is answered: status and text. */
  probe(name: 'livenessProbe' | 'readinessProbe'): Promise<string>;
}

export interface ReplicaPlace {
  readonly objects: readonly KubeObject[];
  readonly kubeConfig: string;
  readonly edgeUrl: string;
  /** The pod's name. */
  readonly name: string;
  /** Default: the edge double's. */
  readonly token?: string;
}

/** The edge, the cluster, the port and where files are mounted are the test's; everything else is the manifests'. */
export async function startReplica(
  { objects, kubeConfig, edgeUrl, name, token = TOKEN }: ReplicaPlace,
  args: readonly string[] = [],
): Promise<Replica> {
  const [container] = podTemplateOf(findDeployment(objects)).spec.containers;
  const settings = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === container.envFrom[0]?.configMapRef?.name);
  if (settings === undefined) throw new Error('the Deployment names a ConfigMap that is not in the manifests');
  const fields = { 'metadata.namespace': NAMESPACE, 'metadata.name': name };
  const environment = podEnvironment(container, settings.data as Record<string, string>, fields);
  const folder = await makeFolder(name);
  const tokenFile = join(folder, environment.HOSTVIEW_TOKEN_FILE ?? '');
  await mkdir(join(tokenFile, '..'), { recursive: true });
  await writeFile(tokenFile, token);
  await writeFile(join(folder, 'kubeconfig'), kubeConfig);
  const port = await freePort();
  const child = startProcess(process.execPath, [join(ROOT, 'forwarder/main.ts'), ...args], {
    env: {
      ...environment,
      HOSTVIEW_EDGE: edgeUrl,
      HOSTVIEW_CLUSTER: 'harvester',
      HOSTVIEW_TOKEN_FILE: tokenFile,
      HOSTVIEW_LISTEN: `127.0.0.1:${port}`,
      KUBECONFIG: join(folder, 'kubeconfig'),
    },
  });
  return {
    ...child,
    async probe(kind) {
      const answer = await fetch(`http://127.0.0.1:${port}${container[kind].httpGet.path}`);
      return `${answer.status} ${(await answer.text()).trimEnd()}`;
    },
    async stop() {
      await child.stop();
      await removeFolder(folder);
    },
  };
}
