/** A real API server to which the manifests of deploy/ were applied, and the forwarder's service account there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RESOURCES, type Resource } from '../../simulator/resources.ts';
import { findKubeApiServer, formatKubeConfig, installCrds, type KubeApiServer, startKubeApiServer } from '../support/kube-apiserver.ts';
import { type KubeObject, type ResourcePath, TEST_RESOURCES, TestKubeClient } from '../support/kube-client.ts';
import { readManifest, renderKustomization } from '../support/manifests.ts';
import { eventually } from '../support/stack.ts';

export const NAMESPACE = 'hostview';
export const ACCOUNT = 'hostview-forwarder';
export const USER = `system:serviceaccount:${NAMESPACE}:${ACCOUNT}`;
/** Where Harvester has its own objects; the API server takes none into a namespace that is not there. */
export const HARVESTER_NAMESPACE = 'harvester-system';

/** Null where there is no API server to start, or no kubectl to render the manifests; with CI=true that is an error. */
export function findAssets(): string | null {
  const assets = findKubeApiServer();
  if (assets === null || existsSync(join(assets, 'kubectl'))) return assets;
  const missing = `the manifests' tests cannot run: ${assets} has no kubectl`;
  if (process.env.CI === 'true') throw new Error(missing);
  console.warn(missing);
  return null;
}

/** What an administrator of a Harvester cluster applies, in that order; the Secret is made by hand. */
export const manifestsOf = (assets: string): readonly KubeObject[] => [
  ...renderKustomization(assets, 'forwarder'),
  ...renderKustomization(assets, 'forwarder/harvester'),
  ...readManifest('forwarder/token-secret.example.yaml'),
];

export function findDeployment(objects: readonly KubeObject[]): KubeObject {
  const deployment = objects.find(({ kind }) => kind === 'Deployment');
  if (deployment === undefined) throw new Error('the manifests have no Deployment');
  return deployment;
}

export interface Applied {
  readonly sent: KubeObject;
  /** As it reads back; null where this server does not have the kind. */
  readonly got: KubeObject | null;
}

export interface Deployed {
  readonly server: KubeApiServer;
  readonly applied: readonly Applied[];
  readonly resources: readonly ServedResource[];
  /** Logged in as a service account of the namespace, which is made where it is missing. */
  logIn(account: string): Promise<TestKubeClient>;
  kubeConfigOf(account: string, url?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function deploy(assets: string, objects: readonly KubeObject[]): Promise<Deployed> {
  const server = await startKubeApiServer(assets);
  const clients: TestKubeClient[] = [];
  const { admin } = server;
  const tokenOf = async (account: string): Promise<string> => {
    const accounts: ResourcePath = { api: '/api/v1', plural: 'serviceaccounts', hasStatus: false };
    if ((await admin.find(accounts, account, NAMESPACE)) === undefined)
      await admin.create(accounts, { metadata: { name: account, namespace: NAMESPACE } });
    const tokens: ResourcePath = { api: '/api/v1', plural: `serviceaccounts/${account}/token`, hasStatus: false };
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { status } = await admin.create(tokens, { ...request, metadata: { name: account, namespace: NAMESPACE } });
    return (status as { token: string }).token;
  };
  try {
    // The test server's own stand-in for what is applied now.
    await admin.delete(TEST_RESOURCES.clusterrolebindings, ACCOUNT);
    await admin.delete(TEST_RESOURCES.clusterroles, ACCOUNT);
    await installCrds(admin);
    const optional = ['kubevirts', 'inventories', 'upgrades', 'virtualmachinerestores'] as const;
    await Promise.all(optional.map((name) => installCrd(admin, RESOURCES[name])));
    await admin.create(TEST_RESOURCES.namespaces, { metadata: { name: HARVESTER_NAMESPACE } });
    const resources = await discover(admin);
    const applied: Applied[] = [];
    for (const sent of objects) applied.push({ sent, got: await apply(admin, resources, sent) });
    return {
      server,
      applied,
      resources,
      async logIn(account) {
        const client = new TestKubeClient({ url: server.url, ca: server.ca, token: await tokenOf(account) });
        clients.push(client);
        return client;
      },
      kubeConfigOf: async (account, url = server.url) => formatKubeConfig(url, server.ca, await tokenOf(account)),
      async stop() {
        for (const client of clients) await client.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function apply(admin: TestKubeClient, resources: readonly ServedResource[], object: KubeObject): Promise<KubeObject | null> {
  const { apiVersion, kind, metadata } = object;
  const served = resources.find((resource) => resource.apiVersion === apiVersion && resource.kind === kind && !resource.name.includes('/'));
  if (served === undefined) return null;
  const path: ResourcePath = { api: served.api, plural: served.name, hasStatus: false };
  await admin.create(path, object);
  return admin.get(path, metadata.name, metadata.namespace);
}

export interface ServedResource {
  /** `/api/v1` or `/apis/<group>/<version>` */
  readonly api: string;
  readonly apiVersion: string;
  readonly group: string;
  /** With its subresource, if it is one: `pods/log`. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Everything in the server's discovery, in all versions. */
async function discover(client: TestKubeClient): Promise<readonly ServedResource[]> {
  const { groups } = JSON.parse(await client.getText('/apis')) as { groups: { name: string; versions: { groupVersion: string }[] }[] };
  const versions = groups.flatMap(({ name, versions }) => versions.map(({ groupVersion }) => ({ group: name, groupVersion })));
  const found: ServedResource[] = [];
  for (const { group, groupVersion } of [{ group: '', groupVersion: 'v1' }, ...versions]) {
    const api = group === '' ? `/api/${groupVersion}` : `/apis/${groupVersion}`;
    const list = JSON.parse(await client.getText(api)) as { resources: Pick<ServedResource, 'name' | 'kind' | 'namespaced'>[] };
    for (const { name, kind, namespaced } of list.resources) found.push({ api, apiVersion: groupVersion, group, name, kind, namespaced });
  }
  return found;
}

/** A definition whose schema takes anything, and which has no status subresource. */
async function installCrd(client: TestKubeClient, { group, version, kind, name, singular }: Resource): Promise<void> {
  await client.create(TEST_RESOURCES.customresourcedefinitions, {
    metadata: { name: `${name}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural: name, singular },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  });
  await eventually(
    () => client.getText(`/apis/${group}/${version}/${name}`),
    (text) => text.includes('"items"'),
    `${name} are served`,
  );
}
