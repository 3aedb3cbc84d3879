/** How far migrations are, under its own role on a real API server, with simulated virt-handlers. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostName } from '../../core/model.ts';
import { systemClock } from '../../forwarder/clock.ts';
import { createKubeClient, type KubeClient } from '../../forwarder/kube-client.ts';
import { loadKubeConfig } from '../../forwarder/kubeconfig.ts';
import { readHandler } from '../../forwarder/progress/handler-client.ts';
import { HandlerFinder } from '../../forwarder/progress/handler-finder.ts';
import { createCluster } from '../../simulator/cluster.ts';
import { type ServedHandlers, serveHandlers } from '../../simulator/handler-server.ts';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { findKubeApiServer } from '../support/kube-apiserver.ts';
import { type ResourcePath, TEST_RESOURCES } from '../support/kube-client.ts';
import { readManifest, renderKustomization } from '../support/manifests.ts';
import { ACCOUNT, type Deployed, deploy, HARVESTER_NAMESPACE } from './deployed.ts';

const assets = findKubeApiServer();
const CONFIG_MAPS: ResourcePath = { api: '/api/v1', plural: 'configmaps', hasStatus: false };
const VM = { namespace: 'default', name: 'ubuntu-web-1' };

describe.skipIf(assets === null)('the role of deploy/forwarder/progress alone, on a real API server', () => {
  const cluster = createCluster({ hosts: 2, vms: 12, kubevirt: '1.9' });
  let handlers: ServedHandlers;
  let deployed: Deployed;
  let client: KubeClient;
  let folder: string;

  beforeAll(async () => {
    handlers = await serveHandlers(cluster);
    const account = ['namespace', 'service-account'].flatMap((name) => readManifest(`forwarder/${name}.yaml`));
    deployed = await deploy(assets ?? '', [...account, ...renderKustomization(assets ?? '', 'forwarder/progress')]);
    const { admin } = deployed.server;
    for (const { metadata, data } of cluster.list('configmaps')) {
      await admin.create(CONFIG_MAPS, { metadata: { name: metadata.name, namespace: HARVESTER_NAMESPACE }, data });
    }
    const handlerPods = cluster.list('pods').filter(({ metadata }) => metadata.labels?.['kubevirt.io'] === 'virt-handler');
    for (const { metadata, spec, status } of handlerPods) {
      const sent = { metadata: { name: metadata.name, namespace: HARVESTER_NAMESPACE, labels: metadata.labels }, spec, status };
      await admin.create(TEST_RESOURCES.pods, sent);
    }
    folder = await makeFolder('progress');
    const file = join(folder, 'kubeconfig');
    await writeFile(file, await deployed.kubeConfigOf(ACCOUNT));
    const config = loadKubeConfig({ files: [file] });
    if (!config.ok) throw new Error(config.error);
    client = createKubeClient(config.value);
  });
  afterAll(async () => {
    client?.close();
    await deployed?.stop();
    await handlers?.close();
    if (folder !== undefined) await removeFolder(folder);
  });

  test('finds the virt-handler of each host, and reads it, checked', async () => {
    const line = (): void => {};
    const log = { debug: line, info: line, warn: line, error: line };
    const finder = new HandlerFinder({ client, kubeVirtNamespace: () => HARVESTER_NAMESPACE, clock: systemClock, log });
    const { signal } = new AbortController();
    const move = cluster.migrate(VM);
    move.stepTo('Running');
    const read = async (host: HostName) => {
      const found = await finder.find(host, signal);
      if (!found.ok) throw new Error(found.error.problem);
      expect(found.value.authority).toContain('BEGIN CERTIFICATE');
      return readHandler(found.value, found.value.authority, signal);
    };
    expect(await read(move.from)).toMatchObject({
      ok: true,
      value: new Map([[`${VM.namespace}/${VM.name}`, { at: expect.any(Number), processed: 0 }]]),
    });
    expect(await read(move.to)).toEqual({ ok: true, value: new Map() });
  });

  test.each([
    ['pods through the API server', `/api/v1/namespaces/${HARVESTER_NAMESPACE}/pods/https:x:8443/proxy/metrics`],
    ['a pod by name', `/api/v1/namespaces/${HARVESTER_NAMESPACE}/pods/x`],
    ['pods elsewhere', '/api/v1/namespaces/default/pods'],
    ['another ConfigMap', `/api/v1/namespaces/${HARVESTER_NAMESPACE}/configmaps/kubevirt-config`],
    ['all ConfigMaps', `/api/v1/namespaces/${HARVESTER_NAMESPACE}/configmaps`],
    ['Secrets', `/api/v1/namespaces/${HARVESTER_NAMESPACE}/secrets`],
    ['the authority elsewhere', '/api/v1/namespaces/default/configmaps/kubevirt-ca'],
  ])('gives no right to %s', async (_what, path) => {
    const answer = await client.getText(path, { timeoutMs: 10_000, signal: new AbortController().signal });
    expect(answer).toMatchObject({ ok: false, error: { kind: 'status', status: 403 } });
  });
});
