/** Installing as a person does it: the command that the edge answers, run by kubectl against a real API server. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Snapshot } from '../../core/downlink.ts';
import { ROOT } from '../../local/paths.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { type KubeObject, TEST_RESOURCES, type TestKubeClient } from '../support/kube-client.ts';
import { parseObjects, renderKustomization } from '../support/manifests.ts';
import { ADMIN_TOKEN, type EdgeProcess, eventually, startEdgeProcess } from '../support/stack.ts';
import { ACCOUNT, type Deployed, deploy, findAssets, NAMESPACE } from './deployed.ts';
import { type Replica, startReplica } from './deployed-replica.ts';
import { seedApiServer } from './seed.ts';

const assets = findAssets();
const IMAGE = 'registry.example.com/hostview-forwarder:0.1.0';
/** Kubernetes has it from 1.21 on; kubectl applies all the others and says so. */
const MAY_BE_MISSING = 'PodDisruptionBudget';
const COMPONENTS = 'with=harvester,progress';

interface Issued {
  readonly code: string;
  readonly command: string;
}

describe.skipIf(assets === null)('install.yaml on a real API server', () => {
  let folder: string;
  let edge: EdgeProcess;
  let deployed: Deployed;
  let admin: TestKubeClient;
  let replica: Replica | undefined;

  beforeAll(async () => {
    folder = await makeFolder('install');
    edge = await startEdgeProcess({ FORWARDER_IMAGE: IMAGE });
    deployed = await deploy(assets ?? '', []);
    admin = deployed.server.admin;
    await writeFile(join(folder, 'kubeconfig'), deployed.server.adminKubeConfig);
  });
  afterAll(async () => {
    await replica?.stop();
    await deployed?.stop();
    await edge?.stop();
    await removeFolder(folder);
  });

  async function ask(method: string, path: string, body: object = {}): Promise<Issued> {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
    const answer = await fetch(edge.url + path, { method, headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(201);
    return (await answer.json()) as Issued;
  }

  /** What kubectl says, and its exit code. */
  async function run(command: string): Promise<{ code: number; out: string; errors: string }> {
    const env = { PATH: `${assets}:${process.env.PATH}`, KUBECONFIG: join(folder, 'kubeconfig'), HOME: folder };
    try {
      const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], { env });
      return { code: 0, out: stdout, errors: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, errors: stderr };
    }
  }
  const readSecret = async (): Promise<string> => {
    const secret = await admin.get(SECRETS, 'hostview-forwarder-token', NAMESPACE);
    return Buffer.from((secret.data as { token: string }).token, 'base64').toString();
  };

  test('the command applies every object, and works once', async () => {
    const { command } = await ask('POST', '/api/v1/clusters', { cluster: 'harvester', displayName: 'Harvester' });
    const applied = await run(command);
    const errors = applied.errors
      .split('\n')
      .filter((line) => line.startsWith('error') || line.startsWith('Error') || line.includes('unable'));
    expect(errors.filter((line) => !line.includes(MAY_BE_MISSING))).toEqual([]);
    expect(applied.out.trim().split('\n').length).toBeGreaterThanOrEqual(12);
    expect(await readSecret()).toMatch(/^[\w-]{43}$/);
    const again = await run(command);
    expect(again.code).not.toBe(0);
    expect(again.errors).toMatch(/401|Unauthorized/);
  });

  test('it is what kustomize makes of deploy/ with the same settings, so that one can go over to that', async () => {
    const { code } = await ask('POST', '/api/v1/clusters/harvester/token');
    const answer = await fetch(`${edge.url}/api/v1/clusters/harvester/install.yaml?code=${code}&${COMPONENTS}`);
    expect(answer.headers.get('content-type')).toContain('application/yaml');
    const installed = parseObjects(await answer.text()).filter(({ kind }) => kind !== 'Secret');
    await writeFile(join(folder, 'kustomization.yaml'), stringify(overlayOf(folder, edge.url)));
    const rendered = renderKustomization(assets ?? '', folder);
    expect(sorted(installed).map(withoutEdgePort(edge.port))).toEqual(sorted(rendered));
  });

  test('with components everything is taken, field by field', async () => {
    const { code } = await ask('POST', '/api/v1/clusters/harvester/token');
    const text = await (await fetch(`${edge.url}/api/v1/clusters/harvester/install.yaml?code=${code}&${COMPONENTS}`)).text();
    const file = join(folder, 'install.yaml');
    await writeFile(file, text);
    await run(`kubectl apply -f "${file}"`);
    for (const object of parseObjects(text)) {
      const served = deployed.resources.find(
        ({ apiVersion, kind, name }) => apiVersion === object.apiVersion && kind === object.kind && !name.includes('/'),
      );
      if (served === undefined && object.kind === MAY_BE_MISSING) continue;
      const path = { api: served?.api ?? '', plural: served?.name ?? '', hasStatus: false };
      expect(await admin.get(path, object.metadata.name, object.metadata.namespace)).toMatchObject(object);
    }
  });

  test('a forwarder with what was installed shows the cluster', async () => {
    await seedApiServer(admin, createCluster({ name: 'harvester', hosts: 3, vms: 6, seed: 1 }));
    const { code } = await ask('POST', '/api/v1/clusters/harvester/token');
    const text = await (await fetch(`${edge.url}/api/v1/clusters/harvester/install.yaml?code=${code}`)).text();
    await writeFile(join(folder, 'install.yaml'), text);
    await run(`kubectl apply -f "${join(folder, 'install.yaml')}"`);
    const kubeConfig = await deployed.kubeConfigOf(ACCOUNT);
    const objects = parseObjects(text);
    expect(objects.find(({ kind }) => kind === 'ConfigMap')?.data).toEqual({ HOSTVIEW_CLUSTER: 'harvester', HOSTVIEW_EDGE: edge.url });
    replica = await startReplica({
      objects,
      kubeConfig,
      edgeUrl: edge.url,
      name: 'hostview-forwarder-installed',
      token: await readSecret(),
    });
    const snapshot = await eventually(
      async () => (await (await fetch(`${edge.url}/api/v1/clusters/harvester`)).json()) as Snapshot,
      ({ vms }) => vms.length === 6,
      'the cluster is shown',
    );
    expect(snapshot.hosts.length).toBe(3);
  });
});

const SECRETS = { ...TEST_RESOURCES.pods, plural: 'secrets', hasStatus: false };

/** What deploy/README.md tells to write. */
const overlayOf = (folder: string, edge: string) => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources: ['', '/harvester', '/progress'].map((path) => relative(folder, join(ROOT, `deploy/forwarder${path}`))),
  images: [{ name: 'hostview-forwarder', newName: 'registry.example.com/hostview-forwarder', newTag: '0.1.0' }],
  configMapGenerator: [
    {
      name: 'hostview-forwarder-config',
      namespace: 'hostview',
      behavior: 'merge',
      literals: [`HOSTVIEW_EDGE=${edge}`, 'HOSTVIEW_CLUSTER=harvester', 'HOSTVIEW_PROGRESS=true'],
    },
  ],
});

const sorted = (objects: readonly KubeObject[]): readonly KubeObject[] => objects.toSorted((a, b) => (titleOf(a) < titleOf(b) ? -1 : 1));
const titleOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

/** deploy/ leaves an edge on a port of its own to whoever installs it; install.yaml does not. */
const withoutEdgePort =
  (port: number) =>
  (object: KubeObject): KubeObject =>
    JSON.parse(JSON.stringify(object).replace(`{"port":${port},"protocol":"TCP"},`, '')) as KubeObject;
